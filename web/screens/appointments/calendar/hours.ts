import type { StaffMember } from '../../../../shared/staff.ts'
import { dayAfter } from '../../../ui/days.ts'
import { momentOf, startOfDay, wallOf } from '../../../ui/zones.ts'

/** From and to in minutes of the face of the clock. */
export type Stretch = { from: number; to: number }

type Hours = Pick<StaffMember, 'time_zone' | 'hours' | 'dates' | 'absences' | 'bookable'>

const DAY = 1440

/**
 * When nobody of these people works, on a date of a zone: what is shaded. Their hours are what the clock shows where they are. Of somebody who never
 * said when they work nothing is known, and when nothing is known of anybody nothing is shaded.
 */
export function closedOn(date: string, zone: string, people: Hours[]): Stretch[] {
  const known = people.filter(({ time_zone, hours, dates }) => time_zone !== null && (hours.length > 0 || dates.length > 0))
  if (!known.length) return []
  const begin = Date.parse(startOfDay(date, zone))
  const end = Date.parse(startOfDay(dayAfter(date, 1), zone))
  const open = known
    .flatMap(person => openOf(person, date))
    .map(([from, to]) => [Math.max(from, begin), Math.min(to, end)] as const)
  const faces = open
    .filter(([from, to]) => from < to)
    .map(([from, to]) => ({ from: wallOf(from, zone).minutes, to: to === end ? DAY : wallOf(to, zone).minutes }))
    .toSorted((one, other) => one.from - other.from)
  const closed: Stretch[] = []
  let at = 0
  for (const { from, to } of faces) {
    if (from > at) closed.push({ from: at, to: from })
    at = Math.max(at, to)
  }
  return at < DAY ? [...closed, { from: at, to: DAY }] : closed
}

/** In milliseconds: what of somebody's hours may lie in that date of whatever zone, without their absences. */
function openOf({ time_zone, hours, dates, absences, bookable }: Hours, date: string): [number, number][] {
  if (time_zone === null || !bookable) return []
  const around = [dayAfter(date, -1), date, dayAfter(date, 1)]
  const open = around.flatMap(day => {
    const other = dates.find(({ date }) => date === day)
    const of_day = other ? other.hours : hours.filter(({ weekday }) => weekday === weekdayOf(day))
    return of_day.map(({ opens, closes }): [number, number] => [
      momentMs(day, opens, time_zone),
      momentMs(day, closes, time_zone),
    ])
  })
  return absences.reduce((left, { starts_at, ends_at }) => without(left, Date.parse(starts_at), Date.parse(ends_at)), open)
}

function without(stretches: [number, number][], from: number, to: number) {
  return stretches.flatMap(([begin, end]): [number, number][] => {
    if (to <= begin || from >= end) return [[begin, end]]
    const parts: [number, number][] = [
      [begin, from],
      [to, end],
    ]
    return parts.filter(([one, other]) => one < other)
  })
}

function momentMs(date: string, clock: string, zone: string) {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number)
  return Date.parse(momentOf({ date, minutes: hours * 60 + minutes }, zone).at)
}

/** 1 is Monday. */
export const weekdayOf = (date: string) => new Date(date).getUTCDay() || 7
