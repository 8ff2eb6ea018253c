import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, test } from 'vitest'
import type { Contact } from '../../../shared/contacts.ts'
import { unguarded } from '../../../shared/csv.ts'
import type { Export, ExportFile, ExportPreview } from '../../../shared/exports.ts'
import type { ContactHealth } from '../../../shared/health.ts'
import type { EngagementReport, OverviewReport } from '../../../shared/journeys.ts'
import { type FreshApp, freshApp } from '../../../test/app.ts'
import { basic, batch, bearer, sally, track } from '../../../test/people.ts'
import { type SignedIn, signedIn } from '../../../test/session.ts'
import { readCsv } from '../../appointments/routing/csv.ts'
import { makeFileLink } from './link.ts'

let fresh: FreshApp
beforeAll(async () => {
  fresh = await freshApp()
  fresh.work()
  await fresh.listen()
})

async function answer(method: 'GET' | 'POST' | 'PATCH', path: string, payload?: object, key = fresh.secret_key) {
  const response = await fresh.app.inject({ method, url: `/api/v1${path}`, headers: bearer(key), ...(payload && { payload }) })
  return { status: response.statusCode, body: response.json() }
}
async function ask<T>(method: 'GET' | 'POST', path: string, payload?: object): Promise<T> {
  const { status, body } = await answer(method, path, payload)
  expect(status, JSON.stringify(body)).toBeLessThan(300)
  return body
}
async function refusal(payload: object) {
  const { status, body } = await answer('POST', '/exports', payload)
  return [status, body.error.fields]
}
const person = (fields: object) => ask<Contact>('POST', '/contacts', fields)

async function ended({ id }: { id: number }): Promise<Export> {
  for (;;) {
    const found = await ask<Export>('GET', `/exports/${id}`)
    if (found.state !== 'running') return found
    await sleep(10)
  }
}
async function exported(wish: object): Promise<Export & { file: ExportFile }> {
  const done = await ended(await ask<Export>('POST', '/exports', wish))
  expect(done).toMatchObject({ state: 'done', error: null, file: { bytes: expect.any(Number) } })
  return done as Export & { file: ExportFile }
}
const fetched = (url: string, headers: Record<string, string> = {}) => fetch(url.replace(/^.*(?=\/api)/, fresh.url), { headers })
const textOf = async ({ file }: { file: ExportFile }) => (await fetched(file.url)).text()
async function tableOf(done: { file: ExportFile }): Promise<Record<string, string>[]> {
  const [head, ...body] = readCsv(await textOf(done)).map(({ cells }) => cells)
  return body.map(row => Object.fromEntries(row.map((cell, k) => [head![k]!, unguarded(cell)])))
}

test('a list is written with its filters, each value as it is, and no cell begins a formula', async () => {
  const made = await person({
    email: 'ada@example.com',
    phone: '+12025550101',
    first_name: '=HYPERLINK("x")',
    last_name: 'O"Neil, Jr',
  })
  await person({ email: 'bob@example.com', first_name: 'Bob' })
  await ask('POST', `/contacts/${made.id}/tags`, { names: ['VIP', 'Baker'] })
  const done = await exported({ of: 'contacts', query: { email: 'ada@example.com' } })
  const text = await textOf(done)
  expect(text).toContain(`'+12025550101`)
  expect(text).toContain(`"'=HYPERLINK(""x"")"`)
  expect(await tableOf(done)).toEqual([
    expect.objectContaining({
      id: String(made.id),
      email: 'ada@example.com',
      phone: '+12025550101',
      first_name: '=HYPERLINK("x")',
      last_name: 'O"Neil, Jr',
      tags: 'Baker; VIP',
      created_at: made.created_at,
    }),
  ])
  expect(done).toMatchObject({
    ...{ done: 1, total: 1 },
    of: 'contacts',
    format: 'csv',
    file: { name: expect.stringMatching(/^contacts .*\.csv$/) },
  })
})

test('JSON lines hold what the API shows, of any list, and columns can be chosen', async () => {
  const { id } = await person({ email: 'lines@example.com', properties: { plan: { name: 'gold' } } })
  await fresh.app.inject({
    method: 'POST',
    url: '/v1/batch',
    headers: { ...basic(fresh.write_key), 'content-type': 'application/json' },
    payload: batch(track('lesson_opened', { anonymousId: sally.laptop, properties: { chapter: 3 } })),
  })
  const lines = async (wish: object) =>
    (await textOf(await exported({ format: 'jsonl', ...wish })))
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
  const { data } = await ask<{ data: Contact[] }>('GET', '/contacts?email=lines@example.com')
  expect(await lines({ of: 'contacts', query: { email: 'lines@example.com' } })).toEqual([{ ...data[0], tags: [] }])
  expect(await lines({ of: 'events', query: { event: 'lesson_opened' } })).toEqual([
    expect.objectContaining({ event: 'lesson_opened', properties: expect.objectContaining({ chapter: 3 }) }),
  ])
  for (const [of, query] of [
    ...['contacts', 'leads', 'appointments', 'conversions', 'visitors', 'events'].map(of => [of, {}] as const),
    ...([
      ['contacts', { q: 'lines' }],
      ['events', { distinct_id: sally.laptop }],
      ['visitors', { anonymous: true }],
    ] as const),
    ['activities', { noun: 'contact', q: 'gold' }] as const,
  ]) {
    const { done } = await exported({ of, query })
    expect([of, await ask<ExportPreview>('POST', '/exports/preview', { of, query })]).toEqual([
      of,
      expect.objectContaining({ count: done }),
    ])
  }
  const done = await exported({ of: 'contacts', ids: [id], columns: ['properties', 'email'] })
  expect(await tableOf(done)).toEqual([{ properties: '{"plan":{"name":"gold"}}', email: 'lines@example.com' }])
  expect(await refusal({ of: 'contacts', query: { stag: 'x' } })).toEqual([422, { 'query.stag': 'is not known here' }])
  expect(await refusal({ of: 'contacts', columns: ['secrets'] })).toEqual([422, { columns: 'secrets is no column of contacts' }])
  expect(await refusal({ of: 'events', ids: [1] })).toEqual([422, { ids: 'can be chosen of contacts and leads' }])
})

test('what a file would hold is said before: how many rows, and its columns', async () => {
  const loaves = { noun: 'contact', key: 'loaves', label: 'Loaves', type: 'number' }
  await ask('POST', '/custom-fields', loaves)
  await person({ email: 'before@example.com' })
  const preview = (wish: object) => ask<ExportPreview>('POST', '/exports/preview', wish)
  expect(await preview({ of: 'contacts', query: { email: 'before@example.com' } })).toEqual({
    count: 1,
    columns: expect.arrayContaining(['id', 'email', 'custom.loaves', 'tags']),
  })
  await fresh.database.system`
    insert into contacts (workspace_id, id, email, country_code, own_traits, traits)
    select ${fresh.workspace_id}, 30000000 + n, 'very' || n || '@example.com', 'IS', '{}', '{}' from generate_series(1, 10001) n`
  expect(await preview({ of: 'contacts', query: { country_code: 'IS' } })).toMatchObject({ count: 10_001 })
  expect(await exported({ of: 'contacts', query: { country_code: 'IS' } })).toMatchObject({ total: 10_001, done: 10_001 })
  await fresh.database.system`delete from contacts where workspace_id = ${fresh.workspace_id} and country_code = 'IS'`
  const { status, body } = await answer('POST', '/exports/preview', { of: 'contacts', query: { stag: 'x' } })
  expect([status, body.error.fields]).toEqual([422, { 'query.stag': 'is not known here' }])
})

test('a report is a file as well: its groups as the screen shows them, with the period before and the sums', async () => {
  const { id } = await person({ email: 'sale@example.com' })
  for (const [type, value] of [
    ['book', 12.5],
    ['course', 99],
  ])
    await ask('POST', '/conversions', { contact_id: id, type, value, currency: 'USD', converted_at: '2026-01-10T12:00:00Z' })
  const days = { from: '2026-01-01', to: '2026-01-31' }
  const done = await exported({ of: 'conversion_report', query: { ...days, by: 'type' } })
  expect(done).toMatchObject({ total: 3, done: 3, file: { name: expect.stringMatching(/^conversion report .*\.csv$/) } })
  expect((await tableOf(done)).map(row => [row.row, row.value, row.conversions, row.revenue, row['previous.revenue']])).toEqual([
    ['group', 'course', '1', '99', '0'],
    ['group', 'book', '1', '12.5', '0'],
    ['total', '', '2', '111.5', '0'],
  ])
  for (const of of ['lead_report', 'appointment_report', 'attribution_report']) {
    const file = await exported({ of, query: days, format: 'jsonl' })
    expect([of, JSON.parse((await textOf(file)).trimEnd().split('\n').at(-1)!).row]).toEqual([of, 'total'])
  }
  expect(await refusal({ of: 'lead_report', query: { by: 'weather' } })).toEqual([422, { 'query.by': expect.any(String) }])
  const agent = await signedIn(fresh, 'agent')
  const theirs = await fresh.app.inject({
    method: 'POST',
    url: '/api/v1/exports',
    headers: agent.headers,
    payload: { of: 'lead_report' },
  })
  expect(theirs.statusCode).toBe(403)
})

test('so is a dashboard, any funnel and the health of it all: every number as its report has it, or one kind of them', async () => {
  const seen = (event: string, anonymousId: string) => track(event, { anonymousId })
  await fresh.app.inject({
    method: 'POST',
    url: '/v1/batch',
    headers: { ...basic(fresh.write_key), 'content-type': 'application/json' },
    payload: batch(seen('=bread_seen', 'one'), seen('=bread_seen', 'two'), seen('bread_bought', 'two')),
  })
  const rows = async (of: string, query: object) =>
    (await textOf(await exported({ of, query, format: 'jsonl' })))
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
  const of_kind = (found: Record<string, unknown>[], row: string) => found.filter(one => one.row === row)

  const scope = { from: '2026-01-01', to: '2026-01-10', time_zone: 'Europe/Berlin' }
  const overview = await ask<OverviewReport>('GET', `/reports/overview?${new URLSearchParams(scope)}`)
  const written = await rows('overview_report', scope)
  expect(of_kind(written, 'interval').map(row => ({ day: row.value, conversions: row.conversions }))).toEqual(
    overview.series.map(({ day, conversions }) => ({ day, conversions })),
  )
  expect(overview.totals.conversions).toBeGreaterThan(0)
  expect(of_kind(written, 'total')).toEqual([expect.objectContaining({ ...overview.totals, previous: overview.previous })])
  expect(of_kind(written, 'step')).toEqual(
    overview.steps.map(({ step, ...sums }) => expect.objectContaining({ value: step, ...sums })),
  )

  const aims = await exported({ of: 'overview_report', query: { ...scope, row: 'rate', compare: false } })
  expect(aims.file.name).toBe('overview report rate 2026-01-01 to 2026-01-10.csv')
  expect((await textOf(aims)).split('\r\n')[0]).toBe('row,value,rate,target.from,target.to')
  const engagement = await ask<EngagementReport>('GET', `/reports/engagement?${new URLSearchParams(scope)}`)
  expect(
    (await rows('engagement_report', { ...scope, row: 'watched' })).map(({ from, to, people }) => ({ from, to, people })),
  ).toEqual(engagement.histogram)

  const question = { steps: [{ event: '=bread_seen' }, { event: 'bread_bought' }], days: 2, breakdown: { by: 'country' } }
  const funnel = await tableOf(await exported({ of: 'funnel_report', query: question }))
  expect(funnel.map(({ row, value, event, people, rate }) => [row, value, event, people, rate])).toEqual([
    ['group', '', '=bread_seen', '2', '1'],
    ['group', '', 'bread_bought', '1', '0.5'],
    ['total', '', '=bread_seen', '2', '1'],
    ['total', '', 'bread_bought', '1', '0.5'],
  ])
  expect(await textOf(await exported({ of: 'funnel_report', query: question }))).toContain(`,'=bread_seen,`)
  const { contacts, stages } = await ask<ContactHealth>('GET', '/reports/health')
  const health = await rows('health_report', {})
  expect(of_kind(health, 'total')).toEqual([expect.objectContaining({ contacts })])
  expect(of_kind(health, 'stage').map(row => ({ stage: row.value, contacts: row.contacts }))).toEqual(stages)
  expect((await rows('technical_report', { days: 1 })).map(({ row, value }) => value ?? row)).toEqual([
    ...['latency', 'capture', 'reports', 'loads'],
    'deliveries',
  ])
  expect(await refusal({ of: 'funnel_report' })).toEqual([422, { 'query.steps': expect.any(String) }])
  expect(await refusal({ of: 'health_report', query: { row: 'weather' } })).toEqual([422, { 'query.row': expect.any(String) }])
})

test('a file of several parts is one snapshot, and a download that was cut off goes on at its byte', async () => {
  const COUNT = 5_000
  await fresh.database.system`
    insert into contacts (workspace_id, id, email, own_traits, traits)
    select ${fresh.workspace_id}, 10000000 + n, 'many' || n || '@example.com', '{}', jsonb_build_object('note', jsonb_build_array(repeat('é', 200), 1))
      from generate_series(1, ${COUNT}) n`
  const done = await exported({ of: 'contacts', format: 'jsonl', query: { sort: 'created_at' } })
  const [stored] = await fresh.database.system`select count(*)::int as parts from export_parts where transfer_id = ${done.id}`
  expect(stored!.parts).toBeGreaterThan(2)
  const { url, bytes } = done.file
  const whole = Buffer.from(await (await fetched(url)).arrayBuffer())
  expect([whole.length, whole.toString('utf8').trimEnd().split('\n').length]).toEqual([bytes, done.done])
  const ids = whole
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line).id)
  expect(new Set(ids).size).toBe(ids.length)

  const part = async (range: string, more = {}) => {
    const response = await fetched(url, { range, ...more })
    const body = Buffer.from(await response.arrayBuffer())
    return { status: response.status, said: response.headers.get('content-range'), body, etag: response.headers.get('etag')! }
  }
  const middle = await part(`bytes=1000001-${bytes - 5}`)
  expect([middle.status, middle.said]).toEqual([206, `bytes 1000001-${bytes - 5}/${bytes}`])
  expect(middle.body.equals(whole.subarray(1_000_001, bytes - 4))).toBe(true)
  expect((await part('bytes=-7')).body.equals(whole.subarray(-7))).toBe(true)
  expect((await part(`bytes=${bytes - 1}-`)).body).toHaveLength(1)
  expect((await part('bytes=5-', { 'if-range': middle.etag })).status).toBe(206)
  expect((await part('bytes=5-', { 'if-range': '"another"' })).status).toBe(200)
  const beyond = await part(`bytes=${bytes}-`)
  expect([beyond.status, beyond.said, JSON.parse(beyond.body.toString()).error.code]).toEqual([
    416,
    `bytes */${bytes}`,
    'no_such_range',
  ])
})

test('a link works for its own file and its hour, and without it the file is for who asked for it and admins', async () => {
  const [owner, analyst] = [await signedIn(fresh), await signedIn(fresh, 'analyst')]
  const as = (who: SignedIn, method: 'GET' | 'POST', path: string, payload?: object) =>
    fresh.app.inject({ method, url: `/api/v1${path}`, headers: who.headers, ...(payload && { payload }) })
  const theirs = await exported({ of: 'contacts', query: { email: 'ada@example.com' } })
  const file = `/exports/${theirs.id}/file`
  expect((await as(owner, 'GET', file)).statusCode).toBe(200)
  expect((await as(analyst, 'GET', file)).statusCode).toBe(403)
  expect((await as(analyst, 'GET', `/exports/${theirs.id}`)).json<Export>().file).toBeNull()

  const token = new URL(theirs.file.url).searchParams.get('token')!
  const status = async (path: string) => (await fetched(`/api/v1${path}`)).status
  expect(await status(`${file}?token=${token}`)).toBe(200)
  expect(await status(`${file}?token=${token}x`)).toBe(403)
  expect(await status(`${file}?token=${token.replace(/^\d+/, '99')}`)).toBe(403)
  const other = await exported({ of: 'contacts', query: { email: 'nobody@example.com' } })
  expect(await status(`/exports/${other.id}/file?token=${token}`)).toBe(403)
  expect(await textOf(other)).toMatch(/^\uFEFF?id,email,.*\r\n$/)
  const old = makeFileLink(fresh.context.config, fresh.workspace_id, theirs.id, Date.now() - 3_700_000)
  expect((await fetched(old.url)).status).toBe(403)

  await fresh.database.system`delete from export_parts where transfer_id = ${theirs.id}`
  expect((await as(owner, 'GET', file)).json().error.message).toMatch(/not there any more/)
})
