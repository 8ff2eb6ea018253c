import type postgres from 'postgres'
import { CHANNEL, type Job } from './job.ts'

type Held = Pick<Job, 'workspace_id' | 'id' | 'token'>

/** A job whose leases ran out this often takes its process down with it, or never ends: it is not tried again. */
const MOST_LOST = 5

/** Lengthens leases that are still ours and returns those that are not: cancelled, or taken over after they had run out. */
export async function renew<J extends Held>(sql: postgres.Sql, jobs: J[], seconds: number): Promise<J[]> {
  const ours = await sql<{ id: number }[]>`
    update jobs
       set lease_until = now() + make_interval(secs => ${seconds})
      from unnest(${jobs.map(job => job.workspace_id)}::int[], ${jobs.map(job => job.id)}::bigint[], ${jobs.map(job => job.token)}::uuid[])
        as held (workspace_id, id, token)
     where jobs.workspace_id = held.workspace_id and jobs.id = held.id and state = 'leased' and lease_token = held.token
    returning jobs.id`
  const ids = new Set(ours.map(job => job.id))
  return jobs.filter(job => !ids.has(job.id))
}

/** Gives leases back, as if they had never been taken: a server that stops counts no attempt. */
export async function release(sql: postgres.Sql, jobs: Held[]): Promise<void> {
  await sql`
    with given as (
      update jobs
         set state = 'queued', attempt = attempt - 1, lease_until = null, lease_token = null
        from unnest(${jobs.map(job => job.workspace_id)}::int[], ${jobs.map(job => job.id)}::bigint[], ${jobs.map(job => job.token)}::uuid[])
          as held (workspace_id, id, token)
       where jobs.workspace_id = held.workspace_id and jobs.id = held.id and state = 'leased' and lease_token = held.token
      returning queue
    )
    select pg_notify(${CHANNEL}, queue) from (select distinct queue from given) as queues`
}

/** Takes back leases that ran out: their process died. The attempt did not end, so it is not counted. Returns how many. */
export async function reap(sql: postgres.Sql): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    with lost as (
      select workspace_id, id from jobs where state = 'leased' and lease_until < now() for update skip locked
    ), back as (
      update jobs
         set state = case when jobs.lost + 1 < ${MOST_LOST} then 'queued' else 'failed' end,
             finished_at = case when jobs.lost + 1 < ${MOST_LOST} then null else now() end,
             error = case when jobs.lost + 1 < ${MOST_LOST} then error else 'The work did not end within its lease, several times over.' end,
             attempt = attempt - 1, lost = jobs.lost + 1, lease_until = null, lease_token = null
        from lost
       where jobs.workspace_id = lost.workspace_id and jobs.id = lost.id
      returning queue
    ), told as (
      select pg_notify(${CHANNEL}, queue) from (select distinct queue from back) as queues
    )
    select (select count(*) from back)::int as count, (select count(*) from told)`
  return row!.count
}

/** Cancels what waits or runs; a worker that runs it is told at once. False: it had ended already. */
export async function cancel(sql: postgres.Sql | postgres.TransactionSql, workspace_id: number, id: number): Promise<boolean> {
  const { count } = await sql`
    with job as (
      update jobs
         set state = 'cancelled', finished_at = now(), lease_until = null, lease_token = null
       where workspace_id = ${workspace_id} and id = ${id} and state in ('queued', 'leased')
      returning workspace_id, id
    )
    select pg_notify(${CHANNEL}, 'cancel ' || workspace_id || ' ' || id) from job`
  return count === 1
}
