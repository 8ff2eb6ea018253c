import type postgres from 'postgres'
import { isRoleMailbox, normalizeEmail } from '../contacts/normalize.ts'
import { isBlocked } from './blocked.ts'
import { phoneOf } from './claim.ts'
import type { Claims } from './decide.ts'
import { type Contact, type Kind, pair, rankOf, type Visitor, type World } from './world.ts'

export type Named = { workspace_id: number; distinct_id: string }

/**
 * The workspaces and visitors that a batch names, as they are. One look-up a distinct_id, in two statements of constant text. (`date_part`, because
 * `extract` makes a numeric: 0.6 µs more for each time.)
 */
export async function readWorlds(
  sql: postgres.TransactionSql,
  named: Named[],
  workspace_ids: number[],
): Promise<Map<number, World>> {
  const [workspaces, visitors] = await Promise.all([
    sql<StoredWorkspace[]>`
      select id, country, match_keys, contacts_issued, contact_salt, analytics_denied from workspaces where id = any(${workspace_ids}::int[])`,
    sql<(StoredVisitor & { workspace_id: number })[]>`
      select v.workspace_id, v.id, v.distinct_id, v.kind, coalesce(v.person_id, v.id) as root, v.contact_id as stored_contact,
             date_part('epoch', v.first_seen) * 1000      as first_seen,
             date_part('epoch', v.last_visit) * 1000      as last_visit,
             v.event_count, v.visit_count, v.country_code, v.region, v.city, v.referring_domain,
             v.first_touch::text, v.last_touch::text, v.traits::text, v.watch_percentage,
             date_part('epoch', v.registered_at) * 1000   as registered_at,
             date_part('epoch', v.engaged_at) * 1000      as engaged_at,
             date_part('epoch', v.offer_viewed_at) * 1000 as offer_viewed_at,
             date_part('epoch', v.converted_at) * 1000    as converted_at,
             date_part('epoch', v.last_engaged_at) * 1000      as last_engaged_at,
             date_part('epoch', v.last_offer_viewed_at) * 1000 as last_offer_viewed_at,
             v.is_bot
        from jsonb_to_recordset(${JSON.stringify(named)}::text::jsonb) as n(workspace_id int, distinct_id text)
       cross join lateral (
         select * from visitors v where v.workspace_id = n.workspace_id and v.distinct_id = n.distinct_id limit 1) v`,
  ])
  const worlds = new Map(workspaces.map(workspace => [workspace.id, emptyWorld(workspace)]))
  for (const row of visitors) {
    const stored = { ...row }
    const visitor = Object.assign(row, { stored_root: row.root, stored, is_new: false, touched: false })
    worlds.get(row.workspace_id)?.visitors.set(row.distinct_id, visitor)
  }
  return worlds
}

type StoredVisitor = Omit<Visitor, 'stored_root' | 'stored' | 'is_new' | 'touched'>

/** A visitor never seen before. It costs this row and no other, whatever it does, until it is linked. */
export function addVisitor(world: World, id: number, distinct_id: string, at: number): Visitor {
  const email = normalizeEmail(distinct_id)
  const kind: Kind = isBlocked(distinct_id) || (email !== undefined && isRoleMailbox(email)) ? 'blocked' : 'anonymous'
  const visitor: Visitor = {
    id,
    distinct_id,
    kind,
    root: id,
    stored_root: id,
    stored_contact: null,
    stored: null,
    is_new: true,
    touched: true,
    first_seen: at,
    last_visit: at,
    event_count: 0,
    visit_count: 0,
    country_code: null,
    region: null,
    city: null,
    referring_domain: null,
    first_touch: '{}',
    last_touch: '{}',
    traits: '{}',
    watch_percentage: 0,
    registered_at: null,
    engaged_at: null,
    offer_viewed_at: null,
    converted_at: null,
    last_engaged_at: null,
    last_offer_viewed_at: null,
    is_bot: false,
  }
  world.visitors.set(distinct_id, visitor)
  world.people.set(id, { root: id, rank: rankOf(kind), size: 1, user: null, contact_id: null })
  return visitor
}

/**
 * All that claims need on top: the contacts of these visitors and those that the given e-mails and phones belong to, the
 * people behind all of them, and the pairs that somebody took apart. Three statements for a batch of any size.
 */
export async function readPeople(sql: postgres.TransactionSql, worlds: Map<number, World>, claims: ClaimsIn[]) {
  await readContacts(sql, worlds, claims)
  await Promise.all([readClusters(sql, worlds, claims), readRevoked(sql, worlds, claims)])
}

async function readContacts(sql: postgres.TransactionSql, worlds: Map<number, World>, claims: ClaimsIn[]) {
  const wanted: { workspace_id: number; contact_id: number | null; kind: string | null; value: string | null }[] = []
  for (const [workspace_id, world] of worlds) {
    const ids = new Set<number>()
    for (const claim of claims) {
      if (claim.workspace_id !== workspace_id) continue
      for (const { stored_contact } of namedBy(world, claim)) if (stored_contact !== null) ids.add(stored_contact)
      if (claim.contact_id !== null) ids.add(claim.contact_id)
      for (const [kind, value] of keysOf(world, claim)) wanted.push({ workspace_id, contact_id: null, kind, value })
    }
    for (const contact_id of ids) wanted.push({ workspace_id, contact_id, kind: null, value: null })
  }
  if (wanted.length === 0) return
  const rows = await sql<
    (StoredContact & { workspace_id: number; kind: string | null; value: string | null; asked: number | null })[]
  >`
    select w.workspace_id, w.kind, w.value, w.contact_id as asked, c.id, c.email, c.phone, c.first_name, c.last_name, p.root
      from jsonb_to_recordset(${JSON.stringify(wanted)}::text::jsonb) as w(workspace_id int, contact_id int, kind text, value text)
      cross join lateral (
        select w.contact_id as id where w.contact_id is not null
         union all
        select k.contact_id
          from contact_keys k
         where k.workspace_id = w.workspace_id and k.scope = '' and k.kind = w.kind and k.value = w.value) named
      cross join lateral (
        select coalesce(c.merged_into, c.id) as id
          from contacts c
         where c.workspace_id = w.workspace_id and c.id = named.id
         limit 1) given
      cross join lateral (
        select * from contacts c where c.workspace_id = w.workspace_id and c.id = given.id limit 1) c
      left join lateral (
        select coalesce(v.person_id, v.id) as root
          from visitors v
         where v.workspace_id = w.workspace_id and v.contact_id = c.id
         limit 1) p on true`
  for (const { workspace_id, kind, value, asked, ...row } of rows) {
    const world = worlds.get(workspace_id)!
    if (kind !== null) world.keys.set(`${kind}:${value}`, row.id)
    if (asked !== null) world.keys.set(`contact:${asked}`, row.id)
    if (!world.contacts.has(row.id)) {
      world.contacts.set(row.id, {
        ...row,
        is_new: false,
        changed: false,
        created_at: 0,
        before: { email: row.email, phone: row.phone },
      })
    }
  }
}

type StoredContact = Pick<Contact, 'id' | 'email' | 'phone' | 'first_name' | 'last_name' | 'root'>

function* keysOf(world: World, claim: Claims): Generator<['email' | 'phone', string]> {
  const emails = [claim.user_id, claim.given?.email]
  for (const text of emails) {
    const email = typeof text === 'string' ? normalizeEmail(text) : undefined
    if (email && !isRoleMailbox(email)) yield ['email', email]
  }
  const phone = claim.given ? phoneOf(claim.given, world.country) : undefined
  if (phone) yield ['phone', phone]
}

type ClaimsIn = Claims & { workspace_id: number }

function namedBy(world: World, claim: Claims): Visitor[] {
  const ids = [claim.distinct_id, claim.user_id, claim.anonymous_id, claim.previous_id]
  return ids.flatMap(id => (id === null ? [] : world.visitors.get(id)!))
}

async function readClusters(sql: postgres.TransactionSql, worlds: Map<number, World>, claims: ClaimsIn[]) {
  const roots: { workspace_id: number; root: number }[] = []
  for (const [workspace_id, world] of worlds) {
    const wanted = new Set<number>()
    for (const claim of claims) {
      if (claim.workspace_id !== workspace_id) continue
      for (const visitor of namedBy(world, claim)) if (!visitor.is_new) wanted.add(visitor.root)
    }
    for (const contact of world.contacts.values()) if (contact.root !== null) wanted.add(contact.root)
    for (const root of wanted) roots.push({ workspace_id, root })
  }
  const rows = await sql<
    { workspace_id: number; root: number; kind: Kind; size: number; user: number | null; contact_id: number | null }[]
  >`
    select r.workspace_id, r.root, max(m.kind) filter (where m.id = r.root) as kind, count(*)::int as size,
           min(m.id) filter (where m.kind = 'user') as "user", max(m.contact_id) as contact_id
      from jsonb_to_recordset(${JSON.stringify(roots)}::text::jsonb) as r(workspace_id int, root bigint)
      cross join lateral (
        select v.id, v.kind, v.contact_id from visitors v where v.workspace_id = r.workspace_id and v.id = r.root
        union all
        select v.id, v.kind, v.contact_id from visitors v where v.workspace_id = r.workspace_id and v.person_id = r.root) m
     group by r.workspace_id, r.root`
  for (const { workspace_id, kind, ...person } of rows) {
    const world = worlds.get(workspace_id)!
    world.people.set(person.root, { ...person, rank: rankOf(kind) })
    world.known_people.set(person.root, person.contact_id)
  }
}

/** Pairs that a person took apart stay apart, however often the same device claims them again. */
async function readRevoked(sql: postgres.TransactionSql, worlds: Map<number, World>, claims: ClaimsIn[]) {
  const visitors = new Map<Visitor, { workspace_id: number; id: number }>()
  for (const claim of claims) {
    const { workspace_id } = claim
    for (const visitor of namedBy(worlds.get(workspace_id)!, claim))
      if (!visitor.is_new) visitors.set(visitor, { workspace_id, id: visitor.id })
  }
  const rows = await sql<{ workspace_id: number; visitor_id: number; other: number }[]>`
    select l.workspace_id, l.visitor_id, coalesce(l.other_visitor_id, -l.contact_id) as other
      from jsonb_to_recordset(${JSON.stringify([...visitors.values()])}::text::jsonb) as n(workspace_id int, id bigint)
     cross join lateral (
       select * from identity_links l where l.workspace_id = n.workspace_id and l.visitor_id = n.id and l.revoked_at is not null offset 0) l`
  for (const row of rows) worlds.get(row.workspace_id)!.revoked.add(pair(row.visitor_id, row.other))
}

type StoredWorkspace = Pick<World, 'country' | 'match_keys' | 'contacts_issued' | 'contact_salt' | 'analytics_denied'> & {
  id: number
}

function emptyWorld(workspace: StoredWorkspace): World {
  return {
    workspace_id: workspace.id,
    country: workspace.country,
    match_keys: workspace.match_keys,
    contacts_issued: workspace.contacts_issued,
    contact_salt: workspace.contact_salt,
    analytics_denied: workspace.analytics_denied,
    visitors: new Map(),
    people: new Map(),
    contacts: new Map(),
    keys: new Map(),
    revoked: new Set(),
    moved: new Map(),
    known_people: new Map(),
    links: new Map(),
    suggestions: new Map(),
    new_keys: [],
    activities: [],
  }
}
