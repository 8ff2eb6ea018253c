import type postgres from 'postgres'
import type { Database } from '../database/connect.ts'
import { inWorkspace, lockIdentity } from '../database/transaction.ts'

/**
 * Adds up the conversions of a workspace again: what leads show of theirs, some thousand leads at a time, so that what arrives
 * meanwhile waits for those only; then the days and the workspace's totals at once. What contacts show is the fold's
 * (server/identity/rebuild.ts). Returns how many rows were wrong.
 */
export async function rebuildTotals(database: Database, workspace_id: number, progress: (leads: number) => void = () => {}) {
  const wrong = { leads: 0, conversion_days: 0, conversion_quarters: 0, workspaces: 0 }
  let done = 0
  for (let after = 0; ; ) {
    const chunk = await inWorkspace(database, workspace_id, sql => sumUpSome(sql, workspace_id, after))
    if (chunk.last === null) break
    wrong.leads += chunk.wrong
    after = chunk.last
    done += chunk.count
    progress(done)
  }
  return { ...wrong, ...(await inWorkspace(database, workspace_id, sql => countDays(sql, workspace_id))) }
}

const AT_ONCE = 5000

async function sumUpSome(sql: postgres.TransactionSql, workspace_id: number, after: number) {
  await lockIdentity(sql, [workspace_id])
  const [row] = await sql<{ count: number; last: number | null; wrong: number }[]>`
    with chunk as materialized (
      select id, is_test from leads where workspace_id = ${workspace_id} and id > ${after} order by id limit ${AT_ONCE}
    ), wrong as (
      update leads l
         set conversion_id = s.first_id, conversion_count = s.conversions, conversion_value = s.value, converted_at = s.first_at
        from chunk b
       cross join lateral (
             select count(*)::int as conversions, coalesce(sum(n.value - n.refunded) filter (where n.currency = w.currency), 0) as value,
                    (array_agg(n.id order by n.converted_at, n.id))[1] as first_id, min(n.converted_at) as first_at
               from conversions n
               join workspaces w on w.id = n.workspace_id
              where n.workspace_id = ${workspace_id} and n.lead_id = b.id and n.status <> 'void' and (b.is_test or not n.is_test)) s
       where l.workspace_id = ${workspace_id} and l.id = b.id
         and (l.conversion_id, l.conversion_count, l.conversion_value, l.converted_at)
             is distinct from (s.first_id, s.conversions, s.value, s.first_at)
      returning 1
    )
    select count(*)::int as count, max(id) as last, (select count(*)::int from wrong) as wrong from chunk`
  return row!
}

async function countDays(sql: postgres.TransactionSql, workspace_id: number) {
  await lockIdentity(sql, [workspace_id])
  await sql.unsafe('set local enable_seqscan = on; set local enable_hashjoin = on') // this reads most of a table
  const [days] = await sql<{ wrong: number }[]>`
      with days as materialized (
        select (converted_at at time zone 'UTC')::date as day, type, currency, count(*)::int as conversions,
               sum(value - refunded) as revenue, sum(refunded) as refunded
          from conversions
         where workspace_id = ${workspace_id} and counts
         group by 1, 2, 3
      ), gone as (
        delete from conversion_days d
         where d.workspace_id = ${workspace_id}
           and not exists (select from days n where n.day = d.day and n.type = d.type and n.currency = d.currency)
        returning (d.conversions, d.revenue, d.refunded) <> (0, 0, 0) as is_wrong
      ), put as (
        insert into conversion_days as d (workspace_id, day, type, currency, conversions, revenue, refunded)
        select ${workspace_id}, * from days
            on conflict (workspace_id, day, type, currency) do update
           set conversions = excluded.conversions, revenue = excluded.revenue, refunded = excluded.refunded
         where (d.conversions, d.revenue, d.refunded) is distinct from (excluded.conversions, excluded.revenue, excluded.refunded)
        returning 1
      )
      select (select count(*) from gone where is_wrong) + (select count(*) from put) as wrong`
  const [quarters] = await sql<{ wrong: number }[]>`
      with quarters as materialized (
        select f.funnel_id, date_bin('15 minutes', n.converted_at, timestamptz '2000-01-01 00:00:00Z') as quarter, n.type, n.currency,
               count(*)::int as conversions, sum(n.value - n.refunded) as revenue, sum(n.refunded) as refunded
          from conversions n
         cross join lateral (select '' as funnel_id union select funnel_of(n.data)) f
         where n.workspace_id = ${workspace_id} and n.counts and f.funnel_id is not null
         group by 1, 2, 3, 4
      ), gone as (
        delete from conversion_quarters q
         where q.workspace_id = ${workspace_id}
           and not exists (select from quarters n
                            where (n.funnel_id, n.quarter, n.type, n.currency) = (q.funnel_id, q.quarter, q.type, q.currency))
        returning (q.conversions, q.revenue, q.refunded) <> (0, 0, 0) as is_wrong
      ), put as (
        insert into conversion_quarters as q (workspace_id, funnel_id, quarter, type, currency, conversions, revenue, refunded)
        select ${workspace_id}, * from quarters
            on conflict (workspace_id, funnel_id, quarter, type, currency) do update
           set conversions = excluded.conversions, revenue = excluded.revenue, refunded = excluded.refunded
         where (q.conversions, q.revenue, q.refunded) is distinct from (excluded.conversions, excluded.revenue, excluded.refunded)
        returning 1
      )
      select (select count(*) from gone where is_wrong) + (select count(*) from put) as wrong`
  const { count: workspaces } = await sql`
      update workspaces w
         set total_conversions = s.conversions, total_revenue = s.revenue
        from (select coalesce(sum(d.conversions), 0) as conversions,
                     coalesce(sum(d.revenue) filter (where d.currency = k.currency), 0) as revenue
                from workspaces k
                left join conversion_days d on d.workspace_id = k.id
               where k.id = ${workspace_id}) s
       where w.id = ${workspace_id} and (w.total_conversions, w.total_revenue) is distinct from (s.conversions, s.revenue)`
  return { conversion_days: days!.wrong, conversion_quarters: quarters!.wrong, workspaces }
}
