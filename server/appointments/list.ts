import type postgres from 'postgres'
import type { Appointment, AppointmentsQuery } from '../../shared/appointments.ts'
import { familyOf } from '../contacts/find.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { pageOf, preciseTime, readCursor } from '../http/paginate.ts'
import { appointmentColumns, appointmentJoins } from './columns.ts'
import { filtersOf, searchOf } from './filters.ts'

type Row = Appointment & { sort_value: string }

/** How many are looked at along an index before those that match are collected through the indexes of their filters. */
const WALK = 5000

/**
 * A page of appointments by time; what is only held is in no list. As leads do it (server/leads/run.ts): first the next ones in order are
 * looked at, and what matches often fills the page from them; what matches rarely is then collected and sorted. So no estimate of the
 * planner decides what a page costs. With `q`, `sql` must be of the system's role, which may use the index of words.
 */
export async function listAppointments(
  sql: Sql,
  workspace_id: number,
  { limit = 50, sort = 'scheduled_at', cursor, contact_id, lead_id, q, ...query }: AppointmentsQuery,
) {
  const [of_sort = sort, at, after_id] = readCursor(cursor, 'text', 'time', 'integer') ?? []
  if (of_sort !== sort) throw refuse('invalid_cursor')
  const falls = sort === '-scheduled_at'
  const order = falls ? sql`order by a.scheduled_at desc, a.id desc` : sql`order by a.scheduled_at, a.id`
  const past = at === undefined ? [] : [beyond(sql, falls, at, after_id!)]
  const { first, statuses, span, others } = filtersOf(sql, query)
  const id = await idIn(sql, workspace_id, q)
  const search = id === undefined ? searchOf(sql, workspace_id, q) : undefined
  const family = contact_id === undefined ? undefined : await familyOf(sql, workspace_id, contact_id)
  const few = [
    ...(family ? [sql`and a.contact_id = any(${family}::int[])`] : []),
    ...(lead_id === undefined ? [] : [sql`and a.lead_id = ${lead_id}`]),
    ...(id === undefined ? [] : [sql`and a.id = ${id}`]),
  ]
  const shown = sql`${appointmentColumns(sql)}, ${preciseTime(sql, 'a.scheduled_at')} as sort_value`
  const page = (rows: Row[]) => pageOf(rows, limit, last => [sort, last.sort_value, last.id])
  if (few.length === 0) {
    const asked = [...others, ...(search ? [search.asked] : [])]
    const most = asked.length === 0 ? limit + 1 : WALK
    const walked = all(sql, [...(first ? [first] : []), ...span, ...past])
    const of_status = statuses ? sql`a.status = s.status` : sql`a.status <> 'held'`
    const rows = await sql<Row[]>`
      select ${shown}
        from (select *
                from (select a.*
                        from ${statuses ? sql`unnest(${[...statuses]}::text[])` : sql`(values (1))`} as s(status)
                       cross join lateral (
                             select * from appointments a where workspace_id = ${workspace_id} and ${of_status} ${walked} ${order} limit ${most}) a) a
               where true ${all(sql, asked)}
               ${order}
               limit ${limit + 1}) a
        ${appointmentJoins(sql)}
       ${order}`
    if (rows.length > limit || asked.length === 0) return page(rows)
  }
  const in_status = statuses ? [sql`and a.status in ${sql([...statuses])}`] : []
  const conditions = [
    ...few,
    ...(first ? [first] : []),
    ...in_status,
    ...span,
    ...others,
    ...(search ? [search.collected] : []),
    ...past,
  ]
  const rows = await sql<Row[]>`
    with found as materialized (
      select id from appointments a where workspace_id = ${workspace_id} and status <> 'held' ${all(sql, conditions)}
    )
    select ${shown}
      from (select *
              from appointments a
             where workspace_id = ${workspace_id} and id in (select id from found)
             ${order}
             limit ${limit + 1}) a
      ${appointmentJoins(sql)}
     ${order}`
  return page(rows)
}

function beyond(sql: Sql, falls: boolean, at: string, id: number) {
  return sql`and (a.scheduled_at, a.id) ${falls ? sql`<` : sql`>`} (${at}::text::timestamptz, ${id}::bigint)`
}

function all(sql: Sql, conditions: postgres.Fragment[]): postgres.Fragment {
  return conditions.length === 0 ? sql`` : sql`${conditions}`
}

/** Phone numbers are digits too, so there must be such an appointment. */
async function idIn(sql: Sql, workspace_id: number, q = ''): Promise<number | undefined> {
  if (!/^\s*\d{1,15}\s*$/.test(q)) return undefined
  const [appointment] = await sql<{ id: number }[]>`
    select id from appointments where workspace_id = ${workspace_id} and id = ${q.trim()}::bigint and status <> 'held'`
  return appointment?.id
}
