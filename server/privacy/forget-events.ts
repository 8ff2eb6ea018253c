import type postgres from 'postgres'
import type { Sql } from '../database/connect.ts'

/** Rows that go at once: some 50 ms, after which those that arrived meanwhile have their turn at the table. */
const CHUNK = 5000
/** So many times for each workspace, then other periodic work has its turn: the rest goes the next time. */
const CHUNKS = 200

/**
 * Every ten minutes: deletes the events of months that are older than their workspace keeps them. What is counted from them stays: days, visitors, funnels,
 * sources. From when on there are events is noted before the first is gone, so that nobody who makes counts again takes what is missing for none.
 * Space of a month that is gone altogether is given back by the vacuum.
 */
export async function forgetEvents(sql: postgres.Sql): Promise<void> {
  const rules = await sql<{ workspace_id: number; before: Date }[]>`
    update retention_rules
       set events_before = greatest(events_before, ${firstKept(sql, sql`event_months`)})
     where event_months is not null
    returning workspace_id, events_before as before`
  for (const { workspace_id, before } of rules) {
    for (let chunk = 0; chunk < CHUNKS; chunk++) {
      const { count } = await sql`
        delete from events
         where workspace_id = ${workspace_id} and occurred_at < ${before}
           and (id, occurred_at) in (
               select id, occurred_at from events where workspace_id = ${workspace_id} and occurred_at < ${before} limit ${CHUNK})`
      if (count < CHUNK) break
    }
  }
}

/** How many that would be now, by the counts of days. */
export async function countOldEvents(sql: Sql, workspace_id: number, months: number): Promise<number> {
  const [row] = await sql<{ events: number }[]>`
    select coalesce(sum(c.events + c.bots), 0)::float8 as events
      from event_counts c
      left join retention_rules r on r.workspace_id = c.workspace_id
     where c.workspace_id = ${workspace_id} and c.day < (${firstKept(sql, sql`${months}::int`)} at time zone 'UTC')::date
       and (r.events_before is null or c.day >= (r.events_before at time zone 'UTC')::date)`
  return row!.events
}

/** The beginning of the month that is so many months before this one: whole months go, as they are stored and counted. */
function firstKept(sql: Sql, months: postgres.PendingQuery<postgres.Row[]>) {
  return sql`(date_trunc('month', now(), 'UTC') - make_interval(months => ${months}))`
}
