import type postgres from 'postgres'
import type { Database } from '../../database/connect.ts'
import { lockIdentity } from '../../database/transaction.ts'
import { type Worker, work } from '../../queue/work.ts'
import { type Side, tellOtherSide } from './align.ts'
import { copyOver } from './copy.ts'
import { HAND_ON_QUEUE, type HandOn } from './notice.ts'

/** Seconds. What fails here is a database that is away, or a workspace that was closed. */
const DELAYS = [5, 30, 300, 3600]

/**
 * Lets the two sides of appointments that were handed on follow each other, one step at a time for each. As the system's role, under the
 * identity locks of both workspaces, which are taken in one order: so two agencies that hand on to each other never wait in a circle.
 */
export function startHandingOn({ system }: Database, log: { warn(details: object, sentence: string): void }): Worker {
  return work<HandOn>(system, {
    queue: HAND_ON_QUEUE,
    concurrency: 4,
    share: 1,
    delays: DELAYS,
    log,
    run: async ({ workspace_id, payload: { appointment_id, changes } }) =>
      system.begin(async sql => {
        const side = await findSide(sql, workspace_id, appointment_id)
        if (side === undefined) return 'it is not handed on any more'
        await lockIdentity(sql, [workspace_id, side.other_workspace_id])
        // Read again behind the locks.
        const now = await findSide(sql, workspace_id, appointment_id)
        if (now === undefined) return 'it is not handed on any more'
        return now.other_id === null ? copyOver(sql, now) : tellOtherSide(sql, now, changes)
      }),
  })
}

/** One side of an appointment, and where the other one is. */
async function findSide(sql: postgres.TransactionSql, workspace_id: number, id: number): Promise<Side | undefined> {
  const [row] = await sql<Side[]>`
    select a.workspace_id, a.id, w.name as workspace_name,
           coalesce(a.origin_workspace_id, a.copy_workspace_id) as other_workspace_id, coalesce(a.origin_id, a.copy_id) as other_id
      from appointments a
      join workspaces w on w.id = a.workspace_id
     where a.workspace_id = ${workspace_id} and a.id = ${id} and coalesce(a.origin_workspace_id, a.copy_workspace_id) is not null`
  return row
}
