import type postgres from 'postgres'
import { ATTRIBUTION_DIMENSIONS } from '../../shared/attribution.ts'
import { firstTouchOf } from '../visitors/first-touch.ts'
import { dropEmpty } from './empty.ts'
import { eachDimension, named, readValues } from './values.ts'

const CAME = ['viewed', 'offer_viewed', 'converted']
/** What makes a row of person_sources what it is, but `others`, which says where it was counted. */
const SHOWN = ['registered_at', 'day', ...CAME, ...ATTRIBUTION_DIMENSIONS]
const SAID = ['person', 'funnel_id', ...SHOWN]

/** Counts people who registered by what first brought them, as their funnels (person_funnels) say. Returns how many rows were others. */
export async function countSources(sql: postgres.TransactionSql, workspace_id: number, people: number[]): Promise<number> {
  const said = sql.unsafe(SAID.join())
  const [row] = await sql<{ changed: number; empty: object[] | null }[]>`
    with asked as materialized (
      select distinct person, case when person < 0 then (-person)::int end as contact_id from unnest(${people}::bigint[]) as person
    ), fresh as (
      select a.person, f.funnel_id, f.registered_at, (f.registered_at at time zone 'UTC')::date as day, (f.viewed_at is not null)::int as viewed,
             (f.offer_viewed_at is not null)::int as offer_viewed, (f.converted_at is not null)::int as converted, ${readValues(sql, 't.first_touch')}
        from asked a
       cross join lateral (
             select * from person_funnels where workspace_id = ${workspace_id} and person = a.person and registered_at is not null offset 0) f
        left join lateral (${firstTouchOf(sql, workspace_id)}) t on true
    ), old as (
      select ${said}, others from person_sources where workspace_id = ${workspace_id} and person = any(${people}::bigint[])
    ), changed as materialized (
      select ${said}, sum(side) as side, max(others) as others, max(sum(side)) over (partition by person, funnel_id) > 0 as is_put
        from (select ${said}, 1 as side, null::smallint as others from fresh
               union all
              select ${said}, -1, others from old) was_and_is
       group by ${said}
      having sum(side) <> 0
    ), come as materialized (
      select ${said} from changed where side > 0
    ), counted as materialized (
      ${named(sql, workspace_id, { rows: 'come', key: 'person, funnel_id', days: 'source_days', funnel: 'r.funnel_id' })}
    ), gone as (
      delete from person_sources
       where workspace_id = ${workspace_id}
         and ctid = any(array(
             select s.ctid
               from changed c
              cross join lateral (
                    select ctid from person_sources where workspace_id = ${workspace_id} and person = c.person and funnel_id = c.funnel_id offset 0) s
              where c.side < 0 and not c.is_put))
    ), put as (
      insert into person_sources (workspace_id, ${said}, others)
      select ${workspace_id}::int, ${said}, others
        from counted
       where bit = 0
          on conflict (workspace_id, person, funnel_id) do update
         set ${sql.unsafe([...SHOWN, 'others'].map(column => `${column} = excluded.${column}`).join())}
    ), moves as (
      select 1 as sign, ${said}, dimension, value, is_other from counted
       union all
      select -1, ${said}, dimension, d.value, (others >> bit) & 1 = 1
        from changed
             ${eachDimension(sql)}
       where side < 0
    ), summed as (
      insert into source_days as s (workspace_id, funnel_id, dimension, day, value, is_other, registered, ${sql(CAME)})
      select ${workspace_id}::int, funnel_id, dimension, day, case when is_other then '' else value end, is_other, sum(sign),
             ${sql.unsafe(CAME.map(step => `sum(sign * ${step})`).join())}
        from moves
       group by 1, 2, 3, 4, 5, 6
       order by 1, 2, 3, 4, 5, 6
          on conflict (workspace_id, funnel_id, dimension, day, value, is_other) do update
         set ${sql.unsafe(['registered', ...CAME].map(step => `${step} = s.${step} + excluded.${step}`).join())}
      returning funnel_id, dimension, day, value, is_other, registered
    )
    select (select count(*)::int from changed) as changed,
           (select jsonb_agg(to_jsonb(s) - 'registered') from summed s where registered = 0) as empty`
  await dropEmpty(sql, workspace_id, 'source_days', row!.empty ?? [])
  return row!.changed
}
