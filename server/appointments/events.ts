import type { Activity } from '../../shared/events.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { pageOf, preciseTime, readCursor } from '../http/paginate.ts'

/** What was changed about an appointment, the newest first. Throws `not_found`. */
export async function listAppointmentEvents(
  sql: Sql,
  workspace_id: number,
  id: number,
  { limit = 50, cursor }: { limit?: number; cursor?: string },
) {
  const [appointment] = await sql`
    select from appointments where workspace_id = ${workspace_id} and id = ${id} and status <> 'held'`
  if (!appointment) throw refuse('not_found')
  const [at, after_id] = readCursor(cursor, 'time', 'integer') ?? []
  const rows = await sql<(Activity & { sort_value: string })[]>`
    select id, at, action, actor, contact_id, visitor_id, subject_id, before, after, ${preciseTime(sql, 'at')} as sort_value
      from activities
     where workspace_id = ${workspace_id} and subject_id = ${String(id)} and action like 'appointment.%'
       ${at === undefined ? sql`` : sql`and (at, id) < (${at}::text::timestamptz, ${after_id!}::bigint)`}
     order by at desc, id desc
     limit ${limit + 1}`
  return pageOf(rows, limit, last => [last.sort_value, last.id])
}
