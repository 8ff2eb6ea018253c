import type { EndpointHealth } from '../../shared/webhooks.ts'
import type { Sql } from '../database/connect.ts'

/**
 * How endpoints fare, by their id, in one statement. It costs the same however many deliveries there are (200 endpoints with
 * 1,000,000: 90 ms): rates come from the counts of hours, times from the last attempts, and what waits is counted up to a limit.
 */
export async function readHealth(sql: Sql, workspace_id: number, ids: number[]): Promise<Map<number, EndpointHealth>> {
  const rows = await sql<(EndpointHealth & { endpoint_id: number })[]>`
    select turn.endpoint_id, hours.attempts, hours.successes::float8 / nullif(hours.attempts, 0) as success_rate,
           recent.p50_ms, recent.p95_ms, queued.waiting, queued.retrying, held.held, failed.failed,
           failed.failed_since, turn.failing_since, turn.last_success_at, turn.last_error, turn.last_error_at
      from endpoint_turns turn
     cross join lateral (
           select coalesce(sum(attempts), 0)::int as attempts, coalesce(sum(successes), 0)::int as successes
             from endpoint_hours
            where workspace_id = ${workspace_id} and endpoint_id = turn.endpoint_id and hour > now() - interval '1 day') hours
     cross join lateral (
           select percentile_disc(0.5) within group (order by ms) as p50_ms, percentile_disc(0.95) within group (order by ms) as p95_ms
             from (select ms
                     from delivery_attempts
                    where workspace_id = ${workspace_id} and endpoint_id = turn.endpoint_id
                    order by id desc
                    limit ${RECENT}) a) recent
     cross join lateral (
           select count(*)::int as waiting, count(*) filter (where attempt > 0)::int as retrying
             from (select attempt
                     from deliveries
                    where workspace_id = ${workspace_id} and endpoint_id = turn.endpoint_id and state = 'queued'
                    limit ${COUNTED}) d) queued
     cross join lateral (
           select count(*)::int as held
             from (select
                     from deliveries
                    where workspace_id = ${workspace_id} and endpoint_id = turn.endpoint_id and state = 'held'
                    limit ${COUNTED}) d) held
     cross join lateral (
           select count(*)::int as failed, min(finished_at) as failed_since
             from (select finished_at
                     from deliveries
                    where workspace_id = ${workspace_id} and endpoint_id = turn.endpoint_id and state = 'failed' and not is_test
                    order by finished_at
                    limit ${COUNTED}) d) failed
     where turn.workspace_id = ${workspace_id} and turn.endpoint_id = any(${ids}::int[])`
  return new Map(rows.map(({ endpoint_id, ...health }) => [endpoint_id, health]))
}

/** Of the last so many attempts the times are told. */
const RECENT = 1000
/** Further nothing is counted: whoever has this many is helped by no exact number. Also said in the shape. */
const COUNTED = 10_000
