import type postgres from 'postgres'
import { finish } from '../queue/finish.ts'
import type { Job } from '../queue/job.ts'
import { type Worker, work } from '../queue/work.ts'
import type { EventBatch, Log, Readers, Told, ToldActivity } from './told.ts'

/** What one reader failed at. */
export type PutAside = { reader: string } & ({ activity_id: number } | { batch: EventBatch })

export const AGAIN = 'tell'

const MINUTE = 60
const HOUR = 3600
/** Seconds between the attempts: a month, in which somebody mends what the log complains of. */
const DELAYS = [10 * MINUTE, HOUR, ...Array<number>(120).fill(6 * HOUR)]

/** Tells again what was put aside, each by itself, in the transaction that ends the job. */
export function tellAgain(sql: postgres.Sql, readers: Readers, log: Log): Worker {
  return work<PutAside>(sql, {
    queue: AGAIN,
    concurrency: 2,
    share: 1,
    delays: DELAYS,
    log,
    run: job => retell(sql, readers, job),
  })
}

async function retell(sql: postgres.Sql, readers: Readers, job: Job<PutAside>) {
  const { workspace_id, payload } = job
  const reader = readers[payload.reader]
  if (!reader) throw new Error(`There is no reader ${payload.reader} in this version.`)
  await sql.begin(async tx => {
    const told: Told =
      'batch' in payload
        ? { batches: [payload.batch], activities: [] }
        : { batches: [], activities: await readActivity(tx, workspace_id, payload.activity_id) }
    await reader(tx, told)
    if (!(await finish(tx, job))) throw new Error('The lease was lost; whoever has it now tells it.')
  })
  return 'settled'
}

/** Empty when it was erased in the meantime. */
function readActivity(sql: postgres.TransactionSql, workspace_id: number, id: number) {
  return sql<ToldActivity[]>`
    select workspace_id, id, at, action, actor, contact_id, visitor_id, subject_id, before, after
      from activities
     where workspace_id = ${workspace_id} and id = ${id}`
}
