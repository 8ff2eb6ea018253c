import { expect, test } from 'vitest'
import { takeLeave } from './rate.ts'

/** When it would be sent, by somebody who asks each millisecond for so long. */
function sent(limit: number, from: number, to: number, rate = { next: 0 }) {
  const times: number[] = []
  for (let now = from; now < to; now++) while (takeLeave(rate, limit, now)) times.push(now)
  return times
}

test('in no span of time more is sent than the limit and one second of it', () => {
  for (const limit of [1, 7, 60, 90, 600, 6000]) {
    const times = sent(limit, 500_000, 680_000)
    const burst = Math.max(1, Math.floor(limit / 60))
    for (const span of [50, 1000, 10_000, 60_000, 120_000]) {
      for (const [k, from] of times.entries()) {
        const count = times.findIndex((time, j) => j >= k && time >= from + span)
        if (count < 0) break
        expect(count - k, `${limit} a minute, in ${span} ms`).toBeLessThanOrEqual(burst + (span * limit) / 60_000)
      }
    }
    // And not less, either, but for what the first moment gives in advance.
    expect(times.length).toBeGreaterThanOrEqual(3 * limit)
  }
})

test('after a pause no more is sent at once than comes together in a second', () => {
  const rate = { next: -3_600_000 }
  expect(sent(600, 0, 1, rate)).toHaveLength(10)
  expect(sent(600, 3_600_000, 3_600_001, rate)).toHaveLength(10)
})
