import type postgres from 'postgres'
import {
  BUILT_IN_ROLES,
  exceeds,
  levelOf,
  OWNED_SCOPES,
  PERMISSION_ACTIONS,
  PERMISSION_SCOPES,
  type Rights,
  type RoleCreate,
  type RoleShown,
  type RoleUpdate,
} from '../../../shared/permissions.ts'
import { recordActivities } from '../../activities/record.ts'
import type { Sql } from '../../database/connect.ts'
import { refuse } from '../../errors.ts'
import type { Caller } from '../authenticate.ts'

const MOST_ROLES = 100

/** The five of every workspace, then those of its own by name. */
export async function listRoles(sql: Sql, workspace_id: number): Promise<{ data: RoleShown[] }> {
  const counts = await sql<{ role: string; members: number }[]>`
    select role, count(*)::int as members from memberships where workspace_id = ${workspace_id} group by role`
  const built_in = Object.entries(BUILT_IN_ROLES).map(([name, { permissions, masks }]) => ({
    id: null,
    name,
    permissions,
    masks: [...masks],
    member_count: counts.find(({ role }) => role === name)?.members ?? 0,
    created_at: null,
  }))
  return { data: [...built_in, ...(await readRoles(sql, workspace_id))] }
}

/** Throws `already_exists`, `invalid_fields`, `forbidden`. */
export async function createRole(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { name: given, permissions, masks = [] }: RoleCreate,
  caller: Caller,
): Promise<RoleShown> {
  const name = readName(given)
  requireSound({ permissions, masks }, caller)
  const [row] = await sql<{ id: number }[]>`
    insert into roles (workspace_id, name, permissions, masks)
    values (${workspace_id}, ${name}, ${JSON.stringify(permissions)}::text::jsonb, ${masks})
        on conflict do nothing
    returning id`
  if (!row) throw nameIsTaken()
  const roles = await readRoles(sql, workspace_id)
  if (roles.length > MOST_ROLES)
    throw refuse('invalid_fields', {
      fields: { name: `is one too many: a workspace has at most ${MOST_ROLES} roles of its own` },
    })
  await recordActivities(sql, workspace_id, [
    { action: 'role.created', actor: caller.actor, subject_id: row.id, after: { name, permissions, masks } },
  ])
  return roles.find(({ id }) => id === row.id)!
}

/** Who has it can do what it says from their next request on. Throws `not_found`, `already_exists`, `invalid_fields`, `forbidden`. */
export async function editRole(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  given: RoleUpdate,
  caller: Caller,
): Promise<RoleShown> {
  const was = await lockRole(sql, workspace_id, id)
  if (exceeds(was, caller.rights)) throw tooMuch()
  const name = given.name === undefined ? was.name : readName(given.name)
  const { permissions = was.permissions, masks = was.masks } = given
  requireSound({ permissions, masks }, caller)
  const [other] = await sql`
    select from roles where workspace_id = ${workspace_id} and lower(name) = lower(${name}) and id <> ${id}`
  if (other) throw nameIsTaken()
  await sql`
    update roles
       set name = ${name}, permissions = ${JSON.stringify(permissions)}::text::jsonb, masks = ${masks}, updated_at = now()
     where workspace_id = ${workspace_id} and id = ${id}`
  await recordActivities(sql, workspace_id, [
    {
      action: 'role.updated',
      actor: caller.actor,
      subject_id: id,
      before: { name: was.name, permissions: was.permissions, masks: was.masks },
      after: { name, permissions, masks },
    },
  ])
  await sql`select pg_notify('members_changed', '')`
  return { ...was, name, permissions, masks }
}

/** Throws `not_found`, `in_use` while somebody has it or was invited to it. */
export async function removeRole(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  { actor }: Caller,
): Promise<void> {
  const { name, permissions, masks } = await lockRole(sql, workspace_id, id)
  const [used] = await sql`
    select from memberships where workspace_id = ${workspace_id} and role_id = ${id}
     union all
    select from invitations where workspace_id = ${workspace_id} and role_id = ${id} and accepted_at is null and withdrawn_at is null
     limit 1`
  if (used) throw refuse('in_use', { message: 'Somebody has this role or was invited to it. Give them another one first.' })
  await sql`delete from invitations where workspace_id = ${workspace_id} and role_id = ${id}`
  await sql`delete from roles where workspace_id = ${workspace_id} and id = ${id}`
  await recordActivities(sql, workspace_id, [
    { action: 'role.deleted', actor, subject_id: id, before: { name, permissions, masks } },
  ])
}

/** Nobody makes a role that may do more than they may; and one that may change the workspace could give itself whatever it has not. */
function requireSound(rights: Rights, caller: Caller) {
  for (const scope of PERMISSION_SCOPES.filter(one => !OWNED_SCOPES.includes(one)))
    for (const action of PERMISSION_ACTIONS)
      if (!['all', 'none'].includes(levelOf(rights, scope, action)))
        throw refuse('invalid_fields', { fields: { permissions: `${scope} belong to nobody: ${action} is all or none` } })
  for (const scope of OWNED_SCOPES)
    if (!['all', 'none'].includes(levelOf(rights, scope, 'export')))
      throw refuse('invalid_fields', { fields: { permissions: `${scope}: a file holds everybody's, so export is all or none` } })
  const rules = PERMISSION_ACTIONS.some(action => action !== 'read' && levelOf(rights, 'settings', action) !== 'none')
  const sees_all = PERMISSION_SCOPES.every(scope => levelOf(rights, scope, 'read') === 'all') && rights.masks.length === 0
  if (rules && !sees_all)
    throw refuse('invalid_fields', {
      fields: {
        permissions: 'who changes settings makes keys that read everything, so they must see all records and every field',
      },
    })
  if (exceeds(rights, caller.rights)) throw tooMuch()
}

async function lockRole(sql: Sql, workspace_id: number, id: number): Promise<RoleShown> {
  await sql`select from roles where workspace_id = ${workspace_id} and id = ${id} for update`
  const role = (await readRoles(sql, workspace_id)).find(one => one.id === id)
  if (!role) throw refuse('not_found')
  return role
}

async function readRoles(sql: Sql, workspace_id: number): Promise<RoleShown[]> {
  return sql<RoleShown[]>`
    select r.id, r.name, r.permissions, r.masks, r.created_at,
           (select count(*)::int from memberships m where m.workspace_id = r.workspace_id and m.role_id = r.id) as member_count
      from roles r
     where r.workspace_id = ${workspace_id}
     order by lower(r.name)`
}

function readName(given: string) {
  const name = given.trim()
  if (name === '') throw refuse('invalid_fields', { fields: { name: 'must not be empty' } })
  if (name.toLowerCase() in BUILT_IN_ROLES || name.toLowerCase() === 'custom') throw nameIsTaken()
  return name
}

function nameIsTaken() {
  return refuse('already_exists', { fields: { name: 'is the name of another role' } })
}

function tooMuch() {
  return refuse('forbidden', { message: 'This role may do more than yours. Ask somebody whose role may do that, too.' })
}
