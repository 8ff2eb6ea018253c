import type { Place } from '../../../shared/appointments.ts'
import type { CalendarEntry } from './ics.ts'
import { inShort, inWords } from './when.ts'

/** What people are told about an appointment. `taken`: somebody else has it now. `handed_on`: another workspace. */
export type Said = 'booked' | 'asked' | 'moved' | 'changed' | 'taken' | 'handed_on' | 'cancelled' | 'reminder'

/** All that stands in a mail about an appointment, whoever it is for. */
export type Occasion = {
  uid: string
  version: number
  scheduled_at: Date
  ends_at: Date
  /** The customer's. */
  time_zone: string
  updated_at: Date
  place: Place
  location: string | null
  /** What is booked: "Consultation". */
  type_name: string
  workspace_name: string
  customer: { name: string | null; phone: string | null; email: string | null; address: string | null; notes: string | null }
  /** Who comes or calls; null: nobody has it yet. */
  host: string | null
  cancel_reason: string | null
  is_pending: boolean
  /** Where the customer moves or cancels it. */
  manage_url: string
  /** Where those who work here see it. */
  page_url: string
}

export type Letter = { subject: string; body: string }

/** To the customer: when in the customer's zone, where, with whom, and how to move or cancel it. */
export function letterToCustomer(said: Said, occasion: Occasion): Letter {
  const { customer, workspace_name, manage_url, scheduled_at, time_zone } = occasion
  const [headline, sentence] = TO_CUSTOMER[said]
  const ended = said === 'cancelled' || said === 'handed_on'
  return {
    subject: `${headline}: ${customerTitle(occasion)}, ${inShort(scheduled_at, time_zone)}`,
    body: paragraphs(
      customer.name === null ? 'Hello,' : `Hello ${line(customer.name)},`,
      sentence,
      customerFacts(occasion).join('\n'),
      ended ? '' : `To move or cancel it:\n${manage_url}`,
      line(workspace_name),
    ),
  }
}

const TO_CUSTOMER: Record<Said, [headline: string, sentence: string]> = {
  booked: ['Booked', 'your appointment is booked. The attached file puts it into your calendar.'],
  asked: ['Asked for', 'you asked for this appointment. You hear from us as soon as somebody has confirmed it.'],
  moved: ['Moved', 'your appointment was moved. This is when it is now; the attached file changes it in your calendar.'],
  changed: ['Changed', 'something about your appointment has changed. The attached file changes it in your calendar.'],
  taken: ['Changed', 'somebody else will meet you. The attached file changes it in your calendar.'],
  handed_on: [
    'Changed',
    'somebody else looks after your appointment now, and writes to you with an invitation of their own. The attached file takes ours out of your calendar.',
  ],
  cancelled: ['Cancelled', 'this appointment was cancelled. The attached file takes it out of your calendar.'],
  reminder: ['Reminder', 'this is your appointment:'],
}

/** To whoever works here and has it, or had it: when in their zone, with whom, and what is known. */
export function letterToHost(said: Said, occasion: Occasion, time_zone: string): Letter {
  const { scheduled_at, page_url } = occasion
  const [headline, sentence] = TO_HOST[said]
  return {
    subject: `${headline}: ${hostTitle(occasion)}, ${inShort(scheduled_at, time_zone)}`,
    body: paragraphs(
      said === 'booked' && occasion.is_pending ? `${sentence} It waits for your confirmation.` : sentence,
      hostFacts(occasion, time_zone).join('\n'),
      page_url,
    ),
  }
}

const TO_HOST: Record<Said, [headline: string, sentence: string]> = {
  booked: ['New appointment', 'This appointment is yours.'],
  asked: ['New appointment', 'This appointment is yours. It waits for a confirmation.'],
  moved: ['Moved', 'This appointment was moved. This is when it is now.'],
  changed: ['Changed', 'Something about this appointment has changed.'],
  taken: ['Not yours any more', 'Somebody else has this appointment now.'],
  handed_on: ['Not yours any more', 'Another workspace has this appointment now.'],
  cancelled: ['Cancelled', 'This appointment was cancelled.'],
  reminder: ['Reminder', 'This appointment is soon.'],
}

/** What stands in the customer's calendar. */
export function customerEntry(occasion: Occasion, state: CalendarEntry['state']): CalendarEntry {
  const description = [...customerFacts(occasion).slice(2), '', `To move or cancel it: ${occasion.manage_url}`]
  return entryOf(occasion, state, customerTitle(occasion), description, occasion.manage_url)
}

/** What stands in the calendar of whoever works here. */
export function hostEntry(occasion: Occasion, state: CalendarEntry['state']): CalendarEntry {
  const description = [...hostFacts(occasion, 'UTC').filter(fact => !fact.startsWith('When: ')), '', occasion.page_url]
  return entryOf(occasion, state, hostTitle(occasion), description, occasion.page_url)
}

function entryOf(
  occasion: Occasion,
  state: CalendarEntry['state'],
  title: string,
  description: string[],
  url: string,
): CalendarEntry {
  const { uid, version, scheduled_at, ends_at, updated_at } = occasion
  const where = whereFor(occasion)
  return {
    uid,
    version,
    scheduled_at,
    ends_at,
    updated_at,
    state,
    title,
    description: description.join('\n').trim(),
    location: where,
    url,
  }
}

function customerTitle({ type_name, workspace_name }: Occasion) {
  return `${line(type_name)} with ${line(workspace_name)}`
}

function hostTitle({ type_name, customer }: Occasion) {
  return `${line(type_name)} with ${line(customer.name ?? customer.email ?? customer.phone ?? 'a customer')}`
}

/** Why it was cancelled is not among them: that is written for those who work here. */
function customerFacts(occasion: Occasion): string[] {
  const { scheduled_at, ends_at, time_zone, host } = occasion
  return [
    `What: ${customerTitle(occasion)}`,
    `When: ${inWords(scheduled_at, ends_at, time_zone)}`,
    `Where: ${whereFor(occasion)}`,
    ...(host === null ? [] : [`Who: ${line(host)}`]),
  ]
}

function hostFacts(occasion: Occasion, time_zone: string): string[] {
  const { scheduled_at, ends_at, customer, cancel_reason, type_name } = occasion
  const facts: [string, string | null][] = [
    ['What', type_name],
    ['When', inWords(scheduled_at, ends_at, time_zone)],
    ['Where', whereFor(occasion)],
    ['Customer', customer.name],
    ['E-mail', customer.email],
    ['Phone', customer.phone],
    ['The customer wrote', customer.notes],
    ['Why', cancel_reason],
  ]
  return facts.flatMap(([name, value]) => (value === null || value.trim() === '' ? [] : [`${name}: ${line(value)}`]))
}

function whereFor({ place, location, customer }: Occasion): string {
  const given = line(location ?? '')
  if (place === 'video') return given || 'a video call; the link will follow'
  if (place === 'office') return given || 'our office'
  if (place === 'home') return given || line(customer.address ?? '') || "the customer's home"
  return given || (customer.phone === null ? 'a phone call' : `a phone call to ${line(customer.phone)}`)
}

function paragraphs(...parts: string[]) {
  return `${parts.filter(Boolean).join('\n\n')}\n`
}

/** What others wrote does not begin lines of its own: nobody writes a letter of ours. */
function line(text: string) {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim()
}
