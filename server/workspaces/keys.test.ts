import { pino } from 'pino'
import { beforeAll, expect, test } from 'vitest'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { basic, bearer } from '../../test/people.ts'
import { buildApp } from '../app.ts'
import { readConfig } from '../config.ts'
import { connect } from '../database/connect.ts'
import type { App } from '../http/routes.ts'
import { authenticateKey } from './key-cache.ts'

let fresh: FreshApp
beforeAll(async () => {
  fresh = await freshApp()
})

type Made = { id: number; key: string; prefix: string; scopes: string[] }

const make = async (payload: object, key = fresh.secret_key) =>
  fresh.app.inject({ method: 'POST', url: '/api/v1/keys', payload, headers: bearer(key) })
const get = (url: string, key: string) => fresh.app.inject({ url, headers: bearer(key) })
const revoke = (id: number) =>
  fresh.app.inject({ method: 'DELETE', url: `/api/v1/keys/${id}`, headers: bearer(fresh.secret_key) })

test('the whole of a secret key is shown once; of a write key always, for it is public', async () => {
  const secret = (await make({ kind: 'secret', name: 'Backend' })).json<Made>()
  const write = (await make({ kind: 'write', name: 'Blog' })).json<Made>()
  expect(secret.key).toMatch(/^sk_[0-9A-Za-z]{40}$/)
  expect(write.key).toMatch(/^wk_[0-9A-Za-z]{24}$/)
  const listed = (await get('/api/v1/keys', fresh.secret_key)).json<{ data: Made[] }>().data
  expect(listed.find(key => key.id === secret.id)).toMatchObject({ prefix: secret.key.slice(0, 10) })
  expect(listed.find(key => key.id === write.id)).toMatchObject({ prefix: write.key, scopes: ['ingest'] })
  expect(JSON.stringify(listed)).not.toContain(secret.key)
})

test('a key may be sent as Bearer or as the user name of Basic', async () => {
  expect((await get('/api/v1/setup', fresh.secret_key)).statusCode).toBe(200)
  expect((await fresh.app.inject({ url: '/api/v1/setup', headers: basic(fresh.secret_key) })).statusCode).toBe(200)
})

test('an unknown key, and none at all, are told apart', async () => {
  expect((await get('/api/v1/setup', 'sk_unknown')).json().error.code).toBe('unknown_key')
  expect((await fresh.app.inject('/api/v1/setup')).json().error.code).toBe('not_signed_in')
})

test('a key does what its scopes say and names the one that is missing', async () => {
  const { key, scopes } = (await make({ kind: 'secret', name: 'Reader', scopes: ['read'] })).json<Made>()
  expect(scopes).toEqual(['read'])
  expect((await get('/api/v1/contacts', key)).statusCode).toBe(200)
  const change = await fresh.app.inject({
    method: 'POST',
    url: '/api/v1/contacts',
    payload: { email: 'a@example.com' },
    headers: bearer(key),
  })
  expect(change.json().error).toMatchObject({ code: 'missing_scope', fields: { scope: 'update' } })
  expect((await get('/api/v1/setup', fresh.write_key)).json().error.code).toBe('missing_scope')
})

test('a key cannot make a key that may do more than itself', async () => {
  const { key } = (await make({ kind: 'secret', name: 'Key maker', scopes: ['admin'] })).json<Made>()
  expect((await make({ kind: 'secret', name: 'x', scopes: ['read'] }, key)).json().error.code).toBe('forbidden')
  expect((await make({ kind: 'secret', name: 'x', scopes: ['admin'] }, key)).statusCode).toBe(201)
})

test('a revoked key ends with the next request, in every process', async () => {
  const { id, key } = (await make({ kind: 'secret', name: 'Lost' })).json<Made>()
  expect((await get('/api/v1/setup', key)).statusCode).toBe(200)
  const elsewhere = connect(fresh.database.url, { connections: 2 })
  expect(await authenticateKey({ database: elsewhere }, key, '::1')).toMatchObject({
    key_id: id,
    workspace_id: fresh.workspace_id,
  })
  expect((await revoke(id)).json()).toMatchObject({ id, revoked_at: expect.any(String) })
  // Sooner than an answer runs out by itself, after five seconds.
  await expect.poll(() => authenticateKey({ database: elsewhere }, key, '::1'), { timeout: 4_000 }).toBeUndefined()
  await expect.poll(async () => (await get('/api/v1/setup', key)).statusCode, { timeout: 4_000 }).toBe(401)
  await elsewhere.close()
})

test('making and revoking a key are activities, the secret is in neither', async () => {
  const { id, key } = (await make({ kind: 'secret', name: 'Traced' })).json<Made>()
  await revoke(id)
  await revoke(id)
  const { data } = (await get('/api/v1/activities?limit=2', fresh.secret_key)).json<{ data: object[] }>()
  expect(data).toMatchObject([
    { action: 'key.revoked', subject_id: String(id), actor: { kind: 'key' } },
    { action: 'key.created', subject_id: String(id), after: { name: 'Traced', kind: 'secret' } },
  ])
  expect(JSON.stringify(data)).not.toContain(key)
})

test('the use of a key is noted, at most once a minute', async () => {
  const usedAt = async () => {
    const [row] = await fresh.database.system<{ last_used_at: Date | null }[]>`
      select last_used_at from keys where prefix = ${fresh.secret_key.slice(0, 10)}`
    return row!.last_used_at
  }
  await get('/api/v1/setup', fresh.secret_key)
  const first = await usedAt()
  expect(first).not.toBeNull()
  await fresh.database.system`select pg_notify('keys_changed', '')`
  await new Promise(resolve => setTimeout(resolve, 200))
  await get('/api/v1/setup', fresh.secret_key)
  expect(await usedAt()).toEqual(first)
})

const patch = (id: number, payload: object) =>
  fresh.app.inject({ method: 'PATCH', url: `/api/v1/keys/${id}`, payload, headers: bearer(fresh.secret_key) })
const rotate = (id: number, payload: object, key = fresh.secret_key) =>
  fresh.app.inject({ method: 'POST', url: `/api/v1/keys/${id}/rotation`, payload, headers: bearer(key) })
const code = async (answer: ReturnType<typeof get>) => (await answer).json<{ error: { code: string } }>().error.code
test('a key ends at its time, although it is kept in memory', async () => {
  const in_a_moment = new Date(Date.now() + 3000).toISOString()
  const made = (await make({ kind: 'secret', name: 'Trial', expires_at: in_a_moment })).json<Made>()
  expect((await get('/api/v1/setup', made.key)).statusCode).toBe(200)
  await expect.poll(() => get('/api/v1/setup', made.key).then(answer => answer.statusCode)).toBe(401)
  expect(await code(get('/api/v1/setup', made.key))).toBe('expired_key')
  expect((await make({ kind: 'secret', name: 'Late', expires_at: '2020-01-01T00:00:00Z' })).json().error.fields).toHaveProperty(
    'expires_at',
  )
})

test('a key is taken from its addresses only, also to send events, and IPv4 inside of IPv6 is IPv4', async () => {
  const from = async (key: string, remoteAddress: string) =>
    (await fresh.app.inject({ url: '/api/v1/contacts', headers: bearer(key), remoteAddress })).statusCode
  const allowed_ips = ['203.0.113.0/24', '2001:db8::7']
  const { key } = (await make({ kind: 'secret', name: 'Office', allowed_ips })).json<Made>()
  expect(await from(key, '203.0.113.9')).toBe(200)
  expect(await from(key, '::ffff:203.0.113.9')).toBe(200)
  expect(await from(key, '2001:db8::7')).toBe(200)
  expect(await from(key, '203.0.114.9')).toBe(403)
  const sent = await fresh.app.inject({
    method: 'POST',
    url: '/v1/track',
    payload: { event: 'x', anonymousId: 'y' },
    headers: basic(key),
    remoteAddress: '198.51.100.1',
  })
  expect(sent.json().error.code).toBe('address_not_allowed')
  const wrong = await make({ kind: 'secret', name: 'Typo', allowed_ips: ['203.0.113'] })
  expect(wrong.json().error.fields.allowed_ips).toContain('203.0.113 is no address')
})

test('where a request comes from is what this machine says of it, and what a proxy says that the operator named', async () => {
  const { key } = (await make({ kind: 'secret', name: 'Behind a proxy', allowed_ips: ['203.0.113.9'] })).json<Made>()
  const { database, config } = fresh.context
  const trusted_proxies = readConfig({ TRUSTED_PROXIES: '172.18.0.0/16, fd00::5' }).trusted_proxies
  const lines: string[] = []
  const logger = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) })
  const behind = await buildApp({ database, config: { ...config, trusted_proxies } }, { logger })
  const from = async (app: App, remoteAddress: string, forwarded: string) =>
    (await app.inject({ url: '/api/v1/setup', headers: { ...bearer(key), 'x-forwarded-for': forwarded }, remoteAddress }))
      .statusCode
  expect(await from(fresh.app, '127.0.0.1', '203.0.113.9')).toBe(200)
  for (const stranger of ['10.0.0.4', '172.18.0.2', '192.168.1.7', 'fd00::5', '198.51.100.1'])
    expect([stranger, await from(fresh.app, stranger, '203.0.113.9')]).toEqual([stranger, 403])
  for (const proxy of ['172.18.0.2', '::ffff:172.18.0.2', 'fd00::5'])
    expect([proxy, await from(behind, proxy, '203.0.113.9')]).toEqual([proxy, 200])
  expect(lines).toEqual([])
  for (const unnamed of ['172.19.0.2', '172.19.0.2', '10.0.0.4']) expect(await from(behind, unnamed, '203.0.113.9')).toBe(403)
  expect(lines).toEqual([expect.stringContaining('name it in TRUSTED_PROXIES')])
  // What stands before the address that the proxy saw was written by whoever asks.
  expect(await from(behind, '172.18.0.2', '203.0.113.9, 198.51.100.1')).toBe(403)
  await behind.close()
  for (const wrong of ['private', '10.0.0.0/33', '0.0.0.0/0', '10.0.0.0/8/8', 'proxy.example'])
    expect(() => readConfig({ TRUSTED_PROXIES: wrong })).toThrow(`"${wrong}"`)
})

test('a key that may convert says what was sold and reads nothing', async () => {
  const { key } = (await make({ kind: 'secret', name: 'Shop', scopes: ['convert'] })).json<Made>()
  const { id: contact_id } = (
    await fresh.app.inject({
      method: 'POST',
      url: '/api/v1/contacts',
      payload: { email: 'buyer@example.com' },
      headers: bearer(fresh.secret_key),
    })
  ).json<{ id: number }>()
  const payload = { contact_id, type: 'sale', value: 12 }
  const sold = await fresh.app.inject({ method: 'POST', url: '/api/v1/conversions', payload, headers: bearer(key) })
  expect(sold.statusCode).toBe(201)
  expect(await code(get('/api/v1/conversions', key))).toBe('missing_scope')
  expect(await code(get(`/api/v1/contacts/${contact_id}`, key))).toBe('missing_scope')
})

test('a key is renamed and limited, and the activity says from what to what', async () => {
  const { id } = (await make({ kind: 'secret', name: 'Old name' })).json<Made>()
  const changed = await patch(id, { name: 'New name', rate_limit: 600, allowed_ips: ['10.0.0.0/8'] })
  expect(changed.json()).toMatchObject({ name: 'New name', rate_limit: 600, allowed_ips: ['10.0.0.0/8'], expires_at: null })
  const { data } = (await get('/api/v1/activities?limit=1&action=key.updated', fresh.secret_key)).json<{ data: object[] }>()
  expect(data[0]).toMatchObject({ before: { name: 'Old name', rate_limit: null }, after: { name: 'New name', rate_limit: 600 } })
})

test('a replaced key holds for the overlap and not longer; the new one has the same rights and limits', async () => {
  const wanted = { kind: 'secret', name: 'Nightly', scopes: ['read'], rate_limit: 500, allowed_ips: ['127.0.0.0/8'] }
  const old = (await make(wanted)).json<Made>()
  const made = (await rotate(old.id, { overlap_hours: 1 })).json<Made>()
  expect(made).toMatchObject({
    name: 'Nightly',
    scopes: ['read'],
    rate_limit: 500,
    allowed_ips: ['127.0.0.0/8'],
    expires_at: null,
  })
  expect((await get('/api/v1/contacts', old.key)).statusCode).toBe(200)
  expect((await get('/api/v1/contacts', made.key)).statusCode).toBe(200)
  const { data } = (await get('/api/v1/keys', fresh.secret_key)).json<{
    data: { id: number; expires_at: string; replaced_by: number }[]
  }>()
  const listed = data.find(key => key.id === old.id)!
  expect(listed.replaced_by).toBe(made.id)
  expect(Math.round((Date.parse(listed.expires_at) - Date.now()) / 60_000)).toBe(60)
  await fresh.database.system`update keys set expires_at = now() where id = ${old.id}`
  // Changed behind the server's back, as time does.
  await fresh.database.system`select pg_notify('keys_changed', '')`
  await expect.poll(async () => (await get('/api/v1/contacts', old.key)).statusCode).toBe(401)
  expect(await code(get('/api/v1/contacts', old.key))).toBe('expired_key')
  expect((await get('/api/v1/contacts', made.key)).statusCode).toBe(200)
  expect((await rotate(old.id, {})).json().error.code).toBe('conflict')
})

test('a key that may do less cannot become one that may do more by replacing it', async () => {
  const { key } = (await make({ kind: 'secret', name: 'Key maker', scopes: ['admin'] })).json<Made>()
  const { id } = (await make({ kind: 'secret', name: 'Reader', scopes: ['read'] })).json<Made>()
  expect((await rotate(id, {}, key)).json().error.code).toBe('forbidden')
})

test('two processes together admit no more than the limit of a key, and say what is left and when to come back', async () => {
  const { key } = (await make({ kind: 'secret', name: 'Loop', rate_limit: 30 })).json<Made>()
  const { buildApp } = await import('../app.ts')
  const elsewhere = connect(fresh.database.url, { connections: 2 })
  const second = await buildApp({ database: elsewhere, config: fresh.context.config })
  // A minute that turns in between has a limit of its own: begin when there is enough of it left.
  const left = 60 - new Date().getSeconds()
  if (left < 8) await new Promise(resolve => setTimeout(resolve, left * 1000 + 100))
  const answers = await Promise.all(
    Array.from({ length: 80 }, (_, k) =>
      (k % 2 ? fresh.app : second).inject({ url: '/api/v1/contacts?limit=1', headers: bearer(key) }),
    ),
  )
  const admitted = answers.filter(answer => answer.statusCode === 200)
  const refused = answers.filter(answer => answer.statusCode === 429)
  expect(admitted.length).toBe(30)
  expect(refused.length).toBe(50)
  expect(admitted[0]!.headers).toMatchObject({ 'ratelimit-limit': '30', 'ratelimit-policy': '"key";q=30;w=60' })
  const { headers } = refused.at(-1)!
  expect(headers).toMatchObject({ 'ratelimit-remaining': '0', 'retry-after': headers['ratelimit-reset'] })
  expect(headers.ratelimit).toBe(`"key";r=0;t=${String(headers['ratelimit-reset'])}`)
  await second.close()
  await elsewhere.close()
})
