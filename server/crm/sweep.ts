import type postgres from 'postgres'
import { QUEUE } from './runs/start.ts'
import { TELL_QUEUE, tellEverything } from './tell-later.ts'

/**
 * Finds what nobody works on although somebody should: links that are due at a connection whose jobs were all given up, and runs that lost
 * theirs. As the system's role.
 */
export async function sweepCrm(sql: postgres.Sql): Promise<void> {
  const idle = await sql<{ workspace_id: number; id: number }[]>`
    select k.workspace_id, k.id
      from crm_connections k
     where k.active and k.provider <> 'none'
       and (exists (select from crm_links where workspace_id = k.workspace_id and connection_id = k.id and due and ${isLost(sql)})
            or exists (select from crm_subscriptions where workspace_id = k.workspace_id and connection_id = k.id and due and ${isLost(sql)}))
       and not exists (select
                         from jobs
                        where workspace_id = k.workspace_id and queue = ${TELL_QUEUE} and key = 'connection ' || k.id
                          and state in ('queued', 'leased'))`
  for (const { workspace_id, id } of idle) await tellEverything(sql, workspace_id, id)
  await sql`
    update crm_runs r
       set state = 'failed', ended_at = now(), error = 'Nobody works on it any more: its process ended too often. Resume it.'
     where state = 'running'
       and not exists (select
                         from jobs
                        where workspace_id = r.workspace_id and queue = ${QUEUE} and (payload->>'run_id')::int = r.id
                          and state in ('queued', 'leased'))`
}

/** Not who waits for other credentials: that failed for good, and is told again when they are typed. */
function isLost(sql: postgres.Sql) {
  return sql`(error is null or failures > 0)`
}
