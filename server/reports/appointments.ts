import type {
  AppointmentReport,
  AppointmentReportDimension,
  AppointmentReportQuery,
  AppointmentSums,
} from '../../shared/reports.ts'
import type { Sql } from '../database/connect.ts'
import type { Labels } from './labels.ts'
import { type Period, readPeriod } from './period.ts'

/**
 * Who shows up: appointments by one dimension, with the period before. Read from `appointment_days` alone, so the cost is of days and
 * values. A period may lie ahead: what is booked then has no outcome yet.
 */
export async function reportAppointments(
  sql: Sql,
  workspace_id: number,
  { by = 'assignee', limit = 100, ...given }: AppointmentReportQuery,
  labels: Labels,
): Promise<AppointmentReport> {
  const { days: _, ...period } = readPeriod(given)
  const rows = await readDays(sql, workspace_id, by, period)
  const [workspace] = await sql<{ currency: string }[]>`select currency from workspaces where id = ${workspace_id}`
  const groups = groupsOf(rows.sums)
  const shown = groups.slice(0, limit)
  const rest = groups.slice(limit)
  const nameOf = await readNames(
    sql,
    workspace_id,
    by,
    shown.map(({ value }) => value),
    labels,
  )
  return {
    ...period,
    by,
    time_zone: 'UTC',
    currency: workspace!.currency,
    totals: sumOf(groups.map(group => group.now)),
    previous: sumOf(groups.map(group => group.before)),
    groups: shown.map(({ value, now, before }) => ({ value, label: nameOf(value), ...sumOf([now]), previous: sumOf([before]) })),
    others:
      rest.length === 0
        ? null
        : { groups: rest.length, ...sumOf(rest.map(group => group.now)), previous: sumOf(rest.map(group => group.before)) },
    series: rows.points.filter(point => !point.is_previous).map(point => ({ day: point.day, ...sumOf([point]) })),
    previous_series: rows.points.filter(point => point.is_previous).map(point => ({ day: point.day, ...sumOf([point]) })),
  }
}

type Counted = Omit<AppointmentSums, 'show_rate'>
type Sum = Counted & { value: string; is_previous: boolean }
type Point = Counted & { day: string; is_previous: boolean }

async function readDays(sql: Sql, workspace_id: number, by: AppointmentReportDimension, period: Omit<Period, 'days'>) {
  const [sums, points] = await Promise.all([
    sql<Sum[]>`
      select value, day < ${period.from}::date as is_previous, ${summed(sql)}
        from appointment_days
       where workspace_id = ${workspace_id} and dimension = ${by} and day between ${period.previous_from}::date and ${period.to}::date
       group by 1, 2`,
    sql<Point[]>`
      select d.is_previous, min(d.day)::text as day, ${summed(sql)}
        from (select p.is_previous, day::date as day
                from (values (false, ${period.from}::date, ${period.to}::date),
                             (true, ${period.previous_from}::date, ${period.previous_to}::date)) as p(is_previous, first, last)
               cross join generate_series(p.first, p.last, interval '1 day') as day) d
        left join appointment_days s on s.workspace_id = ${workspace_id} and s.dimension = ${by} and s.day = d.day
       group by d.is_previous, date_trunc(${period.interval}, d.day)
       order by 1, 2`,
  ])
  return { sums, points }
}

function summed(sql: Sql) {
  return sql`coalesce(sum(booked), 0)::int as booked, coalesce(sum(completed), 0)::int as completed,
             coalesce(sum(no_show), 0)::int as no_show, coalesce(sum(cancelled), 0)::int as cancelled,
             coalesce(sum(won), 0)::int as won, coalesce(sum(won_value), 0)::float8 as won_value`
}

const NONE: Counted = { booked: 0, completed: 0, no_show: 0, cancelled: 0, won: 0, won_value: 0 }

/** The most appointments first. */
function groupsOf(sums: readonly Sum[]) {
  const groups = new Map<string, { value: string; now: Counted; before: Counted }>()
  for (const { value, is_previous, ...sum } of sums) {
    const group = groups.get(value) ?? { value, now: NONE, before: NONE }
    groups.set(value, is_previous ? { ...group, before: sum } : { ...group, now: sum })
  }
  return [...groups.values()]
    .filter(({ now, before }) => now.booked + before.booked > 0)
    .sort((a, b) => b.now.booked - a.now.booked || b.before.booked - a.before.booked || (a.value < b.value ? -1 : 1))
}

function sumOf(list: Counted[]): AppointmentSums {
  const sum = { ...NONE }
  for (const { booked, completed, no_show, cancelled, won, won_value } of list) {
    sum.booked += booked
    sum.completed += completed
    sum.no_show += no_show
    sum.cancelled += cancelled
    sum.won += won
    sum.won_value += won_value
  }
  const ended = sum.completed + sum.no_show
  return { ...sum, show_rate: ended === 0 ? null : sum.completed / ended }
}

/** Names of what is shown by a number or a key. */
async function readNames(
  sql: Sql,
  workspace_id: number,
  by: AppointmentReportDimension,
  values: string[],
  { namesOfMembers }: Labels,
): Promise<(value: string) => string | null> {
  const known = values.filter(value => value !== '')
  const names = new Map((await read()).map(({ id, name }) => [String(id), name]))
  return value => names.get(value) ?? null

  async function read(): Promise<readonly { id: number | string; name: string }[]> {
    if (known.length === 0) return []
    if (by === 'assignee') return namesOfMembers(known.map(Number))
    if (by === 'type')
      return sql<{ id: string; name: string }[]>`
        select key as id, name from appointment_types where workspace_id = ${workspace_id} and key = any(${known}::text[])`
    if (by === 'webhook')
      return sql<{ id: number; name: string }[]>`
        select id, name from intake_webhooks where workspace_id = ${workspace_id} and id = any(${known.map(Number)}::int[])`
    return []
  }
}
