import { setTimeout } from 'node:timers/promises'
import type postgres from 'postgres'
import { open } from './connect.ts'

type Transaction = { pid: number; name: string }

/**
 * What `work` asks in this transaction, which the database gives up as soon as `gone` says that nobody waits for it; it fails then as what
 * took too long. It ends after its cancel, so that none is late and hits what somebody else asks over the same connection.
 */
export async function whileWanted<T>(
  url: string,
  sql: postgres.TransactionSql,
  work: () => Promise<T>,
  gone?: AbortSignal,
): Promise<T> {
  if (!gone) return work()
  const [transaction] = await sql<[Transaction]>`
    select pid, virtualtransaction as name from pg_locks where pid = pg_backend_pid() and locktype = 'virtualxid'`
  if (gone.aborted) throw Object.assign(new Error('Nobody waits for this any more.'), { code: '57014' })
  let is_over = false
  let cancelled: Promise<void> | undefined
  const stop = () => {
    cancelled = cancel(url, transaction, () => is_over)
  }
  gone.addEventListener('abort', stop, { once: true })
  try {
    return await work()
  } finally {
    is_over = true
    gone.removeEventListener('abort', stop)
    await cancelled
  }
}

/**
 * Not by the driver: nobody can wait for a cancel of its own, and one that is refused ends the process. Between two statements the database
 * does not hear it, so it is said until all is over.
 */
async function cancel(url: string, { pid, name }: Transaction, isOver: () => boolean) {
  const sql = open(url) // as who signed in: the roles of the pools may not cancel
  try {
    while (!isOver()) {
      // By its name, too: after a restart somebody else may have the same pid.
      await sql`
        select pg_cancel_backend(pid) from pg_locks where pid = ${pid} and virtualtransaction = ${name} and locktype = 'virtualxid'`
      await setTimeout(AGAIN_MS)
    }
  } catch {
    // A database that refuses this is going down, and the question with it; else it ends by its own limit of time.
  } finally {
    await sql.end({ timeout: 1 })
  }
}

const AGAIN_MS = 100
