import { setImmediate as breathe } from 'node:timers/promises'
import type postgres from 'postgres'
import { inWorkspace, lockIdentity } from '../../database/transaction.ts'
import type { Ended } from '../../queue/runs.ts'
import type { Step, TransferMeans, TransferRun } from '../transfer.ts'
import type { Stored } from './batch.ts'
import type { Result } from './decide.ts'
import { openRows } from './of.ts'

/** Rows of a transaction: so long the events of the workspace wait. */
export const BATCH = 1000
/** And so much text: a row may have a million characters, and a thousand of those are more than a process holds. */
const MOST_TEXT = 5_000_000

/** Says what writing would do, and writes nothing but that. */
export const checkImport: Step = (run, means) => walk(run, means, false)

/** Writes what the rows say. A batch is one transaction with how far it is, so that no row is done twice. */
export const writeImport: Step = (run, means) => walk(run, means, true)

async function walk(run: TransferRun, means: TransferMeans, is_real: boolean): Promise<Ended> {
  const { database, signal, keep } = means
  const { workspace_id, id } = run
  const decide = await openRows(run, means)
  const counts = { ...run.counts }
  let [after, done] = [Number(run.cursor ?? 0), run.done]
  if (run.cursor === null)
    await database.system`delete from import_results where workspace_id = ${workspace_id} and transfer_id = ${id}`
  for (;;) {
    if (signal.aborted) return { state: 'failed', error: 'It was stopped.' }
    const last = await inWorkspace(database, workspace_id, async sql => {
      // A plan that was made for an empty table is kept for as long as its connection, and this is how tables stop being empty.
      await sql.unsafe('discard plans')
      if (is_real) await lockIdentity(sql, [workspace_id])
      const rows = await readRows(sql, run, after)
      if (rows.length === 0) return undefined
      const { results, write } = await decide(sql, rows)
      for (const { outcome } of results) counts[outcome] = (counts[outcome] ?? 0) + 1
      await Promise.all([is_real ? write() : undefined, writeResults(sql, run, results, is_real)])
      const row = rows.at(-1)!.row
      await keep(sql, { done: done + rows.length, counts, cursor: String(row) })
      done += rows.length
      return row
    })
    if (last === undefined) break
    after = last
    await breathe()
  }
  if (is_real) return { state: 'done' }
  await inWorkspace(database, workspace_id, async sql => keep(sql, { counts: await countPeople(sql, run, counts) }))
  return { state: 'waiting' }
}

function readRows(sql: postgres.TransactionSql, { workspace_id, id }: TransferRun, after: number) {
  return sql<Stored[]>`
    select row, cells, problem
      from (select row, cells, problem, sum(length(cells::text)) over (order by row) - length(cells::text) as before
              from (select row, cells, problem
                      from import_rows
                     where workspace_id = ${workspace_id} and transfer_id = ${id} and row > ${after}
                     order by row
                     limit ${BATCH}) next) sized
     where before < ${MOST_TEXT}
     order by row`
}

/** A trial has no ids: nobody was made. */
async function writeResults(
  sql: postgres.TransactionSql,
  { workspace_id, id }: TransferRun,
  results: Result[],
  is_real: boolean,
) {
  const rows = results.map(({ contact_id, lead_id = null, person, changes, ...result }) => ({
    ...result,
    contact_id: is_real || result.outcome !== 'created' ? contact_id : null,
    lead_id: is_real || result.outcome !== 'created' ? lead_id : null,
    person: is_real ? null : person,
    changes: is_real && result.outcome !== 'unchanged' ? changes : null,
  }))
  await sql`
    insert into import_results (workspace_id, transfer_id, row, outcome, contact_id, lead_id, reason, person, changes)
    select ${workspace_id}, ${id}, row, outcome, contact_id, lead_id, reason, person, nullif(changes, 'null')
      from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
        as r(row int, outcome text, contact_id int, lead_id bigint, reason text, person text, changes jsonb)`
}

/** Rows of one batch know one another, those of two do not: who stands in several of them would be made by the first alone. */
async function countPeople(sql: postgres.TransactionSql, { workspace_id, id }: TransferRun, counts: Record<string, number>) {
  const [row] = await sql<{ again: number }[]>`
    select (count(*) - count(distinct person))::int as again
      from import_results
     where workspace_id = ${workspace_id} and transfer_id = ${id} and outcome = 'created'`
  if (row!.again === 0) return counts
  return { ...counts, created: counts.created! - row!.again, again: row!.again }
}
