import { randomUUID } from 'node:crypto'
import type postgres from 'postgres'
import type { Incoming } from './incoming.ts'
import { isOtherWay, type Touch } from './touch.ts'

/** A visit ends after half an hour without an event (Segment, RudderStack, Snowplow, PostHog and Matomo agree on it). */
export const IDLE_MS = 30 * 60_000

export type Visit = {
  workspace_id: number
  id: string
  visitor_id: number
  started_at: number
  last_at: number
  event_count: number
  page_count: number
  entry_url: string | null
  exit_url: string | null
  touch: Partial<Touch>
  touched: boolean
  beginning: Beginning | null // of a new one: what is written once and never read here again
}

type Beginning = {
  referring_domain: string | null
  touch: string
  ip: string | null
  user_agent: string | null
  browser: string | null
  os: string | null
  device_type: string | null
  country_code: string | null
  region: string | null
  city: string | null
}

/** The visits that the events of a batch may belong to, by visitor. */
export type Visits = Map<string, Visit[]>

/** Visits near the batch's times, of the visitors that it names: one statement, a look at one index a visitor. */
export async function readVisits(
  sql: postgres.TransactionSql,
  windows: { workspace_id: number; distinct_id: string; from: number; to: number }[],
) {
  const rows = await sql<Omit<Visit, 'touched' | 'beginning'>[]>`
    select s.workspace_id, s.id, s.visitor_id, date_part('epoch', s.started_at) * 1000 as started_at,
           date_part('epoch', s.last_at) * 1000 as last_at, s.event_count, s.page_count, s.entry_url, s.exit_url, s.touch
      from jsonb_to_recordset(${JSON.stringify(windows)}::text::jsonb)
        as w(workspace_id int, distinct_id text, "from" float8, "to" float8)
      cross join lateral (
        select id from visitors v where v.workspace_id = w.workspace_id and v.distinct_id = w.distinct_id limit 1) v
      cross join lateral (
        select *
          from sessions s
         where s.workspace_id = w.workspace_id and s.visitor_id = v.id
           and s.started_at <= to_timestamp((w."to" + ${IDLE_MS}) / 1000.0)
           and s.last_at >= to_timestamp((w."from" - ${IDLE_MS}) / 1000.0)
         order by s.started_at desc
         limit 200) s`
  const visits: Visits = new Map()
  for (const row of rows) keep(visits, { ...row, touched: false, beginning: null })
  return visits
}

/**
 * The visit that an event belongs to: of those that were alive within half an hour of it the newest that had begun. A page to which another
 * campaign or click led begins a new one, as in Google Analytics, so that every ad has its touch.
 */
export function visitOf(visits: Visits, visitor_id: number, event: Incoming): { visit: Visit; is_new: boolean } {
  const at = event.occurred_at
  const is_page = event.event === 'page_viewed' || event.event === 'screen_viewed'
  const near = nearest(visits.get(`${event.workspace_id} ${visitor_id}`) ?? [], at)
  const known = near && is_page && event.touch && isOtherWay(event.touch, near.touch) ? undefined : near
  const visit = known ?? begin(visits, visitor_id, event)
  visit.touched = true
  visit.event_count++
  if (is_page) visit.page_count++
  if (event.page_url !== null) {
    if (visit.entry_url === null || at < visit.started_at) visit.entry_url = event.page_url
    if (visit.exit_url === null || at >= visit.last_at) visit.exit_url = event.page_url
  }
  visit.started_at = Math.min(visit.started_at, at)
  visit.last_at = Math.max(visit.last_at, at)
  return { visit, is_new: known === undefined }
}

function nearest(visits: Visit[], at: number): Visit | undefined {
  let found: Visit | undefined
  for (const visit of visits) {
    if (at < visit.started_at - IDLE_MS || at > visit.last_at + IDLE_MS) continue
    const is_nearer =
      found === undefined ||
      (visit.started_at <= at
        ? found.started_at > at || visit.started_at > found.started_at
        : visit.started_at < found.started_at)
    if (is_nearer) found = visit
  }
  return found
}

function begin(visits: Visits, visitor_id: number, event: Incoming): Visit {
  const { client, place, touch } = event
  const visit: Visit = {
    workspace_id: event.workspace_id,
    id: randomUUID(),
    visitor_id,
    started_at: event.occurred_at,
    last_at: event.occurred_at,
    event_count: 0,
    page_count: 0,
    entry_url: null,
    exit_url: null,
    touch: touch ?? {},
    touched: true,
    beginning: {
      referring_domain: touch?.referring_domain ?? null,
      touch: touch ? JSON.stringify(touch) : '{}',
      ip: event.ip,
      user_agent: event.user_agent,
      browser: client?.browser ?? null,
      os: client?.os ?? null,
      device_type: client?.device_type ?? null,
      country_code: place?.country_code ?? null,
      region: place?.region ?? null,
      city: place?.city ?? null,
    },
  }
  keep(visits, visit)
  return visit
}

function keep(visits: Visits, visit: Visit) {
  const key = `${visit.workspace_id} ${visit.visitor_id}`
  const known = visits.get(key)
  if (known) known.push(visit)
  else visits.set(key, [visit])
}

/** New visits whole; of those that go on only what an event moves. */
export function* writeVisits(sql: postgres.TransactionSql, visits: Visits): Iterable<Promise<unknown>> {
  const begun: Visit[] = []
  const gone_on: Visit[] = []
  for (const list of visits.values()) for (const visit of list) if (visit.touched) (visit.beginning ? begun : gone_on).push(visit)
  yield* beginVisits(sql, begun)
  yield* continueVisits(sql, gone_on)
}

function beginVisits(sql: postgres.TransactionSql, visits: Visit[]): Promise<unknown>[] {
  if (visits.length === 0) return []
  const query = sql`
    insert into sessions (workspace_id, id, visitor_id, started_at, last_at, event_count, page_count, entry_url, exit_url,
                          referring_domain, touch, ip, user_agent, browser, os, device_type, country_code, region, city)
    select workspace_id, id, visitor_id, to_timestamp(started_at / 1000.0), to_timestamp(last_at / 1000.0), event_count, page_count,
           entry_url, exit_url, referring_domain, touch::jsonb, ip::inet, user_agent, browser, os,
           device_type, country_code, region, city
      from unnest(${visits.map(visit => visit.workspace_id)}::int[], ${visits.map(visit => visit.id)}::uuid[],
                  ${visits.map(visit => visit.visitor_id)}::bigint[],
                  ${visits.map(visit => visit.started_at)}::float8[], ${visits.map(visit => visit.last_at)}::float8[],
                  ${visits.map(visit => visit.event_count)}::int[], ${visits.map(visit => visit.page_count)}::int[],
                  ${visits.map(visit => visit.entry_url)}::text[], ${visits.map(visit => visit.exit_url)}::text[],
                  ${visits.map(visit => visit.beginning!.referring_domain)}::text[], ${visits.map(visit => visit.beginning!.touch)}::text[],
                  ${visits.map(visit => visit.beginning!.ip)}::text[], ${visits.map(visit => visit.beginning!.user_agent)}::text[],
                  ${visits.map(visit => visit.beginning!.browser)}::text[], ${visits.map(visit => visit.beginning!.os)}::text[],
                  ${visits.map(visit => visit.beginning!.device_type)}::text[], ${visits.map(visit => visit.beginning!.country_code)}::text[],
                  ${visits.map(visit => visit.beginning!.region)}::text[], ${visits.map(visit => visit.beginning!.city)}::text[])
        as c(workspace_id, id, visitor_id, started_at, last_at, event_count, page_count, entry_url, exit_url, referring_domain, touch,
             ip, user_agent, browser, os, device_type, country_code, region, city)`
  return [query.execute()]
}

function continueVisits(sql: postgres.TransactionSql, visits: Visit[]): Promise<unknown>[] {
  if (visits.length === 0) return []
  const query = sql`
    update sessions s
       set started_at  = least(s.started_at, to_timestamp(c.started_at / 1000.0)),
           last_at     = to_timestamp(c.last_at / 1000.0),
           event_count = c.event_count,
           page_count  = c.page_count,
           entry_url   = c.entry_url,
           exit_url    = c.exit_url
      from unnest(${visits.map(visit => visit.workspace_id)}::int[], ${visits.map(visit => visit.id)}::uuid[],
                  ${visits.map(visit => visit.started_at)}::float8[], ${visits.map(visit => visit.last_at)}::float8[],
                  ${visits.map(visit => visit.event_count)}::int[], ${visits.map(visit => visit.page_count)}::int[],
                  ${visits.map(visit => visit.entry_url)}::text[], ${visits.map(visit => visit.exit_url)}::text[])
        as c(workspace_id, id, started_at, last_at, event_count, page_count, entry_url, exit_url)
     where s.workspace_id = c.workspace_id and s.id = c.id`
  return [query.execute()]
}
