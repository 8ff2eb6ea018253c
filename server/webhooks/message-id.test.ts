import { expect, test } from 'vitest'
import { firstIdAt, newMessageId } from './message-id.ts'

const DAY = 86_400_000

test('ids are in the order of their times, also where the number of digits grows', () => {
  const times = [0, 1, 35, 36, Date.now() - DAY, Date.now(), 36 ** 8 - 1, 36 ** 8, 36 ** 8 + 3000 * DAY]
  const ids = times.map(newMessageId)
  expect(ids.toSorted()).toEqual(ids)
})

test('a time is a bound: what was made before has a smaller id, what is made then or later none', () => {
  const now = Date.now()
  expect(newMessageId(now - 1) < firstIdAt(now)).toBe(true)
  expect(newMessageId(now) >= firstIdAt(now)).toBe(true)
  expect(newMessageId(now + 1) >= firstIdAt(now)).toBe(true)
})

test('no two are alike, and none has a dot, which separates the parts of what is signed', () => {
  const ids = new Set(Array.from({ length: 10_000 }, () => newMessageId()))
  expect(ids.size).toBe(10_000)
  expect([...ids].join('')).toMatch(/^[a-z0-9_]+$/)
})
