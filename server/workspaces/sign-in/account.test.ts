import { beforeAll, expect, test } from 'vitest'
import { type FreshApp, freshApp } from '../../../test/app.ts'
import { bearer } from '../../../test/people.ts'
import { PASSWORD, type SignedIn, signedIn } from '../../../test/session.ts'

let fresh: FreshApp
beforeAll(async () => {
  fresh = await freshApp()
})

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'
const ask = (method: Method, path: string, headers: Record<string, string> = {}, payload?: object) =>
  fresh.app.inject({ method, url: `/api/v1${path}`, headers, ...(payload && { payload }) })

const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0'

/** The same person in another browser. */
async function signInAgain({ email, headers }: SignedIn, password = PASSWORD, more: Record<string, string> = {}) {
  const response = await ask('POST', '/session', { 'user-agent': FIREFOX, ...more }, { email, password })
  if (response.statusCode !== 201) return response.json().error.code as string
  const cookie = String(response.headers['set-cookie']).split(';')[0]!
  return { ...headers, cookie, 'x-csrf-token': response.json<{ csrf_token: string }>().csrf_token }
}

/** What was told of a user in a workspace, the newest first. */
async function toldOf(user_id: number, workspace_id = fresh.workspace_id) {
  return fresh.database.system<{ action: string; before: object | null; after: object | null }[]>`
    select action, before, after
      from activities
     where workspace_id = ${workspace_id} and subject_id = ${String(user_id)} and action like 'user.%'
     order by id desc`
}

test('shows where somebody is signed in, and signs one browser out', async () => {
  const sally = await signedIn(fresh)
  const stranger = await signedIn(fresh)
  const elsewhere = await signInAgain(sally, PASSWORD, { 'cf-ipcountry': 'DE' })
  if (typeof elsewhere === 'string') throw new Error(elsewhere)
  const { data } = (await ask('GET', '/account/sessions', sally.headers)).json()
  expect(data).toEqual([
    expect.objectContaining({ is_this: true, method: 'password', ip: '127.0.0.1' }),
    expect.objectContaining({ is_this: false, browser: 'Firefox', os: 'Windows', country_code: 'DE' }),
  ])
  // Nobody else can, and neither can a key.
  expect((await ask('DELETE', `/account/sessions/${data[1].id}`, stranger.headers)).statusCode).toBe(404)
  expect((await ask('GET', '/account/sessions', bearer(fresh.secret_key))).json().error.code).toBe('not_signed_in')
  expect((await ask('DELETE', `/account/sessions/${data[1].id}`, sally.headers)).statusCode).toBe(204)
  expect((await ask('GET', '/account', elsewhere)).statusCode).toBe(401)
  expect((await ask('GET', '/account', sally.headers)).statusCode).toBe(200)
})

test('signs out everywhere else, and only of the same person', async () => {
  const sally = await signedIn(fresh)
  const stranger = await signedIn(fresh)
  const elsewhere = await signInAgain(sally)
  expect((await ask('DELETE', '/account/sessions', sally.headers)).statusCode).toBe(204)
  expect((await ask('GET', '/account', elsewhere as Record<string, string>)).statusCode).toBe(401)
  expect((await ask('GET', '/account', sally.headers)).statusCode).toBe(200)
  expect((await ask('GET', '/account', stranger.headers)).statusCode).toBe(200)
})

test('a new password needs the old one, ends the other sessions and is told without itself', async () => {
  const sally = await signedIn(fresh)
  const elsewhere = await signInAgain(sally)
  const change = (password: string) =>
    ask('POST', '/account/password', sally.headers, { password, new_password: 'a brand new password' })
  expect((await change('guess')).json().error).toMatchObject({ code: 'wrong_password', fields: { password: expect.any(String) } })
  expect((await ask('GET', '/account', elsewhere as Record<string, string>)).statusCode).toBe(200)
  expect((await change(PASSWORD)).statusCode).toBe(204)
  expect((await ask('GET', '/account', elsewhere as Record<string, string>)).statusCode).toBe(401)
  expect((await ask('GET', '/account', sally.headers)).statusCode).toBe(200)
  expect(await signInAgain(sally)).toBe('wrong_password')
  expect(await signInAgain(sally, 'a brand new password')).toHaveProperty('cookie')
  expect(await toldOf(sally.user_id)).toEqual([{ action: 'user.password_changed', before: null, after: null }])
})

test('a new name is told in every workspace of theirs', async () => {
  const sally = await signedIn(fresh)
  const other = await fresh.another()
  await fresh.database.system`
    insert into memberships (workspace_id, user_id, role) values (${other.workspace_id}, ${sally.user_id}, 'agent')`
  expect((await ask('PATCH', '/account', sally.headers, { name: '  Sally Susa ' })).json()).toMatchObject({
    name: 'Sally Susa',
    email: sally.email,
    has_password: true,
  })
  const told = [{ action: 'user.updated', before: { name: 'owner' }, after: { name: 'Sally Susa' } }]
  expect(await toldOf(sally.user_id)).toEqual(told)
  expect(await toldOf(sally.user_id, other.workspace_id)).toEqual(told)
  expect((await ask('PATCH', '/account', sally.headers, { name: '   ' })).json().error.code).toBe('invalid_fields')
})

test('wrong passwords are counted in the database: at once, by all processes, and never against somebody at another address', async () => {
  const sally = await signedIn(fresh)
  const from = (ip: string) => ({ 'x-forwarded-for': ip })
  const guess = (ip: string) => signInAgain(sally, 'a guess', from(ip))
  const answers = await Promise.all(Array.from({ length: 30 }, () => guess('198.51.100.7')))
  expect(answers.filter(answer => answer === 'wrong_password')).toHaveLength(11)
  expect(answers.filter(answer => answer === 'too_many_requests')).toHaveLength(19)
  expect(await signInAgain(sally, PASSWORD, from('198.51.100.7'))).toBe('too_many_requests')
  // Another process on the same database.
  const { buildApp } = await import('../../app.ts')
  const second = await buildApp({ database: fresh.database, config: fresh.context.config })
  const refused = await second.inject({
    method: 'POST',
    url: '/api/v1/session',
    headers: from('198.51.100.7'),
    payload: { email: sally.email, password: PASSWORD },
  })
  await second.close()
  expect(refused.statusCode).toBe(429)
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
  expect(await signInAgain(sally, PASSWORD, from('198.51.100.8'))).toHaveProperty('cookie')
  expect((await toldOf(sally.user_id)).map(({ action, after }) => [action, after])).toEqual([
    ['user.sign_in_slowed', { email: sally.email, ip: '198.51.100.7' }],
  ])
})

test('each further wrong password waits twice as long, and none longer than a quarter of an hour', async () => {
  const sally = await signedIn(fresh)
  const network = '2001:db8:1:2::'
  const waits: number[] = []
  for (let guess = 0; guess < 18; guess++) {
    // Another address of the same network each time: whoever has one has all of them.
    await signInAgain(sally, 'a guess', { 'x-forwarded-for': `${network}${guess}` })
    const [row] = await fresh.database.system<{ wait: number | null }[]>`
      select extract(epoch from waits_until - tried_at)::int as wait from sign_in_tries where tries = ${guess + 1} and waits_until > now()
       order by waits_until desc limit 1`
    if (row?.wait) waits.push(row.wait)
    await fresh.database.system`update sign_in_tries set waits_until = null`
  }
  expect(waits).toEqual([30, 60, 120, 240, 480, 900, 900, 900])
})
