import type { CONTACT_SORTS, ContactSort, ContactsQuery } from '../../shared/contacts.ts'
import type { CustomSort } from '../../shared/custom-fields.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { readSort } from '../fields/sorted.ts'
import { pageOf, readCursor } from '../http/paginate.ts'
import { filtersOf } from './filters.ts'
import { type Order, readRun } from './run.ts'

/** Each is the order of an index, read forwards or backwards. What has no value comes last in all of them. */
const SORTS: Record<(typeof CONTACT_SORTS)[number], Order> = {
  '-last_visit': { column: 'last_visit', way: 'desc', nulls: 'last' },
  last_visit: { column: 'last_visit', way: 'asc', nulls: 'first' },
  '-created_at': { column: 'created_at', way: 'desc', nulls: 'first' },
  created_at: { column: 'created_at', way: 'asc', nulls: 'last' },
  name: { column: 'name', way: 'asc', nulls: 'last' },
  '-name': { column: 'name', way: 'desc', nulls: 'first' },
  email: { column: 'email', way: 'asc', nulls: 'last' },
}

/**
 * A page of contacts; merged ones are left out. With `q`, `sql` must be of the system's role: PostgreSQL keeps the trigram
 * index from a role behind row level security (`like` is not leakproof), and a search without it reads everything.
 */
export async function listContacts(
  sql: Sql,
  workspace_id: number,
  { limit = 50, sort = '-last_visit', ...query }: ContactsQuery,
) {
  const order = await orderOf(sql, workspace_id, sort)
  const { column, way } = order
  const is_time = column === 'last_visit' || column === 'created_at'
  const [of_sort = sort, after, after_id] =
    readCursor(query.cursor, 'text', is_time ? 'time or null' : 'text or null', 'integer') ?? []
  if (of_sort !== sort) throw refuse('invalid_cursor')
  const filters = await filtersOf(sql, workspace_id, query)
  const beyond = sql.unsafe(way === 'desc' ? '<' : '>')
  const type = sql.unsafe(is_time ? 'text::timestamptz' : column === 'number' ? 'text::float8' : 'text')

  // Two runs over the index, those with a value and those without, so that each page begins where it should in O(log n).
  const past =
    after === undefined
      ? sql`${sql(column)} is not null`
      : sql`(${sql(column)}, id) ${beyond} (${after}::${type}, ${after_id!}::int)`
  const valued = after === null ? [] : await readRun(sql, workspace_id, filters, order, { past, valued: true, most: limit + 1 })
  const most = limit + 1 - valued.length
  const past_valued = sql`${sql(column)} is null ${after === null ? sql`and id ${beyond} ${after_id!}::int` : sql``}`
  const unvalued =
    most > 0 && column !== 'created_at'
      ? await readRun(sql, workspace_id, filters, order, { past: past_valued, valued: false, most })
      : []
  return pageOf([...valued, ...unvalued], limit, last => [sort, last.sort_value, last.id])
}

/** How many there are of those that a list is asked for. Each is looked at: of a million that takes seconds. */
export async function countContacts(sql: Sql, workspace_id: number, query: ContactsQuery): Promise<number> {
  const { of, plain, ids, asked } = await filtersOf(sql, workspace_id, query)
  const [row] = await sql<{ contacts: number }[]>`
    select count(*) as contacts
      from contacts c
     where workspace_id = ${workspace_id} and ${of} ${plain.length === 0 ? sql`` : sql`${plain}`}
       ${ids === undefined ? sql`` : sql`and id in (${ids})`} ${asked}`
  return row!.contacts
}

async function orderOf(sql: Sql, workspace_id: number, sort: ContactSort): Promise<Order> {
  if (!isOwn(sort)) return SORTS[sort]
  const { field_id, column, is_descending } = await readSort(sql, workspace_id, 'contact', sort)
  return { column, way: is_descending ? 'desc' : 'asc', nulls: is_descending ? 'first' : 'last', field_id }
}

function isOwn(sort: ContactSort): sort is CustomSort {
  return !(sort in SORTS)
}
