import type { Sql } from '../database/connect.ts'
import { endpointsOf, type Place, workspacesOf } from './turns.ts'

/** Of each endpoint at once, some 100 ms: whoever tells something to it waits meanwhile. The rest when its turn comes again. */
export const CHUNK = 5_000

/**
 * Puts deliveries where their endpoint's state wants them: of a paused one nothing is queued, of an active one nothing held, of a
 * deleted one neither. The caller has locked the turns. Done by whoever pauses, and each time a turn is given back, which finds what was
 * too much for one moment or told at that very one.
 */
export async function tidy(sql: Sql, places: readonly Place[]): Promise<void> {
  // Found first and changed afterwards: the planner would look for them anew for each delivery that might be one.
  await sql`
    with wrong as materialized (
      select t.workspace_id, found.id, found.right_state
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
                 limit ${CHUNK})) as found
    )
    update deliveries d
       set state = wrong.right_state, finished_at = case when wrong.right_state = 'cancelled' then now() end
      from wrong
     where d.workspace_id = wrong.workspace_id and d.id = wrong.id`
}
