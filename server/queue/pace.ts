import type { Sql } from '../database/connect.ts'

// Speed and time left are of this beginning: a night between stop and resume says nothing of them.

/** Columns of a run under this name, with what `paceOf` joins to it. */
export function paceColumns(sql: Sql, run: string) {
  const r = sql(run)
  return sql`
    pace.per_second,
    case when ${r}.state = 'running' then ceil(greatest(${r}.total - ${r}.done, 0) / nullif(pace.per_second, 0))::int end as seconds_left`
}

export function paceOf(sql: Sql, run: string) {
  const r = sql(run)
  return sql`
    cross join lateral (
      select round((${r}.done - ${r}.started_done)
                   / nullif(extract(epoch from coalesce(${r}.ended_at, clock_timestamp()) - ${r}.started_at), 0), 2)::float8 as per_second) pace`
}
