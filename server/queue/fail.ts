import type { Sql } from '../database/connect.ts'
import { CHANNEL, type Job } from './job.ts'

export type Failed = 'again' | 'failed' | 'lost'

type Failing = Pick<Job, 'workspace_id' | 'id' | 'token' | 'attempt' | 'queue'>

/**
 * Ends an attempt badly. `delays` are the seconds before the second, the third ... attempt; after the last one the job has failed. Up to a
 * tenth is added by chance, so that what failed together does not return together, and nothing is taken away: a retry is never early.
 */
export function fail(sql: Sql, job: Failing, error: string, delays: readonly number[]): Promise<Failed> {
  const delay = delays[job.attempt - 1]
  return delay === undefined ? giveUp(sql, job, error) : retryIn(sql, job, error, delay * (1 + Math.random() / 10))
}

/** Tries again after so many seconds, whatever the schedule says: for a receiver that sends Retry-After. */
export async function retryIn(
  sql: Sql,
  { workspace_id, id, token, queue }: Failing,
  error: string,
  seconds: number,
): Promise<Failed> {
  const { count } = await sql`
    with job as (
      update jobs
         set state = 'queued', run_at = clock_timestamp() + make_interval(secs => ${seconds}), error = ${clip(error)},
             lease_until = null, lease_token = null
       where workspace_id = ${workspace_id} and id = ${id} and state = 'leased' and lease_token = ${token}
      returning queue
    )
    select pg_notify(${CHANNEL}, ${queue}) from job`
  return count === 1 ? 'again' : 'lost'
}

/** Ends a job for good: nothing would become better by another attempt. */
export async function giveUp(sql: Sql, { workspace_id, id, token }: Failing, error: string): Promise<Failed> {
  const { count } = await sql`
    update jobs
       set state = 'failed', finished_at = now(), error = ${clip(error)}, lease_until = null, lease_token = null
     where workspace_id = ${workspace_id} and id = ${id} and state = 'leased' and lease_token = ${token}`
  return count === 1 ? 'failed' : 'lost'
}

function clip(error: string) {
  return error.slice(0, 2000)
}
