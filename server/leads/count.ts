import type postgres from 'postgres'
import type { Sql } from '../database/connect.ts'

export type LeadKey = { workspace_id: number; id: number }

/**
 * Lets leads be changed and keeps what is counted of them true: they are taken out of `lead_days` and `stage_counts` as they are,
 * changed, and counted as they are then. Whatever moves (an assignee, a source, a stage, a conversion, the mark of a test), there is
 * nothing to compare. `change` must not wait for anything but the database; the caller holds the workspaces' identity lock.
 */
export async function recountLeads<T>(sql: postgres.TransactionSql, leads: LeadKey[], change: () => Promise<T>): Promise<T> {
  const [, changed] = await Promise.all([count(sql, leads, -1), change(), count(sql, leads, 1)])
  return changed
}

/** Counts leads that were inserted in this transaction: one statement for any number of leads and workspaces. */
export async function countLeads(sql: postgres.TransactionSql, leads: LeadKey[]): Promise<void> {
  await count(sql, leads, 1)
}

async function count(sql: Sql, leads: LeadKey[], sign: 1 | -1): Promise<void> {
  if (leads.length === 0) return
  // Sent at once, so that it stands on the wire where it was called: before the change, or behind it.
  await sql`
    with counted as (
      select l.*, ${sign}::int as sign
        from jsonb_to_recordset(${JSON.stringify(leads)}::text::jsonb) as k(workspace_id int, id bigint)
        join leads l on l.workspace_id = k.workspace_id and l.id = k.id
       where not l.is_test
    ), days as (
      insert into lead_days as d (workspace_id, day, dimension, value, leads, converted, revenue, seconds)
      select * from (${daysOf(sql, 'counted')}) s
       order by workspace_id, dimension, day, value
          on conflict (workspace_id, dimension, day, value) do update
         set leads = d.leads + excluded.leads, converted = d.converted + excluded.converted,
             revenue = d.revenue + excluded.revenue, seconds = d.seconds + excluded.seconds
    )
    insert into stage_counts as c (workspace_id, pipeline_id, status, assigned_to, leads, revenue_potential)
    select * from (${stagesOf(sql, 'counted')}) s
     order by workspace_id, pipeline_id, status, assigned_to
        on conflict (workspace_id, pipeline_id, status, assigned_to) do update
       set leads = c.leads + excluded.leads, revenue_potential = c.revenue_potential + excluded.revenue_potential`.execute()
}

/** The rows of `lead_days` that are made of the leads of `from`, each with its `sign`. What the dimensions are stands here alone. */
export function daysOf(sql: Sql, from: string) {
  return sql`
      select l.workspace_id, (l.created_at at time zone 'UTC')::date as day, v.dimension, coalesce(v.value, '') as value,
             sum(l.sign)::int as leads, sum(l.sign * (l.conversion_count > 0)::int)::int as converted,
             sum(l.sign * l.conversion_value) as revenue,
             sum(l.sign * coalesce(greatest(floor(extract(epoch from l.converted_at - l.created_at)), 0), 0))::bigint as seconds
        from ${sql(from)} l
       cross join lateral (values
             ('webhook', l.webhook_id::text), ('source', l.source), ('campaign', coalesce(l.campaign, l.campaign_id)),
             ('provider', l.provider_id), ('assignee', l.assigned_to::text), ('product', l.product), ('state', l.state),
             ('lead_type', l.lead_type)) as v(dimension, value)
       group by 1, 2, 3, 4`
}

/** The same for `stage_counts`. */
export function stagesOf(sql: Sql, from: string) {
  return sql`
      select l.workspace_id, l.pipeline_id, l.status, coalesce(l.assigned_to, 0) as assigned_to,
             sum(l.sign)::int as leads, coalesce(sum(l.sign * l.revenue_potential), 0) as revenue_potential
        from ${sql(from)} l
       group by 1, 2, 3, 4`
}
