import type { Sql } from '../database/connect.ts'

/** An appointment as lists show it, of a row `a` with `appointmentJoins`. Written once, so that they never differ. */
export function appointmentColumns(sql: Sql) {
  return sql`
           a.id, c.id as contact_id, json_build_object('id', c.id, 'name', c.name, 'email', c.email, 'phone', c.phone) as contact,
           a.lead_id, a.type, a.scheduled_at, a.duration_minutes, a.ends_at, a.time_zone, a.place, a.location, a.assigned_to, a.status,
           a.estimated_value::float8 as estimated_value, a.outcome, a.next_step, a.next_step_at, a.source, a.product, a.reschedule_count,
           a.blocks, a.version, a.is_test, a.copy_workspace_id, a.origin_workspace_id, a.created_at, a.updated_at`
}

/** Whose it is now, as leads have it (server/leads/columns.ts): row by row, and in two steps, so that an index is used. */
export function appointmentJoins(sql: Sql) {
  return sql`
     cross join lateral (
           select coalesce(o.merged_into, o.id) as id
             from contacts o
            where o.workspace_id = a.workspace_id and o.id = a.contact_id
            limit 1) o
     cross join lateral (
           select c.id, c.name, c.email, c.phone
             from contacts c
            where c.workspace_id = a.workspace_id and c.id = o.id
            limit 1) c`
}
