import Type, { type TObject } from 'typebox'
import { oneOf } from '../../shared/shape.ts'
import type { Sql } from '../database/connect.ts'

/** The rows of one kind of a report: which columns they have besides `row` and `value`, and what they say. */
export type Kind<R, Q> = { columns: readonly string[]; rows(report: R, query: Q): object[] }
type Report<R, Q> = (sql: Sql, workspace_id: number, query: Q) => Promise<R>
type Asked = { row?: string; compare?: boolean; limit?: number }

/**
 * A report that is several tables on screen, as one: `row` says of which kind a row is. Asked for one kind alone it has the columns of
 * that one; `compare: false` leaves out the period before.
 */
export function kindsOf<R, Q extends object>(query: TObject, report: Report<R, Q>, kinds: Record<string, Kind<R, Q>>) {
  const named = Object.entries(kinds).map(([row, kind]) => ({ row, ...kind }))
  const wanted = (row: string | undefined) => named.filter(kind => row === undefined || kind.row === row)
  const compares = named.some(({ columns }) => columns.some(isBefore))
  return {
    query: Type.Object(
      {
        ...query.properties,
        row: Type.Optional(oneOf(Object.keys(kinds), 'only the rows of this kind')),
        ...(compares && { compare: Type.Optional(Type.Boolean({ description: 'false: without the period before' })) }),
      },
      { additionalProperties: false },
    ),
    columns({ row, compare = true }: Asked) {
      const columns = wanted(row).flatMap(kind => kind.columns.filter(name => compare || !isBefore(name)))
      return [...new Set(['row', 'value', ...columns.filter(name => !isBefore(name)), ...columns.filter(isBefore)])]
    },
    async list(sql: Sql, workspace_id: number, { row, compare = true, limit: _, ...asked }: Asked) {
      const found = await report(sql, workspace_id, asked as Q)
      const rows = wanted(row).flatMap(kind => kind.rows(found, asked as Q).map(one => ({ row: kind.row, ...one })))
      return { data: rows.map((one, k) => ({ id: k + 1, ...(compare ? one : withoutBefore(one)) })), next_cursor: null }
    },
  }
}

function isBefore(column: string) {
  return column.startsWith('previous.')
}

function withoutBefore(row: object) {
  const { previous: _, ...rest } = row as Record<string, unknown>
  return rest
}
