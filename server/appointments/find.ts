import type { AppointmentShown } from '../../shared/appointments.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { appointmentColumns, appointmentJoins } from './columns.ts'

/** Everything about one appointment. Throws `not_found`, also for what is only held. */
export async function findAppointment(sql: Sql, workspace_id: number, id: number): Promise<AppointmentShown> {
  const [appointment] = await sql<AppointmentShown[]>`
    select ${appointmentColumns(sql)}, a.notes, a.customer_notes, a.cancel_reason, a.booked_by, a.language, a.score, a.street, a.city, a.state,
           a.zip_code, a.country, a.fields, a.before_minutes, a.after_minutes, a.webhook_id, a.provider_id, a.external_id, a.decision_id,
           a.copy_id, a.origin_id, a.confirmed_at, a.ended_at,
           (select coalesce(json_agg(r order by r.due_at), '[]')
              from (select recipient, before_minutes, due_at, state, reason
                      from appointment_reminders
                     where workspace_id = a.workspace_id and appointment_id = a.id and version = a.version) r) as reminders
      from appointments a
      ${appointmentJoins(sql)}
     where a.workspace_id = ${workspace_id} and a.id = ${id} and a.status <> 'held'`
  if (!appointment) throw refuse('not_found')
  return appointment
}
