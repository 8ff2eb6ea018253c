import type { CrmRunMember, CrmRunMembersQuery } from '../../../shared/crm.ts'
import type { Sql } from '../../database/connect.ts'
import { codeOf } from '../log.ts'
import type { CrmProviderName } from '../provider.ts'
import { listRunMembers } from './list.ts'

/** In the order of the file. */
export const EXPORTED = [
  ...(['contact_id', 'email', 'name', 'old_id', 'state', 'external_id', 'code', 'message', 'checked_at'] as const),
]

export type Exported = CrmRunMember & { code: string | null }

const PAGE = 1000

/** A page of the members of a run for a spreadsheet, with the code of the log that their failure has. */
export async function readExport(
  sql: Sql,
  workspace_id: number,
  run_id: number,
  query: Pick<CrmRunMembersQuery, 'cursor' | 'state'>,
): Promise<{ data: Exported[]; next_cursor: string | null }> {
  const [connection] = await sql<{ provider: CrmProviderName }[]>`
    select k.provider
      from crm_runs r
      join crm_connections k on k.workspace_id = r.workspace_id and k.id = r.connection_id
     where r.workspace_id = ${workspace_id} and r.id = ${run_id}`
  const page = await listRunMembers(sql, workspace_id, run_id, { ...query, limit: PAGE })
  return {
    ...page,
    data: page.data.map(member => ({ ...member, code: connection ? codeFor(connection.provider, member) : null })),
  }
}

/** The log entry was written with the state, in the same moment. */
function codeFor(provider: CrmProviderName, { state, checked_at, message }: CrmRunMember): string | null {
  if (checked_at === null || (state !== 'WroteNotFound' && state !== 'WroteUnexpectedResponse')) return null
  const kind = state === 'WroteNotFound' ? 'not_found' : 'unexpected'
  return codeOf({ operation: 'validate', provider, error: { kind, message: message ?? '' }, at: new Date(checked_at) })
}
