import { expect, test } from 'vitest'
import { listWebhookEvents } from './catalogue.ts'
import { namesToRead, typesOf, typesOfChange, wants } from './wants.ts'

const types = listWebhookEvents().map(({ type }) => type)
const wantedBy = (...events: string[]) => types.filter(type => wants(events, type))

test('a type is wanted by its name, by its group, and by everything', () => {
  expect(wantedBy('contact.merged')).toEqual(['contact.merged'])
  expect(wantedBy('visitor.*')).toEqual(['visitor.linked', 'visitor.updated', 'visitor.unlinked'])
  expect(wantedBy('funnel.*')).toEqual(['registration', 'video_started', 'video_progress', 'enrollment_viewed', 'conversion'])
  expect(wantedBy('*')).toEqual(types.filter(type => !/^(endpoint|delivery|mail)\.|^conversion.created$/.test(type)))
  expect(wantedBy('conversion.*')).toContain('conversion.created')
  expect(wantedBy()).toEqual([])
})

test('an event of one’s own is wanted by its whole name only', () => {
  expect(wants(['*', 'contact.*', 'demo', 'demo_*'], 'demo_requested')).toBe(false)
  expect(wants(['demo_requested'], 'demo_requested')).toBe(true)
  expect(wants(['contact.*'], 'contact.danced')).toBe(false)
})

test('what is read are the events that become what is wanted', () => {
  expect(namesToRead(['*']).sort()).toEqual(['enrollment_viewed', 'registration', 'video_progress', 'video_started'])
  expect(namesToRead(['conversion', 'call_booked'])).toEqual(['call_booked'])
  expect(namesToRead(['contact.*', 'contact.merged', 'key.created'])).toEqual([])
  expect(namesToRead(['demo_requested', 'contact.danced'])).toEqual(['demo_requested', 'contact.danced'])
})

test('every name that is read becomes a type that is wanted, and no event becomes an activity', () => {
  for (const name of namesToRead(['*'])) expect(typesOf(name).some(type => wants(['*'], type))).toBe(true)
  expect(typesOf('purchase_completed')).toEqual(['purchase_completed'])
  expect(typesOf('registration')).toEqual(['registration'])
  for (const type of types.filter(name => name.includes('.'))) expect(typesOf(type)).toEqual([])
  expect(typesOf('conversion')).toEqual([])
})

test('a conversion is told from what was recorded, and everything else that changes as itself', () => {
  expect(typesOfChange('conversion.created')).toEqual(['conversion', 'conversion.created'])
  expect(typesOfChange('conversion.refunded')).toEqual(['conversion.refunded'])
})
