import type { ReportInterval } from '../../../shared/reports.ts'
import { dayAfter, dayName, dayWithYear, today } from '../../ui/days.ts'

export const PERIODS = [
  { days: 7, label: '7 days' },
  { days: 30, label: '30 days' },
  { days: 90, label: '90 days' },
  { days: 365, label: '12 months' },
]
export const DAYS = 30

const DAY_MS = 86_400_000

export type Asked = {
  days?: number | undefined
  from?: string | undefined
  to?: string | undefined
  interval?: ReportInterval | undefined
}

/** The days that are asked for, and how fine a chart of so many can be read. Today is a day of the zone. */
export function periodOf({ days = DAYS, from, to, interval }: Asked, now = Date.now(), time_zone = 'UTC') {
  const last = to ?? today(now, time_zone)
  const first = from ?? dayAfter(last, 1 - days)
  const length = Math.round((Date.parse(last) - Date.parse(first)) / DAY_MS) + 1
  return { from: first, to: last, interval: interval ?? (length > 180 ? 'month' : length > 45 ? 'week' : 'day') } as const
}

const month_format = new Intl.DateTimeFormat(undefined, { month: 'short', year: 'numeric', timeZone: 'UTC' })

/** What a column of a chart is called. */
export function pointName(day: string, interval: ReportInterval) {
  return interval === 'month' ? month_format.format(Date.parse(day)) : dayName(day)
}

/** "1 Mar 2026 to 30 Mar 2026" */
export const spanWords = (from: string, to: string) =>
  from === to ? dayWithYear(from) : `${dayWithYear(from)} to ${dayWithYear(to)}`

/** "Last 30 days", or the two days that were named. */
export function periodWords(asked: Asked) {
  if (asked.from === undefined && asked.to === undefined) {
    const { days = DAYS } = asked
    return `Last ${PERIODS.find(period => period.days === days)?.label ?? `${days} days`}`
  }
  const { from, to } = periodOf(asked)
  return spanWords(from, to)
}
