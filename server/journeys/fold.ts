import type postgres from 'postgres'

/** The columns of funnel_analytics: what `funnel_counts` (db/schema.sql) says of one person, summed up. */
export const COUNTS = [
  'registration_views', 'registrations', 'confirmations', 'views', 'offer_views', 'offer_clicks', 'checkouts', 'conversions',
  'of_confirmed', 'of_viewed', 'of_watched_25', 'of_watched_50', 'of_watched_75', 'of_watched_100', 'of_offer_viewed',
  'of_offer_clicked', 'of_checkout', 'of_converted', 'of_hot_converted', 'of_replayed', 'percent_0', 'percent_1', 'percent_10',
  'percent_20', 'percent_25', 'percent_30', 'percent_40', 'percent_50', 'percent_60', 'percent_70', 'percent_75', 'percent_80',
  'percent_90', 'percent_100', 'sum_percentage', 'sum_seconds', 'within_hour', 'within_day', 'within_week', 'within_month', 'later',
  'sum_seconds_to',
] as const // biome-ignore format: one word after the other
export type Count = (typeof COUNTS)[number]

/** What a person of person_funnels shows; the rest of its key is the workspace, the funnel and the person. */
const SHOWN = [
  'registration_viewed_at', 'registered_at', 'confirmed_at', 'viewed_at', 'watched_25_at', 'watched_50_at', 'watched_75_at',
  'watched_100_at', 'offer_viewed_at', 'offer_clicked_at', 'checkout_at', 'converted_at', 'watch_percentage', 'seconds_watched', 'replays',
] as const // biome-ignore format: one word after the other

/**
 * Makes what people show in their funnels agree with their visitors and conversions, and lets every sum follow by the difference: one
 * statement for any number of people. Who is no more (their contact was merged into another one) shows nothing afterwards.
 * The caller holds the workspace's journeys (follow.ts). Returns how many rows were others.
 */
export async function foldPeople(sql: postgres.TransactionSql, workspace_id: number, people: number[]): Promise<number> {
  if (people.length === 0) return 0
  const [row] = await sql<{ changed: number }[]>`
    with asked as materialized (
      select distinct person from unnest(${people}::bigint[]) as person
    ), members as materialized (
      select a.person, v.id as visitor_id
        from asked a
        join visitors v on v.workspace_id = ${workspace_id} and v.contact_id = -a.person
       union all
      select a.person, v.id
        from asked a
        join visitors v on v.workspace_id = ${workspace_id} and v.id = a.person and v.person_id is null and v.contact_id is null
       union all
      select a.person, v.id
        from asked a
        join visitors v on v.workspace_id = ${workspace_id} and v.person_id = a.person and v.contact_id is null
    ), walked as (
      select m.person, f.funnel_id,
             min(f.registration_viewed_at) as registration_viewed_at, min(f.registered_at) as registered_at, min(f.confirmed_at) as confirmed_at,
             least(min(f.watch_viewed_at), min(f.started_at)) as viewed_at, min(f.watched_25_at) as watched_25_at,
             min(f.watched_50_at) as watched_50_at, min(f.watched_75_at) as watched_75_at, min(f.watched_100_at) as watched_100_at,
             min(f.offer_viewed_at) as offer_viewed_at, min(f.offer_clicked_at) as offer_clicked_at, min(f.checkout_at) as checkout_at,
             max(f.watch_percentage) as watch_percentage
        from members m
        join visitor_funnels f on f.workspace_id = ${workspace_id} and f.visitor_id = m.visitor_id
       group by m.person, f.funnel_id
    ), watched as (
      select m.person, f.funnel_id, least(sum(v.seconds_watched), 2147483647)::int as seconds_watched, least(sum(v.replays), 2147483647)::int as replays
        from members m
        join visitor_videos v on v.workspace_id = ${workspace_id} and v.visitor_id = m.visitor_id
       cross join lateral (select '' collate "C" as funnel_id union select v.funnel_id) f
       group by m.person, f.funnel_id
    ), won as (
      select n.person, f.funnel_id, min(n.converted_at) as converted_at
        from (${wonBy(sql, workspace_id)}) n
       cross join lateral (select '' collate "C" as funnel_id union select n.funnel_id) f
        left join funnels d on d.workspace_id = ${workspace_id} and d.funnel_id = f.funnel_id
       where f.funnel_id is not null and (d.goal is null or (d.goal = 'call') = (n.type = 'appointment'))
       group by n.person, f.funnel_id
    ), fresh as materialized (
      select ${workspace_id}::int as workspace_id, funnel_id, person, registration_viewed_at, registered_at, confirmed_at, viewed_at,
             watched_25_at, watched_50_at, watched_75_at, watched_100_at, offer_viewed_at, offer_clicked_at, checkout_at, converted_at,
             coalesce(watch_percentage, 0::smallint) as watch_percentage, coalesce(seconds_watched, 0) as seconds_watched, coalesce(replays, 0) as replays
        from walked
        full join won using (person, funnel_id)
        left join watched using (person, funnel_id)
    ), old as materialized (
      select p.*
        from asked a
        join person_funnels p on p.workspace_id = ${workspace_id} and p.person = a.person
    ), changes as materialized (
      select 1 as sign, * from (select * from fresh except select * from old) f
       union all
      select -1, * from (select * from old except select * from fresh) o
    ), gone as (
      delete from person_funnels p
       using changes c
       where c.sign = -1 and p.workspace_id = ${workspace_id} and p.person = c.person and p.funnel_id = c.funnel_id
         and not exists (select from fresh f where f.person = p.person and f.funnel_id = p.funnel_id)
    ), put as (
      insert into person_funnels (workspace_id, funnel_id, person, ${sql.unsafe(SHOWN.join())})
      select workspace_id, funnel_id, person, ${sql.unsafe(SHOWN.join())}
        from changes
       where sign = 1
          on conflict (workspace_id, funnel_id, person) do update
         set ${sql.unsafe(SHOWN.map(column => `${column} = excluded.${column}`).join())}
    ), summed as (
      insert into funnel_analytics as a (workspace_id, funnel_id, quarter, ${sql.unsafe(COUNTS.join())})
      select ${workspace_id}, k.funnel_id, k.quarter, ${sql.unsafe(COUNTS.map(count => `sum(c.sign * k.${count})`).join())}
        from changes c
       cross join lateral funnel_counts(row(c.workspace_id, c.funnel_id, c.person, ${sql.unsafe(SHOWN.map(column => `c.${column}`).join())})::person_funnels) k
       group by k.funnel_id, k.quarter
       order by k.funnel_id, k.quarter
          on conflict (workspace_id, funnel_id, quarter) do update
         set ${sql.unsafe(COUNTS.map(count => `${count} = a.${count} + excluded.${count}`).join())}
    )
    select count(*)::int as changed from changes`
  return row!.changed
}

/** The conversions that count of the people `asked`: their visitors', and those of the contact and of what was merged into it. */
function wonBy(sql: postgres.TransactionSql, workspace_id: number) {
  return sql`
             select m.person, n.type, n.converted_at, n.data->>'funnel_id' collate "C" as funnel_id
               from members m
               join conversions n on n.workspace_id = ${workspace_id} and n.visitor_id = m.visitor_id
              where n.contact_id is null and n.counts
              union all
             select a.person, n.type, n.converted_at, n.data->>'funnel_id' collate "C"
               from asked a
               join contacts c on c.workspace_id = ${workspace_id} and c.whole_id = -a.person
               join conversions n on n.workspace_id = ${workspace_id} and n.contact_id = c.id
              where n.counts`
}
