import type postgres from 'postgres'
import { refuse } from '../errors.ts'
import { around, type Calendar } from './slots/calendar.ts'
import { lockPerson } from './slots/lock.ts'
import { readCalendars } from './slots/read-calendars.ts'
import { type Reason, whyNot } from './slots/why-not.ts'
import { MINUTE } from './slots/zone.ts'
import { slotTaken, type Wanted } from './taken.ts'

export type Asked = {
  /** By hand, on purpose: beside another one, outside of hours. */
  allow_overlap?: boolean | undefined
  /** The type's, in minutes, where a customer books. Without it there is none: who books by hand knows what they do. */
  notice_minutes?: number | undefined
}

/** How it is stored: whether it takes the time of the person alone, and what is kept free around it. */
export type Place = { blocks: boolean; before_minutes: number; after_minutes: number }

/**
 * Whether a person can be booked at that time, and what is kept free around it: the larger of the type's and the person's. Takes the
 * lock on the person over all workspaces, so it holds until the commit. Somebody of whom nobody said when they work has time at any
 * hour. Throws `slot_taken` in words, with what is free instead, and `invalid_fields` for who cannot be booked at all.
 */
export async function requireFree(
  sql: postgres.TransactionSql,
  wanted: Wanted & { assigned_to: number },
  { allow_overlap = false, notice_minutes }: Asked,
): Promise<Place> {
  const { workspace_id, assigned_to, duration_minutes, before_minutes, after_minutes, instead_of } = wanted
  await lockPerson(sql, [assigned_to])
  const at = Date.parse(wanted.scheduled_at)
  const span = { from: at, until: at + duration_minutes * MINUTE, instead_of }
  const { now, calendars } = await readCalendars(sql, workspace_id, [assigned_to], span)
  const [calendar] = calendars
  if (!calendar) throw refuse('invalid_fields', { fields: { assigned_to: 'must be a user of this workspace' } })
  const meeting = { at, duration_minutes, before_minutes, after_minutes, notice_minutes, now }
  const reason = whyNot(saysNothing(calendar) ? anyTime(calendar) : calendar, meeting)
  const { before, after } = around(calendar, { before_minutes, after_minutes })
  const kept = { before_minutes: before / MINUTE, after_minutes: after / MINUTE }
  if (reason === null) return { ...kept, blocks: true }
  // Beside another one: only then the time is not theirs alone.
  if (allow_overlap) return { ...kept, blocks: whyNot(atAnyHour(calendar), meeting) !== 'booked' }
  if (reason === 'not_bookable') {
    throw refuse('invalid_fields', { fields: { assigned_to: 'cannot be booked: see their hours, or choose somebody else' } })
  }
  throw await slotTaken(sql, wanted, { notice_minutes, why: WHY[reason] })
}

/** An absence or a calendar elsewhere says nothing about hours, and counts all the same. */
function saysNothing({ hours, dates }: Calendar): boolean {
  return hours.length === 0 && dates.size === 0
}

function anyTime(calendar: Calendar): Calendar {
  const { absences, daily_limit, time_zone, bookable } = calendar
  return { ...atAnyHour(calendar), absences, daily_limit, bookable: time_zone === null || bookable }
}

function atAnyHour(calendar: Calendar): Calendar {
  const hours = [1, 2, 3, 4, 5, 6, 7].map(weekday => ({ weekday, opens: 0, closes: 1440 }))
  const zone = calendar.time_zone ?? 'UTC'
  return { ...calendar, time_zone: zone, bookable: true, hours, dates: new Map(), absences: [], daily_limit: null }
}

/** Without words of its own: the sentence of the table says it. */
const WHY: Record<Exclude<Reason, 'not_bookable'>, string | undefined> = {
  booked: undefined,
  notice: 'That is too soon: it cannot be booked so shortly before. Choose one of `slots`, which are free now.',
  absent: 'They are away at that time. Choose one of `slots`, or somebody else.',
  outside_hours: 'That is outside of their working hours. Choose one of `slots`, which are free now.',
  busy_elsewhere: 'They are busy elsewhere at that time. Choose one of `slots`, which are free now.',
  daily_limit: 'They have as many appointments on that day as they want to have. Choose one of `slots`.',
}
