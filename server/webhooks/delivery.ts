import { mapFields } from '../../shared/map-fields.ts'
import type { Attempt, DeliveryShown, FieldMap } from '../../shared/webhooks.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { deliveryColumns, joins } from './deliveries.ts'

/** A delivery with the body that it carries (as the endpoint wants it now) and what became of each attempt. Throws `not_found`. */
export async function findDelivery(sql: Sql, workspace_id: number, id: number): Promise<DeliveryShown> {
  const [[row], attempts_made] = await Promise.all([
    sql<(Omit<DeliveryShown, 'body' | 'attempts_made'> & { payload: string; field_map: FieldMap | null })[]>`
      select ${deliveryColumns(sql)}, e.url, e.field_map, m.payload
        from deliveries d
        ${joins(sql, workspace_id)}
       where d.workspace_id = ${workspace_id} and d.id = ${id}`,
    sql<Attempt[]>`
      select id, number, at, ms, status, ok, error, request_headers, response_headers, response_body, truncated
        from delivery_attempts
       where workspace_id = ${workspace_id} and delivery_id = ${id}
       order by id desc
       limit 100`,
  ])
  if (!row) throw refuse('not_found')
  const { payload, field_map, ...delivery } = row
  return { ...delivery, body: mapFields(JSON.parse(payload) as object, field_map), attempts_made }
}
