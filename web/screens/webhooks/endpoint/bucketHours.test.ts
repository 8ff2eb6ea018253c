import { expect, test } from 'vitest'
import { bucketHours } from './bucketHours.ts'

const now = Date.parse('2026-03-10T12:34:00Z')
const hour = (at: string, attempts: number, successes: number) => ({ hour: at, attempts, successes, given_up: 0 })

test('shows a day by hours, the present one last, and those without attempts as empty', () => {
  const buckets = bucketHours([hour('2026-03-10T12:00:00Z', 5, 3), hour('2026-03-09T13:00:00Z', 2, 2)], 1, now)
  expect(buckets).toHaveLength(24)
  expect(buckets.at(-1)).toEqual({ at: '2026-03-10T12:00:00.000Z', delivered: 3, failed: 2 })
  expect(buckets[0]).toEqual({ at: '2026-03-09T13:00:00.000Z', delivered: 2, failed: 0 })
  expect(buckets.filter(({ delivered }) => delivered > 0)).toHaveLength(2)
})

test('puts hours together for a week and a month', () => {
  const hours = [hour('2026-03-10T12:00:00Z', 1, 1), hour('2026-03-10T07:00:00Z', 2, 1), hour('2026-03-10T06:00:00Z', 4, 4)]
  expect(bucketHours(hours, 7, now)).toHaveLength(28)
  expect(bucketHours(hours, 7, now).slice(-2)).toEqual([
    { at: '2026-03-10T01:00:00.000Z', delivered: 4, failed: 0 },
    { at: '2026-03-10T07:00:00.000Z', delivered: 2, failed: 1 },
  ])
  expect(bucketHours(hours, 30, now).at(-1)).toEqual({ at: '2026-03-09T13:00:00.000Z', delivered: 6, failed: 1 })
})

test('leaves out what is older or newer than what is shown', () => {
  const hours = [hour('2026-03-09T12:00:00Z', 1, 1), hour('2026-03-10T13:00:00Z', 1, 1)]
  expect(bucketHours(hours, 1, now).some(({ delivered }) => delivered > 0)).toBe(false)
})
