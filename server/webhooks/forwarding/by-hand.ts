import { randomUUID } from 'node:crypto'
import type postgres from 'postgres'
import type { LeadForward } from '../../../shared/forwarding.ts'
import type { Actor } from '../../../shared/shape.ts'
import { refuse } from '../../errors.ts'
import { sendOn } from './forward.ts'
import { readLeads } from './lead.ts'
import { listForwards, requireEndpoints } from './rules.ts'

/** A person sends a lead to a partner. Throws `already_exists` when it went there before: then its delivery can be replayed. */
export async function forwardByHand(
  sql: postgres.TransactionSql,
  workspace_id: number,
  lead_id: number,
  endpoint_id: number,
  actor: Actor,
): Promise<{ data: LeadForward[] }> {
  const [lead] = await readLeads(sql, [{ workspace_id, id: lead_id }])
  if (!lead) throw refuse('not_found')
  await requireEndpoints(sql, workspace_id, [endpoint_id], 'endpoint_id')
  const [known] = await sql<{ delivery_id: number | null }[]>`
    select d.id as delivery_id
      from lead_forwards f
      left join deliveries d on d.workspace_id = f.workspace_id and d.endpoint_id = f.endpoint_id and d.message_id = f.message_id
     where f.workspace_id = ${workspace_id} and f.lead_id = ${lead_id} and f.endpoint_id = ${endpoint_id}`
  if (known?.delivery_id) {
    throw refuse('already_exists', {
      message: `This lead went there already. Replay delivery ${known.delivery_id} to send it again.`,
    })
  }
  const origin = `lead ${lead_id} by hand ${randomUUID()}`
  await sendOn(sql, [{ lead, rule: null, origin, endpoint_ids: [endpoint_id] }], actor)
  return listForwards(sql, workspace_id, lead_id)
}
