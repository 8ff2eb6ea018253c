import { createHash, createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto'

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** 24 characters are 142 bits, 40 are 238: nobody guesses either. */
export function newKey(kind: 'write' | 'secret'): string {
  return kind === 'write' ? `wk_${newWord(24)}` : `sk_${newWord(40)}`
}

/** Letters and digits that nobody guesses, for names that stand in addresses. */
export function newWord(length: number): string {
  return Array.from({ length }, () => BASE62[randomInt(62)]).join('')
}

/** 256 bits, for sessions and links. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

/** What is stored of a key or a token. They are random, so a plain hash is enough and can be looked up. */
export function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

/** Belongs to one session and can be told from nothing but its token, so it needs no store and no cookie of its own. */
export function csrfTokenOf(session_token: string): string {
  return createHmac('sha256', session_token).update('csrf').digest('base64url')
}

export function sameText(one: string, other: string): boolean {
  return timingSafeEqual(hashOf(one), hashOf(other))
}
