import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Delivery, DeliveryShown, EndpointCreated, SecretCreated } from '../../shared/webhooks.ts'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { basic, batch, bearer, sally, track } from '../../test/people.ts'
import { openReceiver, type Receiver, status } from '../../test/receiver.ts'

// From the setting to the receiver and back, with everything that runs in between.

let fresh: FreshApp
let receiver: Receiver
beforeAll(async () => {
  fresh = await freshApp({ config: { webhook_allowed_cidrs: ['127.0.0.0/8'] } })
  receiver = await openReceiver()
  fresh.work()
})
afterAll(() => receiver.close())

const ask = (url: string, method = 'GET', payload?: object) =>
  fresh.app.inject({
    method: method as 'GET',
    url: `/api/v1${url}`,
    headers: bearer(fresh.secret_key),
    ...(payload && { payload }),
  })
const make = async (given: object) =>
  (await ask('/endpoints', 'POST', { url: receiver.url, events: ['*'], ...given })).json<EndpointCreated>()
const happen = (event: string) =>
  fresh.app.inject({
    method: 'POST',
    url: '/v1/batch',
    headers: basic(fresh.write_key),
    payload: batch(track(event, { anonymousId: sally.laptop, properties: { email: sally.email, amount: 49 } })),
  })
const listed = async (id: number) => (await ask(`/deliveries?endpoint_id=${id}`)).json<{ data: Delivery[] }>().data
const arrived = async (count: number) => {
  await expect.poll(() => receiver.received.length, { timeout: 20_000 }).toBe(count)
  return receiver.received.at(-1)!
}

test('what happens arrives signed, under the headers and in the words of the endpoint, and is seen in the log', async () => {
  receiver.received.length = 0
  const { id, secret } = await make({
    events: ['demo_requested'],
    headers: [{ name: 'X-Api-Key', value: 'hunter2' }],
    field_map: { mail: 'contact.email', event: 'event' },
  })
  await happen('demo_requested')
  const { headers, body } = await arrived(1)
  expect(new Webhook(secret).verify(body, headers)).toEqual({ mail: null, event: 'demo_requested' })
  expect(headers['x-api-key']).toBe('hunter2')
  await expect.poll(async () => (await listed(id))[0]?.state).toBe('delivered')
  const [delivery] = await listed(id)
  expect(delivery).toMatchObject({ event: 'demo_requested', attempts: 1, last_status: 200, message_id: headers['webhook-id'] })
  const shown = (await ask(`/deliveries/${delivery!.id}`)).json<DeliveryShown>()
  expect(shown.body).toEqual(JSON.parse(body))
  expect(shown.attempts_made).toMatchObject([{ number: 1, status: 200, ok: true }])
  await ask(`/endpoints/${id}`, 'DELETE')
})

test('a changed address and a new secret hold from the next message on, also while the endpoint is busy', async () => {
  receiver.received.length = 0
  const { id, secret } = await make({ events: ['clicked'] })
  await happen('clicked')
  expect(new Webhook(secret).verify((await arrived(1)).body, receiver.received[0]!.headers)).toBeTruthy()
  await ask(`/endpoints/${id}`, 'PATCH', { url: `${receiver.url}/elsewhere` })
  const next = (await ask(`/endpoints/${id}/secrets`, 'POST', { overlap_hours: 0 })).json<SecretCreated>().secret
  await happen('clicked')
  const { path, headers, body } = await arrived(2)
  expect(path).toBe('/elsewhere')
  expect(() => new Webhook(secret).verify(body, headers)).toThrow()
  expect(new Webhook(next).verify(body, headers)).toMatchObject({ event: 'clicked' })
  await ask(`/endpoints/${id}`, 'DELETE')
})

test('what was given up is sent again by a replay; what a pause held by activating', async () => {
  receiver.received.length = 0
  const { id } = await make({ events: ['booked'], attempt_schedule: 'custom', attempt_delays: [] })
  receiver.answer = status(500, {}, 'broken')
  await happen('booked')
  await expect.poll(async () => (await listed(id))[0]?.state, { timeout: 20_000 }).toBe('failed')
  const [failed] = await listed(id)
  receiver.answer = status(200)
  expect((await ask(`/endpoints/${id}/replays`, 'POST', { since: failed!.created_at })).json()).toEqual({ deliveries: 1 })
  await expect.poll(async () => (await listed(id))[0]?.state, { timeout: 20_000 }).toBe('delivered')
  expect(receiver.ids()).toEqual([failed!.message_id, failed!.message_id])
  const { attempts_made } = (await ask(`/deliveries/${failed!.id}`)).json<DeliveryShown>()
  expect(attempts_made.map(({ number, status }) => [number, status])).toEqual([
    [2, 200],
    [1, 500],
  ])

  await ask(`/endpoints/${id}/activation`, 'DELETE')
  await happen('booked')
  await expect.poll(async () => (await listed(id)).map(({ state }) => state), { timeout: 20_000 }).toEqual(['held', 'delivered'])
  await ask(`/endpoints/${id}/activation`, 'POST', { held: 'send' })
  await arrived(3)
})
