import type postgres from 'postgres'
import type { ExclusionReason } from '../../../shared/routing.ts'
import { around } from '../slots/calendar.ts'
import { readCalendars } from '../slots/read-calendars.ts'
import { meets, type Span } from '../slots/span.ts'
import { whyNot } from '../slots/why-not.ts'
import { MINUTE } from '../slots/zone.ts'
import type { Routable } from './inputs.ts'

/** What was given to somebody a moment ago and is in no calendar yet. */
export type JustGiven = Span & { user_id: number; at: number }

/**
 * Of each person, why they cannot take this appointment, or null. With `needs_free` their hours, absences and other calendars count; without,
 * only that nobody is booked twice, which the database would refuse. Nobody is asked for notice: the time was chosen by somebody else.
 * The caller holds the locks of the people, so it stays true until the commit.
 */
export async function whoCan(
  sql: postgres.TransactionSql,
  { workspace_id, appointment_id, scheduled_at, duration_minutes, before_minutes = 0, after_minutes = 0 }: Routable,
  user_ids: number[],
  needs_free: boolean,
  given: JustGiven[],
): Promise<Map<number, ExclusionReason | null>> {
  const reasons = new Map<number, ExclusionReason | null>(user_ids.map(user_id => [user_id, 'left']))
  if (user_ids.length === 0) return reasons
  const at = Date.parse(scheduled_at)
  const span = { from: at, until: at + duration_minutes * MINUTE, instead_of: appointment_id }
  const { now, calendars } = await readCalendars(sql, workspace_id, user_ids, span)
  const kept = { before_minutes, after_minutes }
  for (const read of calendars) {
    const { user_id } = read
    const theirs = given.filter(each => each.user_id === user_id)
    const calendar = { ...read, booked: [...read.booked, ...theirs], starts: [...read.starts, ...theirs.map(each => each.at)] }
    const { before, after } = around(calendar, kept)
    const is_booked = meets(calendar.booked, { from: span.from - before, until: span.until + after })
    const reason = whyNot(calendar, { ...kept, at, duration_minutes, notice_minutes: undefined, now })
    reasons.set(user_id, needs_free ? reason : is_booked ? 'booked' : null)
  }
  return reasons
}
