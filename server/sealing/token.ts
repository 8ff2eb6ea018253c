import { createCipheriv, createDecipheriv, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { fromLetters, toLetters } from './letters.ts'

/** `email`, in small letters · `phone`, its digits · `text`, anything else, kept as it is. */
export type Kind = 'email' | 'phone' | 'text'

export type Tokens = {
  /** The same for the same, always: that is what equality, unique keys and joins of the database go by. */
  make(kind: Kind, value: string): string
  /** Undefined for what was not made with this key. */
  read(token: string): { kind: Kind; value: string } | undefined
}

/**
 * Encrypts short values into words of letters: a synthetic initialization vector (HMAC-SHA256 of the value, cut to 16 bytes), which is also what
 * proves that nothing was changed, and AES-256 in counter mode under it. Whoever has no key learns which two are equal and how long one is.
 */
export function openTokens(key: Uint8Array): Tokens {
  const [naming, hiding] = ['naming', 'hiding'].map(part =>
    Buffer.from(hkdfSync('sha256', key, 'throughline', `tokens: ${part}`, 32)),
  )
  const vectorOf = (plain: Buffer) => createHmac('sha256', naming!).update(plain).digest().subarray(0, VECTOR)
  return {
    make(kind, value) {
      const plain = Buffer.from(LETTER_OF[kind] + value, 'utf8')
      const vector = vectorOf(plain)
      return toLetters(Buffer.concat([vector, createCipheriv('aes-256-ctr', hiding!, vector).update(plain)]))
    },
    read(token) {
      const bytes = fromLetters(token)
      if (bytes.length <= VECTOR) return undefined
      const vector = bytes.subarray(0, VECTOR)
      const plain = createDecipheriv('aes-256-ctr', hiding!, vector).update(bytes.subarray(VECTOR))
      if (!timingSafeEqual(vectorOf(plain), vector)) return undefined
      const text = plain.toString('utf8')
      const kind = KINDS.find(kind => LETTER_OF[kind] === text[0])
      return kind && { kind, value: text.slice(1) }
    },
  }
}

const VECTOR = 16
const LETTER_OF: Record<Kind, string> = { email: 'e', phone: 'p', text: 't' }
const KINDS = Object.keys(LETTER_OF) as Kind[]
