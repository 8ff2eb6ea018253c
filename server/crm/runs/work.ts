import type postgres from 'postgres'
import { type Log, workOnRuns } from '../../queue/runs.ts'
import type { Worker } from '../../queue/work.ts'
import { type Means, openConnections } from '../open.ts'
import { KINDS } from './kinds.ts'
import { type Run, type RunMeans, runColumns } from './run.ts'
import { QUEUE } from './start.ts'

/** Does the runs that were begun, of each connection one at a time. */
export function startRuns(means: Means & { sql: postgres.Sql; log: Log } & Pick<RunMeans, 'watch' | 'pauses'>): Worker {
  const { sql, config, log, watch, pauses } = means
  const connections = openConnections(means)
  return workOnRuns<Run>(sql, {
    queue: QUEUE,
    table: 'crm_runs',
    columns: runColumns,
    log,
    perform: async (run, hold) => {
      const connection = await connections.get(run.workspace_id, run.connection_id)
      if (!connection) return { state: 'failed', error: 'Its connection is gone, and the run with it.' }
      return KINDS[run.kind](run, { sql, config, log, watch, pauses, connection, ...hold })
    },
  })
}
