import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { bob } from '../../../test/people.ts'
import { expandCalendar, type Reading } from './expand.ts'

const reading: Reading = {
  time_zone: 'America/New_York',
  email: bob.email,
  from: Date.parse('2026-01-01T00:00:00Z'),
  until: Date.parse('2027-02-05T00:00:00Z'),
}
const fixture = (name: string) => readFileSync(new URL(`./fixtures/${name}.ics`, import.meta.url), 'utf8')
const calendar = (...lines: string[]) => ['BEGIN:VCALENDAR', 'VERSION:2.0', ...lines, 'END:VCALENDAR', ''].join('\r\n')
const event = (...lines: string[]) => calendar('BEGIN:VEVENT', 'UID:one', ...lines, 'END:VEVENT')

function expanded(text: string, given: Partial<Reading> = {}) {
  const result = expandCalendar(text, { ...reading, ...given })
  if (!result.ok) throw new Error(result.reason)
  return result
}
const short = (ms: number) => new Date(ms).toISOString().slice(0, 16)
const times = (text: string, given: Partial<Reading> = {}) =>
  expanded(text, given)
    .spans.map(({ from, until }) => `${short(from)}/${short(until).slice(until - from < 86_400_000 ? 11 : 0)}`)
    .sort()

describe('calendars as they are sent', () => {
  test('by Google: nine in New York is nine before and after the clocks are put forward; moved, left out, declined and free times', () => {
    expect(times(fixture('google'))).toEqual([
      '2026-03-02T14:00/14:30',
      '2026-03-10T18:00/19:00', // instead of the 9th
      '2026-03-20T04:00/2026-03-22T04:00',
      '2026-03-23T13:00/13:30',
      '2026-03-30T13:00/13:30', // the end of the series is midnight in New York, and already the 31st in UTC
    ])
  })

  test('by Outlook: a zone that only the file knows, across its change of clocks, with an exception', () => {
    expect(times(fixture('outlook'))).toEqual([
      '2026-03-27T08:00/08:15',
      '2026-03-29T07:00/07:15',
      '2026-03-30T07:00/07:15',
      '2026-03-31T07:00/07:15',
      '2026-04-01T08:00/09:00',
    ])
  })

  test('by Apple: zones of 45 minutes that are only named, times without a zone, whole days and moments', () => {
    expect(times(fixture('apple'))).toEqual([
      '2026-04-04T09:15/17:15', // seven hours on the clock, which is put back once
      '2026-04-05T04:30/05:15',
      '2026-04-10T12:00/13:00',
      '2026-04-12T04:00/2026-04-13T04:00',
      '2026-05-03T04:30/05:15',
      '2026-06-07T04:30/05:15',
    ])
  })
})

describe('series', () => {
  test('without an end are written out as far as is asked, however long ago they began', () => {
    const text = event('DTSTART:19990101T120000Z', 'DTEND:19990101T130000Z', 'RRULE:FREQ=DAILY')
    expect(times(text)).toHaveLength(400)
  })

  test('take the first of two hours in autumn, and the hour after the one that is left out in spring', () => {
    const text = event(
      'DTSTART;TZID=America/New_York:20260307T013000',
      'DURATION:PT30M',
      'RRULE:FREQ=DAILY;COUNT=1',
      'RDATE;TZID=America/New_York:20260308T023000,20261101T013000',
    )
    expect(times(text)).toEqual(['2026-03-07T06:30/07:00', '2026-03-08T07:30/08:00', '2026-11-01T05:30/06:00'])
  })

  test('of whole days are days where the person is', () => {
    const text = event('DTSTART;VALUE=DATE:20260307', 'RRULE:FREQ=DAILY;COUNT=3', 'EXDATE;VALUE=DATE:20260307')
    expect(times(text)).toEqual(['2026-03-08T05:00/04:00', '2026-03-09T04:00/2026-03-10T04:00'])
    expect(times(text, { time_zone: 'Asia/Kathmandu' })[0]).toBe('2026-03-07T18:15/2026-03-08T18:15')
  })

  test('may be left out by the day, called off one by one, and moved although the series itself is in no file', () => {
    const text = calendar(
      ...['BEGIN:VEVENT', 'UID:s', 'DTSTART:20260601T100000Z', 'DTEND:20260601T110000Z', 'RRULE:FREQ=DAILY;COUNT=4'],
      ...['EXDATE;VALUE=DATE:20260602', 'END:VEVENT'],
      ...[
        'BEGIN:VEVENT',
        'UID:s',
        'RECURRENCE-ID:20260603T100000Z',
        'DTSTART:20260603T100000Z',
        'STATUS:CANCELLED',
        'END:VEVENT',
      ],
      ...[
        'BEGIN:VEVENT',
        'UID:other',
        'RECURRENCE-ID:20260701T100000Z',
        'DTSTART:20260702T100000Z',
        'DURATION:PT1H',
        'END:VEVENT',
      ],
    )
    expect(times(text)).toEqual(['2026-06-01T10:00/11:00', '2026-06-04T10:00/11:00', '2026-07-02T10:00/11:00'])
  })

  test('that repeat every second are refused before they are many', () => {
    const result = expandCalendar(event('DTSTART:20260101T000000Z', 'DURATION:PT1S', 'RRULE:FREQ=SECONDLY'), reading)
    expect(result).toMatchObject({ ok: false, reason: expect.stringContaining('20,000') })
  })
})

test('a calendar that only tells when somebody is busy', () => {
  const text = calendar(
    'BEGIN:VFREEBUSY',
    'FREEBUSY:20260601T100000Z/20260601T110000Z,20260601T150000Z/PT30M',
    'FREEBUSY;FBTYPE=FREE:20260601T120000Z/PT1H',
    'END:VFREEBUSY',
  )
  expect(times(text)).toEqual(['2026-06-01T10:00/11:00', '2026-06-01T15:00/15:30'])
})

test('an event that nobody can read is counted and does not take the others along', () => {
  const text = calendar(
    ...['BEGIN:VEVENT', 'UID:a', 'DTSTART:nonsense', 'END:VEVENT', 'BEGIN:VEVENT', 'this is no line', 'END:VEVENT'],
    ...['BEGIN:VEVENT', 'UID:b', 'DTSTART:20260601T100000Z', 'DURATION:PT1H', 'RRULE:FREQ=SOMETIMES', 'END:VEVENT'],
    ...['BEGIN:VEVENT', 'UID:c', 'DTSTART:20260601T100000Z', 'DURATION:PT1H', 'END:VEVENT'],
  )
  expect(expanded(text).unreadable).toBe(3)
  expect(times(text)).toEqual(['2026-06-01T10:00/11:00'])
})

test('what lies only partly in the time that is asked for is cut, and what takes no time is not there', () => {
  const text = event('DTSTART:20251230T000000Z', 'DTEND:20260102T000000Z')
  expect(times(text)).toEqual(['2026-01-01T00:00/2026-01-02T00:00'])
  expect(times(event('DTSTART:20260601T100000Z', 'DTEND:20260601T100000Z'))).toEqual([])
  expect(times(event('DTSTART:20260601T100000Z', 'DTEND:20260601T090000Z'))).toEqual([])
})

test('our own invitations are known by their id, also when Exchange has wrapped it', () => {
  const uid = '3f4e5b20-1c2d-4e3f-8a9b-0c1d2e3f4a5b'
  const wrapped = `040000008200E00074C5B7101A82E00800000000${'0'.repeat(40)}${Buffer.from(`vCal-Uid\x01\0\0\0${uid}\0`, 'latin1').toString('hex')}`
  const uids = [uid, uid.toUpperCase(), wrapped, 'abc@google.com'].map(
    id => expanded(event('DTSTART:20260601T100000Z', 'DURATION:PT1H').replace('UID:one', `UID:${id}`)).spans[0]!.uid,
  )
  expect(uids).toEqual([uid, uid, uid, null])
})

test.each([
  ['', 'empty'],
  ['<!doctype html><title>Sign in</title>', 'web page'],
  ['{"error": "gone"}', 'no calendar'],
  [fixture('google').slice(0, 2000), 'breaks off'],
])('what is no calendar is told in words (%#)', (text, words) => {
  expect(expandCalendar(text, reading)).toEqual({ ok: false, reason: expect.stringContaining(words) })
})
