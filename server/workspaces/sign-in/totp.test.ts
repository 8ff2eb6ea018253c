import { generateSync } from 'otplib'
import { beforeAll, expect, test } from 'vitest'
import { type FreshApp, freshApp } from '../../../test/app.ts'
import { bearer } from '../../../test/people.ts'
import { PASSWORD, type SignedIn, signedIn } from '../../../test/session.ts'

let fresh: FreshApp
beforeAll(async () => {
  fresh = await freshApp()
})

const post = (path: string, payload: object, headers: Record<string, string> = {}) =>
  fresh.app.inject({ method: 'POST', url: `/api/v1${path}`, payload, headers })

/** What the app on somebody's phone shows `later` seconds from now: the one of the next half minute is taken already. */
const codeOf = (secret: string, later = 0) => generateSync({ secret, epoch: Math.floor(Date.now() / 1000) + later })

/** Somebody who gives a code at the sign-in. */
async function withTotp() {
  const sally = await signedIn(fresh)
  const { secret } = (await post('/account/totp', { password: PASSWORD }, sally.headers)).json<{ secret: string }>()
  const on = await post('/account/totp/confirmation', { code: codeOf(secret) }, sally.headers)
  return { sally, secret, recovery_codes: on.json<{ recovery_codes: string[] }>().recovery_codes }
}

const password = ({ email }: SignedIn) => post('/session', { email, password: PASSWORD })

async function signInWith(sally: SignedIn, code: string) {
  const { second_step } = (await password(sally)).json<{ second_step: string }>()
  const answer = await post('/session/code', { second_step, code })
  return answer.statusCode === 201 ? 'signed in' : answer.json().error.code
}

test('is on from its first code, and the password alone opens nothing any more', async () => {
  const sally = await signedIn(fresh)
  const elsewhere = (await password(sally)).headers['set-cookie']
  expect((await post('/account/totp', { password: 'a guess' }, sally.headers)).statusCode).toBe(401)
  const set_up = (await post('/account/totp', { password: PASSWORD }, sally.headers)).json()
  expect(set_up.uri).toMatch(/^otpauth:\/\/totp\/.*secret=/)
  expect((await password(sally)).statusCode).toBe(201) // not yet
  expect((await post('/account/totp/confirmation', { code: '000000' }, sally.headers)).json().error.code).toBe('wrong_code')
  const on = await post('/account/totp/confirmation', { code: codeOf(set_up.secret) }, sally.headers)
  expect(new Set(on.json().recovery_codes).size).toBe(10)
  // Who was signed in elsewhere without a code is out.
  const headers = { cookie: String(elsewhere).split(';')[0]! }
  expect((await fresh.app.inject({ url: '/api/v1/session', headers })).statusCode).toBe(401)
  const first = await password(sally)
  expect([first.statusCode, Object.keys(first.json()), first.headers['set-cookie']]).toEqual([202, ['second_step'], undefined])
  const { second_step } = first.json()
  const second = await post('/session/code', { second_step, code: codeOf(set_up.secret, 30) })
  expect(second.statusCode).toBe(201)
  expect(second.json()).toMatchObject({ user: { email: sally.email } })
  expect((await post('/session/code', { second_step, code: on.json().recovery_codes[0] })).json().error.code).toBe(
    'sign_in_link_used',
  )
})

test('a code counts once, for two at the same moment too', async () => {
  const { sally, secret } = await withTotp()
  const code = codeOf(secret, 30)
  const answers = await Promise.all([signInWith(sally, code), signInWith(sally, code)])
  expect(answers.toSorted()).toEqual(['signed in', 'wrong_code'])
  expect(await signInWith(sally, codeOf(secret))).toBe('wrong_code') // older than one that was taken
})

test('a recovery code counts once, however it is written', async () => {
  const { sally, recovery_codes } = await withTotp()
  expect(await signInWith(sally, recovery_codes[3]!.replaceAll('-', ' ').toUpperCase())).toBe('signed in')
  expect(await signInWith(sally, recovery_codes[3]!)).toBe('wrong_code')
  const { recovery_codes: left } = (await fresh.app.inject({ url: '/api/v1/account', headers: sally.headers })).json()
  expect(left).toBe(9)
})

test('guesses wait, from wherever they come, and a right code does then, too', async () => {
  const { sally, secret } = await withTotp()
  const { second_step } = (await password(sally)).json()
  const answers: string[] = []
  for (let guess = 0; guess < 7; guess++) {
    const headers = { 'x-forwarded-for': `198.51.100.${guess}` }
    answers.push((await post('/session/code', { second_step, code: '000000' }, headers)).json().error.code)
  }
  expect(answers).toEqual([...Array(6).fill('wrong_code'), 'too_many_requests'])
  expect(await signInWith(sally, codeOf(secret, 30))).toBe('too_many_requests')
})

test('the store holds neither the secret nor a recovery code', async () => {
  const { sally, secret, recovery_codes } = await withTotp()
  const rows = await fresh.database.system<{ all: string }[]>`
    select u::text as all from users u where id = ${sally.user_id} union all select r::text from recovery_codes r`
  const stored = rows.map(row => row.all).join('\n')
  for (const word of [secret, ...recovery_codes, ...recovery_codes.map(code => code.replaceAll('-', ''))])
    expect(stored).not.toContain(word)
})

test('is switched off by password and code together, and new recovery codes make the old ones worthless', async () => {
  const { sally, secret, recovery_codes } = await withTotp()
  const proof = { password: PASSWORD, code: recovery_codes[0]! }
  const renewed = await post('/account/recovery-codes', proof, sally.headers)
  expect(renewed.json().recovery_codes).toHaveLength(10)
  expect(await signInWith(sally, recovery_codes[1]!)).toBe('wrong_code')
  const off = (given: object) => post('/account/totp/removal', given, sally.headers)
  expect((await off({ password: 'a guess', code: codeOf(secret, 30) })).json().error.code).toBe('wrong_password')
  expect((await off({ password: PASSWORD, code: '000000' })).json().error.code).toBe('wrong_code')
  expect((await off({ password: PASSWORD, code: codeOf(secret, 30) })).statusCode).toBe(204)
  expect((await password(sally)).statusCode).toBe(201)
  const told = await fresh.database.system<{ action: string }[]>`
    select action from activities where subject_id = ${String(sally.user_id)} and action like 'user.totp%' order by id`
  expect(told.map(row => row.action)).toEqual(['user.totp_on', 'user.totp_off'])
})

test('a workspace that requires it answers nothing before it is set up, and keys as before', async () => {
  const tenant = await fresh.another()
  const sally = await signedIn(fresh, 'owner', tenant.workspace_id)
  const get = (path: string, headers: Record<string, string>) => fresh.app.inject({ url: `/api/v1${path}`, headers })
  const required = await fresh.app.inject({
    method: 'PATCH',
    url: `/api/v1/workspaces/${tenant.workspace_id}`,
    headers: sally.headers,
    payload: { require_totp: true },
  })
  expect(required.json()).toMatchObject({ require_totp: true })
  expect((await get('/contacts', sally.headers)).json().error.code).toBe('totp_required')
  expect((await post('/contacts', { email: 'a@example.com' }, sally.headers)).statusCode).toBe(403)
  expect((await get('/contacts', bearer(tenant.secret_key))).statusCode).toBe(200)
  const { secret } = (await post('/account/totp', { password: PASSWORD }, sally.headers)).json()
  await post('/account/totp/confirmation', { code: codeOf(secret) }, sally.headers)
  expect((await get('/contacts', sally.headers)).statusCode).toBe(200)
})
