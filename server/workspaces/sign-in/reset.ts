import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyRequest } from 'fastify'
import type { Config } from '../../config.ts'
import type { Sql } from '../../database/connect.ts'
import { refuse } from '../../errors.ts'
import type { Context } from '../../http/routes.ts'
import { sealLink } from '../../mail/link.ts'
import { sendMail } from '../../mail/mail.ts'
import { hashPassword } from '../passwords.ts'
import { hashOf, newToken } from '../secrets.ts'
import { storePassword } from './account.ts'
import { endSessions } from './open-sessions.ts'
import { requirePasswords } from './passwords-off.ts'
import { attempt, limitOfAddress, takeTry } from './tries.ts'

/** The answer is held back that long, so that neither it nor its time says whether somebody has this e-mail. */
const ANSWER_MS = 400

/** How many mails somebody gets in an hour, however often they are asked for. The links of all of them work. */
const MOST_MAILS = 5

/** Throws `too_many_requests`: each asking counts, right or not; `forbidden` where there are no passwords. */
export async function askForNewPassword(context: Context, request: FastifyRequest, given: string): Promise<void> {
  requirePasswords(context.config)
  const email = given.trim().toLowerCase()
  const { system } = context.database
  const { key } = limitOfAddress(request)
  await takeTry(system, request, [
    { key: `new password ${key}`, free: 20, first_s: 30, most_s: 900 },
    { key: `new password ${key} ${email}`, free: MOST_MAILS, first_s: 60, most_s: 900 },
  ])
  await Promise.all([mailLink(context, email), sleep(ANSWER_MS)])
}

async function mailLink({ database, config }: Context, email: string) {
  await database.system.begin(async sql => {
    const [user] = await sql<{ id: number; name: string; has_password: boolean }[]>`
      select id, name, password_hash is not null as has_password from users where email = ${email} for no key update`
    if (!user) return
    const [now] = await sql<{ workspace_id: number | null; asked: number }[]>`
      select (select min(workspace_id) from memberships where user_id = ${user.id}) as workspace_id,
             (select count(*)::int
                from sign_in_links
               where user_id = ${user.id} and purpose = 'new_password' and expires_at > now()) as asked`
    // Mails are of a workspace: whoever is in none has nothing to sign in to.
    if (!now?.workspace_id || now.asked >= MOST_MAILS) return
    const about = `user ${user.id}`
    if (!user.has_password && (await comesByIssuer(sql, config, user.id))) {
      const body = referral(user.name, config, config.oidc!.label)
      return void (await sendMail(sql, now.workspace_id, [{ to: email, subject: 'How you sign in', body, about }]))
    }
    const sealed_link = sealLink(config, email, await makeLink(sql, config, user.id))
    await sendMail(sql, now.workspace_id, [
      { to: email, subject: 'Choose a new password', body: letter(user.name, config), about, sealed_link },
    ])
  })
}

/** They gave their password up for it: whoever reads their mail, or could over there until yesterday, does not come in beside it. */
async function comesByIssuer(sql: Sql, { oidc }: Config, user_id: number) {
  if (!oidc) return false
  const [identity] = await sql`select from user_identities where user_id = ${user_id} and issuer = ${oidc.issuer}`
  return identity !== undefined
}

function referral(name: string, { public_url }: Config, label: string) {
  return `Hello ${name},

somebody, we hope you, asked for a new password for ${new URL(public_url).host}. You have none there: you come in through your organization.

${public_url}/sign-in ("${label}")
`
}

function letter(name: string, { public_url }: Config) {
  return `Hello ${name},

somebody, we hope you, asked for a new password for ${new URL(public_url).host}. Choose one here within an hour:

[link]

If it was not you, there is nothing to do: your password stays as it is.
`
}

/** A link behind which somebody chooses a new password, once and within an hour. Only its hash is stored. */
export async function makeLink(sql: Sql, { public_url }: Config, user_id: number): Promise<string> {
  const token = newToken()
  await sql`
    insert into sign_in_links (token_hash, purpose, user_id, expires_at)
    values (${hashOf(token)}, 'new_password', ${user_id}, now() + interval '1 hour')`
  return `${public_url}/new-password?token=${token}`
}

/** Uses a link: every session ends, and a second step stays as it is. Throws `sign_in_link_used`, `forbidden`. */
export async function chooseNewPassword(
  context: Context,
  request: FastifyRequest,
  { token, password }: { token: string; password: string },
): Promise<void> {
  requirePasswords(context.config)
  await attempt(context, request, [limitOfAddress(request)], async () => {
    const password_hash = await hashPassword(password)
    await context.database.system.begin(async sql => {
      const [user] = await sql<{ id: number; name: string; email: string }[]>`
        delete from sign_in_links l
         using users u
         where l.token_hash = ${hashOf(token)} and l.purpose = 'new_password' and l.expires_at > now() and u.id = l.user_id
        returning u.id, u.name, u.email`
      if (!user) throw refuse('sign_in_link_used', { message: 'This link was used already or is too old. Ask for a new one.' })
      await storePassword(sql, user.id, password_hash, { kind: 'user', id: user.id, name: user.name })
      await endSessions(sql, user.id)
    })
  })
}
