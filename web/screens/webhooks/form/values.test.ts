import { expect, test } from 'vitest'
import type { Endpoint } from '../../../../shared/webhooks.ts'
import { bodyOf, errorsOf, keepChanges, newField, newHeader, newRule, valuesOf } from './values.ts'

const endpoint = {
  name: 'Zapier',
  url: 'https://hooks.example.com/a',
  events: ['registration', 'contact.*'],
  funnel_id: 'spring',
  purpose: 'marketing',
  filter: {
    known_contacts_only: true,
    stages: ['lead'],
    segment_ids: [4, 11],
    properties: [
      { path: 'data.amount', operator: 'greater', value: '100' },
      { path: 'data.order_id', operator: 'is', value: '2001' },
      { path: 'contact.phone', operator: 'exists' },
    ],
  },
  field_map: {
    'person.mail': 'contact.email',
    source: { constant: 'throughline' },
    version: { constant: 2 },
    zip: { constant: '10115' },
  },
  headers: [{ name: 'x-token' }],
  rate_limit: 60,
  attempt_schedule: 'custom',
  attempt_delays: [30, 600, 7200],
} as Partial<Endpoint> as Endpoint

test('what is read and not touched is sent as it was, and a stored header without its value', () => {
  const { name, url, events, funnel_id, purpose, filter, field_map, rate_limit, attempt_schedule, attempt_delays } = endpoint
  expect(bodyOf(valuesOf(endpoint))).toEqual({
    ...{ name, url, events, funnel_id, purpose, filter, field_map, rate_limit, attempt_schedule, attempt_delays },
    headers: [{ name: 'x-token' }],
  })
})

test('a new endpoint is sent without what nobody filled in', () => {
  const values = {
    ...valuesOf(),
    url: ' https://hooks.example.com ',
    events: ['*'],
    properties: [newRule()],
    headers: [newHeader()],
  }
  expect(bodyOf(values)).toEqual({
    url: 'https://hooks.example.com',
    events: ['*'],
    funnel_id: null,
    purpose: null,
    filter: null,
    field_map: null,
    headers: [],
    rate_limit: null,
    attempt_schedule: 'default',
  })
})

test('shows delays in the largest unit that is exact', () => {
  expect(valuesOf(endpoint).delays.map(({ amount, unit }) => `${amount} ${unit}`)).toEqual(['30 s', '10 min', '2 h'])
})

test('a header that was stored and gets a new value is sent with it, an empty new one as empty', () => {
  const headers = [
    { ...newHeader(), name: 'x-token', kept: true, value: 'new' },
    { ...newHeader(), name: 'x-empty' },
  ]
  expect(bodyOf({ ...valuesOf(endpoint), headers }).headers).toEqual([
    { name: 'x-token', value: 'new' },
    { name: 'x-empty', value: '' },
  ])
})

test("finds the place in the form of each field that the server's answer names", () => {
  const values = {
    ...valuesOf(),
    properties: [newRule(), { ...newRule(), path: 'nonsense' }],
    headers: [newHeader(), { ...newHeader(), name: 'Host' }],
    fields: [newField(), { ...newField(), target: 'a.b' }],
  }
  const said = {
    url: '1',
    'events.3': '2',
    'filter.properties.0.path': '3',
    'headers.0.name': '4',
    'field_map.a.b': '5',
    attempt_delays: '6',
    'attempt_delays.1': '7',
    'filter.stages.0': '8',
  }
  expect(errorsOf(said, values)).toEqual({
    url: '1',
    events: '2',
    'properties.1.path': '3',
    'headers.1.name': '4',
    'fields.1.target': '5',
    delays: '6',
    'delays.1.amount': '7',
    stages: '8',
  })
})

test('keeps what somebody typed when another was faster, and takes over the rest', () => {
  const before = valuesOf(endpoint)
  const typed = { ...before, name: 'Mine', headers: [...before.headers, newHeader()] }
  const now = valuesOf({ ...endpoint, name: 'Theirs', rate_limit: 5 })
  const kept = keepChanges(typed, before, now)
  expect(kept).toMatchObject({ name: 'Mine', rate_limit: 5, url: endpoint.url })
  expect(kept.headers).toHaveLength(2)
})
