import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Activity } from '../../shared/events.ts'
import type { Endpoint, EndpointActivate } from '../../shared/webhooks.ts'
import { john, sally } from '../../test/people.ts'
import { hang, type Receiver, status } from '../../test/receiver.ts'
import { createUser } from '../workspaces/users.ts'
import { activateEndpoint } from './activate.ts'
import { type Delivering, startDelivering, until } from './delivering.fixture.ts'
import { CHUNK } from './tidy.ts'

let here: Delivering
let receiver: Receiver
beforeAll(async () => {
  here = await startDelivering()
})
beforeEach(async () => {
  await here.begin()
  receiver = await here.receiver()
})
afterEach(() => here.end())

const once = { attempt_schedule: 'custom' as const, attempt_delays: [] as number[] }
const show = (id: number) => here.ask<Endpoint>('GET', `/endpoints/${id}`)
const mails = () =>
  here.system<{ to_address: string; subject: string; body: string; about: string }[]>`
    select * from mails where workspace_id = ${here.workspace_id} order by to_address`
const lastActivity = async () => (await here.ask<{ data: Activity[] }>('GET', '/activities?limit=1')).data[0]!

async function addMembers() {
  const { workspace_id } = here
  await createUser(here.fresh.database, { email: sally.email, name: 'Sally', workspace_id, role: 'owner' })
  await createUser(here.fresh.database, { email: john.email, name: 'John', workspace_id, role: 'admin' })
  await createUser(here.fresh.database, { email: 'ann@example.com', name: 'Ann', workspace_id, role: 'analyst' })
}
/** As if it had failed for so many days, and so many deliveries had been given up meanwhile. */
async function pretendFailing(id: number, days: number, given_up: number, attempts = given_up) {
  await here.system`update endpoint_turns set failing_since = now() - make_interval(days => ${days}) where endpoint_id = ${id}`
  await here.system`
    insert into endpoint_hours (workspace_id, endpoint_id, hour, attempts, given_up)
    values (${here.workspace_id}, ${id}, date_trunc('hour', now() - interval '1 day', 'UTC'), ${attempts}, ${given_up})`
}

test('an endpoint that answers 410 is paused at once, and its administrators are told', async () => {
  await addMembers()
  receiver.answer = status(410)
  const { id, name } = await here.endpoint(receiver.url)
  await here.queue(id)
  here.worker()
  await until(async () => (await show(id)).state === 'paused')
  await here.given_back(id)
  expect(await show(id)).toMatchObject({
    paused_by: 'gone',
    paused_reason: expect.stringMatching(/410/),
    paused_at: expect.any(String),
  })
  expect(await here.delivery(id)).toMatchObject({ state: 'failed', attempt: 1 })
  expect(await lastActivity()).toMatchObject({
    action: 'endpoint.paused',
    actor: { kind: 'system' },
    subject_id: String(id),
    before: { state: 'active' },
    after: { state: 'paused', paused_by: 'gone', reason: expect.stringMatching(/410/) },
  })
  expect((await mails()).map(({ to_address }) => to_address)).toEqual([john.email, sally.email])
  expect((await mails())[0]).toMatchObject({ about: `endpoint ${id}`, subject: `Webhooks to ${name} are paused` })
  expect((await mails())[0]!.body).toMatch(/answered 410[\s\S]+nothing is lost[\s\S]+Activate/)
  // What happens from then on is held.
  await here.queue(id, 3)
  await until(async () => (await here.count(id)).held === 3)
  expect(receiver.received).toHaveLength(1)
})

test('an endpoint that nothing reached for three days is paused when the next delivery is given up', async () => {
  await addMembers()
  receiver.answer = status(500)
  const { id } = await here.endpoint(receiver.url, once)
  await pretendFailing(id, 4, 2)
  await here.queue(id, 1)
  here.worker()
  await until(async () => (await show(id)).state === 'paused')
  expect(await show(id)).toMatchObject({ paused_by: 'failing', paused_reason: expect.stringMatching(/3 days/) })
  expect(await lastActivity()).toMatchObject({ action: 'endpoint.paused', after: { paused_by: 'failing' } })
  expect(await mails()).toHaveLength(2)
})

test('an endpoint whose backlog is so long that nothing of it was given up yet is paused when enough attempts failed in three days', async () => {
  receiver.answer = status(500)
  const { id } = await here.endpoint(receiver.url, { attempt_schedule: 'custom', attempt_delays: [3600] })
  await pretendFailing(id, 4, 0, 120)
  await here.queue(id, 3)
  here.worker()
  await until(async () => (await show(id)).state === 'paused')
  expect(await show(id)).toMatchObject({ paused_by: 'failing' })
  expect((await here.count(id)).failed).toBeUndefined()
})

test('an endpoint is not paused that failed for less, or seldom, or that works again', async () => {
  receiver.answer = status(500)
  const briefly = await here.endpoint(receiver.url, once)
  const seldom = await here.endpoint(receiver.url, once)
  const working = await here.endpoint((await here.receiver()).url, once)
  await pretendFailing(briefly.id, 2, 10)
  await pretendFailing(seldom.id, 10, 1)
  await pretendFailing(working.id, 10, 10)
  for (const { id } of [briefly, seldom, working]) await here.queue(id)
  here.worker()
  for (const { id } of [briefly, seldom, working]) {
    await until(async () => !(await here.count(id)).queued)
    await here.given_back(id)
    expect(await show(id)).toMatchObject({ state: 'active' })
  }
  expect((await here.turn(working.id)).failing_since).toBeNull()
  expect(await mails()).toEqual([])
})

test('an endpoint that is activated again has its days before it once more', async () => {
  receiver.answer = status(500)
  const { id } = await here.endpoint(receiver.url, once)
  await pretendFailing(id, 4, 10)
  await here.ask('DELETE', `/endpoints/${id}/activation`)
  await here.ask('POST', `/endpoints/${id}/activation`, {})
  await here.queue(id)
  here.worker()
  await here.all(id, 'failed')
  await here.given_back(id)
  expect(await show(id)).toMatchObject({ state: 'active' })
})

test('what was given up since it fails is sent again with the activation, when that is asked for', async () => {
  const { id } = await here.endpoint(receiver.url, once)
  const other = await here.endpoint(receiver.url, once)
  const give_up = (endpoint_id: number, age: string) =>
    here.system`
      update deliveries set state = 'failed', attempt = 1, finished_at = now() - ${age}::interval
       where endpoint_id = ${endpoint_id} and state = 'queued'`
  await here.queue(id)
  await give_up(id, '10 days')
  await here.queue(id, 3)
  await here.queue(other.id)
  for (const endpoint_id of [id, other.id]) await give_up(endpoint_id, '1 hour')
  await pretendFailing(id, 4, 3)
  const { failed, failed_since } = (await show(id)).health
  expect(failed).toBe(4)
  expect(Date.now() - Date.parse(failed_since!)).toBeGreaterThan(9 * 86_400_000)
  const activate = (how: EndpointActivate) => here.ask('POST', `/endpoints/${id}/activation`, how)

  await here.ask('DELETE', `/endpoints/${id}/activation`)
  await activate({})
  expect(await here.count(id)).toEqual({ failed: 4 })
  await here.system`update endpoint_turns set failing_since = now() - interval '4 days' where endpoint_id = ${id}`
  await here.ask('DELETE', `/endpoints/${id}/activation`)
  await activate({ given_up: 'send' })
  expect(await here.count(id)).toEqual({ failed: 1, queued: 3 })
  expect(await lastActivity()).toMatchObject({ action: 'endpoint.activated', after: { replayed: 3, deliveries: 0 } })
  here.worker()
  await until(() => receiver.received.length === 3)
  await here.given_back(id)
  expect(await here.count(id)).toEqual({ failed: 1, delivered: 3 })
  expect(await here.count(other.id)).toEqual({ failed: 1 })
})

test('a test that succeeds before the activation does not hide what was given up', async () => {
  receiver.answer = status(410)
  const { id } = await here.endpoint(receiver.url)
  await here.queue(id)
  here.worker()
  await until(async () => (await show(id)).state === 'paused')
  await here.given_back(id)
  receiver.answer = status(200)
  expect(await here.ask('POST', `/endpoints/${id}/tests`, {})).toMatchObject({ attempt: { ok: true } })
  expect((await show(id)).health.failing_since).not.toBeNull()
  await here.ask('POST', `/endpoints/${id}/activation`, { held: 'cancel', given_up: 'send' })
  await here.all(id, 'delivered')
  expect((await show(id)).health).toMatchObject({ failed: 0, failing_since: null })
})

test('an endpoint with more waiting than one moment allows is paused in parts, and sent nothing in between', async () => {
  const { id } = await here.endpoint(receiver.url)
  const count = 2 * CHUNK + 10
  await here.queue(id, count)
  await here.ask('DELETE', `/endpoints/${id}/activation`)
  expect(await here.count(id)).toEqual({ held: CHUNK, queued: CHUNK + 10 })
  here.worker()
  await here.all(id, 'held')
  await here.given_back(id)
  expect(await here.turn(id)).toMatchObject({ due_at: null })
  expect(receiver.received).toEqual([])
  expect(await here.ask('POST', `/endpoints/${id}/activation`, { held: 'cancel' })).toMatchObject({ state: 'active' })
  expect(await here.count(id)).toEqual({ cancelled: count })
})

test('who is paused by a person gets no mail, and is not activated twice', async () => {
  await addMembers()
  const { id } = await here.endpoint(receiver.url)
  await here.ask('DELETE', `/endpoints/${id}/activation`)
  expect(await show(id)).toMatchObject({ state: 'paused', paused_by: 'person' })
  expect(await mails()).toEqual([])
  const actor = { kind: 'system', id: null, name: null }
  const activate = () => here.system.begin(sql => activateEndpoint(sql, here.workspace_id, id, {}, actor))
  await here.queue(id, 2)
  await here.system`update deliveries set state = 'held' where endpoint_id = ${id}`
  expect(await activate()).toBe(2)
  expect(await activate()).toBeNull()
  expect(await lastActivity()).toMatchObject({
    action: 'endpoint.activated',
    before: { state: 'paused', paused_by: 'person' },
    after: { state: 'active', held: 'send', deliveries: 2 },
  })
})

test('a test that is answered 410 pauses nobody, and one that fails is not held against the endpoint', async () => {
  receiver.answer = status(410)
  const { id } = await here.endpoint(receiver.url)
  await here.ask('POST', `/endpoints/${id}/tests`, {})
  expect(await show(id)).toMatchObject({
    state: 'active',
    health: { failing_since: null, last_error: expect.stringMatching(/410/) },
  })
  expect(await here.turn(id)).toMatchObject({ failing_since: null })
})

test('what cannot be sent any more in this process is not sent while the pause is being written', async () => {
  let answered = 0
  receiver.answer = (response, received) => {
    if (answered++ === 0) status(410)(response, received)
    else hang(response, received)
  }
  const { id } = await here.endpoint(receiver.url)
  await here.queue(id, 100)
  here.worker()
  await until(async () => (await show(id)).state === 'paused')
  expect(receiver.received.length).toBeLessThanOrEqual(2)
})
