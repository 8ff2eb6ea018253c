import type postgres from 'postgres'
import type { AppointmentCreate, AppointmentType } from '../../shared/appointments.ts'
import type { Actor } from '../../shared/shape.ts'
import type { Sql } from '../database/connect.ts'
import { lockIdentity } from '../database/transaction.ts'
import { refuse } from '../errors.ts'
import { cleaned } from '../leads/edit.ts'
import { requireMember } from '../leads/member.ts'
import { tellPeople } from './calendars/mails.ts'
import { giveAppointment } from './give.ts'
import { type AppointmentDetails, insertAppointments } from './insert.ts'
import { isTimeZone } from './local-time.ts'
import { requireComing } from './require-coming.ts'
import { tellRouted } from './routing/store.ts'
import { typeToBook } from './types.ts'
import { findWhose, type Whose } from './whose.ts'

export type How = {
  /** What an agent books is the agent's own. */
  only_of?: number | null
  /** A customer books, by the public page: the type's notice counts, and with `confirmation: by_hand` it is pending. */
  is_customer?: boolean
  /** The time was held for them, so it was soon enough then. */
  was_held?: boolean
  /** Why `assigned_to` has it: by_hand without. */
  reason?: string
  /** What else is known of it. */
  details?: AppointmentDetails
}

/**
 * Books an appointment, of a lead, of a contact, or of whom the e-mail or the phone finds or makes. Returns its id. Throws
 * `invalid_fields`, `slot_taken`, `already_exists`.
 */
export async function bookAppointment(
  sql: postgres.TransactionSql,
  workspace_id: number,
  given: AppointmentCreate,
  actor: Actor,
  { only_of = null, is_customer = false, was_held = false, reason = 'by_hand', details = {} }: How = {},
): Promise<number> {
  const { allow_overlap = false, email: _, phone: __, first_name: ___, last_name: ____, contact_id: _____, ...told } = given
  if (allow_overlap && only_of !== null) throw refuse('forbidden', { message: OVERLAP })
  await lockIdentity(sql, [workspace_id])
  const scheduled_at = await requireComing(sql, given.scheduled_at)
  const type = await typeToBook(sql, workspace_id, given.type)
  const time_zone = given.time_zone ?? (await zoneOf(sql, workspace_id))
  if (!isTimeZone(time_zone)) throw refuse('invalid_fields', { fields: { time_zone: UNKNOWN_ZONE } })
  await requireNew(sql, workspace_id, given.external_id)
  await requireMember(sql, workspace_id, given.assigned_to)
  const whose = await findWhose(sql, workspace_id, given, actor)
  const wanted = {
    workspace_id,
    contact_id: whose.contact_id,
    lead_id: whose.lead?.id ?? null,
    type: type.key,
    scheduled_at,
    duration_minutes: given.duration_minutes ?? type.duration_minutes,
    before_minutes: type.before_minutes,
    after_minutes: type.after_minutes,
  }
  const said = { ...ofType(type), ...ofLead(whose), ...cleaned(told), ...details, ...wanted }
  const asked = { allow_overlap, ...(is_customer && !was_held && { notice_minutes: type.notice_minutes }) }
  const named = { assigned_to: only_of ?? given.assigned_to, reason }
  const { given: place, decision } = await giveAppointment(sql, { ...said, appointment_id: null }, named, asked)
  const status = given.status ?? (is_customer && type.confirmation === 'by_hand' ? 'pending' : 'scheduled')
  const [booked] = await insertAppointments(sql, [{ ...said, ...place, time_zone, status, actor }])
  const { id } = booked!
  const { contact_id } = whose
  if (decision) await tellRouted(sql, workspace_id, [{ decision, appointment_id: id, contact_id }], BY_ROUTING)
  await tellPeople(sql, workspace_id, [{ id, what: 'booked' }])
  return id
}

const BY_ROUTING: Actor = { kind: 'system', name: 'routing' }
export const OVERLAP = 'Your role books beside nothing else. Ask a manager, or choose a time that is free.'
export const UNKNOWN_ZONE = 'must be a time zone such as America/New_York'

async function zoneOf(sql: Sql, workspace_id: number): Promise<string> {
  const [workspace] = await sql<{ time_zone: string }[]>`select time_zone from workspaces where id = ${workspace_id}`
  return workspace!.time_zone
}

/** A program that is not sure whether it has booked already finds out. The identity lock is held. */
async function requireNew(sql: Sql, workspace_id: number, external_id: string | null | undefined) {
  if (!external_id?.trim()) return
  const [known] = await sql<{ id: number }[]>`
    select id
      from appointments
     where workspace_id = ${workspace_id} and webhook_id is null and external_id = ${external_id.trim()}
     limit 1`
  if (known) throw refuse('already_exists', { fields: { external_id: `is appointment ${known.id}` } })
}

function ofType({ place, location }: AppointmentType) {
  return { place, location }
}

/** What is known from the lead, where the appointment says nothing else. */
function ofLead({ lead }: Whose): AppointmentDetails {
  if (!lead) return {}
  const { id: _, contact_id: __, ...details } = lead
  return details
}
