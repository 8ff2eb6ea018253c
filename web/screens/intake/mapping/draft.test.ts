import { expect, test } from 'vitest'
import type { IntakeKey } from '../../../../shared/intake.ts'
import { changesOf, filledBy, isComplete, mapKey, withoutRule, withSource } from './draft.ts'

const key = (given: Partial<IntakeKey>): IntakeKey => ({
  key: 'Kontakt',
  examples: [],
  seen: 1,
  target: null,
  by: null,
  ...given,
})

test('a key that is clicked onto a field fills it, and what the rule does to a value stays', () => {
  expect(mapKey({}, 'Kontakt', 'email')).toEqual({ email: { path: 'Kontakt' } })
  expect(mapKey({ email: { path: 'mail', lower: true } }, 'Kontakt', 'email')).toEqual({
    email: { path: 'Kontakt', lower: true },
  })
  expect(mapKey({ source: { const: 'fair' } }, 'where', 'source')).toEqual({ source: { path: 'where' } })
  expect(mapKey({ source: null }, 'where', 'source')).toEqual({ source: { path: 'where' } })
})

test('a field that takes several keys takes one more', () => {
  expect(mapKey({ street: { join: ['a', 'b'] } }, 'c', 'street')).toEqual({ street: { join: ['a', 'b', 'c'] } })
  expect(mapKey({ phone: { first_of: ['a'] } }, 'a', 'phone')).toEqual({ phone: { first_of: ['a'] } })
})

test('a spelling counts until a rule fills that field, and again when the rule is gone', () => {
  const spelled = key({ key: 'mail', target: 'email', by: 'spelling' })
  expect(filledBy(spelled, {})).toEqual({ field: 'email', by: 'spelling' })
  const mapping = mapKey({}, 'Kontakt', 'email')
  expect(filledBy(spelled, mapping)).toBeUndefined()
  expect(filledBy(key({}), mapping)).toEqual({ field: 'email', by: 'rule' })
  expect(filledBy(spelled, withoutRule(mapping, 'email'))).toEqual({ field: 'email', by: 'spelling' })
  expect(filledBy(spelled, { email: null })).toBeUndefined()
})

test('beside a rule that is stored a spelling fills the field of other senders, until the rule is changed', () => {
  const spelled = key({ key: 'mail', target: 'email', by: 'spelling' })
  const stored = { email: { path: 'Kontakt' } }
  expect(filledBy(spelled, { ...stored }, stored)).toEqual({ field: 'email', by: 'spelling' })
  expect(filledBy(spelled, { email: { path: 'Post' } }, stored)).toBeUndefined()
})

test('another kind of source keeps the keys that fit and every change', () => {
  const rule = { join: ['a', 'b'], separator: ', ', lower: true }
  expect(withSource(rule, 'path')).toEqual({ path: 'a', lower: true })
  expect(withSource(rule, 'first_of')).toEqual({ first_of: ['a', 'b'], lower: true })
  expect(withSource(rule, 'const')).toEqual({ const: '', lower: true })
})

test('a rule without a source cannot be saved', () => {
  expect([{ path: '' }, { join: [] }, { const: '' }, { path: 'a' }, { const: 0 }, { const: false }].map(isComplete)).toEqual([
    false,
    false,
    false,
    true,
    true,
    true,
  ])
})

test('says what a rule does to a value', () => {
  expect(changesOf({ path: 'name', split: { by: ' ', part: -1 }, lower: true })).toEqual([
    'part from the end, split at “ ”',
    'in lower case',
  ])
})
