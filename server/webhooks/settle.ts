import type { Sql } from '../database/connect.ts'
import { faresOf } from './fares.ts'
import type { AttemptMade } from './send.ts'
import { keyOf, lockTurns, type Place } from './turns.ts'

/** An attempt, and what becomes of its delivery. */
export type Made = Place & {
  delivery_id: number
  /** Of the turn that it was made in; null: in none, as the attempt of a test, which nobody else can make at the same time. */
  token: string | null
  /** Its number over all rounds, from 1. */
  number: number
  attempt: AttemptMade
  /** queued: there will be another attempt. */
  state: 'delivered' | 'failed' | 'queued' | 'cancelled'
  /** Milliseconds from now until the next attempt; null: as it was. */
  run_in_ms: number | null
  /** False when the server stopped before there was an answer: such an attempt is shown, but is not one of those that are due to it. */
  counts: boolean
}

/** An endpoint whose latest deliveries were all given up, and since when. */
export type Failing = Place & { failing_since: Date }

/**
 * Writes results of any endpoints together: the attempts, what becomes of the deliveries, how the endpoints fare. Two statements,
 * whatever their number; to be run in a transaction. Of a turn that was lost meanwhile only the attempts are written, and a delivery
 * changes only when nobody else's attempt came in between. Returns the endpoints that fail since some time, and those whose turn
 * was lost. Of two groups that are written at a time either may be first, so how an endpoint fares goes by the times in them.
 */
export async function settle(sql: Sql, made: readonly Made[]): Promise<{ failing: Failing[]; lost: Place[] }> {
  const fares = faresOf(made)
  const numbers = new Map(fares.map((fare, k) => [keyOf(fare), k]))
  const each = <T>(of: (result: Made) => T) => made.map(of)
  const attempts = <T>(of: (attempt: AttemptMade) => T) => made.map(({ attempt }) => of(attempt))
  const answers = answersOf(made)
  // A column is an array and what has a form of its own is JSON: rows of JSON would be read anew for each of their columns.
  // Which fares are ours is an array and not a relation, because a worker's connections join by index alone (deliver.ts).
  const written = sql<(Place & { failing_since: Date | null; is_ours: boolean })[]>`
    with answers as materialized (
      select ${answers.list}::text::jsonb as list
    ), made as materialized (
      select r.*, to_timestamp(at_ms / 1000.0) as at, nullif(list->answer->'response_headers', 'null') as response_headers,
             list->answer->>'response_body' as response_body, list->answer->>'error' as error,
             (list->answer->'truncated')::boolean as truncated, (list->answer->'ok')::boolean as ok
        from answers
       cross join rows from (
                    unnest(${each(one => numbers.get(keyOf(one))!)}::int[], ${each(one => one.workspace_id)}::int[],
                           ${each(one => one.endpoint_id)}::int[], ${each(one => one.delivery_id)}::bigint[],
                           ${each(one => one.number)}::int[], ${each(one => one.state)}::text[],
                           ${each(one => one.run_in_ms)}::float8[], ${each(one => (one.counts ? 1 : 0))}::int[],
                           ${attempts(one => one.at)}::float8[], ${attempts(one => one.ms)}::int[],
                           ${attempts(one => one.status)}::int[], ${attempts(one => one.version)}::int[], ${answers.each}::int[]),
                    jsonb_array_elements(${JSON.stringify(attempts(one => one.request_headers))}::text::jsonb))
               as r (fare, workspace_id, endpoint_id, delivery_id, number, state, run_in_ms, counts, at_ms, ms, status, version,
                     answer, request_headers)
    ), fares as materialized (
      select fare, workspace_id, endpoint_id, token, attempts, successes, given_up, error, to_timestamp(success_ms / 1000.0) as success_at,
             to_timestamp(error_ms / 1000.0) as error_at, to_timestamp(failing_ms / 1000.0) as failing_since
        from jsonb_to_recordset(${JSON.stringify(fares.map((fare, k) => ({ ...fare, fare: k })))}::text::jsonb)
          as f (fare int, workspace_id int, endpoint_id int, token uuid, attempts int, successes int, given_up int,
                success_ms float8, error text, error_ms float8, failing_ms float8)
    ), ours as materialized (
      select coalesce(array_agg(f.fare), '{}') as fares
        from fares f
        join endpoint_turns t on t.workspace_id = f.workspace_id and t.endpoint_id = f.endpoint_id
       where f.token is null or f.token = t.lease_token
    ), written as (
      insert into delivery_attempts (workspace_id, delivery_id, endpoint_id, number, at, ms, version, status, ok, error, request_headers,
                                     response_headers, response_body, truncated)
      select workspace_id, delivery_id, endpoint_id, number, at, ms, version, status, ok, error, request_headers, response_headers,
             response_body, truncated
        from made
       order by at
    ), hours as (
      insert into endpoint_hours as h (workspace_id, endpoint_id, hour, attempts, successes, given_up)
      select workspace_id, endpoint_id, date_trunc('hour', now(), 'UTC'), attempts, successes,
             case when fare = any ((select fares from ours)::int[]) then given_up else 0 end
        from fares
       order by workspace_id, endpoint_id
          on conflict (workspace_id, endpoint_id, hour) do update
         set attempts = h.attempts + excluded.attempts, successes = h.successes + excluded.successes,
             given_up = h.given_up + excluded.given_up
    ), changed as (
      update deliveries d
         set state = case when m.state = 'delivered' or d.state = 'queued' then m.state
                          when d.state = 'held' and m.state = 'failed' then 'failed'
                          else d.state end,
             attempt = d.attempt + m.counts,
             attempts = m.number,
             run_at = coalesce(clock_timestamp() + make_interval(secs => m.run_in_ms / 1000), d.run_at),
             last_status = m.status,
             last_error = m.error,
             finished_at = case when m.state = 'queued' then d.finished_at else now() end
        from made m
       where d.workspace_id = m.workspace_id and d.id = m.delivery_id and m.fare = any ((select fares from ours)::int[])
         and d.state in ('queued', 'held', 'cancelled') and d.attempts = m.number - 1
    ), health as (
      update endpoint_turns t
         set last_success_at = greatest(t.last_success_at, f.success_at),
             last_error = case when f.error_at >= coalesce(t.last_error_at, '-infinity') then f.error else t.last_error end,
             last_error_at = greatest(t.last_error_at, f.error_at),
             -- A test that succeeds before an activation does not hide what was given up before the pause (activate.ts).
             failing_since = least(case when f.success_at is null or f.success_at < t.failing_since
                                          or (select e.state
                                                from endpoints e
                                               where e.workspace_id = t.workspace_id and e.id = t.endpoint_id) = 'paused'
                                        then t.failing_since end,
                                   case when f.failing_since > coalesce(t.last_success_at, '-infinity') then f.failing_since end)
        from fares f
       where t.workspace_id = f.workspace_id and t.endpoint_id = f.endpoint_id and f.fare = any ((select fares from ours)::int[])
      returning t.workspace_id, t.endpoint_id, t.failing_since
    )
    select f.workspace_id, f.endpoint_id, h.failing_since, f.fare = any ((select fares from ours)::int[]) as is_ours
      from fares f
      left join health h on h.workspace_id = f.workspace_id and h.endpoint_id = f.endpoint_id
     where h.failing_since is not null or f.fare <> all ((select fares from ours)::int[])`
  // The lock is not waited for: what is sent behind it on the same wire is done behind it, and sees what was committed before.
  const [, told] = await Promise.all([lockTurns(sql, fares), written.execute()])
  return { failing: told.filter(isFailing), lost: told.filter(one => !one.is_ours) }
}

function isFailing<T extends { failing_since: Date | null }>(one: T): one is T & { failing_since: Date } {
  return one.failing_since !== null
}

/** What came back, each but once with its number for every attempt: most answers are alike, and reading JSON is dear. */
function answersOf(made: readonly Made[]): { list: string; each: number[] } {
  const numbers = new Map<string, number>()
  const each = made.map(({ attempt: { ok, response_headers, response_body, truncated, error } }) => {
    const answer = JSON.stringify({ ok, response_headers, response_body, truncated, error })
    const number = numbers.get(answer) ?? numbers.size
    numbers.set(answer, number)
    return number
  })
  return { list: `[${[...numbers.keys()].join(',')}]`, each }
}
