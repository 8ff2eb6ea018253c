import { expect, test } from 'vitest'
import type { WebhookEvent } from '../../../../shared/webhooks.ts'
import { chosenOf, groupsOf, hears, isGiven, ownOf, testsOf, toggleEverything, toggleGroup, toggleType } from './chooseEvents.ts'

const named = (type: string, group: string): WebhookEvent => ({
  type,
  group,
  title: '',
  description: '',
  schema: {},
  example: {},
})
const catalogue = [
  named('registration', 'funnel'),
  named('contact.created', 'contact'),
  named('contact.updated', 'contact'),
  named('contact.merged', 'contact'),
  named('endpoint.paused', 'endpoint'),
]
// What `conversion` tells already is not a part of everything.
const with_conversions = [...catalogue, named('conversion.created', 'conversion'), named('conversion.refunded', 'conversion')]
const conversion = groupsOf(with_conversions).at(-1)!
const [, contact, endpoint] = groupsOf(catalogue) as [never, ReturnType<typeof groupsOf>[0], ReturnType<typeof groupsOf>[0]]

test('stores a whole group under one name, and takes single choices in it along', () => {
  expect(toggleGroup(['registration', 'contact.updated'], contact, true)).toEqual(['registration', 'contact.*'])
  expect(toggleGroup(['registration', 'contact.*'], contact, false)).toEqual(['registration'])
})

test('leaves the others when one is taken out of a whole group', () => {
  expect(toggleType(['contact.*', 'registration'], contact, 'contact.updated', false)).toEqual([
    'registration',
    'contact.created',
    'contact.merged',
  ])
  expect(toggleType(['contact.created'], contact, 'contact.created', false)).toEqual([])
  expect(toggleType(['contact.created'], contact, 'contact.merged', true)).toEqual(['contact.created', 'contact.merged'])
})

test('everything takes the place of what it holds, and not of the rest', () => {
  const events = ['registration', 'contact.*', 'endpoint.paused', 'quiz_answered']
  expect(toggleEverything(events, catalogue, true)).toEqual(['*', 'endpoint.paused', 'quiz_answered'])
  expect(toggleEverything(['*', 'quiz_answered'], catalogue, false)).toEqual(['quiz_answered'])
})

test('tells how much of a group is chosen', () => {
  expect(chosenOf(['contact.created'], contact)).toEqual({ given: false, all: false, chosen: 1 })
  expect(chosenOf(['contact.*'], contact)).toEqual({ given: false, all: true, chosen: 3 })
  expect(chosenOf(['*'], contact)).toEqual({ given: true, all: true, chosen: 3 })
  expect(chosenOf(['*'], endpoint)).toEqual({ given: false, all: false, chosen: 0 })
})

test('finds the names of own events', () => {
  expect(ownOf(['*', 'registration', 'contact.*', 'quiz_answered', 'page_viewed'], catalogue)).toEqual([
    'quiz_answered',
    'page_viewed',
  ])
})

test('hears by name, by group and by everything, which holds nothing of endpoints', () => {
  const [registration, created, , , paused] = catalogue as [WebhookEvent, WebhookEvent, never, never, WebhookEvent]
  expect(hears(['registration'], registration)).toBe(true)
  expect(hears(['funnel.*'], registration)).toBe(true)
  expect(hears(['contact.*'], registration)).toBe(false)
  expect(hears(['*'], created)).toBe(true)
  expect(hears(['*'], paused)).toBe(false)
  expect(hears(['*', 'endpoint.*'], paused)).toBe(true)
})

test('does not say that everything holds conversion.created, which is chosen beside it or not', () => {
  const [created, refunded] = conversion.types as [WebhookEvent, WebhookEvent]
  expect([hears(['*'], created), hears(['*'], refunded)]).toEqual([false, true])
  expect([isGiven(['*'], created), isGiven(['*'], refunded)]).toEqual([false, true])
  expect(chosenOf(['*'], conversion)).toEqual({ given: false, all: false, chosen: 1 })
  expect(toggleType(['*'], conversion, created.type, true)).toEqual(['*', 'conversion.created'])
  expect(chosenOf(['*', 'conversion.*'], conversion)).toEqual({ given: false, all: true, chosen: 2 })
  expect(toggleType(['*', 'conversion.*'], conversion, created.type, false), 'the others come with everything').toEqual(['*'])
})

test('keeps conversion.created when everything is chosen, by its name or by its group', () => {
  expect(toggleEverything(['conversion.created', 'conversion.refunded'], with_conversions, true)).toEqual([
    '*',
    'conversion.created',
  ])
  expect(toggleEverything(['conversion.*'], with_conversions, true)).toEqual(['*', 'conversion.*'])
})

test('offers own events for a test, and begins with the one that the server would choose', () => {
  const types = catalogue.map(({ type }) => type)
  expect(testsOf(['quiz_answered', 'a, b'], catalogue)).toEqual({ own: ['quiz_answered', 'a, b'], first: 'quiz_answered', types })
  expect(testsOf(['quiz_answered', 'contact.*'], catalogue)).toMatchObject({ own: ['quiz_answered'], first: 'contact.created' })
  expect(testsOf(['*'], catalogue)).toMatchObject({ own: [], first: 'registration' })
  expect(testsOf(['nobody.*'], catalogue)).toMatchObject({ own: [], first: 'registration' })
})
