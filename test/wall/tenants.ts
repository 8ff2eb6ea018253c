import { makeCheckpoints } from '../../server/activities/chain/checkpoint.ts'
import { chainActivities } from '../../server/activities/chain/extend.ts'
import type { ToldActivity } from '../../server/activities/told.ts'
import { attribute } from '../../server/attribution/attribute.ts'
import { followAll } from '../../server/journeys/follow.ts'
import { sendMail } from '../../server/mail/mail.ts'
import { enqueue } from '../../server/queue/enqueue.ts'
import { createUser } from '../../server/workspaces/users.ts'
import type { FreshApp, Tenant } from '../app.ts'
import { alias, basic, batch, bearer, identify, type Person, page, track, traitsOf } from '../people.ts'

/** What two people and their devices leave behind in a workspace, in every table that there is, each with `secret` in it. */
export async function live(fresh: FreshApp, tenant: Tenant, [one, two]: [Person, Person], secret: string) {
  const { app, database } = fresh
  const post = async (url: string, payload: object, headers: Record<string, string>) => {
    const answer = await app.inject({ method: 'POST', url, payload, headers: { ...headers, 'content-type': 'application/json' } })
    if (answer.statusCode >= 300) throw new Error(`${url}: ${answer.body}`)
    return answer.json<{ id: number }>()
  }
  const properties = { note: secret, email: one.email, phone: one.phone, first_name: secret }
  const context = { page: { url: `https://${secret}.example/`, title: secret } }
  const send = (...messages: unknown[]) => post('/v1/batch', batch(...messages), basic(tenant.write_key))
  await send(
    page(secret, { anonymousId: one.laptop, context }),
    track('registration', { anonymousId: one.laptop, properties }),
    alias(one.laptop, one.user_id, { anonymousId: one.laptop }),
    track(`did ${secret}`, { anonymousId: one.mobile, messageId: `${secret} ${one.mobile}` }),
    { type: 'dance', secret },
  )
  // The second one on the device of the first: a refused claim. Then the e-mail of one with the phone of the other: a suggestion.
  await send(identify({ anonymousId: one.laptop, userId: two.user_id, traits: { ...traitsOf(two), plan: secret } }))
  await send(identify({ anonymousId: `${two.mobile} again`, traits: { email: one.email, phone: two.phone, firstName: secret } }))

  const made = (email: string) =>
    post('/api/v1/contacts', { email, first_name: secret }, { ...bearer(tenant.secret_key), 'idempotency-key': email })
  const [kept, merged] = [await made(`kept.${one.email}`), await made(`merged.${one.email}`)]
  await post(`/api/v1/contacts/${kept.id}/merge`, { other_id: merged.id }, bearer(tenant.secret_key))
  await post('/api/v1/keys', { kind: 'secret', name: secret }, bearer(tenant.secret_key))
  await tellEndpoint(fresh, post, tenant, secret)
  const lead_id = await takeLeads(post, tenant, one, secret)
  const { user_id } = await createUser(database, {
    email: `agent.${one.email}`,
    name: secret,
    workspace_id: tenant.workspace_id,
    role: 'agent',
    password: 'correct horse battery staple',
  })
  await workOnLeads(post, tenant, lead_id, user_id, secret)
  await organize(post, tenant, user_id, one, secret)
  await routeAppointments(post, tenant, user_id, kept.id, secret)
  await makeFunnel(post, tenant, secret)
  await askConsent(post, tenant, kept.id, secret)
  await post(`/api/v1/contacts/${kept.id}/tags`, { names: [secret] }, bearer(tenant.secret_key))
  await makeCustom(fresh, post, tenant, kept.id, lead_id, secret)
  await makeSegment(fresh, post, tenant, kept.id, secret)
  await sendFile(fresh.database, post, tenant, kept.id, secret)
  await workWithMany(fresh.database, post, tenant, kept.id, secret)
  await askForConfirmation(fresh.database, tenant, kept.id, secret)
  await connectCrm(fresh.database, post, tenant, kept.id, secret)
  await send(track('video_started', { anonymousId: one.laptop, properties: { funnel_id: secret, video_id: secret } }))
  await post('/api/v1/dashboards', { name: secret, state: { utm_source: secret }, is_shared: true }, bearer(tenant.secret_key))
  const sale = { contact_id: kept.id, type: 'contract', value: 5, order_id: secret, data: { note: secret } }
  await post('/api/v1/conversions', sale, bearer(tenant.secret_key))
  await bookAppointments(post, tenant, user_id, secret)
  const hours = { hours: [{ weekday: 1, opens: '09:00', closes: '17:00' }], dates: [{ date: '2026-12-24', hours: [] }] }
  await app.inject({ method: 'PATCH', url: `/api/v1/staff/${user_id}`, payload: hours, headers: bearer(tenant.secret_key) })
  await database.system`
    insert into appointments (workspace_id, contact_id, scheduled_at, notes)
    values (${tenant.workspace_id}, ${kept.id}, now(), ${secret})`
  await database.system`insert into retention_rules (workspace_id) values (${tenant.workspace_id}) on conflict do nothing`
  const [erasure] = await database.system<{ id: number }[]>`
    insert into erasures (workspace_id, state, contact_ids, reason, actor)
    values (${tenant.workspace_id}, 'done', '{}', ${secret}, '{"kind": "system"}')
    returning id`
  await database.system`
    insert into erased_values (workspace_id, digest, erasure_id) values (${tenant.workspace_id}, ${Buffer.from(secret)}, ${erasure!.id})
    on conflict do nothing`
  await database.system`
    insert into busy_times (workspace_id, user_id, during)
    select workspace_id, user_id, tstzrange(now(), now() + interval '1 hour') from staff where workspace_id = ${tenant.workspace_id}`
  await walkJourneys(database, tenant)
  await measure(database, tenant)
  await chainHistory(fresh, tenant)
  await sendMail(database.system, tenant.workspace_id, [{ to: one.email, subject: secret, body: secret }])
  await enqueue(database.system, { workspace_id: tenant.workspace_id, queue: 'wall', key: secret, payload: { secret } })
}

/** A purpose of their own with its text, and what somebody said to it. */
async function askConsent(
  post: (url: string, payload: object, headers: Record<string, string>) => Promise<{ id: number }>,
  { secret_key }: Tenant,
  contact_id: number,
  secret: string,
) {
  const name = `of_${contact_id}`
  await post('/api/v1/consent-purposes', { name, label: secret, text_version: secret, text: secret }, bearer(secret_key))
  const said = { purposes: { [name]: true }, text_version: secret }
  await post(`/api/v1/contacts/${contact_id}/consents`, said, bearer(secret_key))
}

/** What was changed until now is chained, and how far is signed. */
async function chainHistory({ database: { system }, context }: FreshApp, { workspace_id }: Tenant) {
  const activities = await system<ToldActivity[]>`select * from activities where workspace_id = ${workspace_id}`
  await system.begin(sql => chainActivities(sql, { batches: [], activities }))
  await makeCheckpoints(system, context.config)
}

type Post = (url: string, payload: object, headers: Record<string, string>) => Promise<{ id: number }>

/** An endpoint that was elsewhere before, and a test that was sent to it. It leads inside, so nothing is dialled. */
async function tellEndpoint({ app }: FreshApp, post: Post, { secret_key }: Tenant, secret: string) {
  const settings = {
    name: secret,
    url: `http://localhost:9999/before/${secret}`,
    events: ['*'],
    headers: [{ name: 'x-key', value: secret }],
  }
  const { id } = await post('/api/v1/endpoints', settings, bearer(secret_key))
  const payload = { url: `http://localhost:9999/${secret}` }
  await app.inject({ method: 'PATCH', url: `/api/v1/endpoints/${id}`, payload, headers: bearer(secret_key) })
  await post(`/api/v1/endpoints/${id}/tests`, {}, bearer(secret_key))
}

/** Where leads come in, with a cap; who sends them, with a limit; and one lead that came. */
async function takeLeads(post: Post, { secret_key }: Tenant, { email, phone }: Person, secret: string) {
  const settings = { name: secret, lead_type: 'solar', cap_day: 1000, source: secret }
  const webhook = (await post('/api/v1/intake-webhooks', settings, bearer(secret_key))) as { id: number; webhook_id?: string }
  const named = { provider_id: `provider-${secret}-${webhook.id}`, provider_name: secret, rate_limit: 1000 }
  const provider = (await post('/api/v1/providers', named, bearer(secret_key))) as { api_key?: string }
  const headers = { lead_source_provider_id: named.provider_id, 'x-api-key': provider.api_key! }
  const lead = (await post(
    `/intake/${webhook.webhook_id}`,
    { email, phone, first_name: secret, note: secret },
    headers,
  )) as unknown as {
    lead_id: number
  }
  return lead.lead_id
}

/** How a lead desk works: own types, tasks, who gets what, and partners. */
async function workOnLeads(post: Post, { secret_key }: Tenant, lead_id: number, user_id: number, secret: string) {
  const send = (url: string, payload: object) => post(`/api/v1${url}`, payload, bearer(secret_key))
  await send('/lead-types', { key: `own_${secret.toLowerCase().replace(/[^a-z0-9]/g, '_')}`, name: secret })
  await send('/tasks', { kind: 'todo', title: secret, lead_id })
  await send('/assignment-rules', { name: secret, strategy: 'weighted', members: [{ user_id }], matches: { sources: [secret] } })
  const partner = await send('/endpoints', {
    name: secret,
    url: `http://localhost:9999/${secret}/partner`,
    events: ['forwarding.lead'],
  })
  await send('/forwarding-rules', { name: secret, endpoint_ids: [partner.id] })
  await send(`/leads/${lead_id}/forwards`, { endpoint_id: partner.id })
}

/** A role, a team, and somebody who was invited. */
async function organize(post: Post, { secret_key }: Tenant, user_id: number, { email }: Person, secret: string) {
  const send = (url: string, payload: object) => post(`/api/v1${url}`, payload, bearer(secret_key))
  const { id: role_id } = await send('/roles', { name: secret, permissions: { contacts: { read: 'own' } } })
  await send('/teams', { name: secret, user_ids: [user_id] })
  await send('/invitations', { email: `invited.${email}`, role: 'custom', role_id })
}

/** What can be booked, and somebody who is away. */
async function bookAppointments(post: Post, { secret_key }: Tenant, user_id: number, secret: string) {
  const send = (url: string, payload: object) => post(`/api/v1${url}`, payload, bearer(secret_key))
  await send('/appointment-types', { key: `own_${secret.toLowerCase().replace(/[^a-z0-9]/g, '_')}`, name: secret })
  await send(`/staff/${user_id}/absences`, { starts_at: '2026-07-01T00:00:00Z', ends_at: '2026-07-02T00:00:00Z', reason: secret })
}

/** A funnel with a page and a video. */
async function makeFunnel(post: Post, { secret_key }: Tenant, secret: string) {
  const send = (url: string, payload: object) => post(`/api/v1${url}`, payload, bearer(secret_key))
  await send('/funnels', { name: secret, funnel_id: secret })
  await send('/pages', { funnel_id: secret, kind: 'watch', name: secret, url: `${secret}.example/watch` })
  await send('/videos', { funnel_id: secret, video_id: secret })
}

/** Fields of one's own with values, a note, and a list as somebody looks at it. */
async function makeCustom(
  { app, database }: FreshApp,
  post: Post,
  { workspace_id, secret_key }: Tenant,
  contact_id: number,
  lead_id: number,
  secret: string,
) {
  const key = `own_${secret.toLowerCase().replace(/[^a-z0-9]/g, '_')}`
  for (const noun of ['contact', 'lead'])
    await post('/api/v1/custom-fields', { noun, key, label: secret, type: 'text' }, bearer(secret_key))
  for (const url of [`/api/v1/contacts/${contact_id}`, `/api/v1/leads/${lead_id}`])
    await app.inject({ method: 'PATCH', url, payload: { custom: { [key]: secret } }, headers: bearer(secret_key) })
  await post('/api/v1/notes', { lead_id, body: secret }, bearer(secret_key))
  const view = { screen: 'contacts', name: secret, state: { q: secret }, is_shared: true }
  const { id } = await post('/api/v1/views', view, bearer(secret_key))
  await database.system`
    insert into view_defaults (workspace_id, user_id, screen, view_id)
    select workspace_id, user_id, 'contacts', ${id} from memberships where workspace_id = ${workspace_id}
        on conflict do nothing`
}

/** Somebody who was asked whether the address is theirs. */
async function askForConfirmation(
  { system }: FreshApp['database'],
  { workspace_id }: Tenant,
  contact_id: number,
  secret: string,
) {
  await system`
    insert into email_confirmations (workspace_id, funnel_id, email, contact_id)
    values (${workspace_id}, ${secret}, ${secret}, ${contact_id})`
}

/** A CRM where somebody is known and somebody is not, with all that goes wrong there, and a mailing list. */
async function connectCrm(
  { system }: FreshApp['database'],
  post: Post,
  { workspace_id, secret_key }: Tenant,
  contact_id: number,
  secret: string,
) {
  const send = (url: string, payload: object) => post(`/api/v1${url}`, payload, bearer(secret_key))
  const list = await send('/crm/lists', { name: secret })
  await send(`/crm/lists/${list.id}/contacts`, { email: `reader.of.${list.id}@example.com`, first_name: secret })
  const settings = { url: `https://${secret}.example`, client_id: secret, client_secret: secret }
  const { id } = await send('/crm/connections', { provider: 'salesforce', name: secret, active: false, settings })
  await send(`/crm/connections/${id}/links`, { links: [{ contact_id, external_id: secret }] })
  const actor = JSON.stringify({ kind: 'system', name: secret })
  const [run] = await system<{ id: number }[]>`
    insert into crm_runs (workspace_id, kind, connection_id, from_connection_id, state, actor)
    values (${workspace_id}, 'validate', ${id}, ${id}, 'done', ${actor}::text::jsonb)
    returning id`
  await system`
    insert into crm_run_members (workspace_id, run_id, contact_id, old_id, message) values (${workspace_id}, ${run!.id}, ${contact_id}, ${secret}, ${secret})`
  await system`
    insert into crm_log (workspace_id, connection_id, provider, contact_id, run_id, operation, code, kind, message)
    values (${workspace_id}, ${id}, 'salesforce', ${contact_id}, ${run!.id}, 'validate', ${secret}, 'not_found', ${secret})`
  await system`
    insert into crm_marks (workspace_id, contact_id, mark, note, actor) values (${workspace_id}, ${contact_id}, 'spam', ${secret}, ${actor}::text::jsonb)`
  await system`insert into crm_sustainers (workspace_id, connection_id, contact_id) values (${workspace_id}, ${id}, ${contact_id})`
  await system`insert into crm_sustainer_reads (workspace_id, run_id, external_id, sustains) values (${workspace_id}, ${run!.id}, ${secret}, true)`
  await system`
    insert into transfers (workspace_id, kind, name, step, state, settings, actor)
    values (${workspace_id}, 'bulk', ${secret}, 'none', 'done', '{"of": "contacts", "action": "tag"}', '{"kind": "system"}')`
  await system`
    insert into crm_subscriptions (workspace_id, connection_id, email, told_lists) values (${workspace_id}, ${id}, ${secret}, ${[secret]})
    on conflict do nothing`
}

/** A file of somebody's that was written. */
async function sendFile(
  { system }: FreshApp['database'],
  post: Post,
  { workspace_id, secret_key }: Tenant,
  contact_id: number,
  secret: string,
) {
  const { id } = await post('/api/v1/imports', { email: `${secret}@example.com`, note: secret }, bearer(secret_key))
  await system`
    insert into import_results (workspace_id, transfer_id, row, outcome, contact_id, reason, changes)
    values (${workspace_id}, ${id}, 1, 'updated', ${contact_id}, ${secret}, ${JSON.stringify({ first_name: [secret, secret] })}::text::jsonb)`
}

/** A list that went out, and what was done with many. */
async function workWithMany(
  { system }: FreshApp['database'],
  post: Post,
  { workspace_id, secret_key }: Tenant,
  contact_id: number,
  secret: string,
) {
  const send = (url: string, payload: object) => post(`/api/v1${url}`, payload, bearer(secret_key))
  const { id } = await send('/exports', { of: 'contacts', query: { q: secret } })
  await system`
    insert into export_parts (workspace_id, transfer_id, part, begins_at, bytes) values (${workspace_id}, ${id}, 0, 0, ${Buffer.from(secret)})`
  await system`update transfers set state = 'done', ended_at = now() where workspace_id = ${workspace_id} and id = ${id}`
  await send('/bulk-actions', { of: 'contacts', action: 'tag', names: [secret], ids: [contact_id] })
}

/** Figures that are kept by the hour and the minute. */
async function measure({ system }: FreshApp['database'], { workspace_id }: Tenant) {
  await system`
    insert into timings (workspace_id, hour, kind, bucket, count)
    values (${workspace_id}, date_trunc('hour', now(), 'UTC'), 'load', 40, 1)
    on conflict do nothing`
  // Of yesterday, so that it is counted again when somebody asks.
  await system`
    insert into contact_health (workspace_id, counts, counted_at)
    values (${workspace_id}, '{}', now() - interval '1 day')
    on conflict do nothing`
}

/** What is told of events becomes journeys, and who sent their people; some of it waits, of everybody, as following took all that did. */
async function walkJourneys({ system }: FreshApp['database'], { workspace_id }: Tenant) {
  await tellOfEvents(system, [workspace_id])
  await system`insert into moved_people (workspace_id, person) select workspace_id, -id from contacts where workspace_id = ${workspace_id}`
  while (await followAll(system, [attribute]));
  const everybody = await system<{ id: number }[]>`select id from workspaces`
  await tellOfEvents(
    system,
    everybody.map(({ id }) => id),
  )
  await system`insert into moved_people (workspace_id, person) select id, 1 from workspaces`
}

async function tellOfEvents(system: FreshApp['database']['system'], workspace_ids: number[]) {
  await system`
    insert into journey_batches (workspace_id, first_event, last_event, from_time, to_time)
    select workspace_id, first_event, last_event, from_time, to_time from event_batches where workspace_id = any(${workspace_ids})`
}

/** A segment of their own with somebody in it, and somebody who is to be looked at. */
async function makeSegment(
  { database }: FreshApp,
  post: Post,
  { workspace_id, secret_key }: Tenant,
  contact_id: number,
  secret: string,
) {
  const rule = { kind: 'property', name: 'email', is: 'contains', value: secret }
  const { id } = await post('/api/v1/segments', { name: secret, description: secret, rule }, bearer(secret_key))
  await database.system`insert into segment_members (workspace_id, segment_id, contact_id) values (${workspace_id}, ${id}, ${contact_id})`
  await database.system`insert into segment_changes (workspace_id, contact_id) values (${workspace_id}, ${contact_id})`
}

/** Who gets what nobody chose a person for: a pool, an area, a rule, and an appointment that it decided on. */
async function routeAppointments(post: Post, { secret_key }: Tenant, user_id: number, contact_id: number, secret: string) {
  const send = (url: string, payload: object) => post(`/api/v1${url}`, payload, bearer(secret_key))
  const pool = await send('/pools', { name: secret, strategy: 'weighted', members: [{ user_id }] })
  const list = await send('/area-lists', { name: secret, kind: 'state', entries: [secret] })
  const target = { kind: 'pool', pool_id: pool.id }
  await send('/routing-rules', { name: secret, matches: { area_lists: [list.id] }, target })
  const scheduled_at = new Date(Date.now() + 7 * 86_400_000).toISOString()
  await send('/appointments', { contact_id, scheduled_at, state: secret, notes: secret })
}

/** A person who works in the workspace, signed in: the headers of their browser. */
export async function signIn({ app, database }: FreshApp, workspace_id: number, email: string) {
  const password = 'correct horse battery staple'
  await createUser(database, { email, name: 'Owner', workspace_id, role: 'owner', password })
  const answer = await app.inject({ method: 'POST', url: '/api/v1/session', payload: { email, password } })
  const [cookie] = answer.cookies
  return {
    cookie: `${cookie!.name}=${cookie!.value}`,
    'x-csrf-token': answer.json<{ csrf_token: string }>().csrf_token,
    'x-workspace-id': String(workspace_id),
  }
}
