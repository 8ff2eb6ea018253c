import { expect, test } from 'vitest'
import { closedOn } from './hours.ts'

const NEW_YORK = 'America/New_York'
const nine_to_five = { weekday: 1, opens: '09:00', closes: '17:00' }
const emma = { time_zone: NEW_YORK, bookable: true, hours: [nine_to_five], dates: [], absences: [] }
const MONDAY = '2026-06-01'

test('what lies outside of the hours is closed, and all of a day without any', () => {
  expect(closedOn(MONDAY, NEW_YORK, [emma])).toEqual([
    { from: 0, to: 540 },
    { from: 1020, to: 1440 },
  ])
  expect(closedOn('2026-06-02', NEW_YORK, [emma])).toEqual([{ from: 0, to: 1440 }])
})

test('hours are those of the clock where the person is', () => {
  expect(closedOn(MONDAY, NEW_YORK, [{ ...emma, time_zone: 'America/Los_Angeles' }])).toEqual([
    { from: 0, to: 720 },
    { from: 1200, to: 1440 },
  ])
  expect(closedOn(MONDAY, NEW_YORK, [{ ...emma, time_zone: 'Asia/Tokyo' }])).toEqual([{ from: 240, to: 1440 }])
})

test('with several people it is open when one of them is there', () => {
  const late = { ...emma, hours: [{ weekday: 1, opens: '12:00', closes: '24:00' }] }
  expect(closedOn(MONDAY, NEW_YORK, [emma, late])).toEqual([{ from: 0, to: 540 }])
})

test('other hours on a date, and absences, count', () => {
  expect(closedOn(MONDAY, NEW_YORK, [{ ...emma, dates: [{ date: MONDAY, hours: [] }] }])).toEqual([{ from: 0, to: 1440 }])
  const lunch = { id: 1, starts_at: '2026-06-01T16:00:00Z', ends_at: '2026-06-01T17:00:00Z', reason: null }
  expect(closedOn(MONDAY, NEW_YORK, [{ ...emma, absences: [lunch] }])).toEqual([
    { from: 0, to: 540 },
    { from: 720, to: 780 },
    { from: 1020, to: 1440 },
  ])
})

test('of people who never said when they work nothing is closed', () => {
  expect(closedOn(MONDAY, NEW_YORK, [{ ...emma, time_zone: null, hours: [] }])).toEqual([])
  expect(closedOn(MONDAY, NEW_YORK, [])).toEqual([])
})
