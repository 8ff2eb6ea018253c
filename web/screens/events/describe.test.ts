import { expect, test } from 'vitest'
import { describe, sentence } from './describe.ts'

test('names a page by its title, and by its path when it has none', () => {
  const context = { page: { title: 'Pricing', path: '/pricing' } }
  expect(describe('page_viewed', {}, context)).toEqual({ verb: 'Viewed', object: 'Pricing', detail: '/pricing' })
  expect(describe('page_viewed', { url: 'https://example.com/about?x=1' }, {})).toMatchObject({ object: '/about' })
  expect(describe('page_viewed', {}, {})).toMatchObject({ object: 'a page' })
})

test('tells an event of the customer by its name and the first things it says', () => {
  const { verb, detail } = describe(
    'quiz_answered',
    { question: 'Which flour?', answer: 'rye', nested: {}, third: 3, fourth: 4 },
    {},
  )
  expect(verb).toBe('Quiz answered')
  expect(detail).toBe('question: Which flour? · answer: rye · third: 3')
})

test('survives properties that are not what their names promise', () => {
  expect(describe('purchase_completed', { product: {}, order_id: null }, { page: 'x' })).toEqual({ verb: 'Bought' })
  expect(describe('constructor', {}, {})).toEqual({ verb: 'Constructor' })
  expect(sentence('')).toBe('')
})
