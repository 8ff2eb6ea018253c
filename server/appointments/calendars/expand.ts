import ICAL from 'ical.js'
import { wrongBeginning } from './beginning.ts'
import { type CalendarEvent, readEvents } from './read-events.ts'
import { DAY, type Stamp, timeOf, wallOf } from './wall-time.ts'

/** When somebody has no time, in ms. `uid`: of the appointment, should it be one of ours that came back with their calendar. */
export type BusySpan = { from: number; until: number; uid: string | null }

/** `unreadable`: how many of its events nobody could understand. */
export type Expanded = { ok: true; spans: BusySpan[]; unreadable: number } | { ok: false; reason: string }

export type Reading = { time_zone: string; email: string; from: number; until: number }

/** A meeting every hour for a year is 8,760; what has more is no calendar of a person. */
const MOST_SPANS = 20_000
/** Of one rule, those of past years included: one a minute for four months, one a day for 400 years. */
const MOST_STEPS = 200_000

/**
 * What an .ics file says of a span of time: series are written out, with their exceptions and what was moved out of them. Takes as long
 * as the file wants, so it runs in a thread of its own (expand-in-thread.ts).
 */
export function expandCalendar(text: string, reading: Reading): Expanded {
  const read = readEvents(text, reading)
  if (!read) return { ok: false, reason: wrongBeginning(text) ?? 'The calendar breaks off before its end.' }
  const changed = new Map<string, CalendarEvent[]>()
  for (const event of read.events) {
    if (!event.instead_of) continue
    const others = changed.get(event.uid)
    if (others) others.push(event)
    else changed.set(event.uid, [event])
  }
  const spans: BusySpan[] = []
  let { unreadable } = read
  for (const event of read.events) {
    if (!event.is_busy) continue
    try {
      spans.push(...spansOf(event, changed.get(event.uid) ?? [], reading))
    } catch (error) {
      if (error instanceof TooMany) return { ok: false, reason: TOO_MANY }
      unreadable++
    }
    if (spans.length > MOST_SPANS) return { ok: false, reason: TOO_MANY }
  }
  return { ok: true, spans, unreadable }
}

class TooMany extends Error {}
const TOO_MANY = `The calendar has more than ${MOST_SPANS.toLocaleString('en')} times in a year, or a series without measure.`

function spansOf(event: CalendarEvent, changed: CalendarEvent[], { from, until }: Reading): BusySpan[] {
  const { zone } = event.start
  const spans: BusySpan[] = []
  const uid = ownUid(event.uid)
  const isLeftOut = event.instead_of ? () => false : leftOut(event, changed)
  for (const wall of wallsOf(event, until)) {
    if (wall + event.days * DAY + event.ms < from - 2 * DAY) continue // long over, in any zone: zones are dear
    const at = zone.instantOf(wall)
    const end = (event.days === 0 ? at : zone.instantOf(wall + event.days * DAY)) + event.ms
    if (end <= from || at >= until || end <= at || isLeftOut(wall, at)) continue
    spans.push({ from: Math.max(at, from), until: Math.min(end, until), uid })
    if (spans.length > MOST_SPANS) throw new TooMany()
  }
  return spans
}

/** Each time of a series once, as the clocks of its zone show it, until some time after `until`. */
function wallsOf(event: CalendarEvent, until: number): Set<number> {
  const { start } = event
  const walls = new Set([start.wall])
  if (event.instead_of) return walls
  for (const also of event.also) walls.add(also.is_date ? also.wall : start.zone.wallOf(also.zone.instantOf(also.wall)))
  for (const rule of event.rules) {
    const steps = new ICAL.Recur({ ...rule, until: lastOf(rule.until, start) } as ConstructorParameters<typeof ICAL.Recur>[0])
    const iterator = steps.iterator(timeOf(start.wall, start.is_date))
    for (let n = 0, time = iterator.next(); time; time = iterator.next()) {
      const wall = wallOf(time)
      if (wall > until + 2 * DAY) break
      if (++n > MOST_STEPS) throw new TooMany()
      walls.add(wall)
    }
  }
  return walls
}

/** UNTIL is in UTC, the series on the clocks of its zone: a day later or earlier there, around midnight. */
function lastOf(until: unknown, { zone, is_date }: Stamp): ICAL.Time | null {
  if (typeof until !== 'string') return null
  const day = until.slice(0, 10)
  if (until.length === 10 || is_date) return timeOf(Date.parse(`${day}T${is_date ? '00:00:00' : '23:59:59'}Z`), is_date)
  return timeOf(until.endsWith('Z') ? zone.wallOf(Date.parse(until)) : Date.parse(`${until}Z`))
}

/** A time that is left out is named by its moment, or by its day alone, whichever of both the series is made of. */
function leftOut({ start, except }: CalendarEvent, changed: CalendarEvent[]) {
  const instants = new Set<number>()
  const days = new Set<number>()
  for (const stamp of [...except, ...changed.flatMap(({ instead_of }) => instead_of ?? [])]) {
    if (stamp.is_date || start.is_date) days.add(Math.floor(stamp.wall / DAY))
    else instants.add(stamp.zone.instantOf(stamp.wall))
  }
  return (wall: number, at: number) => instants.has(at) || days.has(Math.floor(wall / DAY))
}

const UUID = /[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}/i

/** Invitations of ours have a UUID. Exchange wraps what it is given into hexadecimal. */
function ownUid(uid: string): string | null {
  const plain = /^040000008200E00074C5B7101A82E008/i.test(uid) ? Buffer.from(uid, 'hex').toString('latin1') : uid
  return UUID.exec(plain)?.[0].toLowerCase() ?? null
}
