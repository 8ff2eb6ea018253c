import type postgres from 'postgres'
import type { Actor } from '../../shared/shape.ts'
import type { Transfer } from '../../shared/transfers.ts'
import { findTransfer } from './list.ts'

/** Of whom it was asked for; of anybody else nothing changes. */
export async function seeTransfer(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  actor: Actor,
): Promise<Transfer> {
  await sql`
    update transfers
       set seen_at = now()
     where workspace_id = ${workspace_id} and id = ${id} and seen_at is null and ended_at is not null
       and user_id = ${actor.kind === 'user' ? (actor.id ?? 0) : 0}`
  return findTransfer(sql, workspace_id, id)
}
