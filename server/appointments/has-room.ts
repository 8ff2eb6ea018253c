import type { Sql } from '../database/connect.ts'

type Wanted = {
  assigned_to: number
  scheduled_at: Date | string
  duration_minutes: number
  before_minutes?: number
  after_minutes?: number
  /** An appointment that is moved: its own time counts as free. */
  instead_of?: number | null
}

/**
 * Whether nothing else that blocks lies there, as the database itself will ask (`appointments_once`): hours and absences do not matter. For
 * what is agreed already, with somebody else or elsewhere: where there is no room it is booked beside, and not refused. The caller holds
 * `lockPerson`.
 */
export async function hasRoom(
  sql: Sql,
  workspace_id: number,
  { assigned_to, scheduled_at, duration_minutes, before_minutes = 0, after_minutes = 0, instead_of = null }: Wanted,
): Promise<boolean> {
  const at = new Date(scheduled_at).toISOString()
  const [row] = await sql<{ is_free: boolean }[]>`
    select not exists (
             select
               from appointments a
              where a.workspace_id = ${workspace_id} and a.assigned_to = ${assigned_to} and a.id is distinct from ${instead_of}
                and a.during && tstzrange(minutes_later(${at}::timestamptz, -${before_minutes}::int),
                                          minutes_later(${at}::timestamptz, ${duration_minutes}::int + ${after_minutes}::int))
                and a.blocks and a.status in ('held', 'pending', 'scheduled', 'confirmed', 'rescheduled')
                and (a.status <> 'held' or a.held_until > clock_timestamp())) as is_free`
  return row!.is_free
}
