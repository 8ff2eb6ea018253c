import { expect, test } from 'vitest'
import { isRoleMailbox, normalizeEmail, normalizePhone } from './normalize.ts'

test('writes an e-mail address in one way', () => {
  expect(normalizeEmail('  Sally.Susa@Example.COM ')).toBe('sally.susa@example.com')
  expect(normalizeEmail('sally+news@example.co.uk')).toBe('sally+news@example.co.uk')
  expect(normalizeEmail('陳@例子.台灣')).toBe('陳@例子.台灣')
})

test('does not take for an address what is none', () => {
  for (const text of [
    '',
    'sally',
    'sally@',
    '@example.com',
    'sally@example',
    'a b@example.com',
    'a@b@example.com',
    'a@b..com',
    'user-1',
  ])
    expect(normalizeEmail(text), text).toBeUndefined()
})

test('writes a phone number in E.164, with the country of the workspace when it names none', () => {
  expect(normalizePhone('(202) 555-0101', 'US')).toBe('+12025550101')
  expect(normalizePhone('+44 20 7946 0018', 'US')).toBe('+442079460018')
  expect(normalizePhone('0912 345 678', 'TW')).toBe('+886912345678')
  expect(normalizePhone('+12025550101', 'XX')).toBe('+12025550101')
})

test('does not take for a phone what nobody could call', () => {
  for (const text of ['', '12', 'call me', '+', '0'.repeat(60)]) expect(normalizePhone(text, 'US'), text).toBeUndefined()
})

test('knows the mailboxes that many people read', () => {
  expect(isRoleMailbox('info@example.com')).toBe(true)
  expect(isRoleMailbox('support+42@example.com')).toBe(true)
  expect(isRoleMailbox('ina@example.com')).toBe(false)
})
