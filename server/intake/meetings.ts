import type postgres from 'postgres'
import type { AppointmentType, Place } from '../../shared/appointments.ts'
import { tellPeople } from '../appointments/calendars/mails.ts'
import { type Changes, changeAppointments } from '../appointments/change.ts'
import { hasRoom } from '../appointments/has-room.ts'
import { insertAppointments, type NewAppointment } from '../appointments/insert.ts'
import { type Decision, routeAppointments } from '../appointments/routing/route.ts'
import { tellRouted } from '../appointments/routing/store.ts'
import { lockPerson } from '../appointments/slots/lock.ts'
import type { Candidate } from './consider.ts'
import { type Accepted, actorOf, type Changed, type Decided } from './decide.ts'
import type { Meeting } from './meeting.ts'

/**
 * Books the meetings that came with leads, and moves and cancels those that were told before. Returns the appointment of each. What the
 * sender says has happened already over there, so a time at which the person has something else is booked all the same, beside it.
 * The caller holds the workspaces' identity lock.
 */
export async function settleMeetings(
  sql: postgres.TransactionSql,
  { accepted, changed }: Decided,
  lead_ids: Map<Candidate, number>,
): Promise<Map<Candidate, number>> {
  const booking = accepted.filter(({ candidate }) => candidate.meeting !== null)
  if (booking.length === 0 && changed.length === 0) return new Map()
  const booked = await book(sql, booking, lead_ids)
  for (const one of changed) await change(sql, one)
  return new Map([
    ...booking.map(({ candidate }, k) => [candidate, booked[k]!] as const),
    ...changed.map(({ candidate, known }) => [candidate, known.appointment_id] as const),
  ])
}

async function book(sql: postgres.TransactionSql, booking: Accepted[], lead_ids: Map<Candidate, number>): Promise<number[]> {
  const types = await readTypes(sql, booking)
  const hosts = await readHosts(sql, booking)
  const appointments = booking.map(one => appointmentOf(one, lead_ids, types, hosts))
  const nobodys = appointments.filter(one => one.assigned_to === null)
  const decisions = await routeAppointments(
    sql,
    nobodys.map(one => ({ ...one, appointment_id: null })),
  )
  nobodys.forEach((one, k) => {
    Object.assign(one, placeOf(decisions[k]!))
  })
  await makeRoom(sql, appointments)
  const inserted = await insertAppointments(sql, appointments)
  const ids = inserted.map(({ id }) => id)
  for (const workspace_id of new Set(inserted.map(one => one.workspace_id))) {
    const mine = inserted.filter(one => one.workspace_id === workspace_id)
    await tellPeople(
      sql,
      workspace_id,
      mine.map(({ id }) => ({ id, what: 'booked' })),
    )
  }
  const routed = nobodys.map((one, k) => ({ one, decision: decisions[k]!, appointment_id: ids[appointments.indexOf(one)]! }))
  for (const workspace_id of new Set(nobodys.map(one => one.workspace_id))) {
    const mine = routed.filter(({ one }) => one.workspace_id === workspace_id)
    await tellRouted(
      sql,
      workspace_id,
      mine.map(({ one, ...told }) => ({ ...told, contact_id: one.contact_id })),
      BY_ROUTING,
    )
  }
  return ids
}

const BY_ROUTING = { kind: 'system', name: 'routing' }

/** Whose it becomes: a person's, or another workspace's (server/appointments/hand-on/). */
function placeOf({ target, user_id, decision_id, reason }: Decision): Partial<NewAppointment> {
  const copy_workspace_id = target.kind === 'workspace' ? target.workspace_id : null
  return { assigned_to: user_id, decision_id, reason, copy_workspace_id }
}

type Defaults = Pick<AppointmentType, 'duration_minutes' | 'place' | 'location' | 'before_minutes' | 'after_minutes'>

function appointmentOf(
  { candidate, matched, lead_id }: Accepted,
  lead_ids: Map<Candidate, number>,
  types: Map<string, Defaults>,
  hosts: Map<string, number>,
): NewAppointment {
  const { settings, waiting, mapped, is_test } = candidate
  const meeting = candidate.meeting!
  const { workspace_id } = waiting
  const type = meeting.type ?? 'consultation'
  const defaults = types.get(`${workspace_id} ${type}`)
  const { product = null, state = null, zip_code = null, city = null, street = null, country = null } = mapped.values as Texts
  const { source = settings.source } = mapped.values as Texts
  const { revenue_potential = null } = mapped.values as { revenue_potential?: number }
  return {
    workspace_id,
    contact_id: matched.contact_id,
    lead_id: lead_id ?? lead_ids.get(candidate) ?? null,
    type,
    scheduled_at: meeting.scheduled_at!,
    duration_minutes: meeting.duration_minutes ?? defaults?.duration_minutes ?? 60,
    before_minutes: defaults?.before_minutes ?? 0,
    after_minutes: defaults?.after_minutes ?? 0,
    time_zone: meeting.time_zone ?? settings.time_zone,
    place: meeting.place ?? defaults?.place ?? ('phone' satisfies Place),
    location: meeting.location ?? defaults?.location ?? null,
    customer_notes: meeting.customer_notes,
    language: meeting.language,
    external_id: meeting.external_id,
    estimated_value: revenue_potential,
    ...{ product, state, zip_code, city, street, country, source },
    webhook_id: settings.id,
    provider_id: waiting.provider_id,
    delivery_id: waiting.id,
    assigned_to: (meeting.host_email && hosts.get(`${workspace_id} ${meeting.host_email}`)) || null,
    status: 'scheduled',
    is_test,
    actor: actorOf(candidate),
    reason: 'sender',
  }
}

type Texts = Record<string, string | undefined>

async function readTypes(sql: postgres.TransactionSql, booking: Accepted[]): Promise<Map<string, Defaults>> {
  const asked = booking.map(({ candidate: { waiting, meeting } }) => ({
    workspace_id: waiting.workspace_id,
    key: meeting!.type ?? 'consultation',
  }))
  const rows = await sql<(Defaults & { workspace_id: number; key: string })[]>`
    select distinct t.workspace_id, t.key, t.duration_minutes, t.place, t.location, t.before_minutes, t.after_minutes
      from jsonb_to_recordset(${JSON.stringify(asked)}::text::jsonb) as n(workspace_id int, key text)
      join appointment_types t on t.workspace_id = n.workspace_id and t.key = n.key`
  return new Map(rows.map(row => [`${row.workspace_id} ${row.key}`, row]))
}

/** Who of our people the sender means, by e-mail. */
async function readHosts(sql: postgres.TransactionSql, booking: Accepted[]): Promise<Map<string, number>> {
  const emails = booking.flatMap(({ candidate }) => candidate.meeting!.host_email ?? [])
  if (emails.length === 0) return new Map()
  const rows = await sql<{ workspace_id: number; user_id: number; email: string }[]>`
    select workspace_id, user_id, email from members_by_email(${emails}::text[])`
  return new Map(rows.map(row => [`${row.workspace_id} ${row.email}`, row.user_id]))
}

/** Who has something else at that time has both. */
async function makeRoom(sql: postgres.TransactionSql, appointments: NewAppointment[]) {
  const taking = appointments.filter(one => one.assigned_to !== null)
  if (taking.length === 0) return
  await lockPerson(
    sql,
    taking.map(one => one.assigned_to!),
  )
  const before: NewAppointment[] = []
  for (const one of taking) {
    const { assigned_to } = one
    one.blocks =
      (await hasRoom(sql, one.workspace_id, { ...one, assigned_to: assigned_to! })) && !before.some(other => overlap(one, other))
    before.push(one)
  }
}

function overlap(one: NewAppointment, other: NewAppointment) {
  const [from, until] = spanOf(one)
  const [other_from, other_until] = spanOf(other)
  return one.assigned_to === other.assigned_to && from < other_until && other_from < until
}

function spanOf({ scheduled_at, duration_minutes, before_minutes = 0, after_minutes = 0 }: NewAppointment) {
  const at = Date.parse(scheduled_at)
  return [at - before_minutes * 60_000, at + (duration_minutes + after_minutes) * 60_000] as const
}

async function change(sql: postgres.TransactionSql, { candidate, known }: Changed) {
  const { workspace_id } = candidate.waiting
  const meeting = candidate.meeting!
  const assigned_to = await assigneeOf(sql, workspace_id, known.appointment_id)
  let blocks = true
  if (meeting.change !== 'cancelled' && assigned_to !== null) {
    const { scheduled_at, duration_minutes } = meeting
    const time = { scheduled_at: scheduled_at!, duration_minutes: duration_minutes ?? known.duration_minutes }
    await lockPerson(sql, [assigned_to])
    blocks = await hasRoom(sql, workspace_id, { assigned_to, ...time, instead_of: known.appointment_id })
  }
  await changeAppointments(sql, workspace_id, [known.appointment_id], row => changesOf(meeting, row, blocks), actorOf(candidate))
}

async function assigneeOf(sql: postgres.TransactionSql, workspace_id: number, id: number): Promise<number | null> {
  const [row] = await sql<{ assigned_to: number | null }[]>`
    select assigned_to from appointments where workspace_id = ${workspace_id} and id = ${id}`
  return row?.assigned_to ?? null
}

/** What was cancelled and is booked again over there is on again here. */
function changesOf(meeting: Meeting, { reschedule_count }: { reschedule_count: number }, blocks: boolean): Changes {
  const { external_id } = meeting
  if (meeting.change === 'cancelled')
    return { status: 'cancelled', cancel_reason: meeting.cancel_reason, ended_at: new Date().toISOString() }
  return {
    scheduled_at: meeting.scheduled_at,
    ...(meeting.duration_minutes !== null && { duration_minutes: meeting.duration_minutes }),
    ...(meeting.location !== null && { location: meeting.location }),
    ...(external_id !== null && { external_id }),
    status: 'rescheduled',
    reschedule_count: reschedule_count + 1,
    ended_at: null,
    cancel_reason: null,
    blocks,
  }
}
