import type { KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { mapFields } from '../../shared/map-fields.ts'
import type { FieldMap } from '../../shared/webhooks.ts'
import type { Answer, Egress } from '../egress/egress.ts'
import { readRetryAfter } from '../egress/retry-after.ts'
import { packageRoot } from '../http/root.ts'
import type { Header } from './headers.ts'
import { signatures } from './sign.ts'

/** For the whole of a request, from connecting to the last byte of the answer. Leases are longer (turns.ts). */
export const ATTEMPT_MS = 10_000

/** What is kept of an answer. */
const KEPT_BYTES = 16_384

export type Sending = {
  url: string
  /** The endpoint's own. */
  headers: readonly Header[]
  /** Of the secrets that sign, the newest first. */
  keys: readonly KeyObject[]
  message_id: string
  /** JSON text. */
  payload: string
  field_map: FieldMap | null
  /** Of the endpoint's address and field map. */
  version: number
}

/** A row of delivery_attempts, but for whose it is; and what follows from it. */
export type AttemptMade = {
  /** When the request was begun, in milliseconds of the clock. */
  at: number
  ms: number
  /** Of the address and the field map that it was sent with; null: nothing was sent. */
  version: number | null
  status: number | null
  ok: boolean
  error: string | null
  request_headers: Record<string, string>
  response_headers: Record<string, string> | null
  response_body: string | null
  truncated: boolean
  /** Seconds that the receiver asked to be left alone for. */
  retry_after: number | null
  /** gone: it answered 410, and wants nothing any more. withheld: whom it is about denied the endpoint's purpose. */
  verdict: 'delivered' | 'failed' | 'gone' | 'withheld'
}

/** Makes one attempt. Never throws: whatever happens is an attempt that says so. */
export async function send(egress: Egress, sending: Sending, signal?: AbortSignal): Promise<AttemptMade> {
  const { url, headers, keys, message_id, field_map, version } = sending
  const at = Date.now()
  const body = field_map === null ? sending.payload : JSON.stringify(mapFields(JSON.parse(sending.payload), field_map))
  const timestamp = Math.floor(at / 1000)
  const own = {
    'content-type': 'application/json',
    'user-agent': USER_AGENT,
    'webhook-id': message_id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatures(keys, message_id, timestamp, body),
  }
  const set = headers.length === 0 ? own : { ...Object.fromEntries(headers.map(({ name, value }) => [name, value])), ...own }
  const shown = headers.length === 0 ? own : { ...Object.fromEntries(headers.map(({ name }) => [name, HIDDEN])), ...own }
  const answer = await egress.send({
    method: 'POST',
    url,
    headers: set,
    body,
    timeout_ms: ATTEMPT_MS,
    keep_bytes: KEPT_BYTES,
    ...(signal && { signal }),
  })
  return { at, version, request_headers: shown, ...judge(answer) }
}

/** An attempt that could not even be tried, with the sentence that says what to do. */
export function notSent(error: string): AttemptMade {
  return {
    at: Date.now(),
    version: null,
    request_headers: {},
    ...judge({ ok: false, failure: 'blocked', message: error, ms: 0 }),
  }
}

function judge(answer: Answer): Omit<AttemptMade, 'at' | 'version' | 'request_headers'> {
  const ms = Math.round(answer.ms)
  if (!answer.ok) {
    const nothing = { status: null, response_headers: null, response_body: null, truncated: false, retry_after: null }
    return { ms, ok: false, error: storable(answer.message), verdict: 'failed', ...nothing }
  }
  const { status, headers, truncated } = answer
  const ok = status >= 200 && status < 300
  const text = storable(answer.body.toString('utf8'))
  const kept = clip(text)
  return {
    ms,
    status,
    ok,
    error: ok ? null : inWords(status, headers.location),
    response_headers: headers,
    response_body: kept,
    truncated: truncated || kept.length < text.length,
    retry_after: readRetryAfter(status, headers['retry-after']),
    verdict: ok ? 'delivered' : status === 410 ? 'gone' : 'failed',
  }
}

function inWords(status: number, location: string | undefined): string {
  if (status === 410) return 'It answered 410: it is gone and wants nothing any more.'
  if (status >= 300 && status < 400)
    return `It answered ${status}${location ? `, which leads to ${storable(location)}` : ''}. That is not followed: give the endpoint its final address.`
  return `It answered ${status}.`
}

/** PostgreSQL has no NUL in its texts. */
function storable(text: string) {
  return text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text
}

/** Bytes that are no UTF-8 grow when they are written as text. */
function clip(text: string) {
  const is_short = text.length * 3 <= KEPT_BYTES || Buffer.byteLength(text) <= KEPT_BYTES
  return is_short ? text : Buffer.from(text).toString('utf8', 0, KEPT_BYTES - 3)
}

const HIDDEN = '(not shown)'
const USER_AGENT = `Throughline/${(JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string }).version}`
