import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { AppointmentReport, ConversionReport, LeadReport } from '../../shared/reports.ts'
import { type FreshApp, freshApp, type Tenant } from '../../test/app.ts'
import { bearer, john, sally } from '../../test/people.ts'
import { signedIn } from '../../test/session.ts'
import { makeLead } from '../conversions/leads.fixture.ts'

let fresh: FreshApp
let tenant: Tenant
beforeAll(async () => {
  fresh = await freshApp()
})
beforeEach(async () => {
  tenant = await fresh.another()
})

const ask = (method: 'GET' | 'POST', url: string, payload?: object, headers: object = bearer(tenant.secret_key)) =>
  fresh.app.inject({ method, url: `/api/v1${url}`, headers: { ...headers }, ...(payload ? { payload } : {}) })
const call = async (method: 'GET' | 'POST', url: string, payload?: object) => {
  const answer = await ask(method, url, payload)
  expect(answer.statusCode, answer.body).toBeLessThan(300)
  return answer.json()
}
const contact = async ({ email }: { email: string }): Promise<number> => (await call('POST', '/contacts', { email })).id
const leadReport = (query: string): Promise<LeadReport> => call('GET', `/reports/leads?${query}`)
const report = (query: string): Promise<ConversionReport> => call('GET', `/reports/conversions?${query}`)
const dayBefore = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)

describe('the report of leads', () => {
  /** Days before today, as they were counted then. */
  async function earlier(
    day: string,
    value: string,
    counts: { leads: number; converted?: number; revenue?: number; seconds?: number },
  ) {
    const { leads, converted = 0, revenue = 0, seconds = 0 } = counts
    await fresh.database.system`
      insert into lead_days (workspace_id, day, dimension, value, leads, converted, revenue, seconds)
      values (${tenant.workspace_id}, ${day}, 'source', ${value}, ${leads}, ${converted}, ${revenue}, ${seconds})`
  }

  test('says of each source how many came, converted and paid, with the period before beside it', async () => {
    const contact_id = await contact(sally)
    const google = [
      await makeLead(fresh, tenant, { contact_id, source: 'google' }),
      await makeLead(fresh, tenant, { contact_id, source: 'google' }),
    ]
    await makeLead(fresh, tenant, { contact_id })
    await makeLead(fresh, tenant, { contact_id, source: 'google', is_test: true })
    const { id } = await call('POST', '/conversions', { lead_id: google[0]!, value: 100.1 })
    await call('POST', `/conversions/${id}/refunds`, { amount: 0.3 })
    await earlier(dayBefore(31), 'google', { leads: 3, converted: 2, revenue: 20, seconds: 240 })
    await earlier(dayBefore(31), 'meta', { leads: 1 })
    await earlier(dayBefore(60), 'google', { leads: 99 })

    const found = await leadReport('by=source')
    expect(found).toMatchObject({
      from: dayBefore(29),
      to: dayBefore(0),
      previous_from: dayBefore(59),
      previous_to: dayBefore(30),
    })
    expect(found).toMatchObject({ time_zone: 'UTC', currency: 'USD', interval: 'day', by: 'source', others: null })
    expect(found.totals).toMatchObject({ leads: 3, converted: 1, rate: 0.3333, revenue: 99.8 })
    expect(found.previous).toEqual({ leads: 4, converted: 2, rate: 0.5, revenue: 20, seconds_to_conversion: 120 })
    expect(found.groups).toMatchObject([
      { value: 'google', label: null, leads: 2, converted: 1, rate: 0.5, revenue: 99.8, previous: { leads: 3, rate: 0.6667 } },
      { value: '', leads: 1, converted: 0, rate: 0, seconds_to_conversion: null, previous: { leads: 0, rate: null } },
      { value: 'meta', leads: 0, rate: null, previous: { leads: 1 } },
    ])
    expect(found.series).toHaveLength(30)
    expect(found.series.at(-1)).toMatchObject({ day: dayBefore(0), leads: 3, revenue: 99.8 })
    expect(found.series[0]).toMatchObject({ day: dayBefore(29), leads: 0, rate: null, revenue: 0 })
    expect(found.previous_series.find(point => point.leads > 0)).toMatchObject({ day: dayBefore(31), leads: 4 })
  })

  test('names what is a number: webhooks, people, types', async () => {
    const { user_id } = await signedIn(fresh, 'agent', tenant.workspace_id)
    const webhook = await call('POST', '/intake-webhooks', { name: 'Summer form', lead_type: 'solar', default_owner_id: user_id })
    await fresh.app.inject({ method: 'POST', url: `/intake/${webhook.webhook_id}`, payload: { email: sally.email } })
    expect((await leadReport('by=webhook')).groups).toMatchObject([{ value: String(webhook.id), label: 'Summer form', leads: 1 }])
    expect((await leadReport('by=assignee')).groups).toMatchObject([{ value: String(user_id), label: 'agent' }])
    expect((await leadReport('by=lead_type')).groups).toMatchObject([{ value: 'solar', label: 'Solar' }])
    for (const by of ['campaign', 'provider', 'product', 'state'])
      expect((await leadReport(`by=${by}`)).groups).toMatchObject([{ value: '', label: null, leads: 1 }])
  })

  test('keeps the greatest groups and sums up the rest', async () => {
    for (const [k, source] of ['a', 'b', 'c', 'd'].entries())
      await earlier(dayBefore(1), source, { leads: 10 - k, converted: 1, revenue: 5 })
    const { groups, others, totals } = await leadReport('limit=2')
    expect(groups.map(group => group.value)).toEqual(['a', 'b'])
    expect(others).toMatchObject({ groups: 2, leads: 15, converted: 2, revenue: 10, previous: { leads: 0 } })
    expect(totals).toMatchObject({ leads: 34, revenue: 20 })
  })

  test('groups days into weeks from Monday and into months, cut at the ends of the period', async () => {
    await earlier('2026-03-01', 'google', { leads: 1 }) // a Sunday
    await earlier('2026-03-02', 'google', { leads: 2 })
    await earlier('2026-03-31', 'google', { leads: 4 })
    const period = 'from=2026-02-27&to=2026-04-02'
    const weeks = (await leadReport(`${period}&interval=week`)).series
    expect(weeks.map(point => [point.day, point.leads])).toEqual([
      ['2026-02-27', 1],
      ['2026-03-02', 2],
      ['2026-03-09', 0],
      ['2026-03-16', 0],
      ['2026-03-23', 0],
      ['2026-03-30', 4],
    ])
    const months = (await leadReport(`${period}&interval=month`)).series
    expect(months.map(point => [point.day, point.leads])).toEqual([
      ['2026-02-27', 0],
      ['2026-03-01', 7],
      ['2026-04-01', 0],
    ])
  })

  test('is empty, and not an error, where nothing happened', async () => {
    const found = await leadReport('from=2026-01-01&to=2026-01-01')
    expect(found).toMatchObject({ groups: [], others: null, totals: { leads: 0, rate: null, revenue: 0 } })
    expect(found.series).toEqual([
      { day: '2026-01-01', leads: 0, converted: 0, rate: null, revenue: 0, seconds_to_conversion: null },
    ])
  })

  test.each([
    ['from=2026-02-30', 'from'],
    ['to=2026-13-01', 'to'],
    ['from=2026-02-02&to=2026-02-01', 'from'],
    ['from=2001-01-01&to=2026-02-01', 'from'],
    ['from=yesterday', 'from'],
    ['by=colour', 'by'],
  ])('%s is refused by name', async (query, field) => {
    const answer = await ask('GET', `/reports/leads?${query}`)
    expect(answer.statusCode).toBe(400)
    expect(answer.json().error.fields).toHaveProperty([field])
  })
})

describe('the report of conversions', () => {
  const sell = (contact_id: number, given: object) => call('POST', '/conversions', { contact_id, ...given })

  test('counts them in any currency and sums the one of the workspace, with the period before', async () => {
    const contact_id = await contact(sally)
    const on = (day: string, given: object) => sell(contact_id, { converted_at: `${day}T23:59:59Z`, ...given })
    await on('2026-03-10', { value: 100 })
    await on('2026-03-11', { value: 0.1 })
    await on('2026-03-11', { value: 0.2 })
    await on('2026-03-11', { value: 50, currency: 'EUR' })
    await on('2026-03-12', { value: 70, type: 'contract' })
    await on('2026-03-12', { value: 999, is_test: true })
    const gone = await on('2026-03-12', { value: 999 })
    await fresh.app.inject({ method: 'DELETE', url: `/api/v1/conversions/${gone.id}`, headers: bearer(tenant.secret_key) })
    const { id } = await on('2026-03-08', { value: 40 })
    await call('POST', `/conversions/${id}/refunds`, { amount: 15 })
    const found = await report('from=2026-03-10&to=2026-03-12')
    expect(found).toMatchObject({ previous_from: '2026-03-07', previous_to: '2026-03-09', time_zone: 'UTC', currency: 'USD' })
    expect(found.totals).toEqual({ conversions: 5, revenue: 170.3, refunded: 0 })
    expect(found.previous).toEqual({ conversions: 1, revenue: 25, refunded: 15 })
    expect(found.groups).toEqual([
      { value: 'sale', conversions: 4, revenue: 100.3, refunded: 0, previous: { conversions: 1, revenue: 25, refunded: 15 } },
      { value: 'contract', conversions: 1, revenue: 70, refunded: 0, previous: { conversions: 0, revenue: 0, refunded: 0 } },
    ])
    expect(found.other_currencies).toEqual([{ currency: 'EUR', conversions: 1, revenue: 50, refunded: 0 }])
    expect(found.series.map(point => [point.day, point.conversions, point.revenue])).toEqual([
      ['2026-03-10', 1, 100],
      ['2026-03-11', 3, 0.3],
      ['2026-03-12', 1, 70],
    ])
    const by_day = (await report('from=2026-03-10&to=2026-03-12&by=day&limit=2')).groups
    expect(by_day.map(group => [group.value, group.conversions, group.previous.conversions])).toEqual([
      ['2026-03-12', 1, 0],
      ['2026-03-11', 3, 1],
    ])
  })

  test('shows nothing of another tenant', async () => {
    await sell(await contact(john), { value: 5 })
    const other = await fresh.another()
    const answer = await ask('GET', '/reports/conversions', undefined, bearer(other.secret_key))
    expect(answer.json()).toMatchObject({ totals: { conversions: 0, revenue: 0 }, groups: [] })
  })
})

describe('the report of appointments', () => {
  test('says of each person how many came, and what came of it; nothing that is only held or a test counts', async () => {
    const tom = await signedIn(fresh, 'agent', tenant.workspace_id)
    const contact_id = await contact(sally)
    const tomorrow = Math.ceil(Date.now() / 3_600_000) * 3_600_000 + 24 * 3_600_000
    const at = (k: number) => new Date(tomorrow + k * 3_600_000).toISOString()
    const book = async (k: number, more: object = {}): Promise<number> =>
      (await call('POST', '/appointments', { contact_id, scheduled_at: at(k), allow_overlap: true, ...more })).id
    const his = { assigned_to: tom.user_id, product: 'roof' }
    const [won, lost, missed] = [await book(0, { ...his, estimated_value: 1200.5 }), await book(1, his), await book(2, his)]
    await book(3, { ...his, is_test: true })
    const gone = await book(4)
    await call('POST', `/appointments/${won}/complete`, { outcome: 'won' })
    await call('POST', `/appointments/${lost}/complete`, { outcome: 'lost' })
    await call('POST', `/appointments/${gone}/cancel`, {})
    const later = await book(5)
    const days = { from: at(0).slice(0, 10), to: at(48).slice(0, 10) }
    const asked = (by: string): Promise<AppointmentReport> =>
      call('GET', `/reports/appointments?by=${by}&from=${days.from}&to=${days.to}`)
    const found = await asked('assignee')
    const his_sums = { booked: 3, completed: 2, no_show: 0, cancelled: 0, won: 1, won_value: 1200.5, show_rate: 1 }
    expect(found.groups).toMatchObject([
      { value: String(tom.user_id), label: 'agent', ...his_sums },
      { value: '', label: null, booked: 2, cancelled: 1, show_rate: null },
    ])
    expect(found.totals).toMatchObject({ booked: 5, completed: 2, cancelled: 1, won: 1 })
    expect((await asked('product')).groups.map(({ value, booked }) => [value, booked])).toEqual([
      ['roof', 3],
      ['', 2],
    ])
    expect((await asked('type')).groups).toMatchObject([{ value: 'consultation', label: 'Consultation', booked: 5 }])
    expect(found.series.reduce((sum, { booked }) => sum + booked, 0)).toBe(5)
    await call('POST', `/appointments/${later}/assign`, { assigned_to: tom.user_id, allow_overlap: true })
    await call('POST', `/appointments/${missed}/reschedule`, { scheduled_at: at(30), allow_overlap: true })
    expect((await asked('assignee')).groups.map(({ booked }) => booked)).toEqual([4, 1])
    expect((await asked('assignee')).totals).toEqual(found.totals)
  })

  test('is of members of the workspace alone, and refuses what is no period', async () => {
    const refused = await ask('GET', '/reports/appointments?from=2026-02-02&to=2026-02-01')
    expect(refused.statusCode).toBe(400)
    expect(await call('GET', '/reports/appointments')).toMatchObject({ groups: [], totals: { booked: 0, show_rate: null } })
  })
})
