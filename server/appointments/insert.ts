import { randomUUID } from 'node:crypto'
import type postgres from 'postgres'
import type { Place } from '../../shared/appointments.ts'
import type { Actor } from '../../shared/shape.ts'
import { type NewActivity, recordEverywhere } from '../activities/record.ts'
import { isArchived, restoreAmong } from '../contacts/archive.ts'
import { advanceLeads } from './advance-leads.ts'
import { planReminders } from './calendars/plan.ts'
import { countAppointments } from './count.ts'
import { unlessTaken } from './taken.ts'

/** What one says about itself; what is absent is not known. */
export type AppointmentDetails = {
  before_minutes?: number
  after_minutes?: number
  time_zone?: string
  place?: Place
  location?: string | null
  notes?: string | null
  customer_notes?: string | null
  estimated_value?: number | null
  next_step?: string | null
  next_step_at?: string | null
  /** false: beside another one of the same person, on purpose. */
  blocks?: boolean
  source?: string | null
  product?: string | null
  language?: string | null
  score?: number | null
  street?: string | null
  city?: string | null
  state?: string | null
  zip_code?: string | null
  country?: string | null
  fields?: Record<string, unknown>
  webhook_id?: number | null
  provider_id?: string | null
  delivery_id?: number | null
  external_id?: string | null
  /** The workspace that it is handed on to; a copy is made there (hand-on/). */
  copy_workspace_id?: number | null
  /** Of a copy: whose. */
  origin_workspace_id?: number | null
  origin_id?: number | null
  decision_id?: number | null
  is_test?: boolean
}

export type NewAppointment = AppointmentDetails & {
  workspace_id: number
  /** null: held only. */
  contact_id: number | null
  lead_id: number | null
  type: string
  /** ISO 8601 with an offset. */
  scheduled_at: string
  duration_minutes: number
  assigned_to: number | null
  status: 'held' | 'pending' | 'scheduled' | 'confirmed'
  /** Of what is held: until so much later. */
  hold_minutes?: number
  /** Who made it. */
  actor: Actor
  /** Why somebody has it: by_hand, or the reason of a routing decision. */
  reason?: string
}

export type Inserted = { workspace_id: number; id: number }

/**
 * Stores appointments with everything that belongs to them: the row, `appointment.created` and `appointment.assigned`, reminders, and
 * their leads come to the stage of that name. Nobody is written to: that does whoever books (`tellPeople`). A constant
 * number of statements for any number of appointments of a workspace; returned in the order given. The caller holds the workspaces'
 * identity lock. Throws `slot_taken` when the time of one is taken: then none is stored.
 */
export async function insertAppointments(sql: postgres.TransactionSql, appointments: NewAppointment[]): Promise<Inserted[]> {
  if (appointments.length === 0) return []
  const rows = appointments.map(rowOf)
  const stored = await unlessTaken(sql, rows, async inner => {
    await deleteOverdue(inner, rows)
    return inner<(Inserted & { uid: string; contact_id: number; is_archived: boolean })[]>`
      insert into appointments (${inner([...COLUMNS])}, held_until)
      select ${inner(COLUMNS.map(name => `a.${name}`))},
             case when a.status = 'held' then clock_timestamp() + make_interval(mins => (g.appointment->>'hold_minutes')::int) end
        from jsonb_array_elements(${JSON.stringify(rows)}::text::jsonb) with ordinality as g(appointment, n)
       cross join lateral jsonb_populate_record(null::appointments, g.appointment) a
       order by g.n
      returning workspace_id, id, uid, contact_id,
                ${isArchived(inner, inner`appointments.workspace_id`, inner`appointments.contact_id`)} as is_archived`
  })
  const ids = new Map(stored.map(row => [row.uid, row.id] as const))
  const inserted = rows.map(({ workspace_id, uid }) => ({ workspace_id, id: ids.get(uid)! }))
  const booked = appointments.flatMap((appointment, k) =>
    appointment.status === 'held' ? [] : [{ ...appointment, id: inserted[k]!.id }],
  )
  await recordEverywhere(sql, booked.flatMap(activitiesOf))
  await restoreAmong(sql, stored)
  await advanceLeads(sql, booked)
  for (const workspace_id of new Set(booked.map(one => one.workspace_id))) {
    const ids = booked.filter(one => one.workspace_id === workspace_id).map(one => one.id)
    await countAppointments(sql, workspace_id, ids)
    await planReminders(sql, workspace_id, ids)
  }
  return inserted
}

const COLUMNS = [
  'workspace_id', 'contact_id', 'lead_id', 'type', 'scheduled_at', 'duration_minutes', 'before_minutes', 'after_minutes', 'time_zone',
  'place', 'location', 'assigned_to', 'status', 'notes', 'customer_notes', 'estimated_value', 'next_step', 'next_step_at', 'blocks',
  'uid', 'booked_by', 'source', 'product', 'language', 'score', 'street', 'city', 'state', 'zip_code', 'country', 'fields', 'webhook_id',
  'provider_id', 'delivery_id', 'external_id', 'decision_id', 'copy_workspace_id', 'origin_workspace_id', 'origin_id', 'is_test',
  'confirmed_at', 'created_at', 'updated_at',
] as const // biome-ignore format: one word after the other

function rowOf({ actor, reason: _, ...given }: NewAppointment) {
  const now = new Date().toISOString()
  return {
    before_minutes: 0,
    after_minutes: 0,
    time_zone: 'UTC',
    place: 'phone',
    blocks: true,
    fields: {},
    is_test: false,
    ...given,
    uid: randomUUID(),
    booked_by: actor,
    confirmed_at: given.status === 'confirmed' ? now : null,
    created_at: now,
    updated_at: now,
  }
}

/** What was held and ran out is in nobody's way, even before it is swept (expire.ts). */
async function deleteOverdue(sql: postgres.TransactionSql, rows: ReturnType<typeof rowOf>[]) {
  const taking = rows.filter(row => row.assigned_to !== null && row.blocks)
  if (taking.length === 0) return
  await sql`
    delete from appointments a
     using jsonb_to_recordset(${JSON.stringify(taking)}::text::jsonb) as n(
             workspace_id int, assigned_to int, scheduled_at timestamptz, duration_minutes int, before_minutes int, after_minutes int)
     where a.workspace_id = n.workspace_id and a.assigned_to = n.assigned_to
       and a.during && tstzrange(minutes_later(n.scheduled_at, -n.before_minutes), minutes_later(n.scheduled_at, n.duration_minutes + n.after_minutes))
       and a.blocks and a.status = 'held' and a.held_until <= clock_timestamp()`
}

/** What is said in `appointment.created`: what it is and where it came from. The rest stands in the appointment. */
const SAID = [
  'type',
  'scheduled_at',
  'duration_minutes',
  'time_zone',
  'place',
  'location',
  'lead_id',
  'source',
  'product',
] as const

function activitiesOf(appointment: NewAppointment & { id: number }): (NewActivity & { workspace_id: number })[] {
  const { workspace_id, id, contact_id, assigned_to, status, is_test = false, blocks = true, reason = 'by_hand' } = appointment
  const about = { workspace_id, contact_id, subject_id: id, actor: appointment.actor }
  const said = Object.fromEntries(SAID.flatMap(name => (appointment[name] ? [[name, appointment[name]]] : [])))
  const after = { id, ...said, assigned_to, status, is_test, ...(blocks ? {} : { blocks }) }
  const created = { ...about, action: 'appointment.created', before: null, after }
  if (assigned_to === null) return [created]
  return [created, { ...about, action: 'appointment.assigned', before: { assigned_to: null }, after: { assigned_to, reason } }]
}
