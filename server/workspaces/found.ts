import type { FastifyRequest } from 'fastify'
import type postgres from 'postgres'
import { BUILT_IN_ROLES } from '../../shared/permissions.ts'
import type { Actor } from '../../shared/shape.ts'
import type { MemberRole, Workspace, WorkspaceCreate } from '../../shared/workspaces.ts'
import { refuse } from '../errors.ts'
import type { Context } from '../http/routes.ts'
import { authorize, authorizeUser, type Caller, keyOf, workspaceOf } from './authenticate.ts'
import { addOrganization, addWorkspace } from './create.ts'
import { addMember } from './users.ts'
import { findWorkspace } from './workspaces.ts'

type Founded = Workspace & { workspace_id: number; write_key: string; secret_key: string }

/**
 * Founds a workspace from within another one. An organization is found by its name only among those that the founder
 * administers: otherwise a stranger could put a workspace beside somebody's own by guessing a name.
 */
export async function foundWorkspace(
  sql: postgres.TransactionSql,
  from_workspace_id: number,
  wanted: WorkspaceCreate,
  actor: Actor,
): Promise<Founded> {
  const organization_id =
    (await administered(sql, from_workspace_id, wanted.organization, actor)) ?? (await addOrganization(sql, wanted.organization!))
  const { workspace_id, write_key, secret_key } = await addWorkspace(sql, wanted, organization_id, actor)
  for (const owner of await ownersOf(sql, from_workspace_id, actor))
    await addMember(sql, workspace_id, { ...owner, role: 'owner' })
  const role = actor.kind === 'user' ? 'owner' : null
  return { ...(await findWorkspace(sql, workspace_id, role)), workspace_id, write_key, secret_key }
}

/** Somebody who is signed in may found one without naming a workspace: it is done from the first that they administer. */
export async function authorizeFounder(context: Context, request: FastifyRequest): Promise<Caller> {
  if (keyOf(request) !== undefined || workspaceOf(request) !== null) return authorize(context, request, 'admin')
  const { user_id, name } = await authorizeUser(context, request)
  const [row] = await context.database.system<{ workspace_id: number; role: MemberRole }[]>`
    select workspace_id, role
      from memberships
     where user_id = ${user_id} and role in ('owner', 'admin')
     order by workspace_id
     limit 1`
  if (!row) throw refuse('forbidden')
  return { ...row, actor: { kind: 'user', id: user_id, name }, scopes: [], rights: BUILT_IN_ROLES.admin, only_of: null }
}

async function administered(sql: postgres.TransactionSql, from_workspace_id: number, name: string | undefined, actor: Actor) {
  const [row] = await sql<{ id: number }[]>`
    select o.id
      from organizations o
      join workspaces w on w.organization_id = o.id
      left join memberships m on m.workspace_id = w.id and m.user_id = ${actor.kind === 'user' ? actor.id! : null}
     where (${name ?? null}::text is null and w.id = ${from_workspace_id})
        or (o.name = ${name ?? null} and (w.id = ${from_workspace_id} or m.role in ('owner', 'admin')))
     order by w.id <> ${from_workspace_id}, o.id
     limit 1`
  return row?.id
}

/** The founder; of a key, the owners of its workspace, so that what a program makes is seen by people. */
async function ownersOf(sql: postgres.TransactionSql, workspace_id: number, actor: Actor) {
  return sql<{ user_id: number; email: string }[]>`
    select m.user_id, u.email
      from memberships m
      join users u on u.id = m.user_id
     where m.workspace_id = ${workspace_id}
       and ${actor.kind === 'user' ? sql`m.user_id = ${actor.id!}` : sql`m.role = 'owner'`}`
}
