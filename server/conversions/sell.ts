import type postgres from 'postgres'
import type { LeadConversion } from '../../shared/leads.ts'
import type { Actor } from '../../shared/shape.ts'
import { createConversion } from './create.ts'

/** Records the sale with which a lead was won, in the transaction that closes it (server/leads/status.ts asks for it). */
export async function sellLead(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { id }: { id: number },
  conversion: LeadConversion,
  actor: Actor,
): Promise<void> {
  await createConversion(sql, workspace_id, { ...conversion, lead_id: id }, actor, 'lead')
}
