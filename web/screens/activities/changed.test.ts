import { expect, test } from 'vitest'
import { changed, isTime } from './changed.ts'

test('a no that somebody said is a change, and a flag that begins with no is none', () => {
  expect(changed({ granted: null }, { granted: false, purpose: 'marketing' })).toEqual(['granted', 'purpose'])
  expect(changed({}, { is_test: false, is_pinned: true })).toEqual(['is_pinned'])
  expect(changed({ is_test: true }, { is_test: false })).toEqual(['is_test'])
})

test('what stands beside it is not said again, nor what stayed as it was', () => {
  expect(changed({ id: 1, stage: 'lead', tags: ['a'] }, { id: 2, stage: 'engaged', tags: ['a'] })).toEqual(['stage'])
})

test.each(['2026-03-10T12:00:00Z', '2026-03-10T12:00:00.123456+00:00'])('%s is a time', text => {
  expect(isTime(text)).toBe(true)
})

test.each([
  '2026-05-01T10:00 called back',
  '2026-05-01T10:00Z called, no answer',
  '2026-05-01Team meeting',
  '2026-05-01T25:00Z',
  '2026-05-01',
])('%s is what somebody wrote', text => {
  expect(isTime(text)).toBe(false)
})
