import { expect, test } from 'vitest'
import { peopleOf, peopleText, questionOf } from './question.ts'

test('whose names are shown is a text, and back', () => {
  for (const meant of [
    { step: 2, outcome: 'reached' as const, group: undefined },
    { step: 20, outcome: 'dropped' as const, group: '' },
    { step: 1, outcome: 'reached' as const, group: 'a:b' },
    { step: 3, outcome: 'reached' as const, group: null },
  ])
    expect(peopleOf(peopleText(meant))).toEqual(meant)
  for (const nobody of [
    undefined,
    '',
    'reached',
    'reached:',
    'step:viewed',
    'dropped:1',
    'gone:2',
    'reached-others',
    'reached-others:2:x',
  ])
    expect(peopleOf(nobody)).toBeUndefined()
})

test('nothing is asked before there is a step, and not by a property that has no name yet', () => {
  expect(questionOf({})).toBeUndefined()
  expect(questionOf({ steps: 'no JSON' })).toBeUndefined()
  const steps = JSON.stringify([{ event: 'look' }, { colour: 'red' }])
  expect(questionOf({ steps, breakdown: 'property' })).toEqual({ steps: [{ event: 'look' }], window_minutes: 10_080, days: 30 })
  expect(questionOf({ steps, breakdown: 'property', property: 'plan', within: 5, to: '2026-01-31' })).toMatchObject({
    window_minutes: 5,
    to: '2026-01-31',
    breakdown: { by: 'property', property: 'plan' },
  })
})
