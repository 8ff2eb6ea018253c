import type postgres from 'postgres'
import { isAway } from '../../database/away.ts'
import { finish, report } from '../../queue/finish.ts'
import { release } from '../../queue/hold.ts'
import type { Job } from '../../queue/job.ts'
import { type Worker, work } from '../../queue/work.ts'
import { type Connections, type Means, openConnections } from '../open.ts'
import { KINDS } from './kinds.ts'
import { type Ended, type Log, type Progress, type Run, type RunMeans, runColumns } from './run.ts'
import { QUEUE } from './start.ts'

/** Seconds. A run that throws has failed and waits for a person, but for one that only the database was away from. */
const DELAYS = [5, 30, 60, 300, 900, 3600, 3600, 3600]

/** Does the runs that were begun, of each connection one at a time. One that its process took along goes on from what is stored. */
export function startRuns(means: Means & { log: Log } & Pick<RunMeans, 'watch' | 'pauses'>): Worker {
  const { sql, config, log, watch, pauses } = means
  const connections = openConnections(means)
  const leaving = new AbortController()
  const worker = work<{ run_id: number }>(sql, {
    queue: QUEUE,
    concurrency: 4,
    share: 1,
    delays: DELAYS,
    log,
    run: async (job, hold) => {
      const run = await begin(sql, job)
      if (!run) return 'stopped meanwhile'
      const signal = AbortSignal.any([hold.signal, leaving.signal])
      const keep = (tx: postgres.TransactionSql, progress: Progress) => keepProgress(tx, job, run.id, progress)
      const ended = await endOf(run, connections, { sql, config, log, signal, keep, watch, pauses })
      // Given back as if it had not been begun; where it was stopped or taken over, there is nothing to give.
      if (signal.aborted) await release(sql, [job])
      else await settle(sql, job, run.id, ended)
      return 'settled'
    },
  })
  return {
    stop(patience_ms) {
      leaving.abort()
      return worker.stop(patience_ms)
    },
  }
}

/** Its speed is counted from here. Nothing, when it was stopped before it began. */
async function begin(sql: postgres.Sql, { workspace_id, payload }: Job<{ run_id: number }>): Promise<Run | undefined> {
  const [run] = await sql<Run[]>`
    update crm_runs
       set started_at = now(), started_done = done
     where workspace_id = ${workspace_id} and id = ${payload.run_id} and state = 'running'
    returning ${runColumns(sql)}`
  return run
}

async function endOf(run: Run, connections: Connections, means: Omit<RunMeans, 'connection'>): Promise<Ended> {
  try {
    const connection = await connections.get(run.workspace_id, run.connection_id)
    if (!connection) return { state: 'failed', error: 'Its connection is gone, and the run with it.' }
    return await KINDS[run.kind](run, { ...means, connection })
  } catch (error) {
    if (isAway(error)) throw error
    if (!means.signal.aborted)
      means.log.warn({ run_id: run.id, kind: run.kind, error }, 'A run of a CRM ended before its time; it can be resumed.')
    return { state: 'failed', error: error instanceof Error ? error.message : String(error) }
  }
}

/** In the transaction of what it tells of, and only while the lease is ours. */
async function keepProgress(
  sql: postgres.TransactionSql,
  job: Job,
  run_id: number,
  { started_done, counts, ...progress }: Progress,
): Promise<void> {
  const { done, total } = progress
  if (!(await report(sql, job, { done, total }))) throw new Error('Somebody else has this run now.')
  const changes = {
    ...progress,
    ...(started_done === undefined ? {} : { started_done }),
    ...(counts && { counts: sql.json(counts) }),
  }
  if (Object.keys(changes).length === 0) return
  await sql`update crm_runs set ${sql(changes as Record<string, never>)} where workspace_id = ${job.workspace_id} and id = ${run_id}`
}

async function settle(sql: postgres.Sql, job: Job, run_id: number, ended: Ended) {
  await sql.begin(async tx => {
    // False: it was stopped or taken over in the last moment, and is what that made of it.
    if (!(await finish(tx, job))) return
    await tx`
      update crm_runs
         set state = ${ended.state}, error = ${'error' in ended ? ended.error.slice(0, 2000) : null}, ended_at = now()
       where workspace_id = ${job.workspace_id} and id = ${run_id} and state = 'running'`
  })
}
