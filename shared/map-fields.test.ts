import { expect, test } from 'vitest'
import { sarah } from '../test/people.ts'
import { mapFields } from './map-fields.ts'

const payload = {
  event: 'conversion',
  contact: { id: 100_042, email: sarah.email, properties: { 'plan.tier': 'gold' } },
  data: { amount: 49, items: [{ sku: 'rye' }, { sku: 'spelt' }], coupon: null },
  timestamp: '2026-01-31T09:30:00.000Z',
}

test('without a map the body is sent as it is', () => {
  expect(mapFields(payload, null)).toBe(payload)
})

test('gives each name what stands at its path, or its constant', () => {
  const mapped = mapFields(payload, { mail: 'contact.email', source: { constant: 'throughline' }, test: { constant: false } })
  expect(mapped).toEqual({ mail: sarah.email, source: 'throughline', test: false })
})

test('makes objects of dots and arrays of numbers, and takes whole objects over', () => {
  const mapped = mapFields(payload, {
    'person.mail': 'contact.email',
    'person.number': 'contact.id',
    'lines.0.name': 'data.items.1.sku',
    'lines.1.name': 'data.items.0.sku',
    all: 'data.items',
  })
  expect(mapped).toEqual({
    person: { mail: sarah.email, number: 100_042 },
    lines: [{ name: 'spelt' }, { name: 'rye' }],
    all: [{ sku: 'rye' }, { sku: 'spelt' }],
  })
})

test('keeps more than ten lines in their order, and makes no array with gaps', () => {
  const lines = Object.fromEntries(Array.from({ length: 12 }, (_, k) => [`line.${k}`, { constant: k }]))
  expect(mapFields(payload, lines)).toEqual({ line: Array.from({ length: 12 }, (_, k) => k) })
  expect(mapFields(payload, { 'line.4000000000': 'event' })).toEqual({ line: { 4000000000: 'conversion' } })
  expect(mapFields(payload, { 'line.0': 'event', 'line.x': 'event' })).toEqual({ line: { 0: 'conversion', x: 'conversion' } })
})

test('sends null for what is missing', () => {
  const mapped = mapFields(payload, {
    a: 'contact.phone',
    b: 'data.items.7.sku',
    c: 'nothing',
    d: 'data.coupon',
    e: 'event.length',
  })
  expect(mapped).toEqual({ a: null, b: null, c: null, d: null, e: null })
})

test('finds names that have dots themselves', () => {
  expect(mapFields(payload, { tier: 'contact.properties.plan.tier' })).toEqual({ tier: 'gold' })
})

test('does not depend on the order of the map: the deeper name wins', () => {
  const [one, other] = [
    { a: 'event', 'a.b': 'data.amount' },
    { 'a.b': 'data.amount', a: 'event' },
  ]
  expect(mapFields(payload, one)).toEqual({ a: { b: 49 } })
  expect(mapFields(payload, other)).toEqual({ a: { b: 49 } })
})

test('does not write into the objects that it takes over', () => {
  expect(mapFields(payload, { x: 'contact', 'x.id': { constant: 1 } })).toEqual({ x: { id: 1 } })
  expect(payload.contact.id).toBe(100_042)
})

test('hostile names are names like others, and reach no prototype', () => {
  const mapped = mapFields(
    payload,
    JSON.parse('{"__proto__.polluted": "event", "constructor.prototype.polluted": "event", "a": "__proto__.x"}'),
  )
  expect(JSON.parse(JSON.stringify(mapped, null, 1)).a).toBeNull()
  expect(JSON.stringify(mapped)).toBe(
    '{"__proto__":{"polluted":"conversion"},"a":null,"constructor":{"prototype":{"polluted":"conversion"}}}',
  )
  expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  expect(mapFields(payload, { p: 'contact.constructor.name', q: '__proto__', r: 'data.items.__proto__' })).toEqual({
    p: null,
    q: null,
    r: null,
  })
})
