import type postgres from 'postgres'
import type { AppointmentComplete } from '../../shared/appointments.ts'
import type { Actor } from '../../shared/shape.ts'
import { refuse } from '../errors.ts'
import { cleaned } from '../leads/edit.ts'
import { type AppointmentRow, type Condition, changeAppointments, lockAppointments } from './change.ts'

/** Records the sale that came of an appointment, in the same transaction. Given from above: what conversions are is not known here. */
export type SellAppointment = (
  sql: postgres.TransactionSql,
  workspace_id: number,
  appointment: Pick<AppointmentRow, 'id' | 'contact_id' | 'lead_id' | 'is_test'>,
  conversion: NonNullable<AppointmentComplete['conversion']>,
  actor: Actor,
) => Promise<unknown>

/**
 * It took place: what came of it, what is next, and the sale, if there was one. Also of one that counted as a no-show, and again with
 * another outcome. Throws `appointment_ended` for one that was cancelled, and what the sale is refused with.
 */
export async function completeAppointment(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  { if_updated_at, conversion, ...given }: AppointmentComplete,
  actor: Actor,
  { only_of = null }: Condition,
  sell: SellAppointment,
): Promise<void> {
  const condition = { only_of, if_updated_at }
  const [appointment] = await lockAppointments(sql, workspace_id, [id], condition)
  const { status } = appointment!
  if (status === 'cancelled') throw refuse('appointment_ended')
  const ended = status === 'completed' ? {} : { status: 'completed', ended_at: new Date().toISOString() }
  await changeAppointments(sql, workspace_id, [id], () => ({ ...cleaned(given), ...ended }), actor, condition)
  if (conversion) await sell(sql, workspace_id, appointment!, conversion, actor)
}
