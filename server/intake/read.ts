import { storable, UNSTORABLE } from '../database/storable.ts'
import type { Format, Raw, Read } from './formats/format.ts'
import { FORMATS } from './formats/list.ts'

/** The format of a webhook: the one that is set, or on 'auto' the first that recognises the request. */
export function formatOf(name: string, raw: Raw): Format {
  const last = FORMATS.at(-1)!
  if (name !== 'auto') return FORMATS.find(format => format.name === name) ?? last
  return FORMATS.find(format => format.recognises(raw)) ?? last
}

export type Row = {
  method: string
  headers: Record<string, string>
  query: string | null
  body: Buffer
  content_type: string | null
  ip: string | null
}

/** A stored request as it came. Its credentials were never stored. */
export function rawOf({ method, headers, query, body, content_type, ip }: Row): Raw {
  return { method, headers, query: new URLSearchParams(query ?? ''), body, content_type: content_type ?? '', ip: ip ?? '' }
}

/** Of what came to the address for meetings every item is about one. */
export function asMeetings(read: Read): Read {
  if (!read.ok) return read
  return { ok: true, items: read.items.map(item => (item.kind === 'lead' ? { ...item, meeting: item.meeting ?? {} } : item)) }
}

/** What stands in a request, as it can be stored. A format that stumbles over it is our mistake, and the delivery waits until it is mended. */
export function readWith(format: Format, raw: Raw): Read {
  try {
    const read = format.read(raw)
    return UNSTORABLE.test(JSON.stringify(read)) ? (storable(read) as Read) : read
  } catch (error) {
    return { ok: false, reason: `It could not be read as ${format.title} (${error instanceof Error ? error.message : error}).` }
  }
}
