import type { Static } from 'typebox'
import type { EndpointHours } from '../../../../shared/webhooks.ts'

export type Bucket = { at: string; delivered: number; failed: number }
type Hours = Static<typeof EndpointHours>['data']

const HOUR = 3_600_000

/** How many hours one column stands for, so that there are two to three dozen of them. */
export const HOURS_EACH: Record<number, number> = { 1: 1, 7: 6, 30: 24 }

/** Attempts by hour, put together into columns that end now, the empty ones among them. */
export function bucketHours(hours: Hours, days: number, now: number): Bucket[] {
  const each = (HOURS_EACH[days] ?? 24) * HOUR
  const end = Math.ceil((now + 1) / HOUR) * HOUR
  const first = end - days * 24 * HOUR
  const buckets = Array.from({ length: (end - first) / each }, (_, index) => ({
    at: new Date(first + index * each).toISOString(),
    delivered: 0,
    failed: 0,
  }))
  for (const { hour, attempts, successes } of hours) {
    const bucket = buckets[Math.floor((Date.parse(hour) - first) / each)]
    if (!bucket) continue
    bucket.delivered += successes
    bucket.failed += attempts - successes
  }
  return buckets
}
