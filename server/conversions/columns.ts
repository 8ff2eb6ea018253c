import type { Sql } from '../database/connect.ts'

/** A conversion as the API shows it, of a row `n`: with whose it is now, for which `conversionOwner` joins. */
export function conversionColumns(sql: Sql) {
  return sql`
           n.id, o.id as contact_id, o.name as contact_name, n.visitor_id, n.lead_id, n.type, n.value::float8 as value,
           n.refunded::float8 as refunded, n.currency, n.status, n.source, n.order_id, n.booking_id, n.appointment_id, n.event_id, n.is_test,
           n.converted_by, n.converted_at, n.data, n.created_at, n.updated_at`
}

/**
 * The contact `o` that a conversion `n` belongs to now: the one that it names, merged or not, or else its visitor's. Looked up row by
 * row, by an id that is one column: behind row level security an index takes no `coalesce` (it might leak), and a page of fifty read all
 * of 700,000 contacts (1.5 s against 1 ms).
 */
export function conversionOwner(sql: Sql) {
  return sql`
      left join lateral (
           select c.merged_into from contacts c where c.workspace_id = n.workspace_id and c.id = n.contact_id limit 1) c on true
      left join lateral (
           select v.contact_id from visitors v where v.workspace_id = n.workspace_id and v.id = n.visitor_id limit 1) v on true
     cross join lateral (select coalesce(c.merged_into, n.contact_id, v.contact_id) as id offset 0) w
      left join lateral (
           select o.id, o.name from contacts o where o.workspace_id = n.workspace_id and o.id = w.id limit 1) o on true`
}
