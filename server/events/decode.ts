import { gunzipSync } from 'node:zlib'
import { storable, UNSTORABLE } from '../database/storable.ts'
import { refuse } from '../errors.ts'

/**
 * Bytes to JSON, whatever the headers claim: gzip is found by its magic bytes (clients label it text/plain or a form), the
 * inflated size is held to the same limit, and text that PostgreSQL cannot store (NUL, lone surrogates) is replaced by U+FFFD.
 */
export function decode(body: Buffer, limit: number): unknown {
  const bytes = body[0] === 0x1f && body[1] === 0x8b ? inflate(body, limit) : body
  const text = bytes.toString('utf8')
  let value: unknown
  try {
    value = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text)
  } catch {
    throw refuse('unreadable_body')
  }
  return UNSTORABLE.test(text) ? storable(value) : value
}

function inflate(body: Buffer, limit: number): Buffer {
  try {
    return gunzipSync(body, { maxOutputLength: limit })
  } catch (error) {
    throw refuse((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'too_large' : 'unreadable_body')
  }
}
