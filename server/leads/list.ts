import type { LeadSort, LeadsQuery } from '../../shared/leads.ts'
import { familyOf } from '../contacts/find.ts'
import { searchWords } from '../contacts/search.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { pageOf, readCursor } from '../http/paginate.ts'
import { filtersOf, searchOf } from './filters.ts'
import { type Order, type Question, type Row, readRun } from './run.ts'

const CREATED: Order = { columns: [['created_at', 'time']], way: 'desc', by_kind: false, only: null }
const FOLLOW: Order = { columns: [['follow_up_at', 'time']], way: 'asc', by_kind: true, only: 'follow_up_at is not null' }

/** Each is the order of an index; what has no follow-up comes behind all that have one, the newest first. */
const SORTS: Record<LeadSort, readonly Order[]> = {
  '-created_at': [CREATED],
  '-updated_at': [{ columns: [['updated_at', 'time']], way: 'desc', by_kind: true, only: null }],
  follow_up_at: [FOLLOW, { ...CREATED, only: 'follow_up_at is null' }],
  priority: [{ columns: [['priority', 'integer'], ['created_at', 'time']], way: 'asc', by_kind: true, only: null }],
  '-score': [{ columns: [['score', 'integer']], way: 'desc', by_kind: true, only: null }],
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
  const orders = SORTS[sort]
  const kinds = orders[0]!.columns.map(([, kind]) => kind)
  const [of_sort = sort, begin = 0, ...after] = readCursor(cursor, 'text', 'integer', ...kinds, 'integer') ?? []
  if (of_sort !== sort || !orders[begin]) throw refuse('invalid_cursor')
  const question = await questionOf(sql, workspace_id, query)
  const rows: (Row & { run: number })[] = []
  for (let run = begin; run < orders.length && rows.length <= limit; run++) {
    const place = { after: run === begin ? after : [], most: limit + 1 - rows.length }
    rows.push(...(await readRun(sql, workspace_id, question, orders[run]!, place)).map(row => ({ ...row, run })))
  }
  return pageOf(rows, limit, last => [sort, last.run, ...last.sort_values, last.id])
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
