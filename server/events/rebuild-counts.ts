import type postgres from 'postgres'
import type { Database } from '../database/connect.ts'
import { inWorkspace, lockIdentity } from '../database/transaction.ts'
import { holdKeptSince, keptSince } from './kept.ts'

/** Counts the events of each day and name again, a month a transaction. Returns how many rows were wrong. */
export async function rebuildEventCounts(
  database: Database,
  workspace_id: number,
  progress: (months: number) => void = () => {},
): Promise<{ event_counts: number }> {
  let wrong = 0
  const months = await inWorkspace(database, workspace_id, sql => monthsOf(sql, workspace_id))
  for (const [index, month] of months.entries()) {
    wrong += await inWorkspace(database, workspace_id, sql => countMonth(sql, workspace_id, month))
    progress(index + 1)
  }
  return { event_counts: wrong }
}

/** Those that have a partition, where events can be, and those that are counted although they have none. */
async function monthsOf(sql: postgres.TransactionSql, workspace_id: number): Promise<string[]> {
  const rows = await sql<{ month: string }[]>`
    select to_date(right(c.relname, 7), 'YYYY_MM') as month
      from pg_inherits i
      join pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'events'::regclass
     union
    select date_trunc('month', day)::date
      from event_counts
     where workspace_id = ${workspace_id}
     order by month`
  const since = await keptSince(sql, workspace_id)
  return rows.map(row => row.month).filter(month => Date.parse(month) >= since.getTime())
}

async function countMonth(sql: postgres.TransactionSql, workspace_id: number, month: string): Promise<number> {
  await lockIdentity(sql, [workspace_id]) // so that no batch counts at the same time
  if (Date.parse(month) < (await holdKeptSince(sql, workspace_id)).getTime()) return 0 // its events began to go meanwhile
  await sql.unsafe('set local enable_seqscan = on; set local enable_hashjoin = on') // this reads most of a partition
  const [row] = await sql<{ wrong: number }[]>`
    with counted as materialized (
      select (occurred_at at time zone 'UTC')::date as day, event, count(*) filter (where not is_bot) as events,
             count(*) filter (where is_bot) as bots, min(occurred_at) as first_at, max(occurred_at) as last_at
        from events
       where workspace_id = ${workspace_id}
         and occurred_at >= ${month}::date::timestamp at time zone 'UTC'
         and occurred_at <  (${month}::date + interval '1 month') at time zone 'UTC'
       group by 1, 2
    ), gone as (
      delete from event_counts c
       where c.workspace_id = ${workspace_id} and c.day >= ${month}::date and c.day < ${month}::date + interval '1 month'
         and not exists (select from counted n where n.day = c.day and n.event = c.event)
      returning 1
    ), put as (
      insert into event_counts as c (workspace_id, day, event, events, bots, first_at, last_at)
      select ${workspace_id}, day, event, events, bots, first_at, last_at
        from counted
      on conflict (workspace_id, day, event) do update
         set events = excluded.events, bots = excluded.bots, first_at = excluded.first_at, last_at = excluded.last_at
       where (c.events, c.bots, c.first_at, c.last_at) is distinct from (excluded.events, excluded.bots, excluded.first_at, excluded.last_at)
      returning 1
    )
    select (select count(*) from gone) + (select count(*) from put) as wrong`
  return row!.wrong
}
