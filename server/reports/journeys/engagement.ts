import type { Engagement, EngagementReport } from '../../../shared/journeys.ts'
import type { Sql } from '../../database/connect.ts'
import { share } from '../share.ts'
import { type Counts as CountsOf, keptSums, readDays, sumOf } from './days.ts'
import { beginOf, headOf, isWanted, readsPeople, type Scope } from './scope.ts'

const COUNTS = [
  'registrations', 'of_converted', 'of_replayed', 'percent_0', 'percent_1', 'percent_10', 'percent_20', 'percent_25', 'percent_30',
  'percent_40', 'percent_50', 'percent_60', 'percent_70', 'percent_75', 'percent_80', 'percent_90', 'percent_100', 'sum_percentage',
  'sum_seconds', 'within_hour', 'within_day', 'within_week', 'within_month', 'later', 'sum_seconds_to',
] as const // biome-ignore format: one word after the other
type Counts = CountsOf<(typeof COUNTS)[number]>

/** How those watched who registered in the period, up to now, with those of the period before. Two statements. */
export async function reportEngagement(sql: Sql, workspace_id: number, scope: Scope): Promise<EngagementReport> {
  const [days, waiting] = await Promise.all([readDays(sql, workspace_id, scope, COUNTS), readWaiting(sql, workspace_id, scope)])
  const sum = sumOf(
    days.filter(({ day }) => day >= scope.from),
    COUNTS,
  )
  const previous = sumOf(
    days.filter(({ day }) => day < scope.from),
    COUNTS,
  )
  const [mine, theirs] = [segmentsOf(sum, waiting.now), segmentsOf(previous, waiting.before)]
  return {
    ...headOf(scope),
    totals: engagementOf(sum),
    previous: engagementOf(previous),
    targets: { average_percentage: 60, completion_rate: 0.4 },
    segments: SEGMENTS.map((segment, k) => ({ segment, people: mine[k]!, previous: theirs[k]! })),
    histogram: HISTOGRAM.map(({ from, to, of }) => ({ from, to, people: of.reduce((people, bin) => people + sum[bin], 0) })),
    time_to_conversion: [
      { within: 'hour', people: sum.within_hour },
      { within: 'day', people: sum.within_day },
      { within: 'week', people: sum.within_week },
      { within: 'month', people: sum.within_month },
      { within: 'later', people: sum.later },
    ],
  }
}

function engagementOf(sum: Counts): Engagement {
  const watched = sum.registrations - sum.percent_0
  return {
    registered: sum.registrations,
    watched,
    average_percentage: watched === 0 ? null : Math.round((sum.sum_percentage / watched) * 10) / 10,
    average_seconds: watched === 0 ? null : Math.round(sum.sum_seconds / watched),
    completion_rate: share(sum.percent_100, watched),
    replay_rate: share(sum.of_replayed, watched),
    converted: sum.of_converted,
    seconds_to_conversion: sum.of_converted === 0 ? null : Math.round(sum.sum_seconds_to / sum.of_converted),
  }
}

const SEGMENTS = ['no_show', 'skimmer', 'sampler', 'engaged', 'hot', null] as const

/** In the order of SEGMENTS; the last are those who have a day from their registration to watch. */
function segmentsOf(sum: Counts, waiting: number): number[] {
  return [
    sum.percent_0 - waiting,
    sum.percent_1 + sum.percent_10 + sum.percent_20,
    sum.percent_25 + sum.percent_30 + sum.percent_40,
    sum.percent_50 + sum.percent_60 + sum.percent_70,
    sum.percent_75 + sum.percent_80 + sum.percent_90 + sum.percent_100,
    waiting,
  ]
}

const HISTOGRAM: { from: number; to: number; of: (keyof Counts)[] }[] = [
  { from: 0, to: 0, of: ['percent_0'] },
  { from: 1, to: 9, of: ['percent_1'] },
  { from: 10, to: 19, of: ['percent_10'] },
  { from: 20, to: 29, of: ['percent_20', 'percent_25'] },
  { from: 30, to: 39, of: ['percent_30'] },
  { from: 40, to: 49, of: ['percent_40'] },
  { from: 50, to: 59, of: ['percent_50'] },
  { from: 60, to: 69, of: ['percent_60'] },
  { from: 70, to: 79, of: ['percent_70', 'percent_75'] },
  { from: 80, to: 89, of: ['percent_80'] },
  { from: 90, to: 99, of: ['percent_90'] },
  { from: 100, to: 100, of: ['percent_100'] },
]

/**
 * Who registered less than a day ago and watched nothing yet. Where sums are kept, they say it of all quarters of an hour but the one in which that
 * day begins, whose people are read. Those of a segment wait for nothing: no_show leaves them out, and who is in another one has watched.
 */
async function readWaiting(sql: Sql, workspace_id: number, scope: Scope): Promise<{ now: number; before: number }> {
  if (scope.segment !== undefined) return { now: 0, before: 0 }
  const kept = sql`
       union all
      select quarter, percent_0
        from ${keptSums(sql, workspace_id, scope)} and quarter > now() - interval '24 hours'`
  const [row] = await sql<{ now: number; before: number }[]>`
    select coalesce(sum(people) filter (where at >= ${beginOf(sql, scope, scope.from)}), 0)::int as now,
           coalesce(sum(people) filter (where at <  ${beginOf(sql, scope, scope.from)}), 0)::int as before
      from (
      select p.registered_at as at, 1 as people
        from person_funnels p
       where p.workspace_id = ${workspace_id} and p.funnel_id = ${scope.funnel_id} and p.watch_percentage = 0
         and p.registered_at > now() - interval '24 hours' and ${isWanted(sql, workspace_id, scope)}
         and ${readsPeople(scope) ? sql`true` : sql`p.registered_at < ${quarterAfter(sql)}`}
      ${readsPeople(scope) ? sql`` : kept}) w
     where at >= ${beginOf(sql, scope, scope.previous_from)} and at < ${beginOf(sql, scope, scope.to, 1)}`
  return row!
}

/** When the quarter of an hour ends in which the last 24 hours began. */
function quarterAfter(sql: Sql) {
  return sql`date_bin('15 minutes', now() - interval '24 hours', timestamptz '2000-01-01 00:00:00Z') + interval '15 minutes'`
}
