import type postgres from 'postgres'
import type { Sql } from '../database/connect.ts'

/**
 * Lets appointments be changed and keeps `appointment_days` true: they are taken out as they are, changed, and counted as they are then
 * (as server/leads/count.ts does). `change` must not wait for anything but the database; the caller holds the workspace's identity lock.
 */
export async function recountAppointments<T>(
  sql: postgres.TransactionSql,
  workspace_id: number,
  ids: number[],
  change: () => Promise<T>,
): Promise<T> {
  await count(sql, workspace_id, ids, -1)
  const changed = await change()
  await count(sql, workspace_id, ids, 1)
  return changed
}

/** Counts appointments that were inserted in this transaction: one statement for any number. */
export async function countAppointments(sql: postgres.TransactionSql, workspace_id: number, ids: number[]): Promise<void> {
  await count(sql, workspace_id, ids, 1)
}

async function count(sql: Sql, workspace_id: number, ids: number[], sign: 1 | -1): Promise<void> {
  if (ids.length === 0) return
  await sql`
    with counted as (
      select a.*, ${sign}::int as sign
        from appointments a
       where a.workspace_id = ${workspace_id} and a.id = any(${ids}::bigint[]) and a.status <> 'held' and not a.is_test
    )
    insert into appointment_days as d (workspace_id, day, dimension, value, booked, completed, no_show, cancelled, won, won_value)
    select * from (${daysOf(sql, 'counted')}) s
     order by workspace_id, dimension, day, value
        on conflict (workspace_id, dimension, day, value) do update
       set booked = d.booked + excluded.booked, completed = d.completed + excluded.completed, no_show = d.no_show + excluded.no_show,
           cancelled = d.cancelled + excluded.cancelled, won = d.won + excluded.won, won_value = d.won_value + excluded.won_value`
}

/** The rows of `appointment_days` that are made of the appointments of `from`, each with its `sign`. What the dimensions are stands here alone. */
export function daysOf(sql: Sql, from: string) {
  return sql`
      select a.workspace_id, (a.scheduled_at at time zone 'UTC')::date as day, v.dimension, coalesce(v.value, '') as value,
             sum(a.sign)::int as booked, sum(a.sign * (a.status = 'completed')::int)::int as completed,
             sum(a.sign * (a.status = 'no_show')::int)::int as no_show, sum(a.sign * (a.status = 'cancelled')::int)::int as cancelled,
             sum(a.sign * (a.status = 'completed' and a.outcome is not distinct from 'won')::int)::int as won,
             coalesce(sum(a.sign * a.estimated_value) filter (where a.status = 'completed' and a.outcome = 'won'), 0) as won_value
        from ${sql(from)} a
       cross join lateral (values
             ('type', a.type), ('assignee', a.assigned_to::text), ('source', a.source), ('product', a.product),
             ('webhook', a.webhook_id::text)) as v(dimension, value)
       group by 1, 2, 3, 4`
}
