import type { Database } from '../database/connect.ts'
import { inWorkspace, lockIdentity } from '../database/transaction.ts'

/**
 * Adds up the conversions of a workspace again: what leads show of theirs, the days and the workspace's totals. One transaction, in
 * which nothing else is written. What contacts show is the fold's (server/identity/rebuild.ts). Returns how many rows were wrong.
 */
export async function rebuildTotals(database: Database, workspace_id: number) {
  return inWorkspace(database, workspace_id, async sql => {
    await lockIdentity(sql, [workspace_id])
    await sql.unsafe('set local enable_seqscan = on; set local enable_hashjoin = on') // this reads most of the tables
    const { count: leads } = await sql`
      update leads l
         set conversion_id = s.first_id, conversion_count = s.conversions, conversion_value = s.value, converted_at = s.first_at
        from (select b.id, coalesce(n.conversions, 0) as conversions, coalesce(n.value, 0) as value, n.first_id, n.first_at
                from leads b
                left join (
                     select n.lead_id, count(*)::int as conversions, sum(n.value - n.refunded) filter (where n.currency = w.currency) as value,
                            (array_agg(n.id order by n.converted_at, n.id))[1] as first_id, min(n.converted_at) as first_at
                       from conversions n
                       join workspaces w on w.id = n.workspace_id
                       join leads t on t.workspace_id = n.workspace_id and t.id = n.lead_id
                      where n.workspace_id = ${workspace_id} and n.status <> 'void' and (t.is_test or not n.is_test)
                      group by n.lead_id) n on n.lead_id = b.id
               where b.workspace_id = ${workspace_id}) s
       where l.workspace_id = ${workspace_id} and l.id = s.id
         and (l.conversion_id, l.conversion_count, l.conversion_value, l.converted_at)
             is distinct from (s.first_id, s.conversions, s.value, s.first_at)`
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
    const { count: workspaces } = await sql`
      update workspaces w
         set total_conversions = s.conversions, total_revenue = s.revenue
        from (select coalesce(sum(d.conversions), 0) as conversions,
                     coalesce(sum(d.revenue) filter (where d.currency = k.currency), 0) as revenue
                from workspaces k
                left join conversion_days d on d.workspace_id = k.id
               where k.id = ${workspace_id}) s
       where w.id = ${workspace_id} and (w.total_conversions, w.total_revenue) is distinct from (s.conversions, s.revenue)`
    return { leads, conversion_days: days!.wrong, workspaces }
  })
}
