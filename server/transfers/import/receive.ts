import type { ImportUpload } from '../../../shared/imports.ts'
import type { Actor } from '../../../shared/shape.ts'
import type { Database } from '../../database/connect.ts'
import { inWorkspace } from '../../database/transaction.ts'
import { startTransfer } from '../start.ts'
import { wrong } from './decode.ts'
import { type FileFacts, type FileRow, readFile } from './read-file.ts'
import { type Stay, suggestFor } from './settings.ts'

/** A transaction of rows: as many as these, or as much text as this. */
const MOST_ROWS = 2000
const MOST_TEXT = 2_000_000

/**
 * Stores a file row by row while it comes, at constant memory whatever its length. Returns the number of the import, which waits for somebody to
 * say how it is written. What cannot be read is thrown, and nothing is left of it.
 */
export async function receiveFile(
  database: Database,
  workspace_id: number,
  bytes: AsyncIterable<Buffer>,
  { name = 'Import', of = 'contacts', encoding, separator }: ImportUpload,
  actor: Actor,
): Promise<number> {
  const id = await inWorkspace(database, workspace_id, sql =>
    startTransfer(sql, workspace_id, { kind: 'import', name, step: 'read' }, actor, { waits: true }),
  )
  try {
    const facts: FileFacts = { format: 'csv', encoding: 'utf-8', separator: null, headers: [] }
    const rows = await storeRows(database, workspace_id, id, readFile(bytes, { encoding, separator }, facts))
    if (rows === 0) throw wrong('has a heading and no rows below it')
    await inWorkspace(database, workspace_id, async sql => {
      const { preset, suggested_by, ...mapping } = await suggestFor(sql, workspace_id, of, facts.headers)
      const stay: Stay = { ...facts, of, rows, preset, suggested_by, mapping }
      await sql`
        update transfers
           set settings = ${JSON.stringify(stay)}::text::jsonb, total = ${rows}, done = 0
         where workspace_id = ${workspace_id} and id = ${id}`
    })
    return id
  } catch (error) {
    await forgetFile(database, workspace_id, id)
    throw error
  }
}

export function forgetFile(database: Database, workspace_id: number, id: number) {
  return inWorkspace(
    database,
    workspace_id,
    sql => sql`delete from transfers where workspace_id = ${workspace_id} and id = ${id}`,
  )
}

async function storeRows(
  database: Database,
  workspace_id: number,
  id: number,
  groups: AsyncIterable<FileRow[]>,
): Promise<number> {
  let [count, size] = [0, 0]
  let waiting: { row: number; cells: string; problem: string | null }[] = []
  const store = async () => {
    const rows = waiting
    count += rows.length
    ;[waiting, size] = [[], 0]
    // Not by `copy`: PostgreSQL has none into tables behind row level security.
    await inWorkspace(database, workspace_id, async sql => {
      await sql`
        insert into import_rows (workspace_id, transfer_id, row, cells, problem)
        select ${workspace_id}, ${id}, r.row, r.cells::jsonb, r.problem
          from unnest(${rows.map(({ row }) => row)}::int[], ${rows.map(({ cells }) => cells)}::text[],
                      ${rows.map(({ problem }) => problem)}::text[]) as r(row, cells, problem)`
      await sql`update transfers set done = ${count} where workspace_id = ${workspace_id} and id = ${id}`
    })
  }
  for await (const group of groups) {
    for (const { row, cells, problem } of group) {
      const text = JSON.stringify(cells)
      waiting.push({ row, cells: text, problem })
      size += text.length
      if (waiting.length >= MOST_ROWS || size >= MOST_TEXT) await store()
    }
  }
  if (waiting.length > 0) await store()
  return count
}
