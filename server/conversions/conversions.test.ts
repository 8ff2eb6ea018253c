import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { CONVERSION_TYPES, type Conversion } from '../../shared/conversions.ts'
import { type FreshApp, freshApp, type Tenant } from '../../test/app.ts'
import { basic, batch, bearer, bob, identify, jane, john, sally, sarah, track, traitsOf } from '../../test/people.ts'
import { signedIn } from '../../test/session.ts'
import { auditBooks } from './books.fixture.ts'
import { makeLead } from './leads.fixture.ts'

let fresh: FreshApp
let tenant: Tenant
beforeAll(async () => {
  fresh = await freshApp()
})
beforeEach(async () => {
  tenant = await fresh.another()
})

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'
const ask = (method: Method, url: string, payload?: object, headers: Record<string, string> = {}) =>
  fresh.app.inject({
    method,
    url: `/api/v1${url}`,
    headers: { ...bearer(tenant.secret_key), ...headers },
    ...(payload ? { payload } : {}),
  })
const call = async (method: Method, url: string, payload?: object) => {
  const answer = await ask(method, url, payload)
  expect(answer.statusCode, answer.body).toBeLessThan(300)
  return answer.json()
}
const fieldsOf = async (method: Method, url: string, payload?: object) => {
  const answer = await ask(method, url, payload)
  expect(answer.statusCode, answer.body).toBe(422)
  return answer.json().error.fields
}
const send = async (...messages: object[]) => {
  const headers = basic(tenant.write_key)
  const answer = await fresh.app.inject({ method: 'POST', url: '/v1/batch', headers, payload: batch(...messages) })
  expect(answer.json()).toEqual({ success: true })
}
const contact = async ({ email, phone }: { email: string; phone: string }): Promise<number> =>
  (await call('POST', '/contacts', { email, phone })).id
const conversions = async (query = ''): Promise<Conversion[]> => (await call('GET', `/conversions?${query}`)).data
const worth = async (contact_id: number) => {
  const { lifetime_value, stage } = await call('GET', `/contacts/${contact_id}`)
  return { lifetime_value, stage }
}
const workspace = async () => {
  const [row] = await fresh.database.system<{ total_conversions: number; total_revenue: string }[]>`
    select total_conversions, total_revenue::text from workspaces where id = ${tenant.workspace_id}`
  return row
}
const audit = () => auditBooks(fresh.database, tenant.workspace_id)

describe('recording a conversion', () => {
  test('makes the contact worth it, and converted, with an activity of who did it', async () => {
    const contact_id = await contact(sally)
    const answer = await ask('POST', '/conversions', { contact_id, value: 249.9, order_id: 'A-1', data: { plan: 'pro' } })
    expect(answer.statusCode).toBe(201)
    const conversion = answer.json<Conversion>()
    expect(conversion).toMatchObject({
      contact_id,
      visitor_id: null,
      lead_id: null,
      type: 'sale',
      value: 249.9,
      refunded: 0,
      currency: 'USD',
      status: 'active',
      source: 'api',
      order_id: 'A-1',
      converted_by: { kind: 'key' },
      data: { plan: 'pro' },
      is_test: false,
    })
    expect(await worth(contact_id)).toEqual({ lifetime_value: 249.9, stage: 'converted' })
    expect(await workspace()).toEqual({ total_conversions: 1, total_revenue: '249.90' })
    expect((await call('GET', `/conversions/${conversion.id}`)).value).toBe(249.9)
    const [change] = (await call('GET', `/conversions/${conversion.id}/events`)).data
    expect(change).toMatchObject({
      action: 'conversion.created',
      contact_id,
      subject_id: String(conversion.id),
      actor: { kind: 'key' },
      before: null,
      after: { type: 'sale', value: 249.9, currency: 'USD', order_id: 'A-1', source: 'api' },
    })
    const timeline = (await call('GET', `/contacts/${contact_id}/timeline`)).data.map((entry: { name: string }) => entry.name)
    expect(timeline).toContain('conversion.created')
    await audit()
  })

  test('sums no other currency, and counts it all the same', async () => {
    const contact_id = await contact(sally)
    for (const currency of ['USD', 'EUR']) await call('POST', '/conversions', { contact_id, value: 10, currency })
    expect(await worth(contact_id)).toMatchObject({ lifetime_value: 10 })
    expect(await workspace()).toEqual({ total_conversions: 2, total_revenue: '10.00' })
    await audit()
  })

  test('takes the ready types, and names of one’s own', async () => {
    const contact_id = await contact(sally)
    for (const type of [...CONVERSION_TYPES, 'site_visit_2']) await call('POST', '/conversions', { contact_id, type })
    expect((await conversions('type=site_visit_2')).map(one => one.value)).toEqual([0])
    expect(await fieldsOf('POST', '/conversions', { contact_id, type: 'Site visit' })).toHaveProperty('type')
  })

  test('says of each thing that is wrong what it is', async () => {
    const contact_id = await contact(sally)
    const soon = new Date(Date.now() + 3_600_000).toISOString()
    const wrong = { contact_id, value: 1.999, currency: 'ZZZ', converted_at: soon, data: { long: 'x'.repeat(40_000) } }
    expect(Object.keys(await fieldsOf('POST', '/conversions', wrong))).toEqual(['value', 'currency', 'converted_at', 'data'])
    expect(await fieldsOf('POST', '/conversions', { contact_id, value: -1 })).toHaveProperty('value')
    expect(await fieldsOf('POST', '/conversions', { value: 5 })).toHaveProperty('contact_id')
    const nobody = { contact_id: 999_999_99, lead_id: 12, distinct_id: 'never seen' }
    expect(Object.keys(await fieldsOf('POST', '/conversions', nobody))).toEqual(['contact_id', 'lead_id', 'distinct_id'])
    expect(await conversions()).toEqual([])
  })

  test('a test is kept and counts nowhere', async () => {
    const contact_id = await contact(sally)
    await call('POST', '/conversions', { contact_id, value: 5, is_test: true })
    expect(await worth(contact_id)).toEqual({ lifetime_value: 0, stage: 'lead' })
    expect((await conversions('is_test=true')).length).toBe(1)
    expect((await audit()).counted).toBe(0)
  })

  test('whoever only reads may not', async () => {
    const { headers } = await signedIn(fresh, 'analyst', tenant.workspace_id)
    const answer = await fresh.app.inject({ method: 'POST', url: '/api/v1/conversions', headers, payload: { contact_id: 1 } })
    expect(answer.statusCode).toBe(403)
  })

  test('with an Idempotency-Key it is made once', async () => {
    const contact_id = await contact(sally)
    const twice = [1, 2].map(() => ask('POST', '/conversions', { contact_id, value: 5 }, { 'idempotency-key': 'k' }))
    const [one, other] = [await twice[0]!, await twice[1]!]
    expect([one.statusCode, other.statusCode].every(status => status === 201 || status === 409)).toBe(true)
    expect((await ask('POST', '/conversions', { contact_id, value: 5 }, { 'idempotency-key': 'k' })).json().value).toBe(5)
    expect(await conversions()).toHaveLength(1)
  })
})

describe('one order', () => {
  test('makes one conversion: the same again is answered with the first', async () => {
    const contact_id = await contact(sally)
    const order = { contact_id, value: 99, order_id: 'A-1' }
    const first = await ask('POST', '/conversions', order)
    const again = await ask('POST', '/conversions', order)
    expect([first.statusCode, again.statusCode]).toEqual([201, 200])
    expect(again.json()).toEqual(first.json())
    expect(await workspace()).toEqual({ total_conversions: 1, total_revenue: '99.00' })
  })

  test('with another value is a correction, and refused with where that is done', async () => {
    const contact_id = await contact(sally)
    const other = await contact(john)
    const { id } = await call('POST', '/conversions', { contact_id, value: 99, order_id: 'A-1' })
    for (const change of [{ value: 98 }, { currency: 'EUR' }, { type: 'contract' }, { contact_id: other }]) {
      const answer = await ask('POST', '/conversions', { contact_id, value: 99, order_id: 'A-1', ...change })
      expect(answer.statusCode).toBe(409)
      expect(answer.json().error).toMatchObject({
        code: 'already_exists',
        message: expect.stringContaining(`PATCH /conversions/${id}`),
        fields: { order_id: `is conversion ${id}` },
      })
    }
    await audit()
  })

  test('that was made void is not made again behind its back', async () => {
    const contact_id = await contact(sally)
    const { id } = await call('POST', '/conversions', { contact_id, value: 99, order_id: 'A-1' })
    await call('DELETE', `/conversions/${id}`)
    const answer = await ask('POST', '/conversions', { contact_id, value: 99, order_id: 'A-1' })
    expect(answer.json().error.message).toContain(`/conversions/${id}/restoration`)
  })

  test('at the same moment from all sides makes one', async () => {
    const contact_id = await contact(sally)
    const buy = track('purchase_completed', { anonymousId: sally.laptop, properties: { order_id: 'A-1', amount: 5 } })
    const answers = await Promise.all([
      ...Array.from({ length: 5 }, () => ask('POST', '/conversions', { contact_id, value: 5, order_id: 'A-1' })),
      ...Array.from({ length: 5 }, (_, k) => send({ ...buy, messageId: `m-${k}` })),
    ])
    expect(answers.filter(answer => answer?.statusCode === 201).length).toBeLessThan(2)
    expect(await conversions('order_id=A-1')).toHaveLength(1)
    expect((await audit()).counted).toBe(1)
  })

  test('a booking makes one appointment and may still become a sale', async () => {
    const contact_id = await contact(sally)
    const book = (type: string) => ask('POST', '/conversions', { contact_id, type, booking_id: 'call-7' })
    const statuses = [await book('appointment'), await book('sale'), await book('appointment')].map(one => one.statusCode)
    expect(statuses).toEqual([201, 201, 200])
  })
})

describe('events that are conversions', () => {
  const bought = (properties: object, who: object = { anonymousId: sally.laptop }) =>
    track('purchase_completed', { ...who, properties: { ...properties } })

  test('a purchase and a booking count once each, in the transaction of the event', async () => {
    const purchase = bought({ order_id: 77, amount: 249.5, currency: 'usd' })
    await send(
      purchase,
      purchase,
      track('call_booked', { anonymousId: sally.laptop, properties: { booking_id: 'call-1' } }),
      track('video_started', { anonymousId: sally.laptop }),
    )
    await send(purchase)
    const [booking, sale] = (await conversions()).sort((one, other) => (one.type < other.type ? -1 : 1))
    expect(sale).toMatchObject({
      type: 'sale',
      value: 249.5,
      currency: 'USD',
      order_id: '77',
      source: 'event',
      contact_id: null,
      visitor_id: expect.any(Number),
      event_id: expect.any(Number),
      converted_by: { kind: 'event' },
      converted_at: purchase.timestamp,
    })
    expect(booking).toMatchObject({ type: 'appointment', value: 0, booking_id: 'call-1' })
    expect(await conversions()).toHaveLength(2)
    const [event] = await fresh.database.system<{ message_id: string }[]>`
      select message_id from events where workspace_id = ${tenant.workspace_id} and id = ${sale!.event_id}`
    expect(event!.message_id).toBe(purchase.messageId)
    await audit()
  })

  test.each([
    [{ amount: 19.9 }, 19.9, {}],
    [{ amount: '19.90' }, 19.9, {}],
    [{ revenue: 5 }, 5, {}],
    [{ total: '7' }, 7, {}],
    [{ value: 8.005 }, 8.01, {}],
    [{ amount: null, value: 3 }, 3, {}],
    [{ amount: 0.1 + 0.2 }, 0.3, {}],
    [{}, 0, {}],
    [{ amount: 'a lot' }, 0, { amount: 'a lot' }],
    [{ amount: -5 }, 0, { amount: -5 }],
    [{ amount: '1,299.00' }, 0, { amount: '1,299.00' }],
    [{ amount: 1e300 }, 0, { amount: 1e300 }],
    [{ amount: 1_000_000_000_000 }, 0, { amount: 1_000_000_000_000 }],
    [{ amount: { of: 'something' } }, 0, { amount: { of: 'something' } }],
    [{ amount: [5] }, 0, { amount: [5] }],
  ])('%j is worth %d', async (properties, value, data) => {
    await send(bought(properties))
    expect(await conversions()).toMatchObject([{ value, data, currency: 'USD' }])
    await audit()
  })

  test.each([
    [{ currency: ' eur ' }, 'EUR'],
    [{ currency: '' }, 'USD'],
    [{ currency: 'euro' }, 'XXX'],
    [{ currency: 5 }, 'XXX'],
  ])('%j is %s', async (properties, currency) => {
    await send(bought({ amount: 5, ...properties }))
    expect(await conversions()).toMatchObject([{ value: 5, currency }])
    expect(await workspace()).toEqual({ total_conversions: 1, total_revenue: currency === 'USD' ? '5.00' : '0.00' })
  })

  test.each([
    ['of twenty thousand signs', 'x'.repeat(20_000), null],
    ['of nothing', '  ', null],
    ['that is a list', ['A-1'], null],
    ['that is a number', 12, '12'],
  ])('an order id %s is kept as it can be', async (_, order_id, kept) => {
    await send(bought({ order_id, amount: 1 }))
    expect((await conversions())[0]!.order_id).toBe(kept)
  })

  test('of two events with one order the first counts, and none after the API', async () => {
    const contact_id = await contact(sally)
    await send(bought({ order_id: 'A', amount: 5 }), bought({ order_id: 'A', amount: 6 }))
    await send(bought({ order_id: 'A', amount: 7 }))
    await call('POST', '/conversions', { contact_id, order_id: 'B', value: 10 })
    await send(bought({ order_id: 'B', amount: 11 }))
    expect((await conversions()).map(one => one.value).sort()).toEqual([10, 5])
    await audit()
  })

  test('what bots do is none', async () => {
    await send(
      track('purchase_completed', { anonymousId: 'bot', properties: { amount: 5 }, context: { userAgent: 'Googlebot/2.1' } }),
    )
    expect(await conversions()).toEqual([])
  })

  test('a batch of many workspaces is stored as if each had come alone', async () => {
    const tenants = [tenant, await fresh.another(), await fresh.another()]
    await Promise.all(
      tenants.flatMap(({ write_key }, k) =>
        Array.from({ length: 4 }, (_, n) =>
          fresh.app.inject({
            method: 'POST',
            url: '/v1/batch',
            headers: basic(write_key),
            payload: batch(bought({ order_id: `same ${n % 2}`, amount: k + 1 }, { anonymousId: `device ${n}` })),
          }),
        ),
      ),
    )
    for (const [k, { workspace_id }] of tenants.entries()) {
      const rows = await fresh.database.system`select value::int as value from conversions where workspace_id = ${workspace_id}`
      expect(rows.map(row => row.value)).toEqual([k + 1, k + 1])
      await auditBooks(fresh.database, workspace_id)
    }
  })

  test('belong to whom the visitor belongs: after a late log-in, a merge, and its undo', async () => {
    await send(bought({ amount: 50 }, { anonymousId: john.laptop }))
    const [conversion] = await conversions()
    expect(conversion!.contact_id).toBeNull()
    await audit()

    await send(identify({ anonymousId: john.laptop, userId: john.user_id, traits: traitsOf(john) }))
    const [known] = await conversions()
    const john_id = known!.contact_id!
    expect(known).toMatchObject({ id: conversion!.id, contact_name: 'John Doe' })
    expect(await worth(john_id)).toEqual({ lifetime_value: 50, stage: 'converted' })
    expect((await call('GET', `/contacts/${john_id}/conversions`)).data).toHaveLength(1)

    const jane_id = await contact(jane)
    await call('POST', '/conversions', { contact_id: jane_id, value: 7 })
    await call('POST', `/contacts/${jane_id}/merge`, { other_id: john_id })
    expect(await worth(jane_id)).toEqual({ lifetime_value: 57, stage: 'converted' })
    expect(await worth(john_id)).toEqual({ lifetime_value: 0, stage: 'lead' })
    expect((await conversions()).map(one => one.contact_id)).toEqual([jane_id, jane_id])
    expect((await conversions(`contact_id=${jane_id}`)).map(one => one.value).sort()).toEqual([50, 7])
    await audit()

    const [merge] = await fresh.database.system<{ id: number }[]>`
      select id from contact_merges where workspace_id = ${tenant.workspace_id}`
    await call('POST', `/contacts/merges/${merge!.id}/undo`)
    expect(await worth(jane_id)).toEqual({ lifetime_value: 7, stage: 'converted' })
    expect(await worth(john_id)).toEqual({ lifetime_value: 50, stage: 'converted' })
    await audit()
  })
})

describe('the lead of a conversion', () => {
  test('is the one that is named, and shows what it brought', async () => {
    const contact_id = await contact(sally)
    const lead_id = await makeLead(fresh, tenant, { contact_id, source: 'google' })
    const other_id = await makeLead(fresh, tenant, { contact_id, source: 'google' })
    const conversion = await call('POST', '/conversions', { lead_id, value: 100 })
    expect(conversion).toMatchObject({ contact_id, lead_id })
    await call('POST', '/conversions', { lead_id, value: 20, currency: 'EUR', type: 'contract' })
    const rows = await fresh.database.system`
      select id, conversion_id, conversion_count, conversion_value::text from leads where workspace_id = ${tenant.workspace_id}`
    expect(Object.fromEntries(rows.map(({ id, ...row }) => [id, row]))).toEqual({
      [lead_id]: { conversion_id: conversion.id, conversion_count: 2, conversion_value: '100.00' },
      [other_id]: { conversion_id: null, conversion_count: 0, conversion_value: '0.00' },
    })
    await audit()
  })

  test('is the one open lead of the contact when there is exactly one', async () => {
    const contact_id = await contact(sally)
    const sell = async (given: object = {}) => (await call('POST', '/conversions', { contact_id, value: 1, ...given })).lead_id
    expect(await sell()).toBeNull()
    await makeLead(fresh, tenant, { contact_id, is_test: true })
    const lead_id = await makeLead(fresh, tenant, { contact_id })
    expect(await sell()).toBe(lead_id)
    expect(await sell({ lead_id: null })).toBeNull()
    await makeLead(fresh, tenant, { contact_id })
    expect(await sell()).toBeNull()
    await audit()
  })

  test('is found for what the contact buys on the site, too', async () => {
    await send(identify({ anonymousId: bob.laptop, userId: bob.user_id, traits: traitsOf(bob) }))
    const [row] = (await call('GET', '/contacts')).data
    const lead_id = await makeLead(fresh, tenant, { contact_id: row.id })
    await send(track('purchase_completed', { anonymousId: bob.laptop, properties: { amount: 5 } }))
    expect(await conversions()).toMatchObject([{ lead_id, contact_id: row.id }])
    await audit()
  })

  test('is of the same contact, or refused', async () => {
    const lead_id = await makeLead(fresh, tenant, { contact_id: await contact(sally) })
    const other = await contact(john)
    expect(await fieldsOf('POST', '/conversions', { contact_id: other, lead_id })).toHaveProperty('lead_id')
    const { id } = await call('POST', '/conversions', { contact_id: other })
    expect(await fieldsOf('PATCH', `/conversions/${id}`, { lead_id })).toHaveProperty('lead_id')
  })

  test('goes the way of its contact when a merge is undone', async () => {
    const [sally_id, john_id] = [await contact(sally), await contact(john)]
    const lead_id = await makeLead(fresh, tenant, { contact_id: john_id })
    await call('POST', `/contacts/${sally_id}/merge`, { other_id: john_id })
    const conversion = await call('POST', '/conversions', { contact_id: sally_id, value: 9 })
    expect(conversion).toMatchObject({ contact_id: sally_id, lead_id })
    const [merge] = await fresh.database.system<{ id: number }[]>`
      select id from contact_merges where workspace_id = ${tenant.workspace_id}`
    await call('POST', `/contacts/merges/${merge!.id}/undo`)
    expect(await conversions()).toMatchObject([{ contact_id: john_id, lead_id }])
    await audit()
  })

  test('that is a test makes the conversion one: the lead shows it, and nothing counts it', async () => {
    const contact_id = await contact(sally)
    const lead_id = await makeLead(fresh, tenant, { contact_id, is_test: true })
    expect(await call('POST', '/conversions', { lead_id, value: 5 })).toMatchObject({ is_test: true })
    expect(await worth(contact_id)).toEqual({ lifetime_value: 0, stage: 'lead' })
    expect((await audit()).counted).toBe(0)
  })
})

describe('a refund', () => {
  test('takes money out step by step, and never more than there was', async () => {
    const contact_id = await contact(sally)
    const lead_id = await makeLead(fresh, tenant, { contact_id, source: 'google' })
    const { id } = await call('POST', '/conversions', { lead_id, value: 100 })
    const part = await ask('POST', `/conversions/${id}/refunds`, { amount: 30.5, reason: 'Too late' })
    expect(part.statusCode).toBe(201)
    expect(part.json()).toMatchObject({ value: 100, refunded: 30.5, status: 'active' })
    expect(await worth(contact_id)).toEqual({ lifetime_value: 69.5, stage: 'converted' })
    await audit()
    expect(await fieldsOf('POST', `/conversions/${id}/refunds`, { amount: 69.51 })).toEqual({
      amount: 'must be at most 69.50: that is left',
    })
    expect(await fieldsOf('POST', `/conversions/${id}/refunds`, { amount: 0.001 })).toHaveProperty('amount')
    expect(await call('POST', `/conversions/${id}/refunds`, {})).toMatchObject({ refunded: 100, status: 'refunded' })
    expect(await fieldsOf('POST', `/conversions/${id}/refunds`, {})).toEqual({ amount: 'nothing is left to refund' })
    expect(await worth(contact_id)).toEqual({ lifetime_value: 0, stage: 'converted' })
    expect(await workspace()).toEqual({ total_conversions: 1, total_revenue: '0.00' })
    const changes = (await call('GET', `/conversions/${id}/events`)).data
    expect(changes.map((change: { action: string }) => change.action)).toEqual([
      'conversion.refunded',
      'conversion.refunded',
      'conversion.created',
    ])
    expect(changes[1]).toMatchObject({
      before: { refunded: 0 },
      after: { refunded: 30.5, amount: 30.5, reason: 'Too late', currency: 'USD' },
    })
    await audit()
  })

  test('of two people at once is no more than there was', async () => {
    const { id } = await call('POST', '/conversions', { contact_id: await contact(sally), value: 100 })
    const answers = await Promise.all([60, 60, 60].map(amount => ask('POST', `/conversions/${id}/refunds`, { amount })))
    expect(answers.map(answer => answer.statusCode).sort()).toEqual([201, 422, 422])
    await audit()
  })
})

describe('a correction', () => {
  test('lets everything be as if it had been entered like this', async () => {
    const [sally_id, john_id] = [await contact(sally), await contact(john)]
    const lead_id = await makeLead(fresh, tenant, { contact_id: john_id, source: 'meta' })
    const before = await call('POST', '/conversions', { contact_id: sally_id, value: 100, order_id: 'A-1' })
    const change = {
      contact_id: john_id,
      lead_id,
      type: 'contract',
      value: 80.25,
      order_id: 'A-2',
      converted_at: '2026-01-31T09:30:00.123Z',
      data: { note: 'by phone' },
      if_updated_at: before.updated_at,
    }
    const { if_updated_at, ...wanted } = change
    const after = await call('PATCH', `/conversions/${before.id}`, change)
    expect(after).toMatchObject(wanted)
    expect(await worth(sally_id)).toEqual({ lifetime_value: 0, stage: 'lead' })
    expect(await worth(john_id)).toEqual({ lifetime_value: 80.25, stage: 'converted' })
    await audit()
    const [activity] = (await call('GET', `/conversions/${before.id}/events`)).data
    expect(activity).toMatchObject({
      action: 'conversion.corrected',
      contact_id: john_id,
      before: { contact_id: sally_id, value: 100, order_id: 'A-1', type: 'sale' },
      after: { contact_id: john_id, value: 80.25, order_id: 'A-2', type: 'contract' },
    })
    expect((await ask('PATCH', `/conversions/${before.id}`, change)).statusCode).toBe(409) // somebody was faster
    const nothing = await call('PATCH', `/conversions/${before.id}`, wanted)
    expect(nothing.updated_at).toBe(after.updated_at)
  })

  test('cannot be worth less than was refunded, nor take the order of another', async () => {
    const contact_id = await contact(sally)
    const { id } = await call('POST', '/conversions', { contact_id, value: 100, order_id: 'A-1' })
    const other = await call('POST', '/conversions', { contact_id, value: 1, order_id: 'A-2' })
    await call('POST', `/conversions/${id}/refunds`, {})
    expect(await fieldsOf('PATCH', `/conversions/${id}`, { value: 99 })).toHaveProperty('value')
    const taken = await ask('PATCH', `/conversions/${id}`, { order_id: 'A-2' })
    expect(taken.statusCode).toBe(409)
    expect(taken.json().error.fields).toEqual({ order_id: `is conversion ${other.id}` })
    expect(await call('PATCH', `/conversions/${id}`, { value: 120 })).toMatchObject({ status: 'active', refunded: 100 })
    await audit()
  })

  test('names the contact of a visitor nobody knew', async () => {
    const contact_id = await contact(sarah)
    await send(track('purchase_completed', { anonymousId: 'somebody', properties: { amount: 5 } }))
    const [conversion] = await conversions()
    expect(await call('PATCH', `/conversions/${conversion!.id}`, { contact_id })).toMatchObject({ contact_id })
    expect(await worth(contact_id)).toEqual({ lifetime_value: 5, stage: 'converted' })
    await audit()
  })
})

describe('a void conversion', () => {
  test('counts nowhere until it is restored, with its refunds', async () => {
    const contact_id = await contact(sally)
    const lead_id = await makeLead(fresh, tenant, { contact_id })
    const { id } = await call('POST', '/conversions', { lead_id, value: 100 })
    await call('POST', `/conversions/${id}/refunds`, { amount: 40 })
    expect(await call('DELETE', `/conversions/${id}`)).toMatchObject({ status: 'void', value: 100, refunded: 40 })
    expect(await worth(contact_id)).toEqual({ lifetime_value: 0, stage: 'lead' })
    expect(await workspace()).toEqual({ total_conversions: 0, total_revenue: '0.00' })
    await audit()
    for (const [method, url, payload] of [
      ['POST', `/conversions/${id}/refunds`, {}],
      ['PATCH', `/conversions/${id}`, { value: 1 }],
    ] as const)
      expect((await ask(method, url, payload)).statusCode).toBe(409)
    expect((await ask('DELETE', `/conversions/${id}`)).statusCode).toBe(200)
    expect(await call('POST', `/conversions/${id}/restoration`)).toMatchObject({ status: 'active', refunded: 40 })
    expect(await worth(contact_id)).toEqual({ lifetime_value: 60, stage: 'converted' })
    expect((await call('GET', `/conversions/${id}/events`)).data.map((one: { action: string }) => one.action)).toEqual([
      'conversion.restored',
      'conversion.voided',
      'conversion.refunded',
      'conversion.created',
    ])
    await audit()
  })
})

describe('the list', () => {
  test('pages through all of them by time, in both directions, and filters', async () => {
    const contact_id = await contact(sally)
    const other_id = await contact(john)
    for (let k = 0; k < 9; k++) {
      // Many at the same moment.
      const converted_at = `2026-01-0${1 + Math.floor(k / 4)}T00:00:00Z`
      const type = k % 2 === 0 ? 'sale' : 'contract'
      await call('POST', '/conversions', { contact_id: k === 8 ? other_id : contact_id, value: k, type, converted_at })
    }
    for (const sort of ['-converted_at', 'converted_at']) {
      const seen: Conversion[] = []
      for (let cursor = ''; ; ) {
        const page = await call('GET', `/conversions?limit=2&sort=${sort}${cursor && `&cursor=${cursor}`}`)
        seen.push(...page.data)
        if (page.next_cursor === null) break
        cursor = page.next_cursor
      }
      const ids = seen.map(one => one.id)
      expect(new Set(ids).size).toBe(9)
      const times = seen.map(one => one.converted_at)
      expect(times).toEqual(sort === 'converted_at' ? times.toSorted() : times.toSorted().reverse())
    }
    const values = async (query: string) => (await conversions(query)).map(one => one.value).sort()
    expect(await values('type=contract')).toEqual([1, 3, 5, 7])
    expect(await values(`contact_id=${other_id}`)).toEqual([8])
    expect(await values('since=2026-01-02T00:00:00Z&until=2026-01-03T00:00:00Z')).toEqual([4, 5, 6, 7])
    expect(await values('source=event')).toEqual([])
    expect((await ask('GET', '/conversions?sort=converted_at&cursor=abc')).statusCode).toBe(400)
    expect((await ask('GET', '/contacts/999999/conversions')).statusCode).toBe(404)
  })
})
