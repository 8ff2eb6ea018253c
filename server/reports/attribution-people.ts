import type postgres from 'postgres'
import type { AttributionPeopleQuery, AttributionPerson } from '../../shared/attribution.ts'
import type { Sql } from '../database/connect.ts'
import { pageOf, preciseTime, readCursor } from '../http/paginate.ts'
import { type Asked, readNamed } from './attribution.ts'
import { isOther } from './attribution-rows.ts'
import { type Spans, spansOf } from './edges.ts'
import { isGoal, readGoal } from './journeys/money.ts'
import { readScope } from './journeys/scope.ts'

/** The people behind a number of the report (attribution.ts), the newest first. Throws `invalid_request`, `invalid_cursor`. */
export async function listAttributed(sql: Sql, workspace_id: number, query: AttributionPeopleQuery) {
  const { of = 'registered', by = 'source', model = 'last_touch', value = '', groups, limit = 50, cursor, ...given } = query
  const { funnel_id, time_zone, ...period } = readScope(given)
  const after = readCursor(cursor, 'time', 'integer')
  const asked = { funnel_id, by, model, limit: groups ?? 0, ...(await readGoal(sql, workspace_id, funnel_id)) }
  const spans = spansOf(period, time_zone)
  const named = groups === undefined ? undefined : await readNamed(sql, workspace_id, asked, spans)
  const is_meant = named
    ? sql`(${isOther(sql, by)} or ${sql(by)} <> all(${named}::text[]))`
    : sql`${sql(by)} = ${value} and not ${isOther(sql, by)}`
  const found = (of === 'registered' ? whoRegistered : whoConverted)(sql, workspace_id, asked, spans, is_meant)
  const rows = await sql<(AttributionPerson & { person: number; precise: string })[]>`
    select case when p.person < 0 then (-p.person)::int end as contact_id, case when p.person > 0 then p.person end as visitor_id, c.name, c.email,
           (p.at at time zone ${time_zone})::date::text as day, p.conversions, p.revenue, p.person, ${preciseTime(sql, 'p.at')} as precise
      from (select *
              from (${found}) f
             where ${after ? sql`(f.at, f.person) < (${after[0]}::text::timestamptz, ${after[1]}::bigint)` : sql`true`}
             order by f.at desc, f.person desc
             limit ${limit + 1}) p
      left join lateral (select name, email from contacts where workspace_id = ${workspace_id} and id = -p.person limit 1) c on true
     order by p.at desc, p.person desc`
  const page = pageOf(rows, limit, last => [last.precise, last.person])
  return { ...page, data: page.data.map(({ person: _, precise: __, ...shown }) => shown) }
}

type Fragment = postgres.Fragment

function whoRegistered(sql: Sql, workspace_id: number, { funnel_id }: Asked, { begins, ends }: Spans, is_meant: Fragment) {
  return sql`
            select person, registered_at as at, null::float8 as conversions, null::float8 as revenue
              from person_sources
             where workspace_id = ${workspace_id} and funnel_id = ${funnel_id} and registered_at >= ${begins}::timestamptz
               and registered_at < ${ends}::timestamptz and ${is_meant}`
}

function whoConverted(
  sql: Sql,
  workspace_id: number,
  { funnel_id, model, goal, currency }: Asked,
  { begins, ends }: Spans,
  is_meant: Fragment,
) {
  return sql`
            select person, max(converted_at) as at, coalesce(round(sum(${sql(model)}) filter (where ${isGoal(sql, goal)}), 2), 0)::float8 as conversions,
                   coalesce(round(sum(${sql(model)} * revenue) filter (where currency = ${currency}), 2), 0)::float8 as revenue
              from conversion_touches
             where workspace_id = ${workspace_id} and converted_at >= ${begins}::timestamptz and converted_at < ${ends}::timestamptz
               and ${funnel_id}::text in ('', funnel_id) and ${sql(model)} > 0 and ${is_meant}
             group by person`
}
