import type { Sql } from '../../database/connect.ts'
import { type Count, countByDay } from './count.ts'
import { beginOf, isWanted, keptFilterOf, readsPeople, type Scope } from './scope.ts'

export type Counts<C extends Count> = Record<C, number>
export type Day<C extends Count> = Counts<C> & { day: string }

/**
 * The days of both periods on which something was counted, with the counts that a report shows. Of everybody, of those in a segment and of
 * those whom somebody sent it reads sums of quarter hours, whose number does not grow with events or people; other people are counted.
 */
export function readDays<C extends Count>(sql: Sql, workspace_id: number, scope: Scope, counts: readonly C[]) {
  return sql<Day<C>[]>`
    select day::text, ${sql.unsafe(counts.map(count => `coalesce(sum(${count}), 0)::float8 as ${count}`).join())}
      from (${daysOf(sql, workspace_id, scope, counts)}) d
     group by day`
}

function daysOf(sql: Sql, workspace_id: number, scope: Scope, counts: readonly Count[]) {
  if (readsPeople(scope)) return countByDay(sql, workspace_id, scope, counts, isWanted(sql, workspace_id, scope))
  const kept = sql`
           select (quarter at time zone ${scope.time_zone})::date as day, ${sql.unsafe(counts.join())}
             from ${keptSums(sql, workspace_id, scope)}
              and quarter >= ${beginOf(sql, scope, scope.previous_from)} and quarter < ${beginOf(sql, scope, scope.to, 1)}`
  if (scope.segment !== 'no_show') return kept
  // Whom time makes a no_show is one in the sums from the moment of their registration: those who still have time are taken away.
  const waiting = sql`p.watch_percentage = 0 and p.registered_at > now() - interval '24 hours'`
  return sql`${kept}
            union all
           select day, ${sql.unsafe(counts.map(count => `-${count}`).join())}
             from (${countByDay(sql, workspace_id, scope, counts, waiting)}) w`
}

/** The sums of a scope that does not read people. */
export function keptSums(sql: Sql, workspace_id: number, scope: Scope) {
  const filter = keptFilterOf(scope)
  if (filter === undefined) return sql`funnel_analytics where workspace_id = ${workspace_id} and funnel_id = ${scope.funnel_id}`
  return sql`filtered_analytics where workspace_id = ${workspace_id} and funnel_id = ${scope.funnel_id} and filter = ${filter}`
}

export function sumOf<C extends Count>(days: readonly Day<C>[], counts: readonly C[]): Counts<C> {
  const sum = Object.fromEntries(counts.map(count => [count, 0])) as Counts<C>
  for (const day of days) for (const count of counts) sum[count] += day[count]
  return sum
}
