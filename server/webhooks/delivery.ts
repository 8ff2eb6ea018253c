import { isDeepStrictEqual } from 'node:util'
import { mapFields } from '../../shared/map-fields.ts'
import type { Attempt, DeliveryShown, FieldMap } from '../../shared/webhooks.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { deliveryColumns, joins } from './deliveries.ts'

/**
 * A delivery with the body that it carries as the endpoint wants it now, and what became of each attempt, with the address and the body that
 * it had then. Throws `not_found`.
 */
export async function findDelivery(sql: Sql, workspace_id: number, id: number): Promise<DeliveryShown> {
  const [[row], attempts] = await Promise.all([
    sql<(Omit<DeliveryShown, 'body' | 'attempts_made'> & { payload: string; field_map: FieldMap | null })[]>`
      select ${deliveryColumns(sql)}, e.url, e.field_map, m.payload
        from deliveries d
        ${joins(sql, workspace_id)}
       where d.workspace_id = ${workspace_id} and d.id = ${id}`,
    sql<AttemptRow[]>`
      select a.id, a.number, a.at, a.ms, case when a.version = e.version then e.url else v.url end as url, a.status, a.ok, a.error,
             a.request_headers, a.response_headers, a.response_body, a.truncated, v.version is not null as was_other, v.field_map
        from delivery_attempts a
        join endpoints e on e.workspace_id = ${workspace_id} and e.id = a.endpoint_id
        left join endpoint_versions v
               on v.workspace_id = ${workspace_id} and v.endpoint_id = a.endpoint_id and v.version = a.version
       where a.workspace_id = ${workspace_id} and a.delivery_id = ${id}
       order by a.id desc
       limit 100`,
  ])
  if (!row) throw refuse('not_found')
  const { payload, field_map, ...delivery } = row
  const parsed = JSON.parse(payload) as object
  const body = mapFields(parsed, field_map)
  const bodyOf = ({ was_other, field_map }: AttemptRow) => {
    const other = was_other ? mapFields(parsed, field_map) : body
    return isDeepStrictEqual(other, body) ? null : other
  }
  const attempts_made = attempts.map(attempt => {
    const { was_other: _, field_map: __, ...shown } = attempt
    return { ...shown, body: bodyOf(attempt) }
  })
  return { ...delivery, body, attempts_made }
}

/** `was_other`: the endpoint's address or body were changed since; `field_map` is the one that it had. */
type AttemptRow = Omit<Attempt, 'body'> & { was_other: boolean; field_map: FieldMap | null }
