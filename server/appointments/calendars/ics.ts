import ical, { ICalAttendeeStatus, type ICalCalendar, ICalCalendarMethod, ICalEventStatus } from 'ical-generator'

/** An appointment as somebody's calendar shows it. */
export type CalendarEntry = {
  uid: string
  version: number
  scheduled_at: Date
  ends_at: Date
  /** When it was changed last. */
  updated_at: Date
  /** `pending`: nobody has confirmed it yet. */
  state: 'sure' | 'pending' | 'cancelled'
  title: string
  description: string
  location: string | null
  url: string | null
}

export type Party = { name: string; address: string }

/**
 * An invitation that puts an appointment into the calendar of whoever gets it, changes it there (the same `uid`, a higher version) or
 * takes it out (cancelled). Times are in UTC, which every program shows in its own zone and which no VTIMEZONE of an old file can turn
 * into something else. The organizer is who sends the mail: programs distrust an invitation from somebody else, and the person who has
 * the appointment could not be invited to what is theirs. Nobody answers to it, so no answer is asked for.
 */
export function writeInvitation(entry: CalendarEntry, organizer: Party, attendee: Party): string {
  const calendar = newCalendar()
  calendar.method(entry.state === 'cancelled' ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.REQUEST)
  const event = addEvent(calendar, entry)
  event.organizer({ name: inQuotes(organizer.name), email: organizer.address })
  event.createAttendee({
    name: inQuotes(attendee.name),
    email: attendee.address,
    status: ICalAttendeeStatus.ACCEPTED,
    rsvp: false,
  })
  return `${calendar.toString()}\r\n`
}

/** A calendar to subscribe to. The same entries are the same text. */
export function writeFeed(name: string, entries: CalendarEntry[]): string {
  const calendar = newCalendar()
  calendar.method(ICalCalendarMethod.PUBLISH)
  calendar.name(plain(name))
  calendar.ttl(900)
  for (const entry of entries) addEvent(calendar, entry)
  return `${calendar.toString()}\r\n`
}

function newCalendar() {
  return ical({ prodId: { company: 'Throughline', product: 'Throughline', language: 'EN' } })
}

function addEvent(calendar: ICalCalendar, entry: CalendarEntry) {
  const { uid, version, scheduled_at, ends_at, updated_at, state, title, description, location, url } = entry
  return calendar.createEvent({
    id: uid,
    sequence: version,
    start: scheduled_at,
    end: ends_at,
    stamp: updated_at,
    lastModified: updated_at,
    summary: plain(title),
    description: plain(description),
    ...(location === null ? {} : { location: plain(location) }),
    ...(url === null ? {} : { url }),
    status: STATUS[state],
  })
}

const STATUS = {
  sure: ICalEventStatus.CONFIRMED,
  pending: ICalEventStatus.TENTATIVE,
  cancelled: ICalEventStatus.CANCELLED,
}

/** Line breaks are written as RFC 5545 wants them; other control characters end the file for some programs. */
function plain(text: string) {
  return text.replace(/\r\n?/g, '\n').replace(/[^\P{Cc}\n\t]/gu, '')
}

/** In a parameter nothing can be escaped (RFC 5545, 3.2). */
function inQuotes(name: string) {
  return name.replace(/[\p{Cc}"\\]+/gu, ' ').trim()
}
