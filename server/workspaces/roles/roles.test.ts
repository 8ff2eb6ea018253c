import { beforeAll, describe, expect, test } from 'vitest'
import { PERMISSION_SCOPES, type Permissions } from '../../../shared/permissions.ts'
import { type FreshApp, freshApp } from '../../../test/app.ts'
import { operationsOf } from '../../../test/openapi.ts'
import { basic, bearer, jane, john, sally } from '../../../test/people.ts'
import { type SignedIn, signedIn } from '../../../test/session.ts'
import { live } from '../../../test/wall/tenants.ts'
import { isPlaced } from './place.ts'

// A workspace in which something stands in every table, of people who are nobody's. Nora sees her own only, Mo sees all but no e-mail and phone.
let fresh: FreshApp
let owner: SignedIn
let nora: SignedIn
let mo: SignedIn
let hers: number
let theirs: number
let paths: string[]
let secrets: RegExp[]

const every = (level: 'all' | 'own'): Permissions =>
  Object.fromEntries(
    PERMISSION_SCOPES.filter(scope => scope !== 'settings').map(scope => {
      const owned = ['contacts', 'leads', 'tasks', 'appointments', 'conversions', 'visitors'].includes(scope)
      return [scope, owned ? { read: level, update: level, create: level } : { read: 'all' }]
    }),
  )

beforeAll(async () => {
  fresh = await freshApp()
  owner = await signedIn(fresh, 'owner')
  await live(fresh, fresh, [john, jane], 'word')
  nora = await works('Own only', { permissions: every('own') })
  mo = await works('No addresses', { permissions: every('all'), masks: ['email', 'phone', 'ip', 'street', 'zip_code'] })
  hers = (await ask('POST', '/contacts', owner, { email: sally.email, owner_id: nora.user_id })).body.id
  const rows = await fresh.database.system<{ id: number; email: string | null; phone: string | null }[]>`
    select id, email, phone from contacts where id <> ${hers} order by email = ${john.email} desc`
  theirs = rows[0]!.id
  const values = rows.flatMap(({ email, phone }) => [email, phone]).filter(value => value !== null)
  secrets = [...new Set([...values, john.email, jane.email, john.phone, jane.phone])].map(
    value => new RegExp(`(?<![\\w.+])${value.replace(/[.+]/g, '\\$&')}`, 'i'),
  )
  paths = await addresses()
})

async function works(name: string, role: object): Promise<SignedIn> {
  const made = await ask('POST', '/roles', owner, { name, ...role })
  expect([made.status, made.body.error]).toEqual([201, undefined])
  const member = await signedIn(fresh, 'agent')
  expect((await ask('PATCH', `/users/${member.user_id}`, owner, { role: 'custom', role_id: made.body.id })).status).toBe(200)
  return member
}

async function ask(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, who: Pick<SignedIn, 'headers'>, payload?: object) {
  const url = path.startsWith('/api') ? path : `/api/v1${path}`
  const { statusCode: status, body: text } = await fresh.app.inject({
    method,
    url,
    headers: who.headers,
    ...(payload && { payload }),
  })
  // biome-ignore lint/suspicious/noExplicitAny: answers of many routes
  return { status, text, body: (text.startsWith('{') ? JSON.parse(text) : null) as any }
}

/** Every GET of the API, with up to twelve ids of the table that it is about: whatever a person could type. */
async function addresses() {
  const operations = (await operationsOf(fresh.app)).filter(({ method, path }) => method === 'GET' && path.startsWith('/api/v1/'))
  const all: string[] = []
  for (const { path } of operations.filter(one => !/\/(live|bookings?)\b|\{token\}/.test(one.path))) {
    let made = [path]
    for (const [, noun, name] of path.matchAll(/\/([a-z-]+)\/\{(\w+)\}/g)) {
      const values = await idsOf(noun!, name!)
      made = made.flatMap(one => values.map(value => one.replace(`{${name}}`, encodeURIComponent(value))))
    }
    all.push(...made)
  }
  const searches = ['contacts', 'leads', 'appointments', 'visitors'].map(list => `/api/v1/${list}?q=${john.email.split('@')[0]}`)
  return [...all, ...searches, `/api/v1/contacts/${hers}/merge?other_id=${theirs}`]
}

async function idsOf(noun: string, name: string): Promise<string[]> {
  const { system } = fresh.database
  const table = { suggestions: 'merge_suggestions', lists: 'mailing_lists', runs: 'crm_runs', connections: 'crm_connections' }[
    noun
  ]
  const wanted = table ?? noun.replaceAll('-', '_')
  const [found] = await system`
    select from information_schema.columns where table_schema = 'public' and table_name = ${wanted} and column_name = any(${[name, 'workspace_id']})
    having count(*) = 2`
  if (!found) return ['1', '2', '3']
  const rows =
    await system`select distinct ${system(name)}::text as id from ${system(wanted)} where workspace_id = ${fresh.workspace_id} limit 12`
  return rows.length > 0 ? rows.map(row => row.id as string) : ['1']
}

test('every noun of the API belongs to a scope of permissions, or to settings', () => {
  const SETTINGS =
    /^\/api\/v1\/(account|activities|exports|health|invitations?|notifications|oidc|owner|password-resets|rights|roles|session|setup|teams|transfers|users|webhook-events|workspaces|audit|sign-in|book|bookings)\b/
  expect(paths.filter(path => !isPlaced(path.split('?')[0]!) && !SETTINGS.test(path))).toEqual([])
})

describe('who sees only their own', () => {
  test('finds nothing of anybody else in any answer', async () => {
    const told: string[] = []
    let found = 0
    for (const path of paths) {
      const { status, text } = await ask('GET', path, nora)
      if (status < 300) found++
      for (const secret of secrets) if (secret.test(text)) told.push(`${path} tells ${secret.source}`)
    }
    expect(told).toEqual([])
    expect(found).toBeGreaterThan(40)
  })

  test('the same addresses tell an owner, so that the test can fail', async () => {
    const telling = new Set<string>()
    for (const path of paths) {
      if (telling.size === 8) break
      const { text } = await ask('GET', path, owner)
      if (secrets.some(secret => secret.test(text))) telling.add(path.replace(/\d+/g, ''))
    }
    expect(telling.size).toBe(8)
  })

  test('works on what is theirs, and finds nothing else to change', async () => {
    expect((await ask('GET', '/contacts', nora)).body.data).toMatchObject([{ id: hers }])
    expect((await ask('PATCH', `/contacts/${hers}`, nora, { first_name: 'Sal' })).status).toBe(200)
    expect((await ask('PATCH', `/contacts/${theirs}`, nora, { first_name: 'Sal' })).status).toBe(404)
    const made = await ask('POST', '/contacts', nora, { email: 'new@example.com', owner_id: owner.user_id })
    expect([made.status, made.body.owner_id]).toEqual([201, nora.user_id])
    expect((await ask('GET', `/contacts/${made.body.id}`, nora)).status).toBe(200)
    expect((await ask('POST', `/contacts/${theirs}/tags`, nora, { names: ['x'] })).status).toBe(404)
    expect((await ask('POST', `/contacts/${hers}/merge`, nora, { other_id: theirs })).status).toBe(403)
    expect((await ask('POST', '/leads', nora, { contact_id: theirs })).status).toBe(404)
    const lead_id = (await ask('POST', '/leads', owner, { email: 'led@example.com' })).body.id
    const note = (await ask('POST', '/notes', owner, { contact_id: theirs, body: 'Secret' })).body.id
    for (const [method, path, body] of [
      ['POST', '/notes', { lead_id, body: 'x' }],
      ['POST', '/tasks', { lead_id, kind: 'todo', title: 'x' }],
      ['PATCH', `/notes/${note}`, { is_pinned: false }],
      ['POST', `/notes/${note}/undo`, {}],
    ] as const)
      expect([path, (await ask(method, path, nora, body)).status]).toEqual([path, 404])
    expect((await ask('POST', '/notes', nora, { contact_id: hers, body: 'Mine' })).status).toBe(201)
    expect((await ask('DELETE', `/users/${owner.user_id}`, nora)).status).toBe(403)
  })
})

test('what is masked stands in no answer, and nobody asks for it by a filter', async () => {
  const told: string[] = []
  for (const path of paths) {
    const { text } = await ask('GET', path, mo)
    for (const secret of secrets) if (secret.test(text)) told.push(`${path} tells ${secret.source}`)
  }
  expect(told).toEqual([])
  expect((await ask('GET', `/contacts/${theirs}`, mo)).body).toMatchObject({ id: theirs, email: null, phone: null })
  for (const path of [
    `/contacts?email=${john.email}`,
    `/contacts?q=${john.email}`,
    '/activities?q=jo',
    '/visitors?q=jo',
    '/contacts?sort=email',
    '/live',
    '/crm/links.csv',
  ])
    expect((await ask('GET', path, mo)).status).toBe(403)
  expect((await ask('POST', '/exports', mo, { of: 'contacts' })).status).toBe(403)
  const bulk = { of: 'contacts', action: 'tag', names: ['x'], query: { email: john.email } }
  expect((await ask('POST', '/bulk-actions', mo, bulk)).status).toBe(403)
})

/** Where an owner is answered otherwise, so that the test can fail. */
const TELLING = [
  '/api/v1/activities', '/api/v1/appointments', '/api/v1/contacts', '/api/v1/events', '/api/v1/leads', '/api/v1/visitors', '/contacts',
  '/reports/funnel', '/segments/preview',
] // biome-ignore format: one word after the other

test('what is masked is found out by no search, filter, order, rule or breakdown', async () => {
  await ask('POST', '/custom-fields', owner, { noun: 'contact', key: 'work_email', label: 'At work', type: 'text' })
  const hidden = { email: 'quillon@hidden.example', phone: '+12025550177', custom: { work_email: 'quillon at work' } }
  const address = { street: 'Quillon Road 7', zip_code: '94177' }
  const person = { ...hidden, first_name: 'Plain', last_name: 'Pixel', properties: { work_email: hidden.email, ...address } }
  const contact_id = (await ask('POST', '/contacts', owner, person)).body.id
  await ask('POST', '/leads', owner, { contact_id })
  await ask('POST', '/appointments', owner, { contact_id, scheduled_at: new Date(Date.now() + 86_400_000).toISOString() })
  const track = { event: 'asked', userId: hidden.email, properties: { email: hidden.email } }
  await fresh.app.inject({ method: 'POST', url: '/v1/track', payload: track, headers: basic(fresh.write_key) })

  // Each beside one of the same form that nobody has: whoever is answered alike has learnt nothing.
  const pairs = [
    [hidden.email, 'quillan@hidden.example'],
    ['quillon', 'quillan'],
    [hidden.phone, '+12025550166'],
    ['2025550177', '2025550166'],
    ['94177', '94166'],
  ] as const
  const lists = (await operationsOf(fresh.app)).filter(
    ({ method, path }) => method === 'GET' && path.startsWith('/api/v1/') && !path.includes('{') && !/live$|\.csv$/.test(path),
  )
  const asked: ((value: string) => Parameters<typeof ask>)[] = lists.flatMap(({ path, parameters }) => [
    ...parameters
      .filter(
        one => one.in === 'query' && one.name !== 'cursor' && [one.schema.type].flat().includes('string') && !one.schema.enum,
      )
      .map(
        ({ name }) =>
          (value: string) =>
            ['GET', `${path}?${new URLSearchParams([[name, value]])}`, mo] as Parameters<typeof ask>,
      ),
  ])
  const rules = [
    ...['email', 'phone', 'user_id', 'name', 'work_email', 'street', 'zip_code'].flatMap(name =>
      ['equals', 'contains', 'greater'].map(is => (value: string) => ({ all: [{ not: { kind: 'property', name, is, value } }] })),
    ),
    (value: string) => ({ kind: 'field', field: 'work_email', is: 'contains', value }),
    (value: string) => ({ kind: 'event', event: 'asked', did: 'did', property: 'email', value }),
  ]
  asked.push(
    value => ['GET', `/contacts?custom.work_email.contains=${value}`, mo],
    ...rules.flatMap(rule => [
      (value: string) => ['POST', '/segments/preview', mo, { rule: rule(value) }] as Parameters<typeof ask>,
      (value: string) =>
        ['GET', `/contacts?${new URLSearchParams([['rule', JSON.stringify(rule(value))]])}`, mo] as Parameters<typeof ask>,
    ]),
    value => [
      'POST',
      '/reports/funnel',
      mo,
      { steps: [{ event: 'asked', conditions: [{ property: 'email', operator: 'contains', value }] }] },
    ],
  )
  const told: string[] = []
  const told_owner = new Set<string>()
  for (const say of asked)
    for (const pair of pairs) {
      const as = async (who: SignedIn) => {
        const answers = []
        for (const value of pair) {
          const [method, path, , body] = say(value)
          const { status, text } = await ask(method, path, who, body)
          answers.push(`${status} ${text.replaceAll(value, '…').replace(/"checked_at":"[^"]*"/, '')}`)
        }
        return answers[0] === answers[1]
      }
      const [method, path] = say(pair[0])
      if (!(await as(mo))) told.push(`${method} ${path}`)
      const list = path.split('?')[0]!
      if (TELLING.includes(list) && !told_owner.has(list) && !(await as(owner))) told_owner.add(list)
    }
  expect(told).toEqual([])
  expect([...told_owner].sort()).toEqual([...TELLING].sort())

  for (const sort of ['email', 'custom.work_email', '-custom.work_email'])
    expect([sort, (await ask('GET', `/contacts?sort=${sort}`, mo)).status]).toEqual([sort, 403])
  const breakdown = { steps: [{ event: 'asked' }], breakdown: { by: 'property', property: 'email' } }
  expect((await ask('POST', '/reports/funnel', mo, breakdown)).status).toBe(403)
  expect((await ask('POST', '/segments', mo, { name: 'By e-mail', rule: rules[1]!('quillon') })).status).toBe(403)
  const bulk = { of: 'contacts', action: 'tag', names: ['x'], query: { rule: JSON.stringify(rules[1]!('quillon')) } }
  expect((await ask('POST', '/bulk-actions', mo, bulk)).status).toBe(403)
  // By their names people are found as before.
  for (const list of ['contacts', 'leads', 'appointments'])
    for (const [q, found] of [
      ['plain pix', 1],
      ['pi', 1],
      ['plain quillon', 0],
    ] as const)
      expect([list, q, (await ask('GET', `/${list}?q=${q}`, mo)).body.data.length]).toEqual([list, q, found])
})

describe('a team', () => {
  test('sees what its members have; an agent changes what is theirs alone', async () => {
    const there = await fresh.another('Teams')
    const boss = await signedIn(fresh, 'owner', there.workspace_id)
    const [ann, ben, cem] = await Promise.all(['a', 'b', 'c'].map(() => signedIn(fresh, 'agent', there.workspace_id)))
    const of = async (email: string, user: SignedIn) =>
      (await ask('POST', '/leads', boss, { email, assigned_to: user.user_id })).body as { id: number; contact_id: number }
    const [a, b, c] = [await of('a@example.com', ann!), await of('b@example.com', ben!), await of('c@example.com', cem!)]
    const sees = async (who: SignedIn) =>
      ((await ask('GET', '/contacts', who)).body.data as { email: string }[]).map(({ email }) => email).sort()
    // Where nobody made a team, everybody is one.
    expect(await sees(ann!)).toEqual(['a@example.com', 'b@example.com', 'c@example.com'])
    const team = await ask('POST', '/teams', boss, { name: 'North', user_ids: [ann!.user_id, ben!.user_id] })
    expect(team.status).toBe(201)
    expect(await sees(ann!)).toEqual(['a@example.com', 'b@example.com'])
    expect(await sees(cem!)).toEqual(['c@example.com'])
    const change = (lead: { id: number }, who: SignedIn) => ask('PATCH', `/leads/${lead.id}`, who, { priority: 1 })
    expect([(await change(a, ann!)).status, (await change(b, ann!)).status, (await change(c, ann!)).status]).toEqual([
      200, 403, 404,
    ])
    expect((await ask('GET', `/contacts/${b.contact_id}/timeline`, ann!)).status).toBe(200)
    expect((await ask('GET', `/contacts/${c.contact_id}/timeline`, ann!)).status).toBe(404)
    await ask('PATCH', `/teams/${team.body.id}`, boss, { user_ids: [ben!.user_id] })
    expect(await sees(ann!)).toEqual(['a@example.com'])
    expect((await ask('DELETE', `/teams/${team.body.id}`, boss)).status).toBe(204)
    expect(await sees(ann!)).toHaveLength(3)
  })
})

describe('a role of its own', () => {
  test('gives nobody more than who makes it, and none that rules has a blind spot', async () => {
    const make = (body: object, who: Pick<SignedIn, 'headers'> = owner) => ask('POST', '/roles', who, { name: 'New', ...body })
    const settings = { settings: { update: 'all' } }
    expect((await make({ permissions: settings })).body.error.fields.permissions).toContain('must see all')
    expect((await make({ permissions: { reports: { read: 'own' } } })).status).toBe(422)
    expect((await make({ permissions: { contacts: { read: 'some' } } })).status).toBe(422)
    expect((await make({ permissions: {}, masks: ['name'] })).status).toBe(422)
    expect((await make({ name: 'Owner', permissions: {} })).body.error.code).toBe('already_exists')
    const reads = Object.fromEntries(PERMISSION_SCOPES.map(scope => [scope, { read: 'all' }]))
    const clerk = await works('Clerk', { permissions: { ...reads, ...settings, privacy: { read: 'all' } } })
    expect((await make({ permissions: { contacts: { read: 'all', delete: 'all' } } }, clerk)).status).toBe(403)
    expect((await make({ name: 'Less', permissions: { contacts: { read: 'own' } } }, clerk)).status).toBe(403) // changing is not making
    expect((await ask('PATCH', `/users/${owner.user_id}`, clerk, { role: 'agent' })).status).toBe(403)
    expect((await ask('POST', '/keys', clerk, { kind: 'secret', name: 'x', scopes: ['update'] })).status).toBe(403)
    const rules = { settings: { read: 'all', create: 'all', update: 'all', delete: 'all' } }
    const janitor = await works('Janitor', { permissions: { ...reads, ...rules, privacy: { read: 'all' } } })
    const key = (body: object, who: Pick<SignedIn, 'headers'> = janitor) =>
      ask('POST', '/keys', who, { kind: 'secret', name: 'x', ...body })
    expect((await key({ scopes: ['read'] })).status).toBe(201)
    // What such a key may do is no detour to more: it gives roles, and without scopes it is the usual one, that changes records.
    expect([(await key({ scopes: ['admin', 'read'] })).status, (await key({})).status]).toEqual([403, 403])
    const only_rules = { headers: bearer((await key({ scopes: ['admin'] }, owner)).body.key) }
    expect((await ask('PATCH', `/users/${janitor.user_id}`, only_rules, { role: 'admin' })).status).toBe(403)
    expect((await ask('POST', '/roles', { headers: bearer(fresh.secret_key) }, { name: 'By key', permissions: {} })).status).toBe(
      201,
    )
  })

  test('changes with the next request, and stays while somebody has it', async () => {
    const { data } = (await ask('GET', '/roles', owner)).body as { data: { id: number; name: string; member_count: number }[] }
    const own = data.find(({ name }) => name === 'Own only')!
    expect(own.member_count).toBe(1)
    expect((await ask('DELETE', `/roles/${own.id}`, owner)).body.error.code).toBe('in_use')
    expect((await ask('PATCH', `/roles/${own.id}`, owner, { permissions: {} })).status).toBe(200)
    expect((await ask('GET', '/contacts', nora)).status).toBe(403)
    expect((await ask('GET', '/reports/leads', nora)).status).toBe(403)
    await ask('PATCH', `/users/${nora.user_id}`, owner, { role: 'agent' })
    expect((await ask('DELETE', `/roles/${own.id}`, owner)).status).toBe(204)
  })
})
