import { beforeAll, expect, test } from 'vitest'
import { type FreshApp, freshApp } from '../../../test/app.ts'
import { bearer } from '../../../test/people.ts'
import { PASSWORD, signedIn } from '../../../test/session.ts'
import { withLink } from '../../mail/link.ts'

let fresh: FreshApp
beforeAll(async () => {
  fresh = await freshApp()
})

let asked = 0
const post = (path: string, payload: object, ip = '127.0.0.1') =>
  fresh.app.inject({ method: 'POST', url: `/api/v1${path}`, payload, headers: { 'x-forwarded-for': ip } })
/** From somewhere else each time, so that no limit is met. */
const askFor = (email: string) => post('/password-resets', { email }, `203.0.113.${++asked}`)
const choose = (token: string, password: string) => post('/password-resets/choice', { token, password })

/** The mails that somebody got, as they are sent. */
async function lettersTo(email: string) {
  const rows = await fresh.database.system<{ to_address: string; body: string; sealed_link: string | null }[]>`
    select to_address, body, sealed_link from mails where to_address = ${email} order by id`
  return rows.map(row => withLink(fresh.context.config, row).body)
}

const tokenIn = (letter: string) => /\/new-password\?token=([\w-]{43})\n/.exec(letter)![1]!

test('a forgotten password is chosen anew with the link of a mail, once, and every session ends', async () => {
  const sally = await signedIn(fresh)
  const answer = await askFor(sally.email.toUpperCase())
  expect([answer.statusCode, answer.json()]).toEqual([202, { sends_mail: false }])
  const [letter] = await lettersTo(sally.email)
  expect(letter).toContain('Hello owner')
  const token = tokenIn(letter!)
  expect((await choose(token, 'short')).statusCode).toBe(422)
  expect((await choose(token, 'a brand new password')).statusCode).toBe(204)
  expect((await fresh.app.inject({ url: '/api/v1/session', headers: sally.headers })).statusCode).toBe(401)
  expect((await post('/session', { email: sally.email, password: PASSWORD })).statusCode).toBe(401)
  expect((await post('/session', { email: sally.email, password: 'a brand new password' })).statusCode).toBe(201)
  const again = await choose(token, 'and another one')
  expect([again.statusCode, again.json().error.code]).toEqual([401, 'sign_in_link_used'])
})

test('nobody who is not known here gets a mail, and nobody learns who is', async () => {
  const sally = await signedIn(fresh)
  const [known, unknown] = [await askFor(sally.email), await askFor('nobody@example.com')]
  expect([unknown.statusCode, unknown.body]).toEqual([known.statusCode, known.body])
  expect(await lettersTo('nobody@example.com')).toEqual([])
  expect(await lettersTo(sally.email)).toHaveLength(1)
})

test('neither who reads the mails of the workspace nor who reads the database can follow the link', async () => {
  const sally = await signedIn(fresh)
  await askFor(sally.email)
  const [letter] = await lettersTo(sally.email)
  const token = tokenIn(letter!)
  const { data } = (await fresh.app.inject({ url: '/api/v1/mails', headers: bearer(fresh.secret_key) })).json()
  const shown = data.find((mail: { to_address: string }) => mail.to_address === sally.email)
  expect(shown).toMatchObject({ subject: 'Choose a new password', body: expect.stringContaining('[link]') })
  const stored = await fresh.database.system<{ all: string }[]>`
    select m::text as all from mails m union all select l::text from sign_in_links l`
  expect(stored.map(row => row.all).join('\n')).not.toContain(token)
})

test('a link runs out, and does so when the password was changed meanwhile', async () => {
  const sally = await signedIn(fresh)
  await askFor(sally.email)
  await askFor(sally.email)
  const [one, two] = (await lettersTo(sally.email)).map(tokenIn)
  const [link] = await fresh.database.system<{ token_hash: Buffer }[]>`
    delete from sign_in_links where token_hash = sha256(${one!}::text::bytea) returning token_hash`
  await fresh.database.system`
    insert into sign_in_links (token_hash, purpose, user_id, expires_at)
    values (${link!.token_hash}, 'new_password', ${sally.user_id}, now() - interval '1 second')`
  expect((await choose(one!, 'a brand new password')).json().error.code).toBe('sign_in_link_used')
  const change = { password: PASSWORD, new_password: 'changed by hand' }
  const changed = await fresh.app.inject({
    method: 'POST',
    url: '/api/v1/account/password',
    headers: sally.headers,
    payload: change,
  })
  expect(changed.statusCode).toBe(204)
  expect((await choose(two!, 'a brand new password')).json().error.code).toBe('sign_in_link_used')
})

test('one address cannot flood somebody with mail, and neither can many', async () => {
  const sally = await signedIn(fresh)
  const answers = await Promise.all(
    Array.from({ length: 9 }, () => post('/password-resets', { email: sally.email }, '198.51.100.9')),
  )
  expect(answers.filter(answer => answer.statusCode === 429)).toHaveLength(3)
  await Promise.all(Array.from({ length: 5 }, () => askFor(sally.email)))
  expect(await lettersTo(sally.email)).toHaveLength(5)
})
