import type { FastifyRequest } from 'fastify'
import type { Account } from '../../../shared/account.ts'
import type { Sql } from '../../database/connect.ts'
import { refuse } from '../../errors.ts'
import type { Context } from '../../http/routes.ts'
import { hashPassword, isPassword } from '../passwords.ts'
import { endSessions } from './open-sessions.ts'
import { requirePasswords } from './passwords-off.ts'
import { recordOfUser } from './tell.ts'
import { attempt, limitsOf } from './tries.ts'

export async function readAccount(sql: Sql, user_id: number): Promise<Account> {
  const [account] = await sql<Account[]>`
    select id, email, name, password_hash is not null as has_password, totp_since,
           (select count(*)::int from recovery_codes where user_id = users.id) as recovery_codes
      from users
     where id = ${user_id}`
  if (!account) throw refuse('not_signed_in')
  return account
}

export async function renameUser({ database }: Context, user_id: number, given: string): Promise<void> {
  const name = given.trim()
  if (!name) throw refuse('invalid_fields', { fields: { name: 'must not be empty' } })
  await database.system.begin(async sql => {
    const [was] = await sql<{ name: string }[]>`select name from users where id = ${user_id} for update`
    if (!was || was.name === name) return
    await sql`update users set name = ${name}, updated_at = now() where id = ${user_id}`
    const actor = { kind: 'user', id: user_id, name }
    await recordOfUser(sql, user_id, { action: 'user.updated', actor, before: { name: was.name }, after: { name } })
  })
}

type Change = { password: string; new_password: string }

/** Every other session ends. Throws `wrong_password`, `too_many_requests`, `forbidden`. */
export async function changePassword(
  context: Context,
  request: FastifyRequest,
  user_id: number,
  token: string,
  { password, new_password }: Change,
): Promise<void> {
  requirePasswords(context.config)
  const { name } = await requirePassword(context, request, user_id, password)
  const password_hash = await hashPassword(new_password)
  await context.database.system.begin(async sql => {
    await storePassword(sql, user_id, password_hash, { kind: 'user', id: user_id, name })
    await endSessions(sql, user_id, token)
  })
}

/** Links for a new password that are still on their way lead nowhere from then on. */
export async function storePassword(
  sql: Sql,
  user_id: number,
  password_hash: string,
  actor: { kind: string; id: number; name: string },
): Promise<void> {
  await sql`update users set password_hash = ${password_hash}, updated_at = now() where id = ${user_id}`
  await sql`delete from sign_in_links where user_id = ${user_id}`
  await recordOfUser(sql, user_id, { action: 'user.password_changed', actor })
}

/** Of somebody who is signed in and does what not everybody may do who finds their browser open. Wrong ones count as at the sign-in. */
export async function requirePassword(
  context: Context,
  request: FastifyRequest,
  user_id: number,
  password: string,
): Promise<{ name: string; email: string }> {
  const [user] = await context.database.system<{ name: string; email: string; password_hash: string | null }[]>`
    select name, email, password_hash from users where id = ${user_id}`
  return attempt(context, request, limitsOf(request, user?.email ?? ''), async () => {
    if (!user || !(await isPassword(password, user.password_hash)))
      throw refuse('wrong_password', { message: 'This is not your password.', fields: { password: 'is not your password' } })
    return user
  })
}
