import { isIP, type LookupFunction } from 'node:net'
import { buildConnector } from 'undici'
import { hostOf, judgeDialled, portOf } from './guard.ts'
import type { Resolve } from './lookup.ts'
import type { Range } from './ranges.ts'

const CONNECT_MS = 5_000
const ADDRESSES_TRIED = 8

/** Thrown into a connection that must not be; the message is the sentence of the guard. */
export class Blocked extends Error {}

export type Way = { allowed: Range[]; lookUp: Resolve; ca?: string }

/**
 * Opens connections to one origin, and to nothing else than what was judged: a literal is judged here, because Node never asks a
 * `lookup` about one; a name in the `lookup` of the very connection, whose answer is what Node dials.
 */
export function dialerOf(origin: URL, { allowed, lookUp, ca }: Way): buildConnector.connector {
  const connect = buildConnector({
    timeout: CONNECT_MS,
    lookup: vettedLookup(portOf(origin), allowed, lookUp),
    autoSelectFamily: true,
    // Node gives each address 250 ms, less than a slow line needs; connections are kept, so waiting costs little.
    autoSelectFamilyAttemptTimeout: 1_000,
    allowH2: false,
    ...(ca === undefined ? {} : { ca }),
  })
  const host = hostOf(origin)
  const wrong = isIP(host) ? judgeDialled(host, [host], portOf(origin), allowed) : null
  return wrong === null ? connect : (_, callback) => callback(new Blocked(wrong), null)
}

function vettedLookup(port: number, allowed: Range[], lookUp: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    lookUp(hostname).then(
      found => {
        const first = found[0]
        if (!first) return callback(Object.assign(new Error(`${hostname} has no address`), { code: 'ENOTFOUND' }), '', 0)
        const wrong = judgeDialled(hostname, addressesOf(found), port, allowed)
        if (wrong !== null) callback(new Blocked(wrong), '', 0)
        else if (options.all) callback(null, found.slice(0, ADDRESSES_TRIED))
        else callback(null, first.address, first.family)
      },
      error => callback(error, '', 0),
    )
  }
}

function addressesOf(found: { address: string }[]) {
  return found.map(({ address }) => address)
}
