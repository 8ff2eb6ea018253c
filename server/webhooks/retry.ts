import { ATTEMPT_DELAYS } from '../../shared/attempt-delays.ts'
import type { ATTEMPT_SCHEDULES } from '../../shared/webhooks.ts'

type Schedule = (typeof ATTEMPT_SCHEDULES)[number]

/** Seconds before the second, the third ... attempt of an endpoint. */
export function delaysOf(schedule: Schedule, attempt_delays: number[] | null): readonly number[] {
  return schedule === 'custom' ? (attempt_delays ?? []) : ATTEMPT_DELAYS[schedule]
}

/**
 * How many milliseconds after the end of an attempt the next one may be made; null when that was the last. `attempt` is its number
 * in this round, from 1. What chance adds, so that deliveries which failed together do not come back together, is only ever added:
 * never earlier than the schedule, nor than the receiver asked for.
 */
export function waitAfter(
  delays: readonly number[],
  attempt: number,
  retry_after: number | null,
  chance = Math.random(),
): number | null {
  const delay = delays[attempt - 1]
  if (delay === undefined) return null
  return Math.max(delay * (1 + JITTER * chance), retry_after ?? 0) * 1000
}

const JITTER = 0.1
