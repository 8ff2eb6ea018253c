import { around, type Calendar, fullDays, type Kept, openHours } from './calendar.ts'
import { earliest } from './free.ts'
import { joinSpans, meets } from './span.ts'
import { DAY, dayOf, MINUTE, steadyTimes } from './zone.ts'

export const REASONS = ['not_bookable', 'notice', 'absent', 'outside_hours', 'booked', 'busy_elsewhere', 'daily_limit'] as const
/** Why somebody has no time. */
export type Reason = (typeof REASONS)[number]

/** In ms and minutes. Without a notice, the person's own does not count either: somebody books by hand. */
export type Meeting = Kept & { at: number; duration_minutes: number; notice_minutes: number | undefined; now: number }

/** Null: they are free. Of several reasons the first of the list above. */
export function whyNot(calendar: Calendar, meeting: Meeting): Reason | null {
  const { time_zone } = calendar
  if (time_zone === null || !calendar.bookable) return 'not_bookable'
  const { at, notice_minutes, now } = meeting
  if (notice_minutes !== undefined && at < earliest(calendar, { now, notice_minutes })) return 'notice'
  const span = { from: at, until: at + meeting.duration_minutes * MINUTE }
  if (meets(calendar.absences, span)) return 'absent'
  const steady = steadyTimes(time_zone, { from: at - 3 * DAY, until: span.until + 3 * DAY })
  const open = joinSpans(openHours(calendar, steady, { from: at - DAY, until: span.until + DAY }))
  if (!open.some(({ from, until }) => from <= span.from && span.until <= until)) return 'outside_hours'
  const { before, after } = around(calendar, meeting)
  const wide = { from: span.from - before, until: span.until + after }
  if (meets(calendar.booked, wide)) return 'booked'
  if (meets(calendar.elsewhere, wide) || meets(calendar.busy, wide)) return 'busy_elsewhere'
  return fullDays(calendar, steady).has(dayOf(steady, at)) ? 'daily_limit' : null
}
