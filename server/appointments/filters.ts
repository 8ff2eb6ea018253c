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
  first: Fragment | undefined
  statuses: readonly string[] | undefined
  span: Fragment[]
  others: Fragment[]
}

export function filtersOf(sql: Sql, { assigned_to, status, open, type, since, until, is_test }: Asked): Filters {
  const statuses = status !== undefined ? [status] : open === true ? OPEN_STATUSES : undefined
  const person =
    assigned_to === undefined
      ? undefined
      : assigned_to === 0
        ? sql`and a.assigned_to is null`
        : sql`and a.assigned_to = ${assigned_to}`
  const of_type = type === undefined ? undefined : sql`and a.type = ${type}`
  const in_status = statuses && sql`and a.status in ${sql([...statuses])}`
  const is_walked_by_status = person === undefined && statuses !== undefined
  const first = person ?? (is_walked_by_status ? undefined : of_type)
  const others = [
    ...(is_walked_by_status || !in_status ? [] : [in_status]),
    ...(of_type === undefined || first === of_type ? [] : [of_type]),
    ...(open === false ? [sql`and a.status in ('completed', 'cancelled', 'no_show')`] : []),
    ...(is_test === undefined ? [] : [sql`and a.is_test = ${is_test}`]),
  ]
  const span = [
    // None is longer than a day, so the index of when they begin is used for when they end.
    ...(since === undefined
      ? []
      : [sql`and a.ends_at > ${since}::text::timestamptz and a.scheduled_at > ${since}::text::timestamptz - interval '1 day'`]),
    ...(until === undefined ? [] : [sql`and a.scheduled_at < ${until}::text::timestamptz`]),
  ]
  return { first, statuses: is_walked_by_status ? statuses : undefined, span, others }
}

export type Search = { asked: Fragment; collected: Fragment }

/** Whose contact has all the words, as leads are searched (server/leads/filters.ts): asked of one row, and as what collects all. */
export function searchOf(sql: Sql, workspace_id: number, q: string | undefined): Search | undefined {
  const words = searchWords(sql, q)
  if (words.length === 0) return undefined
  const search = sql`select contact_id from contact_search where workspace_id = ${workspace_id} ${words}`
  return {
    asked: sql`
       and exists (
             select
               from contacts o
              where o.workspace_id = ${workspace_id} and o.id = a.contact_id
                and exists (${search} and contact_id in (o.id, o.merged_into) offset 0)
             offset 0)`,
    collected: sql`
       and a.contact_id in (
             with found as materialized (${search})
             select contact_id from found
              union all
             select o.id
               from found f
               join contacts o on o.workspace_id = ${workspace_id} and o.merged_into = f.contact_id)`,
  }
}
