import { BUILT_IN_ROLES, exceeds, type Mask, type Permissions, type Rights } from '../../../shared/permissions.ts'
import type { MemberUpdate } from '../../../shared/users.ts'
import type { MemberRole } from '../../../shared/workspaces.ts'
import type { Sql } from '../../database/connect.ts'
import { refuse } from '../../errors.ts'
import type { Caller } from '../authenticate.ts'

type Given = { role: MemberRole; role_id: number | null }
type Giver = Pick<Caller, 'role' | 'rights'>

/** What was asked for as it is kept, when the caller may give it. Throws `invalid_fields`, `forbidden`. */
export async function requireGivable(sql: Sql, workspace_id: number, caller: Giver, given: MemberUpdate): Promise<Given> {
  const { role, role_id = null } = given
  if ((role === 'custom') !== (role_id !== null))
    throw refuse('invalid_fields', { fields: { role_id: 'names the role when `role` is `custom`, and only then' } })
  requireNoMore(caller, role, await rightsOf(sql, workspace_id, { role, role_id }))
  return { role, role_id }
}

/** Throws `forbidden` when somebody has more than the caller: nobody takes away what they could not give. */
export async function requireReach(sql: Sql, workspace_id: number, caller: Giver, theirs: Given): Promise<void> {
  requireNoMore(caller, theirs.role, await rightsOf(sql, workspace_id, theirs))
}

function requireNoMore(caller: Giver, role: MemberRole, rights: Rights) {
  if (role === 'owner' && caller.role !== 'owner')
    throw refuse('forbidden', { message: 'Only an owner makes owners, changes them or removes them.' })
  if (exceeds(rights, caller.rights))
    throw refuse('forbidden', { message: 'This role may do more than yours. Ask somebody whose role may do that, too.' })
}

async function rightsOf(sql: Sql, workspace_id: number, { role, role_id }: Given): Promise<Rights> {
  if (role !== 'custom') return BUILT_IN_ROLES[role]
  const [row] = await sql<{ permissions: Permissions; masks: Mask[] }[]>`
    select permissions, masks from roles where workspace_id = ${workspace_id} and id = ${role_id}`
  if (!row) throw refuse('invalid_fields', { fields: { role_id: 'is no role of this workspace' } })
  return row
}
