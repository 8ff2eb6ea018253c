import { describe, expect, test } from 'vitest'
import type { EndpointFilter } from '../../shared/webhooks.ts'
import { sarah } from '../../test/people.ts'
import { SARAH } from './catalogue/entry.ts'
import { passes } from './filter.ts'
import type { Body } from './payload.ts'

const body = {
  event: 'conversion',
  contact: { ...SARAH, email: sarah.email, stage: 'converted', segment: 'hot' },
  data: {
    amount: 49,
    price: '49.00',
    plan: 'Gold',
    tags: ['bread', 'rye'],
    is_new: false,
    empty: null,
    at: '2026-01-31T09:30:00Z',
    deep: [{ x: 1 }],
  },
  timestamp: '2026-01-31T09:30:00.000Z',
} as unknown as Body
const stranger = { ...body, contact: null }

type Rule = NonNullable<EndpointFilter['properties']>[number]
const holds = (path: string, operator: Rule['operator'], value?: Rule['value']) =>
  passes(body, { properties: [{ path, operator, ...(value === undefined ? {} : { value }) }] })

describe('a filter', () => {
  test('that is absent or empty lets everything pass', () => {
    expect(passes(body, null)).toBe(true)
    expect(passes(stranger, {})).toBe(true)
  })

  test('on known contacts leaves strangers out', () => {
    expect(passes(body, { known_contacts_only: true })).toBe(true)
    expect(passes(stranger, { known_contacts_only: true })).toBe(false)
    expect(passes(stranger, { known_contacts_only: false })).toBe(true)
  })

  test('on stages and segments looks at the contact, and a stranger has none', () => {
    expect(passes(body, { stages: ['lead', 'converted'] })).toBe(true)
    expect(passes(body, { stages: ['lead'] })).toBe(false)
    expect(passes(stranger, { stages: ['converted'] })).toBe(false)
    expect(passes(body, { segments: ['hot'] })).toBe(true)
    expect(passes(body, { segments: ['engaged'] })).toBe(false)
    expect(passes(stranger, { segments: ['hot'] })).toBe(false)
  })

  test('holds only when all of it holds', () => {
    expect(passes(body, { stages: ['converted'], segments: ['engaged'] })).toBe(false)
    const rule = (value: number) => ({ path: 'data.amount', operator: 'greater' as const, value })
    expect(passes(body, { stages: ['converted'], properties: [rule(1), rule(2)] })).toBe(true)
    expect(passes(body, { stages: ['converted'], properties: [rule(1), rule(50)] })).toBe(false)
  })
})

describe('a rule', () => {
  test('compares what a form sends as text with what the event had as a number', () => {
    expect([holds('data.amount', 'is', '49'), holds('data.amount', 'is', 49), holds('data.is_new', 'is', 'false')]).toEqual([
      true,
      true,
      true,
    ])
    expect([holds('data.amount', 'is', '49.0'), holds('data.plan', 'is', 'gold')]).toEqual([false, false])
  })

  test('is not: also what is missing', () => {
    expect([holds('data.plan', 'is_not', 'Silver'), holds('data.nothing', 'is_not', 'Gold')]).toEqual([true, true])
    expect(holds('data.plan', 'is_not', 'Gold')).toBe(false)
  })

  test('contains, in text without regard to case and in lists', () => {
    expect([
      holds('data.plan', 'contains', 'OLD'),
      holds('data.tags', 'contains', 'rye'),
      holds('data.tags', 'is', 'bread'),
    ]).toEqual([true, true, true])
    expect([holds('data.nothing', 'contains', ''), holds('data.deep', 'contains', 'object')]).toEqual([false, false])
    expect(holds('data.tags', 'is_not', 'rye')).toBe(false)
  })

  test('greater and less compare numbers and times, and nothing else', () => {
    expect([
      holds('data.price', 'greater', 48.5),
      holds('data.price', 'less', '50'),
      holds('data.amount', 'less', '100'),
    ]).toEqual([true, true, true])
    expect([holds('data.at', 'greater', '2026-01-31T09:29:59Z'), holds('data.at', 'less', '2026-02-01')]).toEqual([true, true])
    expect([
      holds('data.amount', 'greater', 49),
      holds('data.amount', 'less', 49),
      holds('data.plan', 'greater', 1),
      holds('data.amount', 'greater', 'x'),
    ]).toEqual([false, false, false, false])
    expect([holds('data.empty', 'less', 1), holds('data.is_new', 'less', 1)]).toEqual([false, false])
  })

  test('exists: what is there and not null', () => {
    expect([
      holds('data.is_new', 'exists'),
      holds('contact.email', 'exists'),
      holds('data.empty', 'exists'),
      holds('data.nothing.more', 'exists'),
    ]).toEqual([true, true, false, false])
    expect([holds('data.empty', 'exists_not'), holds('data.nothing', 'exists_not'), holds('data.plan', 'exists_not')]).toEqual([
      true,
      true,
      false,
    ])
  })

  test('reads only what the body has of its own', () => {
    expect([holds('data.constructor', 'exists'), holds('data.__proto__', 'exists'), holds('event.length', 'exists')]).toEqual([
      false,
      false,
      false,
    ])
    expect(holds('data.deep.0.x', 'is', 1)).toBe(true)
  })
})
