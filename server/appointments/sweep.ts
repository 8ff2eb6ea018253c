import type postgres from 'postgres'
import type { Actor } from '../../shared/shape.ts'
import { lockIdentity } from '../database/transaction.ts'
import { changeAppointments } from './change.ts'

/** How many go at once, after which others have their turn at the workspace. */
const CHUNK = 500

/** Slots that somebody held and did not book. (Who books meanwhile looks at the time itself, so nobody waits for this.) */
export async function deleteOverdueHolds(sql: postgres.Sql): Promise<void> {
  for (;;) {
    const { count } = await sql`
      delete from appointments
       where (workspace_id, id) in (
             select workspace_id, id
               from appointments
              where status = 'held' and held_until < now()
              order by held_until
              limit ${CHUNK}
                for update skip locked)`
    if (count < CHUNK) return
  }
}

const BY_CLOCK: Actor = { kind: 'system', name: 'clock' }

/**
 * Appointments of which nobody said what came of them are no-shows, so long after their end as their type says (`grace_minutes`; without
 * it, never). What is pending was never agreed on, and of what was handed on the other workspace says it. Makes up for what was missed,
 * and of two that do it at once the second finds nothing more.
 */
export async function missOverdue(sql: postgres.Sql): Promise<void> {
  const workspaces = await sql<{ id: number }[]>`
    select distinct t.workspace_id as id
      from appointment_types t
     cross join lateral (${overdue(sql, 1)}) a
     where t.grace_minutes is not null
     order by t.workspace_id`
  const failed: unknown[] = []
  for (const { id } of workspaces) await missAll(sql, id).catch(error => failed.push(error))
  if (failed.length > 0) throw failed[0] // after all others had their turn
}

async function missAll(sql: postgres.Sql, workspace_id: number) {
  while ((await missSome(sql, workspace_id)) > 0);
}

async function missSome(system: postgres.Sql, workspace_id: number): Promise<number> {
  return system.begin(async sql => {
    await lockIdentity(sql, [workspace_id])
    const found = await sql<{ id: number }[]>`
      select a.id
        from appointment_types t
       cross join lateral (${overdue(sql, CHUNK)}) a
       where t.workspace_id = ${workspace_id} and t.grace_minutes is not null
       limit ${CHUNK}`
    const missed = { status: 'no_show', ended_at: new Date().toISOString() }
    const ids = found.map(row => row.id)
    await changeAppointments(sql, workspace_id, ids, () => missed, BY_CLOCK)
    return ids.length
  }) as Promise<number>
}

/** The first ones of a type `t`, in the order of the index of what has not ended; when they ended exactly is asked of each. */
function overdue(sql: postgres.Sql | postgres.TransactionSql, most: number) {
  return sql`
           select a.id
             from appointments a
            where a.workspace_id = t.workspace_id and a.type = t.key and a.status in ('scheduled', 'confirmed', 'rescheduled')
              and a.scheduled_at < minutes_later(now(), -t.grace_minutes) and a.ends_at < minutes_later(now(), -t.grace_minutes)
              and a.copy_workspace_id is null
            order by a.scheduled_at
            limit ${most}`
}
