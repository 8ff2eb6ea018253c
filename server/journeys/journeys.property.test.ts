import fc from 'fast-check'
import type { Row } from 'postgres'
import { beforeAll, expect, test } from 'vitest'
import { type FreshApp, freshApp, type Tenant } from '../../test/app.ts'
import { basic, bearer } from '../../test/people.ts'
import { relay } from '../activities/relay.ts'
import { noticeLateVisits } from '../attribution/notice.ts'
import { COUNTS } from './fold.ts'
import { followAll } from './follow.ts'
import { naiveFiltered, naiveFirstTouches, naiveSums, readNaive } from './naive.fixture.ts'
import { noticeJourneys } from './notice.ts'
import { rebuildJourneys } from './rebuild.ts'

/** Random people in two funnels, merged, taken apart, refunded and late, against a slow and obvious computation over the raw events. */

let fresh: FreshApp
beforeAll(async () => {
  fresh = await freshApp()
})

const START = Date.parse('2026-03-01T00:00:00Z')
const at = fc.integer({ min: 0, max: 50 * 24 * 4 }).map(quarters => new Date(START + quarters * 450_000).toISOString())
const device = fc.constantFrom('d1', 'd2', 'd3', 'd4')
const funnel = fc.constantFrom('one', 'two', undefined)
const EVENTS = [
  'registration_page_viewed', 'registration_confirmed', 'watch_page_viewed', 'video_started', 'video_completed', 'video_replayed',
  'enrollment_viewed', 'offer_clicked', 'purchase_initiated', 'call_booked', 'something_else',
] // biome-ignore format: one word after the other
const percent = fc.constantFrom<unknown>(-5, 0, 1, 24, 25, '49.9', 50, 74, 75, 99, 100, 140, 'much', null)

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('event' as const), device, funnel, at, event: fc.constantFrom(...EVENTS) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('progress' as const), device, funnel, at, percent, seconds: fc.nat(600) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('registers' as const),
      device,
      funnel,
      at,
      email: fc.constantFrom('e1', 'e2', 'e3'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('identify' as const), device, at, user: fc.constantFrom('u1', 'u2') }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('buys' as const),
      device,
      funnel,
      at,
      amount: fc.constantFrom<unknown>(20, -3, undefined, '7.5'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('merge' as const), which: fc.nat(), other: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('unmerge' as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('void' as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('sells' as const), which: fc.nat(), at }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('goal' as const), goal: fc.constantFrom('purchase', 'call') }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('visits' as const),
      device,
      at,
      source: fc.constantFrom('google', 'meta', undefined),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('follow' as const) }) },
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

test('random histories end with the journeys and sums that the raw events say, and rebuilding changes nothing', {
  timeout: 300_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 50, size: 'max' }), async steps => {
      const tenant = await fresh.another()
      for (const [k, one] of steps.entries()) await act(tenant, one, k)
      await follow()
      await compare(tenant.workspace_id)
      expect(await rebuildJourneys(fresh.database, tenant.workspace_id)).toEqual({
        visitor_journeys: 0,
        journeys: 0,
        funnel_analytics: 0,
      })
    }),
    { numRuns: 40, seed: 20_261_121 },
  )
})

test('whatever is damaged, rebuilding makes it as it was', async () => {
  const tenant = await fresh.another()
  const steps = fc.sample(step, { numRuns: 80, seed: 7 })
  for (const [k, one] of steps.entries()) await act(tenant, one, k)
  await follow()
  const { system } = fresh.database
  const { workspace_id } = tenant
  await system`update visitor_funnels set watch_percentage = 3, registered_at = now() where workspace_id = ${workspace_id}`
  await system`delete from visitor_videos where workspace_id = ${workspace_id}`
  await system`update person_funnels set replays = 9 where workspace_id = ${workspace_id}`
  await system`update funnel_analytics set views = views + 1 where workspace_id = ${workspace_id}`
  await system`delete from filtered_analytics where workspace_id = ${workspace_id} and filter like 'segment%'`
  const wrong = await rebuildJourneys(fresh.database, workspace_id)
  for (const rows of Object.values(wrong)) expect(rows).toBeGreaterThan(0)
  await compare(workspace_id)
})

async function follow() {
  while (await relay(fresh.database.system, { journeys: noticeJourneys, visits: noticeLateVisits }));
  while (await followAll(fresh.database.system));
  // What a change of a goal sends is there for the next round.
  while (await followAll(fresh.database.system));
}

async function act(tenant: Tenant, one: Step, k: number) {
  const properties = 'funnel' in one && one.funnel !== undefined ? { funnel_id: one.funnel } : {}
  const message = {
    messageId: `${tenant.workspace_id}-${k}`,
    ...('device' in one && { anonymousId: one.device }),
    ...('at' in one && { timestamp: one.at }),
  }
  const send = (more: object) => post('/v1/batch', { batch: [{ type: 'track', ...message, ...more }] }, basic(tenant.write_key))
  if (one.kind === 'event') await send({ event: one.event, properties: { ...properties, video_id: 'v1' } })
  if (one.kind === 'progress')
    await send({
      event: 'video_progress',
      properties: { ...properties, watch_percentage: one.percent, seconds_watched: one.seconds, video_id: k % 2 ? 'v1' : 'v2' },
    })
  if (one.kind === 'registers')
    await send({ event: 'registration', properties: { ...properties, email: `${one.email}@x.example` } })
  if (one.kind === 'identify') await send({ type: 'identify', userId: one.user })
  if (one.kind === 'buys')
    await send({ event: 'purchase_completed', properties: { ...properties, amount: one.amount, order_id: `o${k % 7}` } })
  if (one.kind === 'visits') {
    const context = { page: { url: 'https://school.example/' }, ...(one.source && { campaign: { source: one.source } }) }
    const timestamp = new Date(Date.parse(one.at) + 1 + k).toISOString() // never two in one moment
    await send({ event: 'page_viewed', context, timestamp })
  }
  if (one.kind === 'follow') await follow()
  if (one.kind === 'goal') await setGoal(tenant, one.goal)
  const { system } = fresh.database
  const { workspace_id } = tenant
  if (one.kind === 'merge' || one.kind === 'sells') {
    const contacts =
      await system`select id from contacts where workspace_id = ${workspace_id} and merged_into is null order by id`
    const contact_id = contacts[one.which % Math.max(1, contacts.length)]?.id
    if (contact_id === undefined) return
    if (one.kind === 'sells') {
      const sale = { contact_id, type: 'contract', value: 5, converted_at: one.at }
      return post('/api/v1/conversions', sale, bearer(tenant.secret_key))
    }
    const other_id = contacts[one.other % contacts.length]!.id
    if (other_id !== contact_id)
      await post(`/api/v1/contacts/${contact_id}/merge`, { other_id, force: true }, bearer(tenant.secret_key))
  }
  if (one.kind === 'unmerge') {
    const merges =
      await system`select id from contact_merges where workspace_id = ${workspace_id} and undone_at is null order by id desc limit 1`
    if (merges[0]) await post(`/api/v1/contacts/merges/${merges[0].id}/undo`, {}, bearer(tenant.secret_key))
  }
  if (one.kind === 'void') {
    const conversions =
      await system`select id from conversions where workspace_id = ${workspace_id} and status <> 'void' order by id`
    const id = conversions[one.which % Math.max(1, conversions.length)]?.id
    if (id !== undefined) await ask('DELETE', `/api/v1/conversions/${id}`, undefined, bearer(tenant.secret_key))
  }
}

async function setGoal(tenant: Tenant, goal: string) {
  const { system } = fresh.database
  const [known] = await system`select id from funnels where workspace_id = ${tenant.workspace_id} and funnel_id = 'one'`
  const headers = bearer(tenant.secret_key)
  if (!known) return post('/api/v1/funnels', { name: 'One', funnel_id: 'one', goal }, headers)
  await ask('PATCH', `/api/v1/funnels/${known.id}`, { goal }, headers)
}

const post = (url: string, payload: object, headers: Record<string, string>) => ask('POST', url, payload, headers)

/** What is refused is no part of a history: every step has to act. */
async function ask(
  method: 'POST' | 'PATCH' | 'DELETE',
  url: string,
  payload: object | undefined,
  headers: Record<string, string>,
) {
  const answer = await fresh.app.inject({ method, url, ...(payload && { payload }), headers })
  if (answer.statusCode >= 400) throw new Error(`${method} ${url}: ${answer.body}`)
}

async function compare(workspace_id: number) {
  const { system } = fresh.database
  const expected = await readNaive(system, workspace_id)
  const rows = await system`select * from person_funnels where workspace_id = ${workspace_id}`
  const found = rows.map(({ workspace_id: _, utm_source: __, funnel_id, person, ...row }) => [
    `${funnel_id} ${person}`,
    Object.fromEntries(
      Object.entries(row).flatMap(([key, value]) =>
        value === null ? [] : [[key, value instanceof Date ? value.getTime() : value]],
      ),
    ),
  ])
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected))
  const touches = await naiveFirstTouches(system, workspace_id)
  for (const { person, utm_source } of rows) expect(utm_source).toBe(touches.get(person)?.utm_source ?? null)
  const counted = (sums: Row[], place: (row: Row) => string) =>
    Object.fromEntries(
      sums.flatMap(row => {
        const counts = COUNTS.filter(count => Number(row[count]) !== 0).map(count => [count, Number(row[count])])
        return counts.length === 0 ? [] : [[`${place(row)} ${row.quarter.getTime()}`, Object.fromEntries(counts)]]
      }),
    )
  const sums = await system`select * from funnel_analytics where workspace_id = ${workspace_id}`
  expect(counted(sums, row => row.funnel_id)).toEqual(Object.fromEntries(naiveSums(expected)))
  const filtered = await system`select * from filtered_analytics where workspace_id = ${workspace_id}`
  expect(filtered.filter(row => COUNTS.every(count => Number(row[count]) === 0))).toEqual([])
  expect(counted(filtered, row => `${row.filter} ${row.funnel_id}`)).toEqual(Object.fromEntries(naiveFiltered(expected, touches)))
}
