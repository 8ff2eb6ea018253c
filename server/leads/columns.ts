import type { Sql } from '../database/connect.ts'

/** A lead as lists and the board show it, of a row `l` with `leadJoins`. Written once, so that they never differ. */
export function leadColumns(sql: Sql) {
  return sql`
           l.id, c.id as contact_id, json_build_object('id', c.id, 'name', c.name, 'email', c.email, 'phone', c.phone) as contact,
           l.lead_type, l.pipeline_id, l.status, s.name as status_name, l.kind, l.status_changed_at, l.priority, l.assigned_to,
           l.assigned_at, l.follow_up_at, l.contact_attempts, l.score, l.revenue_potential::float8 as revenue_potential, l.lost_reason,
           l.source, l.subsource, l.campaign_id, l.campaign, l.product, l.city, l.state, l.zip_code, l.country, l.webhook_id,
           w.name as webhook, l.provider_id, l.is_test, l.conversion_id, l.conversion_count,
           l.conversion_value::float8 as conversion_value, l.converted_at, l.closed_at, l.custom, l.created_at, l.updated_at`
}

/**
 * Whose it is now: the contact that it was made for, or the one that this is part of. Looked up row by row (`limit 1` is a fence): of a
 * page the planner would rather read all contacts once. And in two steps: behind row level security no index is used for an expression.
 */
export function leadJoins(sql: Sql) {
  return sql`
     cross join lateral (
           select coalesce(o.merged_into, o.id) as id
             from contacts o
            where o.workspace_id = l.workspace_id and o.id = l.contact_id
            limit 1) o
     cross join lateral (
           select c.id, c.name, c.email, c.phone
             from contacts c
            where c.workspace_id = l.workspace_id and c.id = o.id
            limit 1) c
      join pipeline_stages s on s.workspace_id = l.workspace_id and s.pipeline_id = l.pipeline_id and s.key = l.status
      left join intake_webhooks w on w.workspace_id = l.workspace_id and w.id = l.webhook_id`
}
