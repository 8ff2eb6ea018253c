import type postgres from 'postgres'
import type { Lead } from '../../shared/leads.ts'
import type { Sql } from '../database/connect.ts'
import { preciseTime } from '../http/paginate.ts'
import { leadColumns, leadJoins } from './columns.ts'
import type { Filters, Search } from './filters.ts'

type Fragment = postgres.Fragment

/** An index to walk along: by kind, if it begins with the kind of lead; `only`: the leads that this order is of. */
export type Order = {
  columns: readonly (readonly [name: string, kind: 'time' | 'integer'])[]
  way: 'asc' | 'desc'
  by_kind: boolean
  only: string | null
}

/** `few`: an index finds all of them at once, because they are those of one contact, or the one with this id. */
export type Question = { filters: Filters; search: Search | undefined; few: Fragment | undefined }

/** After which values of the order, its id last; and how many at most. */
export type Place = { after: (string | number)[]; most: number }
export type Row = Lead & { sort_values: (string | number)[] }

/** How many leads are looked at along an index before the matches are collected through those of the filters. */
const WALK = 5000

/**
 * First the next leads in order are looked at: what matches often fills the page from them. What matches rarely is then collected
 * through the indexes of its filters and sorted. So no estimate of the planner decides what a page costs, and the cost grows with the
 * root of the leads. In the order of creation each filter has an index that gives its own leads in order: then that is walked. In the
 * others the leads of each kind are, next to each other, because what is closed would hide what is open.
 *
 * Measured on a busy machine, 50 of 1,000,000 against 10,000: 3 to 12 ms for what matches often, 85 ms for what must be collected, in
 * any depth; the worst are two filters that each match a quarter and never together, 320 ms.
 */
export async function readRun(sql: Sql, workspace_id: number, { filters, search, few }: Question, order: Order, place: Place) {
  const { columns, way, by_kind, only } = order
  const most = place.most
  const sorted = sql.unsafe(
    `order by ${namesOf(columns)
      .map(name => `${name} ${way}`)
      .join(', ')}`,
  )
  const past = all(sql, [only === null ? undefined : sql`and ${sql.unsafe(only)}`, beyond(sql, order, place.after)])
  const shown = sql`${leadColumns(sql)}, json_build_array(${sortValues(sql, columns)}) as sort_values`
  if (few === undefined) {
    const walked = by_kind ? [sql`and kind = k.kind`] : [filters.lead, filters.span]
    const asked = [...(by_kind ? [filters.lead, filters.span] : []), ...filters.others, search?.asked]
    const is_whole = asked.every(one => one === undefined)
    const rows = await sql<Row[]>`
      select ${shown}
        from (select *
                from (select l.*
                        from ${by_kind ? filters.kinds : sql`(values (1))`} as k(kind)
                       cross join lateral (
                             select *
                               from leads l
                              where workspace_id = ${workspace_id} ${all(sql, walked)} ${past}
                              ${sorted}
                              limit ${is_whole ? most : WALK}) l) l
               where true ${all(sql, asked)}
               ${sorted}
               limit ${most}) l
        ${leadJoins(sql)}
       ${sorted}`
    if (rows.length === most || is_whole) return rows
  }
  return sql<Row[]>`
    with found as materialized (
      select id
        from leads l
       where workspace_id = ${workspace_id} ${all(sql, [few, filters.lead, filters.span, ...filters.others])}
         ${all(sql, [few ? search?.asked : search?.collected])} ${past}
    )
    select ${shown}
      from (select *
              from leads l
             where workspace_id = ${workspace_id} and id in (select id from found)
             ${sorted}
             limit ${most}) l
      ${leadJoins(sql)}
     ${sorted}`
}

function namesOf(columns: Order['columns']) {
  return [...columns.map(([name]) => `l.${name}`), 'l.id']
}

function beyond(sql: Sql, { columns, way }: Order, after: Place['after']) {
  if (after.length === 0) return undefined
  const types = [...columns.map(([, kind]) => (kind === 'time' ? 'text::timestamptz' : 'int')), 'bigint']
  const values = types.map((type, k) => sql`${after[k]!}::${sql.unsafe(type)}`)
  return sql`and (${sql.unsafe(namesOf(columns).join(', '))}) ${sql.unsafe(way === 'desc' ? '<' : '>')} (${listed(sql, values)})`
}

function sortValues(sql: Sql, columns: Order['columns']) {
  return listed(
    sql,
    columns.map(([name, kind]) => (kind === 'time' ? preciseTime(sql, `l.${name}`) : sql`${sql(`l.${name}`)}`)),
  )
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
