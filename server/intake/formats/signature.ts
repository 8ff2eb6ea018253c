import { createHmac } from 'node:crypto'
import { sameText } from '../../workspaces/secrets.ts'
import type { Verdict } from './format.ts'

/** HMAC-SHA256 of bytes as they came. */
export function hmac(secret: string, signed: Buffer | string, encoding: 'hex' | 'base64'): string {
  return createHmac('sha256', secret).update(signed).digest(encoding)
}

/**
 * What is said of a signature, compared in constant time whatever its length. Without a secret nothing can be checked; with one, an
 * unsigned request is refused: whoever forges leads would leave the signature out.
 */
export function judgeSignature(
  secret: string | undefined,
  given: string | undefined,
  header: string,
  expected: (secret: string) => string[],
): Verdict {
  if (!secret) return { unsigned: true }
  if (!given) return { ok: false, reason: `The header ${header} is missing: this webhook takes only what its sender signed.` }
  if (expected(secret).some(text => sameText(text, given.trim()))) return { ok: true }
  return { ok: false, reason: `The signature in ${header} is wrong. Compare the secret here with the sender's.` }
}
