import type postgres from 'postgres'
import type { BulkCreate } from '../../../shared/bulk.ts'
import type { Actor } from '../../../shared/shape.ts'
import { requireMember } from '../../contacts/owner.ts'
import { readNames } from '../../contacts/tags.ts'
import { refuse } from '../../errors.ts'
import { findStage, readStages } from '../../leads/stages.ts'
import { LISTS } from '../export/sources.ts'
import { requireQuestion } from '../export/start.ts'
import { findTransfer } from '../list.ts'
import { startStep, startTransfer } from '../start.ts'
import type { BulkSettings } from './action.ts'
import { actionOf } from './actions.ts'
import { readSettings } from './find.ts'

/** Begins an action on many records in the caller's transaction. Throws `invalid_fields`. */
export async function startBulk(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { ids, query, dry_run = false, ...given }: BulkCreate,
  actor: Actor,
): Promise<number> {
  actionOf(given)
  if ((ids === undefined) === (query === undefined))
    throw refuse('invalid_fields', { fields: { ids: 'or `query` says of which records, and only one of them' } })
  requireQuestion(LISTS, { of: given.of, query, ids })
  await requireSense(sql, workspace_id, given)
  const settings: BulkSettings = { ...given, ...(query && { query }), dry_run }
  const step = dry_run ? 'check' : 'write'
  const id = await startTransfer(sql, workspace_id, { kind: 'bulk', name: nameOf(given), step, settings }, actor)
  if (ids) {
    await sql`
      insert into bulk_rows (workspace_id, transfer_id, position, record_id)
      select ${workspace_id}, ${id}, position, record_id
        from unnest(${ids}::bigint[]) with ordinality as r(record_id, position)`
  }
  return id
}

/** Does what was only tried, with the same records. Throws `conflict` when there is nothing to begin. */
export async function beginBulk(sql: postgres.TransactionSql, workspace_id: number, id: number, actor: Actor): Promise<void> {
  const { state, step, total } = await findTransfer(sql, workspace_id, id)
  await readSettings(sql, workspace_id, id)
  // One that was stopped while its records were looked for has not all of them.
  const [row] = await sql<{ was_tried: boolean }[]>`
    select cursor is not null as was_tried from transfers where workspace_id = ${workspace_id} and id = ${id}`
  if (step !== 'check' || state === 'running')
    throw refuse('conflict', { message: 'Only what was tried (`dry_run`) and has ended can be begun.' })
  await startStep(sql, workspace_id, id, { step: 'write', total, settings: { dry_run: false, ...row } }, actor)
}

/** Takes back what was done and nobody changed since, as an action of its own. Throws `already_undone`, `conflict`. */
export async function undoBulk(sql: postgres.TransactionSql, workspace_id: number, id: number, actor: Actor): Promise<number> {
  await sql`select from transfers where workspace_id = ${workspace_id} and id = ${id} for update` // one undo at a time
  const { state, step, name, counts } = await findTransfer(sql, workspace_id, id)
  const { undone_by, ...settings } = await readSettings(sql, workspace_id, id)
  if (undone_by) throw refuse('already_undone')
  if (step !== 'write' || state === 'running' || !actionOf(settings).revert || !counts.done)
    throw refuse('conflict', { message: 'This cannot be undone: it is under way, changed nothing, or has no way back.' })
  const undo: BulkSettings = { ...settings, was_tried: false, undo_of: id }
  const made = await startTransfer(
    sql,
    workspace_id,
    { kind: 'bulk', name: `Undo: ${name}`, step: 'undo', settings: undo },
    actor,
  )
  await sql`
    update transfers
       set settings = settings || ${JSON.stringify({ undone_by: made })}::text::jsonb
     where workspace_id = ${workspace_id} and id = ${id}`
  return made
}

/** What would be wrong with every record is said at once, and not of each. */
async function requireSense(
  sql: postgres.TransactionSql,
  workspace_id: number,
  given: Omit<BulkCreate, 'ids' | 'query' | 'dry_run'>,
) {
  const missing = (field: string) => refuse('invalid_fields', { fields: { [field]: `is needed for ${given.action}` } })
  if (given.action === 'tag' || given.action === 'untag') {
    if (!given.names) throw missing('names')
    readNames(given.names, 'names')
  }
  if (given.action === 'owner') {
    if (given.owner_id === undefined) throw missing('owner_id')
    await requireMember(sql, workspace_id, given.owner_id)
  }
  if (given.action === 'stage' && given.stage === undefined) throw missing('stage')
  if (given.action === 'status') {
    if (given.status === undefined) throw missing('status')
    const stages = await readStages(sql, workspace_id)
    const known = stages.find(({ key }) => key === given.status)
    if (!known) findStage(stages, stages[0]!.pipeline_id, given.status)
    if (given.lost_reason && !stages.some(({ key, kind }) => key === given.status && kind === 'lost'))
      throw refuse('invalid_fields', { fields: { lost_reason: 'is for stages of the kind lost' } })
  }
}

function nameOf({ of, action, names, stage, status }: BulkCreate) {
  if (action === 'tag') return `Tag ${of}: ${names?.join(', ')}`
  if (action === 'untag') return `Untag ${of}: ${names?.join(', ')}`
  if (action === 'owner') return of === 'leads' ? 'Assign leads' : 'Owner of contacts'
  if (action === 'stage') return `Stage of contacts: ${stage ?? 'as events say'}`
  if (action === 'status') return `Status of leads: ${status}`
  return `${action[0]!.toUpperCase()}${action.slice(1)} ${of}`
}
