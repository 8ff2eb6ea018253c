import type postgres from 'postgres'
import type { Database } from './connect.ts'
import { applyLimits } from './limits.ts'

/**
 * Runs `work` in one transaction that sees a single workspace, and of that what the request may see (`limits.ts`). Row level security
 * refuses and hides everything else.
 */
export function inWorkspace<T>(database: Database, workspace_id: number, work: (sql: postgres.TransactionSql) => Promise<T>) {
  return database.app.begin(async sql => {
    await nameWorkspace(sql, workspace_id)
    await applyLimits(sql)
    return work(sql)
  }) as Promise<T>
}

/** The same for a batch that carries events of several workspaces. */
export function inWorkspaces<T>(app: postgres.Sql, workspace_ids: number[], work: (sql: postgres.TransactionSql) => Promise<T>) {
  return app.begin(async sql => {
    // The list is the dearer of the two: 400 ns a row against 25.
    const named =
      workspace_ids.length === 1
        ? nameWorkspace(sql, workspace_ids[0]!)
        : sql.unsafe(`set local app.workspaces = '${workspace_ids.map(Math.trunc).join(',')}'`)
    // Not waited for: what the work sends is behind it on the same wire.
    const [, done] = await Promise.all([named.execute(), work(sql)])
    return done
  }) as Promise<T>
}

/** `set local` and not set_config(): only the statement is carried to the other nodes of a Citus cluster. */
export function nameWorkspace(sql: postgres.TransactionSql, workspace_id: number) {
  return sql.unsafe(`set local app.workspace_id = '${Math.trunc(workspace_id)}'`)
}

/**
 * One writer of identity at a time in each workspace. Taken first, in one order, so no two transactions wait for each other,
 * and everything read afterwards holds until the commit: decisions can then be made in memory.
 *
 * What follows the lock are look-ups of a few rows in large tables, always by an index. The planner does not know that while a
 * table is new and its statistics are old, so for this transaction it is told.
 */
export async function lockIdentity(sql: postgres.TransactionSql, workspace_ids: number[]) {
  await Promise.all([
    sql.unsafe(BY_INDEX).execute(),
    sql`
      select pg_advisory_xact_lock(${IDENTITY_LOCK}, workspace_id)
        from unnest(${[...workspace_ids].sort((a, b) => a - b)}::int[]) as workspace_id`.execute(),
  ])
}

const IDENTITY_LOCK = 7_402
const BY_INDEX = ['seqscan', 'hashjoin', 'mergejoin', 'material'].map(way => `set local enable_${way} = off`).join('; ')

/**
 * Waits for statements that are made one after the other. Each is on its way before the next is made, so that the database works while this
 * process still writes down the rest.
 */
export async function sendAsMade(statements: Iterable<Promise<unknown>>): Promise<void> {
  const sent: Promise<unknown>[] = []
  for (const statement of statements) {
    statement.catch(() => {}) // waited for below, unless one after it cannot be made
    sent.push(statement)
    await null // the driver sends what was executed in its next turn
  }
  await Promise.all(sent)
}
