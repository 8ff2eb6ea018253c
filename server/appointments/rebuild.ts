import type { Database } from '../database/connect.ts'
import { inWorkspace, lockIdentity } from '../database/transaction.ts'
import { daysOf } from './count.ts'

/** Counts the appointments of a workspace by day again. Returns how many rows were wrong. */
export async function rebuildAppointmentCounts(database: Database, workspace_id: number): Promise<{ appointment_days: number }> {
  return inWorkspace(database, workspace_id, async sql => {
    await lockIdentity(sql, [workspace_id])
    await sql.unsafe('set local enable_seqscan = on; set local enable_hashjoin = on')
    const [row] = await sql<{ wrong: number }[]>`
      with counted as (
        select *, 1 as sign from appointments where workspace_id = ${workspace_id} and status <> 'held' and not is_test
      ), days as materialized (${daysOf(sql, 'counted')}
      ), gone as (
        delete from appointment_days d
         where d.workspace_id = ${workspace_id}
           and not exists (select from days n where n.day = d.day and n.dimension = d.dimension and n.value = d.value)
        returning (d.booked, d.completed, d.no_show, d.cancelled, d.won, d.won_value) <> (0, 0, 0, 0, 0, 0) as is_wrong
      ), put as (
        insert into appointment_days as d (workspace_id, day, dimension, value, booked, completed, no_show, cancelled, won, won_value)
        select * from days
            on conflict (workspace_id, dimension, day, value) do update
           set booked = excluded.booked, completed = excluded.completed, no_show = excluded.no_show, cancelled = excluded.cancelled,
               won = excluded.won, won_value = excluded.won_value
         where (d.booked, d.completed, d.no_show, d.cancelled, d.won, d.won_value)
               is distinct from (excluded.booked, excluded.completed, excluded.no_show, excluded.cancelled, excluded.won, excluded.won_value)
        returning 1
      )
      select ((select count(*) from gone where is_wrong) + (select count(*) from put))::int as wrong`
    return { appointment_days: row!.wrong }
  })
}
