import { expect, test } from 'vitest'
import { changeOf } from './change.ts'

test.each([
  [10, 10, undefined],
  [0, 0, undefined],
  [12, 10, '+20 %'],
  [7, 10, '−30 %'],
  [5, 0, undefined],
  [0, 5, '−100 %'],
  [1001, 1000, '+<1 %'],
  [120, 10, '×12'],
  [5, -5, undefined],
  [-5, 10, '−150 %'],
])('%d after %d is %s', (now, before, words) => expect(changeOf(now, before)?.words).toBe(words))
