import { Temporal } from 'temporal-polyfill'

/** What a clock on the wall of a zone shows: the date, and the minutes since midnight on its face. */
export type Wall = { date: string; minutes: number }

const DAY = 1440

export function wallOf(at: string | number, zone: string): Wall {
  const { year, month, day, hour, minute } = Temporal.Instant.fromEpochMilliseconds(
    typeof at === 'number' ? at : Date.parse(at),
  ).toZonedDateTimeISO(zone)
  return { date: Temporal.PlainDate.from({ year, month, day }).toString(), minutes: hour * 60 + minute }
}

export type Moment = { at: string; gap: boolean; second: string | null }

/**
 * The moment at which the clock shows this. When clocks go forward some times do not exist (`gap`): the moment is the one after the gap. When they
 * go back some come twice: `second` is the later one.
 */
export function momentOf({ date, minutes }: Wall, zone: string): Moment {
  const days = Math.floor(minutes / DAY)
  const wall = Temporal.PlainDate.from(date)
    .add({ days })
    .toPlainDateTime()
    .add({ minutes: minutes - days * DAY })
  const first = wall.toZonedDateTime(zone, { disambiguation: 'earlier' }).epochMilliseconds
  const last = wall.toZonedDateTime(zone, { disambiguation: 'later' }).epochMilliseconds
  // Across a gap `earlier` lies before it and shows another time than was asked for.
  const gap =
    first !== last && !wall.equals(Temporal.Instant.fromEpochMilliseconds(first).toZonedDateTimeISO(zone).toPlainDateTime())
  return { at: iso(gap ? last : first), gap, second: first === last || gap ? null : iso(last) }
}

/** The first moment of a date: not always midnight, where clocks change at midnight. */
export function startOfDay(date: string, zone: string): string {
  return iso(Temporal.PlainDate.from(date).toZonedDateTime(zone).epochMilliseconds)
}

/** Those of the face of the clock that a date does not have, from and to in minutes; none on nearly every day. */
export function gapOf(date: string, zone: string): { from: number; to: number } | null {
  const start = Temporal.PlainDate.from(date).toZonedDateTime(zone)
  const begins = start.hour * 60 + start.minute
  if (begins > 0) return { from: 0, to: begins }
  if (start.hoursInDay >= 24) return null
  const next = start.getTimeZoneTransition('next')
  if (!next) return null
  const to = next.hour * 60 + next.minute
  return { from: to - (24 - start.hoursInDay) * 60, to }
}

const iso = (ms: number) => new Date(ms).toISOString()

const FORMATS = {
  clock: { hour: '2-digit', minute: '2-digit' },
  weekday: { weekday: 'short' },
  day: { weekday: 'long', day: 'numeric', month: 'long' },
  day_year: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
  short: { weekday: 'short', day: 'numeric', month: 'short' },
  short_year: { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' },
  offset: { timeZoneName: 'shortOffset' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>

const known = new Map<string, Intl.DateTimeFormat>()

function formatOf(name: keyof typeof FORMATS, zone: string) {
  const key = `${name} ${zone}`
  const format = known.get(key) ?? new Intl.DateTimeFormat(undefined, { ...FORMATS[name], timeZone: zone })
  known.set(key, format)
  return format
}

/** "14:30" */
export const clockIn = (at: string, zone: string) => formatOf('clock', zone).format(Date.parse(at))

/** "14:30 – 15:30" */
export const spanIn = (at: string, until: string, zone: string) => `${clockIn(at, zone)} – ${clockIn(until, zone)}`

/** "Thu 12 Mar", with the year when it is another one. */
export function shortDayIn(at: string, zone: string, now = Date.now()) {
  const same_year = wallOf(at, zone).date.slice(0, 4) === wallOf(now, zone).date.slice(0, 4)
  return formatOf(same_year ? 'short' : 'short_year', zone).format(Date.parse(at))
}

/** "Today", "Tomorrow", "Thu 12 Mar" */
export function nearDayIn(at: string, zone: string, now = Date.now()) {
  const day = dayIn(at, zone, now)
  return NEAR.has(day) ? day : shortDayIn(at, zone, now)
}

const NEAR = new Set(['Yesterday', 'Today', 'Tomorrow'])

/** "Today", "Tomorrow", "Thursday 12 March", with the year when it is another one. */
export function dayIn(at: string, zone: string, now = Date.now()) {
  const { date } = wallOf(at, zone)
  const today = Temporal.PlainDate.from(wallOf(now, zone).date)
  const days = today.until(Temporal.PlainDate.from(date)).days
  if (days === 0) return 'Today'
  if (days === 1) return 'Tomorrow'
  if (days === -1) return 'Yesterday'
  return formatOf(date.startsWith(String(today.year)) ? 'day' : 'day_year', zone).format(Date.parse(at))
}

/** "GMT-4", as it is at that moment. */
export function offsetOf(at: string | number, zone: string) {
  const parts = formatOf('offset', zone).formatToParts(typeof at === 'number' ? at : Date.parse(at))
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? zone
}

/** "New York" of "America/New_York". */
export const placeOfZone = (zone: string) => (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ')

/** The zone of whoever looks. */
export const ownZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone
