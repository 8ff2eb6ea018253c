import { expect, test } from 'vitest'
import { sameState, stateOf } from './state.ts'

test('of an address is saved what is asked for, not which dashboard it was or whose list is open', () => {
  expect(stateOf({ tab: 'engagement', days: 7, from: undefined, people: 'step:viewed', dashboard: 3 })).toEqual({
    tab: 'engagement',
    days: 7,
  })
})

test('two are the same in whatever order their parts are', () => {
  expect(sameState({ days: 7, steps: [{ event: 'a', is: 1 }] }, { steps: [{ is: 1, event: 'a' }], days: 7 })).toBe(true)
  expect(sameState({ days: 7 }, { days: 30 })).toBe(false)
  expect(sameState({ days: 7 }, { days: 7, compare: false })).toBe(false)
})
