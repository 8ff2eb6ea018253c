import type { Event, EventName, EventRefusal, EventsQuery } from '../../shared/events.ts'
import { familyOf } from '../contacts/find.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { pageOf, preciseTime, readCursor } from '../http/paginate.ts'

type Row = Event & { sort_value: string }

/**
 * Without a filter in the order of arrival, so that who follows along sees what came late, too. With one, in the order in
 * which it happened: that is how the events of a visitor and those of a name are indexed.
 */
export function listEvents(sql: Sql, workspace_id: number, query: EventsQuery) {
  const { event, distinct_id, visitor_id, contact_id } = query
  const is_filtered = [event, distinct_id, visitor_id, contact_id].some(filter => filter !== undefined)
  return is_filtered ? listFiltered(sql, workspace_id, query) : listArrivals(sql, workspace_id, query)
}

async function listArrivals(sql: Sql, workspace_id: number, { limit = 50, cursor, after_id }: EventsQuery) {
  const [before_id] = readCursor(cursor, 'integer') ?? []
  const found = sql`
    select *
      from events
     where workspace_id = ${workspace_id}
       ${after_id === undefined ? sql`` : sql`and id > ${after_id}`}
       ${before_id === undefined ? sql`` : sql`and id < ${before_id}`}
     order by id desc
     limit ${limit + 1}`
  const rows = await sql<Row[]>`
    select ${columns(sql)}
      from (${found}) e
      join visitors v on v.workspace_id = e.workspace_id and v.id = e.visitor_id
     order by e.id desc`
  return pageOf(rows, limit, last => [last.id])
}

async function listFiltered(sql: Sql, workspace_id: number, { limit = 50, cursor, after_id, event, ...whose }: EventsQuery) {
  const [before, before_id] = readCursor(cursor, 'time', 'integer') ?? []
  const visitors = await visitorsOf(sql, workspace_id, whose)
  const conditions = sql`
              ${event === undefined ? sql`` : sql`and event = ${event}`}
              ${after_id === undefined ? sql`` : sql`and id > ${after_id}`}
              ${before === undefined ? sql`` : sql`and (occurred_at, id) < (${before}::text::timestamptz, ${before_id!}::bigint)`}
            order by occurred_at desc, id desc
            limit ${limit + 1}`
  const found = visitors
    ? sql`
           select n.*
             from unnest(${visitors}::bigint[]) as visitor
            cross join lateral (
                  select * from events
                   where workspace_id = ${workspace_id} and visitor_id = visitor ${conditions}) n`
    : sql`select * from events where workspace_id = ${workspace_id} ${conditions}`
  const rows = await sql<Row[]>`
    select ${columns(sql)}
      from (${found}) e
      join visitors v on v.workspace_id = e.workspace_id and v.id = e.visitor_id
     order by e.occurred_at desc, e.id desc
     limit ${limit + 1}`
  return pageOf(rows, limit, last => [last.sort_value, last.id])
}

/** How many there are of those that a list is asked for. */
export async function countEvents(sql: Sql, workspace_id: number, { event, ...whose }: EventsQuery): Promise<number> {
  const visitors = await visitorsOf(sql, workspace_id, whose)
  const [row] = await sql<{ events: number }[]>`
    select count(*) as events
      from events
     where workspace_id = ${workspace_id}
       ${event === undefined ? sql`` : sql`and event = ${event}`}
       ${visitors === undefined ? sql`` : sql`and visitor_id = any(${visitors}::bigint[])`}`
  return row!.events
}

/** The visitors that the filters mean, or undefined when they mean everybody's events. */
async function visitorsOf(sql: Sql, workspace_id: number, { distinct_id, visitor_id, contact_id }: EventsQuery) {
  if (distinct_id === undefined && visitor_id === undefined && contact_id === undefined) return undefined
  const family = contact_id === undefined ? undefined : await familyOf(sql, workspace_id, contact_id)
  const rows = await sql<{ id: number }[]>`
    select id
      from visitors
     where workspace_id = ${workspace_id}
       ${distinct_id === undefined ? sql`` : sql`and distinct_id = ${distinct_id}`}
       ${visitor_id === undefined ? sql`` : sql`and id = ${visitor_id}`}
       ${family === undefined ? sql`` : sql`and contact_id = any(${family}::int[])`}`
  return rows.map(row => row.id)
}

/** Of one visitor, whatever it did, the newest first. Throws `not_found` when there is no such visitor. */
export async function listEventsOfVisitor(
  sql: Sql,
  workspace_id: number,
  visitor_id: number,
  query: { limit?: number; cursor?: string },
) {
  const [visitor] = await sql`select from visitors where workspace_id = ${workspace_id} and id = ${visitor_id}`
  if (!visitor) throw refuse('not_found')
  return listFiltered(sql, workspace_id, { ...query, visitor_id })
}

/** What happens here and how often, from the daily counts. */
export function listEventNames(sql: Sql, workspace_id: number) {
  return sql<EventName[]>`
    select event, sum(events)::bigint as events, sum(bots)::bigint as bots, min(first_at) as first_at, max(last_at) as last_at
      from event_counts
     where workspace_id = ${workspace_id}
     group by event
     order by sum(events) desc, event
     limit 1000`
}

export async function listRefusals(
  sql: Sql,
  workspace_id: number,
  { limit = 50, cursor, after_id }: { limit?: number; cursor?: string; after_id?: number },
) {
  const [before_id] = readCursor(cursor, 'integer') ?? []
  const rows = await sql<EventRefusal[]>`
    select id, received_at, key_id, code, message, body
      from event_refusals
     where workspace_id = ${workspace_id}
       ${after_id === undefined ? sql`` : sql`and id > ${after_id}`}
       ${before_id === undefined ? sql`` : sql`and id < ${before_id}`}
     order by id desc
     limit ${limit + 1}`
  return pageOf(rows, limit, last => [last.id])
}

function columns(sql: Sql) {
  return sql`
           e.id, e.event, e.message_id, v.distinct_id, e.visitor_id, v.contact_id,
           (select coalesce(c.name, c.email, c.phone) from contacts c where c.workspace_id = v.workspace_id and c.id = v.contact_id) as contact_name,
           e.session_id, e.occurred_at, e.received_at,
           e.key_id, e.is_bot, e.properties, e.context, ${preciseTime(sql, 'e.occurred_at')} as sort_value`
}
