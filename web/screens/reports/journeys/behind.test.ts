import { expect, test } from 'vitest'
import { behindOf } from './behind.ts'

test('an address says whose people are looked at', () => {
  expect(behindOf('step:viewed')).toEqual({ title: 'Viewed', search: { step: 'viewed' } })
  expect(behindOf('dropped:offer_viewed')).toEqual({
    title: 'Watched 75%, but not: offer viewed',
    search: { step: 'offer_viewed', dropped: true },
  })
  expect(behindOf('segment:hot')).toEqual({ title: 'Hot', search: { segment: 'hot' } })
  expect(behindOf('within:day')).toEqual({ title: 'Converted: within a day', search: { within: 'day' } })
  expect(behindOf('percent:10-19')).toEqual({ title: 'Watched 10 to 19%', search: { percent_from: 10, percent_to: 19 } })
  expect(behindOf('percent:0-0')?.title).toBe('Watched nothing')
})

test('anything else in an address is nobody', () => {
  for (const odd of [
    undefined,
    '',
    'step:',
    'step:flew',
    'dropped:registered',
    'percent:0-101',
    'percent:a-b',
    'segment:cold',
    'within:year',
  ]) {
    expect(behindOf(odd)).toBeUndefined()
  }
})
