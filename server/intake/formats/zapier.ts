import { sameText } from '../../workspaces/secrets.ts'
import type { Fields, Format } from './format.ts'
import { generic } from './generic.ts'

/** https://docs.zapier.com: Webhooks by Zapier, and its like (Make, n8n, Pipedream). Nested keys may come written as `a__b`. */
export const zapier: Format = {
  name: 'zapier',
  title: 'Zapier, Make and other automation',
  instructions:
    'In Zapier use "Webhooks by Zapier", POST, URL `{address}`, payload type JSON, and one row for each field. Give a token here and send it as ' +
    'the header `x-webhook-token` (or as `?token=` in the address).',
  secrets: [{ name: 'token', label: 'Token', required: false }],
  recognises: ({ headers }) => /zapier|make\/|integromat|pipedream|n8n/i.test(headers['user-agent'] ?? ''),
  verify({ headers, query }, { token }) {
    if (!token) return { unsigned: true }
    const given = headers['x-webhook-token'] ?? query.get('token') ?? ''
    return sameText(given, token) ? { ok: true } : { ok: false, reason: 'The token in x-webhook-token is missing or wrong.' }
  },
  read(raw) {
    const read = generic.read(raw)
    if (!read.ok) return read
    return { ok: true, items: read.items.map(item => ({ ...item, fields: nested(item.fields) })) }
  },
}

function nested({ token: _, ...fields }: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key.replaceAll('__', '.'), value]))
}
