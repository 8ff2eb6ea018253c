import type { Database } from '../database/connect.ts'
import type { Context } from '../http/routes.ts'
import { hashOf } from './secrets.ts'

export type KnownKey = { workspace_id: number; key_id: number; name: string; kind: 'write' | 'secret'; scopes: string[] }

type Cache = {
  found: Map<string, { until: number; key: KnownKey | undefined }>
  asking: Map<string, Promise<KnownKey | undefined>>
  /** Counts what was dropped: an answer that was on its way meanwhile is not kept. */
  drops: number
  listening: boolean
}

const SECONDS_KEPT = 5
const MOST_KEPT = 5000
// One cache a database and process. Weak, so that it goes when its database is let go (the tests open many).
const caches = new WeakMap<Database, Cache>()

/**
 * The workspace and rights of a key, or undefined for one that is unknown or revoked. Asked for every batch of events, so it is
 * kept for 5 s: a hit costs a map look-up. A revoked key is dropped in every process at once, by notification.
 */
export async function authenticateKey({ database }: Pick<Context, 'database'>, key: string): Promise<KnownKey | undefined> {
  const cache = cacheOf(database)
  const found = cache.found.get(key)
  if (found && found.until > Date.now()) return found.key
  if (key.length > 200) return undefined
  // A thousand requests that miss at once ask the database once.
  const asking = cache.asking.get(key) ?? ask(database, cache, key)
  return asking
}

function cacheOf(database: Database): Cache {
  const known = caches.get(database)
  if (known) return known
  const cache: Cache = { found: new Map(), asking: new Map(), drops: 0, listening: false }
  caches.set(database, cache)
  return cache
}

function ask(database: Database, cache: Cache, key: string) {
  const drops = cache.drops
  const answer = lookUp(database, key)
    .then(known => {
      if (drops === cache.drops) keep(cache, key, known)
      return known
    })
    .finally(() => cache.asking.delete(key))
  cache.asking.set(key, answer)
  return answer
}

// Without a workspace, because the key is what tells it. Its use is noted at most once a minute.
async function lookUp(database: Database, key: string): Promise<KnownKey | undefined> {
  await listen(database)
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

function keep(cache: Cache, key: string, known: KnownKey | undefined) {
  if (cache.found.size >= MOST_KEPT) cache.found.delete(cache.found.keys().next().value!)
  cache.found.delete(key)
  cache.found.set(key, { until: Date.now() + SECONDS_KEPT * 1000, key: known })
}

/** Also after the connection was lost and came back: what was notified in between is unknown. */
async function listen(database: Database) {
  const cache = cacheOf(database)
  if (cache.listening) return
  cache.listening = true
  const drop = () => {
    cache.drops++
    cache.found.clear()
  }
  try {
    await database.system.listen('keys_changed', drop, drop)
  } catch (error) {
    cache.listening = false
    throw error
  }
}
