import { joinSpans, type Span } from './span.ts'
import { DAY, dayOf, instantsOf, MINUTE, type Steady } from './zone.ts'

/** Of one day, in minutes of what the clock shows; 1440 is its end. */
export type Hours = { opens: number; closes: number }

/** All that says when somebody has time. Null as a time zone: nobody said when they work. */
export type Calendar = {
  user_id: number
  time_zone: string | null
  bookable: boolean
  before_minutes: number
  after_minutes: number
  notice_minutes: number
  daily_limit: number | null
  /** 1 is Monday. */
  hours: (Hours & { weekday: number })[]
  /** By day since 1970: on that date the hours are these instead. */
  dates: Map<number, Hours[]>
  absences: Span[]
  /** What appointments of this workspace take, with what is kept free around them. */
  booked: Span[]
  /** What they have in other workspaces, with what is kept free around it there. */
  elsewhere: Span[]
  /** What their own calendar says. */
  busy: Span[]
  /** When their appointments of this workspace begin: what the daily limit counts. */
  starts: number[]
}

/** What is asked for. Minutes kept free are the type's; the larger of these and the person's count. */
export type Kept = { before_minutes: number; after_minutes: number }

/** When somebody works: one span for each of their hours on each date, in order. Two that touch are two: a grid begins with each. */
export function openHours({ hours, dates }: Calendar, steady: Steady[], { from, until }: Span): Span[] {
  const open: Span[] = []
  for (let day = dayOf(steady, from) - 1; day <= dayOf(steady, until) + 1; day++) {
    const weekday = ((((day + 3) % 7) + 7) % 7) + 1
    const today = dates.get(day) ?? hours.filter(each => each.weekday === weekday)
    for (const { opens, closes } of today) {
      open.push(...instantsOf(steady, day * DAY + opens * MINUTE, day * DAY + closes * MINUTE))
    }
  }
  return open.filter(span => span.from < until && from < span.until).sort((a, b) => a.from - b.from)
}

/**
 * What an appointment must not lie in. What is booked has what is kept free around it already; around the new one, its own is kept
 * free as well. Hours and absences are no meetings: a meeting may begin with the first minute of the day.
 */
export function takenTimes(calendar: Calendar, kept: Kept): Span[] {
  const { before, after } = around(calendar, kept)
  const others = [...calendar.booked, ...calendar.elsewhere, ...calendar.busy]
  return joinSpans([...calendar.absences, ...others.map(({ from, until }) => ({ from: from - after, until: until + before }))])
}

/** In ms: the larger of what the person and the type keep free. */
export function around(calendar: Calendar, { before_minutes, after_minutes }: Kept) {
  return {
    before: Math.max(calendar.before_minutes, before_minutes) * MINUTE,
    after: Math.max(calendar.after_minutes, after_minutes) * MINUTE,
  }
}

/** The days on which somebody has as many appointments as they want to have. */
export function fullDays({ starts, daily_limit }: Calendar, steady: Steady[]): Set<number> {
  if (daily_limit === null) return new Set()
  const counts = new Map<number, number>()
  for (const at of starts) {
    const day = dayOf(steady, at)
    counts.set(day, (counts.get(day) ?? 0) + 1)
  }
  return new Set([...counts].flatMap(([day, count]) => (count >= daily_limit ? [day] : [])))
}
