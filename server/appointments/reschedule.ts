import type postgres from 'postgres'
import type { AppointmentReschedule } from '../../shared/appointments.ts'
import type { Actor } from '../../shared/shape.ts'
import { refuse } from '../errors.ts'
import { requireMember } from '../leads/member.ts'
import { OVERLAP } from './book.ts'
import { type AppointmentRow, type Changes, type Condition, changeAppointments, lockAppointments } from './change.ts'
import { requireComing } from './require-coming.ts'
import { type Asked, requireFree } from './require-free.ts'
import { readBuffers } from './types.ts'

/**
 * Another time, another length, or another person: the row stays, and so does the person unless another one is named. What is pending
 * stays so; else it is `rescheduled` and nobody has confirmed the new time yet. Throws `slot_taken` with what is free for the person
 * instead, `appointment_ended`, and as `changeAppointments` does.
 */
export async function rescheduleAppointment(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  { if_updated_at, allow_overlap = false, ...given }: AppointmentReschedule,
  actor: Actor,
  { only_of = null, notice_minutes }: Condition & Pick<Asked, 'notice_minutes'>,
): Promise<void> {
  if (allow_overlap && only_of !== null) throw refuse('forbidden', { message: OVERLAP })
  const condition = { only_of, if_updated_at, open: true }
  const [appointment] = await lockAppointments(sql, workspace_id, [id], condition)
  await requireMember(sql, workspace_id, given.assigned_to)
  const changes = await placed(sql, workspace_id, appointment!, given, { allow_overlap, notice_minutes })
  await changeAppointments(sql, workspace_id, [id], () => changes, actor, condition)
}

type Moved = { scheduled_at: string; duration_minutes?: number; assigned_to?: number | null }

async function placed(
  sql: postgres.TransactionSql,
  workspace_id: number,
  appointment: AppointmentRow,
  { scheduled_at, duration_minutes = appointment.duration_minutes, assigned_to = appointment.assigned_to }: Moved,
  asked: Asked,
): Promise<Changes> {
  const { id, type, status, reschedule_count } = appointment
  // One that has begun can be stretched.
  const stays = Date.parse(scheduled_at) === appointment.scheduled_at.getTime()
  const at = stays ? appointment.scheduled_at.toISOString() : await requireComing(sql, scheduled_at)
  const time = { scheduled_at: at, duration_minutes, assigned_to }
  const buffers = await readBuffers(sql, workspace_id, appointment)
  const wanted = { workspace_id, type, ...time, ...buffers, instead_of: id }
  const place = assigned_to === null ? buffers : await requireFree(sql, { ...wanted, assigned_to }, asked)
  if (stays) return { ...time, ...place }
  const again = { reschedule_count: reschedule_count + 1, confirmed_at: null }
  return { ...time, ...place, ...again, status: status === 'pending' ? 'pending' : 'rescheduled' }
}
