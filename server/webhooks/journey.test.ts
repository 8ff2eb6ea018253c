import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { basic, batch, identify, john, sally, track, traitsOf } from '../../test/people.ts'
import { type Delivering, startDelivering, until } from './delivering.fixture.ts'
import type { Body } from './payload.ts'

let here: Delivering
beforeAll(async () => {
  here = await startDelivering()
})
afterAll(() => here.end())

test('what people do reaches the endpoint that wants it, once, signed, and with who they are', async () => {
  const receiver = await here.receiver()
  const { secret } = await here.endpoint(receiver.url, { events: ['registration', 'contact.created'] })
  const { id: failing } = await here.endpoint('http://127.0.0.1:9', { events: ['*'] })
  const { fresh } = here
  fresh.work()
  const people = [sally, john]
  for (const person of people) {
    const who = { userId: person.user_id, anonymousId: person.laptop }
    const payload = batch(track('page_viewed', who), identify({ ...who, traits: traitsOf(person) }), track('registration', who))
    const answer = await fresh.app.inject({ method: 'POST', url: '/v1/batch', headers: basic(fresh.write_key), payload })
    expect(answer.json()).toEqual({ success: true })
  }
  await until(() => receiver.received.length >= 4)
  const bodies = receiver.received.map(({ body, headers }) => new Webhook(secret).verify(body, headers) as Body)
  const told = bodies.map(({ event, contact }) => `${event} ${contact?.email}`)
  expect(told.sort()).toEqual(people.flatMap(({ email }) => [`contact.created ${email}`, `registration ${email}`]).sort())
  // The other one wants it too, and cannot be reached: that is its own affair.
  await until(async () => (await here.attempts(failing)).length >= 4)
  const metrics = (await fresh.app.inject({ url: '/metrics' })).body
  expect(metrics).toContain('throughline_webhook_attempts_total{outcome="delivered"} 4')
  expect(metrics).toMatch(/throughline_webhook_endpoints_due \d/)
  await fresh.close()
  expect(receiver.received).toHaveLength(4)
})
