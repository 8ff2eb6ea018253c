import { Agent } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import type { IntakeWebhook, IntakeWebhookCreate } from '../../shared/intake.ts'
import { bearer } from '../people.ts'
import type { Chance } from '../seeded.ts'
import { type Answer, post } from './clients.ts'
import { type House, inHouse } from './server.ts'

/** A request of a seller: the same key and the same bytes, however often it has to be sent. */
export type Delivery = { path: string; key: string; body: string; leads: number }
/** What a seller was told at last, and how it came to that. */
export type Sold = { answers: Map<Delivery, Answer>; tries: number; unreachable: number; refused: number; wrong: string[] }

/** Webhooks of all kinds, and a rule that gives what they bring to two people in turn. `most` is the cap of one of them. */
export async function openDesk(house: House, most: number): Promise<IntakeWebhook[]> {
  const user_ids = await inHouse(house, ({ system }) => hire(system, house.workspace_id))
  await ask(house, '/assignment-rules', {
    name: 'In turn',
    strategy: 'weighted',
    members: user_ids.map((user_id, k) => ({ user_id, weight: k + 1 })),
  })
  const kinds: Partial<IntakeWebhookCreate>[] = [{}, { dedupe_hours: 24 }, { cap_month: most }, { answer: 'fast' }]
  const webhooks: IntakeWebhook[] = []
  for (const kind of kinds)
    webhooks.push(await ask<IntakeWebhook>(house, '/intake-webhooks', { name: 'Solar', lead_type: 'solar', ...kind }))
  return webhooks
}

async function hire(system: Parameters<Parameters<typeof inHouse>[1]>[0]['system'], workspace_id: number) {
  const rows = await system<{ user_id: number }[]>`
    with hired as (
      insert into users (email, name) values ('first@example.org', 'First'), ('second@example.org', 'Second') returning id
    )
    insert into memberships (workspace_id, user_id, role) select ${workspace_id}, id, 'agent' from hired
    returning user_id`
  return rows.map(row => row.user_id)
}

async function ask<T>({ url, secret_key }: House, path: string, payload: object): Promise<T> {
  const headers = { ...bearer(secret_key), 'content-type': 'application/json' }
  const answer = await fetch(`${url}/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(payload) })
  const text = await answer.text()
  expect(answer.status, text).toBe(201)
  return JSON.parse(text) as T
}

/** Leads as they are sold: many people more than once, some in lists, some with the id that the tracker gave them. */
export function deliveries(chance: Chance, webhooks: readonly IntakeWebhook[], count: number): Delivery[] {
  const all: Delivery[] = []
  const people = Math.ceil(count / 4)
  for (let made = 0; made < count; ) {
    const leads = Math.min(chance.pick([1, 1, 1, 1, 3]), count - made)
    const body = Array.from({ length: leads }, () => lead(chance, people))
    all.push({
      path: `/intake/${chance.pick(webhooks).webhook_id}`,
      key: chance.text(24),
      body: JSON.stringify(leads === 1 ? body[0] : body),
      leads,
    })
    made += leads
  }
  return all
}

function lead(chance: Chance, people: number) {
  const who = chance.below(people)
  return {
    first_name: `First${who}`,
    last_name: `Last${who}`,
    // By one of the two, or by both: they must stay one person.
    ...(chance.happens(0.8) ? { email: `person-${who}@example.com` } : { phone: `+1303${5_550_000 + who}` }),
    ...(chance.happens(0.3) ? { email: `person-${who}@example.com`, phone: `+1303${5_550_000 + who}` } : {}),
    ...(chance.happens(0.2) ? { distinct_id: `device-${who}` } : {}),
    source: chance.pick(['letter', 'search', 'partner']),
    zip_code: '80202',
  }
}

/** Sellers who send each request with its `Idempotency-Key` until it is taken. */
export async function sell(
  url: string,
  all: Delivery[],
  { sellers = 16, patience_ms = 600_000 }: { sellers?: number; patience_ms?: number } = {},
  sold: Sold = newSold(),
): Promise<Sold> {
  const agent = new Agent({ keepAlive: true, maxSockets: sellers })
  const rest = all.values()
  await Promise.all(
    Array.from({ length: sellers }, async () => {
      for (const one of rest) sold.answers.set(one, await sellOne(one))
    }),
  )
  agent.destroy()
  return sold

  async function sellOne({ path, key, body }: Delivery): Promise<Answer> {
    for (const until = Date.now() + patience_ms; Date.now() < until; ) {
      sold.tries++
      const answer = await post(agent, url + path, { 'idempotency-key': key }, body)
      const { status, text, retry_after } = answer
      if (status >= 200 && status < 300) return answer
      if (status === 0) sold.unreachable++
      else if (status === 503 && Number(retry_after) > 0) sold.refused++
      else sold.wrong.push(`${status} ${text}, Retry-After ${retry_after}`)
      await sleep(status === 0 ? 200 : 30) // a server that starts needs the machine more than we do
    }
    throw new Error(`A lead was not taken within ${patience_ms} ms: ${sold.tries} tries, ${sold.wrong.slice(-3)}`)
  }
}

export function newSold(): Sold {
  return { answers: new Map(), tries: 0, unreachable: 0, refused: 0, wrong: [] }
}
