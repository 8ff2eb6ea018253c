import type postgres from 'postgres'
import { type AppointmentsQuery, OPEN_STATUSES } from '../../shared/appointments.ts'
import { searchWords } from '../contacts/search.ts'
import type { Sql } from '../database/connect.ts'

type Fragment = postgres.Fragment
type Asked = Omit<AppointmentsQuery, 'limit' | 'cursor' | 'sort' | 'contact_id'>

/**
 * The conditions of a list, on a row of `appointments a`. `first`: the one by which the next are found in order, as each of these has an
 * index of its own; whose it is comes first, because nothing narrows more. `statuses`: to be walked next to each other. `others`: asked
 * of each that is looked at.
 */
export type Filters = {
  first: Fragment[]
  statuses: readonly string[] | undefined
  span: Fragment[]
  others: Fragment[]
}

export function filtersOf(sql: Sql, { assigned_to, status, open, type, since, until, is_test }: Asked): Filters {
  const statuses = status !== undefined ? [status] : open === true ? OPEN_STATUSES : undefined
  const narrowing = [
    ...(is_test === true ? [sql`and a.is_test`] : []),
    ...(assigned_to === undefined
      ? []
      : [assigned_to === 0 ? sql`and a.assigned_to is null` : sql`and a.assigned_to = ${assigned_to}`]),
  ]
  const of_type = type === undefined ? [] : [sql`and a.type = ${type}`]
  const is_walked_by_status = narrowing.length === 0 && statuses !== undefined
  const [first, ...rest] = is_walked_by_status ? [] : [...narrowing, ...of_type]
  const others = [
    ...(is_walked_by_status ? of_type : rest),
    ...(is_walked_by_status || statuses === undefined ? [] : [sql`and a.status in ${sql([...statuses])}`]),
    ...(open === false ? [sql`and a.status in ('completed', 'cancelled', 'no_show')`] : []),
    ...(is_test === false ? [sql`and not a.is_test`] : []),
  ]
  const span = [
    // None is longer than a day, so the index of when they begin is used for when they end.
    ...(since === undefined
      ? []
      : [sql`and a.ends_at > ${since}::text::timestamptz and a.scheduled_at > ${since}::text::timestamptz - interval '1 day'`]),
    ...(until === undefined ? [] : [sql`and a.scheduled_at < ${until}::text::timestamptz`]),
  ]
  return { first: first ? [first] : [], statuses: is_walked_by_status ? statuses : undefined, span, others }
}

/** The contacts that match, where they are few; else the question about one row, and what collects all. */
export type Search = { few: Fragment } | { few: undefined; asked: Fragment; collected: Fragment }

/** So many contacts are looked up one by one; of more, the next appointments in order soon have enough. */
const FEW = 2000

/**
 * Whose contact has all the words, by a name, an e-mail, a phone or a user id. A contact that was merged is found by both names. As the
 * system's role, which may use the index of words.
 */
export async function searchOf(sql: Sql, workspace_id: number, q: string | undefined): Promise<Search | undefined> {
  const words = searchWords(sql, q)
  if (words.length === 0) return undefined
  const search = sql`select contact_id from contact_search where workspace_id = ${workspace_id} ${words}`
  const found = await sql<{ contact_id: number }[]>`${search} limit ${FEW + 1}`
  const all = (matching: Fragment) => sql`
             with found as materialized (${matching})
             select contact_id from found
              union all
             select o.id
               from found f
               join contacts o on o.workspace_id = ${workspace_id} and o.merged_into = f.contact_id`
  if (found.length <= FEW) {
    const ids = found.map(row => row.contact_id)
    return { few: sql`and a.contact_id in (${all(sql`select unnest(${ids}::int[]) as contact_id`)})` }
  }
  // `offset 0` keeps the planner from turning the question about one row into a search for all.
  return {
    few: undefined,
    asked: sql`
       and exists (
             select
               from contacts o
              where o.workspace_id = ${workspace_id} and o.id = a.contact_id
                and exists (${search} and contact_id in (o.id, o.merged_into) offset 0)
             offset 0)`,
    collected: sql`and a.contact_id in (${all(search)})`,
  }
}
