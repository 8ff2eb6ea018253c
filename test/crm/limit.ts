/** So many requests in each stretch of time. */
export type Limit = { requests: number; per_ms: number }

/** Counts from the first request of a window; the next begins when it is over. */
export function openLimit({ requests, per_ms }: Limit) {
  let ends_at = 0
  let left = requests
  return () => {
    const now = Date.now()
    if (now >= ends_at) {
      ends_at = now + per_ms
      left = requests
    }
    left--
    return { is_over: left < 0, remaining: Math.max(0, left), ends_at, wait_ms: ends_at - now }
  }
}
