import type { ExportAsk, ExportPreview } from '../../../shared/exports.ts'
import type { Database } from '../../database/connect.ts'
import { inWorkspace } from '../../database/transaction.ts'
import type { Sources } from './sources.ts'
import { columnsOf, requireQuestion } from './start.ts'

const PATIENCE_MS = 3000

/** What a file would hold: how many rows, and which columns it can have. Throws `invalid_fields`. */
export async function previewExport(
  database: Database,
  workspace_id: number,
  sources: Sources,
  { of, query = {}, ids }: ExportAsk,
): Promise<ExportPreview> {
  requireQuestion(sources, { of, query, ids })
  const columns = await inWorkspace(database, workspace_id, sql => columnsOf(sql, workspace_id, sources, { of, query }))
  if (ids) return { count: ids.length, columns }
  const { count: rowsOf } = sources[of]
  if (!rowsOf) return { count: null, columns }
  const count = await inWorkspace(database, workspace_id, async sql => {
    await sql.unsafe(`set local statement_timeout = ${PATIENCE_MS}`)
    return rowsOf(sql, workspace_id, query)
  }).catch((error: { code?: string }) => {
    if (error.code === '57014') return null
    throw error
  })
  return { count, columns }
}
