import bowser from 'bowser'
import type { OpenSession, OpenSessions } from '../../../shared/account.ts'
import type { Sql } from '../../database/connect.ts'
import { refuse } from '../../errors.ts'
import type { Context } from '../../http/routes.ts'
import { hashOf } from '../secrets.ts'

type Row = Omit<OpenSession, 'browser' | 'os'> & { user_agent: string | null }

/** Where somebody is signed in: the browser that asks first, then the one that was seen last. */
export async function listSessions({ database, placeOf }: Context, user_id: number, token: string): Promise<OpenSessions> {
  const rows = await database.system<Row[]>`
    select id, user_agent, host(ip) as ip, country_code, method, created_at, seen_at, token_hash = ${hashOf(token)} as is_this
      from user_sessions
     where user_id = ${user_id} and expires_at > now()
     order by is_this desc, seen_at desc, id`
  return {
    data: rows.map(({ user_agent, ...session }) => ({
      ...session,
      ...browserOf(user_agent),
      country_code: session.country_code ?? placeOf?.(session.ip, {})?.country_code ?? null,
    })),
  }
}

/** Throws `not_found` for what is none of theirs. */
export async function endOneSession(sql: Sql, user_id: number, id: number): Promise<void> {
  const { count } = await sql`delete from user_sessions where user_id = ${user_id} and id = ${id}`
  if (count === 0) throw refuse('not_found')
}

/** All but the one of `token`; without one, all. */
export async function endSessions(sql: Sql, user_id: number, token?: string): Promise<void> {
  await sql`
    delete from user_sessions
     where user_id = ${user_id} and (${token === undefined ? null : hashOf(token)}::bytea is distinct from token_hash)`
}

function browserOf(user_agent: string | null) {
  const { browser, os } = user_agent ? bowser.parse(user_agent) : { browser: {}, os: {} }
  return { browser: browser.name || null, os: os.name || null }
}
