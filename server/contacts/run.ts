import type postgres from 'postgres'
import type { Contact } from '../../shared/contacts.ts'
import type { Sql } from '../database/connect.ts'
import { preciseTime } from '../http/paginate.ts'
import { contactColumns } from './columns.ts'
import type { Filters } from './filters.ts'

type Fragment = postgres.Fragment

/** An index to walk along, which carries all that the plain filters ask for; or the one of the values of a field of one's own. */
export type Order = {
  column: 'last_visit' | 'created_at' | 'name' | 'email' | 'word' | 'number'
  way: 'asc' | 'desc'
  nulls: 'first' | 'last'
  field_id?: number
}
/** A stretch of the order, of those with a value or those without, and how many contacts of it at most. */
export type Place = { past: Fragment; valued: boolean; most: number }
export type Row = Contact & { sort_value: string | null }

/** How many entries of an index are walked before anything else is tried: 180 pages, 2 to 3 ms. */
const WALK = 20_000
/** How many contacts on the way are asked for words or a segment, 8 µs each: these are on a page of their own. */
const ASK = 300
/** A filter that so many match at most is followed through its own index: 3 ms. */
const RARE = 25_000
/** So many are fetched one by one and sorted: 15 ms. */
const FEW = 2000
/** So many that have the words or are in the segment are collected and kept in memory: 200 ms. */
const MANY = 200_000

/**
 * The next contacts in order that match. No estimate of the planner decides what it costs, as it has none for words: what matches often
 * is met on a short walk; what is rare is fetched and sorted, by its filters or by the words or the segment; what is left is met on a longer walk.
 * Of 1,000,000 contacts (docs/decisions/0015-lists-at-a-million-rows.md).
 */
export async function readRun(sql: Sql, workspace_id: number, filters: Filters, order: Order, place: Place): Promise<Row[]> {
  const { of, plain, ids, listed, asked } = filters
  const run = runOf(sql, workspace_id, filters, order, place)
  if (ids) return run.show(run.fetched(ids))
  const is_bare = order.field_id !== undefined && !place.valued
  if (plain.length === 0 && !listed && !is_bare) return run.show(run.walked({ entries: place.most }))

  const met = await run.show(run.walked({ entries: WALK, ask: ASK }))
  if (met.length === place.most) return met
  if (listed && met.length > ASK / 50) {
    const more = await run.show(run.walked({ entries: WALK * 5, ask: ASK * 10 }))
    if (more.length === place.most) return more
  }
  const [rare] = await rarestOf(sql, workspace_id, of, plain)
  const of_filters = rare && matching(sql, workspace_id, of, rare, plain)
  const by_filters = of_filters && (await run.collected(of_filters, { many: FEW, asked }))
  if (by_filters) return by_filters
  const by_list = listed && (await run.collected(listed, { many: MANY, among: of_filters }))
  return by_list ?? run.show(run.walkedOn())
}

/** The statements that a run may need, each of which picks `id` and the order's column of some contacts `c`. */
function runOf(sql: Sql, workspace_id: number, { of, plain, asked }: Filters, order: Order, { past, valued, most }: Place) {
  const { column, way, nulls, field_id } = order
  const at = sql(column)
  const filtered = plain.length === 0 ? sql`` : sql`${plain}`
  const in_order = (by: string) => sql.unsafe(`order by ${by}.${column} ${way} nulls ${nulls}, ${by}.id ${way}`)
  // Not of the index that is walked: where nearly everybody has a value, a walk must end all the same.
  const unset = field_id !== undefined && !valued ? sql`and ${oneOwn(sql, workspace_id, column, field_id)} is null` : sql``
  const first = (count: number) => sql.unsafe(`limit ${count}`)
  const along =
    field_id === undefined
      ? sql`contacts c where workspace_id = ${workspace_id} and ${of} and ${past}`
      : sql`(${alongValues(sql, workspace_id, of, column, field_id, valued)}) c where ${past}`
  const looked_up = field_id === undefined ? sql`${at}` : sql`${oneOwn(sql, workspace_id, column, field_id)} as ${at}`
  // Looked up by nothing but its id: while a table is new, the planner takes any other index for as good.
  const by_id = (ids: Fragment) => sql`
        from (${ids}) f(wanted)
       cross join lateral (
             select id, ${looked_up}, merged_into, archived_at, stage, is_member, country_code
               from contacts c
              where workspace_id = ${workspace_id} and id = f.wanted
              limit 1) c
       where ${of} and ${past}`

  return { show, walked, walkedOn, fetched, collected }

  function walked({ entries, ask = entries }: { entries: number; ask?: number }) {
    return sql`
      select id, ${at}
        from (select id, ${at}
                from (select id, ${at}, stage, is_member, country_code
                        from ${along}
                       ${in_order('c')}
                       ${first(entries)}) c
               where true ${unset} ${filtered}
               ${in_order('c')}
               ${first(ask)}) c
       where true ${asked}
       ${in_order('c')}
       ${first(most)}`
  }

  /** Without an end. */
  function walkedOn() {
    return sql`
      select id, ${at}
        from ${along} ${unset} ${filtered} ${asked}
       ${in_order('c')}
       ${first(most)}`
  }

  function fetched(ids: Fragment) {
    return sql`
      select c.id, c.${at}
      ${by_id(ids)} ${filtered} ${asked}
       ${in_order('c')}
       ${first(most)}`
  }

  /**
   * Of those that an index finds (and are `among` others): few are fetched, more are met on a walk, of too many it is undefined. `is true`
   * keeps the planner from turning that into a join, which would sort everybody; and because of the limit it keeps them in a hash
   * table, whatever it thinks of their number.
   */
  async function collected(
    ids: Fragment,
    { many, among, asked = sql`` }: { many: number; among?: Fragment | undefined; asked?: Fragment },
  ) {
    const rows = await sql<(Row & { collected: number })[]>`
      with collected(id) as materialized (
        ${ids} ${first(many + 1)}
      ), found(id) as materialized (
        ${among ? sql`${among} and (id in (select id from collected)) is true` : sql`select id from collected`}
      ), size as materialized (
        select (select count(*)::int from collected) as collected, (select count(*) from found) as found
      ), picked as (
        (select c.id, c.${at}
           ${by_id(sql`select id from found`)}
            and (select found from size) <= ${FEW} ${filtered} ${asked}
          ${in_order('c')}
          ${first(most)})
         union all
        (select id, ${at}
           from ${along}
            and (select found from size) > ${FEW} and (select collected from size) <= ${many} ${unset} ${filtered}
            and (id in (select id from found)) is true ${asked}
          ${in_order('c')}
          ${first(most)})
      )
      select size.collected, p.*
        from size
        left join (${shown(sql`select * from picked`)}) p on true
       order by ${sql.unsafe(`p.sort_value${column === 'number' ? '::float8' : ''} ${way} nulls ${nulls}, p.id ${way}`)}`
    return rows[0]!.collected > many ? undefined : rows.filter(row => row.id !== null)
  }

  /** The contacts that were picked, as the API shows them. */
  function shown(picked: Fragment) {
    const is_time = column === 'last_visit' || column === 'created_at'
    const value = is_time ? preciseTime(sql, `c.${column}`) : sql`n.${at}::text`
    return sql`
      select ${contactColumns(sql)}, ${value} as sort_value
        from (${picked}) n
       cross join lateral (
             select * from contacts where workspace_id = ${workspace_id} and id = n.id limit 1) c
       ${in_order('n')}`
  }

  function show(picked: Fragment) {
    return sql<Row[]>`${shown(picked)}`
  }
}

/** Contacts in the order of a field of one's own; of those without a value, everybody in the order of their ids. */
function alongValues(sql: Sql, workspace_id: number, of: Fragment, column: string, field_id: number, valued: boolean): Fragment {
  return valued
    ? sql`
        select v.contact_id as id, v.${sql(column)}, c.stage, c.is_member, c.country_code
          from contact_values v
         cross join lateral (
               select stage, is_member, country_code
                 from contacts
                where workspace_id = ${workspace_id} and id = v.contact_id and ${of}
                limit 1) c
         where v.workspace_id = ${workspace_id} and v.field_id = ${field_id} and v.${sql(column)} is not null`
    : sql`
        select c.id, null::${sql.unsafe(column === 'number' ? 'float8' : 'text')} as ${sql(column)}, c.stage, c.is_member, c.country_code
          from contacts c
         where c.workspace_id = ${workspace_id} and ${of}`
}

/** What a contact `c` has in it. */
function oneOwn(sql: Sql, workspace_id: number, column: string, field_id: number): Fragment {
  return sql`
    (select ${sql(column)}
       from contact_values
      where workspace_id = ${workspace_id} and field_id = ${field_id} and contact_id = c.id and n = 1)`
}

/** The filter that the fewest match, if these are not many. */
async function rarestOf(sql: Sql, workspace_id: number, of: Fragment, plain: Fragment[]): Promise<Fragment[]> {
  if (plain.length === 0) return []
  const counts = plain.map(
    (filter, k) => sql`
      ${k === 0 ? sql`` : sql`union all`}
      select ${k}::int as k, count(*)::int as contacts
        from (select from contacts where workspace_id = ${workspace_id} and ${of} ${filter} limit ${RARE + 1}) c`,
  )
  const rows = await sql<{ k: number; contacts: number }[]>`${counts} order by contacts limit 1`
  return rows.flatMap(({ k, contacts }) => (contacts > RARE ? [] : plain[k]!))
}

/** Who matches all filters, through the index of one. (`offset 0`: of that one.) */
function matching(sql: Sql, workspace_id: number, of: Fragment, rare: Fragment, plain: Fragment[]): Fragment {
  return sql`
    select id
      from (select id, stage, is_member, country_code
              from contacts
             where workspace_id = ${workspace_id} and ${of} ${rare}
            offset 0) c
     where true ${plain}`
}
