import type { ConversionReport, ConversionReportQuery, ConversionSums } from '../../shared/reports.ts'
import type { Sql } from '../database/connect.ts'
import { type Period, readPeriod } from './period.ts'

/**
 * Conversions by type or day, with the period before. Read from `conversion_days` alone, which has a row a day, type and currency. They
 * are counted in every currency; money is summed in the workspace's, and the others stand beside it.
 */
export async function reportConversions(
  sql: Sql,
  workspace_id: number,
  { by = 'type', limit = 100, ...given }: ConversionReportQuery,
): Promise<ConversionReport> {
  const { days, ...period } = readPeriod(given)
  const [[workspace], sums, points, other_currencies] = await Promise.all([
    sql<{ currency: string }[]>`select currency from workspaces where id = ${workspace_id}`,
    readSums(sql, workspace_id, by, limit, { days, ...period }),
    readPoints(sql, workspace_id, period),
    readOthers(sql, workspace_id, period),
  ])
  const others = sums.find(row => row.kind === 'others')
  const totals = sums.find(row => row.kind === 'totals')
  return {
    ...period,
    by,
    time_zone: 'UTC',
    currency: workspace!.currency,
    totals: totals ? now(totals) : NONE,
    previous: totals ? previous(totals) : NONE,
    groups: sums.filter(row => row.kind === 'group').map(row => ({ value: row.value, ...now(row), previous: previous(row) })),
    others: others ? { groups: others.groups, ...now(others), previous: previous(others) } : null,
    series: points.filter(point => !point.is_previous).map(point => ({ day: point.day, ...now(point) })),
    previous_series: points.filter(point => point.is_previous).map(point => ({ day: point.day, ...now(point) })),
    other_currencies: [...other_currencies],
  }
}

type Compared = ConversionSums & { [K in keyof ConversionSums as `previous_${K}`]: ConversionSums[K] }
type Sum = Compared & { kind: 'group' | 'others' | 'totals'; value: string; groups: number }
type Point = ConversionSums & { is_previous: boolean; day: string }

function now({ conversions, revenue, refunded }: ConversionSums): ConversionSums {
  return { conversions, revenue, refunded }
}

function previous(row: Compared): ConversionSums {
  return { conversions: row.previous_conversions, revenue: row.previous_revenue, refunded: row.previous_refunded }
}

const NONE: ConversionSums = { conversions: 0, revenue: 0, refunded: 0 }

/** A day is compared with the one that has its place in the period before. */
function readSums(sql: Sql, workspace_id: number, by: 'type' | 'day', limit: number, period: Period) {
  const value = by === 'type' ? sql`type` : sql`(case when is_previous then day + ${period.days}::int else day end)::text`
  const order =
    by === 'type' ? sql`revenue desc, conversions desc, previous_revenue desc, previous_conversions desc, value` : sql`value desc`
  return sql<Sum[]>`
    with summed as (
      select ${value} as value,
             coalesce(sum(conversions) filter (where not is_previous), 0) as conversions,
             coalesce(sum(revenue)     filter (where not is_previous), 0) as revenue,
             coalesce(sum(refunded)    filter (where not is_previous), 0) as refunded,
             coalesce(sum(conversions) filter (where is_previous), 0)     as previous_conversions,
             coalesce(sum(revenue)     filter (where is_previous), 0)     as previous_revenue,
             coalesce(sum(refunded)    filter (where is_previous), 0)     as previous_refunded
        from (${daysOf(sql, workspace_id, period)}) d
       group by 1
    ), placed as (
      select *, row_number() over (order by ${order}) as place from summed
    )
    select k.kind, k.value, count(*)::int as groups,
           sum(conversions)::int as conversions, sum(revenue)::float8 as revenue, sum(refunded)::float8 as refunded,
           sum(previous_conversions)::int as previous_conversions, sum(previous_revenue)::float8 as previous_revenue,
           sum(previous_refunded)::float8 as previous_refunded
      from placed p
     cross join lateral (values
           (case when place <= ${limit} then 'group' else 'others' end, case when place <= ${limit} then p.value else '' end),
           ('totals', '')) as k(kind, value)
     group by k.kind, k.value
     order by min(p.place)`
}

/** The days of both periods, with money in the workspace's currency and none for the others. */
function daysOf(sql: Sql, workspace_id: number, period: Omit<Period, 'days'>) {
  return sql`
             select d.day, d.day < ${period.from}::date as is_previous, d.type, d.conversions,
                    case when d.currency = w.currency then d.revenue else 0 end as revenue,
                    case when d.currency = w.currency then d.refunded else 0 end as refunded
               from conversion_days d
               join workspaces w on w.id = d.workspace_id
              where d.workspace_id = ${workspace_id} and d.conversions <> 0
                and d.day between ${period.previous_from}::date and ${period.to}::date`
}

function readPoints(sql: Sql, workspace_id: number, period: Omit<Period, 'days'>) {
  return sql<Point[]>`
    select d.is_previous, min(d.day)::text as day, coalesce(sum(s.conversions), 0)::int as conversions,
           coalesce(sum(s.revenue), 0)::float8 as revenue, coalesce(sum(s.refunded), 0)::float8 as refunded
      from (select p.is_previous, day::date as day
              from (values (false, ${period.from}::date, ${period.to}::date),
                           (true, ${period.previous_from}::date, ${period.previous_to}::date)) as p(is_previous, first, last)
             cross join generate_series(p.first, p.last, interval '1 day') as day) d
      left join (${daysOf(sql, workspace_id, period)}) s on s.day = d.day
     group by d.is_previous, date_trunc(${period.interval}, d.day)
     order by 1, 2`
}

function readOthers(sql: Sql, workspace_id: number, { from, to }: Omit<Period, 'days'>) {
  return sql<(ConversionSums & { currency: string })[]>`
    select d.currency, sum(d.conversions)::int as conversions, sum(d.revenue)::float8 as revenue, sum(d.refunded)::float8 as refunded
      from conversion_days d
      join workspaces w on w.id = d.workspace_id
     where d.workspace_id = ${workspace_id} and d.currency <> w.currency and d.conversions <> 0 and d.day between ${from}::date and ${to}::date
     group by d.currency
     order by d.currency`
}
