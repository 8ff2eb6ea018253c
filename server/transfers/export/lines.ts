import { type Cell, csvOf } from '../../../shared/csv.ts'
import type { EXPORT_FORMATS } from '../../../shared/exports.ts'

export type Format = (typeof EXPORT_FORMATS)[number]

/** How the rows of a file are written. `head` stands before the first; the mark there tells spreadsheets that it is UTF-8. */
export function linesOf(format: Format, columns: readonly string[]): { head: string; write: (rows: object[]) => string } {
  if (format === 'jsonl') return { head: '', write: rows => rows.map(row => `${JSON.stringify(shown(row))}\n`).join('') }
  const paths = columns.map(column => column.split('.'))
  return { head: `\uFEFF${csvOf([[...columns]])}`, write: rows => csvOf(rows.map(row => paths.map(path => cellOf(row, path)))) }
}

/** Lists keep the place of a row for the next page; that is nobody's value. */
function shown(row: object) {
  const { sort_value: _, sort_values: __, ...rest } = row as Record<string, unknown>
  return rest
}

/** A list of words is one cell with `; ` between them, anything else with parts is JSON. */
function cellOf(row: object, path: string[]): Cell {
  const value = path.reduce<unknown>((part, name) => (part as Record<string, unknown> | null | undefined)?.[name], row)
  if (value === null || value === undefined) return null
  if (typeof value === 'number' || typeof value === 'string') return value
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value) && value.every(one => typeof one === 'string')) return value.join('; ')
  return JSON.stringify(value)
}
