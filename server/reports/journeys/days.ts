import type { Sql } from '../../database/connect.ts'
import { beginOf, isFiltered, isWanted, keptFilterOf, type Scope } from './scope.ts'

/** Of funnel_analytics (db/schema.sql says what each is), by day of the zone. */
const COUNTS = [
  'registration_views', 'registrations', 'confirmations', 'views', 'offer_views', 'conversions', 'of_viewed', 'of_watched_25',
  'of_watched_50', 'of_watched_75', 'of_watched_100', 'of_offer_viewed', 'of_converted', 'of_hot_converted', 'of_replayed', 'percent_0',
  'percent_1', 'percent_10', 'percent_20', 'percent_25', 'percent_30', 'percent_40', 'percent_50', 'percent_60', 'percent_70',
  'percent_75', 'percent_80', 'percent_90', 'percent_100', 'sum_percentage', 'sum_seconds', 'within_hour', 'within_day', 'within_week',
  'within_month', 'later', 'sum_seconds_to',
] as const // biome-ignore format: one word after the other
export type Counts = Record<(typeof COUNTS)[number], number>
export type Day = Counts & { day: string }

/**
 * The days of both periods on which something was counted. Of everybody, of those in a segment and of those whom somebody sent it reads
 * sums of quarter hours, whose number does not grow with events or people; of other people it counts those anew.
 */
export function readDays(sql: Sql, workspace_id: number, scope: Scope) {
  return sql<Day[]>`
    select day::text, ${sql.unsafe(COUNTS.map(count => `sum(${count})::float8 as ${count}`).join())}
      from (select *, (quarter at time zone ${scope.time_zone})::date as day
              from (${quartersOf(sql, workspace_id, scope)}) c
             where quarter >= ${beginOf(sql, scope, scope.previous_from)} and quarter < ${beginOf(sql, scope, scope.to, 1)}) c
     group by day`
}

function quartersOf(sql: Sql, workspace_id: number, scope: Scope) {
  const filter = keptFilterOf(scope)
  if (filter !== undefined) return ofFilter(sql, workspace_id, scope, filter)
  return isFiltered(scope) ? ofSome(sql, workspace_id, scope) : ofAll(sql, workspace_id, scope)
}

function ofAll(sql: Sql, workspace_id: number, { funnel_id }: Scope) {
  return sql`select ${sql.unsafe(LIST)} from funnel_analytics where workspace_id = ${workspace_id} and funnel_id = ${funnel_id}`
}

/** Whom time makes a no_show is one in the sums from the moment of their registration: those who still have time are taken away. */
function ofFilter(sql: Sql, workspace_id: number, { funnel_id, segment }: Scope, filter: string) {
  const kept = sql`
           select ${sql.unsafe(LIST)}
             from filtered_analytics
            where workspace_id = ${workspace_id} and funnel_id = ${funnel_id} and filter = ${filter}`
  if (segment !== 'no_show') return kept
  return sql`${kept}
            union all
           select k.quarter, ${sql.unsafe(COUNTS.map(count => `-k.${count}`).join())}
             from person_funnels p
            cross join lateral funnel_counts(p) k
            where p.workspace_id = ${workspace_id} and p.funnel_id = ${funnel_id} and p.watch_percentage = 0
              and p.registered_at > now() - interval '24 hours'`
}

function ofSome(sql: Sql, workspace_id: number, scope: Scope) {
  return sql`
           select k.*
             from person_funnels p
            cross join lateral funnel_counts(p) k
            where p.workspace_id = ${workspace_id} and p.funnel_id = ${scope.funnel_id} and ${isWanted(sql, workspace_id, scope)}`
}

const LIST = ['quarter', ...COUNTS].join()

export function sumOf(days: readonly Day[]): Counts {
  const sum = Object.fromEntries(COUNTS.map(count => [count, 0])) as Counts
  for (const day of days) for (const count of COUNTS) sum[count] += day[count]
  return sum
}
