import type postgres from 'postgres'
import { storedOutcome } from './answer.ts'
import type { Got, Opened } from './consider.ts'
import type { Part, Waiting } from './delivery.ts'
import type { Outcome } from './formats/format.ts'

type Row = {
  workspace_id: number
  id: number
  state: string
  tries: number
  results: Part[] | null
  fetched: Got | null
  answered: Outcome | null
}

/** Which of the deliveries still wait, now that we hold the lock; what the others were answered; and which are in this batch twice. */
export async function openDeliveries(sql: postgres.TransactionSql, batch: Waiting[]) {
  const rows = await sql<Row[]>`
    select d.workspace_id, d.id, d.state, d.tries, d.results, d.fetched, d.answered
      from jsonb_to_recordset(${JSON.stringify(batch.map(({ workspace_id, id }) => ({ workspace_id, id })))}::text::jsonb)
        as n(workspace_id int, id bigint)
      join intake_deliveries d on d.workspace_id = n.workspace_id and d.id = n.id`
  const found = new Map(rows.map(row => [`${row.workspace_id} ${row.id}`, row]))
  const opened = new Map<string, Opened>()
  const ended = new Map<Waiting, Outcome>()
  const twins: [twin: Waiting, of: Waiting][] = []
  for (const waiting of batch) {
    const key = `${waiting.workspace_id} ${waiting.id}`
    const row = found.get(key)
    const first = opened.get(key)
    if (first) twins.push([waiting, first.waiting])
    else if (row?.state === 'received')
      opened.set(key, { waiting, is_first: row.tries === 0, earlier: row.results, fetched: row.fetched })
    else ended.set(waiting, row?.answered ?? storedOutcome(waiting.id))
  }
  return { opened: [...opened.values()], ended, twins }
}
