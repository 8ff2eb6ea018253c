import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { basic, batch, bearer, bob, identify, jane, john, page, sally, track, traitsOf } from '../../test/people.ts'
import { live } from '../../test/wall/tenants.ts'
import { digestOf, erasedSince } from '../contacts/erased.ts'
import { rebuildAll } from '../rebuild.ts'
import { forgetEvents } from './forget-events.ts'
import { reapply } from './reapply.ts'
import { scan } from './scan.ts'
import { archiveUnengaged, eraseUnengaged } from './unengaged.ts'

let fresh: FreshApp

beforeAll(async () => {
  fresh = await freshApp()
})

async function call(method: 'GET' | 'POST' | 'PATCH', url: string, payload?: object, key = fresh.secret_key) {
  const answer = await fresh.app.inject({ method, url: `/api/v1${url}`, headers: bearer(key), ...(payload && { payload }) })
  return { status: answer.statusCode, body: answer.json() }
}

async function erased(id: number, key?: string) {
  for (;;) {
    const { body } = await call('GET', `/privacy/erasures/${id}`, undefined, key)
    if (body.state !== 'running') return body
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

// What stands nowhere but in what is hers. An address, a name that is no word, an IP address that no machine here has.
const STREET = '17 Quillfeather Lane'
const NAME = 'Zyxanthe'
const TABLET = 'anonymous-zyxanthe-tablet'
const IP = '203.0.113.77'
const ONLY_HERS = [STREET, NAME, IP, TABLET]
const HERS = [
  sally.email,
  `kept.${sally.email}`,
  `merged.${sally.email}`,
  sally.phone,
  sally.user_id,
  sally.laptop,
  sally.mobile,
  ...ONLY_HERS,
]

/** Everything that somebody leaves behind: what test/wall/tenants.ts gives each table, and what only she has. */
async function leaveTraces() {
  await live(fresh, fresh, [sally, john], 'secret')
  const post = async (url: string, payload: object, headers: object = {}) => {
    const answer = await fresh.app.inject({ method: 'POST', url, payload, headers: { ...headers } })
    if (answer.statusCode >= 300) throw new Error(`${url} ${answer.body}`)
    return answer.json()
  }
  const sent = async (method: 'POST' | 'PATCH', url: string, payload: object) => {
    const { status, body } = await call(method, url, payload)
    if (status >= 300) throw new Error(`${url} ${JSON.stringify(body)}`)
  }
  const context = {
    ip: IP,
    page: { url: `https://bread.example/?email=${encodeURIComponent(sally.email)}` },
    userAgent:
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15',
  }
  const traits = { ...traitsOf(sally), firstName: NAME, address: { street: STREET } }
  await post(
    '/v1/batch',
    batch(
      page('Home', { anonymousId: TABLET, context }),
      identify({ anonymousId: TABLET, userId: sally.user_id, traits, context }),
      track('registration', {
        anonymousId: TABLET,
        userId: sally.user_id,
        properties: { funnel_id: 'bread', ...traitsOf(sally) },
        context,
      }),
      identify({ anonymousId: sally.mobile, userId: sally.user_id }),
      // A colleague wrote her address into a form of their own; and what nobody understands.
      track('asked_for_help', { anonymousId: bob.laptop, properties: { on_behalf_of: sally.email, topic: 'rye' } }),
      { type: 'dance', traits },
    ),
    basic(fresh.write_key),
  )
  const [{ id }] = (await call('GET', `/contacts?user_id=${sally.user_id}`)).body.data
  await sent('PATCH', `/contacts/${id}`, { first_name: NAME, address: { street: STREET } })
  await fresh.database.system`
    insert into notes (workspace_id, contact_id, body, author)
    values (${fresh.workspace_id}, ${id}, ${`${NAME} lives at ${STREET}`}, '{"kind": "system"}')`
  await sent('POST', '/leads', { contact_id: id, lead_type: 'solar', fields: { street: STREET } })
  await sent('POST', '/conversions', {
    contact_id: id,
    type: 'sale',
    value: 120,
    order_id: 'A-17',
    data: { ship_to: STREET, funnel_id: 'bread' },
  })
  await sent('POST', '/appointments', { contact_id: id, scheduled_at: new Date(Date.now() + 9e7).toISOString(), notes: STREET })
  await mkdir(join(fresh.context.config.home, 'crm'), { recursive: true })
  const line = (contact_id: number, message: string) =>
    `${JSON.stringify({ workspace_id: fresh.workspace_id, contact_id, message })}\n`
  await writeFile(join(fresh.context.config.home, 'crm/fallback.jsonl'), line(id, NAME) + line(id + 1, 'of somebody else'))
  return id as number
}

async function filesWith(values: string[]) {
  const { home } = fresh.context.config
  const names = await readdir(home, { recursive: true, withFileTypes: true })
  const texts = await Promise.all(
    names.filter(one => one.isFile()).map(async one => (await readFile(join(one.parentPath, one.name), 'latin1')).toLowerCase()),
  )
  return values.filter(value => texts.some(text => text.includes(value.toLowerCase())))
}

test('nothing of somebody who was erased is in any column of the database or any file, and what is counted stays', {
  timeout: 180_000,
}, async () => {
  const id = await leaveTraces()
  const { system } = fresh.database
  fresh.work()
  const sums = () => system`
    select (select count(*) from events)::int as events, (select sum(value) from conversions)::text as revenue, (select total_revenue from workspaces where id = ${fresh.workspace_id})::text as total,
           (select sum(events) from event_counts)::int as counted`
  const before = await sums()
  // Each of them is somewhere, or the scan could find nothing.
  for (const value of HERS) expect({ value, found: (await scan(system, [value])).length > 0 }).toEqual({ value, found: true })

  const preview = await call('GET', `/privacy/erasures/preview?contact_id=${id}`)
  expect(preview.body.counts).toMatchObject({
    contacts: expect.any(Number),
    events: expect.any(Number),
    leads: expect.any(Number),
  })
  const asked = await call('POST', '/privacy/erasures', { contact_id: id, reason: 'asked by letter' })
  expect(asked.status).toBe(201)
  const run = await erased(asked.body.id)
  expect(run).toMatchObject({ state: 'done', error: null })
  // The others who have something of hers: made by hand with addresses of their own.
  for (const email of [`kept.${sally.email}`, sally.email]) {
    const again = await call('POST', '/privacy/erasures', { email })
    expect(await erased(again.body.id)).toMatchObject({ state: 'done', error: null })
  }

  for (const value of HERS)
    expect({ value, found: await scan(system, [value], { inside: ONLY_HERS.includes(value) }) }).toEqual({ value, found: [] })
  expect(await filesWith(HERS)).toEqual([])
  expect(await readFile(join(fresh.context.config.home, 'crm/fallback.jsonl'), 'utf8')).toContain('of somebody else')
  expect((await call('GET', `/contacts/${id}`)).status).toBe(404)
  expect(await sums()).toEqual(before)
  // What somebody else did and said besides stays theirs.
  const [help] = await system`select visitor_id, event from events where event = 'asked_for_help'`
  expect(help).toBeDefined()
})

test('an archive has what every table says of somebody, and nothing of others', async () => {
  await fresh.app.inject({
    method: 'POST',
    url: '/v1/batch',
    headers: basic(fresh.write_key),
    payload: batch(
      identify({ anonymousId: jane.laptop, userId: jane.user_id, traits: traitsOf(jane) }),
      track('read', { anonymousId: jane.laptop }),
    ),
  })
  const answer = await fresh.app.inject({
    method: 'POST',
    url: '/api/v1/privacy/archives',
    headers: bearer(fresh.secret_key),
    payload: { email: jane.email },
  })
  expect(answer.headers['content-type']).toBe('application/x-ndjson')
  const lines = answer.body
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  expect(lines[0]).toMatchObject({ archive: 'throughline', contact_ids: [expect.any(Number)] })
  expect(lines.at(-1)).toEqual({ end: true })
  const tables = new Set(lines.flatMap(({ table, row }) => (row ? [table] : [])))
  for (const table of ['contacts', 'contact_keys', 'visitors', 'events', 'activities']) expect(tables).toContain(table)
  expect(answer.body).not.toContain(john.email)
  expect((await call('POST', '/privacy/archives', { contact_id: 1 })).status).toBe(404)
})

test('whoever is erased in one workspace stays in another, and only who may manage a workspace erases', async () => {
  const other = await fresh.another()
  for (const key of [other.secret_key, fresh.secret_key])
    await call('POST', '/contacts', { email: bob.email, first_name: 'Bob' }, key)
  const asked = await call('POST', '/privacy/erasures', { email: bob.email })
  expect(await erased(asked.body.id)).toMatchObject({ state: 'done' })
  expect((await call('GET', `/contacts?email=${bob.email}`)).body.data).toEqual([])
  expect((await call('GET', `/contacts?email=${bob.email}`, undefined, other.secret_key)).body.data).toHaveLength(1)
  const [key] = [(await call('POST', '/keys', { kind: 'secret', name: 'reads', scopes: ['read', 'update'] })).body.key]
  expect((await call('POST', '/privacy/erasures', { email: bob.email }, key)).body.error.code).toBe('missing_scope')
  expect((await call('POST', '/privacy/erasures', {})).body.error.code).toBe('invalid_fields')
})

test('an id that is a number erases no amount of others', async () => {
  const other = (await call('POST', '/contacts', { email: 'amount@example.com', properties: { income: 424242 } })).body.id
  const payload = batch(
    identify({ anonymousId: 'of-a-number', userId: '424242', traits: { email: 'number@example.com' } }),
    track('sized', { anonymousId: 'of-another', properties: { income: 424242 } }),
  )
  await fresh.app.inject({ method: 'POST', url: '/v1/batch', payload, headers: basic(fresh.write_key) })
  const [{ id }] = (await call('GET', '/contacts?user_id=424242')).body.data
  const asked = await call('POST', '/privacy/erasures', { contact_id: id })
  expect(await erased(asked.body.id)).toMatchObject({ state: 'done', error: null })
  expect((await call('GET', `/contacts/${other}`)).body.properties).toEqual({ income: 424242 })
  const [made] = (await call('GET', `/activities?contact_id=${other}`)).body.data
  expect(made.after).not.toBeNull()
  const sized = await fresh.database.system`select properties from events where properties ? 'income'`
  expect(sized).toEqual([{ properties: { income: 424242 } }])
})

test('an id that many others say is theirs: nobody empties or reads it by calling themselves so', async () => {
  const campaign = 'spring-campaign-2026-a7'
  const others = Array.from({ length: 12 }, (_, n) =>
    track('campaign_seen', { anonymousId: `seer ${n}`, properties: { campaign, n } }),
  )
  const mine = identify({ anonymousId: campaign, traits: { email: 'taker@example.com' } })
  const payload = batch(...others, mine, track('campaign_seen', { anonymousId: campaign, properties: { campaign, n: 'mine' } }))
  await fresh.app.inject({ method: 'POST', url: '/v1/batch', payload, headers: basic(fresh.write_key) })
  const seen = () => fresh.database.system`select properties from events where properties->>'campaign' = ${campaign}`
  expect(await seen()).toHaveLength(13)
  const archive = await fresh.app.inject({
    method: 'POST',
    url: '/api/v1/privacy/archives',
    headers: bearer(fresh.secret_key),
    payload: { email: 'taker@example.com' },
  })
  expect(archive.body.match(/campaign_seen/g)).toHaveLength(1)
  const asked = await call('POST', '/privacy/erasures', { email: 'taker@example.com' })
  expect(await erased(asked.body.id)).toMatchObject({ state: 'done', error: null })
  expect(await seen()).toHaveLength(12)
  const named = await fresh.database.system`select from visitors where distinct_id = ${campaign}`
  expect(named).toHaveLength(0)
})

test('the values of somebody who was erased are known again, by an import that began before and by a restore', async () => {
  const { config } = fresh.context
  const digest = digestOf(config)
  const since = (at: Date) =>
    erasedSince(fresh.database.system, digest, fresh.workspace_id, [john.email, bob.email, bob.email.toUpperCase()], at)
  expect([...(await since(new Date(Date.now() - 3_600_000)))]).toEqual([bob.email, bob.email.toUpperCase()])
  expect([...(await since(new Date(Date.now() + 1000)))]).toEqual([])

  // A backup from before the erasure has him as he was.
  const { body } = await call('POST', '/contacts', { email: bob.email })

  await fresh.database.system`update contacts set created_at = now() - interval '1 day' where email = ${bob.email}`
  expect(await reapply(fresh.database, config, { kind: 'system' })).toEqual({ erasures: 1 })
  const [{ id }] = (await call('GET', '/privacy/erasures?limit=1')).body.data
  expect(await erased(id)).toMatchObject({ state: 'done', contact_ids: [body.id] })
  expect((await call('GET', `/contacts/${body.id}`)).status).toBe(404)
})

test('a rule erases whoever did nothing for so long, and no customer; the preview says whom', async () => {
  const { system } = fresh.database
  const made = async (email: string) => (await call('POST', '/contacts', { email }, tenant.secret_key)).body.id as number
  const tenant = await fresh.another()
  const [old, buyer, busy, recent] = [
    await made('old@example.com'),
    await made('buyer@example.com'),
    await made('busy@example.com'),
    await made('new@example.com'),
  ]
  await call('POST', '/conversions', { contact_id: buyer, type: 'sale', value: 5 }, tenant.secret_key)
  await call('POST', '/leads', { contact_id: busy, lead_type: 'solar' }, tenant.secret_key)
  await system`
    update contacts set created_at = now() - interval '13 months', updated_at = now() - interval '13 months'
     where workspace_id = ${tenant.workspace_id} and id <> ${recent}`
  const preview = async (question: string) =>
    (await call('GET', `/privacy/retention/preview?${question}`, undefined, tenant.secret_key)).body
  const only_old = { contacts: 1, sample: [{ id: old, email: 'old@example.com' }] }
  expect(await preview('unengaged_months=12&archive_months=12')).toMatchObject({ archived: only_old, erased: only_old })

  // Archived, and back by hand, which is something; then archived again, which erasing asks nothing about.
  const archived_at = async () => (await call('GET', `/contacts/${old}`, undefined, tenant.secret_key)).body.archived_at
  await archiveUnengaged(system)
  expect(await archived_at()).toBe(null)
  await call('PATCH', '/privacy/retention', { archive_months: 12 }, tenant.secret_key)
  await archiveUnengaged(system)
  expect(await archived_at()).toEqual(expect.any(String))
  expect(await preview('unengaged_months=12&archive_months=12')).toMatchObject({ archived: { contacts: 0 }, erased: only_old })
  await call('POST', `/contacts/${old}/restore`, undefined, tenant.secret_key)
  await archiveUnengaged(system)
  expect(await archived_at()).toBe(null)
  await system`
    update contacts set updated_at = now() - interval '13 months' where workspace_id = ${tenant.workspace_id} and id = ${old}`
  await archiveUnengaged(system)
  expect(await archived_at()).toEqual(expect.any(String))

  await eraseUnengaged(system)
  expect((await call('GET', '/privacy/erasures', undefined, tenant.secret_key)).body.data).toEqual([])
  const rule = await call('PATCH', '/privacy/retention', { unengaged_months: 12 }, tenant.secret_key)
  expect(rule.body).toEqual({ archive_months: 12, unengaged_months: 12, event_months: null, events_before: null })
  await eraseUnengaged(system)
  await eraseUnengaged(system) // asks for nobody twice
  const { data } = (await call('GET', '/privacy/erasures', undefined, tenant.secret_key)).body
  expect(data).toHaveLength(1)
  expect(await erased(data[0].id, tenant.secret_key)).toMatchObject({ state: 'done', contact_ids: [old] })
  const left = (await call('GET', '/contacts', undefined, tenant.secret_key)).body.data
  expect(left.map(({ id }: { id: number }) => id).sort()).toEqual([buyer, busy, recent].sort())
})

test('events go when their month is older than the workspace keeps them; what was counted stays, and is not made again without them', async () => {
  const { system } = fresh.database
  const tenant = await fresh.another()
  const ask = async (method: 'GET' | 'PATCH', url: string, payload?: object) =>
    (await call(method, url, payload, tenant.secret_key)).body
  const month = (ago: number) => new Date(Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth() - ago, 1))
  const at = (time: Date) => ({ timestamp: time.toISOString() })
  const justBefore = new Date(month(12).getTime() - 1)
  const watched = { funnel_id: 'season', video_id: 'first', watch_percentage: 100 }
  const sent = await fresh.app.inject({
    method: 'POST',
    url: '/v1/batch',
    headers: { ...basic(tenant.write_key), 'content-type': 'application/json' },
    payload: batch(
      { ...identify({ anonymousId: 'old', traits: { email: 'old@example.com', plan: 'season' } }), ...at(month(15)) },
      { ...track('video_completed', { anonymousId: 'old', properties: watched }), ...at(justBefore) },
      { ...page('kept', { anonymousId: 'old' }), ...at(month(12)) },
      { ...page('today', { anonymousId: 'new' }), ...at(new Date()) },
      // Whom an advertisement sent a day before they bought.
      {
        ...page('Offer', {
          anonymousId: 'buyer',
          context: { campaign: { source: 'flyer' }, page: { url: 'https://bread.example/' } },
        }),
        ...at(month(14)),
      },
      {
        ...track('purchase_completed', { anonymousId: 'buyer', properties: { amount: 9 } }),
        ...at(new Date(month(14).getTime() + 9e7)),
      },
    ),
  })
  expect(sent.json()).toEqual({ success: true })
  const events = async () =>
    (await system`select event from events where workspace_id = ${tenant.workspace_id} order by occurred_at`).map(
      row => row.event,
    )
  const derived = async () => [
    await system`select * from event_counts where workspace_id = ${tenant.workspace_id} order by day, event`,
    await system`select * from visitors where workspace_id = ${tenant.workspace_id} order by id`,
    await system`select * from visitor_videos where workspace_id = ${tenant.workspace_id}`,
    await system`select * from conversion_touches where workspace_id = ${tenant.workspace_id} order by conversion_id, n`,
  ]
  await rebuildAll(fresh.database, tenant)
  const before = await derived()
  const all = await events()
  expect(all).toHaveLength(6)
  const visits = () => system`
    select last_at, entry_url, ip is null as is_nowhere, touch->>'utm_source' as source
      from sessions where workspace_id = ${tenant.workspace_id} order by last_at`
  expect(await visits()).toHaveLength(5)

  const preview = await ask('GET', '/privacy/retention/preview?event_months=12')
  expect(preview.events).toBe(4)
  await forgetEvents(system)
  expect(await events()).toEqual(all)
  expect(await ask('PATCH', '/privacy/retention', { event_months: 12 })).toMatchObject({ event_months: 12, events_before: null })
  await forgetEvents(system)
  expect(await events()).toEqual(all.slice(4))
  // Visits go with their events, but for one that led to a sale: of it stays when it was and who sent it.
  expect(await visits()).toMatchObject([
    { last_at: month(14), entry_url: null, is_nowhere: true, source: 'flyer' },
    { last_at: month(12), source: null },
    { source: null },
  ])
  const rule = await ask('PATCH', '/privacy/retention', { event_months: null })
  expect(rule).toEqual({
    archive_months: null,
    unengaged_months: null,
    event_months: null,
    events_before: month(12).toISOString(),
  })

  const wrong = await rebuildAll(fresh.database, tenant)
  expect(Object.entries(wrong).filter(([, rows]) => rows > 0)).toEqual([])
  expect(await derived()).toEqual(before)
})
