import { isIP } from 'node:net'
import { judgeIp, parseRanges, type Range, type Verdict } from './ranges.ts'

const MAX_LENGTH = 2_048

/** What is wrong with an address, as a sentence that says what to do; null when it may be tried. Used when a user types it; names are checked again at connect time. */
export function judgeAddress(url: string, allowed_cidrs: string[]): string | null {
  const address = readAddress(url)
  if (typeof address === 'string') return address
  const allowed = parseRanges(allowed_cidrs)
  const host = hostOf(address)
  if (isIP(host)) return judgeDialled(host, [host], portOf(address), allowed)
  // A name may lead into a range of the operator's, where every port is open; what it leads to is known when it is dialled.
  return allowed.length > 0 && portOf(address) > 0 ? null : judgePort(portOf(address))
}

/** The address as it is dialled, or a sentence about what is wrong with its form. */
export function readAddress(url: string): URL | string {
  if (url.length > MAX_LENGTH)
    return `The address is longer than ${MAX_LENGTH.toLocaleString('en')} characters. Use a shorter one.`
  if (!URL.canParse(url)) return 'This is not an address. Write one such as https://example.com/hook.'
  const address = new URL(url)
  if (address.protocol !== 'https:' && address.protocol !== 'http:') return 'The address must begin with https:// or http://.'
  if (address.username || address.password) return 'Leave user and password out of the address and send them as a header.'
  return address
}

/**
 * The last word before a connection is opened: `ips` are all addresses that `host` has at this moment, one of which will be dialled.
 * One bad address among good ones refuses all: who mixes them wants the choice to be made by chance.
 */
export function judgeDialled(host: string, ips: string[], port: number, allowed: Range[]): string | null {
  if (port === 0) return judgePort(port)
  const verdicts = ips.map(ip => (isIP(ip) ? judgeIp(ip, allowed) : UNREADABLE))
  const never = verdicts.find(verdict => verdict.call === 'never')
  if (never?.call === 'never') return inWords(host, never)
  return verdicts.every(verdict => verdict.call === 'allowed') ? null : judgePort(port)
}

export function hostOf(address: URL): string {
  return address.hostname.replace(/^\[|\]$/g, '')
}

export function portOf(address: URL): number {
  return address.port ? Number(address.port) : address.protocol === 'https:' ? 443 : 80
}

function judgePort(port: number): string | null {
  if (port < 1024 && port !== 80 && port !== 443)
    return `Port ${port} is not one for receivers. Use 80, 443 or a port from 1024 on.`
  return BAD_PORTS.has(port) ? `Port ${port} belongs to another protocol than HTTP. Use another port.` : null
}

// Of the list in the fetch standard those above 1023: a request to them could be taken for a command in another protocol.
const BAD_PORTS = new Set([
  ...[1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080],
])

const UNREADABLE: Verdict = { call: 'never', leads_to: 'an address that cannot be read', is_metadata: false }

// Of a name only the kind is told: which addresses the names in a private network have is not for whoever types them.
function inWords(host: string, { leads_to, is_metadata }: Extract<Verdict, { call: 'never' }>) {
  const exactly = is_metadata ? ', exactly this one' : ''
  return `${host} leads to ${leads_to}, so it is not called. Whoever runs this server can allow its address${exactly} in WEBHOOK_ALLOWED_CIDRS.`
}
