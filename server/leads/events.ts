import type { LeadEvent } from '../../shared/leads.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { pageOf, preciseTime, readCursor } from '../http/paginate.ts'

/** What was changed about a lead and its tasks, the newest first. Throws `not_found`. */
export async function listLeadEvents(
  sql: Sql,
  workspace_id: number,
  id: number,
  { limit = 50, cursor }: { limit?: number; cursor?: string },
) {
  const [lead] = await sql`select from leads where workspace_id = ${workspace_id} and id = ${id}`
  if (!lead) throw refuse('not_found')
  const [at, after_id] = readCursor(cursor, 'time', 'integer') ?? []
  const rows = await sql<(LeadEvent & { sort_value: string })[]>`
    select id, at, action, actor, contact_id, visitor_id, subject_id, before, after, ${preciseTime(sql, 'at')} as sort_value
      from activities
     where workspace_id = ${workspace_id} and subject_id = ${String(id)} and (action like 'lead.%' or action like 'task.%')
       ${at === undefined ? sql`` : sql`and (at, id) < (${at}::text::timestamptz, ${after_id!}::bigint)`}
     order by at desc, id desc
     limit ${limit + 1}`
  return pageOf(rows, limit, last => [last.sort_value, last.id])
}

/** Why leads were lost, in people's own words, the most used of the last thousand first. */
export async function listLostReasons(sql: Sql, workspace_id: number) {
  const data = await sql<{ reason: string; leads: number }[]>`
    select lost_reason as reason, count(*)::int as leads
      from (select lost_reason
              from leads
             where workspace_id = ${workspace_id} and kind = 'lost'
             order by created_at desc, id desc
             limit 1000) l
     where lost_reason is not null
     group by lost_reason
     order by leads desc, reason
     limit 50`
  return { data: [...data] }
}
