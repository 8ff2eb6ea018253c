import type postgres from 'postgres'
import { Refusal } from '../../errors.ts'
import { startRun } from '../runs/start.ts'

const BY_CLOCK = { kind: 'system', name: 'clock' }

/**
 * Begins a run of every connection whose last one is a week old, as the system's role. Counted for each by itself, so that one that was
 * switched on today is read today, and one that could not be read is asked again tomorrow instead of in a week.
 */
export async function syncWeekly(sql: postgres.Sql): Promise<void> {
  const due = await sql<{ workspace_id: number; id: number }[]>`
    select k.workspace_id, k.id
      from crm_connections k
     where k.active and k.syncs_sustainers and k.provider <> 'none'
       and not exists (
         select
           from crm_runs r
          where r.workspace_id = k.workspace_id and r.connection_id = k.id and r.kind = 'sustainers'
            and (r.state = 'running'
                 or r.created_at > now() - case when r.state in ('done', 'refused') then interval '7 days' else interval '1 day' end))`
  for (const { workspace_id, id } of due) {
    await sql.begin(tx => startRun(tx, workspace_id, { kind: 'sustainers', connection_id: id }, BY_CLOCK)).catch(unlessRefused)
  }
}

/** Somebody was faster, or took the connection away: no reason to leave out those behind it. */
function unlessRefused(error: unknown) {
  if (!(error instanceof Refusal)) throw error
}
