import { readFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { type FreshApp, freshApp, type Tenant } from '../../test/app.ts'
import { basic, batch, bearer, identify, jane, john, type Person, sally, sarah, track, traitsOf } from '../../test/people.ts'
import { ask } from '../cli/sql.ts'

let fresh: FreshApp
let other: Tenant
let sally_id: number
let john_id: number
let webhook: { id: number; webhook_id: string }

/** Sally came three times and bought once; John was merged into Sarah; Jane is another tenant's. */
beforeAll(async () => {
  fresh = await freshApp()
  other = await fresh.another()
  const post = async (url: string, payload: object, tenant: Tenant = fresh) => {
    const answer = await fresh.app.inject({ method: 'POST', url, headers: bearer(tenant.secret_key), payload })
    expect(answer.statusCode, answer.body).toBeLessThan(300)
    return answer.json()
  }
  const contact = async ({ email, phone, first_name, last_name }: Person, tenant: Tenant = fresh): Promise<number> =>
    (await post('/api/v1/contacts', { email, phone, first_name, last_name }, tenant)).id
  const [sarah_id, theirs] = [await contact(sarah), await contact(jane, other)]
  sally_id = await contact(sally)
  john_id = await contact(john)
  webhook = await post('/api/v1/intake-webhooks', { name: 'Summer form', lead_type: 'solar', source: 'google' })
  await post(`/intake/${webhook.webhook_id}`, { email: sally.email, note: 'as it came' })
  const second = await post('/api/v1/leads', { contact_id: sally_id, source: 'google', lead_type: 'hvac' })
  await post('/api/v1/leads', { contact_id: sally_id, source: 'meta' })
  await post('/api/v1/leads', { contact_id: sally_id, source: 'meta', is_test: true })
  await post('/api/v1/leads', { contact_id: john_id, source: 'meta' })
  await post('/api/v1/leads', { contact_id: theirs, source: 'google' }, other)
  const sale = await post('/api/v1/conversions', { lead_id: second.id, value: 5000.5, order_id: 'A-1' })
  await post(`/api/v1/conversions/${sale.id}/refunds`, { amount: 0.25 })
  await post('/api/v1/conversions', { contact_id: sally_id, lead_id: null, value: 1, is_test: true })
  await post('/api/v1/conversions', { contact_id: theirs, value: 77 }, other)
  await fresh.app.inject({
    method: 'POST',
    url: '/v1/batch',
    headers: basic(fresh.write_key),
    payload: batch(
      identify({ anonymousId: john.laptop, userId: john.user_id, traits: traitsOf(john) }),
      track('purchase_completed', { anonymousId: john.laptop, properties: { amount: 20 } }),
    ),
  })
  for (const id of [sarah_id, john_id]) await post(`/api/v1/contacts/${id}/tags`, { names: ['Baker'] })
  await post(`/api/v1/contacts/${theirs}/tags`, { names: ['Baker'] }, other)
  await post(`/api/v1/contacts/${sarah_id}/merge`, { other_id: john_id })
  john_id = sarah_id
  for (const [days, tenant, contact_id] of [
    [3, fresh, sally_id],
    [9, fresh, sally_id],
    [3, other, theirs],
  ] as const)
    await fresh.database.system`
      insert into appointments (workspace_id, contact_id, scheduled_at)
      values (${tenant.workspace_id}, ${contact_id}, now() + make_interval(days => ${days}))`
})

async function sql(query: string) {
  const rows: Record<string, unknown>[] = []
  for await (const answer of ask(fresh.database.url, fresh.workspace_id, query)) rows.push(...answer.rows)
  return rows
}

test('find all contacts created today', async () => {
  const rows = await sql(`SELECT * FROM contacts WHERE DATE(created_at) = DATE('now');`)
  expect(new Set(rows.map(row => row.id))).toEqual(new Set([sally_id, john_id]))
  expect(rows.find(row => row.first_name === 'Sally')).toMatchObject({
    lifetime_value: 5000.25,
    conversion_count: 1,
    converted: true,
  })
})

test('who has which tag, once for each person', async () => {
  expect(await sql('select contact_id, tag from contact_tags')).toEqual([{ contact_id: john_id, tag: 'Baker' }])
})

test('get appointments for next week', async () => {
  const rows = await sql(`SELECT * FROM appointments WHERE scheduled_at BETWEEN date('now') AND date('now', '+7 days');`)
  expect(rows).toMatchObject([{ contact_id: sally_id, status: 'scheduled', assigned_to: null }])
})

test('find all leads for a specific contact', async () => {
  const rows = await sql(`
    SELECT l.* FROM leads l
    JOIN contacts c ON l.contact_id = c.id
    WHERE c.phone = '${sally.phone}';`)
  expect(rows.map(row => row.source).sort()).toEqual(['google', 'google', 'meta'])
  expect(rows.find(row => row.webhook_id !== null)).toMatchObject({
    webhook_id: webhook.id,
    webhook: 'Summer form',
    lead_type: 'solar',
  })
})

test('find conversion rates by lead source', async () => {
  const rows = await sql(`
    SELECT source, COUNT(*) as leads, SUM(CASE WHEN conversion_id IS NOT NULL THEN 1 ELSE 0 END) as converted
    FROM leads GROUP BY source;`)
  const by_source = Object.fromEntries(rows.map(({ source, ...row }) => [source, row]))
  expect(by_source).toEqual({ google: { leads: 2, converted: 1 }, meta: { leads: 2, converted: 1 } })
})

test('get workspace statistics', async () => {
  const rows = await sql('SELECT name, total_conversions, total_revenue FROM workspaces;')
  expect(rows).toEqual([{ name: 'Acme', total_conversions: 2, total_revenue: 5020.25 }])
})

test('find contacts with multiple leads', async () => {
  const rows = await sql(`
    SELECT c.phone, c.first_name, c.last_name, COUNT(l.id) as lead_count
    FROM contacts c
    JOIN leads l ON c.id = l.contact_id
    GROUP BY c.id, c.phone, c.first_name, c.last_name
    HAVING COUNT(l.id) > 1;`)
  expect(rows).toEqual([{ phone: sally.phone, first_name: 'Sally', last_name: 'Susa', lead_count: 3 }])
})

test('conversions show what counts, with the contact of today', async () => {
  const rows = await sql('select contact_id, type, conversion_value, refunded, revenue, source from conversions order by value')
  expect(rows).toEqual([
    { contact_id: john_id, type: 'sale', conversion_value: 20, refunded: 0, revenue: 20, source: 'event' },
    { contact_id: sally_id, type: 'sale', conversion_value: 5000.5, refunded: 0.25, revenue: 5000.25, source: 'api' },
  ])
})

test('every lead and conversion has its history', async () => {
  const leads = await sql('select event_type, contact_id, lead_id from lead_events where contact_id is not null order by id')
  expect(leads.map(row => row.event_type)).toContain('lead.created')
  expect(new Set(leads.map(row => row.lead_id)).size).toBe(4)
  expect(new Set(leads.map(row => row.contact_id))).toEqual(new Set([sally_id, john_id]))
  const rows = await sql(
    `select event_type, contact_id, after->>'amount' as amount from conversion_events order by conversion_id, id`,
  )
  expect(rows).toEqual([
    { event_type: 'conversion.created', contact_id: sally_id, amount: null },
    { event_type: 'conversion.refunded', contact_id: sally_id, amount: '0.25' },
    { event_type: 'conversion.created', contact_id: john_id, amount: null },
  ])
})

test.each([
  ['lead_events', 'lead_id', 'subject_id'],
  ['lead_events', 'contact_id', 'subject_id'],
  ['conversion_events', 'conversion_id', 'subject_id'],
  ['conversion_events', 'contact_id', 'subject_id'],
  ['appointment_events', 'appointment_id', 'subject_id'],
  ['appointment_events', 'contact_id', 'subject_id'],
  ['contact_events', 'contact_id', 'visitor_id'],
])('%s of one %s are found by an index, however many there are', async (view, column, key) => {
  const plan = await fresh.database.system.begin(async tx => {
    await tx.unsafe(
      `set local role none; set local role throughline_reader; set local app.workspace_id = '${fresh.workspace_id}'`,
    )
    for (const way of ['seqscan', 'hashjoin', 'mergejoin']) await tx.unsafe(`set local enable_${way} = off`)
    const rows = await tx.unsafe<{ 'QUERY PLAN': string }[]>(
      `explain select * from reporting.${view} where ${column} = ${sally_id}`,
    )
    return rows.map(row => row['QUERY PLAN']).join('\n')
  })
  expect(plan).not.toContain('Seq Scan on activities')
  expect(plan).toMatch(new RegExp(`Index Cond: \\(\\(workspace_id = .*\\b${key} = `))
})

test('days of webhooks, types and providers are counted', async () => {
  expect(await sql('select webhook_id, webhook, leads, converted, conversion_rate from lead_analytics order by leads')).toEqual([
    { webhook_id: webhook.id, webhook: 'Summer form', leads: 1, converted: 0, conversion_rate: 0 },
    { webhook_id: null, webhook: null, leads: 3, converted: 2, conversion_rate: 0.6667 },
  ])
  expect(await sql('select type, currency, conversions, revenue, average_revenue from conversion_analytics')).toEqual([
    { type: 'sale', currency: 'USD', conversions: 2, revenue: 5020.25, average_revenue: 2510.13 },
  ])
  expect(await sql('select webhook, received, accepted from provider_usage_log')).toEqual([
    { webhook: 'Summer form', received: 1, accepted: 1 },
  ])
})

test.each([
  'select payload from public.leads',
  'select body from public.intake_deliveries',
  'select secrets from public.intake_webhooks',
  'select webhook_id from public.intake_webhooks',
  'select key_hash from public.providers',
  'delete from public.conversions',
])('what came raw, hashes and addresses that take leads stay out: %s', async query => {
  await expect(sql(query)).rejects.toThrow(/permission denied|syntax error/)
})

test('docs/sql.md names every view, and each of its examples runs', async () => {
  const page = readFileSync('docs/sql.md', 'utf8')
  const views = await fresh.database.system<{ name: string }[]>`
    select relname as name from pg_class where relnamespace = 'reporting'::regnamespace and relkind = 'v'`
  expect(views.map(view => view.name).filter(name => !page.includes(`\`${name}\``))).toEqual([])
  const [, examples = ''] = /```sql\n([^`]+)```/.exec(page)!
  const queries = examples.split(';').filter(query => query.trim() !== '')
  expect(queries.length).toBeGreaterThan(7)
  for (const query of queries) await expect(sql(query), query).resolves.toBeInstanceOf(Array)
})
