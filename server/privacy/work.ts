import type postgres from 'postgres'
import type { Config } from '../config.ts'
import { enqueueAll } from '../queue/enqueue.ts'
import { type Log, workOnRuns } from '../queue/runs.ts'
import type { Worker } from '../queue/work.ts'
import { type ErasureRun, erase } from './erase.ts'
import { QUEUE } from './start.ts'

/** Does the erasures that were asked for, one at a time in each workspace. */
export function startErasing({ sql, config, log }: { sql: postgres.Sql; config: Config; log: Log }): Worker {
  return workOnRuns<ErasureRun>(sql, {
    queue: QUEUE,
    table: 'erasures',
    columns: sql => sql`workspace_id, id, total, done, counts, cursor, subject, actor`,
    log,
    perform: (run, hold) => erase({ sql, config }, run, hold),
  })
}

/** What was promised to somebody waits for no operator: those that failed are tried again, from where they were. */
export async function retryErasures(sql: postgres.Sql): Promise<void> {
  await sql.begin(async tx => {
    const rows = await tx<{ workspace_id: number; id: number }[]>`
      update erasures set state = 'running', error = null, ended_at = null where state = 'failed' returning workspace_id, id`
    await enqueueAll(
      tx,
      rows.map(({ workspace_id, id }) => ({
        workspace_id,
        queue: QUEUE,
        key: `workspace ${workspace_id}`,
        payload: { run_id: id },
      })),
    )
  })
}
