import type { StaffUpdate } from '../../../shared/staff.ts'
import { refuse } from '../../errors.ts'
import { isTimeZone } from '../local-time.ts'

type Hours = { opens: string; closes: string }

/** What a schema cannot tell. Throws `invalid_fields`, each with a sentence. */
export function requirePossible({ time_zone, hours = [], dates = [] }: StaffUpdate): void {
  const fields: Record<string, string> = {}
  if (time_zone !== undefined && !isTimeZone(time_zone)) fields.time_zone = 'must be a time zone such as Europe/Berlin'
  const week = hours.map((each, k) => ({ ...each, path: `hours.${k}`, day: WEEKDAYS[each.weekday - 1]! }))
  Object.assign(fields, wrongHours(week))
  const seen = new Set<string>()
  for (const [k, { date, hours }] of dates.entries()) {
    const path = `dates.${k}`
    if (!isDate(date)) fields[`${path}.date`] = `${date} is no day of the calendar`
    else if (seen.has(date)) fields[`${path}.date`] = `${date} is there twice: give all hours of a date together`
    seen.add(date)
    Object.assign(fields, wrongHours(hours.map((each, n) => ({ ...each, path: `${path}.hours.${n}`, day: date }))))
  }
  if (Object.keys(fields).length > 0) throw refuse('invalid_fields', { fields })
}

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

/** "09:00" and "24:00" are in order as text. */
function wrongHours(given: (Hours & { path: string; day: string })[]): Record<string, string> {
  const fields: Record<string, string> = {}
  for (const { opens, closes, path } of given) {
    if (opens >= closes) {
      fields[`${path}.closes`] =
        `must be after ${opens}. Hours past midnight are two: until 24:00, and from 00:00 on the next day.`
    }
  }
  const sorted = [...given].sort((a, b) => (a.day === b.day ? (a.opens < b.opens ? -1 : 1) : a.day < b.day ? -1 : 1))
  for (const [k, { opens, closes, path, day }] of sorted.entries()) {
    const last = sorted[k - 1]
    if (last?.day === day && opens < last.closes) {
      fields[`${path}.opens`] = `${opens} to ${closes} overlaps ${last.opens} to ${last.closes} of ${day}`
    }
  }
  return fields
}

/** 2026-02-30 is none. */
function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`)
  return text > '1970' && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}
