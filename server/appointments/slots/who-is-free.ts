import type postgres from 'postgres'
import { readCalendars } from './read-calendars.ts'
import { type Reason, whyNot } from './why-not.ts'
import { MINUTE } from './zone.ts'

export type { Reason } from './why-not.ts'

export type MeetingWanted = {
  scheduled_at: Date | string
  duration_minutes: number
  /** Kept free around it; the larger of this and the person's counts. */
  before_minutes: number
  after_minutes: number
  /** The type's, in minutes; the larger of this and the person's counts. Without it there is no notice at all: booked by hand. */
  notice?: number | undefined
  /** An appointment that will be moved: its time counts as free. */
  instead_of?: number | null | undefined
}

/**
 * Who of these people has time for a meeting: null, or why not. It holds for as long as nobody else books; whoever books takes
 * `lockPerson` (lock.ts) first. Who does not work here is `not_bookable`.
 */
export async function whoIsFree(
  sql: postgres.TransactionSql,
  workspace_id: number,
  user_ids: number[],
  { scheduled_at, notice, instead_of, ...meeting }: MeetingWanted,
): Promise<Map<number, Reason | null>> {
  const at = new Date(scheduled_at).getTime()
  const span = { from: at, until: at + meeting.duration_minutes * MINUTE }
  const reasons = new Map<number, Reason | null>(user_ids.map(user_id => [user_id, 'not_bookable']))
  if (user_ids.length === 0) return reasons
  const { now, calendars } = await readCalendars(sql, workspace_id, user_ids, { ...span, instead_of })
  for (const calendar of calendars) {
    reasons.set(calendar.user_id, whyNot(calendar, { ...meeting, at, notice_minutes: notice, now }))
  }
  return reasons
}
