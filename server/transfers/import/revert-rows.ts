import type postgres from 'postgres'
import type { Changes } from '../../contacts/overwrite.ts'
import { inWorkspace, lockIdentity } from '../../database/transaction.ts'
import type { Ended } from '../../queue/runs.ts'
import type { TransferMeans, TransferRun } from '../transfer.ts'

const BATCH = 1000

export type Written = {
  row: number
  outcome: 'created' | 'updated'
  contact_id: number
  lead_id: number | null
  changes: Changes | null
}

export type ImportActor = { kind: string; id: number; name: string }

/** Returns why of which rows something stays. */
type TakeBack = (
  sql: postgres.TransactionSql,
  workspace_id: number,
  rows: Written[],
  actor: ImportActor,
) => Promise<Map<number, string>>

/** Takes back what an import wrote, the last row first. Of each row stands why something stayed. */
export async function revertRows(
  run: TransferRun,
  { database, signal, keep }: TransferMeans,
  takeBack: TakeBack,
): Promise<Ended> {
  const { workspace_id, id, name } = run
  const actor: ImportActor = { kind: 'import', id, name }
  const counts = { reverted: 0, kept: 0, ...run.counts }
  let [before, done] = [run.cursor === null ? null : Number(run.cursor), run.done]
  for (;;) {
    if (signal.aborted) return { state: 'failed', error: 'It was stopped.' }
    const last = await inWorkspace(database, workspace_id, async sql => {
      await lockIdentity(sql, [workspace_id])
      const rows = await sql<Written[]>`
        select row, outcome, contact_id, lead_id, changes
          from import_results
         where workspace_id = ${workspace_id} and transfer_id = ${id} and outcome in ('created', 'updated') and contact_id is not null
           and (${before}::int is null or row < ${before}::int)
         order by row desc
         limit ${BATCH}`
      if (rows.length === 0) return undefined
      const kept = await takeBack(sql, workspace_id, rows, actor)
      // The same rows as above, by their range: joined with a list of them they would be looked at once for each.
      await sql`
        update import_results
           set reverted = coalesce(${JSON.stringify(Object.fromEntries(kept))}::text::jsonb ->> row::text, 'reverted')
         where workspace_id = ${workspace_id} and transfer_id = ${id} and outcome in ('created', 'updated') and contact_id is not null
           and row between ${rows.at(-1)!.row} and ${rows[0]!.row}`
      counts.kept += kept.size
      counts.reverted += rows.length - kept.size
      done += rows.length
      await keep(sql, { done, counts, cursor: String(rows.at(-1)!.row) })
      return rows.at(-1)!.row
    })
    if (last === undefined) return { state: 'done' }
    before = last
  }
}
