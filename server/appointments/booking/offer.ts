import type postgres from 'postgres'
import type { AppointmentType, Slot } from '../../../shared/appointments.ts'
import type { BookingSlots, BookingSlotsQuery } from '../../../shared/booking.ts'
import { refuse } from '../../errors.ts'
import { isTimeZone } from '../local-time.ts'
import { clock, readSpan } from '../slots/list.ts'
import { lockPerson } from '../slots/lock.ts'
import { readFreeSlots } from '../slots/read.ts'
import { DAY, MINUTE } from '../slots/zone.ts'

/** What a customer may choose from: times of these people, for something of this kind. */
export type Offer = {
  workspace_id: number
  user_ids: number[]
  kind: Pick<
    AppointmentType,
    'duration_minutes' | 'interval_minutes' | 'before_minutes' | 'after_minutes' | 'notice_minutes' | 'horizon_days'
  >
  /** The appointment that is moved there. */
  instead_of?: number
}

const MOST_DAYS = 62

/** When something is free, without who. The days are those of the customer's zone. Throws `invalid_fields`. */
export async function listOffered(
  sql: postgres.TransactionSql,
  offer: Offer,
  query: BookingSlotsQuery,
  usual_zone: string,
): Promise<BookingSlots> {
  const { time_zone = usual_zone } = query
  if (!isTimeZone(time_zone))
    throw refuse('invalid_fields', { fields: { time_zone: 'must be a time zone such as Europe/Berlin' } })
  const { since, until } = readSpan(query, await clock(sql), MOST_DAYS)
  const slots = await readOffered(sql, offer, since.getTime(), until.getTime())
  const days = new Intl.DateTimeFormat('sv-SE', { timeZone: time_zone, dateStyle: 'short' })
  const data = slots.map(({ starts_at, ends_at }) => ({ starts_at, ends_at, date: days.format(new Date(starts_at)) }))
  return { time_zone, data }
}

/** Who is free at exactly this time, if it is one of those that are offered. */
export async function offeredAt(sql: postgres.TransactionSql, offer: Offer, starts_at: string): Promise<number[]> {
  const at = Date.parse(starts_at)
  const slots = await readOffered(sql, offer, at, at + MINUTE)
  return slots.find(slot => Date.parse(slot.starts_at) === at)?.user_ids ?? []
}

/** The same, with the people locked over all workspaces: it holds until the commit. */
export async function whoIsOffered(sql: postgres.TransactionSql, offer: Offer, starts_at: string): Promise<number[]> {
  await lockPerson(sql, offer.user_ids)
  return offeredAt(sql, offer, starts_at)
}

/** The same as a conflict shows it: some, next to what was wanted. */
export async function nextTo(sql: postgres.TransactionSql, offer: Offer, starts_at: string) {
  const at = Date.parse(starts_at)
  const since = Math.max(await clock(sql), at - DAY)
  const slots = await readOffered(sql, offer, since, since + 14 * DAY)
  const distance = (slot: Slot) => Math.abs(Date.parse(slot.starts_at) - at)
  return slots
    .toSorted((one, other) => distance(one) - distance(other))
    .slice(0, 20)
    .toSorted((one, other) => (one.starts_at < other.starts_at ? -1 : 1))
    .map(({ starts_at, ends_at }) => ({ starts_at, ends_at }))
}

async function readOffered(sql: postgres.TransactionSql, offer: Offer, from: number, until: number): Promise<Slot[]> {
  const { workspace_id, user_ids, kind, instead_of } = offer
  const last = (await clock(sql)) + kind.horizon_days * DAY
  const { duration_minutes, interval_minutes, before_minutes, after_minutes, notice_minutes } = kind
  return readFreeSlots(sql, workspace_id, {
    user_ids,
    since: new Date(from),
    until: new Date(Math.min(until, last)),
    duration_minutes,
    interval_minutes,
    before_minutes,
    after_minutes,
    notice_minutes,
    instead_of,
  })
}
