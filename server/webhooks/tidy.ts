import type { Sql } from '../database/connect.ts'
import { endpointsOf, type Place, workspacesOf } from './turns.ts'

/** At once, some 100 ms; the rest when the turn comes again. */
const CHUNK = 5_000

/**
 * Puts deliveries where their endpoint's state wants them: of a paused one nothing is queued, of an active one nothing held, of a
 * deleted one neither. Who pauses, activates or deletes does so himself; this finds what was told at that very moment. The caller
 * has locked the turns.
 */
export async function tidy(sql: Sql, places: readonly Place[]): Promise<void> {
  await sql`
    update deliveries d
       set state = wrong.right_state, finished_at = case when wrong.right_state = 'cancelled' then now() end
      from unnest(${workspacesOf(places)}::int[], ${endpointsOf(places)}::int[]) as t (workspace_id, endpoint_id)
      join endpoints e on e.workspace_id = t.workspace_id and e.id = t.endpoint_id
     cross join lateral (
             (select id, case when e.deleted_at is null then 'held' else 'cancelled' end as right_state
                from deliveries
               where workspace_id = t.workspace_id and endpoint_id = t.endpoint_id and state = 'queued'
                 and (e.state = 'paused' or e.deleted_at is not null)
               limit ${CHUNK})
             union all
             (select id, case when e.deleted_at is null then 'queued' else 'cancelled' end
                from deliveries
               where workspace_id = t.workspace_id and endpoint_id = t.endpoint_id and state = 'held'
                 and (e.state = 'active' or e.deleted_at is not null)
               limit ${CHUNK})) as wrong
     where d.workspace_id = t.workspace_id and d.id = wrong.id`
}
