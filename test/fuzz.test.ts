import { Agent, request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ERRORS } from '../server/errors.ts'
import { type FreshApp, freshApp, type Tenant } from './app.ts'
import { figure, seed, sized } from './faults/size.ts'
import { rawRequest, sendRaw } from './fuzz/raw.ts'
import { type Fuzzed, fuzzed, type Known } from './fuzz/requests.ts'
import { type Operation, operationsOf, UNPUBLISHED } from './openapi.ts'
import { bearer, bob, jane, john, sally } from './people.ts'
import { type Chance, seeded } from './seeded.ts'
import { live, signIn } from './wall/tenants.ts'

let fresh: FreshApp
let tenant: Tenant
let operations: Operation[]

const agent = new Agent({ keepAlive: true, maxSockets: 8 })
afterAll(() => agent.destroy())

beforeAll(async () => {
  fresh = await freshApp()
  await fresh.listen()
  tenant = await fresh.another('Fuzzed') // not the first one, whose keys have the ids that anybody tries first
  await live(fresh, tenant, [sally, bob], 'one')
  await live(fresh, tenant, [john, jane], 'two')
  for (let k = 0; k < 12; k++) await stock(`${k}`)
  operations = [...(await operationsOf(fresh.app)), ...UNPUBLISHED.filter(one => /\{/.test(one.path))]
})

/** One more of everything that may be deleted on the way. */
async function stock(name: string) {
  const post = async (url: string, payload: object) =>
    (await fresh.app.inject({ method: 'POST', url: `/api/v1${url}`, payload, headers: bearer(tenant.secret_key) })).json<{
      id: number
    }>()
  // A field that somebody made required would be asked of everything that is made here.
  await fresh.database.system`update custom_fields set is_required = false where workspace_id = ${tenant.workspace_id}`
  await post('/intake-webhooks', { name: `Spare ${name}`, lead_type: 'solar' })
  const { id: contact_id } = await post('/contacts', { email: `spare-${name}@example.com` })
  await post('/conversions', { contact_id, value: 10, type: 'sale' })
  const { id: lead_id } = await post('/leads', { contact_id, lead_type: 'solar' })
  await post('/tasks', { kind: 'todo', title: `Spare ${name}`, lead_id })
  await post('/roles', { name: `Spare ${name}`, permissions: {} })
  await post('/teams', { name: `Spare ${name}` })
  await post('/invitations', { email: `spare-${name}@example.com`, role: 'agent' })
  await post('/lead-types', { key: `spare_${name}`, name: `Spare ${name}` })
  await post('/lead-types', { key: 'key', name: 'Key' }) // what a made up address asks for
  await post('/appointment-types', { key: 'key', name: 'Key' })
  await post('/providers', { provider_id: `spare-${name}`, provider_name: `Spare ${name}` })
  const { id: endpoint_id } = await post('/endpoints', { url: `https://example.com/${name}`, events: ['forwarding.lead'] })
  await post('/forwarding-rules', { name: `Spare ${name}`, endpoint_ids: [endpoint_id] })
  await post('/appointment-types', { key: `page_${name}`, name: 'Talk', address: 'address', is_public: true })
  await post('/assignment-rules', { name: `Spare ${name}`, strategy: 'round_robin', members: [] })
  await post('/pools', { name: `Spare ${name}`, strategy: 'weighted', members: [] })
  await post('/area-lists', { name: `Spare ${name}`, kind: 'zip', entries: ['94110'] })
  await post('/routing-rules', { name: `Spare ${name}`, target: { kind: 'nobody' } })
  await post('/appointments', { contact_id, scheduled_at: new Date(Date.now() + 86_400_000).toISOString() })
  // One that has begun: who books cannot say so.
  await fresh.database.system`
    insert into appointments (workspace_id, contact_id, scheduled_at)
    values (${tenant.workspace_id}, ${contact_id}, now() - interval '2 hours')`
  const funnel_id = `spare-${name}`
  await post('/funnels', { name: `Spare ${name}`, funnel_id })
  await post('/segments', { name: `Spare ${name}`, rule: { kind: 'stage', stage: 'lead' } })
  await post('/pages', { funnel_id, kind: 'watch' })
  await post('/videos', { funnel_id, video_id: `spare-${name}` })
  await post('/tags', { name: `Spare ${name}` })
  await post('/consent-purposes', { name: `spare_${name}`.replaceAll('-', '_'), text_version: '1', text: 'May we?' })
  await post('/crm/lists', { name: `Spare ${name}` })
  const [one, two] = [await post('/crm/connections', { provider: 'none' }), await post('/crm/connections', { provider: 'none' })]
  // A run that came to its end: those that are begun here are walked by nobody.
  await fresh.database.system`
    insert into crm_runs (workspace_id, kind, connection_id, from_connection_id, state, actor)
    values (${tenant.workspace_id}, 'validate', ${one.id}, ${two.id}, 'done', '{"kind": "system"}')`
  // Nothing goes on with it: there is no such step.
  await fresh.database.system`
    insert into transfers (workspace_id, kind, name, step, state, settings, actor)
    values (${tenant.workspace_id}, 'bulk', ${name}, 'none', 'stopped', '{"of": "contacts", "action": "tag"}', '{"kind": "system"}')`
  // One that was tried, and one that was done.
  for (const [step, state] of [
    ['check', 'waiting'],
    ['write', 'done'],
  ] as const) {
    const { id } = await post('/bulk-actions', { of: 'contacts', action: 'tag', names: [`Spare ${name}`], ids: [contact_id] })
    await fresh.database.system`
      update transfers set step = ${step}, state = ${state}, ended_at = now() where workspace_id = ${tenant.workspace_id} and id = ${id}`
  }
  const { id: export_id } = await post('/exports', { of: 'contacts' })
  await fresh.database.system`
    insert into export_parts (workspace_id, transfer_id, part, begins_at, bytes) values (${tenant.workspace_id}, ${export_id}, 0, 0, 'id')`
  await fresh.database.system`
    update transfers set state = 'done', ended_at = now() where workspace_id = ${tenant.workspace_id} and id = ${export_id}`
  await post('/custom-fields', {
    noun: 'contact',
    key: `spare_${name}`.replaceAll('-', '_'),
    label: `Spare ${name}`,
    type: 'text',
  })
  await post('/notes', { contact_id, body: `Spare ${name}` })
  await post('/views', { screen: 'contacts', name: `Spare ${name}`, state: { stage: 'lead' }, is_shared: true })
  await post('/dashboards', { name: `Spare ${name}`, state: { tab: 'engagement' }, is_shared: true })
  await post('/imports', { email: `file-${name}@example.com` })
}

test('answers whatever is sent to it: never with 5xx, and every refusal has a code of the table', {
  timeout: 3_600_000,
}, async () => {
  const chance = seeded(seed)
  /** Wrong in fewer parts. */
  const calm: Chance = { ...chance, happens: share => chance.happens(share < 0.5 ? share / 8 : share) }
  const count = sized(3000, 200_000)
  const statuses = new Map<number, number>()
  const reached = new Map<string, number>()
  const times: number[] = []
  const faults: string[] = []
  const unreached = () =>
    operations.filter(one => !reached.has(`${one.method} ${one.path}`) && !HARD_TO_REACH.test(`${one.method} ${one.path}`))
  const round = async (which: Operation[], by = chance) => {
    const known = await whatIsKnown()
    await inParallel(which, 8, async operation => {
      const fuzz = fuzzed(operation, known, by)
      const { status, text, ms } = await send(fuzz)
      times.push(ms)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      if (status < 300 && fuzz.method === operation.method)
        reached.set(`${operation.method} ${operation.path}`, (reached.get(`${operation.method} ${operation.path}`) ?? 0) + 1)
      const fault = faultOf(fuzz, status, text)
      if (fault) faults.push(fault)
    })
  }
  for (let sent = 0; sent < count && faults.length < 20; sent += 400)
    await round(Array.from({ length: 400 }, () => chance.pick(operations)))
  // Those that chance left out, or that were refused at the door each time.
  for (let again = 0; again < 60 && faults.length < 20 && unreached().length > 0; again++) {
    await stock(`again_${again}`)
    await round(
      unreached().flatMap(operation => [operation, operation, operation, operation]),
      again % 2 === 0 ? chance : calm,
    )
  }
  figure('fuzz', {
    requests: times.length,
    ...Object.fromEntries([...statuses].sort(([a], [b]) => a - b)),
    'p99 ms': Math.round(times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)]!),
    'slowest ms': Math.round(times.at(-1)!),
    faults: faults.length,
  })
  expect(faults).toEqual([])
  // A fuzz that is refused at the door finds nothing. Of more than two hundred routes chance may leave out three.
  expect(
    unreached()
      .map(({ method, path }) => `${method} ${path}`)
      .slice(3),
  ).toEqual([])
  expect((statuses.get(200)! + (statuses.get(201) ?? 0)) / times.length).toBeGreaterThan(0.2)
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
})

test('survives what is no HTTP at all', { timeout: 600_000 }, async () => {
  const chance = seeded(seed + 1)
  const port = Number(new URL(fresh.url).port)
  const count = sized(150, 3000)
  const faults: string[] = []
  await inParallel(
    Array.from({ length: count }, () => rawRequest(tenant.secret_key, chance)),
    8,
    async text => {
      const answer = await sendRaw(port, text)
      for (const [, status, body] of answer.matchAll(/^HTTP\/1\.1 (\d+)[\s\S]*?\r\n\r\n(\{[^\r\n]*\})?/gm)) {
        // Node itself answers some of them (no host, a strange `expect`), without words.
        const sent = { method: 'RAW', url: text.slice(0, 200), headers: {}, body: undefined }
        const fault = body === undefined && Number(status) < 500 ? undefined : faultOf(sent, Number(status), body ?? '')
        if (fault) faults.push(fault)
      }
    },
  )
  figure('raw sockets', { requests: count, faults: faults.length })
  expect(faults).toEqual([])
  expect((await fetch(`${fresh.url}/health`)).status).toBe(200)
})

// One-time tokens, a calendar that was read a moment ago, a list of which nothing is merged or refused when it is asked, a password that nobody has.
// Only Meta can be asked for what got lost; what a stage, a rule or a lead is made of has to fit together. What a customer books is a slot
// that was offered, and its token is proven.
// Appointments are handed on within an organization, and this one has no other workspace.
const HARD_TO_REACH =
  /owner|hand-on|POST .*crm\/runs$|finalize|POST .*(session|account|password-resets|invitation)|\/l\/|undo|acceptance|dismissal|DELETE|merge|backfills|(POST|PATCH) .*(pipelines|assignment-rules|routing-rules|pools|users)|POST .*\/booking\/|\/bookings\/|busy\/read|absences|\/calendar\/|imports\/{id}\/revert/

function faultOf({ method, url, headers, body }: Fuzzed, status: number, text: string): string | undefined {
  const said = `${method} ${url.slice(0, 300)} ${JSON.stringify(headers).slice(0, 300)} ${body?.subarray(0, 1000).toString()} -> ${status} ${text.slice(0, 300)}`
  if (status === 0) return `no answer within ${PATIENCE_MS} ms: ${said}`
  if (status < 400 || method === 'HEAD') return undefined
  if (status >= 500) return said
  if (text.startsWith('The web app is not built yet.')) return undefined // `/l/..` is `/`, and `npm test` has built it
  try {
    const { error } = JSON.parse(text) as { error: { code: keyof typeof ERRORS; message: string } }
    return ERRORS[error.code]?.[0] === status && error.message ? undefined : said
  } catch {
    return said
  }
}

/** Ids and cursors that exist now, so that what is sent finds something. */
async function whatIsKnown(): Promise<Known> {
  const { workspace_id, write_key, secret_key } = tenant
  const ids: Record<string, string[]> = { workspaces: [String(workspace_id)] }
  for (const [noun, [table, column]] of Object.entries(TABLES)) {
    const rows = await fresh.database.system<{ id: string }[]>`
      select ${fresh.database.system(column)}::text as id
        from ${fresh.database.system(table)} as t
       where workspace_id = ${workspace_id} and to_jsonb(t)->>'deleted_at' is null and to_jsonb(t)->>'status' is distinct from 'void'
       order by random()
       limit 20`
    ids[noun] = rows.map(row => row.id)
  }
  // Whoever revokes those that the fuzz sends with locks it out.
  const keys = await fresh.database.system<{ id: string }[]>`
    select id::text from keys where workspace_id = ${workspace_id} order by keys.id offset 2`
  ids.keys = keys.map(row => row.id)
  // Those of an endpoint that somebody paused or deleted a moment ago are refused at the door.
  const told = await fresh.database.system<{ id: string; endpoint_id: string }[]>`
    select d.id::text, e.id::text as endpoint_id
      from endpoints e
      left join deliveries d on d.workspace_id = e.workspace_id and d.endpoint_id = e.id
     where e.workspace_id = ${workspace_id} and e.state = 'active' and e.deleted_at is null
     order by random()
     limit 40`
  ids.endpoints = [...new Set(told.map(row => row.endpoint_id))]
  ids.deliveries = told.flatMap(row => row.id ?? [])
  const lists = [
    'contacts',
    'visitors',
    'events',
    'activities',
    'contacts?sort=name',
    'events/refusals',
    'endpoints',
    'deliveries',
  ]
  const cursors = await Promise.all(
    lists.map(async list => {
      const url = `/api/v1/${list}${list.includes('?') ? '&' : '?'}limit=1`
      const answer = await fresh.app.inject({ url, headers: { authorization: `Bearer ${secret_key}` } })
      return answer.json<{ next_cursor: string | null }>().next_cursor ?? ''
    }),
  )
  // Each time another one: what is sent may have ended it, or asked everybody for a second step.
  await fresh.database.system`update workspaces set require_totp = false where id = ${workspace_id}`
  const session = await signIn(fresh, workspace_id, 'owner@example.com')
  return { ids, cursors, write_key, secret_key, session }
}

/** The noun of an address, and where its ids are. */
const TABLES = {
  contacts: ['contacts', 'id'],
  visitors: ['visitors', 'id'],
  imports: ['import_rows', 'transfer_id'],
  links: ['identity_links', 'id'],
  merges: ['contact_merges', 'id'],
  suggestions: ['merge_suggestions', 'id'],
  leads: ['leads', 'id'],
  tasks: ['tasks', 'id'],
  conversions: ['conversions', 'id'],
  pipelines: ['pipelines', 'id'],
  'lead-types': ['lead_types', 'key'],
  'assignment-rules': ['assignment_rules', 'id'],
  'forwarding-rules': ['forwarding_rules', 'id'],
  'intake-webhooks': ['intake_webhooks', 'id'],
  'intake-deliveries': ['intake_deliveries', 'id'],
  providers: ['providers', 'provider_id'],
  intake: ['intake_webhooks', 'webhook_id'],
  users: ['memberships', 'user_id'],
  invitations: ['invitations', 'id'],
  teams: ['teams', 'id'],
  roles: ['roles', 'id'],
  staff: ['memberships', 'user_id'],
  absences: ['staff_absences', 'id'],
  funnels: ['funnels', 'id'],
  'funnel-names': ['funnels', 'funnel_id'], // as bodies name them
  segments: ['segments', 'id'],
  pages: ['funnel_pages', 'id'],
  videos: ['funnel_videos', 'id'],
  dashboards: ['dashboards', 'id'],
  'custom-fields': ['custom_fields', 'id'],
  notes: ['notes', 'id'],
  views: ['views', 'id'],
  appointments: ['appointments', 'id'],
  pools: ['pools', 'id'],
  'routing-rules': ['routing_rules', 'id'],
  'area-lists': ['area_lists', 'id'],
  connections: ['crm_connections', 'id'],
  runs: ['crm_runs', 'id'],
  lists: ['mailing_lists', 'id'],
  tags: ['tags', 'id'],
  transfers: ['transfers', 'id'],
  exports: ['export_parts', 'transfer_id'],
  'bulk-actions': ['bulk_rows', 'transfer_id'],
  erasures: ['erasures', 'id'],
  'consent-purposes': ['consent_purposes', 'id'],
} as const

function send({ method, url, headers, body }: Fuzzed): Promise<{ status: number; text: string; ms: number }> {
  const from = performance.now()
  return new Promise(resolve => {
    const done = (status: number, text: string) => resolve({ status, text, ms: performance.now() - from })
    try {
      // Node sends the body of a GET without its length, and the server takes it for the next request.
      const length = body && method !== 'POST' ? { 'content-length': String(body.length) } : {}
      const outgoing = request(fresh.url + url, { method, headers: { ...headers, ...length }, agent }, response => {
        const { statusCode = 0 } = response
        if (response.headers['content-type']?.startsWith('text/event-stream')) {
          done(statusCode, '')
          return void response.destroy()
        }
        let text = ''
        response.setEncoding('utf8')
        response.on('data', chunk => (text += chunk))
        response.on('end', () => done(statusCode, text))
        response.on('error', () => done(statusCode, text))
      })
      // A body that is refused by its length is answered while it is still being sent.
      outgoing.on('error', () => done(body && body.length > 400_000 ? 413 : 0, TOO_LARGE))
      outgoing.setTimeout(PATIENCE_MS, () => {
        done(0, '')
        outgoing.destroy()
      })
      outgoing.end(body)
    } catch {
      done(200, '') // Node's own client refuses to send this address
    }
  })
}

const PATIENCE_MS = 20_000
const TOO_LARGE = '{"error":{"code":"too_large","message":"the connection was closed"}}'

async function inParallel<T>(list: T[], lanes: number, work: (item: T) => Promise<void>) {
  const rest = list.values()
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (const item of rest) await work(item)
    }),
  )
}
