import { beforeAll, describe, expect, test } from 'vitest'
import { type FreshApp, freshApp, type Tenant } from '../../test/app.ts'
import { basic, batch, bearer, identify, page, sally, traitsOf } from '../../test/people.ts'
import { signedIn } from '../../test/session.ts'
import { inWorkspace } from '../database/transaction.ts'

let fresh: FreshApp
let other: Tenant
const theirs: Record<string, number | string> = {}
let our_contact: number

const SECRET = 'only-theirs@example.com'

beforeAll(async () => {
  fresh = await freshApp()
  other = await fresh.another('Rival')
  const send = (key: string, email: string) =>
    fresh.app.inject({
      method: 'POST',
      url: '/v1/batch',
      headers: basic(key),
      payload: batch(
        page('Home', { anonymousId: sally.laptop }),
        identify({ anonymousId: sally.laptop, userId: sally.user_id, traits: { ...traitsOf(sally), email } }),
      ),
    })
  await send(fresh.write_key, sally.email)
  await send(other.write_key, SECRET)
  const get = async (url: string) => (await fresh.app.inject({ url, headers: bearer(other.secret_key) })).json()
  const mine = await fresh.app.inject({ url: '/api/v1/contacts', headers: bearer(fresh.secret_key) })
  our_contact = mine.json().data[0].id
  theirs.contact = (await get('/api/v1/contacts')).data[0].id
  theirs.visitor = (await get('/api/v1/visitors')).data[0].id
  theirs.key = (await get('/api/v1/keys')).data[0].id
  theirs.workspace = other.workspace_id
  await fresh.database.system`update workspaces set allowed_hosts = '{example.com}'`
  await makePeople()
  await makeDecisions()
  await makeLead()
  await makeEndpoint()
  await takeLead()
  await makeStaff()
  await makeRouting()
  await makeAppointments()
  await makeFunnel()
  await connectCrm()
})

/** Who works there, and what they may do. */
async function makePeople() {
  const post = (url: string, payload: object) =>
    fresh.app.inject({ method: 'POST', url: `/api/v1${url}`, headers: bearer(other.secret_key), payload })
  theirs.user = (await signedIn(fresh, 'agent', other.workspace_id)).user_id
  theirs.role = (await post('/roles', { name: SECRET, permissions: {} })).json().id
  theirs.team = (await post('/teams', { name: SECRET, user_ids: [theirs.user] })).json().id
  theirs.invitation = (await post('/invitations', { email: `invited.${SECRET}`, role: 'agent' })).json().id
}

/** A link, a merge and a suggestion of theirs, so that their ids exist. */
async function makeDecisions() {
  const { system } = fresh.database
  const [link] = await system<{ id: number }[]>`select id from identity_links where workspace_id = ${other.workspace_id} limit 1`
  theirs.link = link!.id
  const second = await fresh.app.inject({
    method: 'POST',
    url: '/api/v1/contacts',
    headers: bearer(other.secret_key),
    payload: { email: 'second@example.com' },
  })
  const [one, two] = [Number(theirs.contact), second.json().id as number].sort((a, b) => a - b)
  const [merge] = await system<{ id: number }[]>`
    insert into contact_merges (workspace_id, winner_id, loser_id, actor, before)
    values (${other.workspace_id}, ${one!}, ${two!}, '{}', '{}')
    returning id`
  const [suggestion] = await system<{ id: number }[]>`
    insert into merge_suggestions (workspace_id, contact_id, other_contact_id, reason)
    values (${other.workspace_id}, ${one!}, ${two!}, 'two_keys')
    returning id`
  Object.assign(theirs, { merge: merge!.id, suggestion: suggestion!.id })
}

/** An endpoint of theirs, and what a test sent to it. */
async function makeEndpoint() {
  const post = (url: string, payload: object) =>
    fresh.app.inject({ method: 'POST', url: `/api/v1${url}`, headers: bearer(other.secret_key), payload })
  theirs.endpoint = (await post('/endpoints', { url: `http://localhost:9999/${SECRET}`, events: ['*'] })).json().id
  theirs.deliverie = (await post(`/endpoints/${theirs.endpoint}/tests`, {})).json().delivery_id
  const rule = await post('/forwarding-rules', { name: SECRET, endpoint_ids: [theirs.endpoint] })
  theirs['forwarding-rule'] = rule.json().id
}

/** Where leads come in, who sends them, and one that came. */
async function takeLead() {
  const post = (url: string, payload: object) =>
    fresh.app.inject({ method: 'POST', url: `/api/v1${url}`, headers: bearer(other.secret_key), payload })
  const webhook = (await post('/intake-webhooks', { name: SECRET, lead_type: 'solar' })).json<{
    id: number
    webhook_id: string
  }>()
  theirs['intake-webhook'] = webhook.id
  theirs.provider = (await post('/providers', { provider_id: 'only-theirs', provider_name: SECRET })).json().provider_id
  const sent = await fresh.app.inject({ method: 'POST', url: `/intake/${webhook.webhook_id}`, payload: { email: SECRET } })
  theirs['intake-deliverie'] = sent.json().delivery_id
}

/** A lead of theirs with a task, and how they work on leads. */
async function makeLead() {
  const post = (url: string, payload: object) =>
    fresh.app.inject({ method: 'POST', url: `/api/v1${url}`, headers: bearer(other.secret_key), payload })
  theirs.lead = (await post('/leads', { email: SECRET, source: SECRET })).json().id
  theirs.conversion = (await post('/conversions', { lead_id: theirs.lead, value: 5, order_id: SECRET })).json().id
  theirs.task = (await post('/tasks', { kind: 'todo', title: SECRET, lead_id: theirs.lead })).json().id
  theirs.pipeline = (await post('/pipelines', { name: SECRET })).json().id
  theirs['lead-type'] = (await post('/lead-types', { key: 'only_theirs', name: SECRET })).json().key
  theirs['assignment-rule'] = (await post('/assignment-rules', { name: SECRET, strategy: 'weighted', members: [] })).json().id
}

/** Somebody of theirs who is away. */
async function makeStaff() {
  const { user_id } = await signedIn(fresh, 'agent', other.workspace_id)
  const away = { starts_at: '2026-07-01T00:00:00Z', ends_at: '2026-07-02T00:00:00Z', reason: SECRET }
  const url = `/api/v1/staff/${user_id}/absences`
  const absence = await fresh.app.inject({ method: 'POST', url, headers: bearer(other.secret_key), payload: away })
  theirs.staff = user_id
  theirs.absence = absence.json().id
}

/** A funnel of theirs with a page and a video. */
async function makeFunnel() {
  const post = (url: string, payload: object) =>
    fresh.app.inject({ method: 'POST', url: `/api/v1${url}`, headers: bearer(other.secret_key), payload })
  const { id, funnel_id } = (await post('/funnels', { name: SECRET })).json<{ id: number; funnel_id: string }>()
  theirs.funnel = id
  const rule = { kind: 'stage', stage: 'lead' }
  theirs.segment = (await post('/segments', { name: SECRET, rule })).json().id
  theirs['consent-purpose'] = (await post('/consent-purposes', { name: 'theirs', label: SECRET })).json().id
  theirs.tag = (await post('/tags', { name: SECRET })).json().id
  theirs.page = (await post('/pages', { funnel_id, kind: 'watch', name: SECRET })).json().id
  theirs.video = (await post('/videos', { funnel_id, video_id: SECRET })).json().id
  theirs['custom-field'] = (
    await post('/custom-fields', { noun: 'contact', key: 'theirs', label: SECRET, type: 'text' })
  ).json().id
  theirs.note = (await post('/notes', { contact_id: theirs.contact, body: SECRET })).json().id
  theirs.view = (await post('/views', { screen: 'contacts', name: SECRET, state: {}, is_shared: true })).json().id
  theirs.dashboard = (await post('/dashboards', { name: SECRET, state: {}, is_shared: true })).json().id
}

/** A CRM of theirs, a run, and a mailing list. */
async function connectCrm() {
  const post = (url: string, payload: object) =>
    fresh.app.inject({ method: 'POST', url: `/api/v1/crm${url}`, headers: bearer(other.secret_key), payload })
  theirs.connection = (await post('/connections', { provider: 'salesforce', name: SECRET, active: false })).json().id
  theirs.list = (await post('/lists', { name: SECRET })).json().id
  const [run] = await fresh.database.system<{ id: number }[]>`
    insert into crm_runs (workspace_id, kind, connection_id, state, actor)
    values (${other.workspace_id}, 'sustainers', ${theirs.connection!}, 'done', '{"kind": "system"}')
    returning id`
  theirs.run = run!.id
  const [transfer] = await fresh.database.system<{ id: number }[]>`
    insert into transfers (workspace_id, kind, name, step, state, actor)
    values (${other.workspace_id}, 'bulk', ${SECRET}, 'none', 'stopped', '{"kind": "system"}')
    returning id`
  theirs.transfer = transfer!.id
  const ask = (url: string, payload: object) =>
    fresh.app.inject({ method: 'POST', url: `/api/v1${url}`, headers: bearer(other.secret_key), payload })
  theirs.export = (await ask('/exports', { of: 'contacts' })).json().id
  theirs['bulk-action'] = (await ask('/bulk-actions', { of: 'contacts', action: 'tag', names: [SECRET], query: {} })).json().id
  const [erasure] = await fresh.database.system<{ id: number }[]>`
    insert into erasures (workspace_id, state, contact_ids, actor) values (${other.workspace_id}, 'done', '{}', '{}') returning id`
  theirs.erasure = erasure!.id
  const file = { method: 'POST', url: '/api/v1/imports', headers: bearer(other.secret_key), payload: { email: SECRET } } as const
  theirs.import = (await fresh.app.inject(file)).json().id
}

/** Who gets their appointments. */
async function makeRouting() {
  const post = (url: string, payload: object) =>
    fresh.app.inject({ method: 'POST', url: `/api/v1${url}`, headers: bearer(other.secret_key), payload })
  theirs.pool = (await post('/pools', { name: SECRET, strategy: 'weighted', members: [] })).json().id
  theirs['routing-rule'] = (await post('/routing-rules', { name: SECRET, target: { kind: 'nobody' } })).json().id
  theirs['area-list'] = (await post('/area-lists', { name: SECRET, kind: 'zip', entries: ['94110'] })).json().id
  theirs.version = 1
}

/** An appointment of theirs, and what only they book. */
async function makeAppointments() {
  const post = (url: string, payload: object) =>
    fresh.app.inject({ method: 'POST', url: `/api/v1${url}`, headers: bearer(other.secret_key), payload })
  theirs['appointment-type'] = (await post('/appointment-types', { key: 'only_theirs', name: SECRET })).json().key
  const scheduled_at = new Date(Date.now() + 7 * 86_400_000).toISOString()
  theirs.appointment = (await post('/appointments', { email: SECRET, scheduled_at, notes: SECRET })).json().id
}

/** Every route with an id in its address, as the published description has them. */
function routes() {
  const paths = fresh.app.swagger().paths as Record<string, Record<string, object>>
  return Object.entries(paths).flatMap(([path, methods]) =>
    path.startsWith('/api/v1/') ? Object.keys(methods).map(method => ({ method: method.toUpperCase(), path })) : [],
  )
}

function address(path: string) {
  return path.replace(/\{\w+\}/g, (_, at: number) => {
    const noun = path
      .slice(0, at)
      .match(
        /(contact|conversion|visitor|key|workspace|link|merge|suggestion|endpoint|deliverie|lead|task|pipeline|lead-type|assignment-rule|intake-webhook|intake-deliverie|provider|forwarding-rule|staff|absence|funnel|segment|page|video|dashboard|custom-field|note|view|appointment|appointment-type|pool|routing-rule|area-list|version|connection|run|list|tag|user|invitation|role|team|transfer|export|bulk-action|import|erasure|consent-purpose)s?\/$/,
      )?.[1]
    const id = theirs[noun ?? '']
    if (id === undefined) throw new Error(`Say in this test which id of another workspace belongs into ${path}.`)
    return String(id)
  })
}

/** What a route must be sent to come as far as the question whose the id is. */
const BODIES: Record<string, object> = {
  get merge() {
    return { other_id: our_contact }
  },
  visitors: { distinct_id: sally.laptop },
  status: { status: 'new' },
  move: { status: 'new' },
  links: { url: 'https://example.com/' },
  'mapping-trial': { mapping: null },
  forwards: { endpoint_id: 1 },
  replays: { since: '2026-01-01T00:00:00Z' },
  'hand-on': { workspace_id: 1 },
  '/api/v1/routing-rules/{id}/move': { position: 1 },
  entries: { entries: ['94110'] },
  reschedule: { scheduled_at: '2099-01-01T10:00:00Z' },
  assign: { assigned_to: null },
  absences: { starts_at: '2026-07-01T00:00:00Z', ends_at: '2026-07-02T00:00:00Z' },
  busy: { url: 'https://example.com/calendar.ics' },
  '/api/v1/users/{id}': { role: 'agent' },
  '/api/v1/visitors/{id}': { owner_id: null },
  'hand-over': { to: null },
  '/api/v1/roles/{id}': { name: 'ours' },
  '/api/v1/teams/{id}': { name: 'ours' },
  '/api/v1/contacts/{id}/tags': { names: ['ours'] },
  consents: { purposes: { marketing: true } },
  '/api/v1/consent-purposes/{id}': { label: 'ours' },
  'crm-mark': { mark: 'spam' },
  '/api/v1/crm/connections/{id}/links': { links: [{ email: 'sally@example.com', external_id: 'NB-1' }] },
  '/api/v1/crm/lists/{id}/contacts': { email: 'sally@example.com' },
}

test('every address with an id of another workspace is not found', async () => {
  // The address of a booking page and a customer's token say themselves whose they are, and need no key. An account is of no workspace.
  const withIds = routes().filter(route => route.path.includes('{') && !/\/bookings?\/|\/account\//.test(route.path))
  expect(withIds.length).toBeGreaterThan(10)
  for (const { method, path } of withIds) {
    const body = BODIES[path] ?? BODIES[path.split('/').at(-1)!] ?? {}
    const response = await fresh.app.inject({
      method: method as 'GET',
      url: address(path) + (method === 'GET' && path.endsWith('/merge') ? `?other_id=${our_contact}` : ''),
      headers: bearer(fresh.secret_key),
      ...(['POST', 'PATCH', 'PUT'].includes(method) ? { payload: body } : {}),
    })
    expect([method, path, response.statusCode]).toEqual([method, path, 404])
  }
})

test('a contact of another workspace cannot be merged into one of ours', async () => {
  const response = await fresh.app.inject({
    method: 'POST',
    url: `/api/v1/contacts/${our_contact}/merge`,
    headers: bearer(fresh.secret_key),
    payload: { other_id: theirs.contact },
  })
  expect(response.statusCode).toBe(404)
})

test('no list shows anything of another workspace', async () => {
  const lists = routes().filter(({ method, path }) => method === 'GET' && !path.includes('{') && !path.endsWith('/live'))
  expect(lists.length).toBeGreaterThan(8)
  for (const { path } of lists) {
    const response = await fresh.app.inject({ url: path, headers: bearer(fresh.secret_key) })
    expect(response.body, path).not.toContain(SECRET)
  }
  for (const query of ['q=only-theirs', `email=${SECRET}`, `contact_id=${theirs.contact}`]) {
    const url = query.startsWith('contact_id') ? `/api/v1/events?${query}` : `/api/v1/contacts?${query}`
    expect((await fresh.app.inject({ url, headers: bearer(fresh.secret_key) })).body).not.toContain(SECRET)
  }
})

test('a session names only workspaces that its user belongs to', async () => {
  const { headers } = await signedIn(fresh)
  const response = await fresh.app.inject({
    url: '/api/v1/contacts',
    headers: { ...headers, 'x-workspace-id': String(other.workspace_id) },
  })
  expect([response.statusCode, response.json().error.code]).toEqual([404, 'not_found'])
})

describe('row level security holds alone, without any filter of ours', () => {
  const TABLES = [
    'workspaces', 'memberships', 'keys', 'idempotency_keys', 'activities', 'contacts', 'contact_keys', 'contact_search', 'visitors',
    'identity_links', 'contact_merges', 'merge_suggestions', 'events', 'message_ids', 'sessions', 'event_counts', 'event_refusals', 'jobs',
    'intake_webhooks', 'intake_deliveries', 'intake_counters', 'provider_usage', 'providers', 'leads', 'lead_days',
    'conversions', 'conversion_days',
    'endpoints', 'endpoint_secrets', 'endpoint_turns', 'webhook_messages', 'deliveries', 'delivery_attempts', 'endpoint_hours', 'endpoint_versions', 'event_batches', 'mails', 'tags', 'contact_tags', 'consent_purposes',
  ] // biome-ignore format: one word after the other

  test('every table with a workspace stands behind it', async () => {
    const rows = await fresh.database.system<{ name: string }[]>`
      select c.relname as name
        from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attname = 'workspace_id'
       where c.relkind in ('r', 'p') and not (c.relrowsecurity and c.relforcerowsecurity) and c.relnamespace = 'public'::regnamespace`
    expect(rows.map(row => row.name)).toEqual([])
  })

  test.each(TABLES)('%s shows nothing when no workspace is named, and one when one is', async table => {
    const column = table === 'workspaces' ? 'id' : 'workspace_id'
    const nobody = await fresh.database.app.unsafe(`select 1 from ${table}`)
    expect(nobody).toHaveLength(0)
    const rows = await inWorkspace(fresh.database, fresh.workspace_id, sql =>
      sql.unsafe(`select distinct ${column} as id from ${table}`),
    )
    expect([[], [fresh.workspace_id]]).toContainEqual(rows.map(row => row.id))
  })

  test('a row cannot be written into another workspace', async () => {
    const write = inWorkspace(
      fresh.database,
      fresh.workspace_id,
      sql => sql`insert into activities (workspace_id, action, actor) values (${other.workspace_id}, 'x', '{}')`,
    )
    await expect(write).rejects.toThrow('row-level security')
  })

  test('the role of requests has no right to users, sessions and links', async () => {
    for (const table of ['users', 'user_sessions', 'sign_in_links', 'organizations'])
      await expect(fresh.database.app.unsafe(`select 1 from ${table}`)).rejects.toThrow('permission denied')
  })
})
