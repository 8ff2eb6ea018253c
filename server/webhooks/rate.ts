/** Milliseconds of `performance.now()` from which on the next one may be sent. */
export type Rate = { next: number }

/**
 * Takes leave to send one, when the limit (a minute) allows it now: as many at once as come together in a second, but at least one,
 * and never more than that and the limit in any time. A bucket written as the one moment at which it has something again.
 */
export function takeLeave(rate: Rate, limit: number, now: number): boolean {
  if (now < rate.next) return false
  const pause = 60_000 / limit
  const burst = Math.max(1, Math.floor(limit / 60))
  rate.next = Math.max(rate.next, now - (burst - 1) * pause) + pause
  return true
}
