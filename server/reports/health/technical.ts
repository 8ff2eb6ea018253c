import type { TechnicalReport, Timing } from '../../../shared/health.ts'
import type { Sql } from '../../database/connect.ts'
import { quantileOf } from '../../http/timings.ts'

const DELIVERY_GOAL = 0.99

/** How quick and how reliable this server is for a workspace. Read from what is summed up by the hour. */
export async function reportTechnical(sql: Sql, workspace_id: number, days: number): Promise<TechnicalReport> {
  const [timings, [deliveries]] = await Promise.all([
    sql<{ kind: string; bucket: number; count: number }[]>`
      select kind, bucket::int, sum(count)::bigint as count
        from timings
       where workspace_id = ${workspace_id} and hour > now() - make_interval(days => ${days})
       group by 1, 2`,
    sql<{ attempts: number; delivered: number; given_up: number }[]>`
      select coalesce(sum(attempts), 0)::bigint as attempts, coalesce(sum(successes), 0)::bigint as delivered,
             coalesce(sum(given_up), 0)::bigint as given_up
        from endpoint_hours
       where workspace_id = ${workspace_id} and hour > now() - make_interval(days => ${days})`,
  ])
  const timingOf = (kind: string): Timing => {
    const buckets = timings.filter(row => row.kind === kind)
    return {
      count: buckets.reduce((sum, { count }) => sum + count, 0),
      p50_ms: quantileOf(buckets, 0.5),
      p95_ms: quantileOf(buckets, 0.95),
    }
  }
  const { attempts, delivered, given_up } = deliveries!
  const ended = delivered + given_up
  return {
    days,
    latency: timingOf('latency'),
    capture: timingOf('capture'),
    reports: timingOf('report'),
    loads: timingOf('load'),
    deliveries: { attempts, delivered, given_up, success_rate: ended === 0 ? null : delivered / ended, goal: DELIVERY_GOAL },
  }
}
