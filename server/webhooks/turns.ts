import type { Sql } from '../database/connect.ts'

// The row of an endpoint in endpoint_turns is what its tellers, its worker and its owner agree over. Whoever changes deliveries of an
// endpoint as a whole locks this row first, then the endpoint, then deliveries: in this order nobody waits for another in a circle.
// Whoever computes `due_at` from deliveries does it in a later statement than the lock: that one sees what was committed before it.

/** Workers listen to it: '' when something is due, `<workspace_id> <endpoint_id>` when that one is to be looked at again. */
export const CHANNEL = 'throughline_webhooks'

export type Place = { workspace_id: number; endpoint_id: number }

/** In one order, so that two who lock several do not wait for each other. Sent at once: what is sent after the call is done after it. */
export async function lockTurns(sql: Sql, places: readonly Place[]): Promise<void> {
  await sql`
    select
      from endpoint_turns
      join (select distinct * from unnest(${workspacesOf(places)}::int[], ${endpointsOf(places)}::int[]) as t (workspace_id, endpoint_id)) as named
     using (workspace_id, endpoint_id)
     order by workspace_id, endpoint_id
       for update of endpoint_turns`.execute()
}

/** The workers that have these endpoints' turns read their settings again when the transaction commits; all of them look for what is due. */
export async function callWorkers(sql: Sql, places: readonly Place[]): Promise<void> {
  await sql`
    select pg_notify(${CHANNEL}, workspace_id || ' ' || endpoint_id)
      from unnest(${workspacesOf(places)}::int[], ${endpointsOf(places)}::int[]) as t (workspace_id, endpoint_id)`
}

export function workspacesOf(places: readonly Place[]) {
  return places.map(place => place.workspace_id)
}

export function endpointsOf(places: readonly Place[]) {
  return places.map(place => place.endpoint_id)
}

export function keyOf({ workspace_id, endpoint_id }: Place) {
  return `${workspace_id} ${endpoint_id}`
}
