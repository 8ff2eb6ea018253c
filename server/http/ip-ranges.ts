import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Whether an address is one of the list, which holds addresses and ranges; null: all are. IPv4 inside of IPv6 is IPv4. */
export function isAllowed(ip: string, allowed: string[] | null): boolean {
  if (allowed === null) return true
  if (!ipaddr.isValid(ip)) return false
  const from = ipaddr.process(ip)
  return allowed.some(text => {
    const [range, bits] = readRange(text)!
    return from.kind() === range.kind() && from.match(range as ipaddr.IPv4, bits)
  })
}

/** '203.0.113.0/24' or '2001:db8::1', or undefined for what is neither. */
export function readRange(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] | undefined {
  // What inet_aton() takes as well, such as 10.1 or 0x7f000001, is a slip of whoever typed it.
  if (isIP(text.replace(/\/\d+$/, '')) === 0) return undefined
  if (ipaddr.isValidCIDR(text)) {
    const [address, bits] = ipaddr.parseCIDR(text)
    const is_mapped = address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() && bits >= 96
    return is_mapped ? [address.toIPv4Address(), bits - 96] : [address, bits]
  }
  if (text.includes('/') || text.includes('%')) return undefined
  const address = ipaddr.process(text)
  return [address, address.kind() === 'ipv4' ? 32 : 128]
}

/** The one of them that is neither an address nor a range, as words for who typed it. */
export function wrongRange(texts: string[] | null | undefined): string | undefined {
  const wrong = (texts ?? []).find(text => readRange(text) === undefined)
  return wrong === undefined ? undefined : `${wrong} is no address such as 203.0.113.7 and no range such as 203.0.113.0/24`
}
