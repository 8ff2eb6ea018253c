import type { CustomSort } from '../../shared/custom-fields.ts'
import type { LEAD_SORTS, LeadSort, LeadsQuery } from '../../shared/leads.ts'
import { familyOf } from '../contacts/find.ts'
import { searchWords } from '../contacts/search.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { readSort } from '../fields/sorted.ts'
import { type CursorKind, pageOf, readCursor } from '../http/paginate.ts'
import { filtersOf, searchOf } from './filters.ts'
import { matching, type Order, ownOf, type Question, type Row, readRun } from './run.ts'

const CREATED: Order = { columns: [['created_at', 'time']], way: 'desc', by: 'filter', only: null }
const FOLLOW: Order = { columns: [['follow_up_at', 'time']], way: 'asc', by: 'kind', only: 'follow_up_at is not null' }

/** Each is the order of an index; what has no follow-up comes behind all that have one, the newest first. */
const SORTS: Record<(typeof LEAD_SORTS)[number], readonly Order[]> = {
  '-created_at': [CREATED],
  '-updated_at': [{ columns: [['updated_at', 'time']], way: 'desc', by: 'kind', only: null }],
  follow_up_at: [FOLLOW, { ...CREATED, only: 'follow_up_at is null' }],
  priority: [{ columns: [['priority', 'integer'], ['created_at', 'time']], way: 'asc', by: 'kind', only: null }],
  '-score': [{ columns: [['score', 'integer']], way: 'desc', by: 'kind', only: null }],
} // biome-ignore format: a line each

/**
 * A page of leads. With `q`, `sql` must be of the system's role: PostgreSQL keeps the trigram index from a role behind row level
 * security (server/contacts/list.ts).
 */
export async function listLeads(
  sql: Sql,
  workspace_id: number,
  { limit = 50, sort = '-created_at', cursor, ...query }: LeadsQuery,
) {
  const orders = isOwn(sort) ? await ordersOf(sql, workspace_id, sort) : SORTS[sort]
  const { begin, after } = placeOf(cursor, sort, orders)
  const question = await questionOf(sql, workspace_id, query)
  const rows: (Row & { run: number })[] = []
  for (let run = begin; run < orders.length && rows.length <= limit; run++) {
    const place = { after: run === begin ? after : [], most: limit + 1 - rows.length }
    rows.push(...(await readRun(sql, workspace_id, question, orders[run]!, place)).map(row => ({ ...row, run })))
  }
  return pageOf(rows, limit, last => [sort, last.run, ...last.sort_values, last.id])
}

/** How many there are of those that a list is asked for. */
export async function countLeads(sql: Sql, workspace_id: number, query: LeadsQuery): Promise<number> {
  const question = await questionOf(sql, workspace_id, query)
  const [row] = await sql<{ leads: number }[]>`
    select count(*) as leads from leads l where workspace_id = ${workspace_id} ${matching(sql, question)}`
  return row!.leads
}

/** Those with a value in its order, then those without, the newest first. */
async function ordersOf(sql: Sql, workspace_id: number, sort: CustomSort): Promise<Order[]> {
  const { field_id, column, is_descending } = await readSort(sql, workspace_id, 'lead', sort)
  const own = ownOf(sql, workspace_id, field_id, column)
  const kind = column === 'number' ? 'number' : 'text'
  return [
    { columns: [['own', kind]], way: is_descending ? 'desc' : 'asc', by: 'value', only: 'own is not null', own },
    { ...CREATED, only: 'own is null', own },
  ]
}

function isOwn(sort: LeadSort): sort is CustomSort {
  return !(sort in SORTS)
}

/** In which of the orders a page begins, and behind which values of it. */
function placeOf(cursor: string | undefined, sort: LeadSort, orders: readonly Order[]) {
  const read = (order: Order) => readCursor(cursor, 'text', 'integer', ...order.columns.map(cursorKind), 'integer')
  const [of_sort = sort, begin = 0] = read(orders[0]!) ?? []
  const order = orders[begin]
  if (of_sort !== sort || !order) throw refuse('invalid_cursor')
  const [, , ...after] = read(order) ?? []
  if (order.columns.some(([, kind], k) => kind === 'number' && after.length > 0 && !Number.isFinite(Number(after[k]))))
    throw refuse('invalid_cursor')
  return { begin, after }
}

function cursorKind([, kind]: Order['columns'][number]): CursorKind & ('text' | 'integer' | 'time') {
  return kind === 'number' ? 'text' : kind
}

async function questionOf(sql: Sql, workspace_id: number, { q, contact_id, ...query }: LeadsQuery): Promise<Question> {
  const filters = await filtersOf(sql, workspace_id, query)
  const family = contact_id === undefined ? undefined : await familyOf(sql, workspace_id, contact_id)
  const of_contact = family && sql`and contact_id = any(${family}::int[])`
  const id = await idIn(sql, workspace_id, q)
  if (id !== undefined) return { filters, search: undefined, few: sql`${of_contact ?? sql``} and id = ${id}` }
  const words = searchWords(sql, q)
  return { filters, search: words.length === 0 ? undefined : searchOf(sql, workspace_id, words), few: of_contact }
}

/** Phone numbers may have ten digits too, so there must be such a lead. */
async function idIn(sql: Sql, workspace_id: number, q = ''): Promise<number | undefined> {
  if (!/^\s*\d{10,15}\s*$/.test(q)) return undefined
  const [lead] = await sql<{ id: number }[]>`
    select id from leads where workspace_id = ${workspace_id} and id = ${q.trim()}::bigint`
  return lead?.id
}
