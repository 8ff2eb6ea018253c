import type { Place } from '../../shared/appointments.ts'
import { isTimeZone, type Moment, momentOf } from '../appointments/local-time.ts'
import { normalizeEmail } from '../contacts/normalize.ts'
import { readDay } from '../fields/values.ts'
import type { Field, Fields } from './formats/format.ts'
import { bare } from './spelling.ts'
import { textOf } from './values.ts'

/** A meeting as its sender told it. */
export type Meeting = {
  /** Another time, or none any more, of a meeting that the sender told before. */
  change: 'booked' | 'moved' | 'cancelled'
  /** The sender's own id of it. */
  external_id: string | null
  /** The id that it had before it was moved. */
  was: string | null
  /** ISO 8601; null only for what is cancelled. */
  scheduled_at: string | null
  duration_minutes: number | null
  type: string | null
  time_zone: string | null
  place: Place | null
  location: string | null
  customer_notes: string | null
  cancel_reason: string | null
  language: string | null
  /** Of whom it is with, where the sender knows. */
  host_email: string | null
}

type ReadMeeting = { meeting: Meeting; problems: Record<string, string> }

/**
 * What stands about a meeting in what came, by the common spellings: in one value with its offset, as a clock shows it in the zone that
 * came along (the workspace's without), or as a date and a time. Never throws; what cannot be used is a sentence.
 */
export function readMeeting(
  came: Fields,
  { time_zone }: { time_zone: string },
  told: Partial<Pick<Meeting, 'change' | 'external_id' | 'was'>> = {},
): ReadMeeting {
  const found = collect(came)
  const zone = found.time_zone && isTimeZone(found.time_zone) ? found.time_zone : null
  const start = startOf(found, zone ?? time_zone)
  const cancelled = /^cancel/i.test(found.status ?? '')
  const change = told.change ?? (cancelled ? 'cancelled' : 'booked')
  const problems: Record<string, string> = {}
  if ('wrong' in start && change !== 'cancelled') problems.scheduled_at = start.wrong
  const scheduled_at = 'at' in start ? start.at : null
  return {
    meeting: {
      change,
      external_id: told.external_id ?? found.external_id?.slice(0, 200) ?? null,
      was: told.was ?? null,
      scheduled_at,
      duration_minutes: durationOf(found, scheduled_at, zone ?? time_zone),
      type: found.type ? keyOf(found.type) : null,
      time_zone: zone,
      place: placeOf(found.place ?? found.location),
      // Cal.com names its own integration so: it says how, and not where.
      location: found.location?.startsWith('integrations:') ? null : (found.location?.slice(0, 2000) ?? null),
      customer_notes: found.customer_notes?.slice(0, 20_000) ?? null,
      cancel_reason: found.cancel_reason?.slice(0, 2000) ?? null,
      language: found.language?.slice(0, 35) ?? null,
      host_email: (found.host_email && normalizeEmail(found.host_email)) ?? null,
    },
    problems,
  }
}

/** In lower case, without spaces, dashes, dots and underscores, and without what says that it is a meeting's. The first that came counts. */
const SPELLINGS = {
  start: 'scheduledat startat startsat starttime startdatetime start datetime at when scheduledfor scheduledtime',
  date: 'date scheduleddate startdate day',
  time: 'time timeofday starttimeofday',
  end: 'endat endsat endtime enddatetime end',
  duration: 'durationminutes duration length lengthminutes minutes',
  type: 'type kind typekey',
  time_zone: 'timezone tz inviteetimezone customertimezone',
  place: 'place locationtype locationkind',
  location: 'location where locationjoinurl locationlocation meetingurl videocallurl metadatavideocallurl',
  customer_notes: 'notes customernotes comments comment message additionalnotes',
  cancel_reason: 'cancelreason cancellationreason canceledreason cancellation',
  language: 'language locale lang preferredlanguage',
  status: 'status',
  external_id: 'id externalid uid bookingid ref reference',
  host_email: 'hostemail organizeremail eventmemberships0useremail memberships0useremail assignedtoemail staffemail agentemail',
} as const

type Name = keyof typeof SPELLINGS
type Found = Partial<Record<Name, string>>

const BY_SPELLING = new Map<string, { name: Name; rank: number }>(
  Object.entries(SPELLINGS).flatMap(([name, words]) =>
    words.split(' ').map((word, rank) => [word, { name: name as Name, rank }] as const),
  ),
)

/** A word that says of a key that it is about the meeting, so that what follows may be short: `appointment_date`, `booking.id`. */
const ABOUT = /^(appointment|appt|booking|meeting|scheduledevent|event|payload|fields|form|data)+/
/** Without it these belong to the lead or to anything. */
const NEEDS_ABOUT = new Set(['id', 'externalid', 'uid', 'ref', 'reference', 'type', 'kind', 'at', 'day', 'minutes'])

function collect(came: Fields): Found {
  const best = new Map<Name, { rank: number; text: string }>()
  for (const [key, value] of Object.entries(came)) {
    const spelled = spelledAs(bare(key))
    const text = textOf(value as Field)
    if (!spelled || text === undefined) continue
    const { name, rank } = spelled
    const known = best.get(name)
    if (!known || rank < known.rank) best.set(name, { rank, text })
  }
  return Object.fromEntries([...best].map(([name, { text }]) => [name, text]))
}

function spelledAs(word: string) {
  const whole = NEEDS_ABOUT.has(word) ? undefined : BY_SPELLING.get(word)
  if (whole) return whole
  const short = word.replace(ABOUT, '')
  return short === word ? undefined : BY_SPELLING.get(short)
}

function startOf({ start, date, time }: Found, zone: string): Moment {
  if (start !== undefined && !isTimeOnly(start)) return momentIn(start, zone)
  const clock = start ?? time
  if (date === undefined) return { wrong: 'is required: when the meeting begins, such as 2026-12-01T10:00:00-05:00' }
  if (clock === undefined) return momentIn(date, zone)
  return momentIn(`${date.split('T', 1)[0]} ${clock}`, zone)
}

function isTimeOnly(text: string) {
  return /^\d{1,2}(:\d{2}){0,2}\s*([ap]\.?m\.?)?$/i.test(text)
}

const WITH_OFFSET = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[+-]\d{2}(:?\d{2})?)$/i
const LOCAL = /^([\d./-]+)[T ,]+(\d{1,2})(?::(\d{2}))?(?::\d{2}(?:\.\d+)?)?\s*([ap])?\.?m?\.?$/i

/** With an offset, in seconds or milliseconds since 1970, or as a clock shows it: 2026-12-01 14:30, 12/01/2026 2:30 PM, 01.12.2026 14:30. */
function momentIn(text: string, zone: string): Moment {
  if (WITH_OFFSET.test(text)) {
    const at = new Date(
      text.replace(' ', 'T').replace(/([+-]\d{2})(\d{2})?$/, (_, hours, minutes = '00') => `${hours}:${minutes}`),
    )
    if (!Number.isNaN(at.getTime())) return { at: at.toISOString() }
  }
  if (/^\d{10}$|^\d{13}$/.test(text)) return { at: new Date(Number(text) * (text.length === 10 ? 1000 : 1)).toISOString() }
  const [, date, clock, minutes = '00', half] = LOCAL.exec(text) ?? []
  const day = readDay(date)
  const hour = half === undefined ? Number(clock) : (Number(clock) % 12) + (half.toLowerCase() === 'p' ? 12 : 0)
  if (day === undefined || hour > 23 || (half !== undefined && (Number(clock) < 1 || Number(clock) > 12)))
    return { wrong: UNREADABLE }
  return momentOf(`${day}T${String(hour).padStart(2, '0')}:${minutes}`, zone)
}

const UNREADABLE = 'is no time: send it with its offset, such as 2026-12-01T10:00:00-05:00'

function durationOf({ duration, end }: Found, scheduled_at: string | null, zone: string): number | null {
  const told = duration === undefined ? Number.NaN : Number(/^\d+/.exec(duration)?.[0])
  const ended = end === undefined || scheduled_at === null ? undefined : momentIn(end, zone)
  const minutes = told > 0 ? told : ended && 'at' in ended ? (Date.parse(ended.at) - Date.parse(scheduled_at!)) / 60_000 : 0
  return Number.isInteger(minutes) && minutes >= 1 && minutes <= 1440 ? minutes : null
}

function placeOf(text: string | undefined): Place | null {
  if (text === undefined) return null
  if (/phone|call(?!endly)|outbound|inbound/i.test(text) && !/^https?:/i.test(text)) return 'phone'
  if (/video|zoom|meet|teams|webex|daily|^https?:/i.test(text)) return 'video'
  if (/home|customer|house|on.?site|residence/i.test(text)) return 'home'
  return /office|in.?person|physical|store|clinic|branch/i.test(text) ? 'office' : null
}

function keyOf(text: string) {
  const key = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 50)
  return key === '' ? null : key
}
