import { expect, test } from 'vitest'
import { ahead, duration, relative } from './times.ts'

const now = Date.parse('2026-03-10T12:00:00Z')
const ago = (seconds: number) => relative(new Date(now - seconds * 1000).toISOString(), now)

test.each([
  [5, 'now'],
  [60, '1 min ago'],
  [3_599, '59 min ago'],
  [7_200, '2 h ago'],
  [90_000, 'yesterday'],
  [3 * 86_400, '3 days ago'],
])('%d seconds ago is "%s"', (seconds, words) => expect(ago(seconds)).toBe(words))

test('names the year only when it is another one', () => {
  expect(ago(30 * 86_400)).not.toContain('2026')
  expect(ago(365 * 86_400)).toContain('2025')
})

test('says how long a visit took in the two largest units', () => {
  expect([duration(400), duration(45_000), duration(720_000), duration(4_800_000)]).toEqual([
    '1 s',
    '45 s',
    '12 min',
    '1 h 20 min',
  ])
})

test.each([
  [-5, 'now'],
  [0.4, 'now'],
  [19.2, 'in 20 s'],
  [300, 'in 5 min'],
  [7_200, 'in 2 h'],
])('what is due in %d seconds is due "%s"', (seconds, words) => {
  expect(ahead(new Date(now + seconds * 1000).toISOString(), now)).toBe(words)
})
