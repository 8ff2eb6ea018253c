import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { AttributionModel, AttributionReport } from '../../shared/attribution.ts'
import { type FreshApp, freshApp, type Tenant } from '../../test/app.ts'
import { basic, batch, bearer, page, sally, sarah, track } from '../../test/people.ts'
import { relay } from '../activities/relay.ts'
import { attribute } from '../attribution/attribute.ts'
import { noticeLateVisits } from '../attribution/notice.ts'
import { rebuildAttribution } from '../attribution/rebuild.ts'
import { followAll } from '../journeys/follow.ts'
import { noticeJourneys } from '../journeys/notice.ts'

let fresh: FreshApp
let tenant: Tenant
beforeAll(async () => {
  fresh = await freshApp()
})
beforeEach(async () => {
  tenant = await fresh.another()
})

const MARCH = 'from=2026-03-01&to=2026-03-31'

async function send(...messages: unknown[]) {
  const request = { method: 'POST', url: '/v1/batch', payload: batch(...messages), headers: basic(tenant.write_key) } as const
  expect((await fresh.app.inject(request)).json()).toEqual({ success: true })
}
const ask = (method: 'GET' | 'POST', url: string, payload?: object) =>
  fresh.app.inject({ method, url: `/api/v1${url}`, headers: bearer(tenant.secret_key), ...(payload && { payload }) })
async function call(method: 'GET' | 'POST', url: string, payload?: object) {
  const answer = await ask(method, url, payload)
  expect(answer.statusCode, answer.body).toBeLessThan(300)
  return answer.json()
}
async function report(query = ''): Promise<AttributionReport> {
  while (await relay(fresh.database.system, { journeys: noticeJourneys, late_visits: noticeLateVisits }));
  while (await followAll(fresh.database.system, [attribute]));
  return call('GET', `/reports/attribution?${MARCH}&${query}`)
}

const at = (day: number, hour = 12) => new Date(Date.UTC(2026, 2, day, hour)).toISOString()
const comes = (who: string, day: number, campaign?: Record<string, string>) =>
  page('Home', {
    anonymousId: who,
    timestamp: at(day),
    context: { page: { url: 'https://shop.example/' }, ...(campaign && { campaign }) },
  })
const registers = (who: string, day: number, funnel_id?: string) =>
  track('registration', { anonymousId: who, timestamp: at(day, 13), properties: { email: `${who}@example.com`, funnel_id } })
const buys = (who: string, day: number, amount: number, more: object = {}) =>
  track('purchase_completed', { anonymousId: who, timestamp: at(day, 14), properties: { amount, ...more } })

const shares = ({ groups }: AttributionReport) => Object.fromEntries(groups.map(group => [group.value, group.revenue]))

describe('a sale to which three visits led', () => {
  beforeEach(() =>
    send(
      comes(sally.laptop, 1, { source: 'newsletter', name: 'spring' }),
      registers(sally.laptop, 1),
      comes(sally.laptop, 8, { source: 'google', medium: 'cpc' }),
      comes(sally.laptop, 10),
      comes(sally.laptop, 15, { source: 'meta' }),
      buys(sally.laptop, 15, 100),
    ),
  )

  test.each<[AttributionModel, Record<string, number>]>([
    ['first_touch', { newsletter: 100 }],
    ['last_touch', { meta: 100, newsletter: 0 }],
    ['linear', { newsletter: 33.33, google: 33.33, meta: 33.33 }],
    ['time_decay', { meta: 57.14, google: 28.57, newsletter: 14.29 }],
    ['position_based', { newsletter: 40, meta: 40, google: 20 }],
  ])('is shared by %s', async (model, expected) => {
    const found = await report(`model=${model}`)
    expect(shares(found)).toEqual(expected)
    expect(found.totals).toEqual({
      registered: 1, viewed: 0, offer_viewed: 0, converted: 1, rate: 1, conversions: 1, revenue: 100,
    }) // biome-ignore format: one row
  })

  test('is told by what the visits say, and what they do not say is without a name', async () => {
    expect(shares(await report('model=linear&by=medium'))).toEqual({ '': 66.67, cpc: 33.33 })
    expect(shares(await report('model=linear&by=campaign'))).toEqual({ '': 66.67, spring: 33.33 })
  })

  test('loses what is given back, and is gone when it never was', async () => {
    const { id } = (await call('GET', '/conversions')).data[0]
    await call('POST', `/conversions/${id}/refunds`, { amount: 40 })
    expect(shares(await report('model=position_based'))).toEqual({ newsletter: 24, meta: 24, google: 12 })
    await fresh.app.inject({ method: 'DELETE', url: `/api/v1/conversions/${id}`, headers: bearer(tenant.secret_key) })
    const { groups } = await report('model=linear')
    expect(groups).toMatchObject([{ value: 'newsletter', registered: 1, converted: 0, conversions: 0, revenue: 0 }])
  })

  test('counts a visit on another device that becomes known when it turns out whose it is', async () => {
    await send(comes(sally.mobile, 14, { source: 'podcast' }))
    expect(shares(await report('model=last_touch'))).toEqual({ meta: 100, newsletter: 0 })
    await send(track('form_submitted', { anonymousId: sally.mobile, properties: { email: `${sally.laptop}@example.com` } }))
    expect(shares(await report('model=linear'))).toEqual({ newsletter: 25, google: 25, podcast: 25, meta: 25 })
  })

  test('counts a visit that an offline browser tells of late', async () => {
    await report()
    await send(comes(sally.laptop, 2, { source: 'friend' }))
    expect(shares(await report('model=linear'))).toEqual({ newsletter: 25, google: 25, friend: 25, meta: 25 })
  })

  test('stands beside the period before', async () => {
    await report()
    const { totals, previous, groups } = await call('GET', '/reports/attribution?from=2026-04-01&to=2026-05-01')
    expect(totals).toMatchObject({ registered: 0, rate: null, conversions: 0, revenue: 0 })
    expect(previous).toMatchObject({ registered: 1, converted: 1, rate: 1, conversions: 1, revenue: 100 })
    expect(groups).toMatchObject([
      { value: 'meta', revenue: 0, previous: { registered: 0, revenue: 100 } },
      { value: 'newsletter', registered: 0, previous: { registered: 1, revenue: 0 } },
    ])
  })
})

test('a funnel has its own people, goal and currency; other currencies stand apart', async () => {
  await call('POST', '/funnels', { name: 'Calls', funnel_id: 'calls', goal: 'call', currency: 'EUR' })
  await send(
    comes(sally.laptop, 1, { source: 'ads' }),
    registers(sally.laptop, 1, 'calls'),
    track('call_booked', {
      anonymousId: sally.laptop,
      timestamp: at(2),
      properties: { funnel_id: 'calls', booking_id: 'b1', currency: 'USD' },
    }),
    buys(sally.laptop, 3, 70, { funnel_id: 'calls', currency: 'EUR', order_id: 'o1' }),
    buys(sally.laptop, 3, 30, { funnel_id: 'calls', currency: 'USD', order_id: 'o2' }),
    registers(sarah.laptop, 2),
  )
  const found = await report('funnel_id=calls')
  expect(found).toMatchObject({ funnel_id: 'calls', currency: 'EUR' })
  expect(found.groups).toMatchObject([{ value: 'ads', registered: 1, converted: 1, conversions: 1, revenue: 70 }])
  expect(found.other_currencies).toEqual([{ currency: 'USD', conversions: 2, revenue: 30 }])
  const all = await report()
  expect(all).toMatchObject({ funnel_id: null, currency: 'USD', totals: { registered: 2, conversions: 3, revenue: 30 } })
  expect(all.other_currencies).toEqual([{ currency: 'EUR', conversions: 1, revenue: 70 }])
})

test('names the greatest groups and sums up the rest', async () => {
  await send(...['a', 'b', 'c'].flatMap((source, k) => [comes(source, 1, { source }), buys(source, 2, 10 * (k + 1))]))
  const { groups, others, totals } = await report('limit=1')
  expect(groups).toMatchObject([{ value: 'c', conversions: 1, revenue: 30 }])
  expect(others).toMatchObject({ groups: 2, conversions: 2, revenue: 30 })
  expect(totals).toMatchObject({ conversions: 3, revenue: 60 })
  // Those behind the rest.
  const { data } = await call('GET', `/reports/attribution/people?${MARCH}&of=converted&groups=1`)
  expect(data).toHaveLength(2)
  expect((await call('GET', `/reports/attribution/people?${MARCH}&of=converted&groups=3`)).data).toEqual([])
})

test('a day begins where the report is', async () => {
  const timestamp = '2026-03-02T22:30:00Z'
  await send(
    comes(sally.laptop, 1, { source: 'ads' }),
    track('registration', { anonymousId: sally.laptop, timestamp, properties: { email: 'sally@example.com' } }),
    track('purchase_completed', {
      anonymousId: sally.laptop,
      timestamp,
      properties: { amount: 5, currency: 'USD', order_id: 'o' },
    }),
  )
  await report()
  const on = async (day: string, time_zone: string) => {
    const { totals, previous } = await call('GET', `/reports/attribution?from=${day}&to=${day}&time_zone=${time_zone}`)
    const { data } = await call('GET', `/reports/attribution/people?from=${day}&to=${day}&time_zone=${time_zone}&value=ads`)
    return [
      totals.registered,
      totals.revenue,
      previous.registered,
      previous.revenue,
      ...data.map((person: { day: string }) => person.day),
    ]
  }
  expect(await on('2026-03-02', 'UTC')).toEqual([1, 5, 0, 0, '2026-03-02'])
  expect(await on('2026-03-03', 'UTC')).toEqual([0, 0, 1, 5])
  expect(await on('2026-03-02', 'Asia/Tokyo')).toEqual([0, 0, 0, 0])
  expect(await on('2026-03-03', 'Asia/Tokyo')).toEqual([1, 5, 0, 0, '2026-03-03'])
  expect(await on('2026-03-04', 'Asia/Tokyo')).toEqual([0, 0, 1, 5])
  expect(await on('2026-03-03', 'Asia/Kathmandu')).toEqual([1, 5, 0, 0, '2026-03-03'])
})

test('tells 500 invented sources of a day apart, sums up the rest, and takes back what it counted there', async () => {
  const everybody = Array.from({ length: 507 }, (_, k) => `x${String(k).padStart(3, '0')}`)
  for (let k = 0; k < everybody.length; k += 100)
    await send(
      ...everybody.slice(k, k + 100).flatMap(who => [comes(who, 1, { source: who }), registers(who, 1), buys(who, 1, 1)]),
    )
  const found = await report('limit=500')
  expect(found.groups).toHaveLength(500)
  expect(found.others).toMatchObject({ groups: null, registered: 7, conversions: 7, revenue: 7 })
  expect(found.totals).toMatchObject({ registered: 507, conversions: 507, revenue: 507 })
  const { data } = await call('GET', '/conversions?limit=20&sort=-converted_at')
  for (const { id } of data)
    await fresh.app.inject({ method: 'DELETE', url: `/api/v1/conversions/${id}`, headers: bearer(tenant.secret_key) })
  const after = await report('limit=500')
  expect(after.totals).toMatchObject({ registered: 507, conversions: 487, revenue: 487 })
  expect(await rebuildAttribution(fresh.database, tenant.workspace_id)).toEqual({
    attributions: 0,
    attribution_days: 0,
    source_days: 0,
  })
})

test('every number leads to the people in it, page by page', async () => {
  await send(
    comes(sally.laptop, 1, { source: 'newsletter' }),
    registers(sally.laptop, 1),
    comes(sally.laptop, 5, { source: 'google' }),
    buys(sally.laptop, 6, 80),
    ...[2, 3, 4].flatMap(day => [comes(`nobody ${day}`, day, { source: 'google' }), buys(`nobody ${day}`, day, 10)]),
  )
  await report()
  const people = (query: string) => call('GET', `/reports/attribution/people?${MARCH}&${query}`)
  const registered = await people('value=newsletter')
  const email = `${sally.laptop}@example.com`
  expect(registered).toMatchObject({ data: [{ email, day: '2026-03-01', conversions: null, revenue: null }], next_cursor: null })
  const first = await people('value=google&of=converted&model=linear&limit=2')
  expect(first.data).toMatchObject([
    { email, visitor_id: null, day: '2026-03-06', conversions: 0.5, revenue: 40 },
    { email: null, contact_id: null, day: '2026-03-04', conversions: 1, revenue: 10 },
  ])
  const second = await people(`value=google&of=converted&model=linear&limit=2&cursor=${first.next_cursor}`)
  expect(second.data.map((person: { day: string }) => person.day)).toEqual(['2026-03-03', '2026-03-02'])
  expect(second.next_cursor).toBeNull()
  expect((await people('value=newsletter&of=converted&model=last_touch')).data).toEqual([])
  expect((await people('by=medium')).data).toHaveLength(1)
  expect((await people('value=newsletter&funnel_id=nowhere')).data).toEqual([])
})

test('of more than fifty visits the first and the newest count', async () => {
  const visits = Array.from({ length: 60 }, (_, k) =>
    page('Home', {
      anonymousId: sally.laptop,
      timestamp: new Date(Date.UTC(2026, 2, 1, k * 2)).toISOString(),
      context: { page: { url: 'https://shop.example/' }, campaign: { source: `s${k}` } },
    }),
  )
  await send(...visits, buys(sally.laptop, 20, 50))
  const { groups } = await report('model=linear&limit=500')
  expect(groups).toHaveLength(50)
  expect(groups.every(group => group.revenue === 1)).toBe(true)
  expect(groups.map(group => group.value).sort()).toEqual(['s0', ...Array.from({ length: 49 }, (_, k) => `s${k + 11}`)].sort())
})

test('what has no end, no model or no dimension is refused by name', async () => {
  for (const [query, field] of [
    ['from=2026-02-30', 'from'],
    ['model=magic', 'model'],
    ['by=colour', 'by'],
    ['limit=0', 'limit'],
  ]) {
    const answer = await ask('GET', `/reports/attribution?${query}`)
    expect(answer.statusCode).toBe(400)
    expect(answer.json().error.fields).toHaveProperty([field!])
  }
})
