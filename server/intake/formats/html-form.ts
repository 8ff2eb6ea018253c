import type { Fields, Format, Outcome, Raw, Reply } from './format.ts'
import { generic } from './generic.ts'

/** A form in a page, also one that was made for Salesforce's Web-to-Lead: only its `action` changes. */
export const htmlForm: Format = {
  name: 'html_form',
  title: 'HTML form',
  instructions:
    'Let the form of your page post to `{address}`: `<form method="post" action="{address}">`. Who has sent it goes to the address that is set ' +
    'here, or to `retURL` on the same site. A hidden field named `_gotcha` keeps simple robots out; a hidden `distinct_id` joins the visitor.',
  secrets: [],
  recognises: ({ content_type, headers }) => FORMS.has(content_type) && (headers.accept ?? '').includes('text/html'),
  verify: () => ({ unsigned: true }),
  read(raw) {
    const read = generic.read(raw)
    if (!read.ok) return read
    const items = read.items.map(item => ({
      ...item,
      fields: withoutControls(item.fields),
      // A person never sees the field. Whoever fills it is told that all went well.
      kind: HONEYPOTS.some(name => (item.fields[name] ?? '') !== '') ? ('ignored' as const) : item.kind,
      is_test: item.fields.debug === '1' && item.fields.oid !== undefined,
    }))
    return { ok: true, items }
  },
  reply: answer,
}

const FORMS = new Set(['application/x-www-form-urlencoded', 'multipart/form-data'])
const HONEYPOTS = ['_gotcha', '_honeypot', 'honeypot']
const CONTROLS = new Set([
  ...HONEYPOTS,
  'retURL',
  'oid',
  'encoding',
  'submit',
  'debug',
  'debugEmail',
  'g-recaptcha-response',
  'captcha_settings',
])

function withoutControls(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !CONTROLS.has(name)))
}

function answer(outcome: Outcome, raw: Raw): Reply {
  const { status, message, reason, redirect_url, lead_id } = outcome
  const said = message ?? reason
  if (!(raw.headers.accept ?? '').includes('text/html'))
    return {
      status,
      body: { outcome: outcome.outcome, ...(said === null ? {} : { message: said }), ...(lead_id === null ? {} : { lead_id }) },
    }
  const next = status === 422 ? null : (redirect_url ?? ownPage(raw))
  if (next !== null) return { status: 303, headers: { location: next }, body: null }
  const sentence = status === 422 ? `Please go back and look at the form again. ${said ?? ''}` : 'Thank you. It has arrived.'
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body: page(sentence) }
}

/** `retURL` is typed by whoever made the page, or by whoever wants to lead people astray: only the site that posted may be meant. */
function ownPage({ body, query, headers }: Raw): string | null {
  const wanted = new URLSearchParams(body.toString('utf8')).get('retURL') ?? query.get('retURL')
  const from = headers.origin ?? headers.referer
  if (!wanted || !from || !URL.canParse(from) || !URL.canParse(wanted)) return null
  const url = new URL(wanted)
  return /^https?:$/.test(url.protocol) && url.origin === new URL(from).origin ? url.href : null
}

function page(sentence: string): string {
  const text = sentence.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Form</title><p>${text}</p></html>`
}
