import type postgres from 'postgres'
import type { Sql } from '../database/connect.ts'

/** Rows that go at once: some 50 ms, after which those that arrived meanwhile have their turn at the table. */
const CHUNK = 5000
/** So many times for each workspace, then other periodic work has its turn: the rest goes the next time. */
const CHUNKS = 200

/**
 * Every ten minutes: deletes the events of months that are older than their workspace keeps them, and the visits in which they were. What is counted from
 * them stays: days, visitors, funnels, sources. From when on there are events is noted before the first is gone, so that nobody who makes counts again takes what is missing for none.
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
      if ((await forgetSome(sql, workspace_id, before)) < CHUNK) break
    }
  }
}

/**
 * A visit goes with the first of its events that go, when it had ended by then. One that led to a conversion stays, as the shares of that are made again of it
 * whenever something happens to the person; but it says no more than when they came, who sent them, their country and kind of device. Returns how many events went.
 */
async function forgetSome(sql: postgres.Sql, workspace_id: number, before: Date): Promise<number> {
  const [row] = await sql<{ events: number }[]>`
    with gone as (
      delete from events
       where workspace_id = ${workspace_id} and occurred_at < ${before}
         and (id, occurred_at) in (
             select id, occurred_at from events where workspace_id = ${workspace_id} and occurred_at < ${before} limit ${CHUNK})
      returning session_id
    ), ended as materialized (
      select s.id, t.has_led
        from (select distinct session_id from gone) g
       cross join lateral (
             select id, visitor_id, started_at
               from sessions
              where workspace_id = ${workspace_id} and id = g.session_id and last_at < ${before}
              limit 1) s
       cross join lateral (
             select coalesce(-contact_id, person_id, id) as person
               from visitors
              where workspace_id = ${workspace_id} and id = s.visitor_id
              limit 1) v
       cross join lateral (
             select exists (select
                              from conversion_touches
                             where workspace_id = ${workspace_id} and person = v.person and at = s.started_at
                            offset 0) as has_led) t
    ), deleted as (
      delete from sessions where workspace_id = ${workspace_id} and id in (select id from ended where not has_led)
    ), cut as (
      update sessions
         set ip = null, user_agent = null, entry_url = null, exit_url = null, region = null, city = null,
             touch = (touch - 'landing_page') || case when touch ? 'click_ids' then '{"click_ids": {}}'::jsonb else '{}' end
       where workspace_id = ${workspace_id} and id in (select id from ended where has_led)
    )
    select count(*)::int as events from gone`
  return row!.events
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
