import type { Sql } from '../database/connect.ts'

/** The moment from which on events are kept: nothing can be made again from what was before it (server/privacy/forget-events.ts). */
export async function keptSince(sql: Sql, workspace_id: number): Promise<Date> {
  const [rule] = await sql<{ events_before: Date | null }[]>`
    select events_before from retention_rules where workspace_id = ${workspace_id}`
  return rule?.events_before ?? new Date(0)
}
