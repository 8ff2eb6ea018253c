import type { Sql } from '../database/connect.ts'
import type { EventBatch } from './told.ts'

/** Batches as rows `b`, for a statement that reads what they hold. */
export function batchRows(sql: Sql, batches: EventBatch[]) {
  return sql`jsonb_to_recordset(${JSON.stringify(batches)}::text::jsonb)
          as b(workspace_id int, first_event bigint, last_event bigint, from_time timestamptz, to_time timestamptz)`
}

/**
 * Which events are of `b`, and are no bot's: they lie side by side in the primary key. Ask it within `cross join lateral (... offset 0)`, which
 * keeps the planner from reading the log in any other way.
 */
export function inBatch(sql: Sql) {
  return sql`workspace_id = b.workspace_id and id between b.first_event and b.last_event
              and occurred_at between b.from_time and b.to_time and not is_bot`
}
