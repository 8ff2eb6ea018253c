import type { ContactMerge, Identity, IdentityLink } from '../../shared/identity.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { selectVisitors } from '../visitors/select.ts'

/** Who a contact is made of, and every claim about it with what became of it. */
export async function showIdentity(sql: Sql, workspace_id: number, contact_id: number): Promise<Identity> {
  const [contact] = await sql`select from contacts where workspace_id = ${workspace_id} and id = ${contact_id}`
  if (!contact) throw refuse('not_found')
  const [visitors, keys, links, merges] = await Promise.all([
    selectVisitors(sql, sql`v.workspace_id = ${workspace_id} and v.contact_id = ${contact_id}`, sql`order by v.first_seen, v.id`),
    sql<{ kind: string; value: string }[]>`
      select k.kind, k.value
        from contacts c
        join contact_keys k on k.workspace_id = c.workspace_id and k.contact_id = c.id
       where c.workspace_id = ${workspace_id} and (c.id = ${contact_id} or c.merged_into = ${contact_id})
       order by k.kind, k.created_at`,
    linksOf(sql, workspace_id, contact_id),
    mergesOf(sql, workspace_id, contact_id),
  ])
  return { contact_id, person_id: visitors[0]?.person_id ?? null, visitors, keys, links, merges }
}

/** Also the links of visitors that were taken out since: they name the contact or one of its visitors. */
function linksOf(sql: Sql, workspace_id: number, contact_id: number) {
  return sql<IdentityLink[]>`
    with members as (
      select id from visitors where workspace_id = ${workspace_id} and contact_id = ${contact_id}
    ), found as (
      select l.id from members m join identity_links l on l.workspace_id = ${workspace_id} and l.visitor_id = m.id
       union
      select l.id from members m join identity_links l on l.workspace_id = ${workspace_id} and l.other_visitor_id = m.id
       union
      select l.id
        from contacts c
        join identity_links l on l.workspace_id = ${workspace_id} and l.contact_id = c.id
       where c.workspace_id = ${workspace_id} and (c.id = ${contact_id} or c.merged_into = ${contact_id})
    )
    select l.id, l.reason, l.outcome, l.visitor_id, v.distinct_id, l.other_visitor_id, o.distinct_id as other_distinct_id,
           l.contact_id, l.forced, l.actor, l.message_id, l.occurred_at, l.repeats, l.last_at, l.revoked_at, l.revoked_by
      from found f
      join identity_links l on l.workspace_id = ${workspace_id} and l.id = f.id
      join visitors v       on v.workspace_id = l.workspace_id and v.id = l.visitor_id
      left join visitors o  on o.workspace_id = l.workspace_id and o.id = l.other_visitor_id
     order by l.id desc
     limit 500`
}

function mergesOf(sql: Sql, workspace_id: number, contact_id: number) {
  return sql<ContactMerge[]>`
    select m.id, m.winner_id, m.loser_id, coalesce(c.name, c.email, c.phone) as loser_name, m.forced, m.actor, m.created_at, m.undone_at, m.undone_by
      from contact_merges m
      join contacts c on c.workspace_id = m.workspace_id and c.id = m.loser_id
     where m.workspace_id = ${workspace_id} and (m.winner_id = ${contact_id} or m.loser_id = ${contact_id})
     order by m.id desc`
}

export async function findMerge(sql: Sql, workspace_id: number, merge_id: number): Promise<ContactMerge> {
  const [merge] = await sql<ContactMerge[]>`
    select m.id, m.winner_id, m.loser_id, coalesce(c.name, c.email, c.phone) as loser_name, m.forced, m.actor, m.created_at, m.undone_at, m.undone_by
      from contact_merges m
      join contacts c on c.workspace_id = m.workspace_id and c.id = m.loser_id
     where m.workspace_id = ${workspace_id} and m.id = ${merge_id}`
  if (!merge) throw refuse('not_found')
  return merge
}
