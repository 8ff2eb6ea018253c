import type { Sql } from '../database/connect.ts'
import type { Job } from './job.ts'

type Held = Pick<Job, 'workspace_id' | 'id' | 'token'>

/**
 * Ends a job well. Give it the transaction that writes what the work found out, and both are true or neither. False: the lease was
 * lost in the meantime, somebody else works on it or did, and nothing was changed.
 */
export async function finish(sql: Sql, { workspace_id, id, token }: Held): Promise<boolean> {
  const { count } = await sql`
    update jobs
       set state = 'done', finished_at = now(), lease_until = null, lease_token = null, error = null
     where workspace_id = ${workspace_id} and id = ${id} and state = 'leased' and lease_token = ${token}`
  return count === 1
}

/** Says how far the work is, for a person who waits. False: stop, the lease was lost or the job was cancelled. */
export async function report(sql: Sql, { workspace_id, id, token }: Held, progress: object): Promise<boolean> {
  const { count } = await sql`
    update jobs
       set progress = ${JSON.stringify(progress)}::text::jsonb
     where workspace_id = ${workspace_id} and id = ${id} and state = 'leased' and lease_token = ${token}`
  return count === 1
}
