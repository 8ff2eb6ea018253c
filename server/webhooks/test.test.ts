import { createServer } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Delivery, EndpointCreated, EndpointTested } from '../../shared/webhooks.ts'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { bearer } from '../../test/people.ts'
import { openReceiver, type Receiver, status } from '../../test/receiver.ts'
import { signedIn } from '../../test/session.ts'
import { findWebhookEvent } from './catalogue.ts'

let fresh: FreshApp
let receiver: Receiver
beforeAll(async () => {
  fresh = await freshApp({ config: { webhook_allowed_cidrs: ['127.0.0.0/8'] } })
  receiver = await openReceiver()
})
afterAll(() => receiver.close())
beforeEach(() => {
  receiver.received.length = 0
  receiver.answer = status(200)
})

const ask = (url: string, method = 'GET', payload?: object, headers: Record<string, string> = bearer(fresh.secret_key)) =>
  fresh.app.inject({ method: method as 'GET', url: `/api/v1${url}`, headers, ...(payload && { payload }) })
const make = async (given: object = {}) =>
  (await ask('/endpoints', 'POST', { url: receiver.url, events: ['*'], ...given })).json<EndpointCreated>()
const press = async (id: number, payload: object = {}) => {
  const response = await ask(`/endpoints/${id}/tests`, 'POST', payload)
  expect([response.statusCode, response.body]).toEqual([201, response.body])
  return response.json<EndpointTested>()
}

test('sends the example that was chosen, signed, and shows what came back', async () => {
  const { id, secret } = await make({ headers: [{ name: 'X-Api-Key', value: 'hunter2' }] })
  receiver.answer = status(202, { 'x-seen': 'yes' }, 'thank you')
  const tested = await press(id, { event: 'conversion' })
  const [received] = receiver.received
  expect(new Webhook(secret).verify(received!.body, received!.headers)).toEqual(tested.body)
  const { example } = findWebhookEvent('conversion')!
  expect(tested.body).toEqual({ ...example, data: { ...(example.data as object), test: true }, timestamp: expect.any(String) })
  expect(received!.headers).toMatchObject({ 'x-api-key': 'hunter2', 'webhook-id': tested.message_id })
  expect(tested.attempt).toMatchObject({
    number: 1,
    status: 202,
    ok: true,
    error: null,
    response_body: 'thank you',
    response_headers: { 'x-seen': 'yes' },
    request_headers: { 'webhook-id': tested.message_id, 'X-Api-Key': '(not shown)' },
  })
})

test('stands in the log, marked as a test, with the same attempt', async () => {
  const { id } = await make()
  const { body, attempt, delivery_id, message_id } = await press(id)
  const [listed] = (await ask(`/deliveries?endpoint_id=${id}`)).json<{ data: Delivery[] }>().data
  expect(listed).toMatchObject({ id: delivery_id, message_id, state: 'delivered', is_test: true, attempts: 1, last_status: 200 })
  const shown = (await ask(`/deliveries/${delivery_id}`)).json()
  expect(shown).toMatchObject({ ...listed, url: receiver.url, body, attempts_made: [attempt] })
  expect((await ask(`/endpoints/${id}`)).json().health).toMatchObject({ attempts: 1, success_rate: 1, p50_ms: attempt.ms })
})

test('is one attempt: a failure is shown, not repeated, and not held against the endpoint', async () => {
  const { id } = await make()
  receiver.answer = status(500, {}, 'no')
  const { attempt, delivery_id } = await press(id)
  expect(attempt).toMatchObject({ ok: false, status: 500, error: 'It answered 500.', response_body: 'no' })
  expect((await ask(`/deliveries/${delivery_id}`)).json()).toMatchObject({ state: 'failed', run_at: null })
  expect((await ask(`/endpoints/${id}`)).json()).toMatchObject({
    state: 'active',
    health: { attempts: 0, waiting: 0, failed: 0, failing_since: null, last_error: 'It answered 500.' },
  })
  const since = '2026-01-01T00:00:00Z'
  expect((await ask(`/endpoints/${id}/replays`, 'POST', { since })).json()).toEqual({ deliveries: 0 })
})

test('reaches a paused endpoint, and a 410 pauses none', async () => {
  const { id } = await make({ active: false })
  expect((await press(id)).attempt.ok).toBe(true)
  await ask(`/endpoints/${id}/activation`, 'POST', {})
  receiver.answer = status(410)
  expect((await press(id)).attempt.status).toBe(410)
  expect((await ask(`/endpoints/${id}`)).json().state).toBe('active')
})

test('carries the body that the endpoint wants, in the answer too', async () => {
  const { id } = await make({ field_map: { 'person.mail': 'contact.email', from: { constant: 'throughline' } } })
  const { body, delivery_id } = await press(id)
  expect(body).toEqual({ person: { mail: 'sarah@example.com' }, from: 'throughline' })
  expect(JSON.parse(receiver.received[0]!.body)).toEqual(body)
  expect((await ask(`/deliveries/${delivery_id}`)).json().body).toEqual(body)
})

test('without a choice the first event that the endpoint wants is sent; of an event of its own what every event has', async () => {
  const [group, own] = [await make({ events: ['contact.*'] }), await make({ events: ['demo_requested'] })]
  expect(await press(group.id)).toMatchObject({ body: { event: expect.stringMatching(/^contact\./) } })
  const { body } = await press(own.id)
  expect(body).toMatchObject({ event: 'demo_requested', contact: { email: 'sarah@example.com' } })
  expect(Object.keys((body as { data: object }).data)).toEqual(
    expect.arrayContaining(['event_id', 'message_id', 'distinct_id', 'stage', 'segment', 'url', 'test']),
  )
  const sent = receiver.received.length
  for (const event of ['contact.*', '*', 'a\0b', '\ud800', ' x'])
    expect((await ask(`/endpoints/${own.id}/tests`, 'POST', { event })).json().error.fields).toHaveProperty('event')
  expect(receiver.received).toHaveLength(sent)
})

test('says in words why no answer came', async () => {
  const closed = createServer()
  await new Promise<void>(resolve => closed.listen(0, '127.0.0.1', resolve))
  const { port } = closed.address() as { port: number }
  await new Promise(resolve => closed.close(resolve))
  const refused = await make({ url: `http://127.0.0.1:${port}/` })
  expect((await press(refused.id)).attempt).toMatchObject({
    ok: false,
    status: null,
    error: expect.stringMatching(/\w+ \w+.*\./),
  })
})

test('an address that leads inside is not dialled, whatever name it has', async () => {
  const strict = await freshApp()
  const send = (url: string, payload: object) =>
    strict.app.inject({ method: 'POST', url: `/api/v1${url}`, headers: bearer(strict.secret_key), payload })
  const url = receiver.url.replace('127.0.0.1', 'localhost')
  const { id } = (await send('/endpoints', { url, events: ['*'] })).json<EndpointCreated>()
  const { attempt } = (await send(`/endpoints/${id}/tests`, {})).json<EndpointTested>()
  expect(attempt).toMatchObject({ ok: false, status: null, error: expect.stringContaining('WEBHOOK_ALLOWED_CIDRS') })
  expect(receiver.received).toEqual([])
})

test('says what to do when the secrets were sealed with another key, and works again after that', async () => {
  const { id } = await make({ headers: [{ name: 'x-a', value: '1' }] })
  const { system } = fresh.database
  await system`update endpoints set headers = 'v1:AAAA:AAAA:AAAA' where workspace_id = ${fresh.workspace_id} and id = ${id}`
  await system`update endpoint_secrets set secret = 'v1:AAAA:AAAA:AAAA' where workspace_id = ${fresh.workspace_id} and endpoint_id = ${id}`
  expect((await press(id)).attempt).toMatchObject({ ok: false, error: expect.stringContaining('SECRET_KEY') })
  expect((await ask(`/endpoints/${id}`)).json().headers[0].name).toContain('SECRET_KEY')
  await ask(`/endpoints/${id}/secrets`, 'POST', {})
  expect((await ask(`/endpoints/${id}`, 'PATCH', { headers: [{ name: 'x-a' }] })).statusCode).toBe(422)
  expect((await ask(`/endpoints/${id}`, 'PATCH', { headers: [] })).json().headers).toEqual([])
  expect((await press(id)).attempt.ok).toBe(true)
})

test('needs the right of an admin', async () => {
  const { id } = await make()
  const { headers } = await signedIn(fresh, 'manager')
  expect((await ask(`/endpoints/${id}/tests`, 'POST', {}, headers)).statusCode).toBe(403)
  expect(receiver.received).toEqual([])
})
