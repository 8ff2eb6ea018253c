import { expect, test } from 'vitest'
import { ATTEMPT_DELAYS } from '../../../shared/attempt-delays.ts'
import { endpointWords, eventsWords, percent, scheduleWords, span } from './words.ts'

test('says schedules of attempts with their total time', () => {
  expect(scheduleWords([...ATTEMPT_DELAYS.default])).toBe('Three attempts within 30 s: at once, then after 5 s and 25 s.')
  expect(scheduleWords([...ATTEMPT_DELAYS.long])).toBe(
    'Eight attempts within 23 h 35 min: at once, then after 5 s, 5 min, 30 min, 2 h, 4 h, 6 h and 11 h.',
  )
  expect(scheduleWords([60])).toBe('Two attempts within 1 min: at once, then after 1 min.')
  expect(scheduleWords([])).toBe('One attempt, at once. What fails is given up.')
})

test.each([
  [0, '0 s'],
  [90, '1 min 30 s'],
  [86_400, '1 day'],
  [2 * 86_400 + 3661, '2 days 1 h'],
])('%d seconds are "%s"', (seconds, words) => expect(span(seconds)).toBe(words))

test('names two events and counts the rest', () => {
  expect(eventsWords(['*'])).toBe('Everything')
  expect(eventsWords(['registration', 'contact.*', 'a', 'b'])).toBe('registration, contact.* and 2 more')
})

test('never rounds a failure away', () => {
  expect([1, 0.999_999, 0.99, 0.5, 0.004, 0].map(percent)).toEqual(['100 %', '99.9 %', '99.0 %', '50.0 %', '0.4 %', '0 %'])
})

test('says who paused an endpoint, and that an active one fails', () => {
  const health = { failing_since: null } as never
  const failing = { failing_since: '2026-03-01T00:00:00Z' } as never
  expect(endpointWords({ state: 'paused', paused_by: 'gone', health }).label).toBe('Paused: gone')
  expect(endpointWords({ state: 'paused', paused_by: 'person', health: failing }).label).toBe('Paused')
  expect(endpointWords({ state: 'active', paused_by: null, health: failing }).label).toBe('Failing')
  expect(endpointWords({ state: 'active', paused_by: null, health }).label).toBe('Active')
})
