/**
 * Letters that lower() of a database leaves as they are, and neither vowels nor digits: who looks for a part of a name or of a number does not
 * find it in a token by chance.
 */
const LETTERS = 'bcdfghjklmnpqrst'

export function toLetters(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += LETTERS[byte >> 4]! + LETTERS[byte & 15]!
  return text
}

export function fromLetters(text: string): Buffer {
  const bytes = Buffer.alloc(text.length >> 1)
  for (let k = 0; k < bytes.length; k++) bytes[k] = (LETTERS.indexOf(text[2 * k]!) << 4) | LETTERS.indexOf(text[2 * k + 1]!)
  return bytes
}
