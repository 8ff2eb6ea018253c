import type { Actor } from '../../shared/shape.ts'
import type { Sql } from '../database/connect.ts'
import { type Caller, rightsOf } from '../workspaces/authenticate.ts'
import { accessOf } from '../workspaces/roles/access.ts'
import { readMember } from '../workspaces/roles/member.ts'

/** Whoever asked for a transfer, with what they may do now. */
export type Doer = Pick<Caller, 'role' | 'rights' | 'scopes'>

/** As they are at this moment, and not as they were when they asked: who is no member any more may do nothing, nor a key that ended. */
export async function readDoer(sql: Sql, workspace_id: number, { kind, id }: Actor): Promise<Doer> {
  if (kind === 'user') {
    const member = await readMember(sql, workspace_id, id ?? 0)
    return member ? { role: member.role, rights: accessOf(member), scopes: [] } : NOBODY
  }
  const [key] = await sql<{ scopes: string[] }[]>`
    select scopes
      from keys
     where workspace_id = ${workspace_id} and id = ${id ?? 0} and revoked_at is null and (expires_at is null or expires_at > now())`
  return key ? { role: null, rights: rightsOf(key.scopes), scopes: key.scopes } : NOBODY
}

const NOBODY: Doer = { role: 'custom', rights: { permissions: {}, masks: [] }, scopes: [] }
