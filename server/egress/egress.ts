import { dialerOf } from './dial.ts'
import { Exchange } from './exchange.ts'
import { readAddress } from './guard.ts'
import { lookUpWith, type Resolve, resolveBySystem } from './lookup.ts'
import { openPool, type Pool } from './pool.ts'
import { parseRanges } from './ranges.ts'

// The one client for every address that a person typed. What is bounded by what:
//
// | what                              | bound                                                                            | where       |
// |-----------------------------------|----------------------------------------------------------------------------------|-------------|
// | where a connection leads          | judged at the moment of dialling, every address of a name; redirects are answers | dial.ts     |
// | one exchange                      | 10 s from `send` to the last byte, waiting for a connection included             | exchange.ts |
// | a look-up; a connection with TLS  | 4 s; 5 s, measured in half seconds                                               | lookup, dial|
// | connections to one origin         | 32, one exchange each; who waits longer than its time was not sent               | pool.ts     |
// | an idle connection                | 4 s, or what the server says up to 10 s; an origin without one is forgotten      | pool.ts     |
// | memory of an answer               | headers 16 KB, body `keep_bytes`; 64 KB more are read and dropped, then it is cut| exchange.ts |
// | threads held by slow name servers | 3 of Node's 4                                                                    | lookup.ts   |
//
// How many exchanges run at once is the caller's to bound. Nothing is sent twice, not even over a connection that turned out to be
// closed: the caller has a schedule. HTTP_PROXY and the like are not read: behind a proxy the guard would judge the wrong address.

export type Outgoing = {
  method: 'POST' | 'GET' | 'PUT' | 'PATCH' | 'DELETE'
  url: string
  headers: Record<string, string>
  body?: string | Buffer
  /** For the whole of it, connect to the last byte of the answer. 10,000. */
  timeout_ms?: number
  /** How much of the answer's body is kept. 16,384 bytes. */
  keep_bytes?: number
  /** Of somebody who lives long, such as a worker: it is listened to for as long as it is there. */
  signal?: AbortSignal
}

export type Failure = 'blocked' | 'dns' | 'refused' | 'tls' | 'timeout' | 'reset' | 'protocol' | 'aborted'

/**
 * `ok` when a status and headers came, whichever; a body that did not come to its end, or was longer than what is kept, is `truncated`.
 * Otherwise `message` is a sentence for the person who reads the log.
 */
export type Answer =
  | { ok: true; status: number; headers: Record<string, string>; body: Buffer; truncated: boolean; ms: number }
  | { ok: false; failure: Failure; message: string; ms: number }

export type Egress = { send(outgoing: Outgoing): Promise<Answer>; close(): Promise<void> }

export type EgressOptions = {
  /** Private ranges that the operator lets through (WEBHOOK_ALLOWED_CIDRS). */
  allowed_cidrs: string[]
  /** Instead of the system's look-up of names. */
  resolve?: Resolve
  /** Trusted authorities in PEM, instead of those that Node knows. */
  ca?: string
}

/** Addresses that are kept as they were read, each of at most 2 KB. */
const MOST_ADDRESSES = 1_000

/** One per process. `close` ends what is under way as `aborted`. Throws when a range is none. */
export function openEgress({ allowed_cidrs, resolve = resolveBySystem, ca }: EgressOptions): Egress {
  const way = { allowed: parseRanges(allowed_cidrs), lookUp: lookUpWith(resolve), ...(ca === undefined ? {} : { ca }) }
  const pools = new Map<string, Pool>()
  const addresses = new Map<string, URL>()
  let is_closed = false

  return {
    async send(outgoing) {
      const address = addressOf(outgoing.url)
      if (typeof address === 'string') return { ok: false, failure: 'blocked', message: address, ms: 0 }
      if (is_closed || outgoing.signal?.aborted)
        return { ok: false, failure: 'aborted', message: 'The request was stopped before it was sent.', ms: 0 }
      const pool = poolOf(address)
      return new Promise(resolve => pool.begin(new Exchange(outgoing, address, pool, resolve)))
    },
    async close() {
      is_closed = true
      await Promise.all([...pools.values()].map(pool => pool.close()))
    },
  }

  /** Thousands go to one address, and reading it is dear. */
  function addressOf(url: string): URL | string {
    const known = addresses.get(url)
    if (known !== undefined) return known
    const address = readAddress(url)
    if (typeof address === 'string') return address
    if (addresses.size >= MOST_ADDRESSES) addresses.clear()
    addresses.set(url, address)
    return address
  }

  function poolOf(address: URL): Pool {
    const { origin } = address
    const known = pools.get(origin)
    if (known) return known
    const pool = openPool(address, dialerOf(address, way), () => {
      if (pools.get(origin) === pool) pools.delete(origin)
    })
    pools.set(origin, pool)
    return pool
  }
}
