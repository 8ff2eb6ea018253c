import type postgres from 'postgres'
import { type AppointmentRow, type Changes, changeAppointments } from '../change.ts'
import { hasRoom } from '../has-room.ts'
import { isOpen } from '../open.ts'
import { lockPerson } from '../slots/lock.ts'

/** One side of an appointment that was handed on: `other_id` is null before the copy is made. */
export type Side = {
  workspace_id: number
  workspace_name: string
  id: number
  other_workspace_id: number
  other_id: number | null
}

/** What both sides share. Whose it is, notes inside, and what it is worth there, are each side's own. */
const SHARED = [
  'scheduled_at', 'duration_minutes', 'time_zone', 'place', 'location', 'status', 'outcome', 'next_step', 'next_step_at', 'cancel_reason',
  'customer_notes', 'reschedule_count', 'confirmed_at', 'ended_at',
] as const // biome-ignore format: one word after the other

/** What happened on this side happens on the other: the outcome flows back to whoever handed it on. The caller holds both locks. */
export async function tellOtherSide(sql: postgres.TransactionSql, side: Side): Promise<string> {
  const [here] = await sql<Changes[]>`
    select ${sql([...SHARED])} from appointments where workspace_id = ${side.workspace_id} and id = ${side.id}`
  const other_id = side.other_id!
  const blocks = await isRoomThere(sql, side, here!)
  const changed = await changeAppointments(
    sql,
    side.other_workspace_id,
    [other_id],
    row => changesOf(row, here!, blocks),
    actorOf(side),
  )
  return changed.length > 0 ? 'the other side follows' : 'both sides are the same already'
}

export function actorOf({ workspace_id, workspace_name }: Side) {
  return { kind: 'workspace', id: workspace_id, name: workspace_name }
}

function changesOf(there: AppointmentRow, here: Changes, blocks: boolean): Changes {
  const is_moved = new Date(here.scheduled_at as Date).getTime() !== there.scheduled_at.getTime()
  return { ...here, ...((is_moved || (isOpen(here.status) && !isOpen(there.status))) && { blocks }) }
}

/** Whether the person there has nothing else at the new time: if they have, it stands beside it, because it is agreed already. */
async function isRoomThere(
  sql: postgres.TransactionSql,
  { other_workspace_id, other_id }: Side,
  here: Changes,
): Promise<boolean> {
  const [there] = await sql<{ assigned_to: number | null; before_minutes: number; after_minutes: number }[]>`
    select assigned_to, before_minutes, after_minutes
      from appointments
     where workspace_id = ${other_workspace_id} and id = ${other_id}`
  if (there === undefined || there.assigned_to === null) return true
  const { assigned_to, ...around } = there
  await lockPerson(sql, [assigned_to])
  const time = { scheduled_at: here.scheduled_at as Date, duration_minutes: here.duration_minutes as number }
  return hasRoom(sql, other_workspace_id, { assigned_to, ...around, ...time, instead_of: other_id })
}
