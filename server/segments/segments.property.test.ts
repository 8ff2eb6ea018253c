import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import type { Rule } from '../../shared/segments.ts'
import { type FreshApp, freshApp, type Tenant } from '../../test/app.ts'
import { basic, bearer } from '../../test/people.ts'
import { catchUp } from './catch-up.fixture.ts'
import { rebuildSegments } from './rebuild.ts'

/** Random histories, in which segments follow what changed, against all of them counted from the beginning. */

let fresh: FreshApp
beforeAll(async () => {
  fresh = await freshApp()
})

const RULES: Rule[] = [
  { kind: 'event', event: 'clicked', did: 'did', at_least: 2 },
  { kind: 'event', event: 'clicked', did: 'did_not', within_days: 3 },
  { kind: 'event', event: 'video_progress', did: 'first', within_days: 3 },
  {
    kind: 'event',
    event: 'clicked',
    did: 'last',
    property: 'color',
    value: 'red',
    until: new Date(Date.now() - 2e8).toISOString(),
  },
  { all: [{ kind: 'stage', stage: 'engaged', or_later: true }, { not: { kind: 'lead', has: true } }] },
  {
    any: [
      { kind: 'segment', segment: 'hot' },
      { kind: 'segment', segment: 'no_show' },
    ],
  },
  { kind: 'conversion', has: true, value_at_least: 10 },
  { kind: 'property', name: 'plan', is: 'is_not', value: 'a' },
  { kind: 'property', name: 'visit_count', is: 'greater', value: 1 },
]
/** With tags, which have another id in each workspace. */
const rulesOfTags = (one: number, other: number): Rule[] => [
  { kind: 'tag', has: true, tag_id: one },
  { all: [{ kind: 'tag', has: false, tag_id: other }, { not: { kind: 'conversion', has: true } }] },
]

const device = fc.constantFrom('a1', 'a2', 'a3', 'a4')
const email = fc.constantFrom('e1@x.example', 'e2@x.example', 'e3@x.example')
const days = fc.integer({ min: 0, max: 6 })
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('form' as const), device, email, days }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('click' as const), device, days, color: fc.constantFrom('red', 'blue') }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('watch' as const), device, days, percent: fc.integer({ min: 0, max: 100 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('buy' as const), device, amount: fc.constantFrom(5, 20) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('plan' as const), device, plan: fc.constantFrom('a', 'b') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lead' as const), which: fc.nat() }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('tag' as const), which: fc.nat(), name: fc.constantFrom('one', 'other') }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('untag' as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('forget' as const), which: fc.constant(0) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('merge' as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('unmerge' as const), which: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('undo' as const), which: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('look' as const) }) },
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never
type Said = Extract<Step, { device: string }>

test('after random histories everybody is where counting anew finds them, and was told of each step', {
  timeout: 300_000,
}, async () => {
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40, size: 'max' }), async steps => {
      const tenant = await fresh.another(`run ${++run}`)
      const [one, other] = [
        await call(tenant, 'POST', '/tags', { name: 'one' }),
        await call(tenant, 'POST', '/tags', { name: 'other' }),
      ]
      const rules = [...RULES, ...rulesOfTags(one!.id, other!.id)]
      for (const [k, rule] of rules.entries()) await call(tenant, 'POST', '/segments', { name: `Rule ${k}`, rule })
      await catchUp(fresh.database, tenant.workspace_id)
      for (const one of steps) await live(tenant, one)
      await catchUp(fresh.database, tenant.workspace_id)
      expect(await toldOf(tenant)).toEqual(await membersOf(tenant))
      expect(await rebuildSegments(fresh.database, tenant.workspace_id)).toEqual({ segment_members: 0, segments: 0 })
    }),
    // The same histories each time, so that a red test means a change.
    { numRuns: 12, seed: 20_261_121 },
  )
})

async function live(tenant: Tenant, one: Step) {
  const { system } = fresh.database
  const { workspace_id } = tenant
  const pick = <T>(rows: readonly T[], which: number) => rows[which % rows.length]
  if (one.kind === 'look') return catchUp(fresh.database, workspace_id)
  if (!('which' in one)) return send(tenant, one)
  const contacts = await system<{ id: number }[]>`
    select id from contacts where workspace_id = ${workspace_id} and merged_into is null order by id`
  if (one.kind === 'lead' && contacts.length > 0)
    await call(tenant, 'POST', '/leads', { contact_id: pick(contacts, one.which)!.id, lead_type: 'solar' })
  if (one.kind === 'tag' && contacts.length > 0)
    await call(tenant, 'POST', `/contacts/${pick(contacts, one.which)!.id}/tags`, { names: [one.name] })
  if (one.kind === 'untag') {
    const tagged = await system<{ id: number; tag_id: number }[]>`
      select c.whole_id as id, m.tag_id
        from contact_tags m
        join contacts c on c.workspace_id = m.workspace_id and c.id = m.contact_id
       where m.workspace_id = ${workspace_id}
       order by m.contact_id, m.tag_id`
    const found = pick(tagged, one.which)
    if (found) await call(tenant, 'DELETE', `/contacts/${found.id}/tags/${found.tag_id}`)
  }
  if (one.kind === 'forget') {
    const [tag] = await system<{ id: number }[]>`select id from tags where workspace_id = ${workspace_id} and name = 'other'`
    if (tag) await call(tenant, 'DELETE', `/tags/${tag.id}`)
  }
  if (one.kind === 'merge' && contacts.length > 1) {
    const [winner, loser] = [pick(contacts, one.which)!, pick(contacts, one.which + 1)!]
    await call(tenant, 'POST', `/contacts/${winner.id}/merge`, { other_id: loser.id, force: true })
  }
  if (one.kind === 'unmerge') {
    const merges = await system<{ id: number }[]>`
      select id from contact_merges where workspace_id = ${workspace_id} and undone_at is null order by id`
    if (merges.length > 0) await call(tenant, 'POST', `/contacts/merges/${pick(merges, one.which)!.id}/undo`)
  }
  if (one.kind === 'undo') {
    const links = await system<{ id: number }[]>`
      select id from identity_links where workspace_id = ${workspace_id} and outcome = 'linked' and revoked_at is null order by id`
    if (links.length > 0) await call(tenant, 'POST', `/identity/links/${pick(links, one.which)!.id}/undo`)
  }
}

async function send({ write_key }: Tenant, one: Said) {
  const timestamp = new Date(Date.now() - ('days' in one ? one.days : 0) * 86_400_000).toISOString()
  const message = { messageId: crypto.randomUUID(), anonymousId: one.device, timestamp, ...messageOf(one) }
  const request = { method: 'POST', url: '/v1/batch', payload: { batch: [message] }, headers: basic(write_key) } as const
  expect((await fresh.app.inject(request)).json()).toEqual({ success: true })
}

function messageOf(one: Said) {
  const track = (event: string, properties: object) => ({ type: 'track', event, properties })
  if (one.kind === 'form') return track('registration', { email: one.email })
  if (one.kind === 'click') return track('clicked', { color: one.color })
  if (one.kind === 'watch') return track('video_progress', { watch_percentage: one.percent })
  if (one.kind === 'buy') return track('purchase_completed', { amount: one.amount, currency: 'USD' })
  return { type: 'identify', traits: { plan: one.plan } }
}

async function call({ secret_key }: Tenant, method: 'POST' | 'DELETE', path: string, payload?: object) {
  const answer = await fresh.app.inject({
    method,
    url: `/api/v1${path}`,
    headers: bearer(secret_key),
    ...(payload && { payload }),
  })
  expect(answer.statusCode, answer.body).toBeLessThan(300)
  return answer.body === '' ? null : answer.json<{ id: number }>()
}

/** Who is in which segment by what was told: entered once more often than left. Nobody was in one when it was made. */
async function toldOf({ workspace_id }: Tenant) {
  const rows = await fresh.database.system<{ member: string; times: number }[]>`
    select subject_id || ' ' || contact_id as member, sum(case action when 'segment.entered' then 1 else -1 end)::int as times
      from activities
     where workspace_id = ${workspace_id} and action in ('segment.entered', 'segment.left') and subject_id is not null
     group by 1
    having sum(case action when 'segment.entered' then 1 else -1 end) <> 0
     order by 1`
  expect(rows.every(row => row.times === 1)).toBe(true)
  return rows.map(row => row.member)
}

async function membersOf({ workspace_id }: Tenant) {
  const rows = await fresh.database.system<{ member: string }[]>`
    select segment_id || ' ' || contact_id as member from segment_members where workspace_id = ${workspace_id} order by 1`
  return rows.map(row => row.member)
}
