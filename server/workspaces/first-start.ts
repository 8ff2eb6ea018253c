import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Session } from '../../shared/workspaces.ts'
import type { Database } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import type { Context } from '../http/routes.ts'
import { addOrganization, addWorkspace } from './create.ts'
import { hashPassword } from './passwords.ts'
import { hashOf, newToken } from './secrets.ts'
import { startSession } from './sessions.ts'
import { addMember, addUser } from './users.ts'

const FIRST_START_LOCK = 7_403

/** A first workspace when there is none, and a link for the first owner while there is no owner: a new one with each start. */
export function prepareFirstStart({ system }: Database): Promise<{ token: string | undefined }> {
  return system.begin(async sql => {
    await sql`select pg_advisory_xact_lock(${FIRST_START_LOCK})`
    const [workspace] = await sql`select from workspaces limit 1`
    if (!workspace) {
      const organization_id = await addOrganization(sql, 'My organization')
      await addWorkspace(sql, { name: 'My workspace' }, organization_id, { kind: 'system', id: null, name: 'first start' })
    }
    const [owner] = await sql`select from memberships where role = 'owner' limit 1`
    await sql`delete from sign_in_links where purpose = 'first_owner'`
    if (owner) return { token: undefined }
    const token = newToken()
    await sql`
      insert into sign_in_links (token_hash, purpose, expires_at)
      values (${hashOf(token)}, 'first_owner', now() + interval '7 days')`
    return { token }
  })
}

type Owner = { token: string; email: string; name: string; password: string; workspace?: string }

/** Uses the link: makes the first user, the owner of every workspace that nobody owns yet, and signs them in. */
export async function becomeOwner(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  owner: Owner,
): Promise<Session> {
  const password_hash = await hashPassword(owner.password)
  return context.database.system.begin(async sql => {
    const [link] = await sql`
      delete from sign_in_links
       where token_hash = ${hashOf(owner.token)} and purpose = 'first_owner' and expires_at > now()
         and not exists (select from memberships where role = 'owner')
      returning token_hash`
    if (!link) throw refuse('sign_in_link_used')
    const user_id = await addUser(sql, { email: owner.email, name: owner.name, password_hash })
    if (user_id === undefined) throw refuse('already_exists', { fields: { email: 'is the e-mail of a user already' } })
    const ownerless = await sql<{ id: number }[]>`
      select id
        from workspaces w
       where not exists (select from memberships m where m.workspace_id = w.id and m.role = 'owner')
       order by id`
    for (const { id } of ownerless) await addMember(sql, id, { user_id, email: owner.email, role: 'owner' })
    if (owner.workspace !== undefined && ownerless[0])
      await sql`update workspaces set name = ${owner.workspace.trim()}, updated_at = now() where id = ${ownerless[0].id}`
    return startSession(context, sql, request, reply, user_id)
  }) as Promise<Session>
}
