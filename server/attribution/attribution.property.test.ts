import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { ATTRIBUTION_MODELS, type AttributionReport } from '../../shared/attribution.ts'
import { type FreshApp, freshApp, type Tenant } from '../../test/app.ts'
import { basic, bearer } from '../../test/people.ts'
import { relay } from '../activities/relay.ts'
import { followAll } from '../journeys/follow.ts'
import { noticeJourneys } from '../journeys/notice.ts'
import { attribute } from './attribute.ts'
import { naiveShares, naiveSources } from './naive.fixture.ts'
import { noticeLateVisits } from './notice.ts'
import { rebuildAttribution } from './rebuild.ts'

/** Random people who are sent from somewhere, register, buy, give back, turn out to be one or two, and of whom one hears late. */

let fresh: FreshApp
beforeAll(async () => {
  fresh = await freshApp()
})

const START = Date.parse('2026-01-05T00:00:00Z')
/** What was longer than ninety days before counts no more. In order of nothing, so most of it comes late. */
const minute = fc.integer({ min: 0, max: 120 * 24 * 60 })
/** Visits also close to each other: what is within half an hour is one visit, but of another campaign. */
const soon = fc.integer({ min: 60 * 24 * 60, max: 60 * 24 * 60 + 90 })
const device = fc.constantFrom('d1', 'd2', 'd3', 'd4')
const funnel = fc.constantFrom('one', 'two', undefined)
const which = fc.nat(99)
const campaign = fc.record(
  {
    source: fc.constantFrom('google', 'meta', 'other'),
    medium: fc.constantFrom('cpc', 'email'),
    name: fc.constantFrom('spring', 'Frühling'),
    term: fc.constant('bread'),
    content: fc.constantFrom('a', 'b'),
  },
  { requiredKeys: [] },
)

const step = fc.oneof(
  {
    weight: 14,
    arbitrary: fc.record({
      kind: fc.constant('visits' as const),
      device,
      minute: fc.oneof(minute, soon),
      campaign: fc.option(campaign),
      referrer: fc.option(fc.constantFrom('https://news.example/a', 'https://blog.example/'), { freq: 2 }),
      code: fc.option(fc.constantFrom('ANNA', 'BEN'), { freq: 1 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('registers' as const),
      device,
      funnel,
      minute,
      email: fc.option(fc.constantFrom('e1', 'e2', 'e3')),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('goes on' as const),
      device,
      funnel,
      minute,
      event: fc.constantFrom('watch_page_viewed', 'video_started', 'enrollment_viewed'),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('buys' as const),
      device,
      funnel,
      minute,
      event: fc.constantFrom('purchase_completed', 'purchase_completed', 'call_booked'),
      amount: fc.constantFrom<unknown>(20, 0.01, 1234.57, -3, undefined),
      currency: fc.constantFrom('USD', 'USD', 'EUR'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('identify' as const), device, minute, user: fc.constantFrom('u1', 'u2') }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('sells' as const), which, minute, value: fc.constantFrom(5, 99.99) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('refunds' as const), which }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('moves' as const), which, minute }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('voids' as const), which }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restores' as const), which }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('merges' as const), which, other: which }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('unmerges' as const), which }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('unlinks' as const), which }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('follow' as const) }) },
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

const question = fc.record({
  time_zone: fc.constantFrom('UTC', 'Asia/Kathmandu', 'America/New_York', 'Pacific/Auckland'),
  first: fc.integer({ min: 20, max: 90 }),
  days: fc.constantFrom(1, 2, 20, 45),
  by: fc.constantFrom('source' as const, 'campaign' as const, 'referrer' as const),
  model: fc.constantFrom(...ATTRIBUTION_MODELS),
  funnel_id: fc.constantFrom('', 'one'),
})
type Question = typeof question extends fc.Arbitrary<infer Q> ? Q : never

const NOTHING_WRONG = { attributions: 0, attribution_days: 0, source_days: 0 }

test('random histories end with the shares and sums that the raw rows say, and rebuilding changes nothing', {
  timeout: 400_000,
}, async () => {
  let touched = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 80, size: 'max' }), question, async (steps, asked) => {
      const tenant = await fresh.another()
      for (const [k, one] of steps.entries()) await act(tenant, one, k)
      await follow()
      touched += await compare(tenant.workspace_id)
      await compareReport(tenant, asked)
      expect(await rebuildAttribution(fresh.database, tenant.workspace_id)).toEqual(NOTHING_WRONG)
    }),
    { numRuns: 40, seed: 20_261_121 },
  )
  expect(touched, 'the histories have conversions that several visits led to').toBeGreaterThan(40)
})

test('whatever is damaged, rebuilding makes it as it was', async () => {
  const tenant = await fresh.another()
  for (const [k, one] of fc.sample(step, { numRuns: 120, seed: 3 }).entries()) await act(tenant, one, k)
  await follow()
  const { system } = fresh.database
  const { workspace_id } = tenant
  await system`update conversion_touches set revenue = revenue + 1, source = 'x' where workspace_id = ${workspace_id}`
  await system`delete from person_sources where workspace_id = ${workspace_id} and funnel_id = ''`
  await system`update attribution_days set linear_revenue = linear_revenue + 1 where workspace_id = ${workspace_id}`
  await system`delete from source_days where workspace_id = ${workspace_id} and dimension = 'medium'`
  for (const rows of Object.values(await rebuildAttribution(fresh.database, workspace_id))) expect(rows).toBeGreaterThan(0)
  await compare(workspace_id)
  expect(await rebuildAttribution(fresh.database, workspace_id)).toEqual(NOTHING_WRONG)
})

async function follow() {
  while (await relay(fresh.database.system, { journeys: noticeJourneys, visits: noticeLateVisits }));
  while (await followAll(fresh.database.system, [attribute]));
}

/** What is refused is as good as what is done, but an error is none. */
async function act(tenant: Tenant, one: Step, k: number) {
  const { workspace_id } = tenant
  const at = 'minute' in one ? new Date(START + one.minute * 60_000 + k).toISOString() : ''
  const track = (event: string, properties: object, context = {}) =>
    'device' in one
      ? send(tenant, {
          type: 'track',
          event,
          anonymousId: one.device,
          properties,
          context,
          timestamp: at,
          messageId: `${workspace_id}-${k}`,
        })
      : undefined
  const in_funnel = 'funnel' in one && one.funnel !== undefined ? { funnel_id: one.funnel } : {}
  const conversionOf = (where: string, number: number) => pick(tenant, 'conversions', where, number)
  switch (one.kind) {
    case 'visits': {
      const page = {
        url: `https://shop.example/${one.code ? `?ref=${one.code}` : ''}`,
        ...(one.referrer && { referrer: one.referrer }),
      }
      return track('page_viewed', {}, { page, ...(one.campaign && { campaign: one.campaign }) })
    }
    case 'registers':
      return track('registration', { ...in_funnel, ...(one.email && { email: `${one.email}@x.example` }) })
    case 'goes on':
      return track(one.event, in_funnel)
    case 'buys':
      return track(one.event, { ...in_funnel, amount: one.amount, currency: one.currency, order_id: `o${k % 9}` })
    case 'identify':
      return send(tenant, {
        type: 'identify',
        anonymousId: one.device,
        userId: one.user,
        timestamp: at,
        messageId: `${workspace_id}-${k}`,
      })
    case 'sells': {
      const contact_id = await pick(tenant, 'contacts', 'merged_into is null', one.which)
      return contact_id && ask(tenant, 'POST', '/conversions', { contact_id, value: one.value, converted_at: at })
    }
    case 'refunds': {
      const id = await conversionOf('value > refunded and counts', one.which)
      return id && ask(tenant, 'POST', `/conversions/${id}/refunds`, { amount: 0.01 })
    }
    case 'moves': {
      const id = await conversionOf('counts', one.which)
      return id && ask(tenant, 'PATCH', `/conversions/${id}`, { converted_at: at, type: 'contract' })
    }
    case 'voids': {
      const id = await conversionOf('counts', one.which)
      return id && ask(tenant, 'DELETE', `/conversions/${id}`)
    }
    case 'restores': {
      const id = await conversionOf(`status = 'void'`, one.which)
      return id && ask(tenant, 'POST', `/conversions/${id}/restoration`)
    }
    case 'merges': {
      const [id, other_id] = [
        await pick(tenant, 'contacts', 'merged_into is null', one.which),
        await pick(tenant, 'contacts', 'merged_into is null', one.other),
      ]
      return id !== other_id && ask(tenant, 'POST', `/contacts/${id}/merge`, { other_id, force: true })
    }
    case 'unmerges': {
      const id = await pick(tenant, 'contact_merges', 'undone_at is null', one.which)
      return id && ask(tenant, 'POST', `/contacts/merges/${id}/undo`)
    }
    case 'unlinks': {
      const id = await pick(tenant, 'identity_links', `outcome = 'linked' and revoked_at is null`, one.which)
      return id && ask(tenant, 'POST', `/identity/links/${id}/undo`)
    }
    case 'follow':
      return follow()
  }
}

async function pick({ workspace_id }: Tenant, table: string, where: string, number: number): Promise<number | undefined> {
  const rows = await fresh.database.system.unsafe<{ id: number }[]>(
    `select id from ${table} where workspace_id = ${workspace_id} and ${where} order by id`,
  )
  return rows[number % Math.max(1, rows.length)]?.id
}

async function send({ write_key }: Tenant, message: object) {
  const answer = await fresh.app.inject({
    method: 'POST',
    url: '/v1/batch',
    payload: { batch: [message] },
    headers: basic(write_key),
  })
  expect(answer.json()).toEqual({ success: true })
}

async function ask({ secret_key }: Tenant, method: 'POST' | 'PATCH' | 'DELETE', url: string, payload: object = {}) {
  const answer = await fresh.app.inject({ method, url: `/api/v1${url}`, payload, headers: bearer(secret_key) })
  expect([200, 201, 204, 409, 422], `${url}: ${answer.body}`).toContain(answer.statusCode)
}

/** The report of any days of any zone, against the days of that zone. */
async function compareReport({ workspace_id, secret_key }: Tenant, { time_zone, first, days, by, model, funnel_id }: Question) {
  const { system } = fresh.database
  const dayOf = (number: number) => new Date(START + number * 86_400_000).toISOString().slice(0, 10)
  const [from, to] = [dayOf(first), dayOf(first + days - 1)]
  const isMeant = ([funnel, dimension, day]: string[]) => funnel === funnel_id && dimension === by && day! >= from && day! <= to
  const expected = new Map<string, number[]>()
  const add = (value: string, sums: number[]) =>
    expected.set(
      value,
      (expected.get(value) ?? [0, 0, 0, 0, 0, 0]).map((sum, k) => sum + sums[k]!),
    )
  for (const [place, counts] of Object.entries(await naiveSources(system, workspace_id, time_zone))) {
    const key = place.split(' | ')
    if (isMeant(key)) add(key[3]!, [...counts, 0, 0])
  }
  for (const [place, shares] of Object.entries(await naiveShares(system, workspace_id, time_zone))) {
    const key = place.split(' | ')
    const m = ATTRIBUTION_MODELS.indexOf(model)
    if (isMeant(key)) add(key[3]!, [0, 0, 0, 0, Number(shares[2 * m]), key[5] === 'USD' ? Number(shares[2 * m + 1]) : 0])
  }
  const asked = new URLSearchParams({ time_zone, from, to, by, model, limit: '500', ...(funnel_id && { funnel_id }) })
  const url = `/api/v1/reports/attribution?${asked}`
  const answer = await fresh.app.inject({ method: 'GET', url, headers: bearer(secret_key) })
  expect(answer.statusCode, answer.body).toBe(200)
  const found = answer.json<AttributionReport>().groups.map(group => {
    const { registered, viewed, offer_viewed, converted, conversions, revenue } = group
    return [group.value, [registered, viewed, offer_viewed, converted, conversions, revenue]] as const
  })
  const rounded = [...expected].map(
    ([value, [registered, viewed, offer_viewed, converted, conversions, revenue]]) =>
      [
        value,
        [registered, viewed, offer_viewed, converted, Math.round(conversions! / 1e4) / 100, Math.round(revenue! / 1e6) / 100],
      ] as const,
  )
  const any = <T extends readonly (readonly [string, readonly (number | undefined)[]])[]>(rows: T) =>
    Object.fromEntries(rows.filter(([, sums]) => sums.some(Boolean)))
  expect(any(found)).toEqual(any(rounded))
}

/** Returns to how many conversions three visits or more led. */
async function compare(workspace_id: number): Promise<number> {
  const { system } = fresh.database
  const days = await system`select * from attribution_days where workspace_id = ${workspace_id}`
  const exact = (decimal: string) => String(BigInt(decimal.replace('.', '')))
  const shares = days.map(row => [
    [row.funnel_id, row.dimension, row.day, row.value, row.type, row.currency].join(' | '),
    ATTRIBUTION_MODELS.flatMap(model => [exact(row[`${model}_conversions`]), exact(row[`${model}_revenue`])]),
  ])
  expect(Object.fromEntries(shares)).toEqual(await naiveShares(system, workspace_id))
  const sources = await system`select * from source_days where workspace_id = ${workspace_id}`
  const counts = sources.map(row => [
    [row.funnel_id, row.dimension, row.day, row.value].join(' | '),
    [row.registered, row.viewed, row.offer_viewed, row.converted],
  ])
  expect(Object.fromEntries(counts)).toEqual(await naiveSources(system, workspace_id))
  const [whole] = await system`
    select count(*) filter (where touches > 2)::int as touches,
           coalesce(bool_and(first_touch = 1 and last_touch = 1 and linear = 1 and time_decay = 1 and position_based = 1), true) as is_whole
      from (select conversion_id, count(*) as touches, sum(first_touch) as first_touch, sum(last_touch) as last_touch, sum(linear) as linear,
                   sum(time_decay) as time_decay, sum(position_based) as position_based
              from conversion_touches
             where workspace_id = ${workspace_id}
             group by conversion_id) c`
  expect(whole!.is_whole, 'the shares of each conversion are one').toBe(true)
  return whole!.touches
}
