import type postgres from 'postgres'
import { ATTRIBUTION_DIMENSIONS, ATTRIBUTION_MODELS } from '../../shared/attribution.ts'
import { dropEmpty } from './empty.ts'
import { peopleWithVisitors } from './people.ts'
import { eachDimension, named, readValues } from './values.ts'

/** What makes a row of conversion_touches what it is, but `others`, which says where it was counted. */
const SHOWN = [
  'person',
  'funnel_id',
  'converted_at',
  'day',
  'type',
  'currency',
  'revenue',
  'at',
  ...ATTRIBUTION_DIMENSIONS,
  ...ATTRIBUTION_MODELS,
]
const SAID = ['conversion_id', 'n', ...SHOWN]
const SUMS = ATTRIBUTION_MODELS.flatMap(model => [`${model}_conversions`, `${model}_revenue`])

/** Shares the conversions of people among the visits that led to them. Returns how many rows were others. */
export async function shareConversions(sql: postgres.TransactionSql, workspace_id: number, people: number[]): Promise<number> {
  const said = sql.unsafe(SAID.join())
  const [row] = await sql<{ changed: number; empty: object[] | null }[]>`
    with ${peopleWithVisitors(sql, workspace_id, people)}, won as materialized (
      select p.person, p.visitor_ids, n.*
        from people p
       cross join lateral (${wonBy(sql, workspace_id)}) n
    ), fresh as (
      ${shared(sql, workspace_id)}
    ), old as (
      select ${said}, others
        from conversion_touches
       where workspace_id = ${workspace_id} and person = any(${people}::bigint[])
       union
      select ${sql.unsafe(SAID.map(column => `t.${column}`).join())}, t.others
        from won w
       cross join lateral (
             select * from conversion_touches where workspace_id = ${workspace_id} and conversion_id = w.conversion_id offset 0) t
    ), changed as materialized (
      select ${said}, sum(side) as side, max(others) as others, max(sum(side)) over (partition by conversion_id, n) > 0 as is_put
        from (select ${said}, 1 as side, null::smallint as others from fresh
               union all
              select ${said}, -1, others from old) was_and_is
       group by ${said}
      having sum(side) <> 0
    ), come as materialized (
      select ${said} from changed where side > 0
    ), counted as materialized (
      ${named(sql, workspace_id, { rows: 'come', key: 'conversion_id, n', days: 'attribution_days', funnel: `''` })}
    ), gone as (
      delete from conversion_touches
       where workspace_id = ${workspace_id}
         and ctid = any(array(
             select t.ctid
               from changed c
              cross join lateral (
                    select ctid from conversion_touches where workspace_id = ${workspace_id} and conversion_id = c.conversion_id and n = c.n offset 0) t
              where c.side < 0 and not c.is_put))
    ), put as (
      insert into conversion_touches (workspace_id, ${said}, others)
      select ${workspace_id}::int, ${said}, others
        from counted
       where bit = 0
          on conflict (workspace_id, conversion_id, n) do update
         set ${sql.unsafe([...SHOWN, 'others'].map(column => `${column} = excluded.${column}`).join())}
    ), moves as (
      select 1 as sign, ${said}, dimension, value, is_other from counted
       union all
      select -1, ${said}, dimension, d.value, (others >> bit) & 1 = 1
        from changed
             ${eachDimension(sql)}
       where side < 0
    ), summed as (
      insert into attribution_days as a (workspace_id, funnel_id, dimension, day, value, is_other, type, currency, ${sql(SUMS)})
      select ${workspace_id}::int, f.funnel_id, dimension, day, case when is_other then '' else value end, is_other, type, currency,
             ${sql.unsafe(ATTRIBUTION_MODELS.map(model => `sum(sign * ${model}), sum(sign * ${model} * revenue)`).join())}
        from moves m
       cross join lateral (select '' collate "C" as funnel_id union select m.funnel_id) f
       group by 1, 2, 3, 4, 5, 6, 7, 8
       order by 1, 2, 3, 4, 5, 6, 7, 8
          on conflict (workspace_id, funnel_id, dimension, day, value, is_other, type, currency) do update
         set ${sql.unsafe(SUMS.map(sum => `${sum} = a.${sum} + excluded.${sum}`).join())}
      returning funnel_id, dimension, day, value, is_other, type, currency, linear_conversions
    )
    select (select count(*)::int from changed) as changed,
           (select jsonb_agg(to_jsonb(s) - 'linear_conversions') from summed s where linear_conversions = 0) as empty`
  await dropEmpty(sql, workspace_id, 'attribution_days', row!.empty ?? [])
  return row!.changed
}

/** The conversions that count of a person `p`: of the contact, of those that are part of it, and of their visitors. */
function wonBy(sql: postgres.TransactionSql, workspace_id: number) {
  const columns = sql`
             n.id as conversion_id, n.type, n.currency, n.value - n.refunded as revenue, n.converted_at,
             (n.converted_at at time zone 'UTC')::date as day,
             coalesce(funnel_of(n.data), '') collate "C" as funnel_id`
  return sql`
             select ${columns}
               from contacts c
               join conversions n on n.workspace_id = ${workspace_id} and n.contact_id = c.id
              where c.workspace_id = ${workspace_id} and c.whole_id = p.contact_id and n.counts
              union all
             select ${columns}
               from unnest(p.visitor_ids) as v(id)
               join conversions n on n.workspace_id = ${workspace_id} and n.visitor_id = v.id
              where n.contact_id is null and n.counts`
}

/** A visit that was longer before has nothing to do with a conversion. */
const WINDOW = `interval '90 days'`
/** Of more visits than these the first and the newest count. */
const MOST_TOUCHES = 50
/** Somebody sent it: as isSent of server/events/touch.ts says it. */
export const IS_SENT = `array['utm_source', 'utm_medium', 'utm_campaign', 'referring_domain', 'referral_code', 'click_ids']`

/** The visits of a person `w` before their conversion, oldest first: place `n` of `touches`. */
function touchesBefore(sql: postgres.TransactionSql, workspace_id: number) {
  return sql`
             select at, ${sql.unsafe(ATTRIBUTION_DIMENSIONS.join())},
                    case when place = 1 then 1 else place - greatest(touches - ${MOST_TOUCHES}, 0) end as n,
                    least(touches, ${MOST_TOUCHES}) as touches
               from (select s.started_at as at, ${readValues(sql, 's.touch')}, row_number() over (order by s.started_at, s.id) as place,
                            count(*) over () as touches
                       from unnest(w.visitor_ids) as v(id)
                      cross join lateral (
                            select id, started_at, touch
                              from sessions
                             where workspace_id = ${workspace_id} and visitor_id = v.id
                               and started_at between w.converted_at - ${sql.unsafe(WINDOW)} and w.converted_at
                            offset 0) s
                      where s.touch ?| ${sql.unsafe(IS_SENT)}) t
              where place = 1 or place > touches - ${MOST_TOUCHES - 1}`
}

/** Time decay: a visit counts half as much as one that came this much later. */
const HALF_LIFE_SECONDS = 7 * 86_400

/**
 * The rows of the conversions `won`, with the shares of each model. They have six decimals, and what is left over by rounding is the last
 * visit's, so that those of a conversion are exactly one. Where nobody sent anybody, one row without values has all.
 */
function shared(sql: postgres.TransactionSql, workspace_id: number) {
  const middle = `round(0.2 / nullif(touches - 2, 0), 6)`
  return sql`
      select conversion_id, n, person, funnel_id, converted_at, day, type, currency, revenue, at, ${sql.unsafe(ATTRIBUTION_DIMENSIONS.join())},
             (n = 1)::int::numeric as first_touch,
             (n = touches)::int::numeric as last_touch,
             case when n < touches then round(1.0 / touches, 6) else 1 - (touches - 1) * round(1.0 / touches, 6) end as linear,
             case when n < touches then decay
                  else 1 - coalesce(sum(decay) over (partition by conversion_id order by n rows between unbounded preceding and 1 preceding), 0)
              end as time_decay,
             case when touches = 1 then 1 when touches = 2 then 0.5 when n = 1 then 0.4 when n < touches then ${sql.unsafe(middle)}
                  else 0.6 - (touches - 2) * ${sql.unsafe(middle)} end as position_based
        from (select *, round((weight / sum(weight) over (partition by conversion_id order by n rows between unbounded preceding
                                                                                        and unbounded following))::numeric, 6) as decay
                from (select w.conversion_id, w.person, w.funnel_id, w.converted_at, w.day, w.type, w.currency, w.revenue, t.at,
                             coalesce(t.n, 1) as n, coalesce(t.touches, 1) as touches,
                             ${sql.unsafe(ATTRIBUTION_DIMENSIONS.map(name => `coalesce(t.${name}, '') as ${name}`).join())},
                             power(0.5::float8, extract(epoch from w.converted_at - t.at)::float8 / ${HALF_LIFE_SECONDS}) as weight
                        from won w
                        left join lateral (${touchesBefore(sql, workspace_id)}) t on true) t) t`
}
