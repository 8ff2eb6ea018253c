/** What a 429 or 503 says in Retry-After, in seconds from now: a number of them or a date. At most a day; null when it says nothing. */
export function readRetryAfter(status: number, header: string | undefined, now = Date.now()): number | null {
  if ((status !== 429 && status !== 503) || header === undefined) return null
  const text = header.trim()
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - now) / 1000
  return seconds > 0 ? Math.min(seconds, LONGEST_WAIT) : null
}

const LONGEST_WAIT = 86_400
