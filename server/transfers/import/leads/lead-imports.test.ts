import { beforeAll, expect, test } from 'vitest'
import type { Import, ImportPreview, ImportRow, ImportSettings } from '../../../../shared/imports.ts'
import type { IntakeWebhook } from '../../../../shared/intake.ts'
import type { Lead, LeadShown } from '../../../../shared/leads.ts'
import { type FreshApp, freshApp } from '../../../../test/app.ts'
import { bearer } from '../../../../test/people.ts'
import { type SignedIn, signedIn } from '../../../../test/session.ts'
import { deskOf } from '../../../intake/desk.fixture.ts'

type Page<T> = { data: T[] }

let fresh: FreshApp
let anna: SignedIn
beforeAll(async () => {
  fresh = await freshApp()
  fresh.work()
  anna = await signedIn(fresh, 'agent')
  await call('POST', '/custom-fields', { noun: 'lead', key: 'roof_size', label: 'Roof size', type: 'number' })
  await call('POST', '/pipelines', {
    name: 'Partners',
    stages: [
      { name: 'Asked', kind: 'open' },
      { name: 'Signed', kind: 'won' },
      { name: 'Declined', kind: 'lost' },
    ],
  })
})

test('a file of leads is mapped by its headings, tried without a trace, and written for the contacts that it names', async () => {
  const { contact_id } = await make({ email: 'known@example.com' })
  const file = await sent(
    'Lead ID,E-Mail,First Name,Phone,Pipeline,Stage,Lost reason,Owner,Source,Value,Roof size,Created,Note,Type\n' +
      `a1,KNOWN@example.com,Kim,,,Contacted,,${anna.email},google,"$5,000.50",41,2024-03-31,call me,solar\n` +
      'a2,new@example.com,Nora,(202) 555-0111,partners,Declined,too dear,,,,,2024-04-01 10:30,,\n' +
      'a3,new@example.com,,,,,,,,,,,,\n' +
      'a2,,,,,,,,bing,,,,,\n' +
      'b1,wrong@example.com,,,Nowhere,,,,,,,,,\n' +
      'b2,wrong@example.com,,,,Nothing,,,,,,,,\n' +
      'b3,wrong@example.com,,,,,,nobody@example.com,,,,,,\n' +
      'b4,,Nobody,,,,,,,,,,,\n' +
      ',wrong@example.com,,,,,,,,,,,,\n' +
      'b5,wrong@example.com,,,,,,,,lots,tall,someday,,\n',
  )
  expect(file).toMatchObject({ of: 'leads', by: 'external_id', mode: 'both', assign: false })
  expect(targetsOf(file)).toEqual([
    'external_id', 'email', 'first_name', 'phone', 'pipeline', 'status', 'lost_reason', 'owner', 'source', null, 'custom.roof_size',
    'created_at', null, 'lead_type',
  ]) // biome-ignore format: a list
  await change(file, {
    columns: file.columns.map(({ header, target }) => ({
      header,
      target: header === 'Value' ? 'revenue_potential' : header === 'Note' ? 'fields.note' : target,
    })),
  })
  const { data: shown } = await call<ImportPreview>('GET', `/imports/${file.id}/preview`)
  expect(shown[0]).toMatchObject({ problem: null, says: { external_id: 'a1', status: 'Contacted', revenue_potential: 5000.5 } })
  const counts = { created: 3, updated: 1, failed: 6 }
  expect(await end(file, 'check')).toMatchObject({ state: 'waiting', counts })
  expect(await leadsOf('new@example.com')).toEqual([])
  expect(await end(file, 'run')).toMatchObject({ state: 'done', counts, done: 10 })
  const [kim] = (await leadsOf('known@example.com')).filter(({ source }) => source === 'google')
  expect(await call('GET', `/leads/${kim!.id}`)).toMatchObject({
    contact_id, lead_type: 'solar', status: 'contacted', kind: 'open', assigned_to: anna.user_id, revenue_potential: 5000.5, custom: { roof_size: 41 },
    fields: { note: 'call me' }, external_id: 'a1', created_at: '2024-03-31T00:00:00.000Z', email: 'known@example.com', webhook_id: null,
  }) // biome-ignore format: a lead
  const nora = await leadsOf('new@example.com')
  expect(
    nora.map(({ source, kind, lost_reason, assigned_to, created_at }) => [source, kind, lost_reason, assigned_to, created_at]),
  ).toEqual([
    [null, 'open', null, null, expect.any(String)],
    ['bing', 'lost', 'too dear', null, '2024-04-01T10:30:00.000Z'],
  ])
  expect(new Set(nora.map(lead => lead.contact_id)).size).toBe(1)
  expect(await rowsOf(file, 'failed')).toEqual([
    [6, 'pipeline: Nowhere is none of this workspace'],
    [7, expect.stringContaining('stage: Nothing is none of New')],
    [8, 'owner: nobody@example.com is not a user of this workspace'],
    [9, 'has neither an e-mail nor a phone, and one of them says whose the lead is'],
    [10, 'has no id of its sender, by which leads are found'],
    [11, expect.stringMatching(/^Value must be an amount.*; Created must be a time.*; custom.roof_size must be a number$/)],
  ])
  const told = await fresh.database.system<{ action: string }[]>`
    select distinct action from activities where actor ->> 'kind' = 'import' and actor ->> 'id' = ${String(file.id)} order by 1`
  expect(told.map(({ action }) => action)).toEqual(['contact.created', 'contact.updated', 'lead.assigned', 'lead.created'])
  const days = await fresh.database.system<{ day: string }[]>`
    select day::text from lead_days where dimension = 'source' and value in ('google', 'bing') order by 1`
  expect(days.map(({ day }) => day)).toEqual(['2024-03-31', '2024-04-01'])
})

test('a lead that is here is changed, made or left out as the file is told, and tells what is different', async () => {
  const lead = await make({ email: 'mode@example.com', source: 'google', external_id: 'mode-1', custom: { roof_size: 7 } })
  const text =
    'external id,email,source,roof size,status\nmode-1,mode@example.com,bing,,qualified\nmode-2,mode@example.com,bing,9,\n'
  const only = await sent(text)
  await change(only, { mode: 'create' })
  expect((await end(only, 'check')).counts).toEqual({ skipped: 1, created: 1 })
  await change(only, { mode: 'update', empty: 'clear' })
  expect((await end(only, 'run')).counts).toEqual({ updated: 1, skipped: 1 })
  expect(await rowsOf(only, 'skipped')).toEqual([[3, 'is no lead that is here']])
  expect(await call('GET', `/leads/${lead.id}`)).toMatchObject({ source: 'bing', status: 'qualified', custom: {} })
  const [told] = await fresh.database.system`
    select actor, before, after from activities where subject_id = ${String(lead.id)} and action = 'lead.updated'`
  expect(told).toEqual({
    actor: { kind: 'import', id: only.id, name: 'leads.csv' },
    before: { source: 'google', 'custom.roof_size': 7 },
    after: { source: 'bing', 'custom.roof_size': null },
  })
  const bare = await sent('email,source\nmode@example.com,bare\nmode@example.com,bare\n')
  expect(bare).toMatchObject({ by: 'none', mode: 'create' })
  expect(await refused('PATCH', `/imports/${bare.id}`, { mode: 'both' })).toBe('invalid_fields')
  expect(await refused('PATCH', `/imports/${bare.id}`, { by: 'email' })).toBe('invalid_fields')
  expect((await end(bare, 'run')).counts).toEqual({ created: 2 })
})

test('a lead is found by the id of its sender, whichever webhook it came in by; of two webhooks it is nobody can say which', async () => {
  const desk = deskOf(fresh)
  const [one, other] = [await desk.make(), await desk.make()]
  const comes = async (to: IntakeWebhook, external_id: string) =>
    (await desk.send(to, { external_id, email: 'sender@example.com' })).json<{ lead_id: number }>().lead_id
  const [first, second] = [await comes(one, 'of-one'), await comes(other, 'of-other')]
  const twice = [await comes(one, 'of-both'), await comes(other, 'of-both')]
  const file = await sent('external id,source,zip\nof-one,found,\nof-other,found,\nof-both,found,\n')
  await change(file, { mode: 'update' })
  expect((await end(file, 'run')).counts).toEqual({ updated: 2, ambiguous: 1 })
  expect(
    (await leadsOf('sender@example.com'))
      .filter(({ source }) => source === 'found')
      .map(({ id }) => id)
      .sort(),
  ).toEqual([first, second].sort())
  const [[, reason]] = (await rowsOf(file, 'ambiguous')) as [[number, string]]
  for (const id of twice) expect(reason).toContain(String(id))
})

test("the number of a lead that is somebody else's here changes nothing", async () => {
  const lead = await make({ email: 'mine@example.com' })
  const file = await sent(`id,email,source\n${lead.id},other@example.com,bing\n`)
  await change(file, {
    by: 'id',
    columns: file.columns.map(one => (one.header === 'id' ? { ...one, target: 'id' } : one)),
  })
  expect((await end(file, 'run')).counts).toEqual({ ambiguous: 1 })
  expect(await rowsOf(file)).toEqual([[2, `lead ${lead.id} is of somebody with another e-mail and phone`]])
})

test('rules give new leads to people when they are asked to, and not before', async () => {
  await call('POST', '/assignment-rules', {
    name: 'Rome',
    strategy: 'weighted',
    matches: { sources: ['rome'] },
    members: [{ user_id: anna.user_id }],
  })
  const text = (id: string) => `external id,email,source\n${id},${id}@example.com,rome\n`
  const quiet = await sent(text('rome1'))
  await end(quiet, 'run')
  const asked = await sent(text('rome2'))
  await change(asked, { assign: true })
  const counters = () => fresh.database.system`select sum(assigned)::int as given from assignment_members`
  const before = await counters()
  await end(asked, 'check')
  expect(await counters()).toEqual(before)
  await end(asked, 'run')
  const of = async (id: string) => (await leadsOf(`${id}@example.com`)).map(lead => lead.assigned_to)
  expect([await of('rome1'), await of('rome2')]).toEqual([[null], [anna.user_id]])
})

test('who changes only what is theirs imports leads of their own, and leaves those of others alone', async () => {
  const [own, other] = [
    await make({ email: 'own@example.com', external_id: 'own' }),
    await make({ email: 'other@example.com', external_id: 'other' }),
  ]
  await call('PATCH', `/leads/${own.id}`, { assigned_to: anna.user_id })
  const file = await sent('external id,email,source\nown,,anna\nother,,anna\nnew,annas@example.com,anna\n', anna.headers)
  const path = (verb: string) => `/api/v1/imports/${file.id}${verb}`
  const started = await fresh.app.inject({ method: 'POST', url: path('/run'), headers: anna.headers })
  expect(started.statusCode, started.body).toBe(200)
  expect((await ended(file)).counts).toEqual({ updated: 1, skipped: 1, created: 1 })
  expect(await rowsOf(file, 'skipped')).toEqual([[3, `lead ${other.id} is not one that you may change`]])
  expect((await leadsOf('annas@example.com')).map(lead => lead.assigned_to)).toEqual([anna.user_id])
  const contacts = await fresh.app.inject({
    method: 'POST',
    url: '/api/v1/imports?name=people.csv',
    payload: 'email\nx@example.com\n',
    headers: { ...anna.headers, 'content-type': 'text/csv' },
  })
  expect(contacts.statusCode).toBe(403)
  const theirs = await sent('external id,email\nboss,boss@example.com\n')
  const begun = await fresh.app.inject({ method: 'POST', url: `/api/v1/imports/${theirs.id}/run`, headers: anna.headers })
  expect(begun.statusCode).toBe(403)
})

test('who does not see all contacts finds none by a number that can be counted up', async () => {
  const hidden = await make({ email: 'hidden@example.com' })
  const team = await call<{ id: number }>('POST', '/teams', { name: 'Only Anna', user_ids: [anna.user_id] })
  try {
    const file = await sent(`external id,contact id,first name\ncounted,${hidden.contact_id},Kim\n`, anna.headers)
    const started = await fresh.app.inject({ method: 'POST', url: `/api/v1/imports/${file.id}/run`, headers: anna.headers })
    expect(started.statusCode, started.body).toBe(200)
    expect((await ended(file)).counts).toEqual({ failed: 1 })
    expect(await leadsOf('hidden@example.com')).toHaveLength(1)
  } finally {
    await ask('DELETE', `/teams/${team.id}`)
  }
})

test('it is taken back where nobody changed anything since, and says what stays', async () => {
  const lead = await make({ email: 'back@example.com', external_id: 'back', source: 'google' })
  const file = await sent(
    'external id,email,source,status,lost reason,fields.note\nback,,bing,lost,too dear,x\nback-made,back-made@example.com,bing,,,\nback-kept,back-kept@example.com,bing,,,\n',
  )
  expect((await end(file, 'run')).counts).toEqual({ updated: 1, created: 2 })
  const [kept] = await leadsOf('back-kept@example.com')
  await call('PATCH', `/leads/${kept!.id}`, { priority: 1 })
  await call('PATCH', `/leads/${lead.id}`, { fields: { note: 'y' } })
  expect((await end(file, 'revert')).counts).toMatchObject({ reverted: 1, kept: 2 })
  expect(await call('GET', `/leads/${lead.id}`)).toMatchObject({
    source: 'google', status: 'new', kind: 'open', lost_reason: null, closed_at: null, fields: { note: 'y' },
  }) // biome-ignore format: a lead
  const { data } = await call<Page<ImportRow>>('GET', `/imports/${file.id}/rows`)
  expect(data.map(({ reverted }) => reverted)).toEqual(['fields.note was changed since', 'reverted', 'was changed since'])
  expect(await leadsOf('back-made@example.com')).toEqual([])
  const contacts = await call<Page<object>>('GET', '/contacts?q=back-made@example.com')
  expect(contacts.data).toEqual([])
  const [told] = await fresh.database.system`
    select count(*)::int as gone from activities where action = 'lead.deleted' and actor ->> 'id' = ${String(file.id)}`
  expect(told!.gone).toBe(1)
})

test.each(['csv', 'jsonl'])('leads that were exported as %s and are imported again change nothing', async format => {
  const email = `${format}-out@example.com`
  const { id } = await make({
    email, first_name: '=1+1', source: "'-x", state: 'ca', city: ' spaced ', revenue_potential: 1200.5, score: -4, contact_attempts: 2, priority: 1,
    follow_up_at: '2031-03-31T09:30:00.000Z', assigned_to: anna.user_id, custom: { roof_size: 4.5 }, fields: { note: 'n' }, lead_type: 'solar',
  }) // biome-ignore format: a lead
  const lost = await make({ phone: format === 'csv' ? '+12025550161' : '+12025550162', is_test: format === 'csv' })
  await call('POST', `/leads/${lost.id}/status`, { status: 'lost', lost_reason: 'too; dear' })
  const { id: export_id } = await call<{ id: number }>('POST', '/exports', { of: 'leads', format })
  let out = await call<{ state: string; file: { url: string } }>('GET', `/exports/${export_id}`)
  while (out.state === 'running') out = await call('GET', `/exports/${export_id}`)
  const { body } = await fresh.app.inject({ url: out.file.url.replace(/^.*(?=\/api)/, '') })
  const file = await sent(body)
  expect(file).toMatchObject({ preset: 'throughline', by: 'id', mode: 'both' })
  const state = async () => [
    await call('GET', `/leads/${id}`),
    await fresh.database.system`select count(*)::int as all from activities where action <> 'transfer.started'`,
  ]
  const before = JSON.stringify(await state()).replace(/"seconds":\d+/g, '')
  const { counts } = await end(file, 'run')
  expect([Object.keys(counts), await rowsOf(file, 'failed'), await rowsOf(file, 'updated')]).toEqual([['unchanged'], [], []])
  expect(JSON.stringify(await state()).replace(/"seconds":\d+/g, '')).toBe(before)
})

async function make(lead: object): Promise<LeadShown> {
  return call('POST', '/leads', { assigned_to: null, ...lead })
}

async function leadsOf(q: string): Promise<Lead[]> {
  return (await call<Page<Lead>>('GET', `/leads?q=${encodeURIComponent(q)}`)).data
}

async function sent(payload: string, headers: Record<string, string> = bearer(fresh.secret_key)): Promise<Import> {
  const answer = await fresh.app.inject({
    method: 'POST',
    url: '/api/v1/imports?name=leads.csv&of=leads',
    payload,
    headers: { ...headers, 'content-type': 'text/csv' },
  })
  expect(answer.statusCode, answer.body).toBe(201)
  return answer.json()
}

async function call<T>(method: 'GET' | 'POST' | 'PATCH', path: string, payload?: object): Promise<T> {
  const answer = await ask(method, path, payload)
  expect(answer.statusCode, answer.body).toBeLessThan(300)
  return answer.json()
}

async function refused(method: 'POST' | 'PATCH', path: string, payload: object): Promise<string> {
  return (await ask(method, path, payload)).json().error?.code
}

function ask(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, payload?: object) {
  return fresh.app.inject({ method, url: `/api/v1${path}`, headers: bearer(fresh.secret_key), ...(payload && { payload }) })
}

function change(file: Import, settings: Partial<ImportSettings>) {
  return call<Import>('PATCH', `/imports/${file.id}`, settings)
}

async function end(file: Import, verb: 'check' | 'run' | 'revert'): Promise<Import> {
  await call('POST', `/imports/${file.id}/${verb}`)
  return ended(file)
}

async function ended({ id }: Import): Promise<Import> {
  let file = await call<Import>('GET', `/imports/${id}`)
  while (file.state === 'running') file = await call<Import>('GET', `/imports/${id}`)
  return file
}

async function rowsOf({ id }: Import, outcome?: string): Promise<[number, string | null][]> {
  const { data } = await call<Page<ImportRow>>('GET', `/imports/${id}/rows${outcome ? `?outcome=${outcome}` : ''}`)
  return data.map(({ row, reason }) => [row, reason])
}

function targetsOf({ columns }: Import) {
  return columns.map(({ target }) => target)
}
