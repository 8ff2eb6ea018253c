import type { FastifyReply, FastifyRequest } from 'fastify'
import type postgres from 'postgres'
import type { Session } from '../../shared/workspaces.ts'
import type { Database } from '../database/connect.ts'
import type { Context } from '../http/routes.ts'
import type { Member } from './roles/access.ts'
import { memberColumns } from './roles/member.ts'
import { csrfTokenOf, hashOf, newToken } from './secrets.ts'

export const COOKIE = 'throughline_session'
const DAYS = 30

/** The cookie carries a new token each time; the store has only its hash. */
export async function startSession(
  { config, placeOf }: Context,
  sql: postgres.Sql | postgres.TransactionSql,
  request: FastifyRequest,
  reply: FastifyReply,
  user_id: number,
  method: 'password' | 'oidc' = 'password',
): Promise<Session> {
  const token = newToken()
  const country_code = placeOf?.(request.ip, request.headers)?.country_code ?? null
  await sql`delete from user_sessions where user_id = ${user_id} and expires_at < now()`
  await sql`
    insert into user_sessions (token_hash, user_id, user_agent, ip, country_code, method, expires_at)
    values (${hashOf(token)}, ${user_id}, ${request.headers['user-agent']?.slice(0, 500) ?? null}, ${request.ip}, ${country_code},
            ${method}, now() + ${DAYS} * interval '1 day')`
  reply.setCookie(COOKIE, token, cookieOf(config.public_url))
  return describe(sql, user_id, token)
}

/** The session of this request, with everything that the web app needs to begin; undefined when there is none. */
export async function readSession({ database }: Context, request: FastifyRequest): Promise<Session | undefined> {
  const token = request.cookies[COOKIE]
  const user_id = token === undefined ? undefined : (await findSession(database, token))?.user_id
  return user_id === undefined ? undefined : describe(database.system, user_id, token!)
}

export type Found = Member & { name: string; email: string; needs_totp: boolean }

/**
 * Whose token this is, and as what they work in the workspace. Membership is read each time: who was removed a second ago is
 * out. The 30 days begin anew with use, written at most once an hour.
 */
export async function findSession(
  { system }: Database,
  token: string,
  workspace_id: number | null = null,
): Promise<Found | undefined> {
  const [found] = await system<(Found & { is_old: boolean })[]>`
    select s.user_id, u.name, u.email, s.seen_at < now() - interval '1 hour' as is_old,
           (w.require_totp and u.totp_since is null and s.method = 'password') as needs_totp, ${memberColumns(system)}
      from user_sessions s
      join users u on u.id = s.user_id
      left join memberships m on m.user_id = s.user_id and m.workspace_id = ${workspace_id}
      left join workspaces w on w.id = m.workspace_id
      left join roles r on r.workspace_id = m.workspace_id and r.id = m.role_id
     where s.token_hash = ${hashOf(token)} and s.expires_at > now()`
  if (found?.is_old) {
    await system`
      update user_sessions
         set seen_at = now(), expires_at = now() + ${DAYS} * interval '1 day'
       where token_hash = ${hashOf(token)}`
  }
  return found
}

export async function endSession({ database, config }: Context, request: FastifyRequest, reply: FastifyReply) {
  const token = request.cookies[COOKIE]
  if (token !== undefined) await database.system`delete from user_sessions where token_hash = ${hashOf(token)}`
  reply.clearCookie(COOKIE, cookieOf(config.public_url))
}

async function describe(sql: postgres.Sql | postgres.TransactionSql, user_id: number, token: string): Promise<Session> {
  const [user] = await sql<Session['user'][]>`select id, email, name from users where id = ${user_id}`
  const workspaces = await sql<Session['workspaces']>`
    select w.id, w.name, o.name as organization, m.role
      from memberships m
      join workspaces w on w.id = m.workspace_id
      join organizations o on o.id = w.organization_id
     where m.user_id = ${user_id}
     order by o.name, w.name, w.id`
  return { user: user!, workspaces: [...workspaces], csrf_token: csrfTokenOf(token) }
}

function cookieOf(public_url: string) {
  return { path: '/', httpOnly: true, sameSite: 'lax', secure: public_url.startsWith('https:'), maxAge: DAYS * 86_400 } as const
}
