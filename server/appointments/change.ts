import type postgres from 'postgres'
import type { AppointmentStatus } from '../../shared/appointments.ts'
import type { Actor } from '../../shared/shape.ts'
import { recordActivities } from '../activities/record.ts'
import { restoreContacts } from '../contacts/archive.ts'
import { lockIdentity } from '../database/transaction.ts'
import { refuse } from '../errors.ts'
import { same } from '../leads/same.ts'
import { type News, tellPeople } from './calendars/mails.ts'
import { planReminders } from './calendars/plan.ts'
import { recountAppointments } from './count.ts'
import { isOpen } from './open.ts'
import { unlessTaken, type Wanted } from './taken.ts'
import { activitiesOf } from './tell.ts'

/** What can be different about an appointment once it is there, by column. */
const CHANGEABLE = [
  'contact_id', 'lead_id', 'type', 'scheduled_at', 'duration_minutes', 'before_minutes', 'after_minutes', 'time_zone', 'place',
  'location', 'assigned_to', 'status', 'notes', 'customer_notes', 'estimated_value', 'outcome', 'next_step', 'next_step_at', 'blocks',
  'version', 'reschedule_count', 'cancel_reason', 'source', 'product', 'language', 'score', 'street', 'city', 'state', 'zip_code',
  'country', 'fields', 'decision_id', 'external_id', 'origin_workspace_id', 'origin_id', 'copy_workspace_id', 'copy_id', 'is_test',
  'confirmed_at', 'ended_at',
] as const // biome-ignore format: one word after the other

export type Name = (typeof CHANGEABLE)[number]
export type Changes = Partial<Record<Name, unknown>>

/** An appointment as it was before. Money is text, as the database has it. */
export type AppointmentRow = Record<Name, unknown> & {
  id: number
  contact_id: number
  lead_id: number | null
  type: string
  scheduled_at: Date
  duration_minutes: number
  before_minutes: number
  after_minutes: number
  ends_at: Date
  time_zone: string
  assigned_to: number | null
  status: AppointmentStatus
  version: number
  reschedule_count: number
  fields: Record<string, unknown>
  copy_workspace_id: number | null
  origin_workspace_id: number | null
  is_test: boolean
  confirmed_at: Date | null
  uid: string
  updated_at: Date
}

/**
 * Who may: with `only_of`, appointments of this user alone. `if_updated_at`: what the caller saw. `open`: those that have ended are
 * refused. `reason`: why somebody else has it now (by_hand without). `silent`: nobody is written to, as somebody else tells them.
 */
export type Condition = {
  only_of?: number | null
  if_updated_at?: string | undefined
  open?: boolean
  reason?: string
  silent?: boolean
}

/**
 * The one way in which appointments change: locked, compared, written and told, in a constant number of statements for any number.
 * `changesOf` says what one gets; what is the same already is no change. The version rises with time, place, person and end. Returns
 * those that are different now. Throws `not_found`, `forbidden`, `conflict`, `appointment_ended`, `slot_taken`. Takes the workspace's
 * identity lock, so what it reads stays true until the transaction ends.
 */
export async function changeAppointments(
  sql: postgres.TransactionSql,
  workspace_id: number,
  ids: number[],
  changesOf: (appointment: AppointmentRow, k: number) => Changes,
  actor: Actor,
  condition: Condition = {},
): Promise<number[]> {
  const appointments = await lockAppointments(sql, workspace_id, ids, condition)
  const changed = appointments
    .map((appointment, k) => ({ appointment, after: different(appointment, changesOf(appointment, k)) }))
    .filter(({ after }) => Object.keys(after).length > 0)
    .map(({ appointment, after }) => ({ appointment, after: raised(appointment, after) }))
  if (changed.length === 0) return []
  const wanted = changed.map(({ appointment, after }) => wantedOf(workspace_id, appointment, after))
  const is_counted = changed.some(({ after }) => COUNTED.some(name => after[name] !== undefined))
  await unlessTaken(sql, wanted, inner => {
    const changing = () => write(inner, workspace_id, changed)
    return is_counted
      ? recountAppointments(
          inner,
          workspace_id,
          changed.map(({ appointment }) => appointment.id),
          changing,
        )
      : changing()
  })
  await recordActivities(
    sql,
    workspace_id,
    changed.flatMap(({ appointment, after }) => activitiesOf(appointment, after, actor, condition.reason)),
  )
  // Whoever has an appointment to come is being worked with again.
  const coming = changed.flatMap(({ appointment, after }) => {
    const { contact_id, status, scheduled_at } = { ...appointment, ...after } as AppointmentRow
    return isOpen(status) && new Date(scheduled_at).getTime() > Date.now() ? [contact_id] : []
  })
  if (coming.length > 0) await restoreContacts(sql, workspace_id, coming, actor)
  const raised_ids = changed.filter(({ after }) => after.version !== undefined).map(({ appointment }) => appointment.id)
  await planReminders(sql, workspace_id, raised_ids)
  if (!condition.silent) await tellPeople(sql, workspace_id, changed.flatMap(newsOf))
  return changed.map(({ appointment }) => appointment.id)
}

/** What `appointment_days` looks at. */
const COUNTED: readonly Name[] = [
  'scheduled_at', 'type', 'assigned_to', 'source', 'product', 'status', 'outcome', 'estimated_value', 'is_test',
] // biome-ignore format: one word after the other

/** In the order asked for, and as they stay until the transaction ends. What is only held is nobody's appointment yet. */
export async function lockAppointments(
  sql: postgres.TransactionSql,
  workspace_id: number,
  ids: number[],
  { only_of = null, if_updated_at, open = false }: Condition,
): Promise<AppointmentRow[]> {
  await lockIdentity(sql, [workspace_id])
  const rows = await sql<AppointmentRow[]>`
    select id, uid, ends_at, updated_at, ${sql([...CHANGEABLE])}
      from appointments
     where workspace_id = ${workspace_id} and id = any(${ids}::bigint[]) and status <> 'held'
       for update`
  const found = new Map(rows.map(row => [row.id, row]))
  return ids.map(id => {
    const appointment = found.get(id)
    if (!appointment)
      throw refuse('not_found', ids.length > 1 ? { message: `There is no appointment ${id} in this workspace.` } : {})
    if (only_of !== null && appointment.assigned_to !== only_of) {
      throw refuse('forbidden', {
        message: 'Your role changes the appointments that are assigned to you. Ask a manager for this one.',
      })
    }
    if (if_updated_at !== undefined && appointment.updated_at.getTime() !== Date.parse(if_updated_at)) throw refuse('conflict')
    if (open && !isOpen(appointment.status)) throw refuse('appointment_ended')
    return appointment
  })
}

/** What people are told by mail. */
function newsOf({ appointment, after }: { appointment: AppointmentRow; after: Changes }): News[] {
  const { id, assigned_to, status } = appointment
  const was = after.assigned_to === undefined ? {} : { was: assigned_to }
  if (after.status === 'cancelled') return [{ id, what: 'cancelled' }]
  if (typeof after.copy_workspace_id === 'number') return [{ id, what: 'handed_on', ...was }]
  if (after.scheduled_at !== undefined || after.duration_minutes !== undefined) return [{ id, what: 'moved', ...was }]
  if (after.assigned_to !== undefined) return [{ id, what: 'assigned', ...was }]
  if (after.status === 'confirmed' && status === 'pending') return [{ id, what: 'confirmed' }]
  return after.place !== undefined || after.location !== undefined ? [{ id, what: 'changed' }] : []
}

/** With which a calendar or a reminder of before is out of date. */
const RAISING: readonly Name[] = ['scheduled_at', 'duration_minutes', 'time_zone', 'place', 'location', 'assigned_to']

function raised(appointment: AppointmentRow, after: Changes): Changes {
  const ends = after.status !== undefined && isOpen(after.status) !== isOpen(appointment.status)
  const is_other = ends || RAISING.some(name => after[name] !== undefined)
  return is_other ? { ...after, version: appointment.version + 1 } : after
}

function wantedOf(workspace_id: number, appointment: AppointmentRow, after: Changes): Wanted {
  const now = { ...appointment, ...after } as AppointmentRow
  const { id, type, duration_minutes, before_minutes, after_minutes, assigned_to } = now
  const scheduled_at = new Date(now.scheduled_at).toISOString()
  return { workspace_id, type, scheduled_at, duration_minutes, before_minutes, after_minutes, assigned_to, instead_of: id }
}

/**
 * Each row is found by its id and nothing is joined: of a table that is new the planner believes that a workspace has one row, and a join
 * of 500 with 1,201 took minutes. JSON carries milliseconds, so two changes never share one: else the second would not see that it is late.
 */
async function write(
  sql: postgres.TransactionSql,
  workspace_id: number,
  changed: { appointment: AppointmentRow; after: Changes }[],
) {
  const names = [...new Set(changed.flatMap(({ after }) => Object.keys(after)))]
  const changes = Object.fromEntries(changed.map(({ appointment, after }) => [appointment.id, after]))
  await sql`
    update appointments a
       set (${sql(names)}) = (
             select ${sql(names.map(name => `n.${name}`))}
               from jsonb_populate_record(a, ${JSON.stringify(changes)}::text::jsonb -> a.id::text) n),
           updated_at = greatest(date_trunc('milliseconds', clock_timestamp()), date_trunc('milliseconds', a.updated_at) + interval '1 ms')
     where a.workspace_id = ${workspace_id} and a.id = any(${changed.map(({ appointment }) => appointment.id)}::bigint[])`
}

function different(appointment: AppointmentRow, changes: Changes): Changes {
  const names = CHANGEABLE.filter(name => changes[name] !== undefined && !same(appointment[name], changes[name]))
  return Object.fromEntries(names.map(name => [name, changes[name]]))
}
