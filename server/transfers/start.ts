import type postgres from 'postgres'
import type { Actor } from '../../shared/shape.ts'
import type { Transfer } from '../../shared/transfers.ts'
import { recordActivities } from '../activities/record.ts'
import { refuse } from '../errors.ts'
import { enqueue } from '../queue/enqueue.ts'
import { cancel } from '../queue/hold.ts'
import { findTransfer } from './list.ts'

export const QUEUE = 'transfers'

type Wish = Pick<Transfer, 'kind' | 'name' | 'step'> & {
  settings?: object
  total?: number | null
  /** Told with its beginning. */
  said?: object
}

/** Begins a transfer in the caller's transaction; the worker takes it from there. With `waits`, only when `startStep` says so. */
export async function startTransfer(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { kind, name, step, settings = {}, total = null, said }: Wish,
  actor: Actor,
  { waits = false } = {},
): Promise<number> {
  const [row] = await sql<{ id: number }[]>`
    insert into transfers (workspace_id, kind, name, step, state, settings, total, actor, user_id)
    values (${workspace_id}, ${kind}, ${name}, ${step}, ${waits ? 'waiting' : 'running'}, ${JSON.stringify(settings)}::text::jsonb, ${total},
            ${JSON.stringify(actor)}::text::jsonb, ${actor.kind === 'user' ? (actor.id ?? null) : null})
    returning id`
  if (!waits) await begin(sql, workspace_id, { id: row!.id, kind, name, step }, actor, said)
  return row!.id
}

/** The next step of one that nobody works on, from its beginning. Throws `in_use` while it runs. */
export async function startStep(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  { step, total = null, settings = {} }: { step: string; total?: number | null; settings?: object },
  actor: Actor,
): Promise<Transfer> {
  const { count } = await sql`
    update transfers
       set step = ${step}, state = 'running', total = ${total}, done = 0, counts = '{}', cursor = null, error = null, ended_at = null,
           seen_at = null, settings = settings || ${JSON.stringify(settings)}::text::jsonb
     where workspace_id = ${workspace_id} and id = ${id} and state <> 'running'`
  const transfer = await findTransfer(sql, workspace_id, id)
  if (count === 0) throw refuse('in_use', { message: 'This is under way. Wait for its end, or stop it.' })
  await begin(sql, workspace_id, transfer, actor)
  return transfer
}

/** Takes it from whoever works on it, at once. What its batches wrote stays. One that ended stays as it is. */
export async function stopTransfer(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  actor: Actor,
): Promise<Transfer> {
  const jobs = await sql<{ id: number }[]>`
    select id
      from jobs
     where workspace_id = ${workspace_id} and queue = ${QUEUE} and state in ('queued', 'leased') and (payload ->> 'run_id')::int = ${id}`
  // In the order in which a batch takes them: first the job, then its run.
  for (const job of jobs) await cancel(sql, workspace_id, job.id)
  const { count } = await sql`
    update transfers set state = 'stopped', ended_at = now() where workspace_id = ${workspace_id} and id = ${id} and state = 'running'`
  const transfer = await findTransfer(sql, workspace_id, id)
  if (count > 0) await recordActivities(sql, workspace_id, [{ action: 'transfer.stopped', actor, ...toldOf(transfer) }])
  return transfer
}

/** Goes on where it was stopped or failed. Throws `conflict` when there is nothing to go on with. */
export async function resumeTransfer(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  actor: Actor,
): Promise<Transfer> {
  const { count } = await sql`
    update transfers
       set state = 'running', error = null, ended_at = null, seen_at = null
     where workspace_id = ${workspace_id} and id = ${id} and state in ('stopped', 'failed') and not settings ? 'undone_by'`
  const transfer = await findTransfer(sql, workspace_id, id)
  if (count === 0) throw refuse('conflict', { message: 'Only what was stopped or failed can go on, and was not undone.' })
  await begin(sql, workspace_id, transfer, actor)
  return transfer
}

type Begun = Pick<Transfer, 'id' | 'kind' | 'name' | 'step'>

/** Of each kind one at a time in a workspace; an export does not wait for an import. */
async function begin(sql: postgres.TransactionSql, workspace_id: number, begun: Begun, actor: Actor, said?: object) {
  await enqueue(sql, { workspace_id, queue: QUEUE, key: begun.kind, payload: { run_id: begun.id } })
  await recordActivities(sql, workspace_id, [{ action: 'transfer.started', actor, ...toldOf(begun, said) }])
}

function toldOf({ id, kind, name, step }: Begun, said: object = {}) {
  return { subject_id: id, after: { kind, name, step, ...said } }
}
