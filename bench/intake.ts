import type { IntakeWebhook, ProviderCreated } from '../shared/intake.ts'
import { openWorkspace } from './support/ask.ts'
import { newRun } from './support/bodies.ts'
import { load } from './support/load.ts'
import { note, report } from './support/report.ts'
import { startServer } from './support/server.ts'
import { insertLeadsPlainly } from './support/three-tables.ts'

// One lead a request over 64 connections for 20 s, each with a key against sending it twice: stored as it came, mapped, matched to a
// contact, given to one of three people by a rule, told and counted. One in ten is somebody who came before within a day, and is a
// duplicate; one in ten is known by the phone and wants something else. Against three plain inserts a lead, as many at a time.
const CONNECTIONS = 64
const SECONDS = 20
const MOST_AGAIN = 20_000

const server = await startServer()
const { workspace_id, user_ids, ask } = await openWorkspace(server, 3)
await ask('/assignment-rules', {
  name: 'In turn',
  strategy: 'weighted',
  members: user_ids.map((user_id, k) => ({ user_id, weight: k + 1 })),
})
const { provider_id, api_key } = await ask<ProviderCreated>('/providers', { provider_name: 'Solar Leads' })
const webhooks: IntakeWebhook[] = []
for (const lead_type of ['solar', 'hvac'])
  webhooks.push(await ask<IntakeWebhook>('/intake-webhooks', { name: lead_type, lead_type, dedupe_hours: 24 }))

note('warming up')
await takeInFor(5, '303')
const before = await made()
const ours = await takeInFor(SECONDS, '720')
const after = await made()
const rate = (after.leads - before.leads) / SECONDS
note(`intake ${Math.round(rate)} leads/s, p50 ${ours.p50} ms, p99 ${ours.p99} ms`)
const reference = await insertLeadsPlainly(server, workspace_id, CONNECTIONS, MOST_AGAIN)
note(`reference ${Math.round(reference.rate)} leads/s`)
await server.stop()

report({
  name: 'intake',
  value: rate,
  unit: 'leads/s',
  reference: { what: 'contact, lead and activity by plain inserts, one lead a transaction', value: reference.rate },
  ratio: rate / reference.rate,
  aim: 'at least 0.30',
  met: rate / reference.rate >= 0.3,
  requests_a_second: ours.rate,
  duplicates_a_second: (after.duplicates - before.duplicates) / SECONDS,
  contacts: after.contacts,
  leads: after.leads,
  p50_ms: ours.p50,
  p99_ms: ours.p99,
  failed: ours.failed,
  reference_leads: reference.count,
})

function takeInFor(seconds: number, area: string) {
  const run = newRun()
  const pathOf = (n: number) => `/intake/${webhooks[n % 10 === 1 ? 1 : 0]!.webhook_id}`
  const headersOf = (n: number) => ({
    authorization: `Bearer ${api_key}`,
    lead_source_provider_id: provider_id,
    'idempotency-key': `${run}-${n}`,
  })
  const bodyOf = (n: number) => JSON.stringify(lead(n, run, area))
  return load(server.url, '/intake', 'none', { connections: CONNECTIONS, seconds, bodyOf, pathOf, headersOf })
}

/** One in ten came some 300 before, and to the same webhook; one in ten as well, gives only a phone, and asks the other one. */
function lead(n: number, run: string, area: string) {
  const who = n > 300 && n % 10 < 2 ? n - 300 + (n % 10 === 0 ? 5 : 6) : n
  return {
    first_name: `First${who % 1000}`,
    last_name: `Last${who % 7919}`,
    ...(who !== n && n % 10 === 1 ? {} : { email: `person-${run}-${who}@example.com` }),
    phone: `+1${area}${2_000_000 + who}`,
    street: `${(who % 900) + 1} Main Street`,
    city: 'Denver',
    state: ['CO', 'CA', 'TX', 'FL'][n % 4],
    zip_code: `80${(n % 900) + 100}`,
    source: ['search', 'letter', 'partner'][n % 3],
    utm_source: 'google',
    utm_campaign: `spring-${n % 12}`,
    trustedform_cert_url: `https://cert.trustedform.com/${run}${n}`,
    consent: true,
    roof_age: n % 30,
  }
}

async function made() {
  const [row] = await server.database.system<[{ leads: number; contacts: number; duplicates: number }]>`
    select (select count(*) from leads where workspace_id = ${workspace_id}) as leads,
           (select count(*) from contacts where workspace_id = ${workspace_id}) as contacts,
           (select count(*) from intake_deliveries where workspace_id = ${workspace_id} and state = 'duplicate') as duplicates`
  return row
}
