import type { FreshApp, Tenant } from '../../test/app.ts'
import { numberLeads } from '../contacts/number.ts'
import { inWorkspace, lockIdentity } from '../database/transaction.ts'
import { insertLeads, type NewLead } from '../leads/insert.ts'

type Given = Partial<Omit<NewLead, 'workspace_id' | 'id'>> & { contact_id: number }

/** A lead of a contact, as intake makes one. Its id. */
export async function makeLead({ database }: FreshApp, { workspace_id }: Tenant, given: Given): Promise<number> {
  return inWorkspace(database, workspace_id, async sql => {
    await lockIdentity(sql, [workspace_id])
    const ids = await numberLeads(sql, [{ workspace_id, count: 1 }])
    const [lead] = await insertLeads(sql, [
      {
        workspace_id,
        id: ids.get(workspace_id)![0]!,
        lead_type: 'solar',
        webhook_id: null,
        pipeline_id: null,
        status: null,
        is_test: false,
        assignment: { user_id: null, rule_id: null, reason: 'nobody' },
        actor: { kind: 'system' },
        ...given,
      },
    ])
    return lead!.id
  })
}
