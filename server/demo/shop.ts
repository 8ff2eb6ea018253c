import type { Database } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { addOrganization, addWorkspace } from '../workspaces/create.ts'
import { addMember } from '../workspaces/users.ts'
import { SITE } from './site.ts'

const NAME = 'Rye & Ember (demo)'
const OPERATOR = { kind: 'system', id: null, name: 'command line' } as const

export type Shop = { workspace_id: number; key_id: number | null }

/** The workspace that is filled: the one that was asked for, or a new one for the shop in `demo/`. */
export async function openShop(database: Database, wanted: number | undefined): Promise<Shop> {
  const workspace_id = wanted ?? (await foundShop(database))
  const [row] = await database.system<{ key_id: number | null }[]>`
    select (select min(id) from keys k where k.workspace_id = w.id and k.kind = 'write' and k.revoked_at is null) as key_id
      from workspaces w
     where w.id = ${workspace_id}`
  if (!row) throw refuse('not_found', { message: `There is no workspace ${workspace_id}.` })
  return { workspace_id, key_id: row.key_id }
}

/** Seen by those who own the first workspace: whoever set this server up. Before there is anybody, the first owner gets it too. */
function foundShop({ system }: Database): Promise<number> {
  return system.begin(async sql => {
    const organization_id = await addOrganization(sql, NAME)
    const shop = { name: NAME, country: 'DE', time_zone: 'Europe/Berlin', currency: 'EUR' }
    const { workspace_id } = await addWorkspace(sql, shop, organization_id, OPERATOR)
    await sql`update workspaces set allowed_hosts = ${[new URL(SITE).hostname]} where id = ${workspace_id}`
    const owners = await sql<{ user_id: number; email: string }[]>`
      select m.user_id, u.email
        from memberships m
        join users u on u.id = m.user_id
       where m.role = 'owner' and m.workspace_id = (select min(workspace_id) from memberships)`
    for (const owner of owners) await addMember(sql, workspace_id, { ...owner, role: 'owner' })
    return workspace_id
  }) as Promise<number>
}
