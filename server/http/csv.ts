import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { type Cell, csvOf } from '../../shared/csv.ts'

type Pages<Row> = (next: { cursor?: string }) => Promise<{ data: Row[]; next_cursor: string | null }>

/** Page after page as one file, written as it is read: whatever its length, a page is in memory. */
export function sendCsv<Row extends object>(
  reply: FastifyReply,
  name: string,
  columns: readonly (keyof Row & string)[],
  read: Pages<Row>,
) {
  reply.header('content-type', 'text/csv; charset=utf-8').header('content-disposition', `attachment; filename="${name}"`)
  return reply.send(Readable.from(csvLines(columns, read)))
}

/** The mark at the beginning tells Excel that it is UTF-8. */
export async function* csvLines<Row extends object>(columns: readonly (keyof Row & string)[], read: Pages<Row>) {
  yield `\uFEFF${csvOf([[...columns]])}`
  let next: { cursor?: string } | null = {}
  while (next) {
    const { data, next_cursor }: { data: Row[]; next_cursor: string | null } = await read(next)
    if (data.length > 0) yield csvOf(data.map(row => columns.map(column => cellOf(row[column]))))
    next = next_cursor === null ? null : { cursor: next_cursor }
  }
}

function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return null
  if (typeof value === 'number') return value
  return value instanceof Date ? value.toISOString() : String(value)
}
