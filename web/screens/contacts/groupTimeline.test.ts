import { expect, test } from 'vitest'
import type { TimelineEntry } from '../../../shared/events.ts'
import { groupByDay } from './groupTimeline.ts'

test('puts what changed during a visit into that visit', () => {
  const days = groupByDay([
    event(4, '2026-03-02T12:05:00', 'a'),
    activity(3, '2026-03-02T12:04:00'),
    event(2, '2026-03-02T12:04:00', 'a'),
  ])
  expect(shape(days)).toEqual([[['event-4', 'activity-3', 'event-2']]])
})

test('keeps a change that somebody made between two visits apart from both', () => {
  const days = groupByDay([
    event(4, '2026-03-02T15:00:00', 'b'),
    activity(3, '2026-03-02T13:00:00'),
    event(2, '2026-03-02T12:00:00', 'a'),
  ])
  expect(shape(days)).toEqual([[['event-4'], ['activity-3'], ['event-2']]])
})

test('counts what an event caused, a moment later, to the visit of the event', () => {
  const days = groupByDay([activity(2, '2026-03-02T12:00:00.400'), event(1, '2026-03-02T12:00:00', 'a')])
  expect(shape(days)).toEqual([[['activity-2', 'event-1']]])
})

test('begins a new day at midnight, within a visit too', () => {
  const days = groupByDay([event(2, '2026-03-03T00:01:00', 'a'), event(1, '2026-03-02T23:59:00', 'a')])
  expect(shape(days)).toEqual([[['event-2']], [['event-1']]])
})

function shape(days: ReturnType<typeof groupByDay>) {
  return days.map(({ visits }) => visits.map(({ entries }) => entries.map(({ kind, id }) => `${kind}-${id}`)))
}

const nothing = { distinct_id: null, properties: {}, context: {}, actor: null, before: null, after: null }

function event(id: number, at: string, session_id: string): TimelineEntry {
  return { ...nothing, kind: 'event', id, at, name: 'page_viewed', session_id }
}

function activity(id: number, at: string): TimelineEntry {
  return { ...nothing, kind: 'activity', id, at, name: 'contact.updated', session_id: null }
}
