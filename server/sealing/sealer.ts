import { isUtf8 } from 'node:buffer'
import { digitsOf, findPersonal } from './find.ts'
import { spellEmail, spellingOfEmail, spellingOfPhone, spellPhone } from './spelling.ts'
import { openTokens, type Tokens } from './token.ts'

/** Between the server, which knows people by their e-mail and phone, and a store that must not. What is opened is to the byte what was sealed. */
export type Sealer = {
  seal(text: string): string
  open(text: string): string
  sealBytes(bytes: Buffer): Buffer
  openBytes(bytes: Buffer): Buffer
}

/**
 * Each e-mail and phone of a text becomes `~1<token>~`, with `<spelling>~` behind it where it was not written in the usual way. A text without one
 * is looked through once and not copied.
 */
export function makeSealer(key: Uint8Array): Sealer {
  const tokens = openTokens(key)
  const sealed = remembering((text: string) => sealOne(tokens, text))
  const opened = remembering((token: string) => tokens.read(token))

  const seal = (text: string) => {
    let [whole, at] = ['', 0]
    for (const span of findPersonal(text)) {
      whole +=
        text.slice(at, span.at) +
        (span.is_number
          ? `"${sealNumber(tokens, text.slice(span.at, span.end))}"`
          : sealed(span.kind[0] + text.slice(span.at, span.end)))
      at = span.end
    }
    return at === 0 ? text : whole + text.slice(at)
  }

  const open = (text: string) => {
    if (!text.includes('~1')) return text
    return text.replace(SEALED, (match: string, before: string, token: string, spelling = '', after: string) => {
      const found = opened(token)
      if (!found) return match
      const { kind, value } = found
      if (kind === 'text') return `${before}${value}${spelling === '' ? '' : `${spelling}~`}${after}`
      if (kind === 'email') return `${before}${spellEmail(value, spelling)}${after}`
      const { text, is_number } = spellPhone(value, spelling)
      return is_number && before === '"' && after === '"' ? text : `${before}${text}${after}`
    })
  }

  return {
    seal,
    open,
    sealBytes: bytes => {
      const [text, encoding] = isUtf8(bytes)
        ? ([bytes.toString('utf8'), 'utf8'] as const)
        : ([bytes.toString('latin1'), 'latin1'] as const)
      const whole = seal(text)
      return whole === text ? bytes : Buffer.from(whole, encoding)
    },
    // Tokens are ASCII, so they stand in bytes of any kind.
    openBytes: bytes => {
      if (!bytes.includes('~1')) return bytes
      const encoding = isUtf8(bytes) ? 'utf8' : 'latin1'
      return Buffer.from(open(bytes.toString(encoding)), encoding)
    },
  }
}

/** A quote on both sides belongs to it where it was a number. */
const SEALED = /("?)~1([bcdfghjklmnp-t]{44,})~(?:([bcdfghjklmnp-t]+)~)?("?)/g

/** By the first letter of its kind and the text. */
function sealOne(tokens: Tokens, kind_and_text: string): string {
  const [kind, text] = [kind_and_text[0], kind_and_text.slice(1)]
  if (kind === 'p') return written(tokens.make('phone', digitsOf(text)), spellingOfPhone(text, false))
  const spelling = kind === 'e' ? spellingOfEmail(text) : undefined
  return spelling === undefined
    ? written(tokens.make('text', text), '')
    : written(tokens.make('email', text.toLowerCase()), spelling)
}

function sealNumber(tokens: Tokens, digits: string) {
  return written(tokens.make('phone', digits), spellingOfPhone(digits, true))
}

function written(token: string, spelling: string) {
  return spelling === '' ? `~1${token}~` : `~1${token}~${spelling}~`
}

/** The same people come again and again. Begun anew when there are too many. */
function remembering<T>(work: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  return text => {
    const before = known.get(text)
    if (before !== undefined) return before
    if (known.size >= MOST) known.clear()
    const after = work(text)
    known.set(text, after)
    return after
  }
}

const MOST = 20_000
