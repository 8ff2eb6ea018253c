import { type Cache, keepAnswers } from '../database/cache.ts'
import type { Database } from '../database/connect.ts'
import type { Context } from '../http/routes.ts'
import { hashOf } from './secrets.ts'

export type KnownKey = { workspace_id: number; key_id: number; name: string; kind: 'write' | 'secret'; scopes: string[] }

// One cache a database and process. Weak, so that it goes when its database is let go (the tests open many).
const caches = new WeakMap<Database, Cache<KnownKey>>()

/**
 * The workspace and rights of a key, or undefined for one that is unknown or revoked. Asked for every batch of events, so it is
 * kept (server/database/cache.ts). A revoked key is dropped in every process at once, by notification.
 */
export async function authenticateKey({ database }: Pick<Context, 'database'>, key: string): Promise<KnownKey | undefined> {
  return key.length > 200 ? undefined : cacheOf(database).get(key)
}

function cacheOf(database: Database): Cache<KnownKey> {
  const known = caches.get(database)
  if (known) return known
  const cache = keepAnswers(database, 'keys_changed', key => lookUp(database, key))
  caches.set(database, cache)
  return cache
}

// Without a workspace, because the key is what tells it. Its use is noted at most once a minute.
async function lookUp(database: Database, key: string): Promise<KnownKey | undefined> {
  const [row] = await database.system<KnownKey[]>`
    with found as (
      select workspace_id, id, name, kind, scopes, last_used_at
        from keys
       where key_hash = ${hashOf(key)} and revoked_at is null
    ), noted as (
      update keys
         set last_used_at = now()
        from found
       where keys.workspace_id = found.workspace_id and keys.id = found.id
         and (found.last_used_at is null or found.last_used_at < now() - interval '1 minute')
    )
    select workspace_id, id as key_id, name, kind, scopes from found`
  return row
}
