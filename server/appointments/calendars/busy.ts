import type postgres from 'postgres'
import type { Actor } from '../../../shared/shape.ts'
import type { BusyCalendar } from '../../../shared/staff.ts'
import { recordActivities } from '../../activities/record.ts'
import type { Sql } from '../../database/connect.ts'
import { judgeAddress } from '../../egress/guard.ts'
import { refuse } from '../../errors.ts'
import { seal, unseal } from '../../secrets.ts'
import { openStaffRow } from '../staff/open-row.ts'
import { calendarAddress } from './fetch-calendar.ts'

type Person = { workspace_id: number; user_id: number }

/** Says where somebody's other calendar is; what was known of one before is forgotten. Throws `not_found`, `invalid_fields`. */
export async function setBusy(
  sql: postgres.TransactionSql,
  { workspace_id, user_id }: Person,
  given: string,
  { key, allowed_cidrs }: { key: Buffer; allowed_cidrs: string[] },
  actor: Actor,
): Promise<void> {
  await openStaffRow(sql, workspace_id, user_id)
  const url = calendarAddress(given)
  const wrong = judgeAddress(url, allowed_cidrs)
  if (wrong !== null) throw refuse('invalid_fields', { fields: { url: wrong } })
  const { host } = new URL(url)
  await sql`delete from busy_times where workspace_id = ${workspace_id} and user_id = ${user_id}`
  await sql`
    update staff
       set busy_url = ${seal(key, url, boundTo({ workspace_id, user_id }))}, busy_host = ${host}, busy_read_at = null, busy_tried_at = null,
           busy_error = null, busy_etag = null, busy_modified = null
     where workspace_id = ${workspace_id} and user_id = ${user_id}`
  await recordActivities(sql, workspace_id, [{ action: 'staff.busy_set', actor, subject_id: user_id, after: { host } }])
}

/** From now on only what is booked here counts. Throws `not_found`. */
export async function removeBusy(sql: postgres.TransactionSql, { workspace_id, user_id }: Person, actor: Actor): Promise<void> {
  const [row] = await sql<{ host: string | null }[]>`
    select busy_host as host
      from staff
     where workspace_id = ${workspace_id} and user_id = ${user_id} and busy_url is not null
       for update`
  if (!row) throw refuse('not_found', { message: NONE })
  await sql`delete from busy_times where workspace_id = ${workspace_id} and user_id = ${user_id}`
  await sql`
    update staff
       set busy_url = null, busy_host = null, busy_read_at = null, busy_tried_at = null, busy_error = null, busy_etag = null,
           busy_modified = null
     where workspace_id = ${workspace_id} and user_id = ${user_id}`
  await recordActivities(sql, workspace_id, [{ action: 'staff.busy_removed', actor, subject_id: user_id, before: row }])
}

/** When it was read, and what was wrong with it. Throws `not_found`. */
export async function findBusy(sql: Sql, { workspace_id, user_id }: Person): Promise<BusyCalendar> {
  const [row] = await sql<BusyCalendar[]>`
    select busy_host as host, busy_read_at as read_at, busy_tried_at as tried_at, busy_error as error
      from staff
     where workspace_id = ${workspace_id} and user_id = ${user_id} and busy_url is not null`
  if (!row) throw refuse('not_found', { message: NONE })
  return row
}

/** Null when it was sealed with another SECRET_KEY. */
export function openBusyUrl(key: Buffer, sealed: string, person: Person): string | null {
  try {
    return unseal(key, sealed, boundTo(person))
  } catch {
    return null
  }
}

/** Sealed for its row: copied to another one it cannot be opened. */
function boundTo({ workspace_id, user_id }: Person) {
  return `staff.busy_url ${workspace_id} ${user_id}`
}

const NONE = 'This person has no other calendar. Give its address first.'
