import ICAL from 'ical.js'
import { Temporal } from 'temporal-polyfill'
import { isTimeZone } from '../local-time.ts'

/** What the clocks of a zone show, and when that is. `wall` is what they show, as if it were UTC, in ms. */
export type Zone = { instantOf(wall: number): number; wallOf(instant: number): number }

/** A moment as a calendar writes it: a day, or a time on the clocks of a zone. */
export type Stamp = { wall: number; is_date: boolean; zone: Zone }

export const DAY = 86_400_000

const UTC: Zone = { instantOf: wall => wall, wallOf: instant => instant }

/** A property as ical.js parses it: name, parameters, type, values. */
export type Property = [name: string, params: Record<string, string | string[]>, type: string, ...values: unknown[]]

/**
 * Reads moments of one calendar. What names no zone, and whole days, are in the person's (IANA). A zone is looked up in the database of
 * this server first, because those in files are often years old; then in the file; one that is in neither is taken for the person's.
 */
export function stampsOf(time_zone: string, timezones: Map<string, ICAL.Component>) {
  const own = zoneOf(time_zone)
  const known = new Map<string, Zone>()

  function zoneNamed(tzid: unknown): Zone {
    if (typeof tzid !== 'string') return own
    const found = known.get(tzid) ?? find(tzid)
    known.set(tzid, found)
    return found
  }

  function find(tzid: string): Zone {
    const component = timezones.get(tzid)
    // Old files of Mozilla and Evolution put a path before the name; X-LIC-LOCATION is how Lotus and libical say which it is.
    const names = [tzid, tzid.split('/').slice(-2).join('/'), String(component?.getFirstPropertyValue('x-lic-location') ?? '')]
    const name = names.find(isTimeZone)
    if (name) return zoneOf(name)
    return component ? zoneOfFile(new ICAL.Timezone(component)) : own
  }

  /** Throws when it is none. */
  return function stampOf([, { tzid }, , given]: Property): Stamp {
    const value = Array.isArray(given) ? given[0] : given // of a period, when it begins
    const text = typeof value === 'string' ? value : ''
    const is_date = text.length === 10
    const is_utc = text.endsWith('Z')
    const wall = Date.parse(is_date || is_utc ? text : `${text}Z`)
    if (Number.isNaN(wall)) throw new Error(`${text} is no time`)
    return { wall, is_date, zone: is_utc ? UTC : is_date ? own : zoneNamed(tzid) }
  }
}

function zoneOf(name: string): Zone {
  if (name === 'UTC') return UTC
  return {
    // In the hour that is left out in spring it is an hour later, of the two in autumn the first: as every calendar has it.
    instantOf: wall =>
      Temporal.PlainDateTime.from(new Date(wall).toISOString().slice(0, 19)).toZonedDateTime(name).epochMilliseconds,
    wallOf: instant => instant + Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(name).offsetNanoseconds / 1e6,
  }
}

/** Of a zone that only the file knows, as Outlook's "Customized Time Zone". */
function zoneOfFile(timezone: ICAL.Timezone): Zone {
  const offset = (wall: number) => timezone.utcOffset(timeOf(wall)) * 1000
  return { instantOf: wall => wall - offset(wall), wallOf: instant => instant + offset(instant + offset(instant)) }
}

/** What ical.js reckons with. */
export function timeOf(wall: number, isDate = false): ICAL.Time {
  const at = new Date(wall)
  const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate()]
  const [hour, minute, second] = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()]
  return new ICAL.Time({ year, month, day, hour, minute, second, isDate }, ICAL.Timezone.localTimezone)
}

export function wallOf(time: ICAL.Time): number {
  return Date.UTC(time.year, time.month - 1, time.day, time.hour, time.minute, time.second)
}
