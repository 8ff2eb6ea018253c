import type postgres from 'postgres'
import type { Lead } from '../../shared/leads.ts'
import type { Sql } from '../database/connect.ts'
import { preciseTime } from '../http/paginate.ts'
import { leadColumns, leadJoins } from './columns.ts'
import type { Filters, Search } from './filters.ts'

type Fragment = postgres.Fragment

/**
 * An index to walk along: one that the filter brings along, one that begins with the kind of lead, or the one of the values of a field
 * of one's own. `only`: the leads that this order is of; `own`: what they have in that field.
 */
export type Order = {
  columns: readonly (readonly [name: string, kind: 'time' | 'integer' | 'text' | 'number'])[]
  way: 'asc' | 'desc'
  by: 'filter' | 'kind' | 'value'
  only: string | null
  own?: Own
}
type Own = { along: Fragment; of: Fragment }

/** `few`: an index finds all of them at once, because they are those of one contact, or the one with this id. */
export type Question = { filters: Filters; search: Search | undefined; few: Fragment | undefined }

/** After which values of the order, its id last; and how many at most. */
export type Place = { after: (string | number)[]; most: number }
export type Row = Lead & { sort_values: (string | number)[] }

/** How many leads are looked at along indexes before the matches are collected through those of the filters: 30 ms. */
const WALK = 6000

/**
 * First the next leads in order are looked at: what matches often fills the page from them. What matches rarely is then collected
 * through the indexes of its filters and sorted. So no estimate of the planner decides what a page costs, and the cost grows with the
 * root of the leads. In the order of creation each filter has an index that gives its own leads in order: then that is walked. In the
 * others those of each kind are, next to each other, because what is closed would hide what is open.
 * (docs/decisions/0015-lists-at-a-million-rows.md has what was measured.)
 */
export async function readRun(sql: Sql, workspace_id: number, { filters, search, few }: Question, order: Order, place: Place) {
  const { columns, only } = order
  const sorted = sortedBy(sql, order, 'l')
  const of_order = only === null ? undefined : sql`and ${sql.unsafe(only)}`
  const behind = beyond(sql, order, place.after)
  const past = all(sql, [of_order, behind])
  // Only what the order needs is carried along; the leads of the page are then looked up by their ids.
  const picked = sql.unsafe(namesOf(columns, 'l').join(', '))
  const show = (leads: Fragment) => sql<Row[]>`
    select ${leadColumns(sql)}, json_build_array(${sortValues(sql, columns)}) as sort_values
      from (select ${picked} from (${leads}) l ${sorted} limit ${place.most}) n
     cross join lateral (
           select * from leads where workspace_id = ${workspace_id} and id = n.id limit 1) l
      ${leadJoins(sql)}
     ${sortedBy(sql, order, 'n')}`
  const leads = order.own
    ? sql`(select l.*, ${order.own.of} as own from leads l where l.workspace_id = ${workspace_id}) l`
    : sql`leads l`
  const along = order.own && order.by === 'value' ? order.own.along : leads

  const is_bare = order.own !== undefined && order.by === 'filter'
  const walks = walksOf(sql, filters, order)
  if (walks.length === 0) return []
  if (few === undefined) {
    const asked = [
      ...(order.by === 'filter' ? [] : [filters.lead, filters.span]),
      ...filters.others,
      ...filters.own.map(one => one.asked),
      search?.asked,
      // Where nearly every lead has a value, the walk to one without ends all the same.
      ...(is_bare ? [of_order] : []),
    ]
    const is_whole = asked.every(one => one === undefined)
    const walked = walks.map(
      (walk, k) => sql`
        ${sql.unsafe(k === 0 ? '' : 'union all')}
        (select ${picked}
           from (select *
                   from ${along}
                  where workspace_id = ${workspace_id} ${walk} ${is_bare ? all(sql, [behind]) : past}
                  ${sorted}
                  limit ${is_whole ? place.most : Math.ceil(WALK / walks.length)}) l
          where true ${all(sql, asked)}
          ${sorted}
          limit ${place.most})`,
    )
    const rows = await show(sql`${walked}`)
    if (rows.length === place.most || is_whole) return rows
  }
  return show(sql`
    select ${picked}
      from ${leads}
     where workspace_id = ${workspace_id} ${matching(sql, { filters, search, few })} ${past}
    offset 0`)
}

/** What a question asks, of leads that indexes find. */
export function matching(sql: Sql, { filters, search, few }: Question): Fragment {
  const { lead, span, others, own } = filters
  const of_words = few ? search?.asked : search?.collected
  return all(sql, [few, lead, span, ...others, ...own.map(one => one.collected), of_words])
}

/** What is walked along: an index of the kind, for each that can match; or the one index of the filter. */
function walksOf(sql: Sql, filters: Filters, { by }: Order): Fragment[] {
  if (by === 'filter') return [all(sql, [filters.lead, filters.span])]
  if (by === 'value') return filters.kinds.length === 0 ? [] : [sql``]
  return filters.kinds.map(kind => sql`and kind = ${kind}`)
}

/** What leads `l` have in a field of one's own, and all that have something in the order of it, with all that filters ask for. */
export function ownOf(sql: Sql, workspace_id: number, field_id: number, column: 'word' | 'number'): Own {
  const value = sql(column)
  return {
    of: sql`
      (select ${value}
         from lead_values
        where workspace_id = ${workspace_id} and field_id = ${field_id} and lead_id = l.id and n = 1)`,
    along: sql`
      (select v.workspace_id, v.lead_id as id, v.${value} as own, l.contact_id, l.created_at, l.status, l.kind, l.provider_id,
              l.webhook_id, l.campaign, l.campaign_id, l.product, l.state, l.assigned_to, l.source, l.lead_type, l.priority,
              l.pipeline_id, l.is_test, l.follow_up_at, l.custom
         from lead_values v
        cross join lateral (select * from leads where workspace_id = ${workspace_id} and id = v.lead_id limit 1) l
        where v.workspace_id = ${workspace_id} and v.field_id = ${field_id} and v.${value} is not null) l`,
  }
}

function sortedBy(sql: Sql, { columns, way }: Order, of: 'l' | 'n') {
  const names = namesOf(columns, of).map(name => `${name} ${way}`)
  return sql.unsafe(`order by ${names.join(', ')}`)
}

function namesOf(columns: Order['columns'], of: 'l' | 'n') {
  return [...columns.map(([name]) => `${of}.${name}`), `${of}.id`]
}

function beyond(sql: Sql, { columns, way }: Order, after: Place['after']) {
  if (after.length === 0) return undefined
  const types = [...columns.map(([, kind]) => CASTS[kind]), 'bigint']
  const values = types.map((type, k) => sql`${after[k]!}::${sql.unsafe(type)}`)
  return sql`and (${sql.unsafe(namesOf(columns, 'l').join(', '))}) ${sql.unsafe(way === 'desc' ? '<' : '>')} (${listed(sql, values)})`
}

const CASTS = { time: 'text::timestamptz', integer: 'int', text: 'text', number: 'text::float8' } as const

function sortValues(sql: Sql, columns: Order['columns']) {
  return listed(
    sql,
    columns.map(([name, kind]) => {
      if (kind === 'time') return preciseTime(sql, `n.${name}`)
      return kind === 'number' ? sql`${sql(`n.${name}`)}::text` : sql`${sql(`n.${name}`)}`
    }),
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
