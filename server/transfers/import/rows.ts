import type { ImportPreview, ImportRow, ImportRowsQuery } from '../../../shared/imports.ts'
import type { Sql } from '../../database/connect.ts'
import { pageOf, readCursor } from '../../http/paginate.ts'
import { NOUNS } from './nouns.ts'
import type { Stored } from './read-cells.ts'
import { readStay } from './settings.ts'

/** What became of each row, in the order of the file. */
export async function listImportRows(
  sql: Sql,
  workspace_id: number,
  id: number,
  { limit = 50, cursor, outcome }: ImportRowsQuery,
) {
  const [after] = readCursor(cursor, 'integer') ?? []
  const rows = await sql<ImportRow[]>`
    select row, outcome, contact_id, lead_id, reason, reverted
      from import_results
     where workspace_id = ${workspace_id} and transfer_id = ${id} and row > ${after ?? 0}
       ${outcome === undefined ? sql`` : sql`and outcome = ${outcome}`}
     order by row
     limit ${limit + 1}`
  return pageOf(rows, limit, last => [last.row])
}

/** The first rows, by the mapping as it is. */
export async function previewImport(sql: Sql, workspace_id: number, id: number): Promise<ImportPreview> {
  const { of, headers, format, mapping } = await readStay(sql, workspace_id, id)
  const [fields, rows, [workspace]] = await Promise.all([
    NOUNS[of].fields(sql, workspace_id),
    sql<Stored[]>`
      select row, cells, problem from import_rows where workspace_id = ${workspace_id} and transfer_id = ${id} order by row limit 10`,
    sql<{ country: string }[]>`select country from workspaces where id = ${workspace_id}`,
  ])
  const how = { ...mapping, headers, format, fields, country: workspace!.country }
  const data = rows.map(row => ({
    row: row.row,
    cells: headers.map((_, k) => row.cells[k] ?? null),
    ...NOUNS[of].show(row, how),
  }))
  return { data }
}

export type Failed = { row: number; cells: unknown[]; reason: string | null }

/** So much text of a page, however long its rows are. */
const MOST_TEXT = 5_000_000

/** A page of rows that were not written, as they stand in the file, with why. */
export async function readFailed(sql: Sql, workspace_id: number, id: number, after: number, limit = 1000): Promise<Failed[]> {
  return sql<Failed[]>`
    select row, cells, reason
      from (select r.row, f.cells, r.reason, sum(length(f.cells::text)) over (order by r.row) - length(f.cells::text) as before
              from (select row, reason
                      from import_results
                     where workspace_id = ${workspace_id} and transfer_id = ${id} and outcome in ('failed', 'ambiguous', 'skipped') and row > ${after}
                     order by row
                     limit ${limit}) r
              join import_rows f on f.workspace_id = ${workspace_id} and f.transfer_id = ${id} and f.row = r.row) page
     where before < ${MOST_TEXT}
     order by row`
}
