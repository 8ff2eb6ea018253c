import type postgres from 'postgres'
import type { Import } from '../../../shared/imports.ts'
import type { Actor } from '../../../shared/shape.ts'
import { refuse } from '../../errors.ts'
import { startStep } from '../start.ts'
import { findImport, readStay, requireOpen } from './settings.ts'

/** Throws `in_use` while it runs, and `conflict` when it was written already. */
export async function checkImport(sql: postgres.TransactionSql, workspace_id: number, id: number, actor: Actor): Promise<Import> {
  return open(sql, workspace_id, id, 'check', actor)
}

/** The same. */
export async function writeImport(sql: postgres.TransactionSql, workspace_id: number, id: number, actor: Actor): Promise<Import> {
  return open(sql, workspace_id, id, 'write', actor)
}

async function open(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  step: 'check' | 'write',
  actor: Actor,
): Promise<Import> {
  const { rows } = await readStay(sql, workspace_id, id)
  await requireOpen(sql, workspace_id, id)
  await startStep(sql, workspace_id, id, { step, total: rows }, actor)
  return findImport(sql, workspace_id, id)
}

/** Also of one that was stopped half-way. Throws `in_use` while it runs, and `conflict` when nothing was written. */
export async function revertImport(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  actor: Actor,
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
