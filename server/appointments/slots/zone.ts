import { Temporal } from 'temporal-polyfill'
import type { Span } from './span.ts'

/** A stretch of time in which the clocks of a zone are not changed: what they show is the instant and `offset`, in ms. */
export type Steady = Span & { offset: number }

/** The stretches of a zone that cover a span, one after the other. */
export function steadyTimes(time_zone: string, { from, until }: Span): Steady[] {
  const steady: Steady[] = []
  let here = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(time_zone)
  for (;;) {
    const change = here.getTimeZoneTransition('next')
    const end = change ? Math.min(change.epochMilliseconds, until) : until
    steady.push({ from: here.epochMilliseconds, until: end, offset: here.offsetNanoseconds / 1e6 })
    if (!change || end === until) return steady
    here = change
  }
}

/**
 * When the clocks show a time from `opens` on and before `closes` (both as if it were UTC, in ms). What the clocks leave out is
 * not there, and what they show twice is there twice: so the hours of the day on which they change are as long as they really are.
 */
export function instantsOf(steady: Steady[], opens: number, closes: number): Span[] {
  const spans: Span[] = []
  for (const { from, until, offset } of steady) {
    const span = { from: Math.max(from, opens - offset), until: Math.min(until, closes - offset) }
    const last = spans.at(-1)
    if (span.until <= span.from) continue
    if (last?.until === span.from) last.until = span.until
    else spans.push(span)
  }
  return spans
}

/** The day that a calendar on the wall shows, in days since 1970. */
export function dayOf(steady: Steady[], at: number): number {
  const { offset } = steady.find(({ until }) => at < until) ?? steady.at(-1)!
  return Math.floor((at + offset) / DAY)
}

export const MINUTE = 60_000
export const DAY = 86_400_000
