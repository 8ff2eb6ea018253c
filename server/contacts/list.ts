import type postgres from 'postgres'
import type { Contact, ContactsQuery } from '../../shared/contacts.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { pageOf, preciseTime, readCursor } from '../http/paginate.ts'
import { contactColumns } from './columns.ts'
import { type Filters, filtersOf } from './filters.ts'

/** Each sort is the order of an index, read forwards or backwards. What has no value comes last in all of them. */
const SORTS = {
  '-last_visit': ['last_visit', 'time or null', 'last_visit desc nulls last, id desc'],
  last_visit: ['last_visit', 'time or null', 'last_visit asc nulls first, id asc'],
  '-created_at': ['created_at', 'time or null', 'created_at desc, id desc'],
  created_at: ['created_at', 'time or null', 'created_at asc, id asc'],
  name: ['name', 'text or null', 'name asc, id asc'],
  '-name': ['name', 'text or null', 'name desc, id desc'],
  email: ['email', 'text or null', 'email asc, id asc'],
} as const

type Row = Contact & { sort_value: string | null }

/** How many contacts are looked at in the order of the sort before the matches are collected through their own index. */
const WALK = 5000

/**
 * A page of contacts; merged ones are left out. With `q`, `sql` must be of the system's role: PostgreSQL keeps the trigram
 * index from a role behind row level security (`like` is not leakproof), and a search without it reads everything.
 */
export async function listContacts(
  sql: Sql,
  workspace_id: number,
  { limit = 50, sort = '-last_visit', ...query }: ContactsQuery,
) {
  const [column, kind, order] = SORTS[sort]
  const [of_sort = sort, after, after_id] = readCursor(query.cursor, 'text', kind, 'integer') ?? []
  if (of_sort !== sort) throw refuse('invalid_cursor')
  const filters = await filtersOf(sql, workspace_id, query)
  const beyond = order.includes(' desc') ? sql`<` : sql`>`
  const type = kind === 'time or null' ? sql`text::timestamptz` : sql`text`
  const read = (run: postgres.Fragment, most: number) => readRun(sql, workspace_id, { run, filters, column, order, most })

  // Two runs over the index, those with a value and those without, so that each page begins where it should in O(log n).
  const past =
    after === undefined
      ? sql`${sql(column)} is not null`
      : sql`(${sql(column)}, id) ${beyond} (${after}::${type}, ${after_id!}::int)`
  const valued = after === null ? [] : await read(past, limit + 1)
  const missing = limit + 1 - valued.length
  const past_valued = sql`${sql(column)} is null ${after === null ? sql`and id ${beyond} ${after_id!}::int` : sql``}`
  const unvalued = missing > 0 && column !== 'created_at' ? await read(past_valued, missing) : []
  return pageOf([...valued, ...unvalued], limit, last => [sort, last.sort_value, last.id])
}

type Run = { run: postgres.Fragment; filters: Filters; column: string; order: string; most: number }

/**
 * First the next contacts in order are looked at: what matches often fills the page from them. What matches rarely is then
 * collected through its own index and sorted. So the cost grows with the root of the contacts, whatever is asked for (50 of
 * 1,000,000: at most 60 ms), and no estimate of the planner decides it; for searches it has none.
 */
async function readRun(sql: Sql, workspace_id: number, { run, filters, column, order, most }: Run): Promise<Row[]> {
  const value = column === 'name' || column === 'email' ? sql(column) : preciseTime(sql, column)
  const shown = sql`${contactColumns(sql)}, ${value} as sort_value`
  const in_order = sql`
       and ${run}
     order by ${sql.unsafe(order)}`
  const next = sql`
    select * from contacts where workspace_id = ${workspace_id} and merged_into is null ${in_order}`
  if (filters.collect.length === 0) return sql<Row[]>`select ${shown} from (${next} limit ${most}) c`
  if (filters.walk) {
    const walked = await sql<Row[]>`
      select ${shown}
        from (${next} limit ${WALK}) c
       where true ${filters.walk}
       order by ${sql.unsafe(order)}
       limit ${most}`
    if (walked.length === most) return walked
  }
  return sql<Row[]>`
    with found as materialized (
      select id from contacts c where workspace_id = ${workspace_id} and merged_into is null ${filters.collect}
    )
    select ${shown}
      from contacts c
     where workspace_id = ${workspace_id} and id in (select id from found) ${in_order}
     limit ${most}`
}
