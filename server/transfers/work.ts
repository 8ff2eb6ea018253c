import type postgres from 'postgres'
import type { Config } from '../config.ts'
import type { Database } from '../database/connect.ts'
import { Refusal } from '../errors.ts'
import { type Log, workOnRuns } from '../queue/runs.ts'
import type { Worker } from '../queue/work.ts'
import type { Erase } from './bulk/action.ts'
import { readDoer } from './doer.ts'
import { LISTS, type Reports } from './export/sources.ts'
import { KINDS } from './kinds.ts'
import { QUEUE } from './start.ts'
import { type TransferRun, transferColumns } from './transfer.ts'

type Means = { database: Database; config: Config; log: Log; erase: Erase; reports: Reports }

/** Does the steps that were asked for, of each kind one at a time in a workspace. */
export function startTransfers({ database, config, log, erase, reports }: Means): Worker {
  const sql: postgres.Sql = database.system
  const sources = { ...LISTS, ...reports }
  return workOnRuns<TransferRun>(sql, {
    queue: QUEUE,
    table: 'transfers',
    columns: transferColumns,
    log,
    perform: async (run, hold) => {
      const step = KINDS[run.kind][run.step]
      if (!step) return { state: 'failed', error: `There is no step ${run.step} of ${run.kind} in this version.` }
      const doer = await readDoer(sql, run.workspace_id, run.actor)
      try {
        return await step(run, { sql, database, config, log, erase, sources, doer, ...hold })
      } catch (error) {
        if (!(error instanceof Refusal) || error.status !== 403) throw error
        return {
          state: 'failed',
          error: 'Who asked for this may not do it any more: they left, or their role or key is another one now.',
        }
      }
    },
  })
}
