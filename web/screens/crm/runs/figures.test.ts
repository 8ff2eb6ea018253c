import { expect, test } from 'vitest'
import { leftWords, paceWords, percentOf } from '../../../ui/pace.ts'
import { failuresOf } from './figures.ts'

test('counts whom a person has to look at, not who is on the way or there', () => {
  const counts = { NotChecked: 5, OkResponse: 1, WroteSalesforceAppUserUid: 100, WroteNotFound: 3, DbWriteOkErrorLogged: 1 }
  expect(failuresOf({ counts })).toBe(4)
})

test('a run of nobody is done when it ended', () => {
  expect(percentOf({ done: 0, total: 0, state: 'done' })).toBe(100)
  expect(percentOf({ done: 0, total: null, state: 'running' })).toBe(0)
  expect(percentOf({ done: 30, total: 120, state: 'running' })).toBe(25)
})

test.each([
  [412.4, '412 a second'],
  [3.54, '3.5 a second'],
  [0.2, '12 a minute'],
  [0.001, '1 a minute'],
])('says %s a second as %s', (per_second, words) => {
  expect(paceWords(per_second)).toBe(words)
})

test('says how much time is left in the unit that fits', () => {
  expect(leftWords(42)).toBe('42 s left')
  expect(leftWords(4800)).toBe('1 h 20 min left')
})
