import { expect, test } from 'vitest'
import { dateAfter, datesOf } from './dates.ts'

test('a week begins with the day that it begins with where the reader is', () => {
  expect(datesOf('week', '2026-03-12', 1)).toEqual(['09', '10', '11', '12', '13', '14', '15'].map(day => `2026-03-${day}`))
  expect(datesOf('week', '2026-03-15', 7)[0]).toBe('2026-03-15')
  expect(datesOf('week', '2026-03-15', 1)[0]).toBe('2026-03-09')
})

test('a month is shown in whole weeks', () => {
  const march = datesOf('month', '2026-03-12', 1)
  expect([march[0], march.at(-1), march.length]).toEqual(['2026-02-23', '2026-04-05', 42])
  expect(datesOf('month', '2026-02-12', 7).length).toBe(28)
})

test('going on from the end of a long month comes to the next one', () => {
  expect(dateAfter('month', '2026-01-31', 1)).toBe('2026-02-01')
  expect(dateAfter('month', '2026-01-31', -1)).toBe('2025-12-01')
  expect(dateAfter('week', '2026-12-30', 1)).toBe('2027-01-06')
  expect(dateAfter('day', '2026-03-01', -1)).toBe('2026-02-28')
})
