import { sameText } from '../../workspaces/secrets.ts'
import { bagsOf, readBag, textOf, withoutNothing } from './bag.ts'
import type { Ask, Fetched, Field, Fields, Format, Item } from './format.ts'
import { readJson } from './json.ts'
import { hmac, judgeSignature } from './signature.ts'

/** https://developers.facebook.com/docs/graph-api/webhooks/getting-started and .../webhooks-for-leadgen: only ids come, the lead is fetched. */
export const meta: Format = {
  name: 'meta',
  title: 'Meta lead ads (Facebook, Instagram)',
  instructions:
    'In your Meta app add the product Webhooks, object Page, callback URL `{address}`, the verify token that you type here, field `leadgen`. ' +
    'Subscribe each page (`POST /{page}/subscribed_apps?subscribed_fields=leadgen`) and give here the app secret and a page access token ' +
    'with `leads_retrieval`.',
  secrets: [
    { name: 'app_secret', label: 'App secret', required: true },
    { name: 'verify_token', label: 'Verify token', required: true },
    { name: 'page_token', label: 'Page access token', required: true },
    { name: 'graph_url', label: 'Address of the Graph API (https://graph.facebook.com/v23.0 without)', required: false },
  ],
  recognises: ({ body, query }) => query.has('hub.mode') || (body.includes('"leadgen_id"') && body.includes('"leadgen"')),
  verify: ({ body, headers }, { app_secret }) =>
    judgeSignature(app_secret, headers['x-hub-signature-256'], 'X-Hub-Signature-256', secret => [
      `sha256=${hmac(secret, body, 'hex')}`,
    ]),
  handshake({ method, query }, { verify_token }) {
    if (method !== 'GET' || query.get('hub.mode') !== 'subscribe') return null
    if (!verify_token || !sameText(query.get('hub.verify_token') ?? '', verify_token))
      return { status: 403, body: 'The verify token is not the one that is set for this webhook.' }
    return { status: 200, headers: { 'content-type': 'text/plain' }, body: query.get('hub.challenge') ?? '' }
  },
  read({ body }) {
    const bag = readBag(body)
    if (!bag) return { ok: false, reason: 'The body is not a JSON object, as Meta sends it.' }
    return { ok: true, items: bagsOf(bag.entry).flatMap(entry => bagsOf(entry.changes).map(itemOf)) }
  },
  fetch: ({ id }, { page_token, graph_url }, ask) => fetchLead(id, page_token, graph_url ?? GRAPH, ask),
}

const GRAPH = 'https://graph.facebook.com/v23.0'
const FIELDS =
  'id,created_time,ad_id,ad_name,adset_id,adset_name,campaign_id,campaign_name,form_id,is_organic,platform,partner_name,field_data,custom_disclaimer_responses'

function itemOf({ field, value }: Record<string, unknown>): Item {
  const given = withoutNothing({ ...(value as Fields) }) as Fields
  const id = textOf(given.leadgen_id)
  const item = { delivery_key: id ?? null, fields: given, is_test: false }
  if (field !== 'leadgen' || id === undefined) return { ...item, delivery_key: null, kind: 'ignored' }
  return { ...item, kind: 'fetch', fetch: { id } }
}

/** Also what a page of `/{form}/leads` holds, for the backfill. */
export function fieldsOfLead(lead: Record<string, unknown>): Fields {
  const { field_data, campaign_name, id, ...rest } = lead
  const answers = bagsOf(field_data).flatMap(({ name, values }) => {
    const key = textOf(name)
    const all = Array.isArray(values) ? values.map(String) : []
    return key && all.length > 0 ? [[key, (all.length === 1 ? all[0] : all) as Field] as const] : []
  })
  return {
    ...withoutNothing(rest as Fields),
    ...withoutNothing({ leadgen_id: textOf(id), campaign: textOf(campaign_name) }),
    ...Object.fromEntries(answers),
  }
}

async function fetchLead(id: string, token: string | undefined, graph: string, ask: Ask): Promise<Fetched> {
  if (!token) return { ok: false, again: false, reason: 'The page access token is missing in the settings of the webhook.' }
  const url = `${graph.replace(/\/+$/, '')}/${encodeURIComponent(id)}?fields=${FIELDS}`
  const answer = await ask({ method: 'GET', url, headers: { authorization: `Bearer ${token}` } })
  if (!answer.ok) return { ok: false, again: true, reason: answer.reason }
  const bag = readJson(answer.body) as { error?: { code?: unknown; message?: unknown } } | undefined
  if (answer.status === 200 && bag && typeof bag === 'object' && !bag.error)
    return { ok: true, fields: fieldsOfLead(bag as Fields) }
  const again = answer.status >= 500 || answer.status === 429 || LIMITS.has(Number(bag?.error?.code))
  const said = textOf(bag?.error?.message) ?? `status ${answer.status}`
  return { ok: false, again, reason: `Meta did not give the lead: ${said.slice(0, 300)}` }
}

/** Codes of Meta that mean "later": https://developers.facebook.com/docs/graph-api/overview/rate-limiting */
const LIMITS = new Set([1, 2, 4, 17, 32, 341, 368, 613, 80_000, 80_001, 80_005])
