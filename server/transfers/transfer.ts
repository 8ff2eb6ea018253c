import type postgres from 'postgres'
import type { Transfer } from '../../shared/transfers.ts'
import type { Config } from '../config.ts'
import type { Database, Sql } from '../database/connect.ts'
import type { Ended, Log, RunHold, RunRow } from '../queue/runs.ts'
import type { Erase } from './bulk/action.ts'
import type { Doer } from './doer.ts'
import type { Sources } from './export/sources.ts'

/** A transfer as its work needs it. */
export type TransferRun = RunRow & Pick<Transfer, 'kind' | 'name' | 'step' | 'actor'> & { settings: Record<string, unknown> }

export type TransferMeans = RunHold & {
  sql: postgres.Sql
  database: Database
  config: Config
  log: Log
  erase: Erase
  /** What can be exported. */
  sources: Sources
  /** Who asked for it, as they are now. */
  doer: Doer
}

/**
 * Does one step of one kind from `run.cursor` on, however often it was begun. `waiting` lets somebody say how it goes on. What it throws fails
 * the step, or waits for the database.
 */
export type Step = (run: TransferRun, means: TransferMeans) => Promise<Ended>

export function transferColumns(sql: Sql) {
  return sql`workspace_id, id, kind, name, step, settings, actor, total, done, counts, cursor`
}
