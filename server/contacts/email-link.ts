import { createHmac, timingSafeEqual } from 'node:crypto'
import { type Secret, withOlder } from '../secrets.ts'

/** What a signed link in an e-mail says: whoever follows it is this contact, and where it leads. */
export type EmailLink = { workspace_id: number; contact_id: number; url: string; expires_at: number }

/** The token of `GET /l/{token}`. Signed, not encrypted: it holds no more than the ids and the address that it leads to. */
export function signLink(secret: Buffer, link: EmailLink): string {
  return signToken(secret, [link.workspace_id, link.contact_id, link.url, link.expires_at])
}

/** The link, or undefined when the token was changed, is of another server, or is too old. */
export function readLink(secret: Secret, token: unknown, now: number): EmailLink | undefined {
  const [workspace_id, contact_id, url, expires_at] = (readToken(secret, token) ?? []) as [number, number, string, number]
  return expires_at >= now ? { workspace_id, contact_id, url, expires_at } : undefined
}

/** JSON and who wrote it. */
export function signToken(secret: Buffer, value: unknown): string {
  const body = Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${body}.${sign(secret, body)}`
}

/** What was signed with this secret or an older one of the ring, or undefined. */
export function readToken(secret: Secret, token: unknown): unknown {
  if (typeof token !== 'string' || token.length > 4000) return undefined
  const [body, signature, ...more] = token.split('.')
  if (!body || !signature || more.length > 0) return undefined
  const given = Buffer.from(signature)
  const is_ours = withOlder(secret).some(key => {
    const expected = Buffer.from(sign(key, body))
    return expected.length === given.length && timingSafeEqual(expected, given)
  })
  if (!is_ours) return undefined
  return JSON.parse(Buffer.from(body, 'base64url').toString())
}

/** A host that the workspace lists (or one below it), or this server itself: a link of ours must not lead people anywhere else. */
export function mayLeadTo(url: string, allowed_hosts: string[], public_url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, hostname, host } = new URL(url)
  if (protocol !== 'https:' && protocol !== 'http:') return false
  const listed = allowed_hosts.map(allowed => allowed.trim().toLowerCase()).filter(Boolean)
  return host === new URL(public_url).host || listed.some(allowed => hostname === allowed || hostname.endsWith(`.${allowed}`))
}

function sign(secret: Buffer, body: string): string {
  return createHmac('sha256', secret).update(body).digest('base64url')
}
