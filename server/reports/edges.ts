import { Temporal } from 'temporal-polyfill'
import type { Period } from './period.ts'

/**
 * A period and the one before it, in the days of any zone, over sums by day in UTC: the days that lie in one of them as a whole, and the
 * rest, the `edges`, of which the rows themselves are read. Times are in UTC, days are those of UTC.
 */
export type Spans = {
  previous_begins: string
  begins: string
  ends: string
  /** Whole days are from here, */
  first_day: string
  /** until before here, but for the edges. */
  last_day: string
  /** From this day on they are of the period, and not of the one before. */
  own_day: string
  edges: string[]
}

const DAY_MS = 86_400_000

export function spansOf({ previous_from, from, to }: Pick<Period, 'previous_from' | 'from' | 'to'>, time_zone: string): Spans {
  const bounds = [beginOf(previous_from, time_zone), beginOf(from, time_zone), beginOf(to, time_zone, 1)] as const
  const [previous_begins, begins, ends] = bounds
  return {
    previous_begins: new Date(previous_begins).toISOString(),
    begins: new Date(begins).toISOString(),
    ends: new Date(ends).toISOString(),
    first_day: dayOf(previous_begins + DAY_MS - 1),
    last_day: dayOf(ends),
    own_day: dayOf(begins + DAY_MS - 1),
    edges: [...new Set(bounds.filter(bound => bound % DAY_MS !== 0).map(dayOf))],
  }
}

function beginOf(day: string, time_zone: string, days_later = 0): number {
  return Temporal.PlainDate.from(day).add({ days: days_later }).toZonedDateTime(time_zone).epochMilliseconds
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}
