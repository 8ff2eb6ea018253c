import type postgres from 'postgres'
import type { Actor } from '../../shared/shape.ts'
import { recordActivities } from '../activities/record.ts'
import { lockIdentity } from '../database/transaction.ts'
import { refuse } from '../errors.ts'
import { MOST_VISITORS } from './guard.ts'
import { mergeContacts } from './merge.ts'
import { recompute } from './recompute.ts'
import type { Kind } from './world.ts'

type Side = {
  id: number
  distinct_id: string
  kind: Kind
  root: number
  contact_id: number | null
  size: number
  user: string | null
}

/** A person says that a visitor is this contact. Two contacts or two users become one only with `force`. */
export async function linkByHand(
  sql: postgres.TransactionSql,
  workspace_id: number,
  contact_id: number,
  distinct_id: string,
  force: boolean,
  actor: Actor,
) {
  await lockIdentity(sql, [workspace_id])
  const visitor = await findSide(sql, workspace_id, distinct_id)
  if (!visitor) throw refuse('not_found', { message: 'Nobody with this distinct_id was ever seen here.' })
  await standsAlone(sql, workspace_id, contact_id)
  await join(sql, workspace_id, visitor, { contact_id, other_visitor_id: null }, force, actor)
}

/** A claim that the guard had refused is right after all: linked by force, in the name of who decided. */
export async function acceptLink(sql: postgres.TransactionSql, workspace_id: number, link_id: number, actor: Actor) {
  await lockIdentity(sql, [workspace_id])
  const [link] = await sql<{ distinct_id: string; other_visitor_id: number | null; contact_id: number | null }[]>`
    update identity_links l
       set reviewed_at = now()
      from visitors v
     where l.workspace_id = ${workspace_id} and l.id = ${link_id} and l.outcome like 'refused%' and l.revoked_at is null
       and v.workspace_id = l.workspace_id and v.id = l.visitor_id
    returning v.distinct_id, l.other_visitor_id, l.contact_id`
  if (!link) throw refuse('not_found')
  const visitor = await findSide(sql, workspace_id, link.distinct_id)
  await join(sql, workspace_id, visitor!, link, true, actor)
}

/** Takes a claim back: every accepted link between the same two is revoked, and their people are made again from the rest. */
export async function undoLink(sql: postgres.TransactionSql, workspace_id: number, link_id: number, actor: Actor) {
  await lockIdentity(sql, [workspace_id])
  const revoked = await sql<{ visitor_id: number; other_visitor_id: number | null; contact_id: number | null }[]>`
    with pair as (
      select visitor_id, other_visitor_id, contact_id
        from identity_links
       where workspace_id = ${workspace_id} and id = ${link_id} and outcome in ('linked', 'noop')
    )
    update identity_links l
       set revoked_at = now(), revoked_by = ${JSON.stringify(actor)}::text::jsonb
      from pair p
     where l.workspace_id = ${workspace_id} and l.outcome in ('linked', 'noop') and l.revoked_at is null
       and ((l.visitor_id = p.visitor_id and l.other_visitor_id = p.other_visitor_id)
         or (l.visitor_id = p.other_visitor_id and l.other_visitor_id = p.visitor_id)
         or (l.visitor_id = p.visitor_id and l.contact_id = p.contact_id))
    returning l.visitor_id, l.other_visitor_id, l.contact_id`
  if (revoked.length === 0) await explainNothing(sql, workspace_id, link_id)
  await separate(sql, workspace_id, revoked, actor)
}

/** Takes a visitor out of a contact: every accepted claim that names it within the person is revoked. */
export async function removeVisitor(
  sql: postgres.TransactionSql,
  workspace_id: number,
  contact_id: number,
  visitor_id: number,
  actor: Actor,
) {
  await lockIdentity(sql, [workspace_id])
  const revoked = await sql<{ visitor_id: number; other_visitor_id: number | null; contact_id: number | null }[]>`
    update identity_links l
       set revoked_at = now(), revoked_by = ${JSON.stringify(actor)}::text::jsonb
     where l.workspace_id = ${workspace_id} and l.outcome in ('linked', 'noop') and l.revoked_at is null
       and (l.visitor_id = ${visitor_id} or l.other_visitor_id = ${visitor_id})
       and exists (select from visitors v
                    where v.workspace_id = l.workspace_id and v.id = ${visitor_id} and v.contact_id = ${contact_id})
    returning l.visitor_id, l.other_visitor_id, l.contact_id`
  if (revoked.length === 0) throw refuse('not_found')
  await separate(sql, workspace_id, revoked, actor)
}

async function separate(
  sql: postgres.TransactionSql,
  workspace_id: number,
  revoked: { visitor_id: number; other_visitor_id: number | null; contact_id: number | null }[],
  actor: Actor,
) {
  const visitors = revoked.flatMap(link => [link.visitor_id, link.other_visitor_id ?? []].flat())
  const before = await contactsOf(sql, workspace_id, visitors)
  const contacts = [...new Set([...before.values(), ...revoked.flatMap(link => link.contact_id ?? [])])].filter(id => id !== null)
  await recompute(sql, workspace_id, { visitors, contacts }, actor)
  const after = await contactsOf(sql, workspace_id, visitors)
  const activities = [...before].flatMap(([visitor_id, contact_id]) =>
    contact_id === null || after.get(visitor_id) === contact_id
      ? []
      : {
          action: 'visitor.unlinked',
          actor,
          contact_id,
          visitor_id,
          before: { contact_id },
          after: { contact_id: after.get(visitor_id) ?? null },
        },
  )
  await recordActivities(sql, workspace_id, [
    ...activities,
    ...revoked.map(link => ({
      action: 'identity.link_undone',
      actor,
      ...link,
      contact_id: contacts[0] ?? null,
      subject_id: null,
    })),
  ])
}

async function contactsOf(sql: postgres.TransactionSql, workspace_id: number, visitors: number[]) {
  const rows = await sql<{ id: number; contact_id: number | null }[]>`
    select id, contact_id from visitors where workspace_id = ${workspace_id} and id = any(${visitors}::bigint[])`
  return new Map(rows.map(row => [row.id, row.contact_id]))
}

async function explainNothing(sql: postgres.TransactionSql, workspace_id: number, link_id: number): Promise<never> {
  const [link] = await sql<{ revoked_at: Date | null }[]>`
    select revoked_at from identity_links where workspace_id = ${workspace_id} and id = ${link_id}`
  throw link?.revoked_at ? refuse('already_undone') : refuse('not_found')
}

async function join(
  sql: postgres.TransactionSql,
  workspace_id: number,
  visitor: Side,
  target: { other_visitor_id: number | null; contact_id: number | null },
  force: boolean,
  actor: Actor,
) {
  const other = target.other_visitor_id === null ? null : await findSide(sql, workspace_id, target.other_visitor_id)
  const contact_id = target.contact_id ?? other?.contact_id ?? null
  const standing = other ?? (contact_id === null ? null : await findSideOfContact(sql, workspace_id, contact_id))
  if (visitor.kind === 'blocked' || other?.kind === 'blocked') {
    throw refuse('invalid_fields', { fields: { distinct_id: 'is a value that never identifies anybody' } })
  }
  if (standing && standing.root !== visitor.root) {
    const two_users = visitor.user !== null && standing.user !== null
    const two_contacts = visitor.contact_id !== null && contact_id !== null && visitor.contact_id !== contact_id
    if ((two_users || two_contacts) && !force) throw refuse('two_identified')
    if (visitor.size + standing.size > MOST_VISITORS) {
      throw refuse('invalid_fields', { fields: { distinct_id: `a person may have at most ${MOST_VISITORS} distinct_ids` } })
    }
  }
  await sql`
    insert into identity_links (workspace_id, reason, outcome, visitor_id, other_visitor_id, contact_id, forced, actor, occurred_at, last_at)
    values (${workspace_id}, 'manual', 'linked', ${visitor.id}, ${target.other_visitor_id}, ${target.contact_id}, ${force},
            ${JSON.stringify(actor)}::text::jsonb, now(), now())
    on conflict do nothing`
  if (visitor.contact_id !== null && contact_id !== null && visitor.contact_id !== contact_id) {
    await mergeContacts(sql, workspace_id, contact_id, visitor.contact_id, true, actor)
  }
  const contacts = [contact_id, visitor.contact_id].filter(id => id !== null)
  await recompute(sql, workspace_id, { visitors: [visitor.id, ...(other ? [other.id] : [])], contacts }, actor)
  await recordActivities(sql, workspace_id, [
    {
      action: 'visitor.linked',
      actor,
      contact_id: contact_id ?? visitor.contact_id,
      visitor_id: visitor.id,
      after: { distinct_id: visitor.distinct_id, forced: force },
    },
  ])
}

async function standsAlone(sql: postgres.TransactionSql, workspace_id: number, contact_id: number) {
  const [contact] = await sql<{ merged_into: number | null }[]>`
    select merged_into from contacts where workspace_id = ${workspace_id} and id = ${contact_id}`
  if (!contact) throw refuse('not_found')
  if (contact.merged_into !== null) throw refuse('already_merged')
}

async function findSideOfContact(sql: postgres.TransactionSql, workspace_id: number, contact_id: number) {
  const [row] = await sql<{ id: number }[]>`
    select id from visitors where workspace_id = ${workspace_id} and contact_id = ${contact_id} limit 1`
  return row ? findSide(sql, workspace_id, row.id) : null
}

/**
 * A visitor with what the guard asks about its person. (`offset 0` makes a column of who stands for it: behind row level security no index
 * is used for an expression.)
 */
async function findSide(sql: postgres.TransactionSql, workspace_id: number, wanted: string | number): Promise<Side | null> {
  const [side] = await sql<Side[]>`
    select v.id, v.distinct_id, v.kind, r.root, v.contact_id, p.size, p.user
      from visitors v
      cross join lateral (select coalesce(v.person_id, v.id) as root offset 0) r
      cross join lateral (
        select count(*)::int as size, min(m.distinct_id) filter (where m.kind = 'user') as "user"
          from visitors m
         where m.workspace_id = v.workspace_id and (m.id = r.root or m.person_id = r.root)) p
     where v.workspace_id = ${workspace_id} and ${typeof wanted === 'string' ? sql`v.distinct_id = ${wanted}` : sql`v.id = ${wanted}`}`
  return side ?? null
}
