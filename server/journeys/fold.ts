import type postgres from 'postgres'
import { firstTouchOf } from '../visitors/first-touch.ts'

/** The columns of funnel_analytics: what `funnel_counts` (db/schema.sql) says of one person, summed up. */
export const COUNTS = [
  'registration_views', 'registrations', 'confirmations', 'views', 'offer_views', 'offer_clicks', 'checkouts', 'conversions',
  'of_confirmed', 'of_viewed', 'of_watched_25', 'of_watched_50', 'of_watched_75', 'of_watched_100', 'of_offer_viewed',
  'of_offer_clicked', 'of_checkout', 'of_converted', 'of_hot_converted', 'of_replayed', 'percent_0', 'percent_1', 'percent_10',
  'percent_20', 'percent_25', 'percent_30', 'percent_40', 'percent_50', 'percent_60', 'percent_70', 'percent_75', 'percent_80',
  'percent_90', 'percent_100', 'sum_percentage', 'sum_seconds', 'within_hour', 'within_day', 'within_week', 'within_month', 'later',
  'sum_seconds_to',
] as const // biome-ignore format: one word after the other

/** What a person of person_funnels shows; the rest of its key is the workspace, the funnel and the person. */
const TIMES = [
  'registration_viewed_at', 'registered_at', 'confirmed_at', 'viewed_at', 'watched_25_at', 'watched_50_at', 'watched_75_at',
  'watched_100_at', 'offer_viewed_at', 'offer_clicked_at', 'checkout_at', 'converted_at',
] as const // biome-ignore format: one word after the other
const SHOWN = [...TIMES, 'watch_percentage', 'seconds_watched', 'replays', 'utm_source'] as const

/**
 * Makes what people show in their funnels agree with their visitors and conversions, and lets every sum follow by the difference: one
 * statement for any number of people, with look-ups by index for each (fenced by `offset 0`: for new tables the planner would read them
 * whole). Who is no more (their contact was merged into another one) shows nothing afterwards.
 * The caller holds the workspace's journeys (follow.ts). Returns how many rows were others.
 */
export async function foldPeople(sql: postgres.TransactionSql, workspace_id: number, people: number[]): Promise<number> {
  if (people.length === 0) return 0
  const list = sql.unsafe(SHOWN.join())
  const earliest = sql.unsafe(TIMES.map(time => `min(${time}) as ${time}`).join())
  const no_times = sql.unsafe(
    TIMES.slice(1)
      .map(() => 'null::timestamptz')
      .join(),
  )
  const sums = sql.unsafe(COUNTS.map(count => `sum(sign * ${count})`).join())
  const add = sql.unsafe(COUNTS.map(count => `${count} = a.${count} + excluded.${count}`).join())
  const is_empty = sql.unsafe(COUNTS.map(count => `a.${count} = 0`).join(' and '))
  const [row] = await sql<{ changed: number; emptied: object[] }[]>`
    with asked as materialized (
      select a.person, nullif(t.first_touch->>'utm_source', '') collate "C" as utm_source
        from (select distinct person, case when person < 0 then (-person)::int end as contact_id from unnest(${people}::bigint[]) as person) a
        left join lateral (${firstTouchOf(sql, workspace_id)} offset 0) t on true
    ), members as materialized (
      select a.person, a.utm_source, v.id as visitor_id
        from asked a
       cross join lateral (
             select id from visitors where workspace_id = ${workspace_id} and contact_id = -a.person
              union all
             select id from visitors where workspace_id = ${workspace_id} and id = a.person and person_id is null and contact_id is null
              union all
             select id from visitors where workspace_id = ${workspace_id} and person_id = a.person and contact_id is null
             offset 0) v
    ), said (person, funnel_id, ${list}) as (
      select m.person, f.funnel_id, f.registration_viewed_at, f.registered_at, f.confirmed_at, least(f.watch_viewed_at, f.started_at),
             f.watched_25_at, f.watched_50_at, f.watched_75_at, f.watched_100_at, f.offer_viewed_at, f.offer_clicked_at, f.checkout_at,
             null::timestamptz, f.watch_percentage, 0, 0, m.utm_source
        from members m
       cross join lateral (
             select * from visitor_funnels where workspace_id = ${workspace_id} and visitor_id = m.visitor_id offset 0) f
       union all
      select m.person, f.funnel_id, ${no_times}, null, 0, v.seconds_watched, v.replays, m.utm_source
        from members m
       cross join lateral (
             select * from visitor_videos where workspace_id = ${workspace_id} and visitor_id = m.visitor_id offset 0) v
       cross join lateral (select '' collate "C" as funnel_id union select v.funnel_id) f
       union all
      select n.person, f.funnel_id, ${no_times}, n.converted_at, 0, 0, 0, n.utm_source
        from (${wonBy(sql, workspace_id)}) n
       cross join lateral (select '' collate "C" as funnel_id union select n.funnel_id) f
        left join funnels d on d.workspace_id = ${workspace_id} and d.funnel_id = f.funnel_id
       where f.funnel_id is not null and (d.goal is null or (d.goal = 'call') = (n.type = 'appointment'))
    ), fresh as materialized (
      select ${workspace_id}::int as workspace_id, funnel_id, person, ${earliest}, max(watch_percentage)::smallint as watch_percentage,
             least(sum(seconds_watched), 2147483647)::int as seconds_watched, least(sum(replays), 2147483647)::int as replays, max(utm_source) as utm_source
        from said
       group by person, funnel_id
    ), old as materialized (
      select p.*
        from asked a
       cross join lateral (
             select * from person_funnels where workspace_id = ${workspace_id} and person = a.person offset 0) p
    ), changes as materialized (
      select *, bool_or(sign = 1) over (partition by person, funnel_id) as stays
        from (select 1 as sign, * from (select * from fresh except select * from old) f
               union all
              select -1, * from (select * from old except select * from fresh) o) c
    ), gone as (
      delete from person_funnels
       where workspace_id = ${workspace_id}
         and ctid = any(array(
             select p.ctid
               from changes c
              cross join lateral (
                    select ctid
                      from person_funnels
                     where workspace_id = ${workspace_id} and funnel_id = c.funnel_id and person = c.person
                    offset 0) p
              where not c.stays))
    ), put as (
      insert into person_funnels (workspace_id, funnel_id, person, ${sql.unsafe(SHOWN.join())})
      select workspace_id, funnel_id, person, ${sql.unsafe(SHOWN.join())}
        from changes
       where sign = 1
          on conflict (workspace_id, funnel_id, person) do update
         set ${sql.unsafe(SHOWN.map(column => `${column} = excluded.${column}`).join())}
    ), counted as materialized (
      select c.sign, filters_of(w.who) as filters, k.*
        from changes c
       cross join lateral (
             select row(c.workspace_id, c.funnel_id, c.person, ${sql.unsafe(SHOWN.map(column => `c.${column}`).join())})::person_funnels as who
             offset 0) w
       cross join lateral funnel_counts(w.who) k
    ), summed as (
      insert into funnel_analytics as a (workspace_id, funnel_id, quarter, ${sql.unsafe(COUNTS.join())})
      select ${workspace_id}, funnel_id, quarter, ${sums}
        from counted
       group by funnel_id, quarter
       order by funnel_id, quarter
          on conflict (workspace_id, funnel_id, quarter) do update
         set ${add}
    ), filtered as (
      insert into filtered_analytics as a (workspace_id, funnel_id, filter, quarter, ${sql.unsafe(COUNTS.join())})
      select ${workspace_id}, funnel_id, filter, quarter, ${sums}
        from counted
       cross join lateral unnest(filters) as filter
       group by funnel_id, filter, quarter
       order by funnel_id, filter, quarter
          on conflict (workspace_id, funnel_id, filter, quarter) do update
         set ${add}
      returning funnel_id, filter, quarter, ${is_empty} as is_empty
    )
    select (select count(*)::int from changes) as changed,
           (select coalesce(json_agg(f), '[]') from filtered f where is_empty) as emptied`
  if (row!.emptied.length > 0) await dropEmptied(sql, workspace_id, row!.emptied)
  return row!.changed
}

/** So that what somebody took back leaves no name of a source in a sum that counts nobody any more. */
async function dropEmptied(sql: postgres.TransactionSql, workspace_id: number, emptied: object[]) {
  await sql`
    delete from filtered_analytics a
     using jsonb_to_recordset(${JSON.stringify(emptied)}::text::jsonb) as e(funnel_id text, filter text, quarter timestamptz)
     where a.workspace_id = ${workspace_id} and a.funnel_id = e.funnel_id and a.filter = e.filter and a.quarter = e.quarter`
}

/** The conversions that count of the people `asked`: their visitors', and those of the contact and of what was merged into it. */
function wonBy(sql: postgres.TransactionSql, workspace_id: number) {
  return sql`
             select m.person, m.utm_source, n.type, n.converted_at, funnel_of(n.data) as funnel_id
               from members m
              cross join lateral (
                    select *
                      from conversions
                     where workspace_id = ${workspace_id} and visitor_id = m.visitor_id and contact_id is null and counts
                    offset 0) n
              union all
             select a.person, a.utm_source, n.type, n.converted_at, funnel_of(n.data)
               from asked a
              cross join lateral (
                    select n.*
                      from contacts c
                      join conversions n on n.workspace_id = c.workspace_id and n.contact_id = c.id and n.counts
                     where c.workspace_id = ${workspace_id} and c.whole_id = -a.person
                    offset 0) n`
}
