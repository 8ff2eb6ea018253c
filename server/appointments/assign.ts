import type postgres from 'postgres'
import type { Actor } from '../../shared/shape.ts'
import { refuse } from '../errors.ts'
import { requireMember } from '../leads/member.ts'
import { OVERLAP } from './book.ts'
import { type Condition, changeAppointments, lockAppointments } from './change.ts'
import { requireFree } from './require-free.ts'
import { readBuffers } from './types.ts'

type Given = { assigned_to: number | null; allow_overlap?: boolean; if_updated_at?: string }

/** Gives it to somebody else, at its time; null: to nobody. Throws `slot_taken` with their free times, `appointment_ended`. */
export async function assignAppointment(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  { assigned_to, allow_overlap = false, if_updated_at }: Given,
  actor: Actor,
  { only_of = null, ...others }: Condition,
): Promise<void> {
  if (allow_overlap && only_of !== null) throw refuse('forbidden', { message: OVERLAP })
  const condition = { ...others, only_of, if_updated_at, open: true }
  const [appointment] = await lockAppointments(sql, workspace_id, [id], condition)
  await requireMember(sql, workspace_id, assigned_to)
  const { type, duration_minutes, scheduled_at, ends_at } = appointment!
  const buffers = await readBuffers(sql, workspace_id, appointment!)
  const wanted = { workspace_id, type, duration_minutes, scheduled_at: scheduled_at.toISOString(), ...buffers, instead_of: id }
  // Whoever was there in the end was there, whatever else stood in their calendar.
  const is_over = ends_at.getTime() < Date.now()
  const place =
    assigned_to === null
      ? buffers
      : await requireFree(sql, { ...wanted, assigned_to }, { allow_overlap: allow_overlap || is_over })
  await changeAppointments(sql, workspace_id, [id], () => ({ ...place, assigned_to }), actor, condition)
}
