import type postgres from 'postgres'
import type { Actor } from '../../../shared/shape.ts'
import { refuse } from '../../errors.ts'
import { type AppointmentRow, changeAppointments, lockAppointments } from '../change.ts'
import { requireFree } from '../require-free.ts'
import { readBuffers } from '../types.ts'
import { type Routable, routeAppointments } from './route.ts'
import { type Decision, tellRouted } from './store.ts'

/**
 * Routes appointments that are stored: those that came in, or again by hand. One after the other, so that each sees what the one before took
 * of somebody's time. Who has one keeps it when the rules give it to nobody. Returns the decisions in the order given. Throws `not_found`,
 * `appointment_ended`, and `in_use` for one that was handed on: whose it is is said over there.
 */
export async function routeStored(
  sql: postgres.TransactionSql,
  workspace_id: number,
  ids: number[],
  actor: Actor,
): Promise<Decision[]> {
  const appointments = await lockAppointments(sql, workspace_id, ids, { open: true })
  if (appointments.some(appointment => appointment.copy_workspace_id !== null)) {
    throw refuse('in_use', { message: 'It was handed on to another workspace. Whose it is is said over there.' })
  }
  const decisions: Decision[] = []
  for (const appointment of appointments) {
    const buffers = await readBuffers(sql, workspace_id, appointment)
    const [decision] = await routeAppointments(sql, [routableOf(workspace_id, appointment, buffers)], actor)
    await giveTo(sql, workspace_id, appointment, buffers, decision!, actor)
    const { id: appointment_id, contact_id } = appointment
    await tellRouted(sql, workspace_id, [{ decision: decision!, appointment_id, contact_id }], actor)
    decisions.push(decision!)
  }
  return decisions
}

type Buffers = { before_minutes: number; after_minutes: number }

async function giveTo(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { id, type, scheduled_at, duration_minutes }: AppointmentRow,
  buffers: Buffers,
  { user_id: assigned_to, target, decision_id, reason, needs_free }: Decision,
  actor: Actor,
) {
  const wanted = { workspace_id, type, scheduled_at: scheduled_at.toISOString(), duration_minutes, ...buffers, instead_of: id }
  const place = assigned_to === null ? {} : await requireFree(sql, { ...wanted, assigned_to }, { allow_overlap: !needs_free })
  const elsewhere = target.kind === 'workspace' ? { assigned_to: null, copy_workspace_id: target.workspace_id } : {}
  const given = assigned_to === null ? elsewhere : { ...place, assigned_to }
  await changeAppointments(sql, workspace_id, [id], () => ({ ...given, decision_id }), actor, { open: true, reason })
}

type Details = Required<Pick<Routable, 'product' | 'source' | 'language' | 'state' | 'country' | 'zip_code' | 'score'>>

function routableOf(workspace_id: number, appointment: AppointmentRow, buffers: Buffers): Routable {
  const { id: appointment_id, contact_id, lead_id, type, scheduled_at, duration_minutes, is_test } = appointment
  const { product, source, language, state, country, zip_code, score } = appointment as AppointmentRow & Details
  const is_copy = appointment.origin_workspace_id !== null
  const details = { product, source, language, state, country, zip_code, score, is_test, is_copy }
  const when = { scheduled_at: scheduled_at.toISOString(), duration_minutes, ...buffers }
  return { workspace_id, appointment_id, contact_id, lead_id, type, ...when, ...details }
}
