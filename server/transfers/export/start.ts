import type postgres from 'postgres'
import type { TObject } from 'typebox'
import type { Exportable, ExportCreate } from '../../../shared/exports.ts'
import type { Actor } from '../../../shared/shape.ts'
import type { Sql } from '../../database/connect.ts'
import { refuse } from '../../errors.ts'
import { readFields } from '../../fields/fields.ts'
import { shapeChecker } from '../../http/validate.ts'
import { startTransfer } from '../start.ts'
import { LISTS, type Source, type Sources } from './sources.ts'
import type { ExportSettings } from './write.ts'

/** Begins an export in the caller's transaction. Throws `invalid_fields`. */
export async function startExport(
  sql: postgres.TransactionSql,
  workspace_id: number,
  sources: Sources,
  { of, format = 'csv', query = {}, ids, columns }: ExportCreate,
  actor: Actor,
): Promise<number> {
  requireQuestion(sources, { of, query, ids })
  const settings: ExportSettings = {
    of,
    format,
    query,
    columns: await columnsOf(sql, workspace_id, sources, { of, query }, columns),
    ...(ids && { ids }),
  }
  const total = ids?.length ?? null
  const name = `${nameOf(of, query)}.${format}`
  // What was searched for may be somebody's name; the export itself knows.
  const said = { of, format, ...(ids ? { selected: ids.length } : { filters: Object.keys(query) }) }
  return startTransfer(sql, workspace_id, { kind: 'export', name, step: 'write', settings, total, said }, actor)
}

/** "lead report by source 2026-01-01 to 2026-01-31", "contacts 2026-01-31". Of a list no filter is in it, as that may be somebody's name. */
function nameOf(of: Exportable, query: ReportPart): string {
  const { row, by = query.breakdown?.by, model, from, to } = of in LISTS ? {} : query
  const days = [from, to].filter(Boolean).join(' to ') || new Date().toISOString().slice(0, 10)
  return [of, row, by && `by ${by}`, model, days].filter(Boolean).join(' ').replaceAll('_', ' ')
}

type ReportPart = { row?: string; by?: string; breakdown?: { by: string }; model?: string; from?: string; to?: string }

/** What the list itself would refuse. */
export function requireQuestion<K extends Exportable>(
  sources: Pick<Sources, K>,
  { of, query = {}, ids }: { of: K; query?: object | undefined; ids?: number[] | undefined },
) {
  if (ids && !sources[of].pick) throw refuse('invalid_fields', { fields: { ids: 'can be chosen of contacts and leads' } })
  if (ids && Object.keys(query).length > 0) throw refuse('invalid_fields', { fields: { query: 'says nothing where `ids` do' } })
  const wrong = checkOf(sources[of])(query)
  if (!wrong) return
  const fields = Object.fromEntries(Object.entries(wrong).map(([name, sentence]) => [`query.${name}`, sentence]))
  throw refuse('invalid_fields', { fields })
}

type Check = ReturnType<typeof shapeChecker>
const checks = new WeakMap<Source, Check>()

/** Made once, as it is dear. */
function checkOf(source: Source): Check {
  const { limit: _, cursor: __, after_id: ___, ...filters } = source.query.properties
  const check = checks.get(source) ?? shapeChecker({ ...source.query, properties: filters } as TObject)
  checks.set(source, check)
  return check
}

/** A field of the workspace's own has a column of its own, so that it can be read back. */
export async function columnsOf(
  sql: Sql,
  workspace_id: number,
  sources: Sources,
  { of, query }: { of: Exportable; query: object },
  wanted?: string[],
): Promise<string[]> {
  const noun = of === 'contacts' ? 'contact' : of === 'leads' ? 'lead' : undefined
  const own = noun ? (await readFields(sql, workspace_id, noun)).map(({ key }) => `custom.${key}`) : []
  const columns = sources[of].columns(query).flatMap(column => (column === 'custom' ? own : [column]))
  const unknown = wanted?.find(column => !columns.includes(column))
  if (unknown !== undefined) throw refuse('invalid_fields', { fields: { columns: `${unknown} is no column of ${of}` } })
  return wanted ?? columns
}
