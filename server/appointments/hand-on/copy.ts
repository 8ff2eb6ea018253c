import type postgres from 'postgres'
import { recordActivities } from '../../activities/record.ts'
import { matchContacts } from '../../contacts/match.ts'
import { tellPeople } from '../calendars/mails.ts'
import { changeAppointments } from '../change.ts'
import { hasRoom } from '../has-room.ts'
import { insertAppointments, type NewAppointment } from '../insert.ts'
import { routeAppointments } from '../routing/route.ts'
import { tellRouted } from '../routing/store.ts'
import { actorOf, type Side } from './align.ts'

/**
 * Makes the copy over there: its contact is found or made by e-mail and phone, as if the customer had come by themselves, and the rules
 * there say whose it is. A copy is not handed on again. Both sides tell of it. The caller holds both locks.
 */
export async function copyOver(sql: postgres.TransactionSql, side: Side): Promise<string> {
  const to = side.other_workspace_id
  const actor = actorOf(side)
  const original = await readOriginal(sql, side)
  if (original === undefined) return 'it is of nobody who could be found over there'
  const { person, appointment, contact_id } = original
  const [matched] = await matchContacts(sql, [{ ...person, workspace_id: to, scope: '', user_id: null, at: Date.now() }], actor)
  const wanted = { ...appointment, workspace_id: to, contact_id: matched!.contact_id, lead_id: null }
  const [decision] = await routeAppointments(sql, [{ ...wanted, appointment_id: null, is_copy: true }], actor)
  const { user_id, decision_id, reason } = decision!
  // It is agreed already: beside what else a rule without `needs_free` gave them, if need be.
  const blocks = user_id === null || (await hasRoom(sql, to, { ...wanted, assigned_to: user_id }))
  const origin = { origin_workspace_id: side.workspace_id, origin_id: side.id }
  const [copy] = await insertAppointments(sql, [
    { ...wanted, ...origin, assigned_to: user_id, decision_id, reason, actor, blocks },
  ])
  await tellRouted(sql, to, [{ decision: decision!, appointment_id: copy!.id, contact_id: matched!.contact_id }], actor)
  await tellPeople(sql, to, [{ id: copy!.id, what: 'booked' }])
  const there = { kind: 'workspace', id: to, name: original.to_name }
  await changeAppointments(sql, side.workspace_id, [side.id], () => ({ copy_id: copy!.id }), there)
  await recordActivities(sql, side.workspace_id, [
    {
      action: 'appointment.handed_on',
      actor: there,
      contact_id,
      subject_id: side.id,
      before: null,
      after: { workspace_id: to, workspace: original.to_name, appointment_id: copy!.id },
    },
  ])
  return 'copied'
}

type Original = {
  contact_id: number
  to_name: string
  email: string | null
  phone: string | null
  traits: Record<string, unknown>
  appointment: Omit<NewAppointment, 'workspace_id' | 'contact_id' | 'lead_id' | 'actor' | 'assigned_to'>
}

/** Who it is with, as they are now, and what the other workspace needs to know. Notes inside stay inside. */
async function readOriginal(sql: postgres.TransactionSql, side: Side) {
  const [row] = await sql<Original[]>`
    select c.id as contact_id, t.name as to_name, c.email, c.phone,
           jsonb_strip_nulls(jsonb_build_object('first_name', c.first_name, 'last_name', c.last_name, 'address', c.address)) as traits,
           jsonb_build_object(
             'type', a.type, 'scheduled_at', a.scheduled_at, 'duration_minutes', a.duration_minutes, 'before_minutes', a.before_minutes,
             'after_minutes', a.after_minutes, 'time_zone', a.time_zone, 'place', a.place, 'location', a.location,
             'status', case when a.status in ('pending', 'confirmed') then a.status else 'scheduled' end,
             'customer_notes', a.customer_notes, 'source', coalesce(a.source, l.source), 'product', coalesce(a.product, l.product),
             'language', a.language, 'score', coalesce(a.score, l.score), 'street', coalesce(a.street, l.street),
             'city', coalesce(a.city, l.city), 'state', coalesce(a.state, l.state), 'zip_code', coalesce(a.zip_code, l.zip_code),
             'country', coalesce(a.country, l.country), 'fields', a.fields, 'is_test', a.is_test) as appointment
      from appointments a
      join contacts o on o.workspace_id = a.workspace_id and o.id = a.contact_id
      join contacts c on c.workspace_id = o.workspace_id and c.id = o.whole_id
      join workspaces w on w.id = a.workspace_id
      join workspaces t on t.id = ${side.other_workspace_id} and t.organization_id = w.organization_id and w.id = any(t.accepts_from)
      left join leads l on l.workspace_id = a.workspace_id and l.id = a.lead_id
     where a.workspace_id = ${side.workspace_id} and a.id = ${side.id}`
  if (!row || (row.email === null && row.phone === null)) return undefined
  const { contact_id, to_name, appointment, email, phone, traits } = row
  return { contact_id, to_name, appointment, person: { email, phone, traits } }
}
