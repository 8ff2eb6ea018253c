import { Temporal } from 'temporal-polyfill'
import type { WATCH_SEGMENTS } from '../../../shared/journeys.ts'
import type { ReportInterval } from '../../../shared/reports.ts'
import type { Rule } from '../../../shared/segments.ts'
import { isTimeZone } from '../../appointments/local-time.ts'
import type { Sql } from '../../database/connect.ts'
import { refuse } from '../../errors.ts'
import { conditionOf, parseRule } from '../../rules/rules.ts'
import { type Period, readPeriod } from '../period.ts'

/** Of which funnel, days and people a report is. */
export type Scope = Period & {
  funnel_id: string
  time_zone: string
  segment: (typeof WATCH_SEGMENTS)[number] | undefined
  segment_id: number | undefined
  utm_source: string | undefined
  rule: Rule | undefined
}

type Given = Partial<Omit<Scope, keyof Period | 'rule'>> & {
  from?: string
  to?: string
  interval?: ReportInterval
  rule?: string
}

/** Throws `invalid_request` for days and zones that are none, `invalid_fields` with the place of each mistake of a rule. */
export function readScope(
  { funnel_id = '', time_zone = 'UTC', segment, segment_id, utm_source, rule, ...days }: Given,
  now = Date.now(),
): Scope {
  if (!isTimeZone(time_zone))
    throw refuse('invalid_request', { fields: { time_zone: 'must be a time zone such as Europe/Berlin' } })
  const period = readPeriod(days, Date.parse(todayIn(time_zone, now)))
  return {
    ...period,
    funnel_id,
    time_zone,
    segment,
    segment_id,
    utm_source,
    rule: rule === undefined ? undefined : parseRule(rule),
  }
}

function todayIn(time_zone: string, now: number): string {
  const there = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(time_zone)
  return `${there.toPlainDate().toString()}T00:00:00Z`
}

/** How a report begins: of which funnel and days it is. */
export function headOf({ funnel_id, from, to, previous_from, previous_to, interval, time_zone }: Scope) {
  return { funnel_id: funnel_id === '' ? null : funnel_id, from, to, previous_from, previous_to, interval, time_zone }
}

/** The moment at which a day begins in the zone of the report. */
export function beginOf(sql: Sql, { time_zone }: Pick<Scope, 'time_zone'>, day: string, days_later = 0) {
  return sql`((${day}::date + ${days_later}::int)::timestamp at time zone ${time_zone})`
}

export function isFiltered({ segment, segment_id, utm_source, rule }: Scope): boolean {
  return [segment, segment_id, utm_source, rule].some(filter => filter !== undefined)
}

/** Whether there are no sums for a filter, so that a row of each person of the funnel is read. */
export function readsPeople(scope: Scope): boolean {
  return isFiltered(scope) && keptFilterOf(scope) === undefined
}

/** The only filter of a report whose sums are kept (`filters_of` in db/schema.sql); of any other its people are counted. */
export function keptFilterOf({ segment, segment_id, utm_source, rule }: Scope): string | undefined {
  if (rule !== undefined || segment_id !== undefined || (segment !== undefined && utm_source !== undefined)) return undefined
  return segment !== undefined ? `segment ${segment}` : utm_source !== undefined ? `utm_source ${utm_source}` : undefined
}

/** What a person `p` of person_funnels must be to be among them. */
export function isWanted(sql: Sql, workspace_id: number, { segment, segment_id, utm_source, rule }: Scope) {
  return sql`${segment === undefined ? sql`true` : IN_SEGMENT[segment](sql)} and ${
    segment_id === undefined ? sql`true` : isMember(sql, workspace_id, segment_id)
  } and ${utm_source === undefined ? sql`true` : sql`p.utm_source = ${utm_source}`} and ${rule === undefined ? sql`true` : fits(sql, workspace_id, rule)}`
}

/** By how much of this funnel's videos somebody watched. */
const IN_SEGMENT: Record<NonNullable<Scope['segment']>, (sql: Sql) => ReturnType<Sql>> = {
  no_show: sql => sql`p.watch_percentage = 0 and p.registered_at <= now() - interval '24 hours'`,
  skimmer: sql => sql`p.watch_percentage between 1 and 24`,
  sampler: sql => sql`p.watch_percentage between 25 and 49`,
  engaged: sql => sql`p.watch_percentage between 50 and 74`,
  hot: sql => sql`p.watch_percentage >= 75`,
}

function fits(sql: Sql, workspace_id: number, rule: Rule) {
  return sql`-p.person in (
               select c.id
                 from contacts c
                where c.workspace_id = ${workspace_id} and c.merged_into is null and ${conditionOf({ sql, workspace_id }, rule)})`
}

function isMember(sql: Sql, workspace_id: number, segment_id: number) {
  return sql`exists (
               select from segment_members m where m.workspace_id = ${workspace_id} and m.segment_id = ${segment_id} and m.contact_id = -p.person)`
}
