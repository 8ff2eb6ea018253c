import type postgres from 'postgres'
import { ATTEMPT_MS } from './send.ts'
import { type TargetRow, targetColumns } from './target.ts'
import { tidy } from './tidy.ts'
import { endpointsOf, lockTurns, type Place, workspacesOf } from './turns.ts'

// From one another, so that no choice of them lets two processes have the same delivery in flight: a request is begun only while the
// lease outlasts it (turn.ts), and the lease is renewed twice before that would keep anything from being sent.
export const LEASE_MS = ATTEMPT_MS + 5_000
export const RENEW_MS = (LEASE_MS - ATTEMPT_MS) / 2

/** How soon a worker looks again by itself. */
export const POLL_MS = 1_000

export type Claim = {
  token: string
  /** Endpoints whose turn this process has: not claimed again, even when the lease has run out meanwhile. */
  held: readonly Place[]
  limit: number
  /** How many of them may be such whose last attempt failed. */
  unwell_limit: number
}

/** `rate_ms`: how long nothing may be sent yet, by the rate limit; less than 0 when it has rested since. */
export type Claimed = TargetRow & { unwell: boolean; rate_ms: number | null }

/**
 * Takes the turns of endpoints that have something due and that nobody has, the well ones first. Of those that failed last only a
 * part of the places, so that any number of receivers that hang keeps nobody else waiting.
 */
export async function claimTurns(sql: postgres.Sql, { token, held, limit, unwell_limit }: Claim): Promise<Claimed[]> {
  return sql<Claimed[]>`
    with due as (
      select workspace_id, endpoint_id, due_at, ${unwell(sql)} as unwell,
             row_number() over (partition by ${unwell(sql)} order by due_at) as place
        from endpoint_turns t
       where ${isFree(sql)}
         and not exists (
               select from unnest(${workspacesOf(held)}::int[], ${endpointsOf(held)}::int[]) as h (workspace_id, endpoint_id)
                where h.workspace_id = t.workspace_id and h.endpoint_id = t.endpoint_id)
    ), free as (
      select t.workspace_id, t.endpoint_id, due.unwell, t.lease_token is not null as was_left
        from due
        join endpoint_turns t using (workspace_id, endpoint_id)
       where (due.place <= ${unwell_limit} or not due.unwell) and ${isFree(sql)}
       order by due.unwell, due.due_at
       limit ${limit}
         for update of t skip locked
    ), taken as (
      update endpoint_turns t
         set lease_until = now() + make_interval(secs => ${LEASE_MS / 1000}), lease_token = ${token}
        from free
       where t.workspace_id = free.workspace_id and t.endpoint_id = free.endpoint_id
      returning t.workspace_id, t.endpoint_id, t.rate_at, free.unwell, free.was_left
    )
    select ${targetColumns(sql)}, taken.unwell,
           -- Whoever died with the turn may have sent all that a second allows.
           case when taken.was_left then 60000.0 / e.rate_limit
                else extract(epoch from taken.rate_at - now()) * 1000 end::float8 as rate_ms
      from taken
      join endpoints e on e.workspace_id = taken.workspace_id and e.id = taken.endpoint_id`
}

/** Lengthens leases that are still ours. Returns these with their settings as they are now; one that is missing was lost. */
export async function renewTurns(sql: postgres.Sql, token: string, held: readonly Place[]): Promise<TargetRow[]> {
  return sql<TargetRow[]>`
    with mine as (
      select t.workspace_id, t.endpoint_id
        from unnest(${workspacesOf(held)}::int[], ${endpointsOf(held)}::int[]) as h (workspace_id, endpoint_id)
        join endpoint_turns t using (workspace_id, endpoint_id)
       where t.lease_token = ${token}
       order by t.workspace_id, t.endpoint_id
         for update of t
    ), ours as (
      update endpoint_turns t
         set lease_until = now() + make_interval(secs => ${LEASE_MS / 1000})
        from mine
       where t.workspace_id = mine.workspace_id and t.endpoint_id = mine.endpoint_id
      returning t.workspace_id, t.endpoint_id
    )
    select ${targetColumns(sql)}
      from ours
      join endpoints e on e.workspace_id = ours.workspace_id and e.id = ours.endpoint_id`
}

/**
 * Gives turns back: each is due when the first of its deliveries is, after those that are waiting for a turn already. Returns
 * whether one of them is due at once.
 */
export async function releaseTurns(
  sql: postgres.Sql,
  token: string,
  turns: readonly (Place & { rate_ms: number | null })[],
): Promise<boolean> {
  return sql.begin(async tx => {
    await lockTurns(tx, turns)
    await tidy(tx, turns)
    const released = await tx<{ is_due: boolean | null }[]>`
      update endpoint_turns t
         set lease_until = null, lease_token = null, due_at = greatest(next.run_at, case when next.run_at is not null then now() end),
             rate_at = case when r.rate_ms is not null then now() + make_interval(secs => r.rate_ms / 1000) end
        from unnest(${workspacesOf(turns)}::int[], ${endpointsOf(turns)}::int[], ${turns.map(turn => turn.rate_ms)}::float8[])
               as r (workspace_id, endpoint_id, rate_ms)
        left join lateral (
               select run_at
                 from deliveries d
                where d.workspace_id = r.workspace_id and d.endpoint_id = r.endpoint_id and d.state = 'queued'
                order by run_at
                limit 1) as next on true
       where t.workspace_id = r.workspace_id and t.endpoint_id = r.endpoint_id and t.lease_token = ${token}
      returning t.due_at <= now() as is_due`
    return released.some(turn => turn.is_due)
  }) as Promise<boolean>
}

/** Milliseconds until something is due that nobody works on, at most POLL_MS. */
export async function untilDue(sql: postgres.Sql): Promise<number> {
  const [row] = await sql<{ ms: number | null }[]>`
    select extract(epoch from min(greatest(due_at, lease_until, rate_at)) - now())::float8 * 1000 as ms
      from endpoint_turns
     where due_at <= now() + make_interval(secs => ${POLL_MS / 1000})`
  return Math.min(row?.ms ?? POLL_MS, POLL_MS)
}

function isFree(sql: postgres.Sql) {
  return sql`
    t.due_at <= now() and (t.lease_until is null or t.lease_until < now()) and (t.rate_at is null or t.rate_at <= now())`
}

function unwell(sql: postgres.Sql) {
  return sql`t.last_error_at is not null and t.last_error_at > coalesce(t.last_success_at, '-infinity')`
}
