import type postgres from 'postgres'
import { enqueue } from '../queue/enqueue.ts'
import { AGAIN, type PutAside } from './tell-again.ts'
import { halve, type Log, type Reader, type Readers, type Told } from './told.ts'

/**
 * Hands all of it to every reader. What a reader cannot take is halved until the one activity or event that it fails at stands
 * alone; that one is put aside as a job of its own and holds nobody else. When the database is away nothing can be put aside
 * either, so the whole round fails and everything is as before.
 */
export async function handOver(sql: postgres.TransactionSql, readers: Readers, told: Told, log: Log): Promise<void> {
  for (const [name, reader] of Object.entries(readers)) await handTo(sql, name, reader, told, log)
}

async function handTo(sql: postgres.TransactionSql, name: string, reader: Reader, told: Told, log: Log): Promise<void> {
  try {
    await sql.savepoint(inner => reader(inner, told))
  } catch (error) {
    if (isConflict(error)) throw error
    const halves = halve(told)
    if (halves) for (const half of halves) await handTo(sql, name, reader, half, log)
    else await putAside(sql, name, told, error, log)
  }
}

async function putAside(sql: postgres.TransactionSql, reader: string, { activities, batches }: Told, error: unknown, log: Log) {
  const [activity] = activities
  const [batch] = batches
  const { workspace_id } = (activity ?? batch)!
  const payload: PutAside = activity ? { reader, activity_id: activity.id } : { reader, batch: batch! }
  log.error({ err: error, workspace_id, ...payload }, 'A reader failed at this; it is told to it again later.')
  await enqueue(sql, { workspace_id, queue: AGAIN, key: reader, payload, run_at: new Date(Date.now() + 60_000) })
}

/** Class 40: two transactions were in each other's way, and this one can be done again as it is. */
function isConflict(error: unknown): boolean {
  return /^40...$/.test(String((error as { code?: unknown } | null)?.code))
}
