import type { Conversion, ConversionsQuery } from '../../shared/conversions.ts'
import type { Activity } from '../../shared/events.ts'
import { familyOf } from '../contacts/find.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { pageOf, preciseTime, readCursor } from '../http/paginate.ts'
import { conversionColumns, conversionOwner } from './columns.ts'

type Row = Conversion & { sort_value: string }

/** A page of conversions by time. Each filter has an index in that order, or names so few that they are sorted. */
export async function listConversions(
  sql: Sql,
  workspace_id: number,
  { limit = 50, sort = '-converted_at', cursor, contact_id, ...query }: ConversionsQuery,
) {
  const [of_sort = sort, at, after_id] = readCursor(cursor, 'text', 'time', 'integer') ?? []
  if (of_sort !== sort) throw refuse('invalid_cursor')
  const family = contact_id === undefined ? undefined : await familyOf(sql, workspace_id, contact_id)
  const is_falling = sort === '-converted_at'
  const order = is_falling ? sql`converted_at desc, id desc` : sql`converted_at, id`
  const beyond = is_falling ? sql`<` : sql`>`
  const rows = await sql<Row[]>`
    select ${conversionColumns(sql)}, ${preciseTime(sql, 'n.converted_at')} as sort_value
      from (select *
              from conversions
             where ${matching(sql, workspace_id, query, family)}
               ${at === undefined ? sql`` : sql`and (converted_at, id) ${beyond} (${at}::text::timestamptz, ${after_id!}::bigint)`}
             order by ${order}
             limit ${limit + 1}) n ${conversionOwner(sql)}
     order by n.converted_at ${is_falling ? sql`desc` : sql``}, n.id ${is_falling ? sql`desc` : sql``}`
  const { data, next_cursor } = pageOf(rows, limit, last => [sort, last.sort_value, last.id])
  return { data, next_cursor }
}

/** How many there are of those that a list is asked for. */
export async function countConversions(
  sql: Sql,
  workspace_id: number,
  { contact_id, ...query }: ConversionsQuery,
): Promise<number> {
  const family = contact_id === undefined ? undefined : await familyOf(sql, workspace_id, contact_id)
  const [row] = await sql<{ conversions: number }[]>`
    select count(*) as conversions from conversions where ${matching(sql, workspace_id, query, family)}`
  return row!.conversions
}

function matching(sql: Sql, workspace_id: number, query: ConversionsQuery, family: number[] | undefined) {
  return sql`
                   workspace_id = ${workspace_id}
               ${family === undefined ? sql`` : sql`and id in (${ofContacts(sql, workspace_id, family)})`}
               ${filter(sql, 'type', query.type)} ${filter(sql, 'status', query.status)} ${filter(sql, 'source', query.source)}
               ${filter(sql, 'currency', query.currency)} ${filter(sql, 'lead_id', query.lead_id)}
               ${filter(sql, 'order_id', query.order_id)} ${filter(sql, 'booking_id', query.booking_id)}
               ${filter(sql, 'appointment_id', query.appointment_id)}
               ${query.is_test === undefined ? sql`` : sql`and is_test = ${query.is_test}`}
               ${query.since === undefined ? sql`` : sql`and converted_at >= ${query.since}::text::timestamptz`}
               ${query.until === undefined ? sql`` : sql`and converted_at < ${query.until}::text::timestamptz`}`
}

/** Those that name one of these contacts, and those of their visitors that name none. */
function ofContacts(sql: Sql, workspace_id: number, family: number[]) {
  return sql`
                 select id from conversions where workspace_id = ${workspace_id} and contact_id = any(${family}::int[])
                  union all
                 select m.id
                   from visitors v
                   join conversions m on m.workspace_id = v.workspace_id and m.visitor_id = v.id and m.contact_id is null
                  where v.workspace_id = ${workspace_id} and v.contact_id = any(${family}::int[])`
}

function filter(sql: Sql, column: string, value: string | number | undefined) {
  return value === undefined ? sql`` : sql`and ${sql(column)} = ${value}`
}

type Change = Activity & { sort_value: string }

/** What was changed about a conversion, the newest first. */
export async function listChanges(
  sql: Sql,
  workspace_id: number,
  id: number,
  { limit = 50, cursor }: { limit?: number; cursor?: string },
) {
  const [at, after_id] = readCursor(cursor, 'time', 'integer') ?? []
  const rows = await sql<Change[]>`
    select id, at, ${preciseTime(sql, 'at')} as sort_value, action, actor, contact_id, visitor_id, subject_id, before, after
      from activities
     where workspace_id = ${workspace_id} and subject_id = ${String(id)} and action like 'conversion.%'
       ${at === undefined ? sql`` : sql`and (at, id) < (${at}::text::timestamptz, ${after_id!}::bigint)`}
     order by at desc, id desc
     limit ${limit + 1}`
  return pageOf(rows, limit, last => [last.sort_value, last.id])
}
