import type postgres from 'postgres'
import type { Exportable } from '../../../shared/exports.ts'
import { applyLimits, withLimits } from '../../database/limits.ts'
import { nameWorkspace } from '../../database/transaction.ts'
import { refuse } from '../../errors.ts'
import { limitsFor, mayExport } from '../may.ts'
import type { Step, TransferMeans, TransferRun } from '../transfer.ts'
import { type Format, linesOf } from './lines.ts'
import { rowsOf, type Source } from './sources.ts'

/** What an export was begun with. */
export type ExportSettings = {
  of: Exportable
  format: Format
  query: Record<string, unknown>
  ids?: number[]
  columns: string[]
}

const AT_ONCE = 2000
/** In characters, roughly bytes. */
const PART = 1_000_000

/**
 * Writes the file in parts, each with how far it is. All of it is of one moment: whatever changes meanwhile is not in it, or not yet. Begun
 * again, it is begun from the start, as that moment is over. A page of rows and a part are in memory, however long the file is.
 */
export const writeExport: Step = async (run, means) => {
  const { database, signal } = means
  const { of, format, query, ids, columns } = run.settings as ExportSettings
  if (!mayExport(means.doer, of)) throw refuse('forbidden')
  const { head, write } = linesOf(format, columns)
  const source = means.sources[of]
  const file = await openFile(run, means)
  const inSnapshot = async (sql: postgres.TransactionSql) => {
    await nameWorkspace(sql, run.workspace_id)
    await applyLimits(sql)
    if (!ids)
      void countMeanwhile(sql, run, means, source)
        .then(file.expect)
        .catch(() => undefined)
    let [text, done] = [head, 0]
    for await (const rows of rowsOf(sql, run.workspace_id, source, { query, ids }, AT_ONCE)) {
      if (signal.aborted) return
      text += write(rows)
      done += rows.length
      if (text.length < PART) continue
      await file.add(text, done)
      text = ''
    }
    if (text !== '' || done === 0) await file.add(text, done)
    if (!ids) await file.expect(done)
  }
  await withLimits(limitsFor(means.doer, of, 'export'), () =>
    database.app.begin('isolation level repeatable read read only', inSnapshot),
  )
  return { state: 'done' }
}

/**
 * How many there will be, of the same moment, over a connection of its own: nobody waits for it, so the first rows are written at once. Where
 * it cannot be said, or takes longer than it is worth, that is known at the end.
 */
async function countMeanwhile(
  sql: postgres.TransactionSql,
  { workspace_id, settings }: TransferRun,
  { database }: TransferMeans,
  { count }: Source,
): Promise<number> {
  if (!count) throw new Error('Nobody can say.')
  const [row] = await sql<{ snapshot: string }[]>`select pg_export_snapshot() as snapshot`
  return database.app.begin('isolation level repeatable read read only', async beside => {
    await beside.unsafe(`set transaction snapshot '${row!.snapshot}'; set local statement_timeout = ${COUNTING_MS}`)
    await nameWorkspace(beside, workspace_id)
    await applyLimits(beside)
    return count(beside, workspace_id, (settings as ExportSettings).query)
  })
}

const COUNTING_MS = 10_000

async function openFile({ workspace_id, id }: TransferRun, { sql, keep }: TransferMeans) {
  const inOne = (work: (tx: postgres.TransactionSql) => Promise<unknown>) => sql.begin(work)
  let [part, begins_at] = [0, 0]
  await inOne(async tx => {
    await tx`delete from export_parts where workspace_id = ${workspace_id} and transfer_id = ${id}`
    await keep(tx, { done: 0, started_done: 0 })
  })
  return {
    async expect(total: number) {
      await inOne(tx => keep(tx, { total }))
    },
    async add(text: string, done: number) {
      const bytes = Buffer.from(text, 'utf8')
      await inOne(async tx => {
        await tx`
          insert into export_parts (workspace_id, transfer_id, part, begins_at, bytes, size)
          values (${workspace_id}, ${id}, ${part}, ${begins_at}, ${bytes}, ${bytes.length})`
        await keep(tx, { done })
      })
      part += 1
      begins_at += bytes.length
    },
  }
}
