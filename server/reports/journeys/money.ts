import type { Sql } from '../../database/connect.ts'
import { beginOf, isFiltered, isWanted, type Scope } from './scope.ts'

export type Money = { day: string; conversions: number; revenue: number }

/** What a conversion is in this funnel, and in which currency its money is. */
export async function readGoal(sql: Sql, workspace_id: number, funnel_id: string) {
  const [row] = await sql<{ goal: 'purchase' | 'call' | null; currency: string }[]>`
    select f.goal, coalesce(f.currency, w.currency) as currency
      from workspaces w
      left join funnels f on f.workspace_id = w.id and f.funnel_id = ${funnel_id}
     where w.id = ${workspace_id}`
  return row!
}

/** Whether a row is a conversion to the goal; to anything where no funnel has one. */
export function isGoal(sql: Sql, goal: 'purchase' | 'call' | null) {
  return goal === null ? sql`true` : goal === 'call' ? sql`type = 'appointment'` : sql`type <> 'appointment'`
}

/** Conversions to the goal, and the revenue of all in the currency, of the days of both periods. */
export function readMoney(
  sql: Sql,
  workspace_id: number,
  scope: Scope,
  { goal, currency }: Awaited<ReturnType<typeof readGoal>>,
) {
  return sql<Money[]>`
    select (at at time zone ${scope.time_zone})::date::text as day,
           coalesce(sum(conversions) filter (where ${isGoal(sql, goal)}), 0)::int as conversions,
           coalesce(sum(revenue) filter (where currency = ${currency}), 0)::float8 as revenue
      from (${isFiltered(scope) ? ofSome(sql, workspace_id, scope) : ofAll(sql, workspace_id, scope)}) m
     where at >= ${beginOf(sql, scope, scope.previous_from)} and at < ${beginOf(sql, scope, scope.to, 1)}
     group by 1`
}

function ofAll(sql: Sql, workspace_id: number, { funnel_id }: Scope) {
  return sql`
           select quarter as at, type, currency, conversions, revenue
             from conversion_quarters
            where workspace_id = ${workspace_id} and funnel_id = ${funnel_id}`
}

/**
 * Who converted is looked up by conversion: planned as a join, it would read all people, or start workers to do so. Their number is made out
 * before, as a step of its own: a minus may fail, and what may fail is kept from the indexes of a table behind row level security.
 */
function ofSome(sql: Sql, workspace_id: number, scope: Scope) {
  return sql`
           select n.converted_at as at, n.type, n.currency, 1 as conversions, n.value - n.refunded as revenue
             from conversions n
             left join contacts c on c.workspace_id = n.workspace_id and c.id = n.contact_id
             left join visitors v on v.workspace_id = n.workspace_id and v.id = n.visitor_id
            cross join lateral (select coalesce(-c.whole_id, -v.contact_id, v.person_id, v.id) as person offset 0) who
            cross join lateral (
                  select *
                    from person_funnels
                   where workspace_id = ${workspace_id} and funnel_id = ${scope.funnel_id} and person = who.person
                  offset 0) p
            where n.workspace_id = ${workspace_id} and n.counts and (${scope.funnel_id} = '' or funnel_of(n.data) = ${scope.funnel_id})
              and ${isWanted(sql, workspace_id, scope)}`
}
