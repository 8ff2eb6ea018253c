import type postgres from 'postgres'
import { enqueueAll } from '../queue/enqueue.ts'
import type { Settled, Waiting } from './delivery.ts'

export const FETCH_QUEUE = 'intake_fetch'

export type FetchJob = { delivery_id: number }

/** Asks for what senders only named, in the transaction that says that it is asked for. */
export async function fetchLater(sql: postgres.TransactionSql, settled: Map<Waiting, Settled>): Promise<void> {
  const waiting = [...settled].flatMap(([one, { state }]) => (state === 'fetching' ? [one] : []))
  await enqueueAll(
    sql,
    waiting.map(({ workspace_id, webhook_id, id }) => ({
      workspace_id,
      queue: FETCH_QUEUE,
      key: `webhook ${webhook_id}`,
      payload: { delivery_id: id } satisfies FetchJob,
    })),
  )
}
