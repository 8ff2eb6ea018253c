import { setTimeout as sleep } from 'node:timers/promises'
import type { Sql } from '../database/connect.ts'
import { seal, unseal } from '../secrets.ts'
import type { Token, Tokens } from './provider.ts'
import { type CrmResult, failed } from './result.ts'

type Place = { sql: Sql; key: Buffer; workspace_id: number; connection_id: number }

/** How long signing in may take before somebody else tries: longer than a request may. */
const LEASE_SECONDS = 45
/** A token is not used any more when it would run out on the way. */
const MARGIN_MS = 30_000

/**
 * The token of a connection, kept sealed in its row, so that restarts and other processes go on with it. Whoever needs a new one takes a
 * lease, signs in and stores it; everybody else, here and in other processes, waits for that. No transaction is open meanwhile.
 */
export function openTokens(place: Place): Tokens {
  let asking: Promise<CrmResult<Token>> | undefined
  let known: Token | null = null
  return {
    get(signIn, refused) {
      if (known && isGood(known, refused)) return Promise.resolve({ ok: true, value: known })
      // All that wait share one answer, whether or not it is the token that they were refused with.
      asking ??= obtain(place, signIn, refused).finally(() => {
        asking = undefined
      })
      return asking.then(result => {
        if (result.ok) known = result.value
        return result
      })
    },
  }
}

/**
 * For when something was typed anew: the next who asks signs in with that. A refresh token that the CRM renewed stays, because the one that was
 * typed before it is used up; unless there is a new one (`keeps_refresh_token` is false). In a transaction.
 */
export async function voidToken(place: Place, keeps_refresh_token: boolean): Promise<void> {
  const { sql, workspace_id, connection_id } = place
  await sql`select from crm_connections where workspace_id = ${workspace_id} and id = ${connection_id} for update`
  const refresh_token = keeps_refresh_token ? (await read(place))?.refresh_token : undefined
  await sql`
    update crm_connections set token = null, renewing_until = null where workspace_id = ${workspace_id} and id = ${connection_id}`
  if (refresh_token) await store(place, usedUp(refresh_token))
}

/** Nothing to ask with, but something to sign in with. */
function usedUp(refresh_token: string): Token {
  return { access_token: '', refresh_token, expires_at: new Date(0).toISOString() }
}

async function obtain(
  place: Place,
  signIn: (last: Token | null) => Promise<CrmResult<Token>>,
  refused: string | undefined,
): Promise<CrmResult<Token>> {
  const until = Date.now() + 2 * LEASE_SECONDS * 1000
  for (;;) {
    const last = await read(place)
    if (last && isGood(last, refused)) return { ok: true, value: last }
    const lease = await takeLease(place)
    if (lease) return renew(place, lease, signIn, refused)
    if (Date.now() > until) return failed('timeout', 'Another process signs in to this CRM and does not come to an end.')
    await sleep(100)
  }
}

async function renew(
  place: Place,
  lease: string,
  signIn: (last: Token | null) => Promise<CrmResult<Token>>,
  refused: string | undefined,
): Promise<CrmResult<Token>> {
  try {
    const last = await read(place) // somebody may have been faster than our lease
    if (last && isGood(last, refused)) return { ok: true, value: last }
    const result = await signIn(last)
    if (!result.ok) return result
    const token = { ...(last?.refresh_token && { refresh_token: last.refresh_token }), ...result.value }
    // Without the lease something was typed anew meanwhile: what we got is of before. Only the refresh token that it used up is replaced.
    if (await store(place, token, lease)) return result
    const is_ours = token.refresh_token !== undefined && (await read(place))?.refresh_token === last?.refresh_token
    if (is_ours) await store(place, usedUp(token.refresh_token!))
    return result
  } finally {
    await giveBack(place, lease)
  }
}

function isGood({ access_token, expires_at }: Token, refused: string | undefined) {
  return access_token !== refused && (expires_at === undefined || Date.parse(expires_at) - MARGIN_MS > Date.now())
}

async function read({ sql, key, workspace_id, connection_id }: Place): Promise<Token | null> {
  const [row] = await sql<{ token: string | null }[]>`
    select token from crm_connections where workspace_id = ${workspace_id} and id = ${connection_id}`
  return row?.token ? (JSON.parse(unseal(key, row.token, boundTo(workspace_id, connection_id))) as Token) : null
}

/** With a lease, only while it is held. */
async function store({ sql, key, workspace_id, connection_id }: Place, token: Token, lease?: string): Promise<boolean> {
  const { count } = await sql`
    update crm_connections
       set token = ${seal(key, JSON.stringify(token), boundTo(workspace_id, connection_id))},
           token_expires_at = ${token.expires_at ?? null}
     where workspace_id = ${workspace_id} and id = ${connection_id}
       and ${lease === undefined ? sql`true` : sql`renewing_until::text = ${lease}`}`
  return count === 1
}

/** By which it is known to be ours still. */
async function takeLease({ sql, workspace_id, connection_id }: Place): Promise<string | undefined> {
  const [row] = await sql<{ lease: string }[]>`
    update crm_connections
       set renewing_until = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
     where workspace_id = ${workspace_id} and id = ${connection_id}
       and (renewing_until is null or renewing_until < clock_timestamp())
    returning renewing_until::text as lease`
  return row?.lease
}

async function giveBack({ sql, workspace_id, connection_id }: Place, lease: string) {
  await sql`
    update crm_connections
       set renewing_until = null
     where workspace_id = ${workspace_id} and id = ${connection_id} and renewing_until::text = ${lease}`
}

function boundTo(workspace_id: number, connection_id: number) {
  return `crm_connections.token ${workspace_id} ${connection_id}`
}
