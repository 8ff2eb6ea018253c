import { type FunnelCount, type FunnelQuery, type FunnelReport, USUAL_GROUPS } from '../../../shared/funnel-report.ts'
import type { Sql } from '../../database/connect.ts'
import { share } from '../share.ts'
import { readQuestion } from './read-question.ts'
import { joinByHash, placed, walk } from './walk.ts'

/**
 * How many people went how far, in the order of the steps and within the window, and how long each step took; the same for each of the
 * greatest `limit` groups of a breakdown. Throws what `readQuestion` throws.
 */
export async function reportFunnel(
  sql: Sql,
  workspace_id: number,
  { limit = USUAL_GROUPS, ...given }: FunnelQuery,
): Promise<FunnelReport> {
  const question = await readQuestion(sql, workspace_id, given)
  await joinByHash(sql)
  const rows = await sql<Row[]>`
    ${walk(sql, workspace_id, question)}, ${placed(sql, question)}, shown as (
      select w.times, p.place, case when p.place is not null then w.value end as value
        from walked w
        left join placed p on p.value = w.value and p.place <= ${limit}
    ), counted as (
      -- Nothing has to be sorted for the first step, which most people do not come beyond.
      select grouping(place) = 1 as is_total, place, value, 1 as step, count(*) as people, null::numeric as median, null::numeric as mean
        from shown
       group by grouping sets ((), (place, value))
      union all
      select grouping(place) = 1, place, value, step::int, count(*),
             extract(epoch from percentile_cont(0.5) within group (order by lasted)), extract(epoch from avg(lasted))
        from (select * from shown where cardinality(times) > 1) s
       cross join lateral (
             select step, at - s.times[step - 1] as lasted from unnest(s.times) with ordinality as t(at, step) where step > 1) reached
       group by grouping sets ((step), (place, value, step))
    )
    select is_total, place::int, value, step, people::int, round(median, 3)::float8 as median_seconds, round(mean, 3)::float8 as mean_seconds,
           (select greatest(count(*) - ${limit}, 0)::int from placed) as other_groups
      from counted
     order by place nulls last, step`
  const { steps, breakdown, from, to, time_zone, window_minutes } = question
  const counts = (of: readonly Row[]) => countsOf(of, steps.length)
  const parts = breakdown ? rows.filter(row => !row.is_total) : []
  const values = [...new Map(parts.filter(row => row.place !== null).map(row => [row.place, row.value])).entries()]
  const rest = parts.filter(row => row.place === null)
  return {
    from,
    to,
    time_zone,
    window_minutes,
    steps: counts(rows.filter(row => row.is_total)),
    groups: values.map(([place, value]) => ({ value: value ?? '', steps: counts(parts.filter(row => row.place === place)) })),
    others: rest[0] ? { groups: rest[0].other_groups, steps: counts(rest) } : null,
  }
}

type Row = {
  is_total: boolean
  place: number | null
  value: string | null
  step: number
  people: number
  median_seconds: number | null
  mean_seconds: number | null
  other_groups: number
}

/** With the steps that nobody reached, and the rates. */
function countsOf(rows: readonly Row[], steps: number): FunnelCount[] {
  const found = new Map(rows.map(row => [row.step, row]))
  const people = (step: number) => found.get(step)?.people ?? 0
  return Array.from({ length: steps }, (_, k) => k + 1).map(step => ({
    step,
    people: people(step),
    rate: share(people(step), people(1)),
    step_rate: share(people(step), people(Math.max(1, step - 1))),
    median_seconds: found.get(step)?.median_seconds ?? null,
    mean_seconds: found.get(step)?.mean_seconds ?? null,
  }))
}
