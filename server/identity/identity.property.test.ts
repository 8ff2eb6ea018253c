import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { basic, bearer } from '../../test/people.ts'
import { inWorkspace, lockIdentity } from '../database/transaction.ts'
import { NaiveIdentity } from './naive.fixture.ts'
import { recomputeAll } from './recompute.ts'

/**
 * Random histories of devices, users and e-mails, in random batches, with messages that come again and links that are undone,
 * against a model that keeps a plain list of links and walks it anew for every question.
 */

let fresh: FreshApp
beforeAll(async () => {
  fresh = await freshApp()
})

const device = fc.constantFrom('a1', 'a2', 'a3', 'a4', 'a5')
const user = fc.constantFrom('u1', 'u2', 'u3', 'e1@x.example', 'e2@x.example')
const email = fc.constantFrom('e1@x.example', 'e2@x.example', 'e3@x.example')

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('both' as const), device, user }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('identify' as const), device, user, email: fc.option(email) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('alias' as const), user, previous: fc.oneof(device, user) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('form' as const), device, email }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('anonymous' as const), device }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('again' as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('undo' as const), which: fc.nat() }) },
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never
type Message = Record<string, unknown> & { messageId: string }

/** Found by chance: an undo takes the contact from an e-mail that never had one of its own, and its next event makes one. */
const FOUND: Step[] = [
  { kind: 'alias', user: 'e1@x.example', previous: 'e2@x.example' },
  { kind: 'both', device: 'a4', user: 'u1' },
  { kind: 'alias', user: 'e2@x.example', previous: 'u1' },
  { kind: 'undo', which: 0 },
  { kind: 'both', device: 'a4', user: 'e2@x.example' },
  { kind: 'form', device: 'a1', email: 'e1@x.example' },
]

test('random histories end with the same people, contacts and counts as in the naive model', { timeout: 300_000 }, async () => {
  let run = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 60, size: 'max' }),
      fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1 }),
      async (steps, sizes) => {
        const prefix = `r${++run}`
        const tenant = await fresh.another(prefix)
        await compare(tenant, prefix, steps, sizes)
      },
    ),
    // The same histories each time, so that a red test means a change.
    { numRuns: 80, seed: 20_261_120, examples: [[FOUND, [1]]] },
  )
})

async function compare(
  tenant: { workspace_id: number; write_key: string; secret_key: string },
  prefix: string,
  steps: Step[],
  sizes: number[],
) {
  const model = new NaiveIdentity()
  const sent: Message[] = []
  const waiting: Message[] = []
  let batches = 0

  const flush = async () => {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, sizes[batches++ % sizes.length])
      const answer = await fresh.app.inject({
        method: 'POST',
        url: '/v1/batch',
        payload: { batch },
        headers: basic(tenant.write_key),
      })
      expect(answer.json()).toEqual({ success: true })
    }
  }

  for (const one of steps) {
    if (one.kind === 'undo') {
      await flush()
      await undo(tenant, model, one.which)
      continue
    }
    if (one.kind === 'again' && sent.length === 0) continue
    const message =
      one.kind === 'again'
        ? sent[one.which % sent.length]!
        : { ...wire(one), messageId: `${prefix}-${sent.length}`, timestamp: '2026-01-01T00:00:00Z' }
    if (one.kind !== 'again') model.tell(one)
    sent.push(message)
    waiting.push(message)
  }
  await flush()

  expect(await people(tenant.workspace_id)).toEqual(model.people())
  const moved = await inWorkspace(fresh.database, tenant.workspace_id, async sql => {
    await lockIdentity(sql, [tenant.workspace_id])
    return recomputeAll(sql, tenant.workspace_id, { kind: 'system' })
  })
  expect(moved, 'rebuilding the map from the log changes nothing').toBe(0)
  expect(await people(tenant.workspace_id)).toEqual(model.people())
}

function wire(one: Exclude<Step, { kind: 'undo' | 'again' }>): Record<string, unknown> {
  if (one.kind === 'both') return { type: 'track', event: 'clicked', anonymousId: one.device, userId: one.user }
  if (one.kind === 'identify')
    return { type: 'identify', anonymousId: one.device, userId: one.user, traits: one.email ? { email: one.email } : {} }
  if (one.kind === 'alias') return { type: 'alias', userId: one.user, previousId: one.previous }
  if (one.kind === 'form')
    return { type: 'track', event: 'registration', anonymousId: one.device, properties: { email: one.email } }
  return { type: 'page', anonymousId: one.device }
}

/** The same link in both: found by the names of its two sides. */
async function undo(tenant: { workspace_id: number; secret_key: string }, model: NaiveIdentity, which: number) {
  const links = await fresh.database.system<{ id: number; a: string; b: string }[]>`
    select l.id, v.distinct_id as a, coalesce(o.distinct_id, 'contact ' || k.value) as b
      from identity_links l
      join visitors v on v.workspace_id = l.workspace_id and v.id = l.visitor_id
      left join visitors o on o.workspace_id = l.workspace_id and o.id = l.other_visitor_id
      left join lateral (
        select min(value) as value from contact_keys k where k.workspace_id = l.workspace_id and k.contact_id = l.contact_id) k on true
     where l.workspace_id = ${tenant.workspace_id} and l.outcome in ('linked', 'noop') and l.revoked_at is null
     order by l.id`
  if (links.length === 0) return
  const link = links[which % links.length]!
  const answer = await fresh.app.inject({
    method: 'POST',
    url: `/api/v1/identity/links/${link.id}/undo`,
    headers: bearer(tenant.secret_key),
  })
  expect(answer.statusCode).toBe(200)
  model.undo(link.a, link.b)
}

/** Who belongs together, with the e-mails of their contact and how much they did. */
async function people(workspace_id: number) {
  const rows = await fresh.database.system<{ members: string[]; emails: string[] | null; events: number }[]>`
    select array_agg(v.distinct_id order by v.distinct_id collate "C") as members, sum(v.event_count)::int as events,
           (select array_agg(k.value order by k.value collate "C") from contact_keys k
             where k.workspace_id = v.workspace_id and k.contact_id = max(v.contact_id)) as emails
      from visitors v
     where v.workspace_id = ${workspace_id}
     group by v.workspace_id, coalesce(v.person_id, v.id)`
  const counts = await fresh.database.system<{ agrees: boolean }[]>`
    select c.event_count = coalesce(sum(v.event_count), 0) and c.user_id is not distinct from
             (array_agg(v.distinct_id order by v.kind desc, v.id) filter (where v.kind in ('user', 'email')))[1] as agrees
      from contacts c
      left join visitors v on v.workspace_id = c.workspace_id and v.contact_id = c.id
     where c.workspace_id = ${workspace_id}
     group by c.workspace_id, c.id`
  expect(
    counts.every(count => count.agrees),
    'a contact shows the sum of its visitors',
  ).toBe(true)
  return rows
    .map(row => ({ members: row.members, emails: row.emails ?? [], events: row.events }))
    .sort((a, b) => (a.members[0]! < b.members[0]! ? -1 : 1))
}
