import ICAL from 'ical.js'
import { DAY, type Property, type Stamp, stampsOf } from './wall-time.ts'

/** What takes time in a calendar, as far as that matters: no titles, no people. */
export type CalendarEvent = {
  uid: string
  start: Stamp
  /** How long: days as a clock counts them, and ms besides. */
  days: number
  ms: number
  rules: Record<string, unknown>[]
  also: Stamp[]
  except: Stamp[]
  /** Which time of its series it is, when that was changed by itself. */
  instead_of: Stamp | null
  /** False: it is only there to be seen, or was called off. */
  is_busy: boolean
}

export type EventsRead = { events: CalendarEvent[]; unreadable: number }

/**
 * Reads a calendar part by part, so that one event that is written wrongly does not take the others along. `email`: whose calendar it
 * is; what they declined takes no time. Undefined when it is no calendar, or only the beginning of one.
 */
export function readEvents(text: string, { time_zone, email }: { time_zone: string; email: string }): EventsRead | undefined {
  const lines = text
    .replace(/^\uFEFF/, '')
    .trim()
    .split(/\r?\n/)
  if (!/^BEGIN:VCALENDAR\s*$/i.test(lines[0]!) || !/^END:VCALENDAR\s*$/i.test(lines.at(-1)!)) return undefined
  const timezones = new Map<string, ICAL.Component>()
  for (const part of partsOf(lines, 'VTIMEZONE')) {
    const component = attempt(() => new ICAL.Component(ICAL.parse(part)))
    const tzid = component?.getFirstPropertyValue('tzid')
    if (component && typeof tzid === 'string') timezones.set(tzid, component)
  }
  const stampOf = stampsOf(time_zone, timezones)
  const read = partsOf(lines, 'VEVENT').map(part => attempt(() => eventOf(part, stampOf, email)))
  const periods = partsOf(lines, 'VFREEBUSY').map(part => attempt(() => periodsOf(part, stampOf)))
  const all = [...read, ...periods]
  return { events: all.flatMap(event => event ?? []), unreadable: all.filter(event => event === undefined).length }
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

/** The text of each part of this kind. */
function partsOf(lines: string[], kind: string): string[] {
  const parts: string[] = []
  const [begin, end] = [`BEGIN:${kind}`, `END:${kind}`]
  let from = -1
  lines.forEach((line, k) => {
    const word = line.length < 20 ? line.trim().toUpperCase() : ''
    if (word === begin) from = k
    if (word !== end || from < 0) return
    parts.push(lines.slice(from, k + 1).join('\r\n'))
    from = -1
  })
  return parts
}

type StampOf = (property: Property) => Stamp

function propertiesOf(part: string) {
  const [, properties] = ICAL.parse(part) as [string, Property[]]
  const all = (name: string) => properties.filter(property => property[0] === name)
  const text = (name: string) => String(all(name)[0]?.[3] ?? '')
  return { all, text }
}

function eventOf(part: string, stampOf: StampOf, email: string): CalendarEvent[] {
  const { all, text } = propertiesOf(part)
  const first = all('dtstart')[0]
  if (!first) throw new Error('without a beginning')
  const start = stampOf(first)
  const moments = (name: string) =>
    all(name).flatMap(([key, params, type, ...values]) => values.map(value => stampOf([key, params, type, value])))
  const instead = all('recurrence-id')[0]
  const shown_as = text('x-microsoft-cdo-busystatus').toUpperCase()
  const is_declined = all('attendee').some(
    ([, { partstat }, , address]) =>
      String(partstat).toUpperCase() === 'DECLINED' && String(address).toLowerCase() === `mailto:${email.toLowerCase()}`,
  )
  return [
    {
      uid: text('uid'),
      start,
      ...lengthOf(start, all('dtend')[0], text('duration'), stampOf),
      rules: all('rrule').map(rule => rule[3] as Record<string, unknown>),
      also: moments('rdate'),
      except: moments('exdate'),
      instead_of: instead ? stampOf(instead) : null,
      is_busy:
        text('transp').toUpperCase() !== 'TRANSPARENT' &&
        text('status').toUpperCase() !== 'CANCELLED' &&
        !['FREE', 'WORKINGELSEWHERE'].includes(shown_as) &&
        !is_declined,
    },
  ]
}

/** A day without an end is one day long; a time without an end takes none (RFC 5545, 3.6.1). */
function lengthOf(start: Stamp, end: Property | undefined, duration: string, stampOf: StampOf): { days: number; ms: number } {
  if (end) {
    const until = stampOf(end)
    if (start.is_date) return { days: Math.ceil((until.wall - start.wall) / DAY), ms: 0 }
    return { days: 0, ms: until.zone.instantOf(until.wall) - start.zone.instantOf(start.wall) }
  }
  if (!duration) return { days: start.is_date ? 1 : 0, ms: 0 }
  const { weeks, days, hours, minutes, seconds, isNegative } = ICAL.Duration.fromString(duration)
  if (isNegative) throw new Error('ends before it begins')
  return { days: weeks * 7 + days, ms: ((hours * 60 + minutes) * 60 + seconds) * 1000 }
}

/** Calendars that only tell when somebody is busy. */
function periodsOf(part: string, stampOf: StampOf): CalendarEvent[] {
  const { all } = propertiesOf(part)
  return all('freebusy').flatMap(([name, params, type, ...periods]) =>
    periods.map(period => {
      const [, until] = period as [string, string]
      const start = stampOf([name, params, type, period])
      const end: Property | undefined = until.startsWith('P') ? undefined : [name, params, type, until]
      const is_busy = String(params.fbtype ?? 'BUSY').toUpperCase() !== 'FREE'
      const length = lengthOf(start, end, end ? '' : until, stampOf)
      return { uid: '', start, ...length, rules: [], also: [], except: [], instead_of: null, is_busy }
    }),
  )
}
