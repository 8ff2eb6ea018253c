import { expect, test } from 'vitest'
import type { Appointment } from '../../../../shared/appointments.ts'
import { piecesOf } from './pieces.ts'

const NEW_YORK = 'America/New_York'
const WEEK = ['2026-03-07', '2026-03-08', '2026-03-09']
let id = 0

function booked(scheduled_at: string, duration_minutes = 60) {
  const ends_at = new Date(Date.parse(scheduled_at) + duration_minutes * 60_000).toISOString()
  return { id: ++id, scheduled_at, ends_at, duration_minutes } as Appointment
}

const drawn = (appointments: Appointment[], days = WEEK) =>
  piecesOf(appointments, days, NEW_YORK).map(({ day, top, bottom, column, columns }) => [day, top, bottom, column, columns])

test('an appointment lies where the clock of the zone shows it', () => {
  expect(drawn([booked('2026-03-07T14:30:00Z', 45)])).toEqual([[0, 570, 615, 0, 1]])
})

test('one that crosses midnight has a piece in both days, and none in a day that it only touches', () => {
  expect(drawn([booked('2026-03-08T04:30:00Z')])).toEqual([
    [0, 1410, 1440, 0, 1],
    [1, 0, 30, 0, 1],
  ])
  expect(drawn([booked('2026-03-08T04:00:00Z')])).toEqual([[0, 1380, 1440, 0, 1]])
})

test('those at the same time lie side by side, and one that begins when another ends below it', () => {
  const nine = '2026-03-07T14:00:00Z'
  expect(drawn([booked(nine), booked(nine, 30), booked('2026-03-07T14:30:00Z', 30), booked('2026-03-07T15:00:00Z')])).toEqual([
    [0, 540, 600, 0, 2],
    [0, 540, 570, 1, 2],
    [0, 570, 600, 1, 2],
    [0, 600, 660, 0, 1],
  ])
})

test('on the days on which clocks change nothing is lost', () => {
  expect(drawn([booked('2026-03-08T06:30:00Z')])).toEqual([[1, 90, 210, 0, 1]])
  const autumn = ['2026-11-01']
  expect(drawn([booked('2026-11-01T05:30:00Z')], autumn)).toEqual([[0, 90, 150, 0, 1]])
})
