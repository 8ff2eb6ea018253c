import type postgres from 'postgres'
import type { Config } from '../../config.ts'
import type { Egress } from '../../egress/egress.ts'
import { secretFor } from '../../secrets.ts'
import { wrongBeginning } from './beginning.ts'
import { openBusyUrl } from './busy.ts'
import type { BusySpan } from './expand.ts'
import { expandInThread } from './expand-in-thread.ts'
import { fetchCalendar } from './fetch-calendar.ts'
import { keepDoing, type Loop } from './keep-doing.ts'
import { openLanes } from './lanes.ts'
import { DAY } from './wall-time.ts'

type Means = { sql: postgres.Sql; config: Config; egress: Egress }
type Log = { warn(details: object, sentence: string): void }
export type Claimed = { workspace_id: number; user_id: number; busy_url: string }

/** How far ahead it is written out, and how often it is read. */
const DAYS_AHEAD = 400
const EVERY = '15 minutes'
/** A person may ask for it at once, again after this. */
const SOONEST = '10 seconds'
const IDLE_MS = 5000
/** 500 people in ten minutes, although one of each sixteen gives no answer. Each holds five megabytes at the worst. */
const AT_ONCE = 16
/** Each is a thread with some hundred megabytes at the worst. */
const THREADS = 2

/**
 * Reads the calendars that people have elsewhere, each every quarter of an hour. To have tried is the claim: of several processes one
 * reads each, and one that dies on the way has it read a quarter of an hour later. Runs as the system's role.
 */
export function startReadingCalendars({ log, ...means }: Means & { log: Log }): Loop {
  const read = openBusyReader(means)
  return keepDoing(
    'Reading calendars',
    async signal => {
      const claimed = await claimDue(means.sql)
      await Promise.all(claimed.map(one => read(one, signal)))
      return claimed.length === AT_ONCE
    },
    { idle_ms: IDLE_MS, log },
  )
}

/** Those whose turn it is, who waited longest first. Of somebody who left nothing is read. */
function claimDue(sql: postgres.Sql) {
  return sql<Claimed[]>`
    update staff s
       set busy_tried_at = clock_timestamp()
      from (select d.workspace_id, d.user_id
              from staff d
              join memberships m on m.workspace_id = d.workspace_id and m.user_id = d.user_id
             where d.busy_url is not null and (d.busy_tried_at is null or d.busy_tried_at < now() - ${EVERY}::text::interval)
             order by d.busy_tried_at nulls first
             limit ${AT_ONCE}
               for update of d skip locked) as due
     where s.workspace_id = due.workspace_id and s.user_id = due.user_id
    returning s.workspace_id, s.user_id, s.busy_url`
}

/** One that is asked for by hand; undefined when it was tried a moment ago, or there is none. */
export async function claimNow(sql: postgres.Sql, workspace_id: number, user_id: number): Promise<Claimed | undefined> {
  const [claimed] = await sql<Claimed[]>`
    update staff
       set busy_tried_at = clock_timestamp()
     where workspace_id = ${workspace_id} and user_id = ${user_id} and busy_url is not null
       and (busy_tried_at is null or busy_tried_at < now() - ${SOONEST}::text::interval)
    returning workspace_id, user_id, busy_url`
  return claimed
}

/**
 * Reads one calendar and replaces what was known of it. Whatever goes wrong stands in `busy_error` as a sentence, and the last good times
 * stay. No transaction is open meanwhile: what was read of an address that was changed since is dropped.
 */
export function openBusyReader({ sql, config, egress }: Means) {
  const key = secretFor(config, 'calendars')
  const inLane = openLanes(THREADS)

  return async function readBusy(claimed: Claimed, signal: AbortSignal): Promise<void> {
    const url = openBusyUrl(key, claimed.busy_url, claimed)
    if (url === null)
      return fail(sql, claimed, 'The address cannot be opened: it was kept with another SECRET_KEY. Give it again.')
    const before = await readBefore(sql, claimed)
    if (!before) return
    const got = await fetchCalendar(egress, url, before, signal)
    if (!got.ok) return got.is_stopped ? undefined : fail(sql, claimed, got.reason)
    if (got.bytes === null) return note(sql, claimed)
    const wrong = wrongBeginning(new TextDecoder().decode(got.bytes.subarray(0, 1000)))
    if (wrong !== null) return fail(sql, claimed, wrong)
    // Whole days, so that what is stored changes once a day at most while the calendar does not.
    const today = Math.floor(before.now / DAY) * DAY
    const reading = { ...before, from: today - DAY, until: today + DAYS_AHEAD * DAY }
    const { bytes, etag, modified } = got
    const expanded = await inLane(() => expandInThread(bytes, reading, { signal }))
    if (signal.aborted) return
    if (!expanded.ok) return fail(sql, claimed, expanded.reason)
    await replace(sql, claimed, expanded.spans, { etag, modified, unreadable: expanded.unreadable })
  }
}

type Before = { etag: string | null; modified: string | null; time_zone: string; email: string; now: number }

/**
 * Once a day a calendar is read anew, also when it is the same: its series are written out so much further. So it is after an event
 * could not be read, and when somebody moved into another zone.
 */
async function readBefore(sql: postgres.Sql, { workspace_id, user_id, busy_url }: Claimed): Promise<Before | undefined> {
  const [row] = await sql<(Before & { is_fresh: boolean })[]>`
    select s.busy_etag as etag, s.busy_modified as modified, s.time_zone, u.email, (extract(epoch from now()) * 1000)::float8 as now,
           coalesce(s.busy_error is null and s.busy_read_at >= date_trunc('day', now(), 'UTC') and s.updated_at < s.busy_read_at, false) as is_fresh
      from staff s
      join users u on u.id = s.user_id
     where s.workspace_id = ${workspace_id} and s.user_id = ${user_id} and s.busy_url = ${busy_url}`
  if (!row) return undefined
  const { is_fresh, ...before } = row
  return is_fresh ? before : { ...before, etag: null, modified: null }
}

async function fail(sql: postgres.Sql, { workspace_id, user_id, busy_url }: Claimed, error: string) {
  await sql`
    update staff
       set busy_error = ${error.slice(0, 1000)}
     where workspace_id = ${workspace_id} and user_id = ${user_id} and busy_url = ${busy_url}`
}

/** It is as it was. */
async function note(sql: postgres.Sql, { workspace_id, user_id, busy_url }: Claimed) {
  await sql`
    update staff
       set busy_read_at = now(), busy_error = null
     where workspace_id = ${workspace_id} and user_id = ${user_id} and busy_url = ${busy_url}`
}

type Found = { etag: string | null; modified: string | null; unreadable: number }

async function replace(sql: postgres.Sql, claimed: Claimed, spans: BusySpan[], { etag, modified, unreadable }: Found) {
  const { workspace_id, user_id, busy_url } = claimed
  const error = unreadable === 0 ? null : `${unreadable} of its events cannot be understood, and their times are not kept free.`
  await sql.begin(async tx => {
    const [row] = await tx`
      select from staff where workspace_id = ${workspace_id} and user_id = ${user_id} and busy_url = ${busy_url} for update`
    if (!row) return
    const own = await ownUids(tx, workspace_id, spans)
    const joined = joinTimes(spans.filter(({ uid }) => uid === null || !own.has(uid)))
    await tx`
      with wanted as materialized (
        select tstzrange(to_timestamp(f / 1000), to_timestamp(u / 1000)) as during
          from unnest(${joined.map(({ from }) => from)}::float8[], ${joined.map(({ until }) => until)}::float8[]) as t(f, u)
      ), gone as (
        delete from busy_times
         where workspace_id = ${workspace_id} and user_id = ${user_id} and during not in (select during from wanted)
      )
      insert into busy_times (workspace_id, user_id, during)
      select ${workspace_id}, ${user_id}, during
        from wanted
       where during not in (select during from busy_times where workspace_id = ${workspace_id} and user_id = ${user_id})`
    await tx`
      update staff
         set busy_read_at = now(), busy_error = ${error}, busy_etag = ${storable(etag)}, busy_modified = ${storable(modified)}
       where workspace_id = ${workspace_id} and user_id = ${user_id}`
  })
}

/** Appointments of ours come back with the calendar that got their invitations. Here they count already, and when one is moved its old time must not stay taken. */
async function ownUids(tx: postgres.TransactionSql, workspace_id: number, spans: BusySpan[]): Promise<Set<string>> {
  const uids = [...new Set(spans.flatMap(({ uid }) => uid ?? []))]
  const rows = await tx<{ uid: string }[]>`
    select uid from appointments where workspace_id = ${workspace_id} and uid = any(${uids}::uuid[])`
  return new Set(rows.map(row => row.uid))
}

function joinTimes(spans: BusySpan[]): { from: number; until: number }[] {
  const joined: { from: number; until: number }[] = []
  for (const { from, until } of [...spans].sort((a, b) => a.from - b.from)) {
    const last = joined.at(-1)
    if (last && from <= last.until) last.until = Math.max(last.until, until)
    else joined.push({ from, until })
  }
  return joined
}

function storable(header: string | null) {
  return header?.replaceAll('\0', '') ?? null
}
