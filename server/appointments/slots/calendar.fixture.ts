import type { Calendar } from './calendar.ts'
import type { Wanted } from './free.ts'
import { MINUTE } from './zone.ts'

/** Somebody who works from `opens` to `closes` on every day of the week. */
export function everyDay(opens: string, closes: string): Calendar['hours'] {
  return [1, 2, 3, 4, 5, 6, 7].map(weekday => ({ weekday, opens: minutes(opens), closes: minutes(closes) }))
}

export function calendarOf(time_zone: string, given: Partial<Calendar> = {}): Calendar {
  return {
    user_id: 1,
    time_zone,
    bookable: true,
    before_minutes: 0,
    after_minutes: 0,
    notice_minutes: 0,
    daily_limit: null,
    hours: [],
    dates: new Map(),
    absences: [],
    booked: [],
    elsewhere: [],
    busy: [],
    starts: [],
    ...given,
  }
}

/** Long before it, an hour long, every hour, and nothing kept free. */
export function wantedOf(since: string, until: string, given: Partial<Wanted> = {}): Wanted {
  return {
    from: Date.parse(since),
    until: Date.parse(until),
    duration_minutes: 60,
    interval_minutes: 60,
    before_minutes: 0,
    after_minutes: 0,
    notice_minutes: 0,
    now: Date.parse('2000-01-01T00:00:00Z'),
    ...given,
  }
}

/** From an instant on, for so many minutes. */
export function span(from: string, length: number) {
  return { from: Date.parse(from), until: Date.parse(from) + length * MINUTE }
}

/** What a clock of the zone shows then, by the platform's own calendar: 2026-03-08 09:00. */
export function wallClock(time_zone: string, at: string | number): string {
  const format = clocks.get(time_zone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone: time_zone, ...FIELDS })
  clocks.set(time_zone, format)
  return format.format(new Date(at))
}

const clocks = new Map<string, Intl.DateTimeFormat>()
const FIELDS = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const

function minutes(text: string) {
  const [hours = 0, rest = 0] = text.split(':').map(Number)
  return hours * 60 + rest
}
