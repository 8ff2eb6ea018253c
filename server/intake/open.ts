import type postgres from 'postgres'
import { storedOutcome } from './answer.ts'
import type { Opened } from './consider.ts'
import type { Part, Waiting } from './delivery.ts'
import type { Fields, Outcome } from './formats/format.ts'

type Row = {
  workspace_id: number
  id: number
  state: string
  tries: number
  results: Part[] | null
  fetched: Record<string, Fields> | null
  answered: Outcome | null
}

/** Which of the deliveries still wait, now that we hold the lock, and what the others were answered. */
export async function openDeliveries(sql: postgres.TransactionSql, batch: Waiting[]) {
  const rows = await sql<Row[]>`
    select d.workspace_id, d.id, d.state, d.tries, d.results, d.fetched, d.answered
      from jsonb_to_recordset(${JSON.stringify(batch.map(({ workspace_id, id }) => ({ workspace_id, id })))}::text::jsonb)
        as n(workspace_id int, id bigint)
      join intake_deliveries d on d.workspace_id = n.workspace_id and d.id = n.id`
  const found = new Map(rows.map(row => [`${row.workspace_id} ${row.id}`, row]))
  const opened = new Map<string, Opened>()
  const ended = new Map<Waiting, Outcome>()
  for (const waiting of batch) {
    const key = `${waiting.workspace_id} ${waiting.id}`
    const row = found.get(key)
    if (row?.state === 'received' && !opened.has(key))
      opened.set(key, { waiting, is_first: row.tries === 0, earlier: row.results, fetched: row.fetched })
    // Somebody was faster, or it is in this batch twice.
    else ended.set(waiting, row?.answered ?? storedOutcome(waiting.id))
  }
  return { opened: [...opened.values()], ended }
}
