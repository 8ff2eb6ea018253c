import { describe, expect, test } from 'vitest'
import { calendarOf, everyDay, span, wallClock, wantedOf } from './calendar.fixture.ts'
import type { Calendar } from './calendar.ts'
import { freeSlots, type Wanted } from './free.ts'

/** When somebody of this zone can be booked, as their own clock shows it. */
function offered(zone: string, calendar: Partial<Calendar>, wanted: Wanted) {
  return freeSlots([calendarOf(zone, calendar)], wanted).map(slot => wallClock(zone, slot.starts_at))
}

describe('on the day on which clocks are put forward', () => {
  test('nobody in New York is booked in the hour that is left out, and the hours around it stay where they are', () => {
    const wanted = wantedOf('2026-03-08T05:00:00Z', '2026-03-09T04:00:00Z')
    expect(offered('America/New_York', { hours: everyDay('00:00', '05:00') }, wanted)).toEqual([
      '2026-03-08 00:00',
      '2026-03-08 01:00',
      '2026-03-08 03:00',
      '2026-03-08 04:00',
    ])
    expect(offered('America/New_York', { hours: everyDay('09:00', '11:00') }, wanted)).toEqual([
      '2026-03-08 09:00',
      '2026-03-08 10:00',
    ])
  })

  test('hours that lie in the gap are no hours on that day', () => {
    const hours = everyDay('02:00', '03:00')
    expect(offered('America/New_York', { hours }, wantedOf('2026-03-07T05:00:00Z', '2026-03-10T04:00:00Z'))).toEqual([
      '2026-03-07 02:00',
      '2026-03-09 02:00',
    ])
  })

  test('hours that begin in the gap begin when it ends', () => {
    const wanted = wantedOf('2026-03-29T00:00:00Z', '2026-03-30T00:00:00Z', { interval_minutes: 45 })
    expect(offered('Europe/London', { hours: everyDay('01:30', '04:00') }, wanted)).toEqual([
      '2026-03-29 02:00',
      '2026-03-29 02:45',
    ])
  })

  test('in Lord Howe it is half an hour', () => {
    const wanted = wantedOf('2026-10-03T13:30:00Z', '2026-10-04T13:00:00Z', { duration_minutes: 30, interval_minutes: 30 })
    expect(offered('Australia/Lord_Howe', { hours: everyDay('01:30', '03:30') }, wanted)).toEqual([
      '2026-10-04 01:30',
      '2026-10-04 02:30',
      '2026-10-04 03:00',
    ])
  })

  test('in Chatham it is at a quarter to three', () => {
    const wanted = wantedOf('2026-09-26T11:15:00Z', '2026-09-27T10:15:00Z', { duration_minutes: 15, interval_minutes: 15 })
    expect(offered('Pacific/Chatham', { hours: everyDay('02:15', '04:15') }, wanted)).toEqual([
      '2026-09-27 02:15',
      '2026-09-27 02:30',
      '2026-09-27 03:45',
      '2026-09-27 04:00',
    ])
  })

  test('where midnight itself is left out the day begins at one, and a night shift runs through', () => {
    const wanted = wantedOf('2026-04-23T20:00:00Z', '2026-04-24T00:00:00Z', { duration_minutes: 120 })
    const hours = [...everyDay('22:00', '24:00'), ...everyDay('00:00', '03:00')]
    expect(offered('Africa/Cairo', { hours }, wanted)).toEqual(['2026-04-23 22:00', '2026-04-23 23:00', '2026-04-24 01:00'])
  })
})

describe('on the day on which clocks are put back', () => {
  test('the hour that comes twice in New York can be booked twice', () => {
    const wanted = wantedOf('2026-11-01T04:00:00Z', '2026-11-02T05:00:00Z')
    expect(offered('America/New_York', { hours: everyDay('00:00', '03:00') }, wanted)).toEqual([
      '2026-11-01 00:00',
      '2026-11-01 01:00',
      '2026-11-01 01:00',
      '2026-11-01 02:00',
    ])
  })

  test('hours of half of it are there in each, and nobody is booked while the clock shows the other half', () => {
    const wanted = wantedOf('2026-11-01T04:00:00Z', '2026-11-02T05:00:00Z', { duration_minutes: 30, interval_minutes: 30 })
    const found = freeSlots([calendarOf('America/New_York', { hours: everyDay('01:00', '01:30') })], wanted)
    expect(found.map(slot => slot.starts_at)).toEqual(['2026-11-01T05:00:00.000Z', '2026-11-01T06:00:00.000Z'])
  })

  test('in Lord Howe half an hour comes twice', () => {
    const wanted = wantedOf('2026-04-04T13:00:00Z', '2026-04-05T13:30:00Z', { duration_minutes: 30, interval_minutes: 30 })
    expect(offered('Australia/Lord_Howe', { hours: everyDay('01:00', '02:30') }, wanted)).toEqual([
      '2026-04-05 01:00',
      '2026-04-05 01:30',
      '2026-04-05 01:30',
      '2026-04-05 02:00',
    ])
  })

  test('an hour is an hour of real time: a meeting over the change ends where the clock shows the same', () => {
    const wanted = wantedOf('2026-10-25T00:00:00Z', '2026-10-25T00:30:00Z')
    const [slot] = freeSlots([calendarOf('Europe/London', { hours: everyDay('01:00', '03:00') })], wanted)
    expect([slot!.starts_at, slot!.ends_at]).toEqual(['2026-10-25T00:00:00.000Z', '2026-10-25T01:00:00.000Z'])
    expect(wallClock('Europe/London', slot!.ends_at)).toBe('2026-10-25 01:00')
  })

  test('the day has 25 hours, and who is there all day can be booked in each', () => {
    const wanted = wantedOf('2026-11-01T04:00:00Z', '2026-11-02T05:00:00Z')
    expect(offered('America/New_York', { hours: everyDay('00:00', '24:00') }, wanted)).toHaveLength(25)
  })

  test('the daily limit is of the whole day, with the hour that it has more', () => {
    const starts = [Date.parse('2026-11-01T04:30:00Z'), Date.parse('2026-11-02T04:30:00Z')]
    const calendar = { hours: everyDay('00:00', '24:00'), daily_limit: 2, starts }
    const days = offered('America/New_York', calendar, wantedOf('2026-10-31T04:00:00Z', '2026-11-03T05:00:00Z'))
    expect(new Set(days.map(day => day.slice(0, 10)))).toEqual(new Set(['2026-10-31', '2026-11-02']))
  })
})

test('São Paulo kept its clocks: on the days of former changes nothing is missing and nothing comes twice', () => {
  const hours = everyDay('00:00', '24:00')
  for (const [since, until] of [['2026-02-21T03:00:00Z', '2026-02-23T03:00:00Z'], ['2026-11-01T03:00:00Z', '2026-11-03T03:00:00Z']]) {
    const found = offered('America/Sao_Paulo', { hours }, wantedOf(since!, until!))
    expect([found.length, new Set(found).size]).toEqual([48, 48])
  } // biome-ignore format: two weekends
})

test('in 2018, when São Paulo put its clocks forward at midnight, that day began at one', () => {
  const wanted = wantedOf('2018-11-04T02:00:00Z', '2018-11-05T02:00:00Z')
  expect(offered('America/Sao_Paulo', { hours: everyDay('00:00', '03:00') }, wanted)).toEqual([
    '2018-11-04 01:00',
    '2018-11-04 02:00',
  ])
})

test.each([
  ['Asia/Kathmandu', '2026-06-01T03:15:00.000Z'],
  ['Asia/Kolkata', '2026-06-01T03:30:00.000Z'],
  ['Pacific/Chatham', '2026-05-31T20:15:00.000Z'],
  ['Pacific/Kiritimati', '2026-05-31T19:00:00.000Z'],
  ['Pacific/Apia', '2026-05-31T20:00:00.000Z'],
  ['Pacific/Pago_Pago', '2026-06-01T20:00:00.000Z'],
])('nine o’clock on Monday in %s is %s', (zone, expected) => {
  const hours = [{ weekday: 1, opens: 540, closes: 600 }]
  const wanted = wantedOf('2026-05-30T12:00:00Z', '2026-06-03T12:00:00Z')
  const found = freeSlots([calendarOf(zone, { hours })], wanted)
  expect(found.map(slot => slot.starts_at)).toEqual([expected])
  expect(wallClock(zone, expected)).toBe('2026-06-01 09:00')
})

test('Apia had no 30 December 2011: nobody is booked on it, and the other days are whole', () => {
  const wanted = wantedOf('2011-12-29T10:00:00Z', '2011-12-31T10:00:00Z')
  const days = offered('Pacific/Apia', { hours: everyDay('00:00', '24:00') }, wanted).map(at => at.slice(0, 10))
  expect(count(days)).toEqual({ '2011-12-29': 24, '2011-12-31': 24 })
})

test('a date has its own hours by the calendar on the wall, on the other side of the date line too', () => {
  const christmas = Date.parse('2026-12-25T00:00:00Z') / 86_400_000
  const dates = new Map([[christmas, [{ opens: 600, closes: 660 }]]])
  for (const zone of ['Pacific/Kiritimati', 'Pacific/Pago_Pago']) {
    const found = offered(
      zone,
      { hours: everyDay('09:00', '10:00'), dates },
      wantedOf('2026-12-23T12:00:00Z', '2026-12-27T12:00:00Z'),
    )
    expect(found.filter(at => at.startsWith('2026-12-25'))).toEqual(['2026-12-25 10:00'])
    expect(found.filter(at => at.startsWith('2026-12-26'))).toEqual(['2026-12-26 09:00'])
  }
})

test('who looks on from another zone sees the same instants, on another date', () => {
  const hours = everyDay('09:00', '11:00')
  const found = freeSlots([calendarOf('Pacific/Auckland', { hours })], wantedOf('2026-03-28T00:00:00Z', '2026-03-31T00:00:00Z'))
  // In London the clocks change meanwhile: the same hour of the host is another one of the customer's.
  expect(found.map(slot => wallClock('Europe/London', slot.starts_at))).toEqual([
    '2026-03-28 20:00',
    '2026-03-28 21:00',
    '2026-03-29 21:00',
    '2026-03-29 22:00',
    '2026-03-30 21:00',
    '2026-03-30 22:00',
  ])
  expect(found.map(slot => wallClock('Pacific/Auckland', slot.starts_at).slice(11))).toEqual(
    Array(3).fill(['09:00', '10:00']).flat(),
  )
})

describe('notice', () => {
  test('that runs over a change is of hours that pass, not of what the clock shows', () => {
    // It is 23:00 on the day before; four hours later the clock shows 04:00, because 02:00 was left out.
    const wanted = wantedOf('2026-03-08T04:00:00Z', '2026-03-08T10:00:00Z', {
      now: Date.parse('2026-03-08T04:00:00Z'),
      notice_minutes: 240,
    })
    expect(offered('America/New_York', { hours: everyDay('00:00', '06:00') }, wanted)).toEqual([
      '2026-03-08 04:00',
      '2026-03-08 05:00',
    ])
  })

  test('that runs over the hour that comes twice ends in the second of it', () => {
    const wanted = wantedOf('2026-11-01T04:00:00Z', '2026-11-01T08:00:00Z', {
      now: Date.parse('2026-11-01T04:00:00Z'),
      notice_minutes: 120,
    })
    const found = freeSlots([calendarOf('America/New_York', { hours: everyDay('00:00', '03:00') })], wanted)
    expect(found.map(slot => slot.starts_at)).toEqual(['2026-11-01T06:00:00.000Z', '2026-11-01T07:00:00.000Z'])
  })

  test('of the person counts when it is the larger one', () => {
    const wanted = wantedOf('2026-06-01T00:00:00Z', '2026-06-02T00:00:00Z', {
      now: Date.parse('2026-06-01T00:00:00Z'),
      notice_minutes: 60,
    })
    expect(offered('UTC', { hours: everyDay('00:00', '24:00'), notice_minutes: 22 * 60 }, wanted)).toEqual([
      '2026-06-01 22:00',
      '2026-06-01 23:00',
    ])
  })
})

describe('hours', () => {
  const monday = wantedOf('2026-06-01T00:00:00Z', '2026-06-02T00:00:00Z')

  test('that are none offer nothing', () => {
    expect(offered('UTC', {}, monday)).toEqual([])
    expect(offered('UTC', { hours: everyDay('09:00', '09:30') }, monday)).toEqual([])
    expect(offered('UTC', { hours: everyDay('09:00', '17:00'), bookable: false }, monday)).toEqual([])
    expect(freeSlots([calendarOf('UTC', { hours: everyDay('09:00', '17:00'), time_zone: null })], monday)).toEqual([])
    expect(freeSlots([], monday)).toEqual([])
  })

  test('that end at midnight and begin at midnight are one: a meeting runs across', () => {
    const hours = [...everyDay('22:00', '24:00'), ...everyDay('00:00', '02:00')]
    const wanted = wantedOf('2026-06-01T20:00:00Z', '2026-06-02T04:00:00Z', { duration_minutes: 90, interval_minutes: 30 })
    expect(offered('UTC', { hours }, wanted)).toEqual([
      '2026-06-01 22:00',
      '2026-06-01 22:30',
      '2026-06-01 23:00',
      '2026-06-01 23:30',
      '2026-06-02 00:00',
      '2026-06-02 00:30',
    ])
    expect(offered('UTC', { hours: everyDay('22:00', '24:00') }, wanted)).toEqual(['2026-06-01 22:00', '2026-06-01 22:30'])
  })

  test('begin a grid each, which does not depend on from when on somebody looks', () => {
    const hours = [...everyDay('09:10', '12:00'), ...everyDay('13:05', '15:00')]
    const settings = { interval_minutes: 50, duration_minutes: 50 }
    const all = ['09:10', '10:00', '10:50', '13:05', '13:55'].map(time => `2026-06-01 ${time}`)
    expect(offered('UTC', { hours }, { ...monday, ...settings })).toEqual(all)
    expect(offered('UTC', { hours }, wantedOf('2026-06-01T09:59:00Z', '2026-06-01T13:55:00Z', settings))).toEqual(all.slice(1, 4))
  })

  test('of a date replace those of the weekday, and a date may have none', () => {
    const day = Date.parse('2026-06-01T00:00:00Z') / 86_400_000
    const hours = everyDay('09:00', '10:00')
    expect(offered('UTC', { hours, dates: new Map([[day, []]]) }, monday)).toEqual([])
    expect(offered('UTC', { dates: new Map([[day, [{ opens: 1380, closes: 1440 }]]]) }, monday)).toEqual(['2026-06-01 23:00'])
  })
})

describe('what is booked', () => {
  const monday = wantedOf('2026-06-01T00:00:00Z', '2026-06-02T00:00:00Z')
  const hours = everyDay('09:00', '14:00')
  const at = (list: string[]) => list.map(each => each.slice(11))

  test('is not offered, and what touches it is', () => {
    const booked = [span('2026-06-01T10:00:00Z', 60)]
    expect(at(offered('UTC', { hours, booked }, monday))).toEqual(['09:00', '11:00', '12:00', '13:00'])
  })

  test.each(['elsewhere', 'busy', 'absences'] as const)('is not offered either when it is of %s', kind => {
    const taken = [span('2026-06-01T10:30:00Z', 60)]
    expect(at(offered('UTC', { hours, [kind]: taken }, monday))).toEqual(['09:00', '12:00', '13:00'])
  })

  test('is kept away by what the type keeps free, or by what the person does, whichever is larger', () => {
    const booked = [span('2026-06-01T11:00:00Z', 60)]
    const wanted = { ...monday, interval_minutes: 30, duration_minutes: 30, before_minutes: 15, after_minutes: 40 }
    expect(at(offered('UTC', { hours, booked }, wanted))).toEqual(['09:00', '09:30', '12:30', '13:00', '13:30'])
    const person = { hours, booked, before_minutes: 45, after_minutes: 10 }
    expect(at(offered('UTC', person, wanted))).toEqual(['09:00', '09:30', '13:00', '13:30'])
  })

  test('is kept away from nothing by hours and absences: a meeting may follow them at once', () => {
    const wanted = { ...monday, before_minutes: 30, after_minutes: 30 }
    const absences = [span('2026-06-01T10:00:00Z', 60)]
    expect(at(offered('UTC', { hours, absences }, wanted))).toEqual(['09:00', '11:00', '12:00', '13:00'])
  })
})

test('of several people each slot names who is free, and it is there once', () => {
  const wanted = wantedOf('2026-06-01T00:00:00Z', '2026-06-02T00:00:00Z')
  const one = calendarOf('UTC', { user_id: 1, hours: everyDay('09:00', '11:00') })
  const other = calendarOf('Europe/London', { user_id: 2, hours: everyDay('11:00', '13:00') })
  expect(freeSlots([one, other], wanted).map(slot => [slot.starts_at.slice(11, 16), slot.user_ids])).toEqual([
    ['09:00', [1]],
    ['10:00', [1, 2]],
    ['11:00', [2]],
  ])
})

function count(days: string[]) {
  return Object.fromEntries([...new Set(days)].map(day => [day, days.filter(each => each === day).length]))
}
