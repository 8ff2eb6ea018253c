import type { Review } from '../../shared/identity.ts'
import type { Actor } from '../../shared/shape.ts'
import { recordActivities } from '../activities/record.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { pageOf, readCursor } from '../http/paginate.ts'

type Row = Review & { cursor_at: string }

/**
 * What waits for a person's decision, the newest first: claims that the guard refused because both sides are somebody already,
 * and pairs of contacts that look like one. Blocked values and pairs taken apart by hand are no questions, so they are not here.
 */
export async function listReviews(sql: Sql, workspace_id: number, { limit = 50, cursor }: { limit?: number; cursor?: string }) {
  const after = readCursor(cursor, 'time', 'text', 'integer')
  const rows = await sql<Row[]>`
    with waiting as (
      (select 'link' as kind, l.id, l.last_at as at, l.reason, l.outcome, l.repeats, l.visitor_id, l.other_visitor_id,
              v.contact_id, coalesce(l.contact_id, o.contact_id) as other_contact_id, '{}'::jsonb as evidence
         from identity_links l
         join visitors v      on v.workspace_id = l.workspace_id and v.id = l.visitor_id
         left join visitors o on o.workspace_id = l.workspace_id and o.id = l.other_visitor_id
        where l.workspace_id = ${workspace_id} and l.outcome like 'refused%' and l.revoked_at is null and l.reviewed_at is null
          and l.outcome <> 'refused_blocked'
          ${after ? sql`and (l.last_at, 'link', l.id) < (${after[0]}, ${after[1]}, ${after[2]})` : sql``}
        order by l.last_at desc, l.id desc
        limit ${limit + 1})
       union all
      (select 'suggestion', s.id, s.created_at, s.reason, null, 0, null, null, s.contact_id, s.other_contact_id, s.evidence
         from merge_suggestions s
         join contacts c on c.workspace_id = s.workspace_id and c.id = s.contact_id       and c.merged_into is null
         join contacts d on d.workspace_id = s.workspace_id and d.id = s.other_contact_id and d.merged_into is null
        where s.workspace_id = ${workspace_id} and s.decided_at is null
          ${after ? sql`and (s.created_at, 'suggestion', s.id) < (${after[0]}, ${after[1]}, ${after[2]})` : sql``}
        order by s.created_at desc, s.id desc
        limit ${limit + 1})
    )
    select w.kind, w.id, w.at, w.reason, w.outcome, w.repeats, v.distinct_id, o.distinct_id as other_distinct_id, w.evidence,
           case when c.id is not null then jsonb_build_object('id', c.id, 'name', c.name, 'email', c.email, 'phone', c.phone) end as contact,
           case when d.id is not null then jsonb_build_object('id', d.id, 'name', d.name, 'email', d.email, 'phone', d.phone) end as other_contact,
           to_char(w.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as cursor_at
      from waiting w
      left join visitors v on v.workspace_id = ${workspace_id} and v.id = w.visitor_id
      left join visitors o on o.workspace_id = ${workspace_id} and o.id = w.other_visitor_id
      left join contacts c on c.workspace_id = ${workspace_id} and c.id = w.contact_id
      left join contacts d on d.workspace_id = ${workspace_id} and d.id = w.other_contact_id
     order by w.at desc, w.kind desc, w.id desc
     limit ${limit + 1}`
  return pageOf(rows, limit, row => [row.cursor_at, row.kind, row.id])
}

/** Somebody looked and lets it be. */
export async function dismissLink(sql: Sql, workspace_id: number, link_id: number, actor: Actor) {
  const rows = await sql<{ visitor_id: number; contact_id: number | null }[]>`
    update identity_links
       set reviewed_at = now()
     where workspace_id = ${workspace_id} and id = ${link_id} and outcome like 'refused%' and reviewed_at is null
    returning visitor_id, contact_id`
  if (rows.length === 0) throw refuse('not_found')
  await recordActivities(sql, workspace_id, [{ action: 'identity.claim_dismissed', actor, ...rows[0]!, subject_id: link_id }])
}

export async function dismissSuggestion(sql: Sql, workspace_id: number, suggestion_id: number, actor: Actor) {
  const rows = await sql<{ contact_id: number; other_contact_id: number }[]>`
    update merge_suggestions
       set decided_at = now(), decision = 'dismissed'
     where workspace_id = ${workspace_id} and id = ${suggestion_id} and decided_at is null
    returning contact_id, other_contact_id`
  const [pair] = rows
  if (!pair) throw refuse('not_found')
  await recordActivities(sql, workspace_id, [
    { action: 'identity.suggestion_dismissed', actor, contact_id: pair.contact_id, subject_id: suggestion_id, after: pair },
  ])
}
