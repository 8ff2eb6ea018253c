import type { LeadReport, LeadReportDimension, LeadReportQuery, LeadSums } from '../../shared/reports.ts'
import type { Sql } from '../database/connect.ts'
import { type Labels, readLabels } from './labels.ts'
import { type Period, readPeriod } from './period.ts'

/**
 * Leads by one dimension, with the period before. Read from `lead_days` alone: the cost is of days and values, however many leads there
 * are. `labels` finds names of what is shown by a number.
 */
export async function reportLeads(
  sql: Sql,
  workspace_id: number,
  { by = 'source', limit = 100, ...given }: LeadReportQuery,
  labels: Labels,
): Promise<LeadReport> {
  const { days: _, ...period } = readPeriod(given)
  const [sums, points, [workspace]] = await Promise.all([
    readSums(sql, workspace_id, by, limit, period),
    readPoints(sql, workspace_id, by, period),
    sql<{ currency: string }[]>`select currency from workspaces where id = ${workspace_id}`,
  ])
  const groups = sums
    .filter(row => row.kind === 'group')
    .map(({ value, ...row }) => ({ value, ...now(row), previous: previous(row) }))
  const nameOf = await readLabels(
    sql,
    workspace_id,
    by,
    groups.map(group => group.value),
    labels,
  )
  const others = sums.find(row => row.kind === 'others')
  const totals = sums.find(row => row.kind === 'totals')
  return {
    ...period,
    by,
    time_zone: 'UTC',
    currency: workspace!.currency,
    totals: totals ? now(totals) : NONE,
    previous: totals ? previous(totals) : NONE,
    groups: groups.map(group => ({ ...group, label: nameOf(group.value) })),
    others: others ? { groups: others.groups, ...now(others), previous: previous(others) } : null,
    series: points.filter(point => !point.is_previous).map(({ day, ...row }) => ({ day, ...now(row) })),
    previous_series: points.filter(point => point.is_previous).map(({ day, ...row }) => ({ day, ...now(row) })),
  }
}

type Sums = { leads: number; converted: number; rate: number | null; revenue: number; seconds_to_conversion: number | null }
type Compared = Sums & { [K in keyof Sums as `previous_${K}`]: Sums[K] }
type Sum = Compared & { kind: 'group' | 'others' | 'totals'; value: string; groups: number }
type Point = Sums & { is_previous: boolean; day: string }

function now({ leads, converted, rate, revenue, seconds_to_conversion }: Sums): LeadSums {
  return { leads, converted, rate, revenue, seconds_to_conversion }
}

function previous(row: Compared): LeadSums {
  return {
    leads: row.previous_leads,
    converted: row.previous_converted,
    rate: row.previous_rate,
    revenue: row.previous_revenue,
    seconds_to_conversion: row.previous_seconds_to_conversion,
  }
}

const NONE: LeadSums = { leads: 0, converted: 0, rate: null, revenue: 0, seconds_to_conversion: null }

/** The greatest groups, what is left of them in one row, and all of it: one walk over the days. */
function readSums(sql: Sql, workspace_id: number, by: LeadReportDimension, limit: number, period: Omit<Period, 'days'>) {
  return sql<Sum[]>`
    with summed as (
      select value,
             coalesce(sum(leads)     filter (where day >= ${period.from}::date), 0) as leads,
             coalesce(sum(converted) filter (where day >= ${period.from}::date), 0) as converted,
             coalesce(sum(revenue)   filter (where day >= ${period.from}::date), 0) as revenue,
             coalesce(sum(seconds)   filter (where day >= ${period.from}::date), 0) as seconds,
             coalesce(sum(leads)     filter (where day <  ${period.from}::date), 0) as previous_leads,
             coalesce(sum(converted) filter (where day <  ${period.from}::date), 0) as previous_converted,
             coalesce(sum(revenue)   filter (where day <  ${period.from}::date), 0) as previous_revenue,
             coalesce(sum(seconds)   filter (where day <  ${period.from}::date), 0) as previous_seconds
        from lead_days
       where workspace_id = ${workspace_id} and dimension = ${by} and day between ${period.previous_from}::date and ${period.to}::date
         and leads <> 0
       group by value
    ), placed as (
      select *, row_number() over (order by leads desc, previous_leads desc, value) as place from summed
    )
    select k.kind, k.value, count(*)::int as groups,
           ${shown(sql, '')},
           ${shown(sql, 'previous_')}
      from placed p
     cross join lateral (values
           (case when place <= ${limit} then 'group' else 'others' end, case when place <= ${limit} then p.value else '' end),
           ('totals', '')) as k(kind, value)
     group by k.kind, k.value
     order by min(p.place)`
}

function readPoints(sql: Sql, workspace_id: number, by: LeadReportDimension, period: Omit<Period, 'days'>) {
  return sql<Point[]>`
    select d.is_previous, min(d.day)::text as day, ${shown(sql, '')}
      from (select p.is_previous, day::date as day
              from (values (false, ${period.from}::date, ${period.to}::date),
                           (true, ${period.previous_from}::date, ${period.previous_to}::date)) as p(is_previous, first, last)
             cross join generate_series(p.first, p.last, interval '1 day') as day) d
      left join (select day, sum(leads) as leads, sum(converted) as converted, sum(revenue) as revenue, sum(seconds) as seconds
                   from lead_days
                  where workspace_id = ${workspace_id} and dimension = ${by}
                    and day between ${period.previous_from}::date and ${period.to}::date
                  group by day) s on s.day = d.day
     group by d.is_previous, date_trunc(${period.interval}, d.day)
     order by 1, 2`
}

/** Sums of money are made of numerics; only what is shown is a number of JSON. */
function shown(sql: Sql, prefix: '' | 'previous_') {
  const [leads, converted, revenue, seconds] = ['leads', 'converted', 'revenue', 'seconds'].map(name => sql(prefix + name))
  return sql`
           coalesce(sum(${leads!}), 0)::int as ${leads!}, coalesce(sum(${converted!}), 0)::int as ${converted!},
           round(sum(${converted!})::numeric / nullif(sum(${leads!}), 0), 4)::float8 as ${sql(`${prefix}rate`)},
           coalesce(sum(${revenue!}), 0)::float8 as ${revenue!},
           round(sum(${seconds!})::numeric / nullif(sum(${converted!}), 0))::float8 as ${sql(`${prefix}seconds_to_conversion`)}`
}
