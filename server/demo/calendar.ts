import { type Home, settle } from './places.ts'
import { type Random, randomOf } from './random.ts'

export const DAY = 86_400_000
export const HOUR = 3_600_000

/** The days that are told: whole UTC days, the last one up to `until`. */
export type Period = { from: number; until: number; days: number }

/** Somebody who will come: when, from where, and with which dice. */
export type Arrival = { number: number; at: number; home: Home; random: Random }

export function periodOf(until: number, days: number): Period {
  return { from: Math.floor(until / DAY) * DAY - (days - 1) * DAY, until, days }
}

/** Everybody in the order in which they come. Word spreads, so twice as many come at the end; and bread is a thing of Sundays. */
export function arrivals(seed: string, people: number, { from, days }: Period): Arrival[] {
  const weights = Array.from({ length: days }, (_, day) => [1 + day / days, day] as const).map(
    ([growth, day]) => [growth * WEEK[new Date(from + day * DAY).getUTCDay()]! * surge(day / days), day] as const,
  )
  return Array.from({ length: people }, (_, number) => {
    const random = randomOf(seed, number)
    const home = settle(random)
    const [, day] = random.weighted(weights)
    return { number, at: momentOf(random, from + day * DAY, home), home, random }
  }).sort((one, other) => one.at - other.at || one.number - other.number)
}

/** A time on the UTC day that begins at `day`, when people where somebody lives sit at a screen. */
export function momentOf(random: Random, day: number, { utc_offset }: Home): number {
  const [, hour] = random.weighted(HOURS)
  return day + ((hour + random.next() - utc_offset + 24) % 24) * HOUR
}

/** From Sunday to Saturday. */
const WEEK = [1.5, 1.1, 0.9, 0.85, 1.0, 0.8, 1.25]

/** Two episodes of the podcast, and the letter that opens the season. */
function surge(progress: number) {
  if (Math.abs(progress - 0.52) < 0.025) return 1.8
  if (Math.abs(progress - 0.83) < 0.03) return 1.6
  return 1
}

const HOURS = [1, 0.5, 0.3, 0.2, 0.2, 0.5, 1.5, 3, 3.5, 4, 4, 4, 4.5, 4, 3.5, 3.5, 4, 5, 6, 8, 9.5, 8.5, 5, 2.5].map(
  (weight, hour) => [weight, hour] as const,
)
