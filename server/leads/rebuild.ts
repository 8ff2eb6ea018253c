import type postgres from 'postgres'
import type { Database } from '../database/connect.ts'
import { inWorkspace, lockIdentity } from '../database/transaction.ts'
import { daysOf, stagesOf } from './count.ts'

/**
 * Counts the leads of a workspace again: `lead_days` month by month, so that what arrives meanwhile waits for one of them only, and
 * `stage_counts` at once. Returns how many rows were wrong. What leads show of conversions must be true before
 * (server/conversions/rebuild.ts).
 */
export async function rebuildLeadCounts(
  database: Database,
  workspace_id: number,
  progress: (months: number) => void = () => {},
): Promise<{ lead_days: number; stage_counts: number }> {
  const months = await inWorkspace(database, workspace_id, sql => monthsOf(sql, workspace_id))
  let lead_days = 0
  for (const [k, month] of months.entries()) {
    lead_days += await inWorkspace(database, workspace_id, sql => countMonth(sql, workspace_id, month))
    progress(k + 1)
  }
  return { lead_days, stage_counts: await inWorkspace(database, workspace_id, sql => countStages(sql, workspace_id)) }
}

/** Those of leads and those that were counted, in UTC. */
async function monthsOf(sql: postgres.TransactionSql, workspace_id: number): Promise<string[]> {
  const rows = await sql<{ month: string }[]>`
    select m::date::text as month
      from (select min(created_at) at time zone 'UTC' as first, max(created_at) at time zone 'UTC' as last
              from leads
             where workspace_id = ${workspace_id}) l
     cross join generate_series(date_trunc('month', first), last, interval '1 month') as m
     union
    select date_trunc('month', day)::date::text from lead_days where workspace_id = ${workspace_id}
     order by month`
  return rows.map(row => row.month)
}

async function countMonth(sql: postgres.TransactionSql, workspace_id: number, month: string): Promise<number> {
  await lockIdentity(sql, [workspace_id])
  await sql.unsafe(READ_MUCH)
  const [row] = await sql<{ wrong: number }[]>`
    with counted as (
      select *, 1 as sign
        from leads
       where workspace_id = ${workspace_id} and not is_test
         and created_at >= ${month}::date::timestamp at time zone 'UTC'
         and created_at <  (${month}::date + interval '1 month') at time zone 'UTC'
    ), days as materialized (${daysOf(sql, 'counted')}
    ), gone as (
      delete from lead_days d
       where d.workspace_id = ${workspace_id} and d.day >= ${month}::date and d.day < ${month}::date + interval '1 month'
         and not exists (select from days n where n.day = d.day and n.dimension = d.dimension and n.value = d.value)
      returning (d.leads, d.converted, d.revenue, d.seconds) <> (0, 0, 0, 0) as is_wrong
    ), put as (
      insert into lead_days as d (workspace_id, day, dimension, value, leads, converted, revenue, seconds)
      select * from days
          on conflict (workspace_id, dimension, day, value) do update
         set leads = excluded.leads, converted = excluded.converted, revenue = excluded.revenue, seconds = excluded.seconds
       where (d.leads, d.converted, d.revenue, d.seconds)
             is distinct from (excluded.leads, excluded.converted, excluded.revenue, excluded.seconds)
      returning 1
    )
    select (select count(*) from gone where is_wrong) + (select count(*) from put) as wrong`
  return row!.wrong
}

async function countStages(sql: postgres.TransactionSql, workspace_id: number): Promise<number> {
  await lockIdentity(sql, [workspace_id])
  await sql.unsafe(READ_MUCH)
  const [row] = await sql<{ wrong: number }[]>`
    with counted as (
      select *, 1 as sign from leads where workspace_id = ${workspace_id} and not is_test
    ), stages as materialized (${stagesOf(sql, 'counted')}
    ), gone as (
      delete from stage_counts c
       where c.workspace_id = ${workspace_id}
         and not exists (select from stages n where n.pipeline_id = c.pipeline_id and n.status = c.status and n.assigned_to = c.assigned_to)
      returning (c.leads, c.revenue_potential) <> (0, 0) as is_wrong
    ), put as (
      insert into stage_counts as c (workspace_id, pipeline_id, status, assigned_to, leads, revenue_potential)
      select * from stages
          on conflict (workspace_id, pipeline_id, status, assigned_to) do update
         set leads = excluded.leads, revenue_potential = excluded.revenue_potential
       where (c.leads, c.revenue_potential) is distinct from (excluded.leads, excluded.revenue_potential)
      returning 1
    )
    select (select count(*) from gone where is_wrong) + (select count(*) from put) as wrong`
  return row!.wrong
}

/** Most of a table is read here, which the lock's settings are not for. */
const READ_MUCH = 'set local enable_seqscan = on; set local enable_hashjoin = on'
