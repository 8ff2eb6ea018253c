/** Where an e-mail or a phone stands in a text. `is_number`: it is a number of JSON, without quotes. */
export type Span = { at: number; end: number; kind: 'email' | 'phone' | 'text'; is_number?: boolean }

/**
 * Finds e-mails and phones in any text: a value by itself, JSON, a form, an address, prose. What stands in JSON is found as the same value by
 * itself is, so that both become the same token. One pass for each way of writing, each linear whatever the text.
 */
export function findPersonal(text: string): Span[] {
  if (!MAY_HOLD.test(text)) return []
  const found = [
    ...matches(text, TOKEN, 'text'),
    ...addresses(text, '@', LOCAL, DOMAIN),
    ...addresses(text, '%40', LOCAL_ESCAPED, DOMAIN_ESCAPED),
    ...matches(text, INTERNATIONAL, 'phone'),
    ...matches(text, ESCAPED, 'phone'),
    ...matches(text, AMERICAN, 'phone'),
    ...(NAMED.test(text) ? [...named(text, IN_JSON), ...named(text, IN_FORM)] : []),
  ].sort((a, b) => a.at - b.at || b.end - a.end)
  let end = 0
  return found.filter(span => {
    const is_free = span.at >= end
    if (is_free) end = span.end
    return is_free
  })
}

const MAY_HOLD = /@|%40|~1|\+[1-9]|%2b[1-9]|\d[ .)-]{1,2}\d|phone|mobile|cell|fax|whatsapp/i

/** What looks like a token and came from outside is a text like any other. */
const TOKEN = /~1[bcdfghjklmnp-t]{44,}~/g

// --- e-mails ---

const LOCAL = /[\p{L}\p{M}\p{N}._+'-]/u
const DOMAIN = /[\p{L}\p{M}\p{N}_-]+(?:\.[\p{L}\p{M}\p{N}_-]+)+/uy
const LOCAL_ESCAPED = /[\w.+-]/
const DOMAIN_ESCAPED = /[\w-]+(?:\.[\w-]+)+/y
const MOST_LOCAL = 64
const MOST_DOMAIN = 255

/** From each sign in both directions, as far as an address can go. */
function* addresses(text: string, sign: string, local: RegExp, domain: RegExp): Generator<Span> {
  let least = 0
  for (let sign_at = text.indexOf(sign); sign_at >= 0; sign_at = text.indexOf(sign, sign_at + sign.length)) {
    if (sign_at === least || NO_LOCAL.test(text[sign_at - 1]!)) continue
    const whole = sign === '@' ? wholeValue(text, sign_at, least) : undefined
    const span = whole ?? {
      at: beginOf(text, sign_at, Math.max(least, sign_at - MOST_LOCAL), local),
      end: endOf(text, sign_at + sign.length, domain),
    }
    if (span.at >= sign_at || span.end === 0) continue
    least = span.end
    yield { ...span, kind: 'email' }
  }
}

function beginOf(text: string, sign_at: number, least: number, local: RegExp): number {
  let at = sign_at
  while (at > least && local.test(text[at - 1]!)) at--
  // In an address `+` is written so, and what is not ASCII as bytes.
  while (local === LOCAL_ESCAPED && at - 3 >= least && /^%(2b|27|[89a-f][\da-f])$/i.test(text.slice(at - 3, at))) {
    at -= 3
    while (at > least && local.test(text[at - 1]!)) at--
  }
  if (isEscape(text, at)) at += text[at] === 'u' ? 5 : 1
  while (at < sign_at && /[.']/.test(text[at]!)) at++
  return at
}

/** Behind a backslash of JSON that is not itself escaped: this letter is a part of it. */
function isEscape(text: string, at: number): boolean {
  if (text[at - 1] !== '\\' || !/^[[{"]/.test(text)) return false
  let first = at - 1
  while (text[first - 1] === '\\') first--
  return (at - first) % 2 === 1
}

function endOf(text: string, at: number, domain: RegExp): number {
  domain.lastIndex = at
  const length = domain.exec(text)?.[0].length ?? 0
  return length > 0 && length <= MOST_DOMAIN ? at + length : 0
}

/** An address may have signs that end one in prose. Alone between quotes or in a text it is taken as it is. */
function wholeValue(text: string, sign_at: number, least: number) {
  let at = sign_at
  while (at > least && sign_at - at <= MOST_LOCAL && !NO_LOCAL.test(text[at - 1]!)) at--
  if (sign_at - at > MOST_LOCAL || (at > 0 && text[at - 1] !== '"')) return undefined
  const found = text.indexOf('"', sign_at)
  const end = found < 0 ? text.length : found
  return end - at <= 320 && WHOLE.test(text.slice(at, end)) ? { at, end } : undefined
}

/** What no address has before its sign. */
const NO_LOCAL = /[\s@<>(),;:"\\]/

/** As normalizeEmail of server/contacts/ takes it, but for what JSON writes otherwise, and what a pattern of SQL has at its ends. */
const WHOLE = /^(?!%)[^\s@<>(),;:"\\\p{Cc}]{1,64}@[^\s@<>(),;:"\\\p{Cc}.]+(\.[^\s@<>(),;:"\\\p{Cc}.]+)+(?<!%)$/u

// --- phones ---

// Not within a longer word or number, nor in base64; an escape of JSON is no letter.
const BEFORE = String.raw`(?:(?<![\w.+/-])|(?<=\\[nrtbf]))`
const INTERNATIONAL = new RegExp(String.raw`${BEFORE}\+[1-9](?:[ ().-]{0,2}\d){6,14}(?![\w=/+])`, 'g')
const ESCAPED = /(?:%2b)[1-9]\d{6,14}(?!\w)/gi
const AMERICAN = new RegExp(String.raw`${BEFORE}(?:1[ .-])?(?:\([2-9]\d\d\) ?|[2-9]\d\d[ .-])\d{3}[ .-]\d{4}(?![\w-])`, 'g')

// Where the name says that it is one, digits alone are one, too.
const NAMED = /phone|mobile|(?<![a-z])cell(?![a-z])|fax|whatsapp/i
const IN_JSON =
  /"[^"\\]{0,40}(?:phone|mobile|(?<![a-z])cell(?![a-z])|fax|whatsapp)[^"\\]{0,20}"\s{0,9}:\s{0,9}(?:"([\d\s().+/-]{7,50})"|(\d{7,15})(?=[\s,}\]]))/dgi
const IN_FORM =
  /(?<=^|[?&])[^=&?\s"]{0,40}(?:phone|mobile|(?<![a-z])cell(?![a-z])|fax|whatsapp)[^=&?\s"]{0,20}=((?:[\d+().-]|%2b|%20|%28|%29){7,60})(?![^&#"\s])/dgi

function* named(text: string, pattern: RegExp): Generator<Span> {
  for (const match of text.matchAll(pattern)) {
    const [at, end] = (match.indices![1] ?? match.indices![2])!
    const count = digitsOf(text.slice(at, end)).length
    if (count >= 7 && count <= 15) yield { at, end, kind: 'phone', ...(match[2] !== undefined && { is_number: true }) }
  }
}

/** Without what an address writes for signs. */
export function digitsOf(text: string): string {
  return text.replace(/%[\da-f]{2}|\D/gi, '')
}

function* matches(text: string, pattern: RegExp, kind: Span['kind']): Generator<Span> {
  for (const { index, 0: match } of text.matchAll(pattern)) yield { at: index, end: index + match.length, kind }
}
