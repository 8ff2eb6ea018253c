import { expect, test } from 'vitest'
import { gapOf, momentOf, startOfDay, wallOf } from './zones.ts'

const NEW_YORK = 'America/New_York'

test('a moment is what the clock on the wall of the zone shows', () => {
  expect(wallOf('2026-07-01T13:30:00Z', NEW_YORK)).toEqual({ date: '2026-07-01', minutes: 9 * 60 + 30 })
  expect(wallOf('2026-01-01T03:15:00Z', NEW_YORK)).toEqual({ date: '2025-12-31', minutes: 22 * 60 + 15 })
  expect(wallOf('2026-07-01T18:45:00Z', 'Asia/Kathmandu')).toEqual({ date: '2026-07-02', minutes: 30 })
})

test('what the clock shows is a moment again, past midnight too', () => {
  expect(momentOf({ date: '2026-07-01', minutes: 570 }, NEW_YORK)).toEqual({
    at: '2026-07-01T13:30:00.000Z',
    gap: false,
    second: null,
  })
  expect(momentOf({ date: '2026-07-01', minutes: 1440 + 30 }, NEW_YORK).at).toBe('2026-07-02T04:30:00.000Z')
})

test('a time that a day does not have is the one after the gap, and said to be none', () => {
  expect(momentOf({ date: '2026-03-08', minutes: 150 }, NEW_YORK)).toEqual({
    at: '2026-03-08T07:30:00.000Z',
    gap: true,
    second: null,
  })
  expect(gapOf('2026-03-08', NEW_YORK)).toEqual({ from: 120, to: 180 })
  expect(gapOf('2026-03-09', NEW_YORK)).toBeNull()
  expect(gapOf('2026-11-01', NEW_YORK)).toBeNull()
})

test('a time that comes twice is the first, and the second is told', () => {
  expect(momentOf({ date: '2026-11-01', minutes: 90 }, NEW_YORK)).toEqual({
    at: '2026-11-01T05:30:00.000Z',
    gap: false,
    second: '2026-11-01T06:30:00.000Z',
  })
})

test('a day begins at its first moment, where midnight is left out too', () => {
  expect(startOfDay('2026-03-08', NEW_YORK)).toBe('2026-03-08T05:00:00.000Z')
  expect(startOfDay('2026-03-09', NEW_YORK)).toBe('2026-03-09T04:00:00.000Z')
  expect(startOfDay('2024-03-31', 'Asia/Beirut')).toBe('2024-03-30T22:00:00.000Z')
  expect(gapOf('2024-03-31', 'Asia/Beirut')).toEqual({ from: 0, to: 60 })
})
