import type { FastifyRequest } from 'fastify'
import { generateSecret, generateURI, verifySync } from 'otplib'
import type postgres from 'postgres'
import type { RecoveryCodes, TotpSetUp } from '../../../shared/account.ts'
import type { Config } from '../../config.ts'
import type { Sql } from '../../database/connect.ts'
import { refuse } from '../../errors.ts'
import type { Context } from '../../http/routes.ts'
import { seal, secretFor, unseal } from '../../secrets.ts'
import { requirePassword } from './account.ts'
import { endSessions } from './open-sessions.ts'
import { giveRecoveryCodes, takeRecoveryCode } from './recovery-codes.ts'
import { recordOfUser } from './tell.ts'
import { attempt, type Limit } from './tries.ts'

const PURPOSE = 'second steps'

/**
 * By user alone: whoever comes here gave the password, and may have a thousand addresses. Somebody who stole it can slow its owner down
 * with this until the owner chooses another one.
 */
export function limitOfCodes(user_id: number): Limit {
  return { key: `code ${user_id}`, free: 5, first_s: 30, most_s: 900 }
}

/** The secret of an authenticator app. Nothing changes before its first code was given (`confirmTotp`). Throws `conflict`, `wrong_password`. */
export async function setUpTotp(
  context: Context,
  request: FastifyRequest,
  user_id: number,
  password: string,
): Promise<TotpSetUp> {
  const { email } = await requirePassword(context, request, user_id, password)
  const { config, database } = context
  const secret = generateSecret()
  const { count } = await database.system`
    update users
       set totp_secret = ${seal(secretFor(config, PURPOSE), secret, boundTo(user_id))}
     where id = ${user_id} and totp_since is null`
  if (count === 0) throw refuse('conflict', { message: 'The second step is on already. Switch it off first.' })
  return { secret, uri: generateURI({ issuer: issuerOf(config), label: email, secret }) }
}

/** Switches it on with the first code; other sessions, that began without it, end. Throws `wrong_code`, `conflict`. */
export async function confirmTotp(
  context: Context,
  request: FastifyRequest,
  { user_id, name, token }: { user_id: number; name: string; token: string },
  code: string,
): Promise<RecoveryCodes> {
  return attempt(context, request, [limitOfCodes(user_id)], () =>
    context.database.system.begin(async sql => {
      const user = await lockUser(sql, user_id)
      if (user.totp_since !== null || user.totp_secret === null)
        throw refuse('conflict', { message: 'There is nothing to confirm. Begin anew.' })
      await takeTotp(sql, context.config, user, code)
      await sql`update users set totp_since = now() where id = ${user_id}`
      await endSessions(sql, user_id, token)
      await recordOfUser(sql, user_id, { action: 'user.totp_on', actor: { kind: 'user', id: user_id, name } })
      return { recovery_codes: await giveRecoveryCodes(sql, user_id) }
    }),
  ) as Promise<RecoveryCodes>
}

/** What is asked with the password and a code, for whoever finds a browser open. */
export async function proveBoth<T>(
  context: Context,
  request: FastifyRequest,
  user_id: number,
  { password, code }: { password: string; code: string },
  then: (sql: postgres.TransactionSql) => Promise<T>,
): Promise<T> {
  await requirePassword(context, request, user_id, password)
  return takeCode(context, request, user_id, code, then)
}

/** A code of the app, or one of recovery: each counts once. `then` happens in the same transaction. Throws `wrong_code`. */
export async function takeCode<T>(
  context: Context,
  request: FastifyRequest,
  user_id: number,
  given: string,
  then: (sql: postgres.TransactionSql) => Promise<T>,
): Promise<T> {
  return attempt(context, request, [limitOfCodes(user_id)], () =>
    context.database.system.begin(async sql => {
      const user = await lockUser(sql, user_id)
      if (user.totp_since === null) throw refuse('conflict', { message: 'There is no second step.' })
      const code = given.replace(/[\s-]/g, '')
      if (/^\d{6}$/.test(code)) await takeTotp(sql, context.config, user, code)
      else await takeRecoveryCode(sql, user_id, code)
      return then(sql)
    }),
  ) as Promise<T>
}

/** Without a question: for whoever asked, and for the command line. */
export async function switchTotpOff(
  sql: Sql,
  user_id: number,
  actor: { kind: string; id: number | null; name: string | null },
): Promise<void> {
  const { count } = await sql`
    update users set totp_secret = null, totp_since = null, totp_step = null where id = ${user_id} and totp_since is not null`
  if (count === 0) return
  await sql`delete from recovery_codes where user_id = ${user_id}`
  await recordOfUser(sql, user_id, { action: 'user.totp_off', actor })
}

type Locked = { id: number; totp_secret: string | null; totp_since: Date | null; totp_step: number | null }

async function lockUser(sql: Sql, user_id: number): Promise<Locked> {
  const [user] = await sql<Locked[]>`
    select id, totp_secret, totp_since, totp_step from users where id = ${user_id} for no key update`
  if (!user) throw refuse('not_signed_in')
  return user
}

/** The one of now, the one before and the one after: clocks of phones are not all right. One that was taken, and all before it, are gone. */
async function takeTotp(sql: Sql, config: Config, { id, totp_secret, totp_step }: Locked, code: string) {
  const secret = unseal(secretFor(config, PURPOSE), totp_secret!, boundTo(id))
  const token = code.replace(/\s/g, '')
  if (!/^\d{6}$/.test(token)) throw refuse('wrong_code')
  const after = totp_step === null ? {} : { afterTimeStep: totp_step }
  const given = verifySync({ secret, token, epochTolerance: 30, ...after })
  if (!given.valid || !('timeStep' in given)) throw refuse('wrong_code')
  await sql`update users set totp_step = ${given.timeStep} where id = ${id}`
}

/** What the app shows: with two servers of one name nobody would know which code is whose. */
function issuerOf({ public_url }: Config) {
  return `Throughline ${new URL(public_url).host}`.replaceAll(':', ' ')
}

function boundTo(user_id: number) {
  return `users.totp_secret ${user_id}`
}
