import type postgres from 'postgres'
import { makeBell } from '../queue/bell.ts'
import { handOver } from './hand-over.ts'
import { ACTIVITIES_RECORDED } from './record.ts'
import { tellAgain } from './tell-again.ts'
import type { EventBatch, Log, Readers, ToldActivity } from './told.ts'

/** Tells the readers what was committed, until it is stopped: woken by the commits, and each second in case nobody heard one. */
export function keepTelling(
  sql: postgres.Sql,
  readers: Readers,
  { log = console, poll_ms = 1000 }: { log?: Log; poll_ms?: number } = {},
): { stop(): Promise<void> } {
  const bell = makeBell()
  let stopping = false
  const listening = [ACTIVITIES_RECORDED, EVENTS_RECORDED].map(channel =>
    attempt(() => sql.listen(channel, bell.ring, bell.ring)),
  )
  const again = tellAgain(sql, readers, log)
  const loop = keepGoing()

  return {
    async stop() {
      stopping = true
      bell.ring()
      await loop
      await again.stop()
      for (const channel of listening) await attempt(async () => (await channel)?.unlisten())
    },
  }

  async function keepGoing() {
    while (!stopping) {
      const is_more = await attempt(() => relay(sql, readers, log))
      if (is_more || stopping) continue
      if (is_more === false) await bell.wait(poll_ms)
      // What commits within the pause is told together, so that a busy server's relay costs twenty transactions a second at most.
      await new Promise(resolve => setTimeout(resolve, is_more === undefined ? AFTER_FAILURE_MS : PAUSE_MS))
    }
  }

  /** The database may go away and come back; the loop stays. */
  async function attempt<T>(verb: () => Promise<T>): Promise<T | undefined> {
    try {
      return await verb()
    } catch (error) {
      log.warn({ err: error }, 'What happened could not be told; everything is as before, and it is tried again.')
      return undefined
    }
  }
}

/**
 * One round, all or nothing: takes what is committed and not yet told, and hands it to every reader. There is no cursor over ids,
 * which are given at the insert and seen at the commit: what commits late is found then, whatever was told before. True when
 * there is more than one round takes; false also when another process is at it.
 *
 * What was told leaves dead rows at the front of the index until they are vacuumed: 0.1 ms for each thousand, which is felt only
 * while something holds vacuum back for long, as a dump does.
 */
export async function relay(sql: postgres.Sql, readers: Readers, log: Log = console): Promise<boolean> {
  return (await sql.begin(async tx => {
    const [[lock]] = await Promise.all([
      tx<{ is_ours: boolean }[]>`select pg_try_advisory_xact_lock(${RELAY_LOCK}) as is_ours`,
      tx.unsafe(BY_INDEX),
    ])
    if (!lock!.is_ours) return false
    const [activities, batches] = await Promise.all([takeActivities(tx), takeBatches(tx)])
    if (activities.length + batches.length === 0) return false
    await handOver(tx, readers, { activities: activities.toSorted((one, other) => one.id - other.id), batches }, log)
    return activities.length === MOST_ACTIVITIES || sizeOf(batches) >= MOST_EVENTS || batches.length === MOST_BATCHES
  })) as unknown as boolean
}

/** Until the transaction ends, nothing is told: it may change what was recorded, and waits for nobody who tells it meanwhile. */
export async function holdTelling(sql: postgres.TransactionSql) {
  await sql`select pg_advisory_xact_lock(${RELAY_LOCK})`
}

/** Not `and not a.told` as well: the planner, which believes that nothing waits, would look through all of it for each row. */
function takeActivities(sql: postgres.TransactionSql) {
  return sql<ToldActivity[]>`
    with next as (
      select workspace_id, id from activities where not told order by id limit ${MOST_ACTIVITIES}
    )
    update activities a
       set told = true
      from next
     where a.workspace_id = next.workspace_id and a.id = next.id
    returning a.workspace_id, a.id, a.at, a.action, a.actor, a.contact_id, a.visitor_id, a.subject_id, a.before, a.after`
}

/** Of the batches that wait, as many as hold MOST_EVENTS together. */
function takeBatches(sql: postgres.TransactionSql) {
  return sql<EventBatch[]>`
    with next as (
      select workspace_id, id, sum(last_event - first_event + 1) over (order by id) as events, last_event - first_event + 1 as own
        from (select workspace_id, id, first_event, last_event from event_batches order by id limit ${MOST_BATCHES}) as waiting
    )
    delete from event_batches b
     using next
     where b.workspace_id = next.workspace_id and b.id = next.id and next.events - next.own < ${MOST_EVENTS}
    returning b.workspace_id, b.first_event, b.last_event, b.from_time::text, b.to_time::text`
}

function sizeOf(batches: EventBatch[]) {
  return batches.reduce((sum, { first_event, last_event }) => sum + last_event - first_event + 1, 0)
}

/** Sent by server/events/record.ts; the payload is the workspace. */
const EVENTS_RECORDED = 'events_recorded'
const PAUSE_MS = 50
const AFTER_FAILURE_MS = 1000
const MOST_ACTIVITIES = 1000
const MOST_BATCHES = 500
const MOST_EVENTS = 2000
const RELAY_LOCK = 7_405
/** All that follows are look-ups of few rows in large tables. A planner whose statistics are of an empty table does not know. */
const BY_INDEX = ['seqscan', 'hashjoin', 'mergejoin'].map(way => `set local enable_${way} = off`).join('; ')
