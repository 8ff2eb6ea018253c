import type postgres from 'postgres'
import type { AppointmentUpdate } from '../../shared/appointments.ts'
import type { Actor } from '../../shared/shape.ts'
import { refuse } from '../errors.ts'
import { cleaned } from '../leads/edit.ts'
import { type AppointmentRow, type Changes, type Condition, changeAppointments } from './change.ts'

/**
 * Changes what is given and leaves the rest; null takes a value away, of `fields` key by key. Also of one that has ended. Throws as
 * `changeAppointments` does.
 */
export async function editAppointment(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  { if_updated_at, fields, ...given }: AppointmentUpdate,
  actor: Actor,
  { only_of }: Condition,
): Promise<void> {
  const changesOf = (appointment: AppointmentRow): Changes => ({
    ...cleaned(given),
    ...(fields && { fields: merged(appointment.fields, fields) }),
  })
  await changeAppointments(sql, workspace_id, [id], changesOf, actor, { only_of: only_of ?? null, if_updated_at })
}

function merged(before: Record<string, unknown>, given: Record<string, unknown>) {
  const entries = Object.entries({ ...before, ...given }).filter(([, value]) => value !== null)
  if (entries.length > MOST_FIELDS) throw refuse('invalid_fields', { fields: { fields: `has more than ${MOST_FIELDS} keys` } })
  return Object.fromEntries(entries)
}

const MOST_FIELDS = 500
