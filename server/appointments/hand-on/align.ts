import type postgres from 'postgres'
import { type AppointmentRow, type Changes, changeAppointments } from '../change.ts'
import { hasRoom } from '../has-room.ts'
import { isOpen } from '../open.ts'
import { lockPerson } from '../slots/lock.ts'
import type { Shared } from './shared.ts'

/** One side of an appointment that was handed on: `other_id` is null before the copy is made. */
export type Side = {
  workspace_id: number
  workspace_name: string
  id: number
  other_workspace_id: number
  other_id: number | null
}

/**
 * What was changed on this side is changed on the other: the outcome flows back to whoever handed it on. Only what was said is passed on, so
 * that a word that comes late overwrites nothing that was said over there meanwhile. The caller holds both locks.
 */
export async function tellOtherSide(sql: postgres.TransactionSql, side: Side, told: Shared): Promise<string> {
  if (Object.keys(told).length === 0) return 'it concerns this side alone'
  const blocks = await isRoomThere(sql, side, told)
  const change = (there: AppointmentRow) => changesOf(there, told, blocks)
  const changed = await changeAppointments(sql, side.other_workspace_id, [side.other_id!], change, actorOf(side))
  return changed.length > 0 ? 'the other side follows' : 'both sides are the same already'
}

export function actorOf({ workspace_id, workspace_name }: Side) {
  return { kind: 'workspace', id: workspace_id, name: workspace_name }
}

/** With what follows from it: when it ended or was confirmed, and whether it still takes the person's time. */
function changesOf(there: AppointmentRow, told: Shared, blocks: boolean): Changes {
  const now = new Date().toISOString()
  const changes: Changes = { ...told }
  const is_moved = told.scheduled_at !== undefined && Date.parse(String(told.scheduled_at)) !== there.scheduled_at.getTime()
  if (is_moved) changes.reschedule_count = there.reschedule_count + 1
  if (told.status !== undefined && told.status !== there.status) {
    changes.ended_at = isOpen(told.status) ? null : now
    if (told.status === 'confirmed') changes.confirmed_at = now
  }
  const takes_time = is_moved || told.duration_minutes !== undefined || (isOpen(told.status) && !isOpen(there.status))
  return takes_time ? { ...changes, blocks } : changes
}

/** Whether the person there has nothing else at the new time: if they have, it stands beside it, because it is agreed already. */
async function isRoomThere(sql: postgres.TransactionSql, { other_workspace_id, other_id }: Side, told: Shared): Promise<boolean> {
  const [there] = await sql<There[]>`
    select assigned_to, before_minutes, after_minutes, scheduled_at, duration_minutes
      from appointments
     where workspace_id = ${other_workspace_id} and id = ${other_id}`
  if (there === undefined || there.assigned_to === null) return true
  const { assigned_to, ...around } = there
  await lockPerson(sql, [assigned_to])
  const time = {
    scheduled_at: (told.scheduled_at as string | undefined) ?? around.scheduled_at,
    duration_minutes: (told.duration_minutes as number | undefined) ?? around.duration_minutes,
  }
  return hasRoom(sql, other_workspace_id, { ...around, ...time, assigned_to, instead_of: other_id })
}

type There = {
  assigned_to: number | null
  before_minutes: number
  after_minutes: number
  scheduled_at: Date
  duration_minutes: number
}
