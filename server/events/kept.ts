import type postgres from 'postgres'
import type { Sql } from '../database/connect.ts'

/** The moment from which on events are kept: nothing can be made again from what was before it (server/privacy/forget-events.ts). */
export async function keptSince(sql: Sql, workspace_id: number): Promise<Date> {
  const [rule] = await sql<{ events_before: Date | null }[]>`
    select events_before from retention_rules where workspace_id = ${workspace_id}`
  return rule?.events_before ?? new Date(0)
}

/** The same, and it stays so until the transaction ends: no event that is read in it begins to go meanwhile. */
export async function holdKeptSince(sql: postgres.TransactionSql, workspace_id: number): Promise<Date> {
  await sql`select from retention_rules where workspace_id = ${workspace_id} for share`
  return keptSince(sql, workspace_id)
}
