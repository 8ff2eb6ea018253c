import type { Slot } from '../../../shared/appointments.ts'
import { type Calendar, fullDays, type Kept, openHours, takenTimes } from './calendar.ts'
import { joinSpans, type Span, withoutSpans } from './span.ts'
import { DAY, dayOf, MINUTE, type Steady, steadyTimes } from './zone.ts'

/** In ms and minutes; `from` and `until` are when a slot may begin. */
export type Wanted = Span & Kept & { duration_minutes: number; interval_minutes: number; notice_minutes: number; now: number }

/**
 * When somebody of these people has time, in order, and who. Slots begin with each of their hours and then every
 * `interval_minutes`, as time really passes; they may run on into hours that follow at once, so across midnight too.
 */
export function freeSlots(calendars: Calendar[], wanted: Wanted): Slot[] {
  const zones = new Map<string, Steady[]>()
  const found = new Map<number, number[]>()
  for (const calendar of calendars) {
    const { time_zone, user_id } = calendar
    if (time_zone === null || !calendar.bookable) continue
    // Two days around it: hours of the day before may still run, and a day may have 25 hours.
    const steady = zones.get(time_zone) ?? steadyTimes(time_zone, { from: wanted.from - 2 * DAY, until: wanted.until + 3 * DAY })
    zones.set(time_zone, steady)
    for (const at of startsOf(calendar, steady, wanted)) {
      const others = found.get(at)
      if (others) others.push(user_id)
      else found.set(at, [user_id])
    }
  }
  return [...found]
    .sort(([one], [other]) => one - other)
    .map(([at, user_ids]) => ({
      starts_at: new Date(at).toISOString(),
      ends_at: new Date(at + wanted.duration_minutes * MINUTE).toISOString(),
      user_ids,
    }))
}

function startsOf(calendar: Calendar, steady: Steady[], wanted: Wanted): number[] {
  const length = wanted.duration_minutes * MINUTE
  const step = wanted.interval_minutes * MINUTE
  const first = Math.max(wanted.from, earliest(calendar, wanted))
  const open = openHours(calendar, steady, { from: wanted.from - DAY, until: wanted.until + 2 * DAY })
  const free = withoutSpans(joinSpans(open), takenTimes(calendar, wanted))
  const full = fullDays(calendar, steady)
  const starts: number[] = []
  let k = 0
  for (const { from, until } of open) {
    const skipped = Math.max(0, Math.ceil((first - from) / step))
    for (let at = from + skipped * step; at < until && at < wanted.until; at += step) {
      while (k < free.length && free[k]!.until < at + length) k++
      if (k === free.length) return starts
      if (free[k]!.from <= at && !full.has(dayOf(steady, at))) starts.push(at)
    }
  }
  return starts
}

/** The larger notice of the person and the type counts, in hours that really pass. */
export function earliest({ notice_minutes }: Calendar, wanted: { now: number; notice_minutes: number }): number {
  return wanted.now + Math.max(notice_minutes, wanted.notice_minutes) * MINUTE
}
