import type { Task, TasksQuery } from '../../shared/tasks.ts'
import { isArchived } from '../contacts/archive.ts'
import { familyOf } from '../contacts/find.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { pageOf, preciseTime, readCursor } from '../http/paginate.ts'
import { ofUser } from './board.ts'

type Row = Task & { sort_value: string | null }

/** To do: what is due first comes first, and what has no day last, but of who is archived only when asked for. Done: the newest first. */
export async function listTasks(sql: Sql, workspace_id: number, { limit = 50, cursor, state = 'open', ...query }: TasksQuery) {
  const [of_state = state, at, id] = readCursor(cursor, 'text', 'time or null', 'integer') ?? []
  if (of_state !== state) throw refuse('invalid_cursor')
  const family = query.contact_id === undefined ? undefined : await familyOf(sql, workspace_id, query.contact_id)
  const is_open = state === 'open'
  // Not coalesce(): behind row level security no index is used for it.
  const place = is_open ? sql`case when t.due_at is null then 'infinity' else t.due_at end` : sql`t.done_at`
  const past = is_open
    ? sql`and (${place}, t.id) > (${at ?? 'infinity'}::text::timestamptz, ${id ?? 0}::bigint)`
    : sql`and (${place}, t.id) < (${at ?? null}::text::timestamptz, ${id ?? 0}::bigint)`
  const rows = await sql<Row[]>`
    select ${taskColumns(sql)}, ${preciseTime(sql, is_open ? 't.due_at' : 't.done_at')} as sort_value
      from (select *
              from tasks t
             where workspace_id = ${workspace_id} and ${is_open ? sql`done_at is null` : sql`done_at is not null`}
               ${ofUser(sql, query.assigned_to)}
               ${query.kind === undefined ? sql`` : sql`and kind = ${query.kind}`}
               ${query.lead_id === undefined ? sql`` : sql`and lead_id = ${query.lead_id}`}
               ${family === undefined ? sql`` : sql`and contact_id = any(${family}::int[])`}
               ${query.due_before === undefined ? sql`` : sql`and case when due_at is null then 'infinity' else due_at end < ${query.due_before}`}
               ${is_open && !family && query.lead_id === undefined ? sql`and not ${isArchived(sql, sql`t.workspace_id`, sql`t.contact_id`)}` : sql``}
               ${cursor === undefined ? sql`` : past}
             order by ${place} ${is_open ? sql`asc` : sql`desc`}, id ${is_open ? sql`asc` : sql`desc`}
             limit ${limit + 1}) t
      ${taskJoins(sql)}
     order by ${place} ${is_open ? sql`asc` : sql`desc`}, t.id ${is_open ? sql`asc` : sql`desc`}`
  return pageOf(rows, limit, last => [state, last.sort_value, last.id])
}

/** Of a lead: what is to do before what was done, the newest first. */
export async function listTasksOfLead(sql: Sql, workspace_id: number, lead_id: number, { limit = 50, cursor }: TasksQuery) {
  const [lead] = await sql`select from leads where workspace_id = ${workspace_id} and id = ${lead_id}`
  if (!lead) throw refuse('not_found')
  const [at, id] = readCursor(cursor, 'time', 'integer') ?? []
  const rows = await sql<Row[]>`
    select ${taskColumns(sql)}, ${preciseTime(sql, 't.created_at')} as sort_value
      from (select *
              from tasks
             where workspace_id = ${workspace_id} and lead_id = ${lead_id}
               ${at === undefined ? sql`` : sql`and (created_at, id) < (${at}::text::timestamptz, ${id!}::bigint)`}
             order by created_at desc, id desc
             limit ${limit + 1}) t
      ${taskJoins(sql)}
     order by t.created_at desc, t.id desc`
  return pageOf(rows, limit, last => [last.sort_value, last.id])
}

/** Throws `not_found`. */
export async function findTask(sql: Sql, workspace_id: number, id: number): Promise<Task> {
  const [task] = await sql<Task[]>`
    select ${taskColumns(sql)} from tasks t ${taskJoins(sql)} where t.workspace_id = ${workspace_id} and t.id = ${id}`
  if (!task) throw refuse('not_found')
  return task
}

function taskColumns(sql: Sql) {
  return sql`
           t.id, t.kind, t.title, t.body, t.outcome, c.id as contact_id, coalesce(c.name, c.email, c.phone) as contact_name, t.lead_id,
           t.assigned_to, t.due_at, t.done_at, t.created_by, t.created_at, t.updated_at`
}

/** The contact as it is now: the one that is left after a merge. Row by row, as leads have it (columns.ts). */
function taskJoins(sql: Sql) {
  return sql`
      left join lateral (
           select coalesce(o.merged_into, o.id) as id
             from contacts o
            where o.workspace_id = t.workspace_id and o.id = t.contact_id
            limit 1) o on true
      left join lateral (
           select c.id, c.name, c.email, c.phone
             from contacts c
            where c.workspace_id = t.workspace_id and c.id = o.id
            limit 1) c on true`
}
