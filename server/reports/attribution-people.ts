import type { AttributionPeopleQuery, AttributionPerson } from '../../shared/attribution.ts'
import type { Sql } from '../database/connect.ts'
import { pageOf, readCursor } from '../http/paginate.ts'
import { isGoal, readGoal } from './journeys/money.ts'
import { type Period, readPeriod } from './period.ts'

/** The people behind a number of the report (attribution.ts), the newest first. Throws `invalid_request`, `invalid_cursor`. */
export async function listAttributed(sql: Sql, workspace_id: number, query: AttributionPeopleQuery) {
  const { of = 'registered', limit = 50, cursor } = query
  const period = readPeriod(query)
  const after = readCursor(cursor, 'integer', 'integer')
  const goal = await readGoal(sql, workspace_id, query.funnel_id ?? '')
  const found =
    of === 'registered' ? whoRegistered(sql, workspace_id, query, period) : whoConverted(sql, workspace_id, query, period, goal)
  const rows = await sql<(AttributionPerson & { person: number; number: number })[]>`
    select case when p.person < 0 then (-p.person)::int end as contact_id, case when p.person > 0 then p.person end as visitor_id, c.name, c.email,
           p.day::text as day, p.conversions, p.revenue, p.person, p.day - date '1970-01-01' as number
      from (select *
              from (${found}) f
             where ${after ? sql`(f.day, f.person) < (date '1970-01-01' + ${after[0]}::int, ${after[1]}::bigint)` : sql`true`}
             order by f.day desc, f.person desc
             limit ${limit + 1}) p
      left join lateral (select name, email from contacts where workspace_id = ${workspace_id} and id = -p.person limit 1) c on true
     order by p.day desc, p.person desc`
  const page = pageOf(rows, limit, last => [last.number, last.person])
  return { ...page, data: page.data.map(({ person: _, number: __, ...shown }) => shown) }
}

function whoRegistered(
  sql: Sql,
  workspace_id: number,
  { funnel_id = '', by = 'source', value = '' }: AttributionPeopleQuery,
  { from, to }: Period,
) {
  return sql`
            select person, day, null::float8 as conversions, null::float8 as revenue
              from person_sources
             where workspace_id = ${workspace_id} and funnel_id = ${funnel_id} and day between ${from}::date and ${to}::date
               and ${sql(by)} = ${value}`
}

function whoConverted(
  sql: Sql,
  workspace_id: number,
  { funnel_id = '', by = 'source', model = 'last_touch', value = '' }: AttributionPeopleQuery,
  { from, to }: Period,
  { goal, currency }: Awaited<ReturnType<typeof readGoal>>,
) {
  return sql`
            select person, max(day) as day, coalesce(round(sum(${sql(model)}) filter (where ${isGoal(sql, goal)}), 2), 0)::float8 as conversions,
                   coalesce(round(sum(${sql(model)} * revenue) filter (where currency = ${currency}), 2), 0)::float8 as revenue
              from conversion_touches
             where workspace_id = ${workspace_id} and day between ${from}::date and ${to}::date and ${funnel_id}::text in ('', funnel_id)
               and ${sql(by)} = ${value} and ${sql(model)} > 0
             group by person`
}
