import type { Actor } from '../../shared/shape.ts'
import type { NewActivity } from '../activities/record.ts'
import { same } from '../leads/same.ts'
import type { AppointmentRow, Changes, Name } from './change.ts'
import { isOpen } from './open.ts'

/**
 * What a change is told as: another time, another person, how it ended, and whatever else was edited. What only follows from another
 * change is told with that one.
 */
export function activitiesOf(appointment: AppointmentRow, after: Changes, actor: Actor, reason = 'by_hand'): NewActivity[] {
  const about = { actor, contact_id: appointment.contact_id, subject_id: appointment.id }
  const told = (names: readonly Name[]) => names.filter(name => after[name] !== undefined)
  const activities: NewActivity[] = []
  const moved = told(TIME)
  if (moved.length > 0) {
    const names = [...moved, ...told(['time_zone', 'status', 'blocks'])]
    activities.push({ ...about, action: 'appointment.rescheduled', ...said(appointment, after, names) })
  } else if (after.status !== undefined) {
    const names = told(['status', ...(WITH_STATUS[String(after.status)] ?? [])])
    activities.push({ ...about, ...actionOf(appointment.status, after.status), ...said(appointment, after, names) })
  }
  if (after.assigned_to !== undefined) {
    const blocks = moved.length === 0 ? told(['blocks']) : []
    const { before, after: now } = said(appointment, after, ['assigned_to', ...blocks])
    activities.push({ ...about, action: 'appointment.assigned', before, after: { ...now, reason } })
  }
  const with_status = after.status === undefined || moved.length > 0 ? [] : (WITH_STATUS[String(after.status)] ?? [])
  const edited = (Object.keys(after) as Name[]).filter(name => !APART.has(name) && !with_status.includes(name))
  const others = moved.length > 0 ? edited.filter(name => name !== 'time_zone') : edited
  if (others.length > 0) activities.push({ ...about, action: 'appointment.changed', ...said(appointment, after, others) })
  return activities
}

const TIME = ['scheduled_at', 'duration_minutes'] as const

/** What is said together with how it ended. */
const WITH_STATUS: Record<string, readonly Name[]> = {
  cancelled: ['cancel_reason'],
  completed: ['outcome', 'next_step', 'next_step_at', 'notes'],
}

function actionOf(was: unknown, status: unknown) {
  if (status === 'confirmed' && isOpen(was)) return { action: 'appointment.confirmed' }
  if (status === 'cancelled') return { action: 'appointment.cancelled' }
  if (status === 'completed') return { action: 'appointment.completed' }
  if (status === 'no_show') return { action: 'appointment.no_show' }
  return { action: 'appointment.reopened' }
}

/** What has an action of its own, here or with whoever changes it, or follows from another change. */
const APART = new Set<string>([
  ...TIME, 'status', 'assigned_to', 'blocks', 'version', 'reschedule_count', 'confirmed_at', 'ended_at', 'before_minutes', 'after_minutes',
  'decision_id', 'copy_workspace_id', 'copy_id', 'origin_workspace_id', 'origin_id', 'external_id',
]) // biome-ignore format: one word after the other

/** Before and after. Of the fields those that are different, as `fields.<key>`; money as a number on both sides. */
function said(appointment: AppointmentRow, after: Changes, names: readonly Name[]) {
  const was = Object.fromEntries(names.filter(name => name !== 'fields').map(name => [name, appointment[name]]))
  const is = Object.fromEntries(names.filter(name => name !== 'fields').map(name => [name, after[name]]))
  if (typeof was.estimated_value === 'string') was.estimated_value = Number(was.estimated_value)
  if (!names.includes('fields')) return { before: was, after: is }
  const [own, others] = [appointment.fields, after.fields as AppointmentRow['fields']]
  const keys = [...new Set([...Object.keys(own), ...Object.keys(others)])].filter(key => !same(own[key], others[key]))
  return {
    before: { ...was, ...Object.fromEntries(keys.map(key => [`fields.${key}`, own[key] ?? null])) },
    after: { ...is, ...Object.fromEntries(keys.map(key => [`fields.${key}`, others[key] ?? null])) },
  }
}
