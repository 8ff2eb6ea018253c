import type { Body } from './payload.ts'

export const MOST_BYTES = 256 * 1024

/**
 * The body as it is sent, at most 256 KB. A larger one loses what makes it large, says `truncated: true` in that place, and keeps
 * the ids by which the rest can be asked for.
 */
export function writeBody(body: Body): string {
  for (const shorten of WAYS) {
    const text = JSON.stringify(shorten(body))
    // A character is three bytes at most, so most bodies need no count.
    if (text.length * 3 <= MOST_BYTES || Buffer.byteLength(text) <= MOST_BYTES) return text
  }
  throw new Error(`The message ${body.event} is larger than ${MOST_BYTES} bytes in every form.`)
}

/** From leaving out nothing to leaving out all that can be. */
const WAYS: ((body: Body) => object)[] = [
  body => body,
  body => ({ ...body, data: shortData(body) }),
  body => ({ ...body, contact: body.contact && { ...body.contact, properties: { truncated: true } } }),
  body => ({ ...body, data: shortData(body), contact: body.contact && { id: body.contact.id, truncated: true } }),
]

const IDS = ['event_id', 'message_id', 'distinct_id', 'activity_id', 'subject_id', 'visitor_id']
const NAMES = ['actor', 'stage', 'segment', 'watch_percentage', 'type', 'amount', 'currency', 'order_id', 'booking_id']

function shortData({ data }: Body) {
  const kept = [...IDS, ...NAMES].filter(name => name in data).map(name => [name, clip(data[name])])
  const absent = 'activity_id' in data ? { before: null, after: null } : {}
  return { truncated: true, ...Object.fromEntries(kept), ...absent }
}

function clip(value: unknown) {
  return typeof value === 'string' ? value.slice(0, 1000) : value
}
