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
  await createConversion(sql, workspace_id, { ...conversion, lead_id: id }, actor, { source: 'lead' })
}

/** Records the sale that came of an appointment (server/appointments/complete.ts asks for it): one of each type. */
export async function sellAppointment(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { id, contact_id, lead_id, is_test }: { id: number; contact_id: number; lead_id: number | null; is_test: boolean },
  conversion: LeadConversion,
  actor: Actor,
): Promise<void> {
  const whose = lead_id === null ? { contact_id } : { lead_id }
  await createConversion(sql, workspace_id, { ...conversion, ...whose, is_test }, actor, {
    source: 'appointment',
    appointment_id: id,
  })
}
