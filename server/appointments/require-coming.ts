import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'

/**
 * A time that is still to come by the database's clock, in UTC. Read by the database, which knows that there is no 30 February. Throws
 * `invalid_fields`.
 */
export async function requireComing(sql: Sql, scheduled_at: string): Promise<string> {
  const [row] = await sql<{ at: Date; is_past: boolean }[]>`
    select t.at, t.at < clock_timestamp() as is_past from (select ${scheduled_at}::text::timestamptz as at) t`
  if (row!.is_past) throw refuse('invalid_fields', { fields: { scheduled_at: 'is in the past: choose a time to come' } })
  return row!.at.toISOString()
}
