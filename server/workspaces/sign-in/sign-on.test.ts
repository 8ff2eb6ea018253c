import { beforeAll, expect, test } from 'vitest'
import { type FreshApp, freshApp } from '../../../test/app.ts'
import { CLIENT, type StandIn, startIssuer } from '../../../test/issuer.ts'
import { PASSWORD, signedIn } from '../../../test/session.ts'
import { buildApp } from '../../app.ts'
import { type OidcConfig, readConfig } from '../../config.ts'

let fresh: FreshApp
let issuer: StandIn
let oidc: OidcConfig
beforeAll(async () => {
  issuer = await startIssuer()
  oidc = {
    ...CLIENT,
    issuer: issuer.url,
    label: 'Sign in with Acme',
    only: false,
    allowed_domains: ['acme.example'],
    default_role: 'analyst',
    default_workspace: undefined,
  }
  fresh = await freshApp({ config: { oidc } })
})

const post = (path: string, payload: object, headers: Record<string, string> = {}, app = fresh.app) =>
  app.inject({ method: 'POST', url: `/api/v1${path}`, payload, headers })
const get = (url: string, headers: Record<string, string> = {}) => fresh.app.inject({ url, headers })

/** Leaves for the issuer as a browser does, signs in there, and comes back. `meanwhile` may change the address or the cookie. */
async function comeIn(who: StandIn['who'], meanwhile = (back: { url: string; cookie: string }) => back, next = '/w/1/leads') {
  issuer.who = who
  const left = await get(`/api/v1/sign-on?next=${encodeURIComponent(next)}`)
  const cookie = String(left.headers['set-cookie']).split(';')[0]!
  const back = meanwhile({ url: await issuer.signIn(String(left.headers.location)), cookie })
  const { pathname, search } = new URL(back.url)
  const answer = await get(pathname + search, { cookie: back.cookie })
  const set = [answer.headers['set-cookie']].flat().find(one => one?.startsWith('throughline_session='))
  return { to: answer.headers.location, headers: { cookie: String(set).split(';')[0]! }, is_in: set !== undefined }
}

const who = async (headers: Record<string, string>) => (await get('/api/v1/session', headers)).json()

test('is offered at the door, and only where it is configured', async () => {
  expect((await get('/api/v1/session/ways')).json()).toEqual({
    sends_mail: false,
    sign_on: 'Sign in with Acme',
    has_passwords: true,
  })
  const without = await freshApp()
  expect((await without.app.inject({ url: '/api/v1/session/ways' })).json()).toMatchObject({ sign_on: null })
  expect((await without.app.inject({ url: '/api/v1/sign-on' })).statusCode).toBe(404)
})

test('a known user comes in by a verified e-mail, and stays the same one when it is another over there', async () => {
  const { email } = await signedIn(fresh, 'manager')
  const first = await comeIn({ sub: 'sub-1', email: email.toUpperCase(), email_verified: true })
  expect(first.to).toBe('/w/1/leads')
  expect(await who(first.headers)).toMatchObject({ user: { email }, workspaces: [{ role: 'manager' }] })
  const sessions = (await get('/api/v1/account/sessions', first.headers)).json().data
  expect(sessions[0]).toMatchObject({ is_this: true, method: 'oidc' })
  const later = await comeIn({ sub: 'sub-1', email: 'married@example.com', email_verified: true })
  expect(await who(later.headers)).toMatchObject({ user: { email } })
  // Somebody new over there who was given the old address.
  const heir = await comeIn({ sub: 'sub-2', email, email_verified: true })
  expect([heir.to, heir.is_in]).toEqual(['/sign-in?refused=other_person', false])
})

test('from their first coming on, a password that somebody else may have chosen opens nothing any more', async () => {
  const { email, headers } = await signedIn(fresh, 'manager')
  const first = await comeIn({ sub: 'sub-9', email, email_verified: true })
  expect((await get('/api/v1/session', headers)).statusCode).toBe(401)
  expect((await get('/api/v1/account', first.headers)).json()).toMatchObject({ email, has_password: false })
  // Nor does a mail lead to another one.
  expect((await post('/password-resets', { email })).statusCode).toBe(202)
  const mails = await fresh.database.system<{ body: string; sealed_link: string | null }[]>`
    select body, sealed_link from mails where to_address = ${email}`
  expect(mails).toMatchObject([{ body: expect.stringContaining('/sign-in ("Sign in with Acme")'), sealed_link: null }])
  const links = await fresh.database.system`
    select from sign_in_links l join users u on u.id = l.user_id where u.email = ${email}`
  expect(links).toHaveLength(0)
  // Later visits sign out nobody.
  await comeIn({ sub: 'sub-9', email, email_verified: true })
  expect((await get('/api/v1/account', first.headers)).statusCode).toBe(200)
})

test('where there are no passwords, nothing is opened or chosen with one, and people come in over there', async () => {
  const owner = await signedIn(fresh)
  const invited = await post('/invitations', { email: 'new@acme.example', role: 'agent' }, owner.headers)
  const token = new URL(invited.json<{ url: string }>().url).searchParams.get('token')!
  const { database, config } = fresh.context
  const only = await buildApp({ database, config: { ...config, oidc: { ...oidc, only: true } } })
  const tries = [
    ['/session', { email: owner.email, password: PASSWORD }],
    ['/password-resets', { email: owner.email }],
    ['/password-resets/choice', { token: 'a'.repeat(43), password: 'a brand new password' }],
    ['/account/password', { password: PASSWORD, new_password: 'a brand new password' }, owner.headers],
    ['/invitation/acceptance', { token, name: 'New', password: PASSWORD }],
  ] as const
  for (const [path, payload, headers] of tries) {
    const answer = await post(path, payload, headers, only)
    expect([path, answer.statusCode, answer.json().error.message]).toEqual([path, 403, expect.stringContaining('organization')])
  }
  expect((await only.inject({ url: '/api/v1/session/ways' })).json()).toMatchObject({ has_passwords: false })
  await only.close()
  const come = await comeIn({ sub: 'sub-10', email: 'new@acme.example', email_verified: true, name: 'New' })
  expect(await who(come.headers)).toMatchObject({ workspaces: [{ role: 'agent' }] })
  expect(() => readConfig({ OIDC_ONLY: 'true' })).toThrow(/OIDC_ISSUER/)
})

test('an e-mail that nobody verified opens nothing', async () => {
  const { email } = await signedIn(fresh)
  for (const claims of [{ email }, { email, email_verified: false }, {}]) {
    const { to, is_in } = await comeIn({ sub: 'sub-3', ...claims })
    expect([to, is_in]).toEqual(['/sign-in?refused=not_verified', false])
  }
})

test('who is not known comes in when their domain may, or when they were invited, and otherwise not', async () => {
  const colleague = await comeIn({ sub: 'sub-4', email: 'mei@acme.example', email_verified: true, name: 'Mei Chen' })
  expect(await who(colleague.headers)).toMatchObject({
    user: { email: 'mei@acme.example', name: 'Mei Chen' },
    workspaces: [{ id: fresh.workspace_id, role: 'analyst' }],
  })
  const stranger = await comeIn({ sub: 'sub-5', email: 'eve@elsewhere.example', email_verified: true })
  expect([stranger.to, stranger.is_in]).toEqual(['/sign-in?refused=not_known', false])
  const owner = await signedIn(fresh)
  const invited = await fresh.app.inject({
    method: 'POST',
    url: '/api/v1/invitations',
    headers: owner.headers,
    payload: { email: 'eve@elsewhere.example', role: 'agent' },
  })
  expect(invited.statusCode).toBe(201)
  const guest = await comeIn({ sub: 'sub-5', email: 'eve@elsewhere.example', email_verified: true })
  expect(await who(guest.headers)).toMatchObject({ workspaces: [{ id: fresh.workspace_id, role: 'agent' }] })
})

test('what was begun by somebody else, is forged or leads away is refused', async () => {
  const { email } = await signedIn(fresh)
  const claims = { sub: 'sub-6', email, email_verified: true }
  const other = String((await get('/api/v1/sign-on')).headers['set-cookie']).split(';')[0]!
  expect((await comeIn(claims, back => ({ ...back, cookie: other }))).to).toBe('/sign-in?refused=failed')
  expect((await comeIn(claims, back => ({ ...back, cookie: '' }))).to).toBe('/sign-in?refused=late')
  expect((await comeIn(claims, back => ({ ...back, cookie: `${back.cookie.slice(0, -4)}AAAA` }))).to).toBe(
    '/sign-in?refused=late',
  )
  expect((await comeIn(claims, back => ({ ...back, url: back.url.replace(/state=\w+/, 'state=x') }))).to).toBe(
    '/sign-in?refused=failed',
  )
  issuer.forges = true
  expect((await comeIn(claims)).to).toBe('/sign-in?refused=failed')
  issuer.forges = false
  expect((await comeIn(claims, undefined, 'https://elsewhere.example/')).to).toBe('/')
})

test('whoever signs in over there is asked for a second step over there', async () => {
  const tenant = await fresh.another()
  const { email } = await signedIn(fresh, 'owner', tenant.workspace_id)
  await fresh.database.system`update workspaces set require_totp = true where id = ${tenant.workspace_id}`
  const { headers } = await comeIn({ sub: 'sub-7', email, email_verified: true })
  const here = { ...headers, 'x-workspace-id': String(tenant.workspace_id) }
  expect((await get('/api/v1/contacts', here)).statusCode).toBe(200)
})

test('half of a configuration stops the start', () => {
  expect(() => readConfig({ OIDC_ISSUER: 'https://login.example.com' })).toThrow(/OIDC_CLIENT_ID and OIDC_CLIENT_SECRET/)
  const whole = { OIDC_ISSUER: 'https://login.example.com', OIDC_CLIENT_ID: 'a', OIDC_CLIENT_SECRET: 'b' }
  expect(readConfig({ ...whole, OIDC_ALLOWED_DOMAINS: 'Acme.example, acme.org' }).oidc?.allowed_domains).toEqual([
    'acme.example',
    'acme.org',
  ])
  expect(() => readConfig({ ...whole, OIDC_DEFAULT_ROLE: 'king' })).toThrow(/OIDC_DEFAULT_ROLE/)
})
