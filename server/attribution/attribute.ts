import type postgres from 'postgres'
import { countSources } from './sources.ts'
import { shareConversions } from './touches.ts'

/**
 * Says anew of these people (as in person_funnels) who sent them and what of their conversions is whose, and lets the sums of the
 * days follow by the difference. Whatever was said of them before is replaced, so it may be asked twice, and of people who are no more.
 * A constant number of statements for any number of people. Returns how many rows of people and conversions were others.
 */
export async function attribute(sql: postgres.TransactionSql, workspace_id: number, people: number[]): Promise<number> {
  if (people.length === 0) return 0
  await lockAttribution(sql, workspace_id)
  await sql.unsafe(BY_INDEX)
  return (await shareConversions(sql, workspace_id, people)) + (await countSources(sql, workspace_id, people))
}

/** Two at a time would both take away the same old row. Whoever follows the log holds a lock of more than this; a rebuild does not. */
export async function lockAttribution(sql: postgres.TransactionSql, workspace_id: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(${ATTRIBUTION_LOCK}, ${workspace_id})`
}

const ATTRIBUTION_LOCK = 7_416

/** As everybody who follows the log: look-ups of few rows in large tables, which a planner without statistics does not know. */
const BY_INDEX = ['seqscan', 'hashjoin', 'mergejoin'].map(way => `set local enable_${way} = off`).join('; ')
