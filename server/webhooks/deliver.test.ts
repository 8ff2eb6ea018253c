import { setTimeout as sleep } from 'node:timers/promises'
import { Webhook } from 'standardwebhooks'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Attempt, EndpointCreate, EndpointCreated } from '../../shared/webhooks.ts'
import { type FreshApp, freshApp, type Tenant } from '../../test/app.ts'
import { bearer } from '../../test/people.ts'
import { hang, openReceiver, type Receiver, status } from '../../test/receiver.ts'
import { type Egress, openEgress } from '../egress/egress.ts'
import { deliver } from './deliver.ts'
import { newMessageId } from './message-id.ts'
import { newSecret } from './sign.ts'
import { wakeEndpoint } from './turns.ts'

let fresh: FreshApp
let tenant: Tenant
let receiver: Receiver
let egress: Egress
const ends: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  fresh = await freshApp({ config: { webhook_allowed_cidrs: ['127.0.0.0/8'] } })
})
beforeEach(async () => {
  tenant = await fresh.another()
  receiver = await open()
  egress = openEgress({ allowed_cidrs: ['127.0.0.0/8'] })
})
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
  await egress.close()
})

async function open(answer?: Receiver['answer']) {
  const opened = await openReceiver(answer)
  ends.push(opened.close)
  return opened
}

/** A process that delivers. */
function startWorker(patience_ms = 0) {
  const log = { warn: (details: object) => expect.fail(String(Object.values(details))) }
  const worker = deliver({ database: fresh.database, config: fresh.context.config, egress, log })
  ends.push(() => worker.stop(patience_ms))
  return worker
}

const ask = async <T>(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, payload?: object): Promise<T> => {
  const headers = bearer(tenant.secret_key)
  const answer = await fresh.app.inject({ method, url: `/api/v1${path}`, headers, ...(payload && { payload }) })
  expect(answer.statusCode, answer.body).toBeLessThan(300)
  return answer.body ? answer.json<T>() : (undefined as T)
}
const endpoint = (given: Partial<EndpointCreate> = {}) =>
  ask<EndpointCreated>('POST', '/endpoints', { url: receiver.url, events: ['*'], ...given })

type Row = {
  id: number
  message_id: string
  state: string
  attempt: number
  attempts: number
  run_at: Date
  last_error: string | null
}

/** What the tellers do: so many messages, and a delivery of each. Returns the ids of the messages. */
async function queue(endpoint_id: number, count = 1, workspace_id = tenant.workspace_id): Promise<string[]> {
  const ids = Array.from({ length: count }, () => newMessageId())
  await fresh.database.system.begin(async sql => {
    await sql`
      insert into webhook_messages (workspace_id, id, origin, event, payload, occurred_at)
      select ${workspace_id}, id, 'event ' || id, 'registration', '{"event":"registration","contact":null,"data":{"n":' || n || '}}', now()
        from unnest(${ids}::text[]) with ordinality as m (id, n)`
    await sql`
      insert into deliveries (workspace_id, endpoint_id, message_id, state)
      select ${workspace_id}, ${endpoint_id}, id, 'queued' from unnest(${ids}::text[]) as m (id)`
    await wakeEndpoint(sql, workspace_id, endpoint_id)
  })
  return ids
}
const deliveriesOf = (endpoint_id: number) =>
  fresh.database.system<Row[]>`select * from deliveries where endpoint_id = ${endpoint_id} order by id`
const attemptsOf = (endpoint_id: number) =>
  fresh.database.system<(Attempt & { at: Date; delivery_id: number })[]>`
    select * from delivery_attempts where endpoint_id = ${endpoint_id} order by id`
const turnOf = async (endpoint_id: number) =>
  (await fresh.database.system`select * from endpoint_turns where endpoint_id = ${endpoint_id}`)[0]!
const statesOf = async (endpoint_id: number) => (await deliveriesOf(endpoint_id)).map(({ state }) => state)

async function until(condition: () => unknown, ms = 20_000) {
  for (const from = Date.now(); !(await condition()); await sleep(10))
    if (Date.now() - from > ms) expect.fail(`not within ${ms} ms: ${condition}`)
}
const allAre = (endpoint_id: number, state: string) => async () => (await statesOf(endpoint_id)).every(each => each === state)

describe('a delivery', () => {
  test('arrives once, signed, with what it is about', async () => {
    const { id, secret } = await endpoint({ headers: [{ name: 'X-Api-Key', value: 'hunter2' }] })
    const [message_id] = await queue(id)
    startWorker()
    await until(allAre(id, 'delivered'))
    const [received, ...others] = receiver.received
    expect(others).toEqual([])
    expect(received!.headers).toMatchObject({
      'webhook-id': message_id,
      'content-type': 'application/json',
      'x-api-key': 'hunter2',
    })
    expect(received!.headers['user-agent']).toMatch(/^Throughline\/\d+\.\d+\.\d+$/)
    expect(new Webhook(secret).verify(received!.body, received!.headers)).toMatchObject({ event: 'registration', data: { n: 1 } })
    expect(await deliveriesOf(id)).toMatchObject([
      { attempt: 1, attempts: 1, last_status: 200, last_error: null, finished_at: expect.any(Date) },
    ])
    expect(JSON.stringify(await attemptsOf(id))).not.toContain('hunter2')
    expect(await attemptsOf(id)).toMatchObject([
      { number: 1, ok: true, status: 200, request_headers: { 'X-Api-Key': '(not shown)', 'webhook-id': message_id } },
    ])
    await until(async () => (await turnOf(id)).lease_token === null)
    expect(await turnOf(id)).toMatchObject({ due_at: null, failing_since: null, last_success_at: expect.any(Date) })
  })
})
