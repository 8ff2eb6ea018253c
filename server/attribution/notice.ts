import type postgres from 'postgres'
import { batchRows, inBatch } from '../activities/batches.ts'
import type { Told } from '../activities/told.ts'
import { IS_SENT } from './touches.ts'

/**
 * Notes the people whose visits came to be known after what they led to: a browser that was offline sends what it kept hours later, when its
 * person has long bought on another device. Whom something else first brought than was known is noted when that is written
 * (server/identity/write.ts), everybody else for what they do (server/journeys/notice.ts).
 *
 * One statement. Nearly always nothing was converted after these events, and then none of them is read.
 */
export async function noticeLateVisits(sql: postgres.TransactionSql, { batches }: Told): Promise<void> {
  if (batches.length === 0) return
  await sql`
    with seen as materialized (
      select b.workspace_id, e.session_id, min(e.occurred_at) as at
        from ${batchRows(sql, batches)}
       cross join lateral (
             select converted_at
               from conversions
              where workspace_id = b.workspace_id and converted_at >= b.from_time and counts
              order by converted_at desc
              limit 1) n
       cross join lateral (
             select session_id, occurred_at
               from events
              where ${inBatch(sql)} and occurred_at <= n.converted_at
             offset 0) e
       group by b.workspace_id, e.session_id
    ), visited as (
      select v.*, k.at
        from seen k
       cross join lateral (
             select visitor_id
               from sessions
              where workspace_id = k.workspace_id and id = k.session_id and touch ?| ${sql.unsafe(IS_SENT)}
             offset 0) s
       cross join lateral (
             select workspace_id, id, person_id, contact_id from visitors where workspace_id = k.workspace_id and id = s.visitor_id offset 0) v
    )
    insert into moved_people (workspace_id, person)
    select distinct workspace_id, coalesce(-contact_id, person_id, id)
      from visited v
     where exists (
             select from contacts c
               join conversions n on n.workspace_id = c.workspace_id and n.contact_id = c.id
              where c.workspace_id = v.workspace_id and c.whole_id = v.contact_id and n.counts and n.converted_at >= v.at)
        or exists (
             select from visitors m
               join conversions n on n.workspace_id = m.workspace_id and n.visitor_id = m.id
              where m.workspace_id = v.workspace_id and m.contact_id = v.contact_id and n.counts and n.converted_at >= v.at)
        or v.contact_id is null and exists (
             select from visitors m
               join conversions n on n.workspace_id = m.workspace_id and n.visitor_id = m.id
              where m.workspace_id = v.workspace_id and m.person_id = coalesce(v.person_id, v.id) and n.counts and n.converted_at >= v.at)
        or v.contact_id is null and exists (
             select from conversions n
              where n.workspace_id = v.workspace_id and n.visitor_id = coalesce(v.person_id, v.id) and n.counts and n.converted_at >= v.at)`
}
