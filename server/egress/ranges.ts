import ipaddr from 'ipaddr.js'
import { ConfigError } from '../config.ts'

export type Range = readonly [ipaddr.IPv4 | ipaddr.IPv6, number]

/** `public` and `allowed` may be called; otherwise where the address leads, as words that complete "it leads to ...". */
export type Verdict = { call: 'public' | 'allowed' } | { call: 'never'; leads_to: string; is_metadata: boolean }

/** Judges an address as it would be dialled (`net.isIP` knows it). Ranges of the operator win over blocked ones. */
export function judgeIp(ip: string, allowed: Range[]): Verdict {
  return judge(unmapped(ipaddr.parse(ip)), allowed)
}

/** Reads WEBHOOK_ALLOWED_CIDRS; throws a sentence that names the range which is none. */
export function parseRanges(cidrs: string[]): Range[] {
  return cidrs.map(cidr => {
    if (ipaddr.IPv4.isValidCIDRFourPartDecimal(cidr)) return ipaddr.IPv4.parseCIDR(cidr)
    if (!ipaddr.IPv6.isValidCIDR(cidr))
      throw new ConfigError(`WEBHOOK_ALLOWED_CIDRS must hold address ranges such as 10.0.0.0/8, but it holds "${cidr}".`)
    const [address, bits] = ipaddr.IPv6.parseCIDR(cidr)
    return address.isIPv4MappedAddress() && bits >= 96 ? [address.toIPv4Address(), bits - 96] : [address, bits]
  })
}

function judge(address: ipaddr.IPv4 | ipaddr.IPv6, allowed: Range[]): Verdict {
  if (METADATA.some(range => within(address, range)) && !allowed.some(range => isExactly(address, range)))
    return { call: 'never', leads_to: 'the metadata of the cloud, where its keys are', is_metadata: true }
  const inner = address instanceof ipaddr.IPv6 && within(address, NAT64) ? lastFour(address) : null
  const verdict = inner && judge(inner, allowed)
  if (verdict?.call === 'never' && verdict.is_metadata) return verdict
  if (allowed.some(range => within(address, range))) return { call: 'allowed' }
  // This machine is one machine: `localhost` has both addresses, and who lists all of 127.0.0.0/8 means both.
  if (within(address, LOOPBACK_6) && allowed.some(range => within(LOOPBACK_4, range))) return { call: 'allowed' }
  if (verdict) return verdict
  const blocked = BLOCKED.find(({ ranges }) => ranges.some(range => within(address, range)))
  if (blocked) return { call: 'never', leads_to: blocked.leads_to, is_metadata: false }
  // Everything that is routed on the Internet today is in 2000::/3; what will be given out next is not guessed.
  if (address instanceof ipaddr.IPv6 && !within(address, INTERNET_6))
    return { call: 'never', leads_to: 'a reserved range', is_metadata: false }
  return { call: 'public' }
}

// Only an operator who lists exactly such an address means it: 169.254.0.0/16 is listed for other reasons, and what is read here
// is the machine's own credentials. AWS, GCP, Azure and most others; ECS and EKS; AWS and GCP by IPv6; Alibaba; Azure's second; Oracle.
const METADATA = parseRanges([
  ...['169.254.169.254/32', '169.254.170.2/32', '169.254.170.23/32', 'fd00:ec2::254/128', 'fd00:ec2::23/128', 'fd20:ce::254/128'],
  ...['100.100.100.200/32', '168.63.129.16/32', '192.0.0.192/32'],
])

// The registries of special addresses of IANA (RFC 6890 and what followed). Of the transition mechanisms only NAT64 is in use by
// servers, behind DNS64 every IPv4 address looks so: it is judged by the IPv4 address in it. 6to4 and Teredo would lead to one as
// well, but nobody receives there any more, so both are blocked whatever is in them.
const BLOCKED = [
  blocked('this machine', '127.0.0.0/8', '0.0.0.0/8', '::1/128', '::/128'),
  blocked('a private network', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7', 'fec0::/10'),
  blocked('the local network link', '169.254.0.0/16', 'fe80::/10'),
  blocked('many receivers at once', '224.0.0.0/4', '255.255.255.255/32', 'ff00::/8'),
  blocked('a range for documentation', '192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32', '3fff::/20'),
  blocked('a reserved range', '192.0.0.0/24', '192.88.99.0/24', '198.18.0.0/15', '240.0.0.0/4', '2001::/23', '2002::/16'),
]
const NAT64 = parseRanges(['64:ff9b::/96'])[0]!
const LOOPBACK_6 = parseRanges(['::1/128'])[0]!
const LOOPBACK_4 = ipaddr.IPv4.parse('127.255.255.254')
const INTERNET_6 = parseRanges(['2000::/3'])[0]!

function blocked(leads_to: string, ...cidrs: string[]) {
  return { leads_to, ranges: parseRanges(cidrs) }
}

function unmapped(address: ipaddr.IPv4 | ipaddr.IPv6) {
  return address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() ? address.toIPv4Address() : address
}

function lastFour(address: ipaddr.IPv6) {
  return new ipaddr.IPv4(address.toByteArray().slice(-4))
}

function within(address: ipaddr.IPv4 | ipaddr.IPv6, [range, bits]: Range) {
  return address.kind() === range.kind() && address.match(range, bits)
}

function isExactly(address: ipaddr.IPv4 | ipaddr.IPv6, range: Range) {
  return range[1] === (address.kind() === 'ipv4' ? 32 : 128) && within(address, range)
}
