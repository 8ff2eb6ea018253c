import type postgres from 'postgres'
import type { Database } from '../database/connect.ts'
import { keptSince } from '../events/kept.ts'
import { COUNTS, foldPeople } from './fold.ts'
import { JOURNEYS_LOCK } from './follow.ts'
import { keepWalks } from './keep.ts'
import { JOURNEY_EVENTS, STEPS } from './steps.ts'
import { type JourneyEvent, type VisitorFunnel, type VisitorVideo, Walks } from './walk.ts'

const AT_ONCE = 1000

/**
 * Makes the journeys of a workspace again from its events, and every sum from those. All of it sees one moment, so that an event that
 * is told meanwhile is followed afterwards and counts once; who follows waits until this is done.
 * What visitors did who were seen before the first event that is kept stays as it is. Returns how many rows were wrong.
 */
export async function rebuildJourneys(
  { system }: Database,
  workspace_id: number,
  progress: (visitors: number) => void = () => {},
) {
  return system.begin(async lock => {
    await lock`select pg_advisory_xact_lock(${JOURNEYS_LOCK}, ${workspace_id})`
    return system.begin('isolation level repeatable read', async sql => {
      await sql`delete from journey_batches where workspace_id = ${workspace_id}`
      await sql`delete from moved_people where workspace_id = ${workspace_id}`
      const visitor_journeys = await rebuildVisitors(sql, workspace_id, progress)
      return {
        visitor_journeys,
        journeys: await rebuildPeople(sql, workspace_id),
        funnel_analytics: await rebuildSums(sql, workspace_id),
      }
    })
  }) as Promise<{ visitor_journeys: number; journeys: number; funnel_analytics: number }>
}

async function rebuildVisitors(sql: postgres.TransactionSql, workspace_id: number, progress: (visitors: number) => void) {
  const since = await keptSince(sql, workspace_id)
  let wrong = 0
  let done = 0
  for (let after = 0; ; ) {
    const rows = await sql<{ id: number }[]>`
      select id
        from visitors
       where workspace_id = ${workspace_id} and id > ${after} and first_seen >= ${since}
       order by id
       limit ${AT_ONCE}`
    if (rows.length === 0) return wrong
    const ids = rows.map(row => row.id)
    wrong += await rebuildSome(sql, workspace_id, ids)
    after = ids.at(-1)!
    done += ids.length
    progress(done)
  }
}

async function rebuildSome(sql: postgres.TransactionSql, workspace_id: number, ids: number[]): Promise<number> {
  const fresh = new Walks()
  for (const event of await readEvents(sql, workspace_id, ids)) fresh.add(event)
  const old = await readWalks(sql, workspace_id, ids)
  const wrong = [...differing(fresh.funnels, old.funnels), ...differing(fresh.videos, old.videos)]
  if (wrong.length === 0) return 0
  const visitors = new Set(wrong.map(row => row.visitor_id))
  await sql`delete from visitor_funnels where workspace_id = ${workspace_id} and visitor_id = any(${[...visitors]}::bigint[])`
  await sql`delete from visitor_videos where workspace_id = ${workspace_id} and visitor_id = any(${[...visitors]}::bigint[])`
  for (const [key, row] of fresh.funnels) if (!visitors.has(row.visitor_id)) fresh.funnels.delete(key)
  for (const [key, row] of fresh.videos) if (!visitors.has(row.visitor_id)) fresh.videos.delete(key)
  await keepWalks(sql, workspace_id, fresh)
  return wrong.length
}

/** Without those of batches that nobody was told of: they come later. */
function readEvents(sql: postgres.TransactionSql, workspace_id: number, ids: number[]) {
  return sql<JourneyEvent[]>`
    select e.visitor_id, e.event, round(extract(epoch from e.occurred_at) * 1000)::float8 as at, e.properties
      from unnest(${ids}::bigint[]) as v(id)
     cross join lateral (
           select id, visitor_id, event, occurred_at, properties
             from events
            where workspace_id = ${workspace_id} and visitor_id = v.id and not is_bot and event = any(${JOURNEY_EVENTS})
           offset 0) e
     where not exists (
           select from event_batches b where b.workspace_id = ${workspace_id} and e.id between b.first_event and b.last_event)`
}

async function readWalks(sql: postgres.TransactionSql, workspace_id: number, ids: number[]) {
  const ms = (column: string) => `round(extract(epoch from ${column}) * 1000)::float8 as ${column}`
  const funnels = await sql<VisitorFunnel[]>`
    select visitor_id, funnel_id, watch_percentage, ${sql.unsafe(STEPS.map(ms).join())}
      from visitor_funnels
     where workspace_id = ${workspace_id} and visitor_id = any(${ids}::bigint[])`
  const videos = await sql<VisitorVideo[]>`
    select visitor_id, funnel_id, video_id, ${sql.unsafe(ms('started_at'))}, ${sql.unsafe(ms('last_at'))}, watch_percentage, seconds_watched, replays
      from visitor_videos
     where workspace_id = ${workspace_id} and visitor_id = any(${ids}::bigint[])`
  return {
    funnels: new Map(funnels.map(row => [`${row.visitor_id} ${row.funnel_id}`, row])),
    videos: new Map(videos.map(row => [JSON.stringify([row.visitor_id, row.funnel_id, row.video_id]), row])),
  }
}

/** Those that are missing on one side or say something else. */
function differing<T extends VisitorFunnel | VisitorVideo>(fresh: Map<string, T>, old: Map<string, T>): T[] {
  const missing = [...old].filter(([key]) => !fresh.has(key)).map(([, row]) => row)
  const others = [...fresh].filter(([key, row]) => shown(row) !== shown(old.get(key))).map(([, row]) => row)
  return [...missing, ...others]
}

function shown(row: object | undefined): string {
  const said = Object.entries(row ?? {}).filter(([, value]) => value !== null && value !== undefined)
  return JSON.stringify(said.sort(([one], [other]) => (one < other ? -1 : 1)))
}

/** Also those who have a row and should have none. */
async function rebuildPeople(sql: postgres.TransactionSql, workspace_id: number): Promise<number> {
  let wrong = 0
  const people = sql<{ person: number }[]>`
    select coalesce(-contact_id, person_id, id) as person from visitors where workspace_id = ${workspace_id}
     union
    select person from person_funnels where workspace_id = ${workspace_id}
     union
    select -c.whole_id
      from conversions n
      join contacts c on c.workspace_id = n.workspace_id and c.id = n.contact_id
     where n.workspace_id = ${workspace_id}`
  for (const chunk of chunks((await people).map(row => row.person))) wrong += await foldPeople(sql, workspace_id, chunk)
  return wrong
}

function* chunks<T>(list: T[]): Generator<T[]> {
  for (let k = 0; k < list.length; k += AT_ONCE) yield list.slice(k, k + AT_ONCE)
}

/** Of everybody, and of those who pass a filter. */
async function rebuildSums(sql: postgres.TransactionSql, workspace_id: number): Promise<number> {
  const all = await replaceSums(sql, workspace_id, { table: 'funnel_analytics', keys: ['funnel_id', 'quarter'], each: sql`` })
  const each = sql`cross join lateral unnest(filters_of(k.who)) as f(filter)`
  const some = await replaceSums(sql, workspace_id, {
    table: 'filtered_analytics',
    keys: ['funnel_id', 'filter', 'quarter'],
    each,
  })
  return all + some
}

type Sums = { table: string; keys: string[]; each: postgres.Fragment }

async function replaceSums(sql: postgres.TransactionSql, workspace_id: number, { table, keys, each }: Sums): Promise<number> {
  const list = (columns: readonly string[]) => sql.unsafe(columns.join())
  const is_zero = sql.unsafe(COUNTS.map(count => `a.${count} = 0`).join(' and '))
  const [row] = await sql<{ wrong: number }[]>`
    with fresh as materialized (
      select ${list(keys)}, ${list(COUNTS.map(count => `sum(k.${count}) as ${count}`))}
        from (select k.*, p as who
                from person_funnels p
               cross join lateral funnel_counts(p) k
               where p.workspace_id = ${workspace_id}) k
             ${each}
       group by ${list(keys)}
    ), gone as (
      delete from ${sql(table)} a
       where a.workspace_id = ${workspace_id}
         and not exists (select from fresh f where ${sql.unsafe(keys.map(key => `f.${key} = a.${key}`).join(' and '))})
      returning not (${is_zero}) as is_wrong
    ), put as (
      insert into ${sql(table)} as a (workspace_id, ${list([...keys, ...COUNTS])})
      select ${workspace_id}, ${list([...keys, ...COUNTS])}
        from fresh
          on conflict (workspace_id, ${list(keys)}) do update
         set ${list(COUNTS.map(count => `${count} = excluded.${count}`))}
       where (${list(COUNTS.map(count => `a.${count}`))}) is distinct from (${list(COUNTS.map(count => `excluded.${count}`))})
      returning 1
    )
    select ((select count(*) from gone where is_wrong) + (select count(*) from put))::int as wrong`
  return row!.wrong
}
