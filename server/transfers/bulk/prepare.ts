import type postgres from 'postgres'
import { applyLimits, type Limits, withLimits } from '../../database/limits.ts'
import { nameWorkspace } from '../../database/transaction.ts'
import { LISTS, rowsOf } from '../export/sources.ts'
import type { TransferMeans, TransferRun } from '../transfer.ts'
import type { BulkSettings } from './action.ts'

/** So many at a time, in memory and in a transaction. */
const AT_ONCE = 1000

type Found = { id: number; before?: string | null }
type Add = (found: Found[]) => Promise<void>

/**
 * Which records it is about, by their numbers: what comes later is not among them. Part by part, however many they are; begun again before its
 * end, it begins anew. Those that were chosen by hand stand there already.
 */
export async function prepare(run: TransferRun, means: TransferMeans, limits: Limits | undefined): Promise<void> {
  const { query, undo_of, was_tried } = run.settings as BulkSettings
  if (was_tried) await forgetTrial(run, means)
  else if (undo_of !== undefined) await fill(run, means, add => eachDone(run, means, undo_of, add))
  else if (query) await fill(run, means, add => eachMatching(run, means, limits, add))
  if (means.signal.aborted) return
  await means.sql.begin(async tx => {
    const [last] = await tx<{ position: number }[]>`
      select position
        from bulk_rows
       where workspace_id = ${run.workspace_id} and transfer_id = ${run.id}
       order by position desc
       limit 1`
    await means.keep(tx, { total: last?.position ?? 0, cursor: '0' })
  })
}

async function fill(run: TransferRun, { sql, keep }: TransferMeans, each: (add: Add) => Promise<void>) {
  const { workspace_id, id } = run
  await inParts(run, sql, (tx, from, to) => {
    return tx`delete from bulk_rows where workspace_id = ${workspace_id} and transfer_id = ${id} and position between ${from} and ${to}`
  })
  let total = 0
  await each(async found => {
    await sql.begin(async tx => {
      await tx`
        insert into bulk_rows (workspace_id, transfer_id, position, record_id, before)
        select ${workspace_id}, ${id}, ${total}::int + position, record_id, before::jsonb
          from unnest(${found.map(one => one.id)}::bigint[], ${found.map(one => one.before ?? null)}::text[])
               with ordinality as r(record_id, before, position)`
      await keep(tx, { total: total + found.length })
    })
    total += found.length
  })
}

/** All of one moment, as whoever asked sees it. */
async function eachMatching(run: TransferRun, { database, signal }: TransferMeans, limits: Limits | undefined, add: Add) {
  const { of, query = {} } = run.settings as BulkSettings
  const { list } = LISTS[of]
  const inSnapshot = async (sql: postgres.TransactionSql) => {
    await nameWorkspace(sql, run.workspace_id)
    await applyLimits(sql)
    for await (const rows of rowsOf(sql, run.workspace_id, { list }, { query }, AT_ONCE)) {
      if (signal.aborted) return
      await add(rows)
    }
  }
  await withLimits(limits, () => database.app.begin('isolation level repeatable read read only', inSnapshot))
}

/** What another action changed, with what it noted of each. */
async function eachDone({ workspace_id }: TransferRun, { sql, signal }: TransferMeans, transfer_id: number, add: Add) {
  for (let after = 0; !signal.aborted; ) {
    const rows = await sql<(Found & { position: number })[]>`
      select position, record_id as id, before::text as before
        from bulk_rows
       where workspace_id = ${workspace_id} and transfer_id = ${transfer_id} and state = 'done' and position > ${after}
       order by position
       limit ${AT_ONCE}`
    if (rows.length === 0) return
    await add(rows)
    after = rows.at(-1)!.position
  }
}

/** What was only tried has become of nobody. */
async function forgetTrial(run: TransferRun, { sql }: TransferMeans) {
  const { workspace_id, id } = run
  await inParts(run, sql, (tx, from, to) => {
    return tx`
      update bulk_rows
         set state = 'waiting', reason = null, before = null
       where workspace_id = ${workspace_id} and transfer_id = ${id} and position between ${from} and ${to}`
  })
}

async function inParts(
  { workspace_id, id }: TransferRun,
  sql: postgres.Sql,
  change: (sql: postgres.Sql, from: number, to: number) => Promise<unknown>,
) {
  const [row] = await sql<{ last: number }[]>`
    select coalesce(max(position), 0) as last from bulk_rows where workspace_id = ${workspace_id} and transfer_id = ${id}`
  for (let from = 1; from <= row!.last; from += AT_ONCE) await change(sql, from, from + AT_ONCE - 1)
}
