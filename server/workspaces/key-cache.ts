import { type Cache, keepAnswers } from '../database/cache.ts'
import type { Database } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { isAllowed } from '../http/ip-ranges.ts'
import type { Context } from '../http/routes.ts'
import { hashOf } from './secrets.ts'

export type KnownKey = {
  workspace_id: number
  key_id: number
  name: string
  kind: 'write' | 'secret'
  scopes: string[]
  rate_limit: number | null
}

type KeptKey = KnownKey & { expires_at: Date | null; allowed_ips: string[] | null; last_used_at: Date | null }

// One cache a database and process. Weak, so that it goes when its database is let go (the tests open many).
const caches = new WeakMap<Database, Cache<KeptKey>>()

/**
 * The workspace and rights of a key, or undefined for one that is unknown or revoked; throws for one that ran out or comes from a wrong
 * address. Asked for every batch of events, so it is kept (server/database/cache.ts): that it has run out is judged each time, and a
 * revoked key is dropped in every process at once, by notification.
 */
export async function authenticateKey(
  { database }: Pick<Context, 'database'>,
  text: string,
  ip: string,
): Promise<KnownKey | undefined> {
  const key = text.length > 200 ? undefined : await cacheOf(database).get(text)
  if (!key) return undefined
  const now = Date.now()
  if (key.expires_at !== null && key.expires_at.getTime() <= now) throw refuse('expired_key')
  if (!isAllowed(ip, key.allowed_ips)) throw refuse('address_not_allowed', { message: `The key is not taken from ${ip}.` })
  if (key.last_used_at === null || key.last_used_at.getTime() < now - NOTED_MS) await note(database, key, ip)
  return key
}

const NOTED_MS = 60_000

function cacheOf(database: Database): Cache<KeptKey> {
  const known = caches.get(database)
  if (known) return known
  const cache = keepAnswers(database, 'keys_changed', key => lookUp(database, key))
  caches.set(database, cache)
  return cache
}

// Without a workspace, because the key is what tells it.
async function lookUp(database: Database, key: string): Promise<KeptKey | undefined> {
  const [row] = await database.system<KeptKey[]>`
    select workspace_id, id as key_id, name, kind, scopes, rate_limit, expires_at, allowed_ips, last_used_at
      from keys
     where key_hash = ${hashOf(key)} and revoked_at is null`
  return row
}

/** Its use is noted at most once a minute. What is kept is told first: whoever comes meanwhile notes nothing. */
async function note(database: Database, key: KeptKey, ip: string) {
  key.last_used_at = new Date()
  await database.system`
    update keys
       set last_used_at = now(), last_ip = ${ip}
     where workspace_id = ${key.workspace_id} and id = ${key.key_id}
       and (last_used_at is null or last_used_at < now() - interval '1 minute')`
}
