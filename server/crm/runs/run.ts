import type postgres from 'postgres'
import type { CrmRun } from '../../../shared/crm.ts'
import type { Config } from '../../config.ts'
import type { Sql } from '../../database/connect.ts'
import type { OpenConnection } from '../open.ts'

/** A run as its work needs it. */
export type Run = Pick<CrmRun, 'id' | 'kind' | 'connection_id' | 'from_connection_id' | 'total' | 'done' | 'counts'> & {
  workspace_id: number
  /** What it was begun with, as { force: true }. */
  settings: Record<string, unknown>
  /** Where it goes on; null at its beginning. */
  cursor: string | null
}

export type Log = { warn(details: object, sentence: string): void }

export type RunMeans = {
  sql: postgres.Sql
  config: Config
  /** Which CRM is asked, or written to. */
  connection: OpenConnection
  log: Log
  /** Aborted when somebody stopped the run, another process has it, or the server stops. Then return soon; what is returned is not looked at. */
  signal: AbortSignal
  /**
   * Says how far it is, in the transaction of the batch. Throws when the run is not this process's any more: then the batch must not be
   * written, so let it pass.
   */
  keep(sql: postgres.TransactionSql, progress: Progress): Promise<void>
  /** Told of every step of every member, for tests: what it throws is as if the work had thrown it. */
  watch?: ((contact_id: number, state: string) => void) | undefined
  /** Milliseconds between attempts (insist.ts), for tests. */
  pauses?: readonly number[] | undefined
}

/** Absolute, not by how much more; what is left out stays as it is. `started_done`: so many were done before it began, and say nothing of its speed. */
export type Progress = Partial<Pick<Run, 'total' | 'done' | 'counts' | 'cursor'>> & { started_done?: number }

/** `failed` can be resumed, `refused` means that it was right not to change anything. */
export type Ended = { state: 'done' } | { state: 'failed' | 'refused'; error: string }

/** Does the work of one kind from `run.cursor` on, however often it was begun. What it throws fails the run, or waits for the database. */
export type Kind = (run: Run, means: RunMeans) => Promise<Ended>

export function runColumns(sql: Sql) {
  return sql`workspace_id, id, kind, connection_id, from_connection_id, settings, total, done, counts, cursor`
}
