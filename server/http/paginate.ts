import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'

/**
 * Keyset pages: a cursor holds the sort values of the last thing that was given out, so the next page costs the same as the
 * first one however deep it is, and what is added meanwhile neither repeats nor hides anything.
 */
export type CursorKind = 'text' | 'integer' | 'time' | 'text or null' | 'time or null'
type Value<K extends CursorKind> = K extends 'integer' ? number : K extends `${string} or null` ? string | null : string
type Values<K extends readonly CursorKind[]> = { [I in keyof K]: Value<K[I]> }

/** The values of a cursor that this list gave out, or undefined when there is none. Throws `invalid_cursor` for any other. */
export function readCursor<const K extends readonly CursorKind[]>(
  cursor: string | undefined,
  ...kinds: K
): Values<K> | undefined {
  if (cursor === undefined) return undefined
  const values = parse(cursor)
  if (!Array.isArray(values) || values.length !== kinds.length || !kinds.every((kind, k) => fits(values[k], kind)))
    throw refuse('invalid_cursor')
  return values as Values<K>
}

export function writeCursor(values: readonly (string | number | null)[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url')
}

/** Cuts the one row too many that was asked for, and says where the next page begins. */
export function pageOf<Row>(rows: readonly Row[], limit: number, valuesOf: (last: Row) => readonly (string | number | null)[]) {
  const data = rows.slice(0, limit)
  const last = data.at(-1)
  return { data, next_cursor: rows.length > limit && last !== undefined ? writeCursor(valuesOf(last)) : null }
}

/**
 * A time as a cursor holds it: to the microsecond, as the database keeps it. A millisecond would skip or repeat rows that share it,
 * which is also why it goes back as `::text::timestamptz`: given as a time, the driver would cut it.
 */
export function preciseTime(sql: Sql, column: string) {
  return sql`to_char(${sql(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}

function fits(value: unknown, kind: CursorKind): boolean {
  if (value === null) return kind.endsWith('or null')
  if (kind === 'integer') return Number.isSafeInteger(value)
  if (typeof value !== 'string' || value.includes('\0')) return false
  return kind.startsWith('text') || TIME.test(value)
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/
