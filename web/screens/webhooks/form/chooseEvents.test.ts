import { expect, test } from 'vitest'
import type { WebhookEvent } from '../../../../shared/webhooks.ts'
import { chosenOf, groupsOf, hears, ownOf, toggleEverything, toggleGroup, toggleType } from './chooseEvents.ts'

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
