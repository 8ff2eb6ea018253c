import type { CustomField } from '../../../shared/custom-fields.ts'
import type { ImportSettings } from '../../../shared/imports.ts'
import { type Custom, missingIn, readCustom } from '../../fields/read-custom.ts'
import { readDay } from '../../fields/values.ts'
import type { Field } from '../../intake/formats/format.ts'
import { convert, textOf } from '../../intake/values.ts'

/** How the rows of a file are read. */
export type How = ImportSettings & { headers: string[]; fields: readonly CustomField[]; country: string; format: 'csv' | 'jsonl' }

/** A value as it stood, and as it is understood: what says the same in another spelling is no change. */
export type Said = { raw: unknown; value: unknown }

/** A row as it stood in the file. */
export type Stored = { row: number; cells: unknown[]; problem: string | null }

/** What a row of any noun says of the fields of the workspace, and what is wrong with it. */
type Says = { custom: Custom; missing: string[]; problem: string | null }

/**
 * Reads the cells of a row by the mapping, each by `read`, which returns what is wrong with it, in a sentence. What cannot be used of a row is its
 * problem, with the heading of its column. `country` is the target that says how phones are written.
 */
export function readCells(
  cells: unknown[],
  how: How,
  says: Says,
  country: string,
  read: (target: string, cell: unknown, given: Custom, countries: string[]) => string | undefined,
): void {
  const problems: string[] = []
  const columns = placesOf(how)
  const countries = [...countryOf(cells, columns, country), how.country]
  const given: Custom = {}
  for (const { header, target, at, fixed } of columns) {
    const wrong = read(target, at === null ? fixed : cells[at], given, countries)
    if (wrong !== undefined) problems.push(`${header} ${wrong}`)
  }
  const { custom, problems: wrong } = readCustom(how.fields, given)
  says.custom = custom
  says.missing = Object.keys(missingIn(how.fields, custom))
  for (const [name, sentence] of Object.entries(wrong)) problems.push(`${name} ${sentence}`)
  if (problems.length > 0) says.problem = problems.join('; ').slice(0, 1000)
}

type Column = { header: string; target: string; at: number | null; fixed: string | null }

const places = new WeakMap<How, Column[]>()

/** Once for all rows. */
function placesOf(how: How): Column[] {
  const known = places.get(how)
  if (known) return known
  const at = new Map(how.headers.map((header, k) => [header, k]))
  const columns = [
    ...how.columns.flatMap(({ header, target }) =>
      target === null ? [] : [{ header, target, at: at.get(header) ?? null, fixed: null }],
    ),
    ...how.fixed.map(({ target, value }) => ({ header: target, target, at: null, fixed: value })),
  ]
  places.set(how, columns)
  return columns
}

/** It says how the phone was written. */
function countryOf(cells: unknown[], columns: Column[], named: string): string[] {
  const column = columns.find(({ target }) => target === named)
  const cell = column && (column.at === null ? column.fixed : cells[column.at])
  const read = isEmpty(cell) ? undefined : convert('country', cell as Field, [])
  return read && 'value' in read ? [String(read.value)] : []
}

export function isEmpty(cell: unknown) {
  return cell === null || cell === undefined || (typeof cell === 'string' && cell.trim() === '')
}

export function objectIn(cell: unknown): Record<string, unknown> | undefined {
  try {
    const value: unknown = typeof cell === 'string' ? JSON.parse(cell) : cell
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** In the order of days that the file has. */
export function asDay(cell: unknown, target: string, { fields, days }: How): unknown {
  const type = fields.find(({ key }) => `custom.${key}` === target)?.type
  return days !== null && (type === 'date' || type === 'datetime') ? (readDay(cell, days) ?? cell) : cell
}

/** The number of a record, or what is wrong with it. */
export function readNumber(cell: unknown, noun: 'contact' | 'lead'): number | string {
  const number = Number(cell)
  const most = noun === 'lead' ? Number.MAX_SAFE_INTEGER : 2_147_483_647
  return Number.isInteger(number) && number >= 1 && number <= most ? number : `must be the number of a ${noun}`
}

/** For people: what is there of what a row says. */
export function withoutBlanks(shown: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(shown).filter(([, value]) => value !== null && value !== undefined && textOf(value as Field) !== undefined),
  )
}
