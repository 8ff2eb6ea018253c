import type { FastifyReply, FastifyRequest } from 'fastify'
import type postgres from 'postgres'
import type { InvitationAccept, InvitationSeen } from '../../../shared/users.ts'
import type { MemberRole, Session } from '../../../shared/workspaces.ts'
import { recordActivities } from '../../activities/record.ts'
import type { Sql } from '../../database/connect.ts'
import { refuse } from '../../errors.ts'
import type { Context } from '../../http/routes.ts'
import { authorizeUser } from '../authenticate.ts'
import { hashPassword } from '../passwords.ts'
import { hashOf } from '../secrets.ts'
import { COOKIE, readSession, startSession } from '../sessions.ts'
import { requirePasswords } from '../sign-in/passwords-off.ts'
import { addUser } from '../users.ts'

type Found = { workspace_id: number; id: number; email: string; role: MemberRole; role_id: number | null; user_id: number | null }

/** Whom the link is for and to what. Throws `sign_in_link_used`. */
export async function lookAt(sql: Sql, token: string): Promise<InvitationSeen> {
  const [row] = await sql<InvitationSeen[]>`
    select i.email, w.name as workspace, coalesce(r.name, i.role) as role, u.id is not null as has_account
      from invitations i
      join workspaces w on w.id = i.workspace_id
      left join roles r on r.workspace_id = i.workspace_id and r.id = i.role_id
      left join users u on u.email = i.email
     where ${isOpen(sql, token)}`
  if (!row) throw linkIsOver()
  return row
}

/**
 * Makes a member: of who is signed in with that e-mail, or of a new user, who is signed in by it. Throws `sign_in_link_used`,
 * `not_signed_in` when the e-mail has an account, `forbidden` for an account with another e-mail, and for a password where there are none.
 */
export async function accept(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  { token, name, password }: InvitationAccept,
): Promise<Session> {
  const { system } = context.database
  const signed_in = request.cookies[COOKIE] === undefined ? undefined : await readSession(context, request)
  const user_id = signed_in && (await authorizeUser(context, request)).user_id
  if (!signed_in) requirePasswords(context.config)
  const password_hash = !signed_in && password !== undefined ? await hashPassword(password) : null
  const session = await (system.begin(async sql => {
    const [found] = await sql<Found[]>`
      select i.workspace_id, i.id, i.email, i.role, i.role_id, u.id as user_id
        from invitations i
        left join users u on u.email = i.email
       where ${isOpen(sql, token)}
         for update of i`
    if (!found) throw linkIsOver()
    if (signed_in && found.user_id !== user_id)
      throw refuse('forbidden', { message: `This invitation is for ${found.email}. Sign out, then open the link again.` })
    if (user_id !== undefined) return void (await join(sql, found, { id: user_id, name: signed_in!.user.name }))
    if (found.user_id !== null)
      throw refuse('not_signed_in', { message: `Sign in as ${found.email} first, then open the link again.` })
    if (password_hash === null || !name?.trim())
      throw refuse('invalid_fields', {
        fields: {
          ...(!name?.trim() && { name: 'is how others see you' }),
          ...(password_hash === null && { password: 'is needed' }),
        },
      })
    const added = await addUser(sql, { email: found.email, name, password_hash })
    if (added === undefined) throw refuse('conflict')
    await join(sql, found, { id: added, name: name.trim() })
    return startSession(context, sql, request, reply, added)
  }) as Promise<Session | undefined>)
  return session ?? (await readSession(context, request))!
}

/** Of an invitation that was found by the e-mail which somebody proved to be theirs (`invitationFor`): joins its workspace. */
export async function acceptFor(
  sql: postgres.TransactionSql,
  { workspace_id, id }: { workspace_id: number; id: number },
  user: User,
) {
  const [found] = await sql<Omit<Found, 'user_id'>[]>`
    select workspace_id, id, email, role, role_id
      from invitations
     where workspace_id = ${workspace_id} and id = ${id} and accepted_at is null and withdrawn_at is null and expires_at > now()
       for update`
  if (found) await join(sql, found, user)
}

type User = { id: number; name: string }

/** Whoever is a member by now keeps the role that they have. */
async function join(
  sql: postgres.TransactionSql,
  { workspace_id, id, email, role, role_id }: Omit<Found, 'user_id'>,
  user: User,
) {
  const actor = { kind: 'user' as const, id: user.id, name: user.name }
  await sql`update invitations set accepted_at = now() where workspace_id = ${workspace_id} and id = ${id}`
  const [joined] = await sql`
    insert into memberships (workspace_id, user_id, role, role_id)
    values (${workspace_id}, ${user.id}, ${role}, ${role_id})
        on conflict (workspace_id, user_id) do nothing
    returning user_id`
  await recordActivities(sql, workspace_id, [
    { action: 'invitation.accepted', actor, subject_id: id, after: { email, role, role_id } },
    ...(joined ? [{ action: 'member.added', actor, subject_id: user.id, after: { email, role } }] : []),
  ])
}

function linkIsOver() {
  return refuse('sign_in_link_used', { message: 'This invitation was used, withdrawn or is too old. Ask for a new one.' })
}

function isOpen(sql: Sql, token: string) {
  return sql`i.token_hash = ${hashOf(token)} and i.accepted_at is null and i.withdrawn_at is null and i.expires_at > now()`
}
