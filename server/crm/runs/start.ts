import type postgres from 'postgres'
import type { CrmRun, CrmRunCreate } from '../../../shared/crm.ts'
import type { Actor } from '../../../shared/shape.ts'
import { refuse } from '../../errors.ts'
import { enqueue } from '../../queue/enqueue.ts'
import { cancel } from '../../queue/hold.ts'
import type { CrmProviderName } from '../provider.ts'
import { findRun } from './list.ts'

export const QUEUE = 'crm_runs'

type Wish = Omit<CrmRunCreate, 'kind'> & { kind: CrmRun['kind']; settings?: Record<string, unknown> }

/** Begins a run in the caller's transaction; the worker takes it from there. Throws `invalid_fields`, and `in_use` while one of its kind runs. */
export async function startRun(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { kind, connection_id, force, settings = {}, ...wish }: Wish,
  actor: Actor,
): Promise<CrmRun> {
  const from_connection_id = wish.from_connection_id ?? null
  if (kind === 'validate' && from_connection_id === null)
    throw refuse('invalid_fields', { fields: { from_connection_id: 'is needed: whose ids do the members have?' } })
  if (from_connection_id === connection_id)
    throw refuse('invalid_fields', { fields: { from_connection_id: 'must be another connection than the one that is asked' } })
  await lockConnections(sql, workspace_id, { connection_id, from_connection_id })
  await requireIdle(sql, workspace_id, { kind, connection_id })
  const [row] = await sql<{ id: number }[]>`
    insert into crm_runs (workspace_id, kind, connection_id, from_connection_id, settings, actor)
    values (${workspace_id}, ${kind}, ${connection_id}, ${from_connection_id},
            ${JSON.stringify({ ...settings, ...(force && { force }) })}::text::jsonb, ${JSON.stringify(actor)}::text::jsonb)
    returning id`
  await ask(sql, workspace_id, connection_id, row!.id)
  return findRun(sql, workspace_id, row!.id)
}

/** Takes it from whoever works on it, at once; what was asked and is not written yet is asked again. One that ended stays as it is. */
export async function stopRun(sql: postgres.TransactionSql, workspace_id: number, id: number): Promise<CrmRun> {
  const run = await findRun(sql, workspace_id, id)
  await lockConnections(sql, workspace_id, run)
  const jobs = await sql<{ id: number }[]>`
    select id
      from jobs
     where workspace_id = ${workspace_id} and queue = ${QUEUE} and key = ${keyOf(run.connection_id)} and state in ('queued', 'leased')
       and (payload ->> 'run_id')::int = ${id}`
  // In the order in which a batch takes them: first the job, then its run.
  for (const job of jobs) await cancel(sql, workspace_id, job.id)
  await sql`
    update crm_runs set state = 'stopped', ended_at = now() where workspace_id = ${workspace_id} and id = ${id} and state = 'running'`
  return findRun(sql, workspace_id, id)
}

/**
 * Goes on where it was. A walk over members begins at the first again, for those that failed; who is there already is not asked any more.
 * Throws `conflict` when there is nothing to go on with, and `in_use` while another of its kind runs.
 */
export async function resumeRun(sql: postgres.TransactionSql, workspace_id: number, id: number): Promise<CrmRun> {
  const run = await findRun(sql, workspace_id, id)
  await lockConnections(sql, workspace_id, run)
  await requireIdle(sql, workspace_id, run)
  const { count } = await sql`
    update crm_runs
       set state = 'running', error = null, ended_at = null, seen_at = null, cursor = case when kind = 'validate' then null else cursor end
     where workspace_id = ${workspace_id} and id = ${id} and (state in ('stopped', 'failed') or kind = 'validate')`
  if (count === 0) throw refuse('conflict', { message: 'This run came to its end. Start a new one.' })
  await ask(sql, workspace_id, run.connection_id, id)
  return findRun(sql, workspace_id, id)
}

function ask(sql: postgres.TransactionSql, workspace_id: number, connection_id: number, run_id: number) {
  return enqueue(sql, { workspace_id, queue: QUEUE, key: keyOf(connection_id), payload: { run_id } })
}

function keyOf(connection_id: number) {
  return `connection ${connection_id}`
}

/** One beginning at a time: whether one runs already holds until the commit. Always the smaller id first. */
export async function lockConnections(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { connection_id, from_connection_id }: { connection_id: number; from_connection_id: number | null },
) {
  const ids = [connection_id, from_connection_id].filter(id => id !== null)
  const rows = await sql<{ id: number; provider: CrmProviderName }[]>`
    select id, provider
      from crm_connections
     where workspace_id = ${workspace_id} and id = any(${ids}::int[])
     order by id
       for no key update`
  const providers = new Map(rows.map(row => [row.id, row.provider]))
  const unknown = 'is not the number of a connection'
  const fields = {
    ...(providers.get(connection_id) === 'none' && { connection_id: 'is a connection to no CRM' }),
    ...(!providers.has(connection_id) && { connection_id: unknown }),
    ...(from_connection_id !== null && !providers.has(from_connection_id) && { from_connection_id: unknown }),
  }
  if (Object.keys(fields).length > 0) throw refuse('invalid_fields', { fields })
}

async function requireIdle(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { kind, connection_id }: { kind: CrmRun['kind']; connection_id: number },
) {
  const [running] = await sql<{ id: number }[]>`
    select id
      from crm_runs
     where workspace_id = ${workspace_id} and connection_id = ${connection_id} and kind = ${kind} and state = 'running'`
  if (running)
    throw refuse('in_use', { message: `Run ${running.id} of this connection is under way. Wait for its end, or stop it.` })
}
