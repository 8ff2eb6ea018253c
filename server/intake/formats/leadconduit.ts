import { textOf } from './bag.ts'
import type { Format, Outcome, Raw, Reply } from './format.ts'
import { generic } from './generic.ts'

/** The synchronous answer that sellers of leads read: https://support.activeprospect.com (LeadConduit, responses). JSON, or XML when asked for. */
export const leadconduit: Format = {
  name: 'leadconduit',
  title: 'LeadConduit and sellers that read its answers',
  instructions:
    'Send each lead as `POST {address}`, JSON or a form. The answer is `{outcome, reason, lead: {id}, price}`: success and failure are final, error ' +
    'means that the request was malformed. Send `Accept: text/xml` for XML.',
  secrets: [],
  recognises: () => false,
  verify: () => ({ unsigned: true }),
  read(raw) {
    const read = generic.read(raw)
    if (!read.ok) return read
    const items = read.items.map(item => ({
      ...item,
      delivery_key: textOf(item.fields['lead.id'] ?? item.fields.lead_id) ?? null,
      is_test:
        item.fields.is_test === true || item.fields.test === true || /^(1|true|yes)$/i.test(String(item.fields.lead_test ?? '')),
    }))
    return { ok: true, items }
  },
  reply: answer,
}

function answer({ outcome, status, reason, message, lead_id }: Outcome, { headers }: Raw): Reply {
  const word = status === 422 || status === 400 ? 'error' : outcome
  const why = message ?? reason
  if (/\bxml\b/.test(headers.accept ?? '')) {
    const parts = [
      `<outcome>${word}</outcome>`,
      ...(why === null ? [] : [`<reason>${escaped(why)}</reason>`]),
      ...(lead_id === null ? [] : [`<lead><id>${lead_id}</id></lead>`]),
      '<price>0</price>',
    ]
    const body = `<?xml version="1.0" encoding="UTF-8"?><result>${parts.join('')}</result>`
    return { status: 200, headers: { 'content-type': 'text/xml; charset=utf-8' }, body }
  }
  const lead = lead_id === null ? {} : { lead: { id: String(lead_id) } }
  return { status: 200, body: { outcome: word, ...(why === null ? {} : { reason: why }), ...lead, price: 0 } }
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
