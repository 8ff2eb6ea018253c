import { Blocked } from './dial.ts'
import type { Failure } from './egress.ts'
import { hostOf, portOf } from './guard.ts'
import { CONNECTIONS } from './pool.ts'

/** How far an exchange came. */
export type Phase = 'waiting' | 'connecting' | 'sent' | 'over'

type Explained = { failure: Failure; message: string }

/** What an error of a connection means to the person who reads the log. */
export function explain(error: Error, phase: Phase, address: URL): Explained {
  if (error instanceof Blocked) return { failure: 'blocked', message: error.message }
  const host = hostOf(address)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const known = KNOWN[code]
  if (known)
    return {
      failure: known[0],
      message: known[1].replace(/HOST|PORT/g, word => (word === 'HOST' ? host : String(portOf(address)))),
    }
  if (code === 'UND_ERR_INVALID_ARG') return { failure: 'protocol', message: `The request cannot be sent: ${error.message}.` }
  const is_tls = /^(ERR_SSL_|ERR_TLS_|EPROTO)/.test(code) || (phase === 'connecting' && address.protocol === 'https:')
  if (is_tls) return { failure: 'tls', message: `No secure connection to ${host} was made: ${tlsReason(code, error)}` }
  const is_reset = RESETS.has(code) && !/^bad /.test(error.message) // undici says `bad response` of an answer that is none
  if (is_reset) return { failure: 'reset', message: `${host} closed the connection before it answered.` }
  return { failure: 'protocol', message: `What ${host} sent is not an answer in HTTP/1.1 (${parserReason(error)}).` }
}

/** Why the time was not enough. */
export function explainTimeout(phase: Phase, address: URL, timeout_ms: number): string {
  const [host, time] = [hostOf(address), timeout_ms === 1_000 ? 'a second' : `${timeout_ms / 1_000} seconds`]
  if (phase === 'waiting') return `All ${CONNECTIONS} connections to ${host} were busy for ${time}, so the request was not sent.`
  if (phase === 'connecting') return `There was no connection to ${host} within ${time}.`
  return `${host} did not answer within ${time}.`
}

const UNREACHABLE = ['refused', 'There is no way to HOST from this server. Check its network.'] as const
const NO_CONNECTION = ['timeout', 'There was no connection to HOST in time. Check whether a firewall is in between.'] as const
const NO_NAME_SERVER = ['dns', 'The name HOST could not be looked up just now; its name servers do not answer.'] as const
const KNOWN: Record<string, readonly [Failure, string]> = {
  ENOTFOUND: ['dns', 'The name HOST has no address. Check its spelling.'],
  ENODATA: ['dns', 'The name HOST has no address. Check its spelling.'],
  EAI_AGAIN: NO_NAME_SERVER,
  EAI_FAIL: NO_NAME_SERVER,
  ESLOW: NO_NAME_SERVER,
  ECONNREFUSED: ['refused', 'HOST refused the connection: nothing listens on port PORT.'],
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  EADDRNOTAVAIL: UNREACHABLE,
  EACCES: UNREACHABLE,
  EPERM: UNREACHABLE,
  ETIMEDOUT: NO_CONNECTION,
  UND_ERR_CONNECT_TIMEOUT: NO_CONNECTION,
  UND_ERR_HEADERS_OVERFLOW: ['protocol', 'The headers that HOST sent are larger than 16 KB.'],
}

const RESETS = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'UND_ERR_SOCKET'])

function tlsReason(code: string, error: Error): string {
  if (/SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|CERT_UNTRUSTED/.test(code))
    return 'nobody that this server trusts signed its certificate. For an authority of your own set NODE_EXTRA_CA_CERTS.'
  if (code === 'CERT_HAS_EXPIRED') return 'its certificate has expired.'
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'its certificate is for another name.'
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG/.test(code))
    return 'it does not speak TLS on this port. Is it http:// instead?'
  if (RESETS.has(code)) return 'it closed the connection amid the handshake.'
  return `${(code || error.name)
    .replace(/^ERR_(SSL|TLS)_/, '')
    .replaceAll('_', ' ')
    .toLowerCase()}.`
}

// undici's own words are about its parser; in brackets stands what the parser missed.
function parserReason({ message }: Error): string {
  return (/\((.+)\)$/.exec(message)?.[1] ?? message).slice(0, 100)
}
