import type { EndpointCreate } from '../../shared/webhooks.ts'
import { seal, unseal } from '../secrets.ts'

export type Header = { name: string; value: string }
type Given = NonNullable<EndpointCreate['headers']>
/** Which endpoint the headers are of: sealed for one they cannot be opened for another. */
type Place = { workspace_id: number; id: number }

/** As they are stored; null for none. */
export function sealHeaders(key: Buffer, place: Place, headers: readonly Header[]): string | null {
  return headers.length === 0 ? null : seal(key, JSON.stringify(headers), boundTo(place))
}

/** Throws when they were sealed with another key. */
export function unsealHeaders(key: Buffer, place: Place, sealed: string | null): Header[] {
  return sealed === null ? [] : (JSON.parse(unseal(key, sealed, boundTo(place))) as Header[])
}

/** None when they were sealed with another key: who sets them again must give their values. */
export function readableHeaders(key: Buffer, place: Place, sealed: string | null): Header[] {
  try {
    return unsealHeaders(key, place, sealed)
  } catch {
    return []
  }
}

/** The names alone, which is all that is ever shown. A list of endpoints must open even when the key is another one than it was. */
export function namesOfHeaders(key: Buffer, place: Place, sealed: string | null): { name: string }[] {
  try {
    return unsealHeaders(key, place, sealed).map(({ name }) => ({ name }))
  } catch {
    return [{ name: 'cannot be read: SECRET_KEY is another one than when they were set' }]
  }
}

/** What is given, with the values that it leaves as they were. */
export function keepValues(given: Given, before: readonly Header[]): Given {
  const known = new Map(before.map(({ name, value }) => [name.toLowerCase(), value]))
  return given.map(({ name, value = known.get(name.toLowerCase()) }) => (value === undefined ? { name } : { name, value }))
}

/** What is wrong with each, by the name of its field: `headers.0.name`. */
export function judgeHeaders(headers: Given): Record<string, string> {
  const fields: Record<string, string> = {}
  const seen = new Set<string>()
  for (const [k, { name, value }] of headers.entries()) {
    const lower = name.toLowerCase()
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(lower)) fields[`headers.${k}.name`] = 'must be letters, digits and dashes'
    else if (OURS.test(lower)) fields[`headers.${k}.name`] = 'is set by the server itself'
    else if (seen.has(lower)) fields[`headers.${k}.name`] = 'is there twice'
    seen.add(lower)
    if (value === undefined) fields[`headers.${k}.value`] = 'is required for a header that is new'
    else if (!/^[\t\x20-\x7e]*$/.test(value))
      fields[`headers.${k}.value`] = 'must be plain text: letters without accents, digits, signs'
  }
  return fields
}

// What frames the request, what the signature stands in, and who asks: a receiver must be able to trust them.
const OURS =
  /^(host|content-.*|connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect|accept-encoding|user-agent|webhook-.*)$/

function boundTo({ workspace_id, id }: Place) {
  return `endpoints.headers ${workspace_id} ${id}`
}
