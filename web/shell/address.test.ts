import { expect, test } from 'vitest'
import { asked, oneOf, text, whole, zone } from './address.ts'

test('what cannot be read is there as undefined, so that it hides what stands in the address', () => {
  const read = asked({ tab: oneOf('leads'), days: whole, q: text })
  expect(read({ tab: 'flew', days: '-3', q: 42, more: 'x' })).toStrictEqual({ tab: undefined, days: undefined, q: '42' })
  expect(read({})).toStrictEqual({ tab: undefined, days: undefined, q: undefined })
})

test('a time zone is one that the browser knows', () => {
  expect(['Europe/Berlin', 'UTC', 'Mars', '', 7].map(zone)).toEqual(['Europe/Berlin', 'UTC', undefined, undefined, undefined])
})
