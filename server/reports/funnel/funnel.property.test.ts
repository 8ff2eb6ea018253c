import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import type { FunnelPeople, FunnelReport } from '../../../shared/funnel-report.ts'
import { type FreshApp, freshApp, type Tenant } from '../../../test/app.ts'
import { basic, bearer } from '../../../test/people.ts'
import { median, type Told, type Way, walkAll } from './naive.fixture.ts'

let fresh: FreshApp
beforeAll(async () => {
  fresh = await freshApp()
})

const DAY = 86_400_000
const device = fc.constantFrom('d1', 'd2', 'd3', 'd4', 'd5')
const name = fc.constantFrom('look', 'try', 'buy')
const did = fc.record({
  kind: fc.constant('did' as const),
  device,
  name,
  // Few different times, so that many things happen in the same moment.
  hours: fc.integer({ min: 0, max: 90 }),
  plan: fc.option(fc.constantFrom('Free', 'pro', 'pro plus', 7)),
  is_bot: fc.constantFrom(false, false, false, false, true),
})
const history = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: did },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('form' as const), device, email: fc.constantFrom('a', 'b', 'c') }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('merge' as const), one: fc.nat(9), other: fc.nat(9) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('undo' as const), which: fc.nat(9) }) },
  ),
  { minLength: 5, maxLength: 50, size: 'max' },
)
const condition = fc.constantFrom(
  { property: 'plan', operator: 'equals' as const, value: 'pro' },
  { property: 'plan', operator: 'equals' as const, value: 7 },
  { property: 'plan', operator: 'contains' as const, value: 'PRO' },
  { property: 'plan', operator: 'is_set' as const },
)
const question = fc.record({
  steps: fc.array(fc.record({ event: name, conditions: fc.array(condition, { maxLength: 1 }) }), { minLength: 1, maxLength: 5 }),
  window_minutes: fc.constantFrom(60, 24 * 60, 90 * 24 * 60),
  days: fc.constantFrom([0, 4], [1, 3], [2, 2] as const),
})

test('random histories, with merges and undos, are walked as in the obvious computation', { timeout: 300_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(history, fc.array(question, { minLength: 4, maxLength: 4 }), async (steps, questions) => {
      const tenant = await fresh.another()
      const from = Math.floor(Date.now() / DAY) * DAY - 5 * DAY
      await tell(tenant, steps, from)
      const events = await readTold(tenant)
      for (const { days, ...asked } of questions) {
        const begins = from + days[0]! * DAY
        const ends = from + (days[1]! + 1) * DAY
        const payload = { ...asked, from: dayOf(begins), to: dayOf(ends - DAY), time_zone: 'UTC' }
        const ways = walkAll(events, { ...asked, begins, ends })
        await compareCounts(tenant, payload, ways)
        await compareGroups(tenant, payload, ways)
        await comparePeople(tenant, payload, ways)
        await compareOthers(tenant, payload, ways)
      }
    }),
    { numRuns: 25, seed: 20_261_121 },
  )
})

async function tell(tenant: Tenant, steps: typeof history extends fc.Arbitrary<infer H> ? H : never, from: number) {
  const merges: number[] = []
  for (const step of steps) {
    if (step.kind === 'did') {
      const context = step.is_bot ? { userAgent: 'Googlebot/2.1 (+http://www.google.com/bot.html)' } : {}
      const timestamp = new Date(from + step.hours * 3_600_000).toISOString()
      const properties = step.plan === null ? {} : { plan: step.plan }
      await send(tenant, { type: 'track', event: step.name, anonymousId: step.device, timestamp, context, properties })
    } else if (step.kind === 'form') {
      const traits = { email: `${step.email}@example.com` }
      await send(tenant, { type: 'identify', anonymousId: step.device, traits, timestamp: new Date(from).toISOString() })
    } else if (step.kind === 'merge') {
      const { data } = await ask<{ data: { id: number }[] }>(tenant, 'GET', '/contacts')
      const [one, other] = [data[step.one], data[step.other]]
      if (!one || !other || one.id === other.id) continue
      merges.push(
        (await ask<{ id: number }>(tenant, 'POST', `/contacts/${one.id}/merge`, { other_id: other.id, force: true })).id,
      )
    } else if (merges.length > 0) {
      const [id] = merges.splice(step.which % merges.length, 1)
      await fresh.app.inject({ method: 'POST', url: `/api/v1/contacts/merges/${id}/undo`, headers: bearer(tenant.secret_key) })
    }
  }
}

async function readTold({ workspace_id }: Tenant): Promise<Told[]> {
  const rows = await fresh.database.system<(Omit<Told, 'at'> & { occurred_at: Date })[]>`
    select e.id, e.event, e.occurred_at, e.properties, e.is_bot,
           case when v.contact_id is null then 'v' || coalesce(v.person_id, v.id) else 'c' || v.contact_id end as person
      from events e
      join visitors v on v.workspace_id = e.workspace_id and v.id = e.visitor_id
     where e.workspace_id = ${workspace_id}`
  return rows.map(({ occurred_at, ...row }) => ({ ...row, at: occurred_at.getTime() }))
}

async function compareCounts(tenant: Tenant, payload: object & { steps: unknown[] }, ways: Way[]) {
  const { steps } = await ask<FunnelReport>(tenant, 'POST', '/reports/funnel', payload)
  expect(steps.map(({ people, median_seconds, mean_seconds }) => ({ people, median_seconds, mean_seconds }))).toEqual(
    payload.steps.map((_, k) => {
      const lasted = ways.filter(way => k > 0 && way.times.length > k).map(({ times }) => (times[k]! - times[k - 1]!) / 1000)
      const mean = lasted.length === 0 ? null : lasted.reduce((sum, one) => sum + one, 0) / lasted.length
      return {
        people: ways.filter(way => way.times.length > k).length,
        median_seconds: median(lasted),
        mean_seconds: mean === null ? null : expect.closeTo(mean, 2),
      }
    }),
  )
}

async function compareGroups(tenant: Tenant, payload: object & { steps: unknown[] }, ways: Way[]) {
  const breakdown = { by: 'property', property: 'plan' }
  const { groups, others } = await ask<FunnelReport>(tenant, 'POST', '/reports/funnel', { ...payload, breakdown, limit: 2 })
  const expected = groupsOf(ways).map(({ value, of }) => ({
    value,
    people: payload.steps.map((_, k) => of.filter(way => way.times.length > k).length),
  }))
  expect(groups.map(({ value, steps }) => ({ value, people: steps.map(step => step.people) }))).toEqual(expected.slice(0, 2))
  const rest = expected.slice(2)
  expect(others && { groups: others.groups, people: others.steps.map(step => step.people) }).toEqual(
    rest.length === 0
      ? null
      : { groups: rest.length, people: payload.steps.map((_, k) => rest.reduce((sum, { people }) => sum + people[k]!, 0)) },
  )
}

const groupOf = ({ entry }: Way) => String(entry.properties.plan ?? '')

/** The most people first. */
function groupsOf(ways: Way[]) {
  return [...new Set(ways.map(groupOf))]
    .map(value => ({ value, of: ways.filter(way => groupOf(way) === value) }))
    .sort((a, b) => b.of.length - a.of.length || (a.value < b.value ? -1 : 1))
}

async function comparePeople(tenant: Tenant, payload: object & { steps: unknown[] }, ways: Way[]) {
  for (let step = 1; step <= payload.steps.length; step++)
    for (const outcome of ['reached', 'dropped'] as const) {
      if (outcome === 'dropped' && step === 1) continue
      await compareList(tenant, { ...payload, step, outcome }, meantBy(ways, step, outcome))
    }
}

/** Behind the last number of the others of a breakdown: those of all groups but the greatest. */
async function compareOthers(tenant: Tenant, payload: object & { steps: unknown[] }, ways: Way[]) {
  const breakdown = { by: 'property', property: 'plan' }
  const step = payload.steps.length
  for (const groups of [1, 2]) {
    const others = groupsOf(ways)
      .slice(groups)
      .flatMap(({ of }) => of)
    for (const outcome of step === 1 ? (['reached'] as const) : (['reached', 'dropped'] as const))
      await compareList(tenant, { ...payload, breakdown, groups, step, outcome }, meantBy(others, step, outcome))
  }
}

function meantBy(ways: Way[], step: number, outcome: 'reached' | 'dropped') {
  return ways.filter(({ times }) => (outcome === 'reached' ? times.length >= step : times.length === step - 1))
}

async function compareList(tenant: Tenant, payload: object, meant: Way[]) {
  const contacts = meant.filter(way => way.person.startsWith('c'))
  const found: number[] = []
  for (let cursor: string | undefined; ; ) {
    const page = await ask<FunnelPeople>(tenant, 'POST', '/reports/funnel/people', {
      ...payload,
      limit: 2,
      ...(cursor && { cursor }),
    })
    expect(page).toMatchObject({ contacts: contacts.length, visitors: meant.length - contacts.length })
    found.push(...page.data.map(person => person.contact_id))
    if (page.next_cursor === null) break
    cursor = page.next_cursor
  }
  expect(found.sort()).toEqual(contacts.map(way => Number(way.person.slice(1))).sort())
}

async function send(tenant: Tenant, message: object) {
  const payload = { batch: [{ ...message, messageId: crypto.randomUUID() }] }
  const answer = await fresh.app.inject({ method: 'POST', url: '/v1/batch', payload, headers: basic(tenant.write_key) })
  expect(answer.statusCode, answer.body).toBe(200)
}

async function ask<T>(tenant: Tenant, method: 'GET' | 'POST', url: string, payload?: object): Promise<T> {
  const headers = bearer(tenant.secret_key)
  const answer = await fresh.app.inject({ method, url: `/api/v1${url}`, headers, ...(payload && { payload }) })
  expect(answer.statusCode, answer.body).toBeLessThan(300)
  return answer.json<T>()
}

function dayOf(ms: number) {
  return new Date(ms).toISOString().slice(0, 10)
}
