import type postgres from 'postgres'
import { isAway } from '../database/away.ts'
import { finish, report } from './finish.ts'
import { release } from './hold.ts'
import type { Job } from './job.ts'
import { type Worker, work } from './work.ts'

/**
 * A run is long work that people watch: a row that says how far it is, and a job with `{ run_id }` that does it. Its table has `workspace_id, id,
 * state, total, done, started_done, counts, cursor, error, started_at, ended_at`, and `running` is the state of those that somebody works on.
 */
export type RunRow = {
  workspace_id: number
  id: number
  total: number | null
  done: number
  counts: Record<string, number>
  /** Where it goes on; null at its beginning. */
  cursor: string | null
}

/** Absolute, not by how much more; what is left out stays as it is. `started_done`: so many were done before it began, and say nothing of its speed. */
export type Progress = Partial<Pick<RunRow, 'total' | 'done' | 'counts' | 'cursor'>> & { started_done?: number }

/** Only `done` leaves no sentence behind. */
export type Ended = { state: 'done' | 'waiting' } | { state: 'failed' | 'refused'; error: string }

export type RunHold = {
  /** Aborted when somebody stopped the run, another process has it, or the server stops. Then return soon; what is returned is not looked at. */
  signal: AbortSignal
  /**
   * Says how far it is, in the transaction of the batch. Throws when the run is not this process's any more: then the batch must not be
   * written, so let it pass.
   */
  keep(sql: postgres.TransactionSql, progress: Progress): Promise<void>
}

export type Log = { warn(details: object, sentence: string): void }

export type Runs<R extends RunRow> = {
  queue: string
  table: string
  /** What `perform` reads of the row. */
  columns(sql: postgres.Sql): postgres.Fragment
  /** Does the work from `run.cursor` on, however often it was begun. What it throws fails the run, or waits for the database. */
  perform(run: R, hold: RunHold): Promise<Ended>
  log: Log
}

/** Seconds. A run that throws has failed and waits for a person, but for one that only the database was away from. */
const DELAYS = [5, 30, 60, 300, 900, 3600, 3600, 3600]

/** Does the runs that were begun, of each key of the queue one at a time. One that its process took along goes on from what is stored. */
export function workOnRuns<R extends RunRow>(sql: postgres.Sql, { queue, table, columns, perform, log }: Runs<R>): Worker {
  const leaving = new AbortController()
  const worker = work<{ run_id: number }>(sql, {
    queue,
    concurrency: 4,
    share: 1,
    delays: DELAYS,
    log,
    run: async (job, hold) => {
      const run = await begin(job)
      if (!run) return 'stopped meanwhile'
      const signal = AbortSignal.any([hold.signal, leaving.signal])
      const ended = await endOf(run, { signal, keep: (tx, progress) => keep(tx, job, run.id, progress) })
      // Given back as if it had not been begun; where it was stopped or taken over, there is nothing to give.
      if (signal.aborted) await release(sql, [job])
      else await settle(job, run.id, ended)
      return 'settled'
    },
  })
  return {
    stop(patience_ms) {
      leaving.abort()
      return worker.stop(patience_ms)
    },
  }

  /** Its speed is counted from here. Nothing, when it was stopped before it began. */
  async function begin({ workspace_id, payload }: Job<{ run_id: number }>): Promise<R | undefined> {
    const [run] = await sql<R[]>`
      update ${sql(table)}
         set started_at = now(), started_done = done
       where workspace_id = ${workspace_id} and id = ${payload.run_id} and state = 'running'
      returning ${columns(sql)}`
    return run as R | undefined
  }

  async function endOf(run: R, hold: RunHold): Promise<Ended> {
    try {
      return await perform(run, hold)
    } catch (error) {
      if (isAway(error)) throw error
      if (!hold.signal.aborted) log.warn({ queue, run_id: run.id, error }, 'A run ended before its time; it can be resumed.')
      return { state: 'failed', error: error instanceof Error ? error.message : String(error) }
    }
  }

  /** In the transaction of what it tells of, and only while the lease is ours. */
  async function keep(tx: postgres.TransactionSql, job: Job, run_id: number, { counts, ...progress }: Progress) {
    const { done, total } = progress
    if (!(await report(tx, job, { done, total }))) throw new Error('Somebody else has this run now.')
    const changes = { ...progress, ...(counts && { counts: tx.json(counts) }) }
    if (Object.keys(changes).length === 0) return
    await tx`
      update ${tx(table)} set ${tx(changes as Record<string, never>)} where workspace_id = ${job.workspace_id} and id = ${run_id}`
  }

  async function settle(job: Job, run_id: number, ended: Ended) {
    await sql.begin(async tx => {
      // False: it was stopped or taken over in the last moment, and is what that made of it.
      if (!(await finish(tx, job))) return
      await tx`
        update ${tx(table)}
           set state = ${ended.state}, error = ${'error' in ended ? ended.error.slice(0, 2000) : null}, ended_at = now()
         where workspace_id = ${job.workspace_id} and id = ${run_id} and state = 'running'`
    })
  }
}
