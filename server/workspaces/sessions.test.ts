import { beforeAll, expect, test } from 'vitest'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { PASSWORD, signedIn } from '../../test/session.ts'
import { prepareFirstStart } from './first-start.ts'
import { createUser } from './users.ts'

let fresh: FreshApp
beforeAll(async () => {
  fresh = await freshApp()
})

const get = (url: string, headers: Record<string, string>) => fresh.app.inject({ url, headers })
const post = (url: string, payload: object, headers: Record<string, string> = {}) =>
  fresh.app.inject({ method: 'POST', url, payload, headers })

test('the first owner uses the link once, and owns what nobody owned', async () => {
  const { token } = await prepareFirstStart(fresh.database)
  const owner = { token, email: 'Sally@Example.com', name: 'Sally', password: PASSWORD, workspace: 'Bakery' }
  const made = await post('/api/v1/owner', owner)
  expect(made.statusCode).toBe(201)
  expect(made.json()).toMatchObject({
    user: { email: 'sally@example.com', name: 'Sally' },
    workspaces: [{ id: fresh.workspace_id, name: 'Bakery', role: 'owner' }],
  })
  expect(String(made.headers['set-cookie'])).toMatch(
    /^throughline_session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/,
  )
  const again = await post('/api/v1/owner', { ...owner, email: 'eve@example.com' })
  expect([again.statusCode, again.json().error.code]).toEqual([401, 'sign_in_link_used'])
  expect((await prepareFirstStart(fresh.database)).token).toBeUndefined()
})

test('a new start makes the old link worthless', async () => {
  const other = await freshApp()
  const old = await prepareFirstStart(other.database)
  const fresher = await prepareFirstStart(other.database)
  const use = (token?: string) =>
    other.app.inject({
      method: 'POST',
      url: '/api/v1/owner',
      payload: { token, email: 'a@example.com', name: 'A', password: PASSWORD },
    })
  expect((await use(old.token)).statusCode).toBe(401)
  expect((await use(fresher.token)).statusCode).toBe(201)
})

test('people who were added before there is an owner leave the link to the owner, who owns their workspace', async () => {
  const other = await freshApp()
  const { token } = await prepareFirstStart(other.database)
  await createUser(other.database, { email: 'ida@example.com', name: 'Ida', workspace_id: other.workspace_id, role: 'agent' })
  const owner = { token, email: 'sally@example.com', name: 'Sally', password: PASSWORD }
  const made = await other.app.inject({ method: 'POST', url: '/api/v1/owner', payload: owner })
  expect(made.json()).toMatchObject({ workspaces: [{ id: other.workspace_id, role: 'owner' }] })
})

test('signs in whatever the case of the e-mail, and answers a wrong password like an unknown address', async () => {
  const { email } = await signedIn(fresh)
  expect((await post('/api/v1/session', { email: email.toUpperCase(), password: PASSWORD })).statusCode).toBe(201)
  const wrong = await post('/api/v1/session', { email, password: 'wrong' })
  const unknown = await post('/api/v1/session', { email: 'nobody@example.com', password: 'wrong' })
  expect(wrong.statusCode).toBe(401)
  expect(wrong.json()).toEqual(unknown.json())
})

test('the store has no password and no token in it', async () => {
  const { cookie } = await signedIn(fresh)
  const rows = await fresh.database.system<{ all: string }[]>`
    select s::text as all from user_sessions s union all select u::text from users u`
  const stored = rows.map(row => row.all).join('\n')
  expect(stored).not.toContain(cookie.split('=')[1])
  expect(stored).not.toContain(PASSWORD)
  expect(stored).toContain('$argon2id$')
})

test('guessing passwords of one account is slowed down', async () => {
  const { email } = await signedIn(fresh)
  for (let guess = 0; guess <= 10; guess++) {
    expect((await post('/api/v1/session', { email, password: `guess ${guess}` })).statusCode).toBe(401)
  }
  const late = await post('/api/v1/session', { email, password: PASSWORD })
  expect(late.json().error.code).toBe('too_many_requests')
  expect(Number(late.headers['retry-after'])).toBeGreaterThan(0)
})

test('a change without the token against forgery is refused, a read is not', async () => {
  const { headers, csrf_token } = await signedIn(fresh)
  const { 'x-csrf-token': _, ...bare } = headers as Record<string, string>
  expect((await get('/api/v1/contacts', bare)).statusCode).toBe(200)
  const change = (token?: string) =>
    post('/api/v1/contacts', { email: 'new@example.com' }, { ...bare, ...(token ? { 'x-csrf-token': token } : {}) })
  expect((await change()).json().error.code).toBe('csrf')
  expect((await change('guess')).json().error.code).toBe('csrf')
  const stranger = await signedIn(fresh)
  expect((await change(stranger.csrf_token)).json().error.code).toBe('csrf')
  expect((await change(csrf_token)).statusCode).toBe(201)
})

test('another site cannot sign somebody in', async () => {
  const { email } = await signedIn(fresh)
  const response = await post('/api/v1/session', { email, password: PASSWORD }, { 'sec-fetch-site': 'cross-site' })
  expect(response.json().error.code).toBe('csrf')
})

test('signing out ends the session for good', async () => {
  const { headers } = await signedIn(fresh)
  expect((await get('/api/v1/session', headers)).statusCode).toBe(200)
  expect((await fresh.app.inject({ method: 'DELETE', url: '/api/v1/session', headers })).statusCode).toBe(204)
  expect((await get('/api/v1/session', headers)).json().error.code).toBe('not_signed_in')
})

test('a session that ran out is none', async () => {
  const { headers, user_id } = await signedIn(fresh)
  await fresh.database.system`update user_sessions set expires_at = now() - interval '1 second' where user_id = ${user_id}`
  expect((await get('/api/v1/contacts', headers)).statusCode).toBe(401)
})

test('who is removed from a workspace is out with the next request', async () => {
  const { headers, user_id } = await signedIn(fresh, 'manager')
  expect((await get('/api/v1/contacts', headers)).statusCode).toBe(200)
  await fresh.database.system`delete from memberships where user_id = ${user_id}`
  expect((await get('/api/v1/contacts', headers)).json().error.code).toBe('not_found')
})

test.each([
  ['owner', 200, 201, 200],
  ['admin', 200, 201, 200],
  ['manager', 200, 201, 403],
  ['agent', 200, 403, 403],
  ['analyst', 200, 403, 403],
] as const)(
  'a person who is %s reads with %i, makes a contact with %i, sees the keys with %i',
  async (role, read, change, admin) => {
    const { headers } = await signedIn(fresh, role)
    expect((await get('/api/v1/contacts', headers)).statusCode).toBe(read)
    expect((await post('/api/v1/contacts', { email: `${role}@example.net` }, headers)).statusCode).toBe(change)
    expect((await get('/api/v1/keys', headers)).statusCode).toBe(admin)
  },
)

test('a workspace is named by header or query; without one the request is incomplete', async () => {
  const { headers } = await signedIn(fresh)
  const { 'x-workspace-id': _, ...nameless } = headers as Record<string, string>
  expect((await get(`/api/v1/contacts?workspace_id=${fresh.workspace_id}&limit=1`, nameless)).statusCode).toBe(200)
  const response = await get('/api/v1/contacts', nameless)
  expect(response.json().error).toMatchObject({ code: 'invalid_request', fields: { 'x-workspace-id': expect.any(String) } })
})
