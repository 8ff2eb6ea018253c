import type { TimelineEntry, TimelineQuery } from '../../shared/events.ts'
import type { Sql } from '../database/connect.ts'
import { pageOf, preciseTime, readCursor } from '../http/paginate.ts'
import { familyOf } from './find.ts'

type Entry = TimelineEntry & { sort_value: string }
/** The place in the list after which a page begins: before this time, or at this time with a smaller id. */
type Bound = { at: string; id: number }

/**
 * What a person did and what was changed about them, in one list, the newest first. Each of their visitors gives its own
 * newest few through an index, and the page is the newest of those: O(page * visitors), however many events there are.
 */
export async function listTimeline(
  sql: Sql,
  workspace_id: number,
  contact_id: number,
  { limit = 50, cursor, kind, name }: TimelineQuery,
) {
  const family = await familyOf(sql, workspace_id, contact_id)
  const [at, after_kind, after_id] = readCursor(cursor, 'time', 'text', 'integer') ?? []
  const bound = (of: 'event' | 'activity'): Bound | undefined =>
    at === undefined ? undefined : { at, id: of === after_kind ? after_id! : of === 'event' ? 0 : Number.MAX_SAFE_INTEGER }
  const [events, activities] = await Promise.all([
    kind === 'activity' ? [] : readEvents(sql, workspace_id, family, bound('event'), name, limit + 1),
    kind === 'event' ? [] : readActivities(sql, workspace_id, family, bound('activity'), name, limit + 1),
  ])
  const entries = [...events, ...activities].sort(newestFirst)
  return pageOf(entries, limit, last => [last.sort_value, last.kind, last.id])
}

function readEvents(
  sql: Sql,
  workspace_id: number,
  family: number[],
  bound: Bound | undefined,
  name: string | undefined,
  most: number,
) {
  return sql<Entry[]>`
    select 'event' as kind, e.id, e.occurred_at as at, ${preciseTime(sql, 'occurred_at')} as sort_value, e.event as name, v.distinct_id,
           e.session_id, e.properties, e.context, null::jsonb as actor, null::jsonb as before, null::jsonb as after
      from visitors v
     cross join lateral (
           select *
             from events e
            where e.workspace_id = ${workspace_id} and e.visitor_id = v.id
              ${bound === undefined ? sql`` : sql`and (e.occurred_at, e.id) < (${bound.at}::text::timestamptz, ${bound.id}::bigint)`}
              ${name === undefined ? sql`` : sql`and e.event = ${name}`}
            order by e.occurred_at desc, e.id desc
            limit ${most}) e
     where v.workspace_id = ${workspace_id} and v.contact_id = any(${family}::int[])
     order by e.occurred_at desc, e.id desc
     limit ${most}`
}

function readActivities(
  sql: Sql,
  workspace_id: number,
  family: number[],
  bound: Bound | undefined,
  name: string | undefined,
  most: number,
) {
  return sql<Entry[]>`
    select 'activity' as kind, id, at, ${preciseTime(sql, 'at')} as sort_value, action as name, null as distinct_id,
           null as session_id, '{}'::jsonb as properties, '{}'::jsonb as context, actor, before, after
      from activities
     where workspace_id = ${workspace_id} and contact_id = any(${family}::int[])
       ${bound === undefined ? sql`` : sql`and (at, id) < (${bound.at}::text::timestamptz, ${bound.id}::bigint)`}
       ${name === undefined ? sql`` : sql`and action = ${name}`}
     order by at desc, id desc
     limit ${most}`
}

/** Of one moment, what was done stands above what it changed. */
function newestFirst(one: Entry, other: Entry) {
  if (one.sort_value !== other.sort_value) return one.sort_value < other.sort_value ? 1 : -1
  if (one.kind !== other.kind) return one.kind === 'event' ? -1 : 1
  return other.id - one.id
}
