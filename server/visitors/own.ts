import type postgres from 'postgres'
import type { Actor } from '../../shared/shape.ts'
import type { Visitor } from '../../shared/visitors.ts'
import { recordActivities } from '../activities/record.ts'
import { requireMember } from '../contacts/owner.ts'
import { findVisitor } from './list.ts'

/** Says whose visitor it is; null: nobody's. Throws `not_found`, `invalid_fields`. */
export async function ownVisitor(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  owner_id: number | null,
  actor: Actor,
): Promise<Visitor> {
  const before = await findVisitor(sql, workspace_id, id)
  await requireMember(sql, workspace_id, owner_id)
  if (before.owner_id === owner_id) return before
  await sql`update visitors set owner_id = ${owner_id} where workspace_id = ${workspace_id} and id = ${id}`
  await recordActivities(sql, workspace_id, [
    {
      action: 'visitor.updated',
      actor,
      contact_id: before.contact_id,
      visitor_id: id,
      before: { owner_id: before.owner_id },
      after: { owner_id },
    },
  ])
  return { ...before, owner_id }
}
