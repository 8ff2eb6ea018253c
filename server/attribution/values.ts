import type postgres from 'postgres'
import { ATTRIBUTION_DIMENSIONS } from '../../shared/attribution.ts'

/**
 * Anybody may send events, and so invent sources. Of each day, dimension and funnel this many values are told apart; what comes after
 * them is summed up as "others". A report of a year then never reads more than some hundred thousand rows.
 */
const MOST_VALUES = 500

/** As a touch spells the dimensions, in their order, which is that of the bits of `others`. */
const KEYS = ['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content', 'referring_domain', 'referral_code']

/** What a touch (server/events/touch.ts) says of each dimension, as columns of their names. */
export function readValues(sql: postgres.TransactionSql, touch: string) {
  return sql.unsafe(KEYS.map((key, bit) => `coalesce(${touch}->>'${key}', '') as ${ATTRIBUTION_DIMENSIONS[bit]}`).join(', '))
}

/** For each row a row of every dimension: `bit`, `dimension` and `value`. */
export function eachDimension(sql: postgres.TransactionSql) {
  return sql.unsafe(
    `cross join lateral (values ${ATTRIBUTION_DIMENSIONS.map((name, bit) => `(${bit}, '${name}', ${name})`).join(', ')}) as d(bit, dimension, value)`,
  )
}

type Where = {
  /** Rows with `funnel_id`, `day` and a column for each dimension: those that are to be counted. */
  rows: string
  /** What makes a row of `rows`: columns of it. */
  key: string
  /** Where they will be counted. */
  days: 'attribution_days' | 'source_days'
  /** Of which funnel the values of a row are told apart. */
  funnel: string
}

/**
 * Each row of `rows` once for every dimension, with `is_other`: whether its value comes after the day had its most; and with `others`, a
 * bit for each dimension of the row in which it does. A value that the day has already keeps its name. Written in windows and look-ups
 * by key alone, without a join: a planner that is told to avoid other ways (server/journeys/follow.ts) would compare all with all.
 */
export function named(sql: postgres.TransactionSql, workspace_id: number, { rows, key, days, funnel }: Where) {
  return sql`
      select *, bit_or(case when is_other then 1 << bit else 0 end) over (partition by ${sql.unsafe(key)}) as others
        from (select *, value <> '' and not is_known
                        and max(taken) over (partition by of_funnel, dimension, day)
                            + dense_rank() over (partition by of_funnel, dimension, day, is_known order by value) > ${MOST_VALUES} as is_other
                from (select *, case when is_first and not is_known then (
                                       select count(distinct a.value)
                                         from ${sql(days)} a
                                        where a.workspace_id = ${workspace_id} and a.funnel_id = l.of_funnel and a.dimension = l.dimension
                                          and a.day = l.day and not a.is_other and a.value <> '') end as taken
                        from (select r.*, d.*, ${sql.unsafe(funnel)} as of_funnel, k.is_known,
                                     row_number() over (partition by ${sql.unsafe(funnel)}, d.dimension, r.day, k.is_known) = 1 as is_first
                                from ${sql(rows)} r
                                     ${eachDimension(sql)}
                               cross join lateral (
                                     select d.value = '' or exists (
                                              select from ${sql(days)} a
                                               where a.workspace_id = ${workspace_id} and a.funnel_id = ${sql.unsafe(funnel)} and a.dimension = d.dimension
                                                 and a.day = r.day and a.value = d.value and not a.is_other) as is_known
                                     offset 0) k) l) t) o`
}
