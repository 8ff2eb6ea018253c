import type postgres from 'postgres'
import type { MemberUpdate, User } from '../../../shared/users.ts'
import { recordActivities } from '../../activities/record.ts'
import type { Sql } from '../../database/connect.ts'
import { refuse } from '../../errors.ts'
import type { Caller } from '../authenticate.ts'
import { requireGivable, requireReach } from './give.ts'

// All of these run as the system's role: users stand outside of the tenants.

/** Gives somebody another role. Throws `not_found`, `forbidden`, `last_owner`, `invalid_fields`. */
export async function changeRole(
  sql: postgres.TransactionSql,
  workspace_id: number,
  user_id: number,
  wanted: MemberUpdate,
  caller: Caller,
): Promise<User> {
  const member = await lockMember(sql, workspace_id, user_id)
  await requireReach(sql, workspace_id, caller, member)
  const { role, role_id } = await requireGivable(sql, workspace_id, caller, wanted)
  if (member.role === role && member.role_id === role_id) return shown(member)
  if (member.role === 'owner') await requireOtherOwner(sql, workspace_id, user_id)
  await sql`
    update memberships set role = ${role}, role_id = ${role_id} where workspace_id = ${workspace_id} and user_id = ${user_id}`
  const of = (has: { role: string; role_id: number | null }) => ({ email: member.email, role: has.role, role_id: has.role_id })
  await recordActivities(sql, workspace_id, [
    {
      action: 'member.updated',
      actor: caller.actor,
      subject_id: user_id,
      before: of(member),
      after: of({ role, role_id }),
    },
  ])
  await tellStreams(sql)
  return shown({ ...member, role, role_id })
}

/**
 * Somebody is out, with the next request and on every stream; or leaves by themselves. `revoke_keys`: the keys that they made end, too.
 * Throws `not_found`, `forbidden`, `last_owner`.
 */
export async function removeMember(
  sql: postgres.TransactionSql,
  workspace_id: number,
  user_id: number,
  { revoke_keys = false }: { revoke_keys?: boolean | undefined },
  caller: Caller,
): Promise<void> {
  const member = await lockMember(sql, workspace_id, user_id)
  const leaves = caller.actor.kind === 'user' && caller.actor.id === user_id
  if (!leaves) await requireReach(sql, workspace_id, caller, member)
  if (member.role === 'owner') await requireOtherOwner(sql, workspace_id, user_id)
  await sql`delete from memberships where workspace_id = ${workspace_id} and user_id = ${user_id}`
  const ended = revoke_keys ? await revokeKeysOf(sql, workspace_id, user_id) : []
  const before = { email: member.email, role: member.role, role_id: member.role_id }
  await recordActivities(sql, workspace_id, [
    { action: 'member.removed', actor: caller.actor, subject_id: user_id, before },
    ...ended.map(({ id, ...key }) => ({ action: 'key.revoked', actor: caller.actor, subject_id: id, before: key })),
  ])
  if (ended.length > 0) await sql`select pg_notify('keys_changed', '')`
  await tellStreams(sql)
}

type Locked = User

/** Owners are locked in one order first: of two who take the role from each other, the second sees what the first did. */
async function lockMember(sql: postgres.TransactionSql, workspace_id: number, user_id: number): Promise<Locked> {
  await sql`
    select from memberships
     where workspace_id = ${workspace_id} and (role = 'owner' or user_id = ${user_id})
     order by user_id
       for update`
  const [member] = await sql<Locked[]>`
    select u.id, u.name, u.email, m.role, m.role_id
      from memberships m
      join users u on u.id = m.user_id
     where m.workspace_id = ${workspace_id} and m.user_id = ${user_id}`
  if (!member) throw refuse('not_found')
  return member
}

async function requireOtherOwner(sql: Sql, workspace_id: number, user_id: number) {
  const [other] = await sql`
    select from memberships where workspace_id = ${workspace_id} and role = 'owner' and user_id <> ${user_id} limit 1`
  if (!other) throw refuse('last_owner')
}

function revokeKeysOf(sql: Sql, workspace_id: number, user_id: number) {
  return sql<{ id: number; kind: string; name: string; prefix: string }[]>`
    update keys
       set revoked_at = now()
     where workspace_id = ${workspace_id} and created_by = ${user_id} and revoked_at is null
    returning id, kind, name, prefix`
}

/** Whoever watches is asked again whether they may (server/events/live.ts). */
async function tellStreams(sql: Sql) {
  await sql`select pg_notify('members_changed', '')`
}

function shown({ id, name, email, role, role_id }: User): User {
  return { id, name, email, role, role_id }
}
