import { open } from '../../server/database/connect.ts'
import { COUNTS } from '../../server/journeys/fold.ts'

/**
 * Puts people's journeys through a funnel into a workspace, with the sums and conversions, as ten events of each would have left them:
 * `count` people who registered over 90 days, of whom some watched, saw the offer and bought. They are the contacts of giveContacts.
 * The events themselves are not stored: no dashboard reads them.
 */
export async function giveJourneys(url: string, workspace_id: number, count: number) {
  const superuser = open(url, undefined, 2)
  try {
    await superuser.begin(async sql => {
      await sql.unsafe(
        `set local session_replication_role = replica; set local synchronous_commit = off; set local work_mem = '256MB'`,
      )
      await sql.unsafe(`drop index person_funnels_by_registration, person_funnels_of_person`)
      await sql.unsafe(people(workspace_id, count))
      await sql.unsafe(`
        create index person_funnels_by_registration on person_funnels (workspace_id, funnel_id, registered_at, person)
          where registered_at is not null;
        create index person_funnels_of_person on person_funnels (workspace_id, person)`)
      await sql.unsafe(`
        insert into funnel_analytics (workspace_id, funnel_id, quarter, ${COUNTS.join()})
        select k.workspace_id, k.funnel_id, k.quarter, ${COUNTS.map(column => `sum(k.${column})`).join()}
          from person_funnels p
         cross join lateral funnel_counts(p) k
         group by 1, 2, 3`)
      await sql.unsafe(`
        insert into filtered_analytics (workspace_id, funnel_id, filter, quarter, ${COUNTS.join()})
        select k.workspace_id, k.funnel_id, f.filter, k.quarter, ${COUNTS.map(column => `sum(k.${column})`).join()}
          from person_funnels p
         cross join lateral funnel_counts(p) k
         cross join lateral unnest(filters_of(p)) as f(filter)
         group by 1, 2, 3, 4`)
      await sql.unsafe(`
        insert into conversion_quarters (workspace_id, funnel_id, quarter, type, currency, conversions, revenue)
        select workspace_id, funnel_id, date_bin('15 minutes', converted_at, timestamptz '2000-01-01 00:00:00Z'), 'sale', 'USD', count(*), sum(99)
          from person_funnels
         where converted_at is not null
         group by 1, 2, 3`)
    })
    for (const table of ['person_funnels', 'funnel_analytics', 'filtered_analytics', 'conversion_quarters'])
      await superuser.unsafe(`vacuum (analyze) ${table}`)
    await superuser`checkpoint`
  } finally {
    await superuser.end()
  }
}

function people(workspace_id: number, count: number): string {
  const spread = (salt: number) => `(hashint4(n + ${salt})::bigint + 2147483648)`
  const reached = (step: string, rate: number, hours: number) =>
    `case when s.luck < ${rate} then s.registered_at + interval '${hours} hours' * s.haste end as ${step}`
  return `
    insert into person_funnels (workspace_id, funnel_id, person, registration_viewed_at, registered_at, viewed_at, watched_25_at, watched_50_at,
                                watched_75_at, watched_100_at, offer_viewed_at, converted_at, watch_percentage, seconds_watched, replays, utm_source)
    select ${workspace_id}, f.funnel_id, -(n + 100000), s.registered_at - interval '3 minutes', s.registered_at, ${reached('viewed_at', 70, 10)},
           ${reached('watched_25_at', 58, 11)}, ${reached('watched_50_at', 40, 12)}, ${reached('watched_75_at', 30, 13)},
           ${reached('watched_100_at', 20, 14)}, ${reached('offer_viewed_at', 25, 30)}, ${reached('converted_at', 6, 60)},
           case when s.luck < 70 then 100 - s.luck else 0 end, case when s.luck < 70 then (100 - s.luck) * 20 else 0 end, (s.luck < 5)::int,
           (array['google', 'meta', 'letter', null])[1 + n % 4]
      from generate_series(1, ${count}) as n
     cross join lateral (
           select date_trunc('day', now()) - interval '1 second' * (${spread(1)} % (90 * 86400)) as registered_at, ${spread(2)} % 100 as luck,
                  (1 + ${spread(3)} % 20)::float8 / 10 as haste) s
     cross join (values (''), ('school')) as f(funnel_id)`
}
