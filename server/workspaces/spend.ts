import type { FastifyRequest } from 'fastify'
import type { Database } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { noteBudget } from '../http/rate-limit.ts'
import type { KnownKey } from './key-cache.ts'

/** Requests a minute of a key that has no limit of its own: a thousand a second is a loop that went wild. */
export const USUAL_LIMIT = 60_000

/**
 * What a process may still admit by itself: its slice of the key's minute. `left` is what nobody had taken when it last asked; `until`
 * is by the clock of this process that only goes forward.
 */
type Slice = { own: number; left: number; until: number; asking: Promise<void> | undefined }

// Weak, so that they go when their database is let go (the tests open many).
const slices = new WeakMap<Database, Map<number, Slice>>()

/**
 * Counts a request against what its key may do in this minute; throws 429 when that is used up. Each process takes a twentieth of the
 * minute at a time from the database and spends it in its memory, so that all processes together never admit more than the limit. What
 * one has not spent when the minute ends is lost, so they may admit a little less.
 */
export async function spend(database: Database, request: FastifyRequest, key: KnownKey, limit: number) {
  const slice = sliceOf(database, key.key_id)
  while (slice.own === 0 || slice.until <= performance.now()) {
    if (slice.left === 0 && slice.until > performance.now()) break
    slice.asking ??= take(database, key, limit, slice).finally(() => {
      slice.asking = undefined
    })
    await slice.asking
  }
  const is_spent = slice.own === 0
  if (!is_spent) slice.own--
  const reset = Math.max(1, Math.ceil((slice.until - performance.now()) / 1000))
  noteBudget(request, { limit, remaining: slice.own + slice.left, reset })
  if (is_spent) throw refuse('too_many_requests', { retry_after: reset })
}

/** The minute is the database's: one clock for all. It ends here a little early, by the time that the question took. */
async function take(database: Database, { workspace_id, key_id }: KnownKey, limit: number, slice: Slice) {
  const asked_at = performance.now()
  const share = Math.ceil(limit / 20)
  const [row] = await database.system<{ given: number; taken: number; ms: number }[]>`
    insert into key_minutes as m (workspace_id, key_id, minute, taken, given)
    values (${workspace_id}, ${key_id}, date_trunc('minute', clock_timestamp()), ${share}, ${share})
        on conflict (workspace_id, key_id) do update
       set minute = greatest(m.minute, excluded.minute),
           given  = case when m.minute < excluded.minute then ${share}::int else greatest(0, least(${share}::int, ${limit}::int - m.taken)) end,
           taken  = case when m.minute < excluded.minute then ${share}::int else greatest(m.taken, least(${limit}::int, m.taken + ${share}::int)) end
    returning given, taken, extract(epoch from minute + interval '1 minute' - clock_timestamp())::float8 * 1000 as ms`
  Object.assign(slice, { own: row!.given, left: Math.max(0, limit - row!.taken), until: asked_at + Math.max(0, row!.ms) })
}

function sliceOf(database: Database, key_id: number): Slice {
  const known = slices.get(database) ?? new Map<number, Slice>()
  slices.set(database, known)
  const slice = known.get(key_id) ?? { own: 0, left: 0, until: 0, asking: undefined }
  known.set(key_id, slice)
  return slice
}
