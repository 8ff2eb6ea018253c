import { expect, test } from 'vitest'
import type { MailingList } from '../../../../shared/crm.ts'
import { ruleWords } from './words.ts'

const list = (rule: Partial<MailingList>) =>
  ({ on_sign_up: true, languages: null, property: null, value: null, ...rule }) as MailingList

test.each([
  [{}, 'Everybody who signs up.'],
  [{ on_sign_up: false, languages: ['en'] }, 'Nobody joins by signing up; only who asks for it.'],
  [{ languages: ['en'] }, 'Who signs up in English.'],
  [{ languages: ['he', 'en'] }, 'Who signs up in Hebrew or English.'],
  [{ property: 'newsletter' }, 'Who signs up and tells “newsletter”.'],
  [{ property: 'role', value: 'educator' }, 'Who signs up and tells “role” = “educator”.'],
  [{ languages: ['en'], property: 'newsletter' }, 'Who signs up in English and tells “newsletter”.'],
])('says who joins by %o', (rule, words) => {
  expect(ruleWords(list(rule))).toBe(words)
})
