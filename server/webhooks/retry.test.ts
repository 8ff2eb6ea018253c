import { expect, test } from 'vitest'
import { readRetryAfter } from '../egress/retry-after.ts'
import { delaysOf, waitAfter } from './retry.ts'

test('the next attempt comes by the schedule or up to a tenth later, never earlier', () => {
  const delays = delaysOf('default', null)
  for (const [attempt, delay] of delays.entries()) {
    for (let n = 0; n < 1000; n++) {
      const wait = waitAfter(delays, attempt + 1, null)!
      expect(wait).toBeGreaterThanOrEqual(delay * 1000)
      expect(wait).toBeLessThanOrEqual(delay * 1100)
    }
  }
  expect(waitAfter(delays, 1, null, 0)).not.toBe(waitAfter(delays, 1, null, 0.5))
})

test('three attempts by default, eight over a day, or as many as the endpoint says', () => {
  const attempts = (delays: readonly number[]) => {
    let attempt = 1
    while (waitAfter(delays, attempt, null) !== null) attempt++
    return attempt
  }
  expect(attempts(delaysOf('default', null))).toBe(3)
  expect(attempts(delaysOf('long', null))).toBe(8)
  expect(attempts(delaysOf('custom', [1, 2, 3, 4]))).toBe(5)
  expect(attempts(delaysOf('custom', []))).toBe(1)
})

test('Retry-After holds the next attempt back, and does not bring it forward', () => {
  expect(waitAfter([5], 1, 60, 0)).toBe(60_000)
  expect(waitAfter([300], 1, 60, 0)).toBe(300_000)
})

test('Retry-After is read as seconds or as a date, of 429 and 503 alone, up to a day', () => {
  const now = Date.UTC(2026, 0, 2, 3, 4, 5)
  expect(readRetryAfter(429, '120', now)).toBe(120)
  expect(readRetryAfter(503, ' 7 ', now)).toBe(7)
  expect(readRetryAfter(503, 'Fri, 02 Jan 2026 03:05:05 GMT', now)).toBe(60)
  expect(readRetryAfter(503, 'Thu, 01 Jan 2026 00:00:00 GMT', now)).toBeNull()
  expect(readRetryAfter(429, '999999999999', now)).toBe(86_400)
  for (const nothing of ['', 'soon', '-5', '1e9x', undefined]) expect(readRetryAfter(429, nothing, now)).toBeNull()
  for (const status of [200, 301, 400, 500, 502]) expect(readRetryAfter(status, '120', now)).toBeNull()
})
