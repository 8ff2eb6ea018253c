import type { EndpointHours } from '../../shared/webhooks.ts'
import type { Sql } from '../database/connect.ts'
import { readEndpoint } from './endpoints.ts'

/** Attempts by the hour (UTC) up to now, the hours without any too, so that a chart needs to know nothing. */
export async function listHours(sql: Sql, workspace_id: number, endpoint_id: number, days: number): Promise<EndpointHours> {
  await readEndpoint(sql, workspace_id, endpoint_id)
  const data = await sql<EndpointHours['data']>`
    select slot.hour, coalesce(h.attempts, 0) as attempts, coalesce(h.successes, 0) as successes, coalesce(h.given_up, 0) as given_up
      from generate_series(1 - ${days * 24}::int, 0) as ago
     cross join lateral (select date_trunc('hour', now(), 'UTC') + ago * interval '1 hour' as hour) slot
      left join endpoint_hours h on h.workspace_id = ${workspace_id} and h.endpoint_id = ${endpoint_id} and h.hour = slot.hour
     order by slot.hour`
  return { data }
}
