import { type Happened, JOURNEY_STEPS, type JourneyStep, type OverviewReport, type Rate } from '../../../shared/journeys.ts'
import type { Sql } from '../../database/connect.ts'
import { share } from '../share.ts'
import { type Counts as CountsOf, type Day as DayOf, readDays, sumOf } from './days.ts'
import { intervalsOf } from './intervals.ts'
import { type Money, readGoal, readMoney } from './money.ts'
import { headOf, type Scope } from './scope.ts'

const COUNTS = [
  'registration_views', 'registrations', 'confirmations', 'views', 'offer_views', 'conversions', 'of_viewed', 'of_watched_25',
  'of_watched_50', 'of_watched_75', 'of_offer_viewed', 'of_converted', 'of_hot_converted',
] as const // biome-ignore format: one word after the other
type Counts = CountsOf<(typeof COUNTS)[number]>
type Day = DayOf<(typeof COUNTS)[number]>

/** What happened in the period, and how far those came who registered in it, with the period before. Three statements. */
export async function reportOverview(sql: Sql, workspace_id: number, scope: Scope): Promise<OverviewReport> {
  const goal = await readGoal(sql, workspace_id, scope.funnel_id)
  const [days, money] = await Promise.all([readDays(sql, workspace_id, scope, COUNTS), readMoney(sql, workspace_id, scope, goal)])
  const now = <T extends { day: string }>(rows: readonly T[]) => rows.filter(row => row.day >= scope.from)
  const before = <T extends { day: string }>(rows: readonly T[]) => rows.filter(row => row.day < scope.from)
  const [sum, previous] = [sumOf(now(days), COUNTS), sumOf(before(days), COUNTS)]
  const { from, to, previous_from, previous_to } = scope
  return {
    ...headOf(scope),
    currency: goal.currency,
    totals: happened(sum, now(money)),
    previous: happened(previous, before(money)),
    series: seriesOf(from, to, scope, days, money),
    previous_series: seriesOf(previous_from, previous_to, scope, days, money),
    steps: JOURNEY_STEPS.map(step => ({ step, ...stepOf(sum, step), previous: stepOf(previous, step) })),
    rates: RATES.map(({ name, of, target }) => ({ name, value: of(sum), previous: of(previous), target })),
  }
}

function happened(counts: Counts, money: readonly Money[]): Happened {
  const { registration_views, registrations, confirmations, views, offer_views, conversions: converted } = counts
  const conversions = money.reduce((sum, day) => sum + day.conversions, 0)
  const revenue = money.reduce((sum, day) => sum + Math.round(day.revenue * 100), 0) / 100
  return { registration_views, registrations, confirmations, views, offer_views, conversions, converted, revenue }
}

function seriesOf(from: string, to: string, { interval }: Scope, days: readonly Day[], money: readonly Money[]) {
  return intervalsOf(from, to, interval).map(({ first, last }) => {
    const within = <T extends { day: string }>(rows: readonly T[]) => rows.filter(({ day }) => day >= first && day <= last)
    return { day: first, ...happened(sumOf(within(days), COUNTS), within(money)) }
  })
}

const PEOPLE: Record<JourneyStep, keyof Counts> = {
  registered: 'registrations',
  viewed: 'of_viewed',
  watched_25: 'of_watched_25',
  watched_50: 'of_watched_50',
  watched_75: 'of_watched_75',
  offer_viewed: 'of_offer_viewed',
  converted: 'of_converted',
}

function stepOf(counts: Counts, step: JourneyStep) {
  return { people: counts[PEOPLE[step]], rate: share(counts[PEOPLE[step]], counts.registrations) }
}

/** The metrics of seed 004 and what it calls good. */
const RATES: { name: Rate['name']; of: (counts: Counts) => number | null; target: Rate['target'] }[] = [
  { name: 'registration_to_view', of: sum => share(sum.of_viewed, sum.registrations), target: { from: 0.6, to: 0.8 } },
  { name: 'view_to_25', of: sum => share(sum.of_watched_25, sum.of_viewed), target: { from: 0.8, to: null } },
  { name: 'hot_to_conversion', of: sum => share(sum.of_hot_converted, sum.of_watched_75), target: { from: 0.1, to: null } },
  { name: 'registration_to_conversion', of: sum => share(sum.of_converted, sum.registrations), target: { from: 0.05, to: 0.1 } },
]
