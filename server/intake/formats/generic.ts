import { flatten } from './flatten.ts'
import { type Field, type Fields, type Format, type Item, MOST_ITEMS, type Raw, type Read } from './format.ts'
import { readJson } from './json.ts'
import { readMultipart } from './multipart.ts'

/** Anything that posts JSON or a form. What no other format recognises is read as this. */
export const generic: Format = {
  name: 'generic',
  title: 'JSON or form',
  instructions:
    'Send each lead as `POST {address}` with a JSON object or a form. Usual names of fields are understood (`first_name`, `firstName`, ' +
    '`First Name`, `phone`, `zip`, ...); others can be mapped. Send an `Idempotency-Key` header, and a repeated request makes nothing twice.',
  secrets: [],
  recognises: () => true,
  verify: () => ({ unsigned: true }),
  read(raw) {
    const query = formOf(raw.query)
    if (raw.body.length === 0) return listOf([query])
    const read = readForm(raw) ?? readBodies(raw)
    if (read === undefined) return { ok: false, reason: 'The body is neither a JSON object nor a form.' }
    return listOf(read.map(fields => ({ ...query, ...fields })))
  },
}

function listOf(all: Fields[]): Read {
  if (all.length > MOST_ITEMS)
    return { ok: false, reason: `One request may carry ${MOST_ITEMS} leads, and this one has ${all.length}.` }
  return { ok: true, items: all.map((fields): Item => ({ delivery_key: null, fields, is_test: false, kind: 'lead' })) }
}

function readForm(raw: Raw): Fields[] | undefined {
  if (raw.content_type === 'multipart/form-data') {
    const form = readMultipart(raw.body, raw.headers['content-type'] ?? '')
    return form && [formOf(form)]
  }
  return isForm(raw) ? [formOf(new URLSearchParams(raw.body.toString('utf8')))] : undefined
}

function isForm({ content_type, body }: Raw) {
  if (content_type === 'application/x-www-form-urlencoded') return !/^\s*[[{]/.test(body.toString('utf8', 0, 64))
  return content_type !== 'application/json' && /^[^\s{[<"][^\s{[<]*=/.test(body.toString('utf8', 0, 500))
}

/** Zapier and others wrap a single object in a list. */
function readBodies({ body }: Raw): Fields[] | undefined {
  const value = readJson(body)
  const list = Array.isArray(value) ? value : [value]
  if (list.length === 0 || list.some(item => typeof item !== 'object' || item === null || Array.isArray(item))) return undefined
  return list.map(flatten)
}

function formOf(values: URLSearchParams): Fields {
  const entries: [string, Field][] = [...new Set(values.keys())].map(key => {
    const all = values.getAll(key)
    return [key.replace(/\[\]$/, ''), all.length === 1 ? all[0]! : all]
  })
  return Object.fromEntries(entries)
}
