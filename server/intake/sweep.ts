import type postgres from 'postgres'
import { visitorNumbers } from '../visitors/number.ts'
import { processEach } from './intake.ts'
import { readStored } from './stored.ts'

/** Longer than processing takes, so that a delivery is mostly not read twice; were it, the second would find it done. */
const AFTER = '10 seconds'
const CHUNK = 100

/**
 * Processes what was stored and not processed: the server died in between, or the database went away. As the system's role, over all
 * workspaces; several processes may do it at once.
 */
export async function sweepIntake(sql: postgres.Sql): Promise<void> {
  const numbers = visitorNumbers()
  for (;;) {
    const waiting = await readStored(
      sql,
      sql`d.state = 'received' and coalesce(d.processed_at, d.received_at) < now() - ${AFTER}::text::interval
      order by d.workspace_id, d.id
      limit ${CHUNK}`,
    )
    if (waiting.length === 0) return
    await processEach(sql, numbers, waiting)
  }
}
