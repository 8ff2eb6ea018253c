import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { DeliveryShown, EndpointTested } from '../../shared/webhooks.ts'
import { type Receiver, status } from '../../test/receiver.ts'
import { ask } from '../cli/sql.ts'
import { type Delivering, startDelivering, until } from './delivering.fixture.ts'

let here: Delivering
let first: Receiver
let second: Receiver
beforeAll(async () => {
  here = await startDelivering()
})
beforeEach(async () => {
  await here.begin()
  first = await here.receiver(status(503))
  second = await here.receiver()
})
afterEach(() => here.end())

const shown = async (endpoint_id: number) =>
  here.ask<DeliveryShown>('GET', `/deliveries/${(await here.delivery(endpoint_id)).id}`)

test('the log shows where each attempt went and what it carried, whatever the endpoint is now', async () => {
  const { id } = await here.endpoint(first.url, { attempt_schedule: 'custom', attempt_delays: [86_400] })
  await here.queue(id)
  here.worker()
  await until(() => first.received.length === 1)
  await until(async () => (await here.delivery(id)).attempts === 1)
  await here.ask('PATCH', `/endpoints/${id}`, { url: second.url, field_map: { kind: 'event', from: { constant: 'us' } } })
  await here.ask('POST', '/deliveries/replays', { ids: [(await here.delivery(id)).id] })
  await here.all(id, 'delivered')
  const sent = JSON.parse(second.received[0]!.body)
  expect(sent).toEqual({ kind: 'registration', from: 'us' })
  expect(await shown(id)).toMatchObject({
    url: second.url,
    body: sent,
    attempts_made: [
      { number: 2, url: second.url, body: null },
      { number: 1, url: first.url, body: JSON.parse(first.received[0]!.body) },
    ],
  })

  // What it is sent with did not change by this, so neither did what was.
  await here.ask('PATCH', `/endpoints/${id}`, { name: 'Renamed' })
  await here.ask('PATCH', `/endpoints/${id}`, { field_map: null })
  expect(await shown(id)).toMatchObject({
    url: second.url,
    body: JSON.parse(first.received[0]!.body),
    attempts_made: [
      { number: 2, url: second.url, body: sent },
      { number: 1, url: first.url, body: null },
    ],
  })
  const versions = await here.system`select version, url from endpoint_versions where endpoint_id = ${id} order by version`
  expect(versions).toEqual([
    { version: 1, url: first.url },
    { version: 2, url: second.url },
  ])

  const logs = ask(here.fresh.database.url, here.workspace_id, 'select attempt, webhook_url from webhook_logs order by attempt')
  expect((await logs.next()).value?.rows).toEqual([
    { attempt: 1, webhook_url: first.url },
    { attempt: 2, webhook_url: second.url },
  ])
  await logs.return(undefined)

  await here.ask('DELETE', `/endpoints/${id}`)
  expect((await shown(id)).attempts_made.map(({ url }) => url)).toEqual([second.url, first.url])
})

test('an attempt that sent nothing went nowhere, and a test says where it went', async () => {
  const { id } = await here.endpoint(second.url)
  const tested = await here.ask<EndpointTested>('POST', `/endpoints/${id}/tests`, {})
  expect(tested.attempt).toMatchObject({ ok: true, url: second.url, body: null })
  expect((await shown(id)).attempts_made).toEqual([tested.attempt])
  await here.system`delete from endpoint_secrets where endpoint_id = ${id}`
  const unsent = await here.ask<EndpointTested>('POST', `/endpoints/${id}/tests`, {})
  expect(unsent.attempt).toMatchObject({ ok: false, url: null, body: null })
})
