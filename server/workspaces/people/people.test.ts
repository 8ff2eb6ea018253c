import { beforeAll, describe, expect, test } from 'vitest'
import { type FreshApp, freshApp } from '../../../test/app.ts'
import { bearer } from '../../../test/people.ts'
import { PASSWORD, type SignedIn, signedIn } from '../../../test/session.ts'
import { buildApp } from '../../app.ts'
import { withLink } from '../../mail/link.ts'
import { invitationFor } from './invitations.ts'

let fresh: FreshApp
let owner: SignedIn
beforeAll(async () => {
  fresh = await freshApp()
  owner = await signedIn(fresh, 'owner')
})

type Headers = Record<string, string>
async function ask(
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  payload?: object,
  headers: Headers = owner.headers,
) {
  const url = `/api/v1${path}`
  const answer = await fresh.app.inject({ method, url, headers, ...(payload && { payload }) })
  const { statusCode: status, headers: given, body } = answer
  // biome-ignore lint/suspicious/noExplicitAny: answers of many routes
  return { status, cookie: String(given['set-cookie']).split(';')[0]!, body: (body ? JSON.parse(body) : null) as any }
}
const invite = async (email: string, role = 'agent', headers?: Headers) => ask('POST', '/invitations', { email, role }, headers)
const tokenOf = (url: string) => new URL(url).searchParams.get('token')!
const look = (token: string) => ask('POST', '/invitation', { token }, {})
const accept = (payload: object, headers: Headers = {}) => ask('POST', '/invitation/acceptance', payload, headers)
const rolesOf = async () =>
  ((await ask('GET', '/users?limit=200')).body.data as { id: number; role: string }[]).map(({ id, role }) => [id, role])
const actions = async (limit = 5) =>
  ((await ask('GET', `/activities?limit=${limit}`)).body.data as { action: string }[]).map(({ action }) => action)

describe('an invitation', () => {
  test('makes a member of somebody new, once, and is gone from the list', async () => {
    const { status, body } = await invite('Mei@Example.com', 'manager')
    expect([status, body.email, body.role, body.invited_by]).toEqual([201, 'mei@example.com', 'manager', 'owner'])
    const token = tokenOf(body.url)
    expect((await look(token)).body).toEqual({ email: 'mei@example.com', workspace: 'Acme', role: 'manager', has_account: false })
    const { body: listed } = await ask('GET', '/invitations')
    expect(listed.data).toMatchObject([{ email: 'mei@example.com' }])
    expect(JSON.stringify(listed)).not.toContain(token)

    const nameless = await accept({ token })
    expect([nameless.status, Object.keys(nameless.body.error.fields)]).toEqual([422, ['name', 'password']])
    const joined = await accept({ token, name: 'Mei', password: PASSWORD })
    expect(joined.status).toBe(201)
    expect(joined.body).toMatchObject({ user: { email: 'mei@example.com', name: 'Mei' }, workspaces: [{ role: 'manager' }] })
    const hers = { cookie: joined.cookie, 'x-workspace-id': String(fresh.workspace_id) }
    expect((await ask('GET', '/contacts', undefined, hers)).status).toBe(200)
    expect(await actions(2)).toEqual(['member.added', 'invitation.accepted'])

    const again = await accept({ token, name: 'Eve', password: PASSWORD })
    expect([again.status, again.body.error.code]).toEqual([401, 'sign_in_link_used'])
    expect((await ask('GET', '/invitations')).body.data).toEqual([])
    expect((await invite('mei@example.com')).body.error.code).toBe('already_exists')
  })

  test('goes by mail alone where the server sends mail: whoever invites cannot come in as who was invited', async () => {
    const { database, config } = fresh.context
    const sending = await buildApp({ database, config: { ...config, smtp_url: 'smtp://127.0.0.1:9' } })
    const post = async (path: string, payload: object) =>
      (await sending.inject({ method: 'POST', url: `/api/v1${path}`, headers: owner.headers, payload })).json()
    const made = await post('/invitations', { email: 'by.mail@example.com', role: 'admin' })
    expect(made).toMatchObject({ email: 'by.mail@example.com', url: null })
    expect(await post(`/invitations/${made.id}/sending`, {})).toMatchObject({ url: null })
    await sending.close()
    const mails = await database.system<{ to_address: string; body: string; sealed_link: string | null }[]>`
      select to_address, body, sealed_link from mails where to_address = ${made.email} order by id desc limit 1`
    const token = tokenOf(/http\S+/.exec(withLink(config, mails[0]!).body)![0])
    expect((await look(token)).body).toMatchObject({ email: made.email, role: 'admin' })
  })

  test('is mailed, and the mail that everybody may read under E-mails leads nobody in', async () => {
    const token = tokenOf((await invite('mailed@example.com', 'admin')).body.url)
    const [mail] = await fresh.database.system<Parameters<typeof withLink>[1][]>`select * from mails order by id desc limit 1`
    expect(mail!.to_address).toBe('mailed@example.com')
    expect(mail!.body).not.toContain(token)
    expect(withLink(fresh.context.config, mail!).body).toContain(token)
    expect(JSON.stringify((await ask('GET', '/mails')).body)).not.toContain(token)
  })

  test('of somebody who has an account is accepted by nobody else', async () => {
    const other = await signedIn(fresh, 'agent', (await fresh.another('Elsewhere')).workspace_id)
    const token = tokenOf((await invite(other.email)).body.url)
    expect((await look(token)).body.has_account).toBe(true)
    const stranger = await accept({ token, name: 'Eve', password: PASSWORD })
    expect([stranger.status, stranger.body.error.code]).toEqual([401, 'not_signed_in'])
    const [cookie, csrf] = [owner.cookie, owner.csrf_token]
    expect((await accept({ token }, { cookie, 'x-csrf-token': csrf })).status).toBe(403)
    expect((await accept({ token }, { cookie: other.cookie })).body.error.code).toBe('csrf')
    const joined = await accept({ token }, { cookie: other.cookie, 'x-csrf-token': other.csrf_token })
    expect([joined.status, joined.body.workspaces.length]).toEqual([201, 2])
  })

  test('that was sent again, withdrawn or is too old leads nowhere', async () => {
    const { id, url } = (await invite('tom@example.com')).body
    const again = await ask('POST', `/invitations/${id}/sending`, {})
    expect((await look(tokenOf(url))).status).toBe(401)
    expect((await look(tokenOf(again.body.url))).status).toBe(200)
    expect(await invitationFor(fresh.database.system, 'Tom@example.com')).toEqual([{ workspace_id: fresh.workspace_id, id }])
    await fresh.database.system`update invitations set expires_at = now() where id = ${id}`
    expect((await look(tokenOf(again.body.url))).status).toBe(401)
    expect((await ask('GET', '/invitations')).body.data).toContainEqual(expect.objectContaining({ id }))
    expect((await ask('DELETE', `/invitations/${id}`)).status).toBe(204)
    expect((await ask('POST', `/invitations/${id}/sending`, {})).status).toBe(404)
    expect((await invite('tom@example.com')).status).toBe(201)
  })

  test('gives nobody more than who invites has', async () => {
    const admin = await signedIn(fresh, 'admin')
    const manager = await signedIn(fresh, 'manager')
    expect((await invite('o@example.com', 'owner', admin.headers)).status).toBe(403)
    expect((await invite('o@example.com', 'owner', bearer(fresh.secret_key))).status).toBe(403)
    expect((await invite('o@example.com', 'admin', admin.headers)).status).toBe(201)
    expect((await invite('m@example.com', 'agent', manager.headers)).status).toBe(403)
    expect((await invite('o2@example.com', 'owner')).status).toBe(201)
    expect((await ask('POST', '/invitations', { email: 'x@example.com', role: 'custom' })).status).toBe(422)
    expect((await ask('POST', '/invitations', { email: 'not an address', role: 'agent' })).status).toBeGreaterThanOrEqual(400)
  })
})

describe('a member', () => {
  test('gets another role, by those who may give it', async () => {
    const [admin, agent] = [await signedIn(fresh, 'admin'), await signedIn(fresh, 'agent')]
    const change = (id: number, role: string, headers?: Headers) => ask('PATCH', `/users/${id}`, { role }, headers)
    expect((await change(agent.user_id, 'manager', admin.headers)).body).toMatchObject({ role: 'manager', role_id: null })
    expect((await ask('POST', '/contacts', { email: 'by.manager@example.com' }, agent.headers)).status).toBe(201)
    expect((await change(owner.user_id, 'agent', admin.headers)).status).toBe(403)
    expect((await change(agent.user_id, 'owner', admin.headers)).status).toBe(403)
    expect((await change(agent.user_id, 'owner', agent.headers)).status).toBe(403)
    expect((await actions(2))[1]).toBe('member.updated')
  })

  test('who is removed is out at once, on a stream that is open, too; their keys end when that is asked for', async () => {
    const admin = await signedIn(fresh, 'admin')
    const made = await ask('POST', '/keys', { kind: 'secret', name: 'Theirs' }, admin.headers)
    const url = fresh.url || (await fresh.listen())
    const stream = await fetch(`${url}/api/v1/live?workspace_id=${fresh.workspace_id}`, { headers: { cookie: admin.cookie } })
    expect(stream.status).toBe(200)
    const ended = stream.text() // resolves when the server ends it
    expect((await ask('DELETE', `/users/${admin.user_id}?revoke_keys=true`)).status).toBe(204)
    expect((await ask('GET', '/contacts', undefined, admin.headers)).status).toBe(404)
    await ended
    expect((await ask('GET', '/contacts', undefined, bearer(made.body.key))).status).toBe(401)
    expect((await rolesOf()).some(([id]) => id === admin.user_id)).toBe(false)
    expect(await actions(2)).toEqual(['key.revoked', 'member.removed'])
    expect((await ask('DELETE', `/users/${admin.user_id}`)).status).toBe(404)
  })

  test('leaves by themselves and removes nobody else', async () => {
    const [one, two] = [await signedIn(fresh, 'agent'), await signedIn(fresh, 'agent')]
    expect((await ask('DELETE', `/users/${two.user_id}`, undefined, one.headers)).status).toBe(403)
    expect((await ask('DELETE', `/users/${one.user_id}`, undefined, one.headers)).status).toBe(204)
    expect((await ask('GET', '/contacts', undefined, one.headers)).status).toBe(404)
  })
})

test('the last owner stays an owner, whoever asks and however many at once', async () => {
  const there = await fresh.another('Two owners')
  const [one, two] = [await signedIn(fresh, 'owner', there.workspace_id), await signedIn(fresh, 'owner', there.workspace_id)]
  const answers = await Promise.all([
    ask('DELETE', `/users/${two.user_id}`, undefined, one.headers),
    ask('PATCH', `/users/${one.user_id}`, { role: 'admin' }, two.headers),
  ])
  expect(answers.filter(({ status }) => status < 300)).toHaveLength(1)
  const left = await fresh.database.system<{ user_id: number }[]>`
    select user_id from memberships where workspace_id = ${there.workspace_id} and role = 'owner'`
  expect(left).toHaveLength(1)
  const last = left[0]!.user_id === one.user_id ? one : two
  for (const answer of [
    await ask('DELETE', `/users/${last.user_id}`, undefined, last.headers),
    await ask('PATCH', `/users/${last.user_id}`, { role: 'admin' }, last.headers),
  ])
    expect([answer.status, answer.body.error.code]).toEqual([409, 'last_owner'])
})
