import type postgres from 'postgres'
import type { Database } from '../database/connect.ts'
import { inWorkspace, lockIdentity } from '../database/transaction.ts'
import type { Visitor } from '../identity/world.ts'
import { holdKeptSince } from './kept.ts'
import { meaningOf } from './meaning.ts'
import { appear, observe } from './observe.ts'

/** Visitors whose rows are locked at a time: some 50 ms of events, after which those that arrived meanwhile have their turn. */
const AT_ONCE = 500
const EVENTS_AT_ONCE = 2000

/**
 * Lets every visitor of a workspace appear and be observed anew, in the order in which the events arrived: counts, times, touches,
 * stages, watch_percentage, traits. Who they are belongs to the log of identity; where they were is known only while an address is,
 * so the place stays.
 * Whoever was seen before the first event that is kept stays as they are. Returns how many rows were wrong.
 */
export async function rebuildVisitors(
  database: Database,
  workspace_id: number,
  progress: (visitors: number) => void = () => {},
): Promise<{ visitors: number }> {
  let wrong = 0
  let done = 0
  for (let after = 0; ; ) {
    const chunk = await inWorkspace(database, workspace_id, sql => rebuildChunk(sql, workspace_id, after))
    if (chunk.count === 0) return { visitors: wrong }
    wrong += chunk.wrong
    done += chunk.count
    after = chunk.last
    progress(done)
  }
}

async function rebuildChunk(sql: postgres.TransactionSql, workspace_id: number, after: number) {
  await lockIdentity(sql, [workspace_id])
  const visitors = await readBlank(sql, workspace_id, after)
  if (visitors.size === 0) return { count: 0, wrong: 0, last: after }
  const ids = [...visitors.keys()]
  await replay(sql, workspace_id, visitors)
  await countVisits(sql, workspace_id, visitors)
  return { count: ids.length, wrong: await write(sql, workspace_id, [...visitors.values()]), last: ids.at(-1)! }
}

/** As they were before anything was seen of them. Of those of whom nothing was ever seen, the times are all that is known: they stay. */
async function readBlank(sql: postgres.TransactionSql, workspace_id: number, after: number): Promise<Map<number, Visitor>> {
  const rows = await sql<Pick<Visitor, 'id' | 'first_seen' | 'last_visit' | 'country_code' | 'region' | 'city'>[]>`
    select id, extract(epoch from first_seen)::float8 * 1000 as first_seen, extract(epoch from last_visit)::float8 * 1000 as last_visit,
           country_code, region, city
      from visitors
     where workspace_id = ${workspace_id} and id > ${after} and first_seen >= ${await holdKeptSince(sql, workspace_id)}
     order by id
     limit ${AT_ONCE}`
  return new Map(rows.map(row => [row.id, { ...BLANK, ...row }]))
}

const BLANK = {
  distinct_id: '',
  kind: 'anonymous',
  root: 0,
  stored_root: 0,
  stored_contact: null,
  stored: null,
  is_new: false,
  touched: false,
  event_count: 0,
  visit_count: 0,
  referring_domain: null,
  first_touch: '{}',
  last_touch: '{}',
  traits: '{}',
  watch_percentage: 0,
  registered_at: null,
  engaged_at: null,
  offer_viewed_at: null,
  converted_at: null,
  last_engaged_at: null,
  last_offer_viewed_at: null,
  is_bot: false,
} as const satisfies Partial<Visitor>

type StoredEvent = {
  visitor_id: number
  event: string
  at: number
  received_at: number
  is_bot: boolean
  properties: Record<string, unknown>
  context: Record<string, unknown>
}

async function replay(sql: postgres.TransactionSql, workspace_id: number, visitors: Map<number, Visitor>) {
  // Visitor by visitor: asked for all of them in one order, the planner would read the events of everybody for each chunk.
  const query = sql<StoredEvent[]>`
    select e.visitor_id, e.event, round(extract(epoch from e.occurred_at) * 1000)::float8 as at,
           round(extract(epoch from e.received_at) * 1000)::float8 as received_at, e.is_bot, e.properties, e.context
      from unnest(${[...visitors.keys()]}::bigint[]) as v(id)
     cross join lateral (
           select *
             from events
            where workspace_id = ${workspace_id} and visitor_id = v.id
           offset 0) e
     order by e.id`
  for await (const events of query.cursor(EVENTS_AT_ONCE)) {
    for (const { visitor_id, event, at, received_at, is_bot, properties, context } of events) {
      const visitor = visitors.get(visitor_id)!
      if (is_bot) {
        visitor.is_bot ||= visitor.event_count === 0
        continue
      }
      appear(visitor, at)
      observe(visitor, { occurred_at: at, received_at, place: null, ...meaningOf(event, properties, context, at) })
    }
  }
}

/** A visit belongs to the device, whoever its events are of, and the device was there. */
async function countVisits(sql: postgres.TransactionSql, workspace_id: number, visitors: Map<number, Visitor>) {
  const rows = await sql<{ visitor_id: number; visits: number; first: number; last: number }[]>`
    select visitor_id, count(*)::int as visits, extract(epoch from min(started_at))::float8 * 1000 as first,
           extract(epoch from max(last_at))::float8 * 1000 as last
      from sessions
     where workspace_id = ${workspace_id} and visitor_id = any(${[...visitors.keys()]}::bigint[])
     group by visitor_id`
  for (const { visitor_id, visits, first, last } of rows) {
    const visitor = visitors.get(visitor_id)!
    appear(visitor, first)
    visitor.visit_count = visits
    appear(visitor, last)
  }
}

async function write(sql: postgres.TransactionSql, workspace_id: number, visitors: Visitor[]): Promise<number> {
  const { count } = await sql`
    update visitors v
       set event_count      = r.event_count,
           visit_count      = r.visit_count,
           first_seen       = r.first_seen,
           last_visit       = r.last_visit,
           referring_domain = r.referring_domain,
           first_touch      = r.first_touch,
           last_touch       = r.last_touch,
           traits           = r.traits,
           watch_percentage = r.watch_percentage,
           registered_at    = r.registered_at,
           engaged_at       = r.engaged_at,
           offer_viewed_at  = r.offer_viewed_at,
           converted_at     = r.converted_at,
           last_engaged_at  = r.last_engaged_at,
           last_offer_viewed_at = r.last_offer_viewed_at,
           is_bot           = r.is_bot
      from (select id, event_count, visit_count, referring_domain, watch_percentage, is_bot,
                   first_touch::jsonb as first_touch, last_touch::jsonb as last_touch, traits::jsonb as traits,
                   to_timestamp(first_seen / 1000.0)      as first_seen,
                   to_timestamp(last_visit / 1000.0)      as last_visit,
                   to_timestamp(registered_at / 1000.0)   as registered_at,
                   to_timestamp(engaged_at / 1000.0)      as engaged_at,
                   to_timestamp(offer_viewed_at / 1000.0) as offer_viewed_at,
                   to_timestamp(converted_at / 1000.0)    as converted_at,
                   to_timestamp(last_engaged_at / 1000.0)      as last_engaged_at,
                   to_timestamp(last_offer_viewed_at / 1000.0) as last_offer_viewed_at
              from jsonb_to_recordset(${JSON.stringify(visitors)}::text::jsonb) as j(
                   id bigint, event_count bigint, visit_count int, first_seen float8, last_visit float8, referring_domain text,
                   first_touch text, last_touch text, traits text, watch_percentage smallint, registered_at float8,
                   engaged_at float8, offer_viewed_at float8, converted_at float8, last_engaged_at float8, last_offer_viewed_at float8,
                   is_bot boolean)) r
     where v.workspace_id = ${workspace_id} and v.id = r.id
       and (v.event_count, v.visit_count, v.first_seen, v.last_visit, v.referring_domain, v.first_touch, v.last_touch, v.traits,
            v.watch_percentage, v.registered_at, v.engaged_at, v.offer_viewed_at, v.converted_at, v.last_engaged_at,
            v.last_offer_viewed_at, v.is_bot)
           is distinct from
           (r.event_count, r.visit_count, r.first_seen, r.last_visit, r.referring_domain, r.first_touch, r.last_touch, r.traits,
            r.watch_percentage, r.registered_at, r.engaged_at, r.offer_viewed_at, r.converted_at, r.last_engaged_at,
            r.last_offer_viewed_at, r.is_bot)`
  return count
}
