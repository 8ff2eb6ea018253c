import type postgres from 'postgres'
import type { Actor } from '../../../shared/shape.ts'
import { recordActivities } from '../../activities/record.ts'
import type { Forward } from './forward.ts'

/** Keeps which lead went where, and says so in the history of the lead. Set-based: of many leads, of several workspaces. */
export async function recordForwards(
  sql: postgres.TransactionSql,
  forwards: (Forward & { message_id: string })[],
  by?: Actor,
): Promise<void> {
  const rows = forwards.flatMap(({ lead, rule, endpoint_ids, message_id }) =>
    endpoint_ids.map(endpoint_id => ({
      workspace_id: lead.workspace_id,
      lead_id: lead.id,
      rule_id: rule?.id ?? null,
      endpoint_id,
      message_id,
    })),
  )
  await sql`
    insert into lead_forwards (workspace_id, lead_id, rule_id, endpoint_id, message_id)
    select workspace_id, lead_id, rule_id, endpoint_id, message_id
      from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
        as f(workspace_id int, lead_id bigint, rule_id int, endpoint_id int, message_id text)
        on conflict (workspace_id, lead_id, endpoint_id) do update
       set rule_id = excluded.rule_id, message_id = excluded.message_id, at = now()`
  for (const workspace_id of new Set(rows.map(row => row.workspace_id))) {
    await recordActivities(
      sql,
      workspace_id,
      forwards
        .filter(({ lead }) => lead.workspace_id === workspace_id)
        .map(({ lead, rule, endpoint_ids }) => ({
          action: 'lead.forwarded',
          actor: by ?? { kind: 'rule', id: rule?.id ?? null, name: rule?.name ?? null },
          contact_id: lead.contact_id,
          subject_id: lead.id,
          after: { endpoint_ids, rule_id: rule?.id ?? null },
        })),
    )
  }
}
