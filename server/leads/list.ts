import type postgres from 'postgres'
import type { Lead, LeadSort, LeadsQuery } from '../../shared/leads.ts'
import { familyOf } from '../contacts/find.ts'
import { searchWords } from '../contacts/search.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { type CursorKind, pageOf, preciseTime, readCursor } from '../http/paginate.ts'
import { leadColumns, leadJoins } from './columns.ts'
import { type Filters, filtersOf, type Search, searchOf } from './filters.ts'

type Fragment = postgres.Fragment
type Row = Lead & { sort_values: (string | number | null)[] }
type Sort = { by: readonly (readonly [column: string, kind: CursorKind])[]; way: 'asc' | 'desc' }

/** Each is the order of an index. What has no follow-up comes behind all that have one. */
const SORTS: Record<LeadSort, Sort> = {
  '-created_at': { by: [['created_at', 'time']], way: 'desc' },
  '-updated_at': { by: [['updated_at', 'time']], way: 'desc' },
  follow_up_at: { by: [['follow_up_at', 'time or null']], way: 'asc' },
  priority: { by: [['priority', 'integer'], ['created_at', 'time']], way: 'asc' },
  '-score': { by: [['score', 'integer']], way: 'desc' },
} // biome-ignore format: a line each

/** How many leads are looked at in the order of the sort before the matches are collected through their own indexes. */
const WALK = 5000

/**
 * A page of leads. With `q`, `sql` must be of the system's role: PostgreSQL keeps the trigram index from a role behind row level
 * security (server/contacts/list.ts).
 */
export async function listLeads(
  sql: Sql,
  workspace_id: number,
  { limit = 50, sort = '-created_at', cursor, ...query }: LeadsQuery,
) {
  const { by } = SORTS[sort]
  const [of_sort = sort, ...after] = (readCursor(cursor, 'text', ...by.map(([, kind]) => kind), 'integer') ??
    []) as Row['sort_values']
  if (of_sort !== sort) throw refuse('invalid_cursor')
  const question = await questionOf(sql, workspace_id, query)
  const past = after.length === 0 ? sql`` : beyond(sql, SORTS[sort], after)
  const rows = await readRows(sql, workspace_id, question, { ...SORTS[sort], past, most: limit + 1 })
  return pageOf(rows, limit, last => [sort, ...last.sort_values, last.id])
}

type Question = { filters: Filters; search: Search | undefined; few: Fragment | undefined }

/** `few`: an index finds all of them at once, because they are those of one contact, or the one with this id. */
async function questionOf(sql: Sql, workspace_id: number, { q, contact_id, ...query }: LeadsQuery): Promise<Question> {
  const filters = filtersOf(sql, query)
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
  const [lead] = await sql<
    { id: number }[]
  >`select id from leads where workspace_id = ${workspace_id} and id = ${q.trim()}::bigint`
  return lead?.id
}

type Run = Sort & { past: Fragment; most: number }

/**
 * First the next leads in order are looked at: what matches often fills the page from them. What matches rarely is then collected
 * through the indexes of its filters and sorted. So no estimate of the planner decides what a page costs, and the cost grows with the
 * root of the leads at most. In the order of creation each filter has an index that gives its own leads in order: then those are walked.
 */
async function readRows(sql: Sql, workspace_id: number, question: Question, { by, way, past, most }: Run): Promise<Row[]> {
  const { filters, search, few } = question
  const order = (row: string) =>
    sql.unsafe(
      `order by ${orderOf(by, row)
        .map(value => `${value} ${way}`)
        .join(', ')}`,
    )
  const shown = sql`${leadColumns(sql)}, json_build_array(${listed(
    sql,
    by.map(([column, kind]) => shownValue(sql, column, kind)),
  )}) as sort_values`
  if (few === undefined) {
    const in_order = by[0]![0] === 'created_at'
    const walked = in_order ? [filters.lead, filters.span] : []
    const asked = [...(in_order ? [] : [filters.lead, filters.span]), ...filters.others, search?.asked]
    const is_whole = asked.every(one => one === undefined)
    const rows = await sql<Row[]>`
      select ${shown}
        from (select *
                from (select *
                        from leads l
                       where workspace_id = ${workspace_id} ${all(sql, walked)} ${past}
                       ${order('l')}
                       limit ${is_whole ? most : WALK}) l
               where true ${all(sql, asked)}
               ${order('l')}
               limit ${most}) l
        ${leadJoins(sql)}
       ${order('l')}`
    if (rows.length === most || is_whole) return rows
  }
  return sql<Row[]>`
    with found as materialized (
      select id
        from leads l
       where workspace_id = ${workspace_id} ${all(sql, [few, filters.lead, filters.span, ...filters.others])}
         ${few ? all(sql, [search?.asked]) : all(sql, [search?.collected])} ${past}
    )
    select ${shown}
      from (select *
              from leads l
             where workspace_id = ${workspace_id} and id in (select id from found)
             ${order('l')}
             limit ${most}) l
      ${leadJoins(sql)}
     ${order('l')}`
}

/** As the indexes have it. */
function orderOf(by: Sort['by'], row: string): string[] {
  return [
    ...by.map(([column]) => (column === 'follow_up_at' ? `coalesce(${row}.${column}, 'infinity')` : `${row}.${column}`)),
    `${row}.id`,
  ]
}

function beyond(sql: Sql, { by, way }: Sort, after: Row['sort_values']) {
  const values = [...by.map(([, kind]) => kind), 'bigint' as const].map((kind, k) => {
    if (kind === 'time or null') return sql`coalesce(${after[k]!}::text::timestamptz, 'infinity')`
    return sql`${after[k]!}::${sql.unsafe(kind === 'time' ? 'text::timestamptz' : kind === 'bigint' ? 'bigint' : 'int')}`
  })
  return sql`and (${sql.unsafe(orderOf(by, 'l').join(', '))}) ${sql.unsafe(way === 'desc' ? '<' : '>')} (${listed(sql, values)})`
}

function shownValue(sql: Sql, column: string, kind: CursorKind) {
  return kind === 'integer' ? sql`${sql(`l.${column}`)}` : preciseTime(sql, `l.${column}`)
}

function listed(sql: Sql, [first, ...more]: Fragment[]): Fragment {
  return sql`${first!}${all(
    sql,
    more.map(one => sql`, ${one}`),
  )}`
}

function all(sql: Sql, conditions: (Fragment | undefined)[]): Fragment {
  const given = conditions.filter(one => one !== undefined)
  return given.length === 0 ? sql`` : sql`${given}`
}
