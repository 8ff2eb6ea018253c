import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { relay } from '../activities/relay.ts'
import { packageRoot } from '../http/root.ts'
import { SCHEDULE } from '../schedule.ts'
import { type Delivering, startDelivering } from './delivering.fixture.ts'
import { forgetDeliveries } from './forget.ts'
import { newMessageId } from './message-id.ts'
import { notSent } from './send.ts'
import { settle } from './settle.ts'

let here: Delivering
beforeAll(async () => {
  here = await startDelivering()
})
beforeEach(() => here.begin())

const DAY = 86_400_000
const ago = (days: number) => new Date(Date.now() - days * DAY)
const endpoint = () => here.endpoint('http://127.0.0.1:9999')

type Given = { state: string; made: number; ended?: number; run_at?: number; origin?: string }
/** A message of so many days ago, with one delivery that was tried once. */
async function delivery(endpoint_id: number, { state, made, ended, run_at = made }: Given): Promise<number> {
  const { workspace_id, system } = here
  const message_id = newMessageId(ago(made).getTime())
  await system`
    insert into webhook_messages (workspace_id, id, origin, event, payload, occurred_at, created_at)
    values (${workspace_id}, ${message_id}, ${message_id}, 'registration', '{}', ${ago(made)}, ${ago(made)})`
  const [row] = await system<{ id: number }[]>`
    insert into deliveries (workspace_id, endpoint_id, message_id, state, run_at, created_at, finished_at)
    values (${workspace_id}, ${endpoint_id}, ${message_id}, 'queued', ${ago(run_at)}, ${ago(made)}, ${ended === undefined ? null : ago(ended)})
    returning id`
  const id = row!.id
  const made_attempt = { ...notSent('nobody there'), at: ago(made).getTime() }
  const result = {
    delivery_id: id,
    token: null,
    number: 1,
    attempt: made_attempt,
    state: 'queued',
    run_in_ms: null,
    counts: true,
  } as const
  await system.begin(sql => settle(sql, [{ workspace_id, endpoint_id, ...result }]))
  await system`update deliveries set state = ${state} where id = ${id}`
  return id
}
const left = async (table: string) =>
  (await here.system.unsafe(`select count(*)::int as count from ${table} where workspace_id = ${here.workspace_id}`))[0]!
    .count as number
const statesOf = async (endpoint_id: number) =>
  Object.fromEntries((await here.deliveries(endpoint_id)).map(({ id, state }) => [id, state]))

describe('the log of deliveries', () => {
  test('is kept for the days that the workspace says, from the end of each delivery', async () => {
    const { id } = await endpoint()
    const gone = await delivery(id, { state: 'delivered', made: 40, ended: 31 })
    const failed_long_ago = await delivery(id, { state: 'failed', made: 40, ended: 35 })
    const kept = await delivery(id, { state: 'delivered', made: 40, ended: 29 })
    const young = await delivery(id, { state: 'failed', made: 1, ended: 1 })
    await forgetDeliveries(here.system)
    expect(await statesOf(id)).toEqual({ [kept]: 'delivered', [young]: 'failed' })
    expect(await left('webhook_messages')).toBe(2)
    expect((await here.attempts(id)).map(({ delivery_id }) => delivery_id)).toEqual([kept, young])
    await here.ask('PATCH', `/workspaces/${here.workspace_id}`, { webhook_log_days: 14 })
    await forgetDeliveries(here.system)
    expect(await statesOf(id)).toEqual({ [young]: 'failed' })
    expect([gone, failed_long_ago]).not.toContain(young)
  })

  test('keeps what is queued or held, however old; what nobody could send for so long is given up, and can be replayed', async () => {
    const { id } = await endpoint()
    await here.ask('PATCH', `/workspaces/${here.workspace_id}`, { webhook_log_days: 7 })
    const later = await delivery(id, { state: 'queued', made: 20, run_at: -1 })
    const replayed = await delivery(id, { state: 'queued', made: 20, run_at: 1 })
    const young = await delivery(id, { state: 'held', made: 6 })
    const old = await delivery(id, { state: 'queued', made: 8 })
    const long_held = await delivery(id, { state: 'held', made: 8 })
    await forgetDeliveries(here.system)
    const after = { [later]: 'queued', [replayed]: 'queued', [young]: 'held', [old]: 'failed', [long_held]: 'failed' }
    expect(await statesOf(id)).toEqual(after)
    expect((await here.deliveries(id)).find(row => row.id === old)!.last_error).toMatch(/waited for 7 days/)
    expect(await here.ask('POST', '/deliveries/replays', { ids: [old, long_held] })).toEqual({ deliveries: 2 })
    await forgetDeliveries(here.system)
    expect(await statesOf(id)).toEqual({ ...after, [old]: 'queued', [long_held]: 'queued' })
  })

  test('goes in parts, over what has to stay', async () => {
    const { id } = await endpoint()
    const stays = await delivery(id, { state: 'queued', made: 60, run_at: 0 })
    await here.system`
      with added as (
        insert into webhook_messages (workspace_id, id, origin, event, payload, occurred_at)
        select ${here.workspace_id}, ${newMessageId(ago(50).getTime())} || n, n::text, 'registration', '{}', now() from generate_series(1, 2500) as n
        returning id
      )
      insert into deliveries (workspace_id, endpoint_id, message_id, state, finished_at)
      select ${here.workspace_id}, ${id}, id, 'delivered', now() - interval '50 days' from added`
    await forgetDeliveries(here.system)
    expect(await statesOf(id)).toEqual({ [stays]: 'queued' })
    expect(await left('webhook_messages')).toBe(1)
  })
})

// Whoever adds a table for webhooks shows here what keeps it from growing.
test('no table of webhooks grows for ever', async () => {
  const { workspace_id, system } = here
  const { id } = await endpoint()
  await delivery(id, { state: 'delivered', made: 402, ended: 401 })
  await system`insert into delivery_attempts (workspace_id, delivery_id, endpoint_id, number, at, ms, ok, request_headers)
               values (${workspace_id}, 999999999, ${id}, 1, ${ago(402)}, 1, true, '{}')`
  await system`update endpoint_hours set hour = ${ago(91)} where endpoint_id = ${id}`
  await system`update endpoint_secrets set expires_at = ${ago(8)} where endpoint_id = ${id}`
  await system`update endpoints set deleted_at = ${ago(2)} where id = ${id}`
  await system`insert into mails (workspace_id, to_address, subject, body, state, created_at)
               values (${workspace_id}, 'a@example.com', 'a', 'b', 'sent', ${ago(91)})`
  await system`insert into event_batches (workspace_id, first_event, last_event, from_time, to_time)
               values (${workspace_id}, 1, 1, now(), now())`
  const migration = readFileSync(join(packageRoot(), 'db/migrations/0007_webhooks.sql'), 'utf8')
  const tables = [...migration.matchAll(/^create table (\w+)/gm)].map(([, name]) => name!)
  expect(tables.length).toBeGreaterThanOrEqual(9)
  const filled = Object.fromEntries(await Promise.all(tables.map(async name => [name, await left(name)] as const)))
  expect(Object.entries(filled).filter(([, count]) => count === 0)).toEqual([])

  for (const [, , run] of SCHEDULE) await run(system)
  while (await relay(system, {}));
  const after = Object.fromEntries(await Promise.all(tables.map(async name => [name, await left(name)] as const)))
  expect(Object.entries(after).filter(([, count]) => count > 0)).toEqual([])
})

test('a deleted endpoint stays as long as its log', async () => {
  const { id } = await endpoint()
  await delivery(id, { state: 'delivered', made: 3, ended: 3 })
  await here.system`update endpoints set deleted_at = ${ago(2)} where id = ${id}`
  for (const [, , run] of SCHEDULE) await run(here.system)
  expect(await left('endpoints')).toBe(1)
  expect(await left('deliveries')).toBe(1)
})
