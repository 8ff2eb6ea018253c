import type { Egress } from '../../egress/egress.ts'
import { readAddress } from '../../egress/guard.ts'

/** A calendar of ten years of a busy person is two megabytes. */
const MOST_BYTES = 5 * 1024 * 1024
/** Exchange makes calendars while somebody waits for them. */
const TIMEOUT_MS = 20_000
const MOST_REDIRECTS = 3

export type Validators = { etag: string | null; modified: string | null }
export type Fetched =
  | ({ ok: true; bytes: Uint8Array } & Validators)
  | { ok: true; bytes: null }
  | { ok: false; reason: string; is_stopped?: boolean }

/** As people copy it: webcal: is what Apple calls https:. */
export function calendarAddress(text: string): string {
  return text.trim().replace(/^webcals?:\/\//i, 'https://')
}

/**
 * Gets what is at an address, or null when it is the same as `known`. Whatever is there, it costs five megabytes and twenty seconds at
 * most, and each place that it leads to is judged (server/egress). Compressed answers are not asked for and not opened.
 */
export async function fetchCalendar(egress: Egress, url: string, known: Validators, signal: AbortSignal): Promise<Fetched> {
  const ends = Date.now() + TIMEOUT_MS
  let here = url
  for (let step = 0; step <= MOST_REDIRECTS; step++) {
    const answer = await egress.send({
      method: 'GET',
      url: here,
      headers: headersFor(known),
      keep_bytes: MOST_BYTES,
      timeout_ms: Math.max(ends - Date.now(), 1),
      signal,
    })
    if (!answer.ok) return { ok: false, reason: answer.message, is_stopped: answer.failure === 'aborted' }
    const { status, headers, body, truncated } = answer
    const next = REDIRECTS.has(status) ? leadsTo(headers.location, here) : undefined
    if (next !== undefined) {
      here = next
      continue
    }
    if (status === 304) return { ok: true, bytes: null }
    if (status !== 200) return { ok: false, reason: refusedWith(status, here) }
    if (truncated) {
      if (signal.aborted) return { ok: false, reason: 'It was stopped.', is_stopped: true }
      return { ok: false, reason: body.length === MOST_BYTES ? TOO_LARGE : CUT_OFF }
    }
    if (!['', 'identity'].includes(headers['content-encoding'] ?? '')) return { ok: false, reason: COMPRESSED }
    return { ok: true, bytes: body, etag: headers.etag ?? null, modified: headers['last-modified'] ?? null }
  }
  return { ok: false, reason: 'The address leads from one place to the next, and never to a calendar.' }
}

const REDIRECTS = new Set([301, 302, 303, 307, 308])
const TOO_LARGE = 'The calendar is larger than 5 MB. Share one that holds less of the past.'
const CUT_OFF = 'The calendar broke off before its end, or came too slowly.'
const COMPRESSED = 'The calendar came compressed although that was not asked for, so it was not read.'

function headersFor({ etag, modified }: Validators): Record<string, string> {
  return {
    accept: 'text/calendar, text/plain;q=0.5, */*;q=0.1',
    'user-agent': 'Throughline (calendar)',
    ...(etag === null ? {} : { 'if-none-match': etag }),
    ...(modified === null ? {} : { 'if-modified-since': modified }),
  }
}

function leadsTo(location: string | undefined, here: string): string | undefined {
  if (location === undefined || !URL.canParse(location, here)) return undefined
  const next = calendarAddress(new URL(location, here).href)
  return typeof readAddress(next) === 'string' ? undefined : next
}

function refusedWith(status: number, url: string): string {
  const { host } = new URL(url)
  if (status === 401 || status === 403) return `${host} does not show this calendar (${status}). Copy its secret address again.`
  if (status === 404 || status === 410) return `There is no calendar at this address any more (${status}). Copy it again.`
  return `${host} answered ${status} instead of a calendar.`
}
