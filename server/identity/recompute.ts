import type { Actor } from '../../shared/shape.ts'
import { settleCustom } from '../contacts/custom.ts'
import { foldContacts } from '../contacts/fold.ts'
import type { Sql } from '../database/connect.ts'
import { type Kind, rankOf } from './world.ts'

type Member = { id: number; kind: Kind; person_id: number | null; contact_id: number | null }
type Known = { id: number; merged_into: number | null }
type Edge = { a: number; b: number } // visitors are positive, contacts negative
type Merge = { winner_id: number; loser_id: number }

/**
 * Makes the people around these visitors and contacts again from the log: the connected parts of what was accepted and not
 * revoked. Costs O(identifiers) of the people touched; no event is read or written. Undo, merge, manual links and `rebuild` all
 * end here, so the cache has one meaning. The caller holds the workspace's identity lock.
 */
export async function recompute(
  sql: Sql,
  workspace_id: number,
  around: { visitors: number[]; contacts: number[] },
  actor: Actor,
) {
  const contacts = await readContacts(sql, workspace_id, around)
  const members = await readMembers(
    sql,
    workspace_id,
    around.visitors,
    contacts.map(contact => contact.id),
  )
  await settle(sql, workspace_id, members, contacts, actor)
}

/** The whole workspace. Says how many visitors belonged to another person than the log says. */
export async function recomputeAll(sql: Sql, workspace_id: number, actor: Actor): Promise<number> {
  const contacts = await sql<Known[]>`select id, merged_into from contacts where workspace_id = ${workspace_id}`
  const members = await sql<Member[]>`select id, kind, person_id, contact_id from visitors where workspace_id = ${workspace_id}`
  return settle(sql, workspace_id, members, contacts, actor)
}

async function settle(sql: Sql, workspace_id: number, members: Member[], contacts: Known[], actor: Actor): Promise<number> {
  const edges = await readEdges(sql, workspace_id, members)
  const merges = await readMerges(
    sql,
    workspace_id,
    contacts.map(contact => contact.id),
  )
  const nodes = [...members.map(member => member.id), ...contacts.map(contact => -contact.id)]
  const parts = connect(
    nodes,
    merges.map(merge => ({ a: -merge.winner_id, b: -merge.loser_id })),
    edges,
  )
  const people = group(members, contacts, parts, new Set(merges.map(merge => merge.loser_id)))
  const moved = members
    .map(member => ({ id: member.id, ...people.get(parts.get(member.id)!)!, was: member }))
    .filter(({ id, root, contact_id, was }) => (root === id ? null : root) !== was.person_id || contact_id !== was.contact_id)
    .map(({ id, root, contact_id }) => ({ id, person_id: root === id ? null : root, contact_id }))
  const merged = contacts
    .map(({ id, merged_into }) => ({ id, was: merged_into, into: people.get(parts.get(-id)!)!.contact_id }))
    .map(({ id, was, into }) => ({ id, was, merged_into: into === id ? null : into }))
    .filter(({ was, merged_into }) => was !== merged_into)
  await write(sql, workspace_id, moved, merged)
  await foldContacts(
    sql,
    contacts.map(({ id }) => ({ workspace_id, contact_id: id })),
    actor,
  )
  await settleCustom(
    sql,
    workspace_id,
    contacts.map(({ id }) => id),
  )
  return moved.length
}

/** The contacts asked for, those of the visitors asked for, and all that are or were part of any of them. */
function readContacts(sql: Sql, workspace_id: number, around: { visitors: number[]; contacts: number[] }) {
  return sql<Known[]>`
    with recursive near as (
      select id from unnest(${around.contacts}::int[]) as id
       union
      select m.contact_id
        from visitors v
       cross join lateral (select coalesce(v.person_id, v.id) as root offset 0) r -- a column, for the index (see link.ts)
        join visitors m on m.workspace_id = v.workspace_id and m.id = r.root
       where v.workspace_id = ${workspace_id} and v.id = any(${around.visitors}::bigint[]) and m.contact_id is not null
    ), joined as (
      select id from near
       union
      select case when m.winner_id = j.id then m.loser_id else m.winner_id end
        from joined j
        join contact_merges m on m.workspace_id = ${workspace_id} and (m.winner_id = j.id or m.loser_id = j.id)
    )
    select c.id, c.merged_into
      from joined j
      join contacts c on c.workspace_id = ${workspace_id} and c.id = j.id`
}

function readMembers(sql: Sql, workspace_id: number, visitors: number[], contacts: number[]) {
  return sql<Member[]>`
    with roots as (
      select coalesce(person_id, id) as root from visitors where workspace_id = ${workspace_id} and id = any(${visitors}::bigint[])
       union
      select coalesce(person_id, id) from visitors where workspace_id = ${workspace_id} and contact_id = any(${contacts}::int[])
    )
    select v.id, v.kind, v.person_id, v.contact_id
      from roots r
      join visitors v on v.workspace_id = ${workspace_id} and v.id = r.root
     union
    select v.id, v.kind, v.person_id, v.contact_id
      from roots r
      join visitors v on v.workspace_id = ${workspace_id} and v.person_id = r.root`
}

function readEdges(sql: Sql, workspace_id: number, members: Member[]) {
  return sql<Edge[]>`
    select l.visitor_id as a, coalesce(l.other_visitor_id, -l.contact_id) as b
      from identity_links l
     where l.workspace_id = ${workspace_id}
       and l.visitor_id = any(${members.map(member => member.id)}::bigint[])
       and l.outcome in ('linked', 'noop')
       and l.revoked_at is null
     order by l.id`
}

function readMerges(sql: Sql, workspace_id: number, contacts: number[]) {
  return sql<Merge[]>`
    select winner_id, loser_id
      from contact_merges
     where workspace_id = ${workspace_id} and loser_id = any(${contacts}::int[]) and undone_at is null`
}

/**
 * Union-find with path halving: each node and the name of its part. What was merged comes first. Then the links, the oldest first;
 * one that would bring a second contact in is left out: it was accepted while both were one, and that was taken back.
 */
function connect(nodes: number[], merged: Edge[], links: Edge[]): Map<number, number> {
  const parent = new Map(nodes.map(node => [node, node]))
  const has_contact = new Set(nodes.filter(node => node < 0))
  const find = (node: number) => {
    let at = node
    while (parent.get(at) !== at) {
      parent.set(at, parent.get(parent.get(at)!)!)
      at = parent.get(at)!
    }
    return at
  }
  const unite = (a: number, b: number) => {
    if (has_contact.has(a)) has_contact.add(b)
    parent.set(a, b)
  }
  for (const { a, b } of merged) if (parent.has(a) && parent.has(b)) unite(find(a), find(b))
  for (const { a, b } of links) {
    if (!parent.has(a) || !parent.has(b)) continue
    const [one, two] = [find(a), find(b)]
    if (one !== two && !(has_contact.has(one) && has_contact.has(two))) unite(one, two)
  }
  return new Map(nodes.map(node => [node, find(node)]))
}

type Stands = { root: number; rank: number; contact_id: number | null }

/** Of each part the visitor that stands for it, and the contact that no merge took into another. */
function group(members: Member[], contacts: Known[], parts: Map<number, number>, losers: Set<number>): Map<number, Stands> {
  const people = new Map<number, Stands>()
  const at = (part: number) => people.get(part) ?? people.set(part, { root: 0, rank: -1, contact_id: null }).get(part)!
  for (const { id, kind } of members) {
    const person = at(parts.get(id)!)
    const rank = rankOf(kind)
    if (rank > person.rank || (rank === person.rank && id < person.root)) Object.assign(person, { root: id, rank })
  }
  for (const { id } of contacts) if (!losers.has(id)) at(parts.get(-id)!).contact_id = id
  return people
}

async function write(
  sql: Sql,
  workspace_id: number,
  moved: { id: number; person_id: number | null; contact_id: number | null }[],
  merged: { id: number; merged_into: number | null }[],
) {
  if (moved.length > 0) {
    await sql`
      with moved as (
        select * from jsonb_to_recordset(${JSON.stringify(moved)}::text::jsonb) as m(id bigint, person_id bigint, contact_id int)
      ), told as (
        insert into moved_people (workspace_id, person)
        select v.workspace_id, coalesce(-v.contact_id, v.person_id, v.id)
          from moved m
          join visitors v on v.workspace_id = ${workspace_id} and v.id = m.id
         union
        select ${workspace_id}::int, coalesce(-contact_id, person_id, id) from moved
      )
      update visitors v
         set person_id = m.person_id, contact_id = m.contact_id
        from moved m
       where v.workspace_id = ${workspace_id} and v.id = m.id`
  }
  if (merged.length > 0) {
    await sql`
      update contacts c
         set merged_into = m.merged_into, updated_at = now()
        from jsonb_to_recordset(${JSON.stringify(merged)}::text::jsonb) as m(id int, merged_into int)
       where c.workspace_id = ${workspace_id} and c.id = m.id`
  }
}
