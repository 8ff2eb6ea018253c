import { dayAfter } from '../../../ui/days.ts'
import { range } from '../../../ui/range.ts'
import { startOfDay } from '../../../ui/zones.ts'
import { weekdayOf } from './hours.ts'

export const VIEWS = ['day', 'week', 'month', 'agenda'] as const
export type View = (typeof VIEWS)[number]

/** The dates that a view of a date shows; an agenda is two weeks from there on. */
export function datesOf(view: View, date: string, first = firstWeekday()): string[] {
  if (view === 'day') return [date]
  if (view === 'agenda') return range(14).map(days => dayAfter(date, days))
  if (view === 'week') return range(7).map(days => dayAfter(weekOf(date, first), days))
  const begin = weekOf(`${date.slice(0, 7)}-01`, first)
  const last = dayAfter(monthAfter(date, 1), -1)
  const weeks = Math.ceil((Date.parse(last) - Date.parse(begin) + 1) / (7 * 86_400_000))
  return range(weeks * 7).map(days => dayAfter(begin, days))
}

/** The date to look at when somebody goes on, or back. */
export function dateAfter(view: View, date: string, steps: number) {
  if (view === 'month') return monthAfter(date, steps)
  return dayAfter(date, steps * (view === 'day' ? 1 : view === 'week' ? 7 : 14))
}

/** The first of another month. */
function monthAfter(date: string, months: number) {
  const [year = 0, month = 1] = date.split('-').map(Number)
  return new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 10)
}

function weekOf(date: string, first: number) {
  return dayAfter(date, -((weekdayOf(date) - first + 7) % 7))
}

/** From the first moment of the first to the last of the last. */
export function spanOf(dates: string[], zone: string) {
  return { since: startOfDay(dates[0]!, zone), until: startOfDay(dayAfter(dates.at(-1)!, 1), zone) }
}

type WithWeeks = Intl.Locale & { getWeekInfo?: () => { firstDay: number }; weekInfo?: { firstDay: number } }

/** With which day a week begins where the reader is: 1 is Monday, and Monday where browsers do not say. */
export function firstWeekday() {
  const locale = new Intl.Locale(navigator.language) as WithWeeks
  return (locale.getWeekInfo?.() ?? locale.weekInfo)?.firstDay ?? 1
}

const day_format = new Intl.DateTimeFormat(undefined, {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
})
const short_format = new Intl.DateTimeFormat(undefined, {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
})
const span_format = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })
const month_format = new Intl.DateTimeFormat(undefined, { month: 'long', year: 'numeric', timeZone: 'UTC' })
const weekday_format = new Intl.DateTimeFormat(undefined, { weekday: 'short', timeZone: 'UTC' })

/** "Thu 12 Mar 2026", "9 – 15 Mar 2026", "March 2026" */
export function titleOf(view: View, date: string, dates: string[]) {
  if (view === 'day') return short_format.format(Date.parse(date))
  if (view === 'month') return month_format.format(Date.parse(date))
  return span_format.formatRange(Date.parse(dates[0]!), Date.parse(dates.at(-1)!))
}

export const weekdayName = (date: string) => weekday_format.format(Date.parse(date))

export const longDate = (date: string) => day_format.format(Date.parse(date))
