import type { Sql } from '../database/connect.ts'

/** A conversion as the API shows it, of a row `n`: with whose it is now, for which `conversionOwner` joins. */
export function conversionColumns(sql: Sql) {
  return sql`
           n.id, o.id as contact_id, o.name as contact_name, n.visitor_id, n.lead_id, n.type, n.value::float8 as value,
           n.refunded::float8 as refunded, n.currency, n.status, n.source, n.order_id, n.booking_id, n.event_id, n.is_test, n.converted_by,
           n.converted_at, n.data, n.created_at, n.updated_at`
}

/** The contact `o` that a conversion `n` belongs to now: the one that it names, merged or not, or else its visitor's. */
export function conversionOwner(sql: Sql) {
  return sql`
      left join contacts c on c.workspace_id = n.workspace_id and c.id = n.contact_id
      left join visitors v on v.workspace_id = n.workspace_id and v.id = n.visitor_id
      left join contacts o on o.workspace_id = n.workspace_id and o.id = coalesce(c.merged_into, n.contact_id, v.contact_id)`
}
