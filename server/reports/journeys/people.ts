import { JOURNEY_STEPS, type JourneyPeopleQuery, type JourneyPerson, type JourneyStep } from '../../../shared/journeys.ts'
import type { Sql } from '../../database/connect.ts'
import { refuse } from '../../errors.ts'
import { pageOf, preciseTime, readCursor } from '../../http/paginate.ts'
import { beginOf, isWanted, type Scope } from './scope.ts'
import { TIME_TO } from './time-to.ts'

/** Those behind a bar: registered in the period, the newest first. Throws `invalid_request`, `invalid_cursor`. */
export async function listPeople(
  sql: Sql,
  workspace_id: number,
  scope: Scope,
  { step = 'registered', dropped = false, within, percent_from = 0, percent_to = 100, limit = 50, cursor }: JourneyPeopleQuery,
) {
  if (dropped && step === 'registered')
    throw refuse('invalid_request', { fields: { dropped: 'nobody stops before they register' } })
  const after = readCursor(cursor, 'time', 'integer')
  const rows = await sql<(JourneyPerson & { person: number; precise: string })[]>`
    select case when p.person < 0 then (-p.person)::int end as contact_id, case when p.person > 0 then p.person end as visitor_id, c.name, c.email,
           p.registered_at, p.viewed_at, p.offer_viewed_at, p.converted_at, p.watch_percentage, p.person,
           ${preciseTime(sql, 'p.registered_at')} as precise
      from (select *
              from person_funnels p
             where p.workspace_id = ${workspace_id} and p.funnel_id = ${scope.funnel_id}
               and p.registered_at >= ${beginOf(sql, scope, scope.from)} and p.registered_at < ${beginOf(sql, scope, scope.to, 1)}
               and p.watch_percentage between ${percent_from} and ${percent_to}
               and ${dropped ? sql`${cameTo(sql, stepBefore(step))} and not ${cameTo(sql, step)}` : cameTo(sql, step)}
               and ${within === undefined ? sql`true` : sql.unsafe(TIME_TO[within])}
               and ${isWanted(sql, workspace_id, scope)}
               and ${after ? sql`(p.registered_at, p.person) < (${after[0]}::text::timestamptz, ${after[1]}::bigint)` : sql`true`}
             order by p.registered_at desc, p.person desc
             limit ${limit + 1}) p
      left join lateral (select name, email from contacts where workspace_id = ${workspace_id} and id = -p.person limit 1) c on true
     order by p.registered_at desc, p.person desc`
  const page = pageOf(rows, limit, last => [last.precise, last.person])
  return { ...page, data: page.data.map(({ person: _, precise: __, ...shown }) => shown) }
}

const TIMES: Record<JourneyStep, string> = {
  registered: 'registered_at',
  viewed: 'viewed_at',
  watched_25: 'watched_25_at',
  watched_50: 'watched_50_at',
  watched_75: 'watched_75_at',
  offer_viewed: 'offer_viewed_at',
  converted: 'converted_at',
}

function cameTo(sql: Sql, step: JourneyStep) {
  return sql`(p.${sql(TIMES[step])} is not null)`
}

function stepBefore(step: JourneyStep): JourneyStep {
  return JOURNEY_STEPS[JOURNEY_STEPS.indexOf(step) - 1]!
}
