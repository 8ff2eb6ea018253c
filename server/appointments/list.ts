import type postgres from 'postgres'
import type { Appointment, AppointmentsQuery } from '../../shared/appointments.ts'
import { familyOf } from '../contacts/find.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { pageOf, preciseTime, readCursor } from '../http/paginate.ts'
import { appointmentColumns, appointmentJoins } from './columns.ts'
import { type Filters, filtersOf, searchOf } from './filters.ts'

type Fragment = postgres.Fragment
type Row = Appointment & { sort_value: string }

/** How many are looked at along an index before those that match are collected through the indexes of their filters. */
const WALK = 5000

/**
 * A page of appointments by time; what is only held is in no list. As leads do it (server/leads/run.ts): first the next ones in order are
 * looked at, and what matches often fills the page from them; what matches rarely is then collected and sorted. So no estimate of the
 * planner decides what a page costs. With `q`, `sql` must be of the system's role, which may use the index of words.
 *
 * Measured, 50 or 200 of 1,000,000: 2 to 10 ms; a search that many match, or filters that hardly ever match together, 10 to 35 ms.
 */
export async function listAppointments(
  sql: Sql,
  workspace_id: number,
  { limit = 50, sort = 'scheduled_at', cursor, ...query }: AppointmentsQuery,
) {
  const [of_sort = sort, at, after_id] = readCursor(cursor, 'text', 'time', 'integer') ?? []
  if (of_sort !== sort) throw refuse('invalid_cursor')
  const falls = sort === '-scheduled_at'
  const question = await questionOf(sql, workspace_id, query)
  const page: Place = {
    workspace_id,
    most: limit + 1,
    order: falls ? sql`order by a.scheduled_at desc, a.id desc` : sql`order by a.scheduled_at, a.id`,
    past: at === undefined ? [] : [beyond(sql, falls, at, after_id!)],
  }
  const walked = question.few.length === 0 ? await walk(sql, question, page) : undefined
  const rows = walked ?? (await collect(sql, question, page))
  return pageOf(rows, limit, last => [sort, last.sort_value, last.id])
}

type Place = { workspace_id: number; most: number; order: Fragment; past: Fragment[] }
/** `few`: an index finds all of them at once. */
type Question = Filters & { few: Fragment[]; asked: Fragment[]; collected: Fragment[] }

async function questionOf(
  sql: Sql,
  workspace_id: number,
  { q, contact_id, lead_id, ...query }: Omit<AppointmentsQuery, 'limit' | 'sort' | 'cursor'>,
): Promise<Question> {
  const id = await idIn(sql, workspace_id, q)
  const search = id === undefined ? await searchOf(sql, workspace_id, q) : undefined
  const family = contact_id === undefined ? undefined : await familyOf(sql, workspace_id, contact_id)
  const few = [
    ...(family ? [sql`and a.contact_id = any(${family}::int[])`] : []),
    ...(lead_id === undefined ? [] : [sql`and a.lead_id = ${lead_id}`]),
    ...(id === undefined ? [] : [sql`and a.id = ${id}`]),
    ...(search?.few ? [search.few] : []),
  ]
  const words = search && !search.few ? search : undefined
  return { ...filtersOf(sql, query), few, asked: words ? [words.asked] : [], collected: words ? [words.collected] : [] }
}

/** The next ones in order; undefined when so many were looked at and there may be more. */
async function walk(
  sql: Sql,
  { first, statuses, span, others, asked }: Question,
  { workspace_id, most, order, past }: Place,
): Promise<Row[] | undefined> {
  const is_whole = others.length === 0 && asked.length === 0
  const of_status = statuses ? sql`and status = s.status` : sql`and status <> 'held'`
  const rows = await show(
    sql,
    sql`
      select *
        from (select a.*
                from ${statuses ? sql`unnest(${[...statuses]}::text[])` : sql`(values (1))`} as s(status)
               cross join lateral (
                     select *
                       from appointments a
                      where workspace_id = ${workspace_id} ${all(sql, [of_status, ...first, ...span, ...past])}
                      ${order}
                      limit ${is_whole ? most : WALK}) a) a
       where true ${all(sql, [...others, ...asked])}
       ${order}
       limit ${most}`,
    order,
  )
  return is_whole || rows.length === most ? rows : undefined
}

/** How many there are of those that a list is asked for. */
export async function countAppointments(sql: Sql, workspace_id: number, query: AppointmentsQuery): Promise<number> {
  const question = await questionOf(sql, workspace_id, query)
  const [row] = await sql<{ appointments: number }[]>`
    select count(*) as appointments from appointments a where workspace_id = ${workspace_id} ${matching(sql, question)}`
  return row!.appointments
}

function matching(sql: Sql, { few, first, statuses, span, others, collected }: Question): Fragment {
  const in_status = statuses ? [sql`and status in ${sql([...statuses])}`] : [sql`and status <> 'held'`]
  return all(sql, [...few, ...first, ...in_status, ...span, ...others, ...collected])
}

function collect(sql: Sql, question: Question, { workspace_id, most, order, past }: Place): Promise<Row[]> {
  const conditions = sql`${matching(sql, question)} ${all(sql, past)}`
  return show(
    sql,
    sql`
      with found as materialized (select id from appointments a where workspace_id = ${workspace_id} ${conditions})
      select * from appointments a where workspace_id = ${workspace_id} and id in (select id from found) ${order} limit ${most}`,
    order,
  )
}

function show(sql: Sql, appointments: Fragment, order: Fragment): Promise<Row[]> {
  return sql<Row[]>`
    select ${appointmentColumns(sql)}, ${preciseTime(sql, 'a.scheduled_at')} as sort_value
      from (${appointments}) a
      ${appointmentJoins(sql)}
     ${order}`
}

function beyond(sql: Sql, falls: boolean, at: string, id: number) {
  return sql`and (a.scheduled_at, a.id) ${falls ? sql`<` : sql`>`} (${at}::text::timestamptz, ${id}::bigint)`
}

function all(sql: Sql, conditions: Fragment[]): Fragment {
  return conditions.length === 0 ? sql`` : sql`${conditions}`
}

/** Phone numbers are digits too, so there must be such an appointment. */
async function idIn(sql: Sql, workspace_id: number, q = ''): Promise<number | undefined> {
  if (!/^\s*\d{1,15}\s*$/.test(q)) return undefined
  const [appointment] = await sql<{ id: number }[]>`
    select id from appointments where workspace_id = ${workspace_id} and id = ${q.trim()}::bigint and status <> 'held'`
  return appointment?.id
}
