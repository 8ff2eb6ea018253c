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
     where t.grace_minutes is not null and exists (select from appointments a where ${isOverdue(sql)})
     order by t.workspace_id`
  for (const { id } of workspaces) while ((await missSome(sql, id)) === CHUNK);
}

async function missSome(system: postgres.Sql, workspace_id: number): Promise<number> {
  return system.begin(async sql => {
    await lockIdentity(sql, [workspace_id])
    const overdue = await sql<{ id: number }[]>`
      select a.id
        from appointment_types t
        join appointments a on ${isOverdue(sql)}
       where t.workspace_id = ${workspace_id} and t.grace_minutes is not null
       order by a.scheduled_at, a.id
       limit ${CHUNK}`
    const missed = { status: 'no_show', ended_at: new Date().toISOString() }
    const ids = overdue.map(row => row.id)
    await changeAppointments(sql, workspace_id, ids, () => missed, BY_CLOCK)
    return ids.length
  }) as Promise<number>
}

/** Of a type `t` and an appointment `a` of it. When it began is in the index of those that may be overdue; when it ended says it exactly. */
function isOverdue(sql: postgres.Sql | postgres.TransactionSql) {
  return sql`
           a.workspace_id = t.workspace_id and a.type = t.key and a.status in ('scheduled', 'confirmed', 'rescheduled')
       and a.scheduled_at < minutes_later(now(), -t.grace_minutes) and a.ends_at < minutes_later(now(), -t.grace_minutes)
       and a.copy_workspace_id is null`
}
