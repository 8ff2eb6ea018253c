import type { AttributionModel, AttributionReport, AttributionReportQuery, AttributionSums } from '../../shared/attribution.ts'
import type { Sql } from '../database/connect.ts'
import { whatWasWon, whoCame } from './attribution-rows.ts'
import { type Spans, spansOf } from './edges.ts'
import { isGoal, readGoal } from './journeys/money.ts'
import { readScope } from './journeys/scope.ts'
import { share } from './share.ts'

/**
 * Who sent those who registered and who converted, with the period before. Read from `source_days` and `attribution_days`
 * (server/attribution/), which have a row a day in UTC and value; of a zone whose days begin at another time, from the rows of the days at
 * which the periods begin and end, too. Throws `invalid_request` for days and zones that are none.
 */
export async function reportAttribution(
  sql: Sql,
  workspace_id: number,
  { by = 'source', model = 'last_touch', limit = 100, ...given }: AttributionReportQuery,
): Promise<AttributionReport> {
  const { funnel_id, time_zone, from, to, previous_from, previous_to } = readScope(given)
  const goal = await readGoal(sql, workspace_id, funnel_id)
  const asked = { funnel_id, by, model, limit, ...goal }
  const spans = spansOf({ previous_from, from, to }, time_zone)
  const [sums, other_currencies] = await Promise.all([
    readSums(sql, workspace_id, asked, spans),
    readOthers(sql, workspace_id, asked, spans),
  ])
  const others = sums.find(row => row.kind === 'others')
  const totals = sums.find(row => row.kind === 'totals')
  return {
    funnel_id: funnel_id || null,
    from,
    to,
    previous_from,
    previous_to,
    time_zone,
    model,
    by,
    currency: goal.currency,
    totals: now(totals ?? NONE),
    previous: previous(totals ?? NONE),
    groups: sums.filter(row => row.kind === 'group').map(row => ({ value: row.value, ...now(row), previous: previous(row) })),
    others: others ? { groups: others.groups, ...now(others), previous: previous(others) } : null,
    other_currencies: [...other_currencies],
  }
}

/** The values of the greatest groups: what the report shows by their names. */
export async function readNamed(sql: Sql, workspace_id: number, asked: Asked, spans: Spans): Promise<string[]> {
  return (await readSums(sql, workspace_id, asked, spans)).filter(row => row.kind === 'group').map(row => row.value)
}

export type Asked = Required<Pick<AttributionReportQuery, 'funnel_id' | 'by' | 'limit'>> & { model: AttributionModel } & Awaited<
    ReturnType<typeof readGoal>
  >
type Counted = Omit<AttributionSums, 'rate'>
type Compared = Counted & { [K in keyof Counted as `previous_${K}`]: Counted[K] }
type Sum = Compared & { kind: 'group' | 'others' | 'totals'; value: string; groups: number | null }

const COUNTS = ['registered', 'viewed', 'offer_viewed', 'converted'] as const
const SHARES = ['conversions', 'revenue'] as const

const NONE = Object.fromEntries(
  [...COUNTS, ...SHARES].flatMap(name => [
    [name, 0],
    [`previous_${name}`, 0],
  ]),
) as unknown as Compared

function now({ registered, viewed, offer_viewed, converted, conversions, revenue }: Counted): AttributionSums {
  const rate = share(converted, registered)
  return { registered, viewed, offer_viewed, converted, rate, conversions, revenue }
}

function previous(row: Compared): AttributionSums {
  return now({
    registered: row.previous_registered,
    viewed: row.previous_viewed,
    offer_viewed: row.previous_offer_viewed,
    converted: row.previous_converted,
    conversions: row.previous_conversions,
    revenue: row.previous_revenue,
  })
}

/** What came after a day had its most values has no name: it is among the others, whatever `limit` is. */
function readSums(sql: Sql, workspace_id: number, asked: Asked, spans: Spans) {
  const { goal, currency, limit } = asked
  const each = (say: (name: string) => string, names: readonly string[] = [...COUNTS, ...SHARES]) =>
    sql.unsafe(names.flatMap(name => [say(name), say(`previous_${name}`)]).join(', '))
  const split = (name: string) =>
    `coalesce(sum(${name.replace('previous_', '')}) filter (where ${name.startsWith('previous_') ? '' : 'not '}is_previous), 0) as ${name}`
  return sql<Sum[]>`
    with days as (
      select *, 0::numeric as conversions, 0::numeric as revenue from (${whoCame(sql, workspace_id, asked, spans)}) c
       union all
      select value, is_other, is_previous, 0, 0, 0, 0, case when ${isGoal(sql, goal)} then conversions else 0 end,
             case when currency = ${currency} then revenue else 0 end
        from (${whatWasWon(sql, workspace_id, asked, spans)}) w
    ), summed as (
      select value, is_other, ${each(split)} from days group by value, is_other
    ), placed as (
      select *, row_number() over (order by is_other, revenue desc, conversions desc, registered desc, previous_revenue desc,
                                            previous_conversions desc, previous_registered desc, value) as place
        from summed
       where (registered, previous_registered, conversions, previous_conversions, revenue, previous_revenue) <> (0, 0, 0, 0, 0, 0)
    )
    select k.kind, k.value, case when bool_or(is_other) then null else count(*)::int end as groups,
           ${each(name => `sum(${name})::int as ${name}`, COUNTS)}, ${each(name => `round(sum(${name}), 2)::float8 as ${name}`, SHARES)}
      from placed p
     cross join lateral (select place <= ${limit} and not is_other as is_group) g
     cross join lateral (values
           (case when is_group then 'group' else 'others' end, case when is_group then p.value else '' end),
           ('totals', '')) as k(kind, value)
     group by k.kind, k.value
     order by min(p.place)`
}

/** The conversions of each other currency. Whichever model: the shares of each of them add up to it. */
function readOthers(sql: Sql, workspace_id: number, { currency, ...asked }: Asked, spans: Spans) {
  return sql<{ currency: string; conversions: number; revenue: number }[]>`
    select currency, round(sum(conversions), 2)::float8 as conversions, round(sum(revenue), 2)::float8 as revenue
      from (${whatWasWon(sql, workspace_id, { ...asked, model: 'linear' }, spans)}) w
     where currency <> ${currency} and not is_previous
     group by currency
     order by currency`
}
