import type postgres from 'postgres'
import type { Slot } from '../../../shared/appointments.ts'
import { freeSlots } from './free.ts'
import { readCalendars } from './read-calendars.ts'

export type SlotsWanted = {
  user_ids: number[]
  /** Slots begin from `since` on and before `until`. */
  since: Date | string
  until: Date | string
  duration_minutes: number
  /** Slots begin so far apart. */
  interval_minutes: number
  /** Kept free around it; the larger of this and the person's counts. */
  before_minutes: number
  after_minutes: number
  notice_minutes: number
  /** An appointment that will be moved: its time counts as free. */
  instead_of?: number | null | undefined
}

/** When somebody of these people is free, in order, each with who is. A constant number of statements for any number of people. */
export async function readFreeSlots(sql: postgres.TransactionSql, workspace_id: number, wanted: SlotsWanted): Promise<Slot[]> {
  const span = { from: new Date(wanted.since).getTime(), until: new Date(wanted.until).getTime() }
  if (span.until <= span.from || wanted.user_ids.length === 0) return []
  const { now, calendars } = await readCalendars(sql, workspace_id, wanted.user_ids, { ...span, instead_of: wanted.instead_of })
  return freeSlots(calendars, { ...wanted, ...span, now })
}
