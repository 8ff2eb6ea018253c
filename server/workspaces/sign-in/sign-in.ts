import type { FastifyReply, FastifyRequest } from 'fastify'
import type { SecondStep } from '../../../shared/account.ts'
import type { Session } from '../../../shared/workspaces.ts'
import type { Sql } from '../../database/connect.ts'
import { refuse } from '../../errors.ts'
import type { Context } from '../../http/routes.ts'
import { isPassword } from '../passwords.ts'
import { hashOf, newToken } from '../secrets.ts'
import { startSession } from '../sessions.ts'
import { requirePasswords } from './passwords-off.ts'
import { takeCode } from './totp.ts'
import { attempt, limitsOf } from './tries.ts'

/** With e-mail and password. Whoever has a second step gets no session yet, only the token to come back with. */
export async function signIn(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  given: { email: string; password: string },
): Promise<Session | SecondStep> {
  requirePasswords(context.config)
  const { system } = context.database
  const user = await attempt(context, request, limitsOf(request, given.email), async () => {
    const [known] = await system<{ id: number; password_hash: string | null; has_totp: boolean }[]>`
      select id, password_hash, totp_since is not null as has_totp
        from users
       where email = ${given.email.trim().toLowerCase()}`
    if (!(await isPassword(given.password, known?.password_hash ?? null)) || !known) throw refuse('wrong_password')
    return known
  })
  return user.has_totp ? beginSecondStep(system, user.id) : startSession(context, system, request, reply, user.id)
}

/** With that token and a code. Throws `sign_in_link_used`, `wrong_code`, `too_many_requests`. */
export async function takeSecondStep(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  { second_step, code }: SecondStep & { code: string },
): Promise<Session> {
  const step = hashOf(second_step)
  const [begun] = await context.database.system<{ user_id: number }[]>`
    select user_id from sign_in_links where token_hash = ${step} and purpose = 'second_step' and expires_at > now()`
  if (!begun) throw tooLate()
  return takeCode(context, request, begun.user_id, code, async sql => {
    const { count } = await sql`delete from sign_in_links where token_hash = ${step}`
    if (count === 0) throw tooLate()
    return startSession(context, sql, request, reply, begun.user_id)
  })
}

async function beginSecondStep(sql: Sql, user_id: number): Promise<SecondStep> {
  const second_step = newToken()
  await sql`
    insert into sign_in_links (token_hash, purpose, user_id, expires_at)
    values (${hashOf(second_step)}, 'second_step', ${user_id}, now() + interval '10 minutes')`
  return { second_step }
}

function tooLate() {
  return refuse('sign_in_link_used', { message: 'This took too long, or was used already. Enter your password again.' })
}
