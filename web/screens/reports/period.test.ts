import { expect, test } from 'vitest'
import { periodOf } from './period.ts'

const now = Date.parse('2026-03-30T23:30:00Z')

test('thirty days end with the present day in UTC, and are shown day by day', () => {
  expect(periodOf({}, now)).toEqual({ from: '2026-03-01', to: '2026-03-30', interval: 'day' })
})

test('a longer period is shown in weeks or months, unless somebody asked for another', () => {
  expect(periodOf({ days: 90 }, now)).toEqual({ from: '2025-12-31', to: '2026-03-30', interval: 'week' })
  expect(periodOf({ days: 365 }, now).interval).toBe('month')
  expect(periodOf({ days: 365, interval: 'day' }, now).interval).toBe('day')
})

test('two days that are named are the period', () => {
  expect(periodOf({ from: '2026-01-01', to: '2026-01-07' }, now)).toEqual({
    from: '2026-01-01',
    to: '2026-01-07',
    interval: 'day',
  })
})
