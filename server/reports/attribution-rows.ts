import { ATTRIBUTION_DIMENSIONS, type AttributionDimension, type AttributionModel } from '../../shared/attribution.ts'
import type { Sql } from '../database/connect.ts'
import type { Spans } from './edges.ts'

export type Which = { funnel_id: string; by: AttributionDimension; model: AttributionModel }

/** People who registered in both periods, summed up: `value`, `is_other`, `is_previous`, `registered`, `viewed`, `offer_viewed`, `converted`. */
export function whoCame(sql: Sql, workspace_id: number, { funnel_id, by }: Which, spans: Spans) {
  return sql`
      select value, is_other, day < ${spans.own_day}::date as is_previous, registered, viewed, offer_viewed, converted
        from source_days
       where workspace_id = ${workspace_id} and funnel_id = ${funnel_id} and dimension = ${by} and ${isWhole(sql, spans)}
       union all
      select case when ${isOther(sql, by)} then '' else ${sql(by)} end, ${isOther(sql, by)}, registered_at < ${spans.begins}::timestamptz,
             1, viewed, offer_viewed, converted
        from ${edgesOf(sql, spans)}
       cross join lateral (
             select *
               from person_sources
              where workspace_id = ${workspace_id} and funnel_id = ${funnel_id} and ${isAtEdge(sql, 'registered_at', spans)}
             offset 0) s`
}

/** What was won in both periods, shared by the model: `value`, `is_other`, `is_previous`, `type`, `currency`, `conversions`, `revenue`. */
export function whatWasWon(sql: Sql, workspace_id: number, { funnel_id, by, model }: Which, spans: Spans) {
  return sql`
      select value, is_other, day < ${spans.own_day}::date as is_previous, type, currency, ${sql(`${model}_conversions`)} as conversions,
             ${sql(`${model}_revenue`)} as revenue
        from attribution_days
       where workspace_id = ${workspace_id} and funnel_id = ${funnel_id} and dimension = ${by} and ${isWhole(sql, spans)}
       union all
      select case when ${isOther(sql, by)} then '' else ${sql(by)} end, ${isOther(sql, by)}, converted_at < ${spans.begins}::timestamptz,
             type, currency, ${sql(model)}, ${sql(model)} * revenue
        from ${edgesOf(sql, spans)}
       cross join lateral (
             select *
               from conversion_touches
              where workspace_id = ${workspace_id} and ${funnel_id}::text in ('', funnel_id) and ${isAtEdge(sql, 'converted_at', spans)}
             offset 0) t`
}

/** Whether a row was counted as one of the others of its day. */
export function isOther(sql: Sql, by: AttributionDimension) {
  return sql`((others >> ${ATTRIBUTION_DIMENSIONS.indexOf(by)}) & 1 = 1)`
}

function isWhole(sql: Sql, { first_day, last_day, edges }: Spans) {
  return sql`day >= ${first_day}::date and day < ${last_day}::date and day <> all(${edges}::date[])`
}

function edgesOf(sql: Sql, { edges }: Spans) {
  return sql`unnest(${edges}::date[]) as edge(day)`
}

function isAtEdge(sql: Sql, time: 'registered_at' | 'converted_at', { previous_begins, ends }: Spans) {
  return sql`${sql(time)} >= greatest(edge.day::timestamp at time zone 'UTC', ${previous_begins}::timestamptz)
                and ${sql(time)} < least((edge.day + 1)::timestamp at time zone 'UTC', ${ends}::timestamptz)`
}
