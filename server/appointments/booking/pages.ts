import type postgres from 'postgres'
import type { AppointmentType } from '../../../shared/appointments.ts'
import type { BookingPage } from '../../../shared/booking.ts'
import { refuse } from '../../errors.ts'

/** What can be booked at a public address, and of whom. */
export type Page = { workspace_id: number; address: string; workspace: string; time_zone: string; type: AppointmentType }

/** Looked up without a tenant, because the address is what tells it. Throws `not_found`. */
export async function findPage(system: postgres.Sql, address: string): Promise<Page> {
  const [row] = await system<(AppointmentType & { workspace_id: number; workspace: string; time_zone: string })[]>`
    select t.*, w.name as workspace, w.time_zone
      from appointment_types t
      join workspaces w on w.id = t.workspace_id
     where t.address = ${address} and t.is_public`
  if (!row)
    throw refuse('not_found', { message: 'Nothing can be booked at this address (any more). Ask whoever gave it to you.' })
  const { workspace_id, workspace, time_zone, ...type } = row
  return { workspace_id, address, workspace, time_zone, type }
}

/** Where a video call takes place, or the number of a phone, is for those who have booked. */
export function showPage({ address, workspace, time_zone, type }: Page): BookingPage {
  const { name, description, duration_minutes, place, location, horizon_days, confirmation } = type
  const shown = place === 'office' ? location : null
  return {
    address,
    name,
    description,
    duration_minutes,
    place,
    location: shown,
    workspace,
    time_zone,
    horizon_days,
    confirmation,
  }
}
