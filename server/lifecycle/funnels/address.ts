/** Host and path of an address, as both sides are compared: without scheme, `www.`, query, fragment and a slash at the end. */
export function bareAddress(url: string): string {
  const without = url
    .trim()
    .replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')
    .replace(/[?#].*$/, '')
  const slash = without.indexOf('/')
  const host = (slash < 0 ? without : without.slice(0, slash)).toLowerCase().replace(/^www\./, '')
  const path = slash < 0 ? '' : without.slice(slash).replace(/\/+$/, '')
  return host + path
}

/** Whether an address is one of a page: `*` in its pattern stands for anything, also for slashes. */
export function matchesAddress(pattern: string, address: string): boolean {
  const parts = bareAddress(pattern).split('*')
  if (parts.length === 1) return parts[0] === address
  const [first, last] = [parts[0]!, parts.at(-1)!]
  if (!address.startsWith(first) || address.length < first.length + last.length || !address.endsWith(last)) return false
  // The leftmost place of each part in between leaves the most for those behind it; no pattern can make this slow.
  let at = first.length
  for (const part of parts.slice(1, -1)) {
    const found = address.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return at <= address.length - last.length
}
