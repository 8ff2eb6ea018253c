import type { Sql } from '../../database/connect.ts'

/**
 * Plans the reminders of appointments as their type has them, each of this version; those of earlier versions will not be sent any more.
 * What would have been due already is left out: who books an hour before needs no reminder of a day. Twice is once. Two statements for
 * any number, in the transaction of what made or changed the appointments.
 */
export async function planReminders(sql: Sql, workspace_id: number, ids: number[]): Promise<void> {
  if (ids.length === 0) return
  await sql`
    update appointment_reminders r
       set state = 'skipped', settled_at = now(),
           reason = case a.status when 'cancelled' then 'cancelled' when 'completed' then 'ended' when 'no_show' then 'ended' else 'moved' end
      from appointments a
     where r.workspace_id = ${workspace_id} and r.appointment_id = any(${ids}::bigint[]) and r.state = 'waiting'
       and a.workspace_id = r.workspace_id and a.id = r.appointment_id
       and (r.version <> a.version or a.status not in ('pending', 'scheduled', 'confirmed', 'rescheduled'))`
  await sql`
    insert into appointment_reminders (workspace_id, appointment_id, version, recipient, before_minutes, due_at)
    select a.workspace_id, a.id, a.version, r."to", r.before_minutes, minutes_later(a.scheduled_at, -r.before_minutes)
      from appointments a
      join appointment_types t on t.workspace_id = a.workspace_id and t.key = a.type
     cross join lateral jsonb_to_recordset(t.reminders) as r("to" text, before_minutes int)
     where a.workspace_id = ${workspace_id} and a.id = any(${ids}::bigint[]) and not a.is_test
       and a.status in ('pending', 'scheduled', 'confirmed', 'rescheduled')
       and minutes_later(a.scheduled_at, -r.before_minutes) > now()
        on conflict (workspace_id, appointment_id, recipient, before_minutes, version) do nothing`
}
