import type postgres from 'postgres'
import type { CrmRun } from '../../../shared/crm.ts'
import type { Config } from '../../config.ts'
import type { Sql } from '../../database/connect.ts'
import type { Ended, Log, RunHold, RunRow } from '../../queue/runs.ts'
import type { OpenConnection } from '../open.ts'

/** A run as its work needs it. */
export type Run = RunRow &
  Pick<CrmRun, 'kind' | 'connection_id' | 'from_connection_id'> & {
    /** What it was begun with, as { force: true }. */
    settings: Record<string, unknown>
  }

export type RunMeans = RunHold & {
  sql: postgres.Sql
  config: Config
  /** Which CRM is asked, or written to. */
  connection: OpenConnection
  log: Log
  /** Told of every step of every member, for tests: what it throws is as if the work had thrown it. */
  watch?: ((contact_id: number, state: string) => void) | undefined
  /** Milliseconds between attempts (insist.ts), for tests. */
  pauses?: readonly number[] | undefined
}

/** Does the work of one kind from `run.cursor` on, however often it was begun. What it throws fails the run, or waits for the database. */
export type Kind = (run: Run, means: RunMeans) => Promise<Ended>

export function runColumns(sql: Sql) {
  return sql`workspace_id, id, kind, connection_id, from_connection_id, settings, total, done, counts, cursor`
}
