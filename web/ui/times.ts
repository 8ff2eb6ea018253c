const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const absolute_format = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' })
const clock_format = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const seconds_format = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})
const MOMENT = {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
} as const
const moment_format = new Intl.DateTimeFormat(undefined, MOMENT)
const moment_of_year_format = new Intl.DateTimeFormat(undefined, { ...MOMENT, year: 'numeric' })
const date_format = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const year_format = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' })
const weekday_format = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' })

/** "now", "5 min ago", "3 h ago", "yesterday", "12 Mar", "12 Mar 2024": short enough for a column. */
export function relative(at: string, now = Date.now()) {
  const age = now - Date.parse(at)
  if (age < -MINUTE) return short(at, now)
  if (age < MINUTE) return 'now'
  if (age < HOUR) return `${Math.floor(age / MINUTE)} min ago`
  if (age < DAY) return `${Math.floor(age / HOUR)} h ago`
  if (age < 2 * DAY) return 'yesterday'
  if (age < 7 * DAY) return `${Math.floor(age / DAY)} days ago`
  return short(at, now)
}

/** "in 20 s", "in 5 min", "in 3 h", "12 Mar": how long until something is due; "now" when it is. */
export function ahead(at: string, now = Date.now()) {
  const wait = Date.parse(at) - now
  if (wait < 1000) return 'now'
  if (wait < MINUTE) return `in ${Math.ceil(wait / 1000)} s`
  if (wait < HOUR) return `in ${Math.round(wait / MINUTE)} min`
  if (wait < DAY) return `in ${Math.round(wait / HOUR)} h`
  return `on ${short(at, now)}`
}

export function short(at: string, now = Date.now()) {
  return (sameYear(at, now) ? date_format : year_format).format(new Date(at))
}

export const absolute = (at: string) => absolute_format.format(new Date(at))

export const clock = (at: string) => clock_format.format(new Date(at))

export const clockWithSeconds = (at: string) => seconds_format.format(new Date(at))

/** "Today", "Yesterday", "Monday, 3 March", with the year when it is another one. */
export function day(at: string, now = Date.now()) {
  const date = new Date(at)
  if (sameDay(date, new Date(now))) return 'Today'
  if (sameDay(date, new Date(now - DAY))) return 'Yesterday'
  const text = weekday_format.format(date)
  return sameYear(at, now) ? text : `${text} ${date.getFullYear()}`
}

/** The calendar day, for grouping. */
export const dayKey = (at: string) => new Date(at).toDateString()

/** "12 Mar, 14:05:09", with the year when it is another one: exact, and still short. */
export function moment(at: string, now = Date.now()) {
  return (sameYear(at, now) ? moment_format : moment_of_year_format).format(new Date(at))
}

/** A time as a field for date and time takes it, in the zone of whoever looks; empty without one. */
export function toField(at: string | undefined) {
  if (!at) return ''
  const date = new Date(at)
  return new Date(date.getTime() - date.getTimezoneOffset() * MINUTE).toISOString().slice(0, 16)
}

/** The other way round; undefined when nothing was chosen. */
export function fromField(value: string) {
  return value ? new Date(value).toISOString() : undefined
}

/** "45 s", "12 min", "1 h 20 min" */
export function duration(ms: number) {
  if (ms < MINUTE) return `${Math.max(1, Math.round(ms / 1000))} s`
  if (ms < HOUR) return `${Math.round(ms / MINUTE)} min`
  const minutes = Math.round((ms % HOUR) / MINUTE)
  return minutes ? `${Math.floor(ms / HOUR)} h ${minutes} min` : `${Math.floor(ms / HOUR)} h`
}

function sameDay(one: Date, other: Date) {
  return one.toDateString() === other.toDateString()
}

function sameYear(at: string, now: number) {
  return new Date(at).getFullYear() === new Date(now).getFullYear()
}
