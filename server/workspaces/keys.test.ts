import { beforeAll, expect, test } from 'vitest'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { basic, bearer } from '../../test/people.ts'
import { connect } from '../database/connect.ts'
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
  expect(await authenticateKey({ database: elsewhere }, key)).toMatchObject({ key_id: id, workspace_id: fresh.workspace_id })
  expect((await revoke(id)).json()).toMatchObject({ id, revoked_at: expect.any(String) })
  await expect.poll(() => authenticateKey({ database: elsewhere }, key), { timeout: 2000 }).toBeUndefined()
  await expect.poll(async () => (await get('/api/v1/setup', key)).statusCode, { timeout: 2000 }).toBe(401)
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
