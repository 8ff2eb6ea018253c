import type postgres from 'postgres'
import type { AppointmentStatus } from '../../../shared/appointments.ts'
import type { Booking, BookingReschedule } from '../../../shared/booking.ts'
import type { Sql } from '../../database/connect.ts'
import { lockIdentity } from '../../database/transaction.ts'
import { refuse } from '../../errors.ts'
import { type Secret, withOlder } from '../../secrets.ts'
import { sameText } from '../../workspaces/secrets.ts'
import { isOpen } from '../open.ts'
import { rescheduleAppointment } from '../reschedule.ts'
import { peopleToBook } from '../slots/people.ts'
import { cancelAppointment } from '../status.ts'
import { CUSTOMER } from './actor.ts'
import { leastBooked } from './hosts.ts'
import { manageAddress, manageToken, readManageToken } from './manage-token.ts'
import { type Offer, whoIsOffered } from './offer.ts'
import { gone, unlessGone } from './unless-gone.ts'

/** How tokens are proven and written: made of the configuration. */
export type Tokens = { key: Secret; public_url: string }

/** An appointment, as its customer came with a token to it. */
export type Managed = {
  workspace_id: number
  id: number
  uid: string
  /** null: it is of a type that nobody set up, or not any more. */
  pool_id: number | null
  assigned_to: number | null
  /** Whether there are hours of whoever has it. */
  has_hours: boolean
  status: AppointmentStatus
  is_over: boolean
  workspace: string
  workspace_zone: string
  host: string | null
  name: string
  address: string | null
  scheduled_at: Date
  ends_at: Date
  time_zone: string
  place: Booking['place']
  location: string | null
  kind: Offer['kind']
}

/** As the system's role: the token tells the workspace, and the host stands outside of it. Throws `not_found`. */
export async function findManaged(system: Sql, token: string, { key }: Tokens): Promise<Managed> {
  const named = readManageToken(token)
  const managed = named && (await findNamed(system, named))
  if (managed && withOlder(key).some(one => sameText(token, manageToken(one, managed)))) return managed
  throw refuse('not_found', { message: 'No appointment has this address. Copy the whole link from the e-mail.' })
}

export async function findNamed(system: Sql, { workspace_id, id }: { workspace_id: number; id: number }) {
  const [row] = await system<Managed[]>`
    select a.workspace_id, a.id, a.uid, t.pool_id, a.assigned_to, s.bookable is true and m.user_id is not null as has_hours, a.status,
           a.ends_at <= now() as is_over, w.name as workspace, w.time_zone as workspace_zone, u.name as host,
           coalesce(t.name, a.type) as name, case when t.is_public then t.address end as address, a.scheduled_at, a.ends_at,
           a.time_zone, a.place, a.location,
           json_build_object('duration_minutes', a.duration_minutes, 'interval_minutes', coalesce(t.interval_minutes, 30),
                             'before_minutes', coalesce(t.before_minutes, 0), 'after_minutes', coalesce(t.after_minutes, 0),
                             'notice_minutes', coalesce(t.notice_minutes, 0), 'horizon_days', coalesce(t.horizon_days, 60)) as kind
      from appointments a
      join workspaces w on w.id = a.workspace_id
      left join appointment_types t on t.workspace_id = a.workspace_id and t.key = a.type
      left join memberships m on m.workspace_id = a.workspace_id and m.user_id = a.assigned_to
      left join staff s on s.workspace_id = a.workspace_id and s.user_id = a.assigned_to
      left join users u on u.id = a.assigned_to
     where a.workspace_id = ${workspace_id} and a.id = ${id} and a.status <> 'held'`
  return row
}

export function showBooking(managed: Managed, { key, public_url }: Tokens): Booking {
  const { address, name, workspace, host, scheduled_at, ends_at, time_zone, place, location, status } = managed
  const token = manageToken(key, managed)
  return {
    token,
    manage_url: manageAddress(public_url, token),
    address,
    name,
    workspace,
    host,
    starts_at: scheduled_at.toISOString(),
    ends_at: ends_at.toISOString(),
    time_zone,
    place,
    location,
    status,
    can_change: canChange(managed),
  }
}

/** The person stays. Only of one that nobody has, or whose person left, others of the pool are asked. */
export async function offerInstead(sql: Sql, managed: Managed): Promise<Offer> {
  const { workspace_id, id, assigned_to, has_hours, pool_id, kind } = managed
  const user_ids = has_hours && assigned_to !== null ? [assigned_to] : await peopleToBook(sql, workspace_id, { pool_id })
  return { workspace_id, user_ids, kind, instead_of: id }
}

/** Throws `slot_taken` with what is free instead, `appointment_ended`, `invalid_fields`. */
export async function moveForCustomer(
  sql: postgres.TransactionSql,
  managed: Managed,
  { starts_at }: BookingReschedule,
): Promise<void> {
  requireOpen(managed)
  const { workspace_id, id } = managed
  await lockIdentity(sql, [workspace_id])
  const offer = await offerInstead(sql, managed)
  const free = await whoIsOffered(sql, offer, starts_at)
  const assigned_to = await leastBooked(sql, workspace_id, free)
  if (assigned_to === undefined) throw await gone(sql, offer, starts_at)
  const moved = { scheduled_at: starts_at, assigned_to }
  await unlessGone(sql, offer, starts_at, () => rescheduleAppointment(sql, workspace_id, id, moved, CUSTOMER, {}))
}

/** Throws `appointment_ended`. */
export async function cancelForCustomer(
  sql: postgres.TransactionSql,
  managed: Managed,
  reason: string | null | undefined,
): Promise<void> {
  requireOpen(managed)
  await cancelAppointment(sql, managed.workspace_id, managed.id, { reason: reason ?? null }, CUSTOMER, {})
}

function requireOpen(managed: Managed) {
  if (!canChange(managed)) throw refuse('appointment_ended')
}

function canChange({ status, is_over }: Managed) {
  return isOpen(status) && !is_over
}
