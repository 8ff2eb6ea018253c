import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { recordActivities } from '../../server/activities/record.ts'
import { open } from '../../server/database/connect.ts'
import { inWorkspaces } from '../../server/database/transaction.ts'
import { startWork } from '../../server/work.ts'
import type { EndpointCreated } from '../../shared/webhooks.ts'
import { type FreshApp, freshApp } from '../app.ts'
import { basic, batch, bearer, track } from '../people.ts'
import { openReceiver, type Receiver } from '../receiver.ts'
import { type Chance, seeded } from '../seeded.ts'
import { statesOf, until } from './endpoints.ts'
import { figure, seed, sized } from './size.ts'

let fresh: FreshApp
let receiver: Receiver
beforeAll(async () => {
  fresh = await freshApp({ config: { webhook_allowed_cidrs: ['127.0.0.0/8'] } })
  receiver = await openReceiver()
})
afterAll(() => receiver.close())

test('whenever transactions commit, each thing that happened is delivered, and once', { timeout: 3_600_000 }, async () => {
  const { id } = await makeEndpoint()
  // Two processes: one of them tells at a time, both deliver.
  fresh.work()
  const { database, config } = fresh.context
  const second = startWork({ database, config }, fresh.app.log)
  const writers = open(fresh.database.url, 'throughline_app', 24)
  const chance = seeded(seed)
  const transactions = sized(300, 10_000)
  let left = transactions
  let longest_ms = 0
  const writing = Array.from({ length: 24 }, async () => {
    while (left-- > 0) {
      const from = performance.now()
      await hesitate(writers, chance)
      longest_ms = Math.max(longest_ms, performance.now() - from)
    }
  })
  const events = sendEvents(chance, sized(100, 2_000))
  await Promise.all([...writing, events])
  await writers.end()

  const { system } = fresh.database
  const happened = await system<{ origin: string }[]>`
    select 'activity ' || id as origin from activities where action = 'contact.updated'
     union all
    select 'event ' || id from events where event = 'lesson_opened'`
  await until(async () => (await statesOf(fresh.database, id)).delivered === happened.length)
  await sleep(200) // what came too often would be here by now
  await second.stop()
  const told = await system<{ id: string; origin: string }[]>`select id, origin from webhook_messages`
  expect(told.map(({ origin }) => origin).sort()).toEqual(happened.map(({ origin }) => origin).sort())
  expect(receiver.ids().sort()).toEqual(told.map(({ id }) => id).sort())
  figure('commits out of order', {
    transactions,
    'held open for ms, at most': Math.round(longest_ms),
    'told and delivered': happened.length,
    missed: happened.length - new Set(receiver.ids()).size,
    'came again': receiver.received.length - new Set(receiver.ids()).size,
  })
})

/** A transaction that changes things, thinks, changes more, and commits or does not. */
async function hesitate(writers: ReturnType<typeof open>, chance: Chance) {
  const thrown = new Error('It thought better of it.')
  const change = () => ({
    action: 'contact.updated',
    actor: { kind: 'system' as const, id: null, name: null },
    after: { n: chance.below(9) },
  })
  await inWorkspaces(writers, [fresh.workspace_id], async sql => {
    for (let n = chance.below(3); n >= 0; n--) {
      await recordActivities(sql, fresh.workspace_id, Array.from({ length: 1 + chance.below(4) }, change))
      await sleep(chance.happens(0.02) ? 2_000 : chance.below(150))
    }
    if (chance.happens(0.1)) throw thrown
  }).catch(error => {
    if (error !== thrown) throw error
  })
}

async function sendEvents(chance: Chance, batches: number) {
  for (let n = 0; n < batches; n++) {
    const messages = Array.from({ length: 1 + chance.below(5) }, () =>
      track('lesson_opened', { anonymousId: `device-${chance.below(20)}` }),
    )
    const answer = await fresh.app.inject({
      method: 'POST',
      url: '/v1/batch',
      headers: basic(fresh.write_key),
      payload: batch(...messages),
    })
    expect(answer.statusCode).toBe(200)
    await sleep(chance.below(40))
  }
}

async function makeEndpoint() {
  const answer = await fresh.app.inject({
    method: 'POST',
    url: '/api/v1/endpoints',
    headers: bearer(fresh.secret_key),
    payload: { url: receiver.url, events: ['contact.updated', 'lesson_opened'] },
  })
  expect(answer.statusCode, answer.body).toBe(201)
  return answer.json<EndpointCreated>()
}
