import type postgres from 'postgres'
import type { Log } from '../activities/told.ts'
import { makeBell } from '../queue/bell.ts'
import { foldPeople } from './fold.ts'
import { keepWalks } from './keep.ts'
import { ALL_CONVERTED, JOURNEYS_TOLD } from './notice.ts'
import { take } from './take.ts'

/** Told which people did something or are others now, in the transaction that makes their journeys agree. */
export type Follower = (sql: postgres.TransactionSql, workspace_id: number, people: number[]) => Promise<unknown>

/** Follows what noticeJourneys noted, until it is stopped: woken by what was told, and each second in case nobody heard it. */
export function keepFollowing(
  sql: postgres.Sql,
  followers: Follower[],
  { log = console, poll_ms = 1000 }: { log?: Log; poll_ms?: number } = {},
): { stop(): Promise<void> } {
  const bell = makeBell()
  let stopping = false
  const listening = sql.listen(JOURNEYS_TOLD, bell.ring, bell.ring).catch(() => undefined)
  const loop = keepGoing()

  return {
    async stop() {
      stopping = true
      bell.ring()
      await loop
      await (await listening)?.unlisten().catch(() => {})
    },
  }

  async function keepGoing() {
    while (!stopping) {
      try {
        const is_more = await followAll(sql, followers, () => stopping)
        if (!stopping) await pause(PAUSE_MS)
        if (!is_more) await bell.wait(poll_ms)
      } catch (error) {
        log.warn({ err: error }, 'What people did could not be summed up; it waits as it was, and is tried again.')
        if (!stopping) await pause(AFTER_FAILURE_MS)
      }
    }
  }
}

/**
 * One round for every workspace in which something waits. True when more waits than one round takes. A workspace in which it fails holds
 * up no other; the first failure is thrown in the end.
 */
export async function followAll(sql: postgres.Sql, followers: Follower[] = [], is_stopping = () => false): Promise<boolean> {
  const workspaces = await sql<{ workspace_id: number }[]>`
    select workspace_id from journey_batches union select workspace_id from moved_people`
  let is_more = false
  const failures: unknown[] = []
  for (const { workspace_id } of workspaces) {
    if (is_stopping()) break
    try {
      const round = sql.begin(tx => follow(tx, workspace_id, followers)) as Promise<boolean>
      is_more = (await round) || is_more
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
  return is_more
}

/** All or nothing, and each event once: what is taken off the list is followed by the same commit. */
async function follow(sql: postgres.TransactionSql, workspace_id: number, followers: Follower[]): Promise<boolean> {
  const [lock] = await sql<{ is_ours: boolean }[]>`select pg_try_advisory_xact_lock(${JOURNEYS_LOCK}, ${workspace_id}) as is_ours`
  if (!lock!.is_ours) return false
  await sql.unsafe(BY_INDEX)
  const { walks, visitors, people, is_more } = await take(sql, workspace_id)
  await keepWalks(sql, workspace_id, walks)
  const changed = new Set([...(await peopleOf(sql, workspace_id, visitors)), ...people])
  if (changed.delete(ALL_CONVERTED)) await sendAllConverted(sql, workspace_id)
  const folded = [...changed]
  await foldPeople(sql, workspace_id, folded)
  for (const follower of followers) await follower(sql, workspace_id, folded)
  return is_more
}

async function peopleOf(sql: postgres.TransactionSql, workspace_id: number, visitors: number[]): Promise<number[]> {
  if (visitors.length === 0) return []
  const rows = await sql<{ person: number }[]>`
    select distinct coalesce(-contact_id, person_id, id) as person
      from visitors
     where workspace_id = ${workspace_id} and id = any(${visitors}::bigint[])`
  return rows.map(row => row.person)
}

/** What converts is the funnel's goal, so whoever converted in a funnel is looked at again, in rounds of their own. */
async function sendAllConverted(sql: postgres.TransactionSql, workspace_id: number) {
  await sql`
    insert into moved_people (workspace_id, person)
    select distinct n.workspace_id, coalesce(-c.whole_id, -v.contact_id, v.person_id, v.id)
      from conversions n
      left join contacts c on c.workspace_id = n.workspace_id and c.id = n.contact_id
      left join visitors v on v.workspace_id = n.workspace_id and v.id = n.visitor_id
     where n.workspace_id = ${workspace_id} and n.data ? 'funnel_id' and (c.id is not null or v.id is not null)`
}

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

/** One that sums up in each workspace at a time; rebuild.ts waits for it. */
export const JOURNEYS_LOCK = 7_406
/** What is told meanwhile is followed together: a round of a few people costs nearly what one of a thousand does. */
const PAUSE_MS = 100
const AFTER_FAILURE_MS = 1000
/** All that follows are look-ups of few rows in large tables. A planner whose statistics are of an empty table does not know. */
const BY_INDEX = ['seqscan', 'hashjoin', 'mergejoin', 'material'].map(way => `set local enable_${way} = off`).join('; ')
