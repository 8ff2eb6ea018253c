import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { EngagementReport, JourneyPerson, OverviewReport } from '../../../shared/journeys.ts'
import { type FreshApp, freshApp, type Tenant } from '../../../test/app.ts'
import { basic, batch, bearer, track } from '../../../test/people.ts'
import { relay } from '../../activities/relay.ts'
import { followAll } from '../../journeys/follow.ts'
import { noticeJourneys } from '../../journeys/notice.ts'

let fresh: FreshApp
beforeAll(async () => {
  fresh = await freshApp()
})

type Doing = { who: string; at: string; event: string; properties?: Record<string, unknown>; context?: Record<string, unknown> }

async function happens(tenant: Tenant, all: Doing[]) {
  const messages = all.map(({ who, at, event, properties = {}, context }) => {
    const said = event === 'registration' ? { email: `${who}@example.com`, first_name: who, ...properties } : properties
    return track(event, { anonymousId: who, timestamp: at, properties: said, ...(context && { context }) })
  })
  const headers = { ...basic(tenant.write_key), 'content-type': 'application/json' }
  const answer = await fresh.app.inject({ method: 'POST', url: '/v1/batch', headers, payload: batch(...messages) })
  expect(answer.json()).toEqual({ success: true })
  await follow()
}

async function follow() {
  const { system } = fresh.database
  while (await relay(system, { journeys: noticeJourneys }));
  while (await followAll(system));
}

async function get<T>(tenant: Tenant, path: string): Promise<T> {
  const answer = await fresh.app.inject({ method: 'GET', url: `/api/v1/reports/${path}`, headers: bearer(tenant.secret_key) })
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json()
}

const progress = (who: string, at: string, watch_percentage: number, properties = {}): Doing => ({
  who,
  at,
  event: 'video_progress',
  properties: { watch_percentage, video_id: 'v', seconds_watched: watch_percentage * 6, ...properties },
})

describe('one spring in a bread school', () => {
  let school: Tenant
  const spring = 'from=2026-04-01&to=2026-04-30'
  beforeAll(async () => {
    school = await fresh.another('Bread school')
    const newsletter = { campaign: { source: 'newsletter' } }
    await happens(school, [
      { who: 'ann', at: '2026-04-02T08:00:00Z', event: 'registration_page_viewed', context: newsletter },
      { who: 'ann', at: '2026-04-02T08:05:00Z', event: 'registration' },
      { who: 'ann', at: '2026-04-02T09:00:00Z', event: 'watch_page_viewed' },
      progress('ann', '2026-04-02T09:10:00Z', 75),
      { who: 'ann', at: '2026-04-03T09:00:00Z', event: 'enrollment_viewed' },
      {
        who: 'ann',
        at: '2026-04-03T10:00:00Z',
        event: 'purchase_completed',
        properties: { amount: 100, currency: 'USD', order_id: 'a' },
      },
      {
        who: 'ann',
        at: '2026-04-20T10:00:00Z',
        event: 'purchase_completed',
        properties: { amount: 50.5, currency: 'USD', order_id: 'b' },
      },
      { who: 'ben', at: '2026-04-10T23:30:00Z', event: 'registration' },
      progress('ben', '2026-05-02T10:00:00Z', 30),
      { who: 'ben', at: '2026-05-02T11:00:00Z', event: 'video_replayed', properties: { video_id: 'v' } },
      { who: 'cem', at: '2026-04-11T10:00:00Z', event: 'registration' },
      { who: 'dora', at: '2026-03-15T10:00:00Z', event: 'registration' },
      progress('dora', '2026-04-05T10:00:00Z', 100),
    ])
  })

  test('the overview says what happened, and how far those came who registered', async () => {
    const report = await get<OverviewReport>(school, `overview?${spring}&interval=week`)
    expect(report).toMatchObject({ currency: 'USD', previous_from: '2026-03-02', previous_to: '2026-03-31', time_zone: 'UTC' })
    expect(report.totals).toEqual({
      registration_views: 1, registrations: 3, confirmations: 0, views: 2, offer_views: 1, conversions: 2, converted: 1, revenue: 150.5,
    }) // biome-ignore format: one word after the other
    expect(report.previous).toMatchObject({ registrations: 1, views: 0, revenue: 0 })
    expect(report.steps.map(({ step, people, rate }) => [step, people, rate])).toEqual([
      ['registered', 3, 1],
      ['viewed', 2, 0.6667],
      ['watched_25', 2, 0.6667],
      ['watched_50', 1, 0.3333],
      ['watched_75', 1, 0.3333],
      ['offer_viewed', 1, 0.3333],
      ['converted', 1, 0.3333],
    ])
    expect(report.steps[4]!.previous).toEqual({ people: 1, rate: 1 })
    expect(report.rates.map(({ name, value }) => [name, value])).toEqual([
      ['registration_to_view', 0.6667],
      ['view_to_25', 1],
      ['hot_to_conversion', 1],
      ['registration_to_conversion', 0.3333],
    ])
    expect(report.series.map(({ day, registrations, revenue }) => [day, registrations, revenue])).toEqual([
      ['2026-04-01', 1, 100],
      ['2026-04-06', 2, 0],
      ['2026-04-13', 0, 0],
      ['2026-04-20', 0, 50.5],
      ['2026-04-27', 0, 0],
    ])
  })

  test('a day begins where the report is', async () => {
    const of = async (time_zone: string) => {
      const report = await get<OverviewReport>(school, `overview?from=2026-04-10&to=2026-04-11&time_zone=${time_zone}`)
      return report.series.map(day => day.registrations)
    }
    expect(await of('UTC')).toEqual([1, 1])
    expect(await of('Europe/Berlin')).toEqual([0, 2])
    expect(await of('Asia/Kathmandu')).toEqual([0, 2])
    expect(await of('America/New_York')).toEqual([1, 1])
  })

  test('engagement says how much they watched', async () => {
    const report = await get<EngagementReport>(school, `engagement?${spring}`)
    expect(report.totals).toEqual({
      registered: 3, watched: 2, average_percentage: 52.5, average_seconds: 315, completion_rate: 0, replay_rate: 0.5, converted: 1,
      seconds_to_conversion: 93_300,
    }) // biome-ignore format: one word after the other
    expect(report.previous).toMatchObject({ registered: 1, completion_rate: 1 })
    expect(report.segments.map(({ segment, people, previous }) => [segment, people, previous])).toEqual([
      ['no_show', 1, 0],
      ['skimmer', 0, 0],
      ['sampler', 1, 0],
      ['engaged', 0, 0],
      ['hot', 1, 1],
      [null, 0, 0],
    ])
    expect(report.histogram.filter(({ people }) => people > 0)).toEqual([
      { from: 0, to: 0, people: 1 },
      { from: 30, to: 39, people: 1 },
      { from: 70, to: 79, people: 1 },
    ])
    expect(report.time_to_conversion.find(({ people }) => people > 0)).toEqual({ within: 'week', people: 1 })
  })

  test('the people behind a bar come page by page', async () => {
    const of = async (query: string) => {
      const names: (string | null)[] = []
      for (let cursor = ''; ; ) {
        const page = await get<{ data: JourneyPerson[]; next_cursor: string | null }>(
          school,
          `journeys/people?${spring}&limit=1&${query}${cursor && `&cursor=${cursor}`}`,
        )
        names.push(...page.data.map(person => person.name))
        if (page.next_cursor === null) return names
        cursor = page.next_cursor
      }
    }
    expect(await of('')).toEqual(['cem', 'ben', 'ann'])
    expect(await of('step=watched_50')).toEqual(['ann'])
    expect(await of('step=watched_50&dropped=true')).toEqual(['ben'])
    expect(await of('segment=no_show')).toEqual(['cem'])
    expect(await of('percent_from=30&percent_to=39')).toEqual(['ben'])
    expect(await of('utm_source=newsletter')).toEqual(['ann'])
    expect(await of('within=week')).toEqual(['ann'])
    for (const within of ['hour', 'day', 'month', 'later']) expect(await of(`within=${within}`)).toEqual([])
  })

  test('filters leave those who are wanted, with their money', async () => {
    const ann = await get<OverviewReport>(school, `overview?${spring}&utm_source=newsletter`)
    expect(ann.totals).toMatchObject({ registrations: 1, conversions: 2, revenue: 150.5 })
    const sampler = await get<OverviewReport>(school, `overview?${spring}&segment=sampler`)
    expect(sampler.totals).toMatchObject({ registrations: 1, conversions: 0, revenue: 0 })
    const no_show = await get<OverviewReport>(school, `overview?${spring}&segment=no_show`)
    expect(no_show.totals).toMatchObject({ registrations: 1, views: 0 })
    const both = await get<OverviewReport>(school, `overview?${spring}&segment=hot&utm_source=newsletter`)
    expect(both.totals).toMatchObject({ registrations: 1, conversions: 2 })
    expect((await get<EngagementReport>(school, `engagement?${spring}&segment=hot`)).totals).toMatchObject({
      registered: 1,
      watched: 1,
    })
  })
})

test('any rule about contacts leaves those who fit it', async () => {
  const tenant = await fresh.another()
  const joins = (who: string): Doing => ({ who, at: '2026-04-02T08:00:00Z', event: 'registration' })
  await happens(tenant, [joins('ann'), joins('ben'), joins('cem')])
  const asked = (rule: object, more = '') =>
    `from=2026-04-01&to=2026-04-30${more}&rule=${encodeURIComponent(JSON.stringify(rule))}`
  const is = (value: string) => ({ kind: 'property', name: 'first_name', is: 'equals', value })
  const two = { any: [is('ann'), is('cem')] }
  expect((await get<OverviewReport>(tenant, `overview?${asked(two)}`)).totals.registrations).toBe(2)
  expect((await get<EngagementReport>(tenant, `engagement?${asked({ not: two })}`)).totals.registered).toBe(1)
  expect((await get<OverviewReport>(tenant, `overview?${asked(two, '&segment=hot')}`)).totals.registrations).toBe(0)
  const people = await get<{ data: JourneyPerson[] }>(tenant, `journeys/people?${asked(two)}`)
  expect(people.data.map(person => person.name).sort()).toEqual(['ann', 'cem'])
})

test('whoever has the rest of their first day to begin is no no_show yet', async () => {
  const tenant = await fresh.another()
  const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString()
  await happens(tenant, [
    { who: 'ann', at: ago(23), event: 'registration' },
    { who: 'cem', at: ago(23.9), event: 'registration' }, // most often in the quarter of an hour in which the day began
    { who: 'ben', at: ago(25), event: 'registration' },
    { who: 'ben', at: ago(24.5), event: 'enrollment_viewed' },
  ])
  const { totals } = await get<OverviewReport>(tenant, 'overview?segment=no_show')
  expect(totals).toMatchObject({ registrations: 1, offer_views: 1 })
  const anybody = `rule=${encodeURIComponent(JSON.stringify({ kind: 'property', name: 'email', is: 'is_set' }))}`
  for (const filter of ['', anybody]) {
    const { segments } = await get<EngagementReport>(tenant, `engagement?${filter}`)
    expect(segments.filter(({ people }) => people > 0)).toMatchObject([
      { segment: 'no_show', people: 1 },
      { segment: null, people: 2 },
    ])
  }
  const { segments } = await get<EngagementReport>(tenant, 'engagement?segment=no_show')
  expect(segments.filter(({ people }) => people > 0)).toMatchObject([{ segment: 'no_show', people: 1 }])
})

test('a segment of one’s own leaves its members', async () => {
  const tenant = await fresh.another()
  await happens(tenant, [
    { who: 'ann', at: '2026-04-02T08:00:00Z', event: 'registration' },
    { who: 'ben', at: '2026-04-02T08:00:00Z', event: 'registration' },
  ])
  const { system } = fresh.database
  const [segment] = await system<{ id: number }[]>`
    with made as (
      insert into segments (workspace_id, name, rule, uses_time) values (${tenant.workspace_id}, 'Anns', '{}', false) returning workspace_id, id
    ), filled as (
      insert into segment_members (workspace_id, segment_id, contact_id)
      select c.workspace_id, m.id, c.id from made m join contacts c on c.workspace_id = m.workspace_id and c.first_name = 'ann'
    )
    select id from made`
  const period = `from=2026-04-01&to=2026-04-30&segment_id=${segment!.id}`
  expect((await get<OverviewReport>(tenant, `overview?${period}`)).totals.registrations).toBe(1)
  const people = await get<{ data: JourneyPerson[] }>(tenant, `journeys/people?${period}`)
  expect(people.data.map(person => person.name)).toEqual(['ann'])
})

test('what a conversion is, and its money, is the funnel’s', async () => {
  const tenant = await fresh.another()
  const post = (path: string, payload: object, method: 'POST' | 'PATCH' = 'POST') =>
    fresh.app.inject({ method, url: `/api/v1${path}`, payload, headers: bearer(tenant.secret_key) })
  const funnel = (await post('/funnels', { name: 'Calls', funnel_id: 'calls', goal: 'call', currency: 'EUR' })).json<{
    id: number
  }>()
  await happens(tenant, [
    { who: 'ann', at: '2026-04-02T08:00:00Z', event: 'registration', properties: { funnel_id: 'calls' } },
    { who: 'ann', at: '2026-04-03T08:00:00Z', event: 'call_booked', properties: { funnel_id: 'calls', booking_id: 'b' } },
    { who: 'ben', at: '2026-04-02T08:00:00Z', event: 'registration', properties: { funnel_id: 'calls' } },
    {
      who: 'ben',
      at: '2026-04-03T08:00:00Z',
      event: 'purchase_completed',
      properties: { funnel_id: 'calls', amount: 9, currency: 'EUR', order_id: 'x' },
    },
    {
      who: 'cem',
      at: '2026-04-03T08:00:00Z',
      event: 'purchase_completed',
      properties: { amount: 7, currency: 'USD', order_id: 'y' },
    },
  ])
  const of = async (funnel_id?: string) => {
    const report = await get<OverviewReport>(
      tenant,
      `overview?from=2026-04-01&to=2026-04-30${funnel_id ? `&funnel_id=${funnel_id}` : ''}`,
    )
    const { conversions, converted, revenue } = report.totals
    return { conversions, converted, revenue, currency: report.currency }
  }
  expect(await of('calls')).toEqual({ conversions: 1, converted: 1, revenue: 9, currency: 'EUR' })
  expect(await of()).toEqual({ conversions: 3, converted: 3, revenue: 7, currency: 'USD' })
  expect(await of('none')).toEqual({ conversions: 0, converted: 0, revenue: 0, currency: 'USD' })
  await post(`/funnels/${funnel.id}`, { goal: 'purchase' }, 'PATCH')
  await follow()
  await follow()
  expect(await of('calls')).toEqual({ conversions: 1, converted: 1, revenue: 9, currency: 'EUR' })
  const people = await get<{ data: JourneyPerson[] }>(
    tenant,
    'journeys/people?funnel_id=calls&from=2026-04-01&to=2026-04-30&step=converted',
  )
  expect(people.data.map(person => person.name)).toEqual(['ben'])
})

test('a conversion that names no funnel that could be one counts for the workspace', async () => {
  const tenant = await fresh.another()
  await happens(tenant, [{ who: 'ann', at: '2026-04-02T08:00:00Z', event: 'registration' }])
  const [contact] = await fresh.database.system<
    { id: number }[]
  >`select id from contacts where workspace_id = ${tenant.workspace_id}`
  const payload = {
    contact_id: contact!.id,
    type: 'sale',
    value: 5,
    converted_at: '2026-04-03T08:00:00Z',
    data: { funnel_id: 'f'.repeat(9000) },
  }
  const answer = await fresh.app.inject({
    method: 'POST',
    url: '/api/v1/conversions',
    payload,
    headers: bearer(tenant.secret_key),
  })
  expect(answer.statusCode, answer.body).toBe(201)
  await follow()
  const { totals } = await get<OverviewReport>(tenant, 'overview?from=2026-04-01&to=2026-04-30')
  expect(totals).toMatchObject({ conversions: 1, converted: 1, revenue: 5 })
})

test('filtered by everything that everybody is, a report says the same as without', async () => {
  const tenant = await fresh.another()
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l']
  const who = fc.constantFrom(...names)
  const at = fc
    .integer({ min: 0, max: 96 * 20 })
    .map(quarters => new Date(Date.parse('2026-04-01') + quarters * 900_000).toISOString())
  const event = fc.constantFrom(
    'registration_page_viewed', 'registration', 'registration_confirmed', 'watch_page_viewed', 'video_progress', 'video_replayed',
    'enrollment_viewed', 'purchase_completed',
  ) // biome-ignore format: one word after the other
  const percent = fc.integer({ min: 0, max: 100 })
  const doings = fc.sample(fc.record({ who, at, event, percent }), { numRuns: 120, seed: 3 })
  const context = { campaign: { source: 'x' } }
  const sold = (k: number) => ({ amount: k, order_id: `${k}`, currency: 'USD' })
  const watched = (percent: number) => ({ watch_percentage: percent, video_id: 'v', seconds_watched: percent * 6 })
  await happens(tenant, [
    ...names.map((who, k) => ({ who, at: `2026-04-${10 + k}T08:00:00Z`, event: 'registration', context })),
    ...doings.map(({ percent, ...doing }, k) => ({
      ...doing,
      context,
      properties: doing.event === 'purchase_completed' ? sold(k) : watched(percent),
    })),
  ])
  const period = 'from=2026-04-03&to=2026-04-18&time_zone=Asia/Kathmandu'
  const anybody = encodeURIComponent(JSON.stringify({ kind: 'property', name: 'email', is: 'is_set' }))
  for (const path of ['overview', 'engagement']) {
    const all = await get(tenant, `${path}?${period}`)
    expect(await get(tenant, `${path}?${period}&utm_source=x`)).toEqual(all)
    expect(await get(tenant, `${path}?${period}&utm_source=x&rule=${anybody}`)).toEqual(all)
  }
})

test.each([
  ['overview?time_zone=Mars', 'time_zone'],
  ['overview?from=2026-05-02&to=2026-05-01', 'from'],
  ['engagement?from=yesterday', 'from'],
  ['engagement?segment=cold', 'segment'],
  ['journeys/people?dropped=true', 'dropped'],
  ['overview?rule=gold', 'rule'],
  ['overview?rule={"kind":"property","name":"plan"}', 'rule.is'],
])('%s is answered with what to write instead', async (path, field) => {
  const answer = await fresh.app.inject({ method: 'GET', url: `/api/v1/reports/${path}`, headers: bearer(fresh.secret_key) })
  expect(answer.statusCode).toBeGreaterThanOrEqual(400)
  expect(answer.statusCode).toBeLessThan(500)
  expect(JSON.stringify(answer.json().error.fields)).toContain(field)
})
