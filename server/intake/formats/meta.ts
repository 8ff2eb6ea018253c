import { sameText } from '../../workspaces/secrets.ts'
import { asBag, type Bag, bagsOf, readBag, textOf, withoutNothing } from './bag.ts'
import type { Ask, Fetched, Field, Fields, Format, Item, Listed } from './format.ts'
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
    { name: 'form_ids', label: 'Ids of the forms, for leads that got lost (separated by commas)', required: false },
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
  list: (since, secrets, ask) => listLeads(since, secrets, ask),
  announce: id => ({ object: 'page', entry: [{ changes: [{ field: 'leadgen', value: { leadgen_id: id } }] }] }),
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

function fieldsOfLead(lead: Bag): Fields {
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
  const answer = await askGraph(`${encodeURIComponent(id)}?fields=${FIELDS}`, token, graph, ask)
  return answer.ok ? { ok: true, fields: fieldsOfLead(answer.bag) } : answer
}

/** A form's leads, page by page. The cursor is followed and not the address in `next`: that could lead anywhere. */
async function listLeads(
  since: string,
  { page_token, graph_url, form_ids = '' }: Record<string, string>,
  ask: Ask,
): Promise<Listed> {
  const from = Math.floor(Date.parse(since) / 1000)
  const filter = encodeURIComponent(JSON.stringify([{ field: 'time_created', operator: 'GREATER_THAN', value: from }]))
  const ids: string[] = []
  for (const form of form_ids.split(',').flatMap(id => id.trim() || [])) {
    let after = ''
    for (let page = 0; page < MOST_PAGES; page++) {
      const path = `${encodeURIComponent(form)}/leads?fields=id&limit=100&filtering=${filter}${after}`
      const answer = await askGraph(path, page_token, graph_url ?? GRAPH, ask)
      if (!answer.ok) return answer
      ids.push(...bagsOf(answer.bag.data).flatMap(({ id }) => textOf(id) ?? []))
      const paging = asBag(answer.bag.paging)
      const cursor = textOf(asBag(paging?.cursors)?.after)
      if (paging?.next === undefined || cursor === undefined) break
      after = `&after=${encodeURIComponent(cursor)}`
    }
  }
  return { ok: true, ids }
}

const MOST_PAGES = 1_000

type Answered = { ok: true; bag: Bag } | { ok: false; reason: string; again: boolean }

async function askGraph(path: string, token: string | undefined, graph: string, ask: Ask): Promise<Answered> {
  if (!token) return { ok: false, again: false, reason: 'The page access token is missing in the settings of the webhook.' }
  const url = `${graph.replace(/\/+$/, '')}/${path}`
  const answer = await ask({ method: 'GET', url, headers: { authorization: `Bearer ${token}` } })
  if (!answer.ok) return { ok: false, again: true, reason: answer.reason }
  const bag = asBag(readJson(answer.body))
  const error = asBag(bag?.error)
  if (answer.status === 200 && bag && !error) return { ok: true, bag }
  const again = answer.status >= 500 || answer.status === 429 || LIMITS.has(Number(error?.code))
  const said = textOf(error?.message) ?? `status ${answer.status}`
  return { ok: false, again, reason: `Meta did not answer what was asked: ${said.slice(0, 300)}` }
}

/** Codes of Meta that mean "later": https://developers.facebook.com/docs/graph-api/overview/rate-limiting */
const LIMITS = new Set([1, 2, 4, 17, 32, 341, 368, 613, 80_000, 80_001, 80_005])
