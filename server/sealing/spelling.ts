import { digitsOf } from './find.ts'
import { fromLetters, toLetters } from './letters.ts'

// One token for a value however it is written, and beside it how this one was: capital letters of an e-mail, signs between the digits of a phone.

/** Empty for the usual one: small letters. Undefined: it cannot be had back from its small letters. */
export function spellingOfEmail(text: string): string | undefined {
  const small = text.toLowerCase()
  if (small === text) return ''
  const bits = Buffer.alloc(Math.ceil(text.length / 8))
  for (let k = 0; k < text.length; k++) if (text[k] !== small[k]) bits[k >> 3]! |= 1 << (k & 7)
  const spelling = toLetters(bits)
  return spellEmail(small, spelling) === text ? spelling : undefined
}

export function spellEmail(small: string, spelling: string): string {
  const bits = fromLetters(spelling)
  return [...Array(small.length).keys()]
    .map(k => ((bits[k >> 3] ?? 0) & (1 << (k & 7)) ? small[k]!.toUpperCase() : small[k]!))
    .join('')
}

/** Empty for E.164. */
export function spellingOfPhone(text: string, is_number: boolean): string {
  if (text === `+${digitsOf(text)}`) return ''
  const shape = text.replace(/%[\da-f]{2}|\d/gi, sign => (sign.length === 1 ? '#' : sign))
  return toLetters(Buffer.from(is_number ? NUMBER : shape))
}

/** A number of JSON is kept as a text there, so that what is around it stays JSON. */
export const NUMBER = 'n'

export function spellPhone(digits: string, spelling: string): { text: string; is_number: boolean } {
  const shape = spelling === '' ? '+' : fromLetters(spelling).toString('utf8')
  if (shape === '+') return { text: `+${digits}`, is_number: false }
  if (shape === NUMBER) return { text: digits, is_number: true }
  let k = 0
  return { text: shape.replace(/#/g, () => digits[k++] ?? ''), is_number: false }
}
