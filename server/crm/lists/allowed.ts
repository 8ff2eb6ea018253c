import type postgres from 'postgres'
import { MARKETING } from '../../../shared/consents.ts'
import type { Sql } from '../../database/connect.ts'

/**
 * Whether a CRM may be told that `j`, a row of mailing_list_members, is on its list: not when they denied marketing since they joined, nor ever
 * when it was signing up alone that put them there.
 */
export function isAllowed(sql: Sql, contact_id: postgres.PendingQuery<postgres.Row[]>) {
  return sql`
    not exists (
      select
        from consent_purposes p
       cross join lateral consent_of(j.workspace_id, ${contact_id}, p.id) k
       where p.workspace_id = j.workspace_id and p.name = ${MARKETING} and not k.granted
         and (j.source = 'sign_up' or k.said_at >= j.joined_at))`
}
