import type postgres from 'postgres'
import type { AppointmentCreate } from '../../shared/appointments.ts'
import type { Actor } from '../../shared/shape.ts'
import { lockIdentity } from '../database/transaction.ts'
import { refuse } from '../errors.ts'
import { bookAppointment, type How } from './book.ts'
import { insertAppointments } from './insert.ts'
import { requireComing } from './require-coming.ts'
import { requireFree } from './require-free.ts'
import { typeToBook } from './types.ts'

export type Held = { id: number; scheduled_at: string; duration_minutes: number; held_until: string }

type HoldWanted = { type: string; scheduled_at: string; assigned_to: number; time_zone?: string }

/**
 * Keeps a time of a person free for whoever is about to book it, for the minutes that the type says. It is in no list, and nobody is
 * told. Throws `slot_taken`, `invalid_fields`.
 */
export async function holdSlot(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { type: key, assigned_to, time_zone, ...given }: HoldWanted,
  actor: Actor,
): Promise<Held> {
  await lockIdentity(sql, [workspace_id])
  const scheduled_at = await requireComing(sql, given.scheduled_at)
  const type = await typeToBook(sql, workspace_id, key)
  const { duration_minutes, before_minutes, after_minutes, notice_minutes, hold_minutes } = type
  const wanted = { workspace_id, type: key, scheduled_at, duration_minutes, before_minutes, after_minutes, assigned_to }
  const place = await requireFree(sql, wanted, { notice_minutes })
  const held = { ...wanted, ...place, contact_id: null, lead_id: null, status: 'held' as const, hold_minutes, actor }
  const [inserted] = await insertAppointments(sql, [{ ...held, ...(time_zone && { time_zone }) }])
  const [row] = await sql<{ held_until: Date }[]>`
    select held_until from appointments where workspace_id = ${workspace_id} and id = ${inserted!.id}`
  return { id: inserted!.id, scheduled_at, duration_minutes, held_until: row!.held_until.toISOString() }
}

type BookHeld = Omit<AppointmentCreate, 'scheduled_at' | 'duration_minutes' | 'type' | 'assigned_to' | 'allow_overlap'>

/**
 * Makes an appointment of what was held: at that time, with that person. One that ran out is booked all the same, as long as nobody
 * else took the time. Throws `slot_taken` when it is gone, and as `bookAppointment` does.
 */
export async function bookHeld(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  given: BookHeld,
  actor: Actor,
  how: How = {},
): Promise<number> {
  await lockIdentity(sql, [workspace_id])
  const [held] = await sql<{ type: string; scheduled_at: Date; duration_minutes: number; assigned_to: number }[]>`
    delete from appointments
     where workspace_id = ${workspace_id} and id = ${id} and status = 'held'
    returning type, scheduled_at, duration_minutes, assigned_to`
  if (!held) throw refuse('slot_taken', { message: 'The time is not held any more. Choose one again.', slots: [] })
  const { type, scheduled_at, duration_minutes, assigned_to } = held
  const time = { type, scheduled_at: scheduled_at.toISOString(), duration_minutes, assigned_to }
  return bookAppointment(sql, workspace_id, { ...given, ...time }, actor, { is_customer: true, was_held: true, ...how })
}
