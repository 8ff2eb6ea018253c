import { expect, test } from 'vitest'
import { stepWords, took, unitOf } from './words.ts'

test('says how long a step took in the unit that fits', () => {
  expect([null, 0.4, 59, 90, 3600, 20_000, 172_800, 1_000_000].map(took)).toEqual([
    '–',
    '0 s',
    '59 s',
    '2 min',
    '1 h',
    '5.6 h',
    '2 days',
    '11.6 days',
  ])
})

test('says a step with its conditions', () => {
  expect(stepWords({ event: 'registration' })).toBe('registration')
  const conditions = [
    { property: 'path', operator: 'contains' as const, value: '/pricing' },
    { property: 'plan', operator: 'is_set' as const },
  ]
  expect(stepWords({ event: 'page_viewed', conditions })).toBe('page_viewed where path contains /pricing and plan is known')
})

test('shows a window in the largest unit in which it is a whole number', () => {
  expect([30, 60, 90, 1440, 2160].map(unitOf)).toEqual([1, 60, 1, 1440, 60])
})
