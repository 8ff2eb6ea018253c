import { type Config, ConfigError } from '../config.ts'
import { isAddress } from './address.ts'

export type Sender = { name: string; address: string }

/** Whom mails are from: `?from=` of SMTP_URL, else nobody at the host of PUBLIC_URL. Throws ConfigError when it names no address. */
export function senderOf({ smtp_url, public_url }: Pick<Config, 'smtp_url' | 'public_url'>): Sender {
  const given = smtp_url === undefined ? null : new URL(smtp_url).searchParams.get('from')
  if (given === null) return { name: 'Throughline', address: `no-reply@${domainOf(public_url)}` }
  const [, name = '', address = given] = /^"?([^<>"\p{Cc}]*?)"?\s*<([^<>]*)>$/u.exec(given.trim()) ?? []
  if (isAddress(address)) return { name, address }
  throw new ConfigError(
    `The from= in SMTP_URL must be one address, as from=alerts@example.com or from=Alerts%20%3Calerts@example.com%3E, but it is "${given}". A + is written %2B there.`,
  )
}

/** A host without a name is written as an address literal (RFC 5321, 4.1.3). */
function domainOf(public_url: string) {
  const { hostname } = new URL(public_url)
  if (hostname.startsWith('[')) return `[IPv6:${hostname.slice(1)}`
  return /^[\d.]+$/.test(hostname) ? `[${hostname}]` : hostname
}
