import { beforeAll, describe, expect, test } from 'vitest'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { sally } from '../../test/people.ts'
import { open } from '../database/connect.ts'
import { lockIdentity } from '../database/transaction.ts'
import { type Answered, deskOf, somebody } from './desk.fixture.ts'

/** A busy machine takes its time. */
const PATIENT = { timeout: 30_000 }

let fresh: FreshApp
let desk: ReturnType<typeof deskOf>
beforeAll(async () => {
  fresh = await freshApp()
  desk = deskOf(fresh)
})

describe('a lead that is sent', () => {
  test('is answered when it was made, with its ids', async () => {
    const to = await desk.make()
    expect(to.url).toMatch(/\/intake\/[0-9A-Za-z]{24}$/)
    const answer = await desk.send(to, { first_name: 'Sally', last_name: 'Susa', email: sally.email, phone: '(202) 555-0101' })
    expect(answer.statusCode).toBe(201)
    const { outcome, contact_id, contact_status, lead_id, delivery_id } = answer.json<Answered>()
    expect({ outcome, contact_status }).toEqual({ outcome: 'success', contact_status: 'new' })
    expect(String(lead_id)).toMatch(/^\d{10}$/)
    expect(String(contact_id)).toMatch(/^\d{6}$/)
    expect(await desk.contact(contact_id)).toMatchObject({ email: sally.email, phone: sally.phone, name: 'Sally Susa' })
    expect(await desk.lead(lead_id)).toMatchObject({
      contact_id,
      delivery_id,
      webhook_id: to.id,
      lead_type: 'solar',
      status: 'new',
      kind: 'open',
      email: sally.email,
      phone: sally.phone,
      is_test: false,
    })
    expect(await desk.delivery(delivery_id)).toMatchObject({
      state: 'accepted',
      lead_id,
      contact_id,
      format: 'generic',
      tries: 1,
    })
  })

  test('has its activities in the same transaction, in the name of the webhook', async () => {
    const to = await desk.make({ name: 'Bought leads' })
    const { contact_id, lead_id } = (await desk.send(to, somebody())).json<Answered>()
    const rows = (await desk.ask('GET', `/activities?contact_id=${contact_id}`)).json<{ data: Record<string, unknown>[] }>().data
    const actor = { kind: 'intake', id: to.id, name: 'Bought leads' }
    expect(rows.map(row => row.action).sort()).toEqual(['contact.created', 'lead.created'])
    expect(rows.find(row => row.action === 'lead.created')).toMatchObject({ actor, subject_id: String(lead_id) })
    expect(rows.find(row => row.action === 'contact.created')).toMatchObject({ actor })
  })

  test('is understood as JSON, as a form and in the address, whatever the content type claims', async () => {
    const to = await desk.make()
    const { email, phone, first_name } = somebody()
    const form = new URLSearchParams({ Email: email, 'First Name': first_name, Phone: phone }).toString()
    const as = (type: string) => ({ 'content-type': type })
    const answers = [
      await desk.send(to, JSON.stringify({ email, phone, first_name }), as('text/plain')),
      await desk.send(to, form, as('application/x-www-form-urlencoded')),
      await desk.send(to, form, as('application/octet-stream')),
      await fresh.app.inject({ url: `/intake/${to.webhook_id}?${form}` }),
      await desk.send(to, JSON.stringify([{ contact: { email, phone, firstName: first_name } }]), as('application/json')),
    ]
    expect(answers.map(answer => answer.statusCode)).toEqual([201, 201, 201, 201, 201])
    const made = await desk.leads({ webhook_id: to.id })
    expect(made.map(lead => [lead.email, lead.phone, lead.first_name])).toEqual(Array(5).fill([email, phone, first_name]))
    expect(new Set(made.map(lead => lead.contact_id)).size).toBe(1)
  })

  test('keeps a number of 19 digits exactly, wherever it stands', async () => {
    const to = await desk.make()
    const { email } = somebody()
    const body = `{"email":"${email}","id":7012345678901234567,"ad":{"id":9223372036854775807},"small":42}`
    const { lead_id } = (await desk.send(to, body, { 'content-type': 'application/json' })).json<Answered>()
    expect(await desk.lead(lead_id)).toMatchObject({
      external_id: '7012345678901234567',
      fields: { 'ad.id': '9223372036854775807', small: 42 },
    })
  })

  test('with several leads in it makes each of them', async () => {
    const to = await desk.make()
    const [one, other] = [somebody(), somebody()]
    const answer = await desk.send(to, [one, { first_name: 'Nobody' }, other])
    expect(answer.statusCode).toBe(201)
    const shown = await desk.delivery(answer.json<Answered>().delivery_id)
    expect(shown).toMatchObject({ state: 'accepted', parts: 3 })
    expect(shown.results!.map(part => part.state)).toEqual(['accepted', 'quarantined', 'accepted'])
    const made = await desk.leads({ webhook_id: to.id })
    expect(made.map(lead => lead.email).sort()).toEqual([one.email, other.email])
  })

  test('of a fast webhook is answered when it is stored, and made all the same', async () => {
    const to = await desk.make({ answer: 'fast' })
    const answer = await desk.send(to, somebody())
    expect(answer.statusCode).toBe(202)
    expect(answer.json()).toEqual({ outcome: 'success', delivery_id: expect.any(Number) })
    await expect.poll(async () => (await desk.leads({ webhook_id: to.id })).length, PATIENT).toBe(1)
  })
})

describe('what is wrong with a lead', () => {
  test('without an e-mail and a phone waits in quarantine, and its sender is told the fields', async () => {
    const to = await desk.make()
    const answer = await desk.send(to, { first_name: 'Sally', email: 'sally(at)example.com', phone: '12' })
    expect(answer.statusCode).toBe(422)
    const { outcome, reason, error, delivery_id } = answer.json<Answered>()
    expect({ outcome, reason, code: error!.code }).toEqual({
      outcome: 'failure',
      reason: 'invalid_fields',
      code: 'invalid_fields',
    })
    expect(Object.keys(error!.fields!).sort()).toEqual(['email', 'phone'])
    expect(await desk.delivery(delivery_id)).toMatchObject({
      state: 'quarantined',
      reason: 'invalid_fields',
      body: expect.stringContaining('(at)'),
    })
    const nobody = await desk.send(to, { first_name: 'Sally' })
    expect([nobody.statusCode, nobody.json().reason, nobody.json().error.fields.email]).toEqual([
      422,
      'nobody',
      'or a phone is required',
    ])
    expect(await desk.leads({ webhook_id: to.id })).toHaveLength(0)
  })

  test('that is no JSON waits in quarantine, as it came', async () => {
    const to = await desk.make()
    const answer = await desk.send(to, '{"email": "sally@exam', { 'content-type': 'application/json' })
    expect([answer.statusCode, answer.json().reason]).toEqual([422, 'unreadable'])
    expect(await desk.delivery(answer.json().delivery_id)).toMatchObject({ state: 'quarantined', body: '{"email": "sally@exam' })
    const fast = await desk.make({ answer: 'fast' })
    expect((await desk.send(fast, 'not a lead', { 'content-type': 'text/plain' })).statusCode).toBe(202)
  })

  test('a wrong e-mail beside a good phone is kept and said, and the lead is made', async () => {
    const to = await desk.make()
    const { phone } = somebody()
    const answer = await desk.send(to, { 'E-Mail': 'nonsense', phone, priority: 'tomorrow' })
    expect(answer.statusCode).toBe(201)
    const { lead_id, delivery_id } = answer.json<Answered>()
    expect(await desk.lead(lead_id)).toMatchObject({
      email: null,
      phone,
      priority: 3,
      fields: { 'E-Mail': 'nonsense', priority: 'tomorrow' },
    })
    expect(Object.keys((await desk.delivery(delivery_id)).fields!).sort()).toEqual(['email', 'priority'])
  })

  test('hostile values are stored as text or not at all, and hold nobody up', async () => {
    const to = await desk.make()
    const hostile = [
      `{"email":"${somebody().email}","first_name":"\\u0000Rob\\ud800","__proto__":{"polluted":1},"constructor":"x"}`,
      JSON.stringify({
        email: somebody().email,
        source: 's'.repeat(5000),
        id: 'i'.repeat(5000),
        campaign: "'; drop table leads; --",
      }),
      JSON.stringify({
        email: somebody().email,
        age: 1e300,
        ip: '999.1.1.1',
        revenue_potential: '1e999',
        date_of_birth: '2024-02-31',
      }),
      `{"email":"${somebody().email}","deep":${'['.repeat(3000)}${']'.repeat(3000)}}`,
      JSON.stringify({ email: somebody().email, ...Object.fromEntries(Array.from({ length: 3000 }, (_, k) => [`key${k}`, k])) }),
    ]
    const answers = await Promise.all(hostile.map(body => desk.send(to, body, { 'content-type': 'application/json' })))
    expect(answers.map(answer => answer.statusCode)).toEqual([201, 201, 201, 201, 201])
    const [first] = await desk.leads({ webhook_id: to.id })
    expect(first!.first_name).toBe('\uFFFDRob\uFFFD')
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  test('a body of more than a megabyte is not taken', async () => {
    const to = await desk.make()
    const answer = await desk.send(to, { email: somebody().email, text: 'x'.repeat(1_100_000) })
    expect([answer.statusCode, answer.json().error.code]).toEqual([413, 'too_large'])
  })
})

describe('the address of a webhook', () => {
  test('that nobody has is not found', async () => {
    const answer = await fresh.app.inject({ method: 'POST', url: `/intake/${'x'.repeat(24)}`, payload: somebody() })
    expect([answer.statusCode, answer.json().error.code]).toEqual([404, 'not_found'])
  })

  test('answers who only looks at it, and stores nothing', async () => {
    const to = await desk.make()
    expect((await fresh.app.inject({ url: `/intake/${to.webhook_id}` })).json()).toMatchObject({
      outcome: 'failure',
      reason: 'empty',
    })
    expect((await fresh.app.inject({ method: 'HEAD', url: `/intake/${to.webhook_id}?email=a@example.com` })).statusCode).toBe(200)
    const list = (await desk.ask('GET', `/intake-webhooks/${to.id}/deliveries`)).json()
    expect(list.data).toEqual([])
  })

  test('never says that it is gone: not active or deleted, it keeps what comes and says so', async () => {
    const to = await desk.make({ answer: 'fast' })
    await desk.change(to, { active: false })
    const inactive = await desk.send(to, somebody())
    expect([inactive.statusCode, inactive.json().outcome, inactive.json().reason]).toEqual([200, 'failure', 'inactive'])
    expect((await desk.ask('DELETE', `/intake-webhooks/${to.id}`)).statusCode).toBe(204)
    await new Promise(resolve => setTimeout(resolve, 100))
    const deleted = await desk.send(to, somebody())
    expect([deleted.statusCode, deleted.json().reason]).toEqual([200, 'inactive'])
    expect((await desk.ask('GET', `/intake-webhooks/${to.id}`)).statusCode).toBe(404)
    const kept = (await desk.ask('GET', `/intake-deliveries?webhook_id=${to.id}`)).json<{ data: { state: string }[] }>().data
    expect(kept.map(one => one.state)).toEqual(['refused', 'refused'])
  })

  test('takes only from the addresses that it lists', async () => {
    const to = await desk.make({ allowed_ips: ['203.0.113.0/24', '2001:db8::/32'] })
    const from = (ip: string) => desk.send(to, somebody(), { 'x-forwarded-for': ip })
    const statuses = await Promise.all(['203.0.113.9', '2001:db8::1', '203.0.114.1', '2001:db9::1', 'nonsense'].map(from))
    expect(statuses.map(answer => answer.statusCode)).toEqual([201, 201, 403, 403, 403])
    expect((await desk.send(to, somebody())).statusCode).toBe(403)
  })

  test('may be posted to by a page of another site', async () => {
    const to = await desk.make()
    const preflight = await fresh.app.inject({
      method: 'OPTIONS',
      url: `/intake/${to.webhook_id}`,
      headers: {
        origin: 'https://shop.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    })
    expect(preflight.statusCode).toBe(204)
    expect(preflight.headers['access-control-allow-origin']).toBe('https://shop.example')
    expect(preflight.headers['access-control-allow-credentials']).toBeUndefined()
  })

  test('stores no credentials of who sends', async () => {
    const to = await desk.make()
    const headers = { authorization: 'Bearer secret-1', cookie: 'a=secret-2', 'x-api-key': 'secret-3', 'user-agent': 'Sender/1' }
    const { delivery_id } = (await desk.send(to, somebody(), headers)).json<Answered>()
    const shown = await desk.delivery(delivery_id)
    expect(shown.headers['user-agent']).toBe('Sender/1')
    expect(JSON.stringify(shown)).not.toContain('secret-')
  })
})

describe('a request that is sent again', () => {
  test('with the same Idempotency-Key is answered as the first, and makes nothing', async () => {
    const to = await desk.make()
    const person = somebody()
    const headers = { 'idempotency-key': 'one' }
    const first = await desk.send(to, person, headers)
    const again = await desk.send(to, person, headers)
    expect([first.statusCode, again.statusCode, again.headers['idempotency-replayed']]).toEqual([201, 201, 'true'])
    expect(again.json()).toEqual(first.json())
    expect(await desk.leads({ webhook_id: to.id })).toHaveLength(1)
  })

  test('with another body under that key is a mistake', async () => {
    const to = await desk.make()
    await desk.send(to, somebody(), { 'idempotency-key': 'two' })
    const other = await desk.send(to, somebody(), { 'idempotency-key': 'two' })
    expect([other.statusCode, other.json().error.code]).toEqual([409, 'idempotency_mismatch'])
  })

  test('twenty times at once is one lead, and all are told its id', async () => {
    const to = await desk.make()
    const person = somebody()
    const answers = await Promise.all(Array.from({ length: 20 }, () => desk.send(to, person, { 'idempotency-key': 'three' })))
    expect(new Set(answers.map(answer => answer.statusCode))).toEqual(new Set([201]))
    expect(new Set(answers.map(answer => answer.json<Answered>().lead_id)).size).toBe(1)
    expect(await desk.leads({ webhook_id: to.id })).toHaveLength(1)
  })

  test('under the same key at another webhook is another request', async () => {
    const [one, two] = [await desk.make(), await desk.make()]
    const person = somebody()
    const headers = { 'idempotency-key': 'four' }
    expect((await desk.send(one, person, headers)).statusCode).toBe(201)
    expect((await desk.send(two, person, headers)).statusCode).toBe(201)
  })
})

test('a lead that cannot be made now is stored, its sender is told so, and it is made when that is over', async () => {
  const to = await desk.make()
  const other = open(fresh.database.url)
  let release = () => {}
  const released = new Promise<void>(resolve => {
    release = resolve
  })
  // As a long merge or rebuild: somebody holds the identity lock of the workspace.
  let holding: Promise<unknown> | undefined
  await new Promise<void>(held => {
    holding = other.begin(async sql => {
      await lockIdentity(sql, [desk.workspace_id])
      held()
      await released
    })
  })
  const answer = await desk.send(to, somebody())
  expect([answer.statusCode, answer.json().outcome]).toEqual([202, 'success'])
  expect(await desk.delivery(answer.json().delivery_id)).toMatchObject({ state: 'received' })
  release()
  await holding
  await expect.poll(async () => (await desk.leads({ webhook_id: to.id })).length, PATIENT).toBe(1)
  await other.end()
})
