import type postgres from 'postgres'
import type { Import, ImportSettings } from '../../../shared/imports.ts'
import { MASKABLE, type Mask } from '../../../shared/permissions.ts'
import { refuse } from '../../errors.ts'
import type { Caller } from '../../workspaces/authenticate.ts'
import { requireUnmaskedQuery } from '../../workspaces/roles/mask.ts'
import { whoseMay } from '../may.ts'
import { startStep } from '../start.ts'
import { findImport, readStay, requireOpen } from './settings.ts'

/** Throws `in_use` while it runs, `conflict` when it was written already, and `forbidden` where a column is hidden from the role. */
export async function checkImport(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  caller: Caller,
): Promise<Import> {
  return open(sql, workspace_id, id, 'check', caller)
}

/** The same. */
export async function writeImport(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  caller: Caller,
): Promise<Import> {
  return open(sql, workspace_id, id, 'write', caller)
}

async function open(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  step: 'check' | 'write',
  caller: Caller,
): Promise<Import> {
  const { actor, rights } = caller
  const { of, rows, mapping } = await readStay(sql, workspace_id, id)
  requireSeen(mapping, rights.masks)
  if (of === 'leads' && mapping.mode !== 'update') whoseMay(caller, 'leads', 'create')
  await requireOpen(sql, workspace_id, id)
  await startStep(sql, workspace_id, id, { step, total: rows }, actor)
  return findImport(sql, workspace_id, id)
}

/** Who is known, and whether a value is the one that is there: a trial tells it row by row, so not of what is hidden. Throws `forbidden`. */
function requireSeen({ columns, fixed }: ImportSettings, masks: readonly Mask[]) {
  const targets = [...columns, ...fixed].flatMap(({ target }) => target ?? [])
  requireUnmaskedQuery({ columns: targets.flatMap(target => WHOLE[target] ?? target).map(field => ({ field })) }, masks)
}

/** What columns may hold that are filled with more than one field. */
const WHOLE: Record<string, readonly string[]> = {
  address: ['street', 'zip_code'],
  properties: MASKABLE,
  fields: MASKABLE,
  custom: MASKABLE,
}

/** Also of one that was stopped half-way. Throws `in_use` while it runs, and `conflict` when nothing was written. */
export async function revertImport(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  { actor }: Caller,
): Promise<Import> {
  await readStay(sql, workspace_id, id)
  const [row] = await sql<{ step: string; written: number }[]>`
    select t.step,
           (select count(*)::int
              from import_results r
             where r.workspace_id = t.workspace_id and r.transfer_id = t.id and r.outcome in ('created', 'updated') and r.reverted is null) as written
      from transfers t
     where t.workspace_id = ${workspace_id} and t.id = ${id}
       for update`
  if (row!.step !== 'write' || row!.written === 0)
    throw refuse('conflict', { message: 'Nothing of this file was written that could be taken back.' })
  await startStep(sql, workspace_id, id, { step: 'revert', total: row!.written }, actor)
  return findImport(sql, workspace_id, id)
}
