import { createHash } from 'node:crypto'
import { setImmediate as breathe } from 'node:timers/promises'
import type postgres from 'postgres'
import { inWorkspace, lockIdentity } from '../../database/transaction.ts'
import type { Ended } from '../../queue/runs.ts'
import type { Step, TransferMeans, TransferRun } from '../transfer.ts'
import type { Result } from './decide.ts'
import { openRows, type Read } from './of.ts'
import type { Stored } from './read-cells.ts'

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
  const read = await openRows(run, means)
  const counts = { ...run.counts }
  let [after, done] = [Number(run.cursor ?? 0), run.done]
  const plan = planner()
  if (run.cursor === null)
    await database.system`delete from import_results where workspace_id = ${workspace_id} and transfer_id = ${id}`
  // The next rows are read and understood while the database stores those before them.
  let ahead: Promise<Ahead> | undefined
  const lookAhead = async (): Promise<Ahead> => {
    const rows = await inWorkspace(database, workspace_id, sql => readRows(sql, run, after))
    return { rows, decide: read(rows) }
  }
  for (;;) {
    if (signal.aborted) return { state: 'failed', error: 'It was stopped.' }
    const next = await (ahead ?? lookAhead())
    ahead = undefined
    if (next.rows.length === 0) break
    await inWorkspace(database, workspace_id, async sql => {
      await plan(sql, done)
      if (is_real) await lockIdentity(sql, [workspace_id])
      const { rows, decide } = (await areStill(sql, run, next.rows)) ? next : await readAgain(sql, run, next.rows, read)
      if (rows.length === 0) return
      const { results, write } = await decide(sql)
      for (const { outcome } of results) counts[outcome] = (counts[outcome] ?? 0) + 1
      const written = Promise.all([is_real ? write() : undefined, writeResults(sql, run, results, is_real)])
      after = rows.at(-1)!.row
      ahead = lookAhead()
      ahead.catch(() => {}) // is thrown where it is waited for
      await written
      await keep(sql, { done: done + rows.length, counts, cursor: String(after) })
      done += rows.length
    })
    await breathe()
  }
  if (is_real) return { state: 'done' }
  await inWorkspace(database, workspace_id, async sql => keep(sql, { counts: await countPeople(sql, run, counts) }))
  return { state: 'waiting' }
}

type Row = Stored & { version: number }
type Ahead = { rows: Row[]; decide: ReturnType<Read> }

function readRows(sql: postgres.TransactionSql, { workspace_id, id }: TransferRun, after: number) {
  return sql<Row[]>`
    select row, cells, problem, version
      from (select row, cells, problem, version, sum(length(cells::text)) over (order by row) - length(cells::text) as before
              from (select row, cells, problem, xmin::text::bigint as version
                      from import_rows
                     where workspace_id = ${workspace_id} and transfer_id = ${id} and row > ${after}
                     order by row
                     limit ${BATCH}) next) sized
     where before < ${MOST_TEXT}
     order by row`
}

/** Whoever was erased since the rows were read is in them no more. An erasure that empties one later waits for this transaction before it ends. */
async function areStill(sql: postgres.TransactionSql, { workspace_id, id }: TransferRun, rows: Row[]): Promise<boolean> {
  const [now] = await sql<{ version: number }[]>`
    select sum(xmin::text::bigint)::float8 as version
      from import_rows
     where workspace_id = ${workspace_id} and transfer_id = ${id} and row between ${rows[0]!.row} and ${rows.at(-1)!.row}`
  return now!.version === rows.reduce((sum, { version }) => sum + version, 0)
}

async function readAgain(sql: postgres.TransactionSql, run: TransferRun, [first]: Row[], read: Read): Promise<Ahead> {
  const rows = await readRows(sql, run, first!.row - 1)
  return { rows, decide: read(rows) }
}

/**
 * A plan that was made for an empty table is kept for as long as its connection, and this is how tables stop being empty: with such plans it was
 * six times slower. So each connection makes its plans anew whenever twice as much was written; at each batch that would be a twentieth of the work.
 */
function planner() {
  const planned = new Map<number, number>()
  return async (sql: postgres.TransactionSql, done: number) => {
    const [row] = await sql<{ connection: number }[]>`select pg_backend_pid() as connection`
    if (done < 2 * (planned.get(row!.connection) ?? 0)) return
    planned.set(row!.connection, done)
    await sql.unsafe('discard plans')
  }
}

/** A trial has no ids: nobody was made. */
async function writeResults(
  sql: postgres.TransactionSql,
  { workspace_id, id }: TransferRun,
  results: Result[],
  is_real: boolean,
) {
  const or = <T>(value: T | null, is_told = true) => (is_told && value !== null ? value : undefined)
  const rows = results.map(({ row, outcome, contact_id, lead_id = null, reason, person, changes }) => ({
    row,
    outcome,
    contact_id: or(contact_id, is_real || outcome !== 'created'),
    lead_id: or(lead_id, is_real || outcome !== 'created'),
    reason: or(reason),
    person: !is_real && person !== null ? digestOf(person) : undefined,
    changes: or(changes, is_real && outcome !== 'unchanged'),
  }))
  await sql`
    insert into import_results (workspace_id, transfer_id, row, outcome, contact_id, lead_id, reason, person, changes)
    select ${workspace_id}, ${id}, row, outcome, contact_id, lead_id, reason, person, changes
      from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
        as r(row int, outcome text, contact_id int, lead_id bigint, reason text, person text, changes jsonb)`
}

/** Not to be read from: what stands of people in results is numbers. */
function digestOf(person: string) {
  return createHash('sha256').update(person).digest('base64url')
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
