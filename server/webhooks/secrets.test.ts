import { randomUUID } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EndpointCreated, SecretCreated } from '../../shared/webhooks.ts'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { bearer } from '../../test/people.ts'
import { openReceiver, type Receiver } from '../../test/receiver.ts'
import { tenantTables } from '../../test/wall/tables.ts'
import { isSecret, newSecret } from './sign.ts'

let fresh: FreshApp
let receiver: Receiver
beforeAll(async () => {
  fresh = await freshApp({ config: { webhook_allowed_cidrs: ['127.0.0.0/8'] } })
  receiver = await openReceiver()
})
afterAll(() => receiver.close())

const ask = (url: string, method = 'GET', payload?: object, headers = {}) =>
  fresh.app.inject({
    method: method as 'GET',
    url: `/api/v1${url}`,
    headers: { ...bearer(fresh.secret_key), ...headers },
    ...(payload && { payload }),
  })
const make = async (given: object = {}) =>
  (await ask('/endpoints', 'POST', { url: receiver.url, events: ['*'], ...given })).json<EndpointCreated>()
const rotate = (id: number, payload: object = {}) => ask(`/endpoints/${id}/secrets`, 'POST', payload)
const signersOf = async (id: number, secrets: string[]) => {
  receiver.received.length = 0
  await ask(`/endpoints/${id}/tests`, 'POST', {})
  const { body, headers } = receiver.received[0]!
  return secrets.map(secret => {
    try {
      return new Webhook(secret).verify(body, headers) !== undefined
    } catch {
      return false
    }
  })
}

test('the new and the old secret sign until the old one has run out', async () => {
  const { id, secret } = await make()
  const response = await rotate(id, { overlap_hours: 2 })
  expect(response.statusCode).toBe(201)
  const created = response.json<SecretCreated>()
  expect(isSecret(created.secret)).toBe(true)
  expect(await signersOf(id, [created.secret, secret])).toEqual([true, true])
  const { secrets } = (await ask(`/endpoints/${id}`)).json<EndpointCreated>()
  expect(secrets.map(one => [one.id, one.expires_at !== null])).toEqual([
    [created.id, false],
    [secrets[1]!.id, true],
  ])
  expect((Date.parse(secrets[1]!.expires_at!) - Date.parse(created.created_at)) / 3_600_000).toBeCloseTo(2)
  await fresh.database.system`
    update endpoint_secrets set expires_at = now() - interval '1 second'
     where workspace_id = ${fresh.workspace_id} and endpoint_id = ${id} and expires_at is not null`
  expect(await signersOf(id, [created.secret, secret])).toEqual([true, false])
  expect((await ask(`/endpoints/${id}`)).json<EndpointCreated>().secrets).toHaveLength(1)
})

test('without an overlap the old ones end at once; a later rotation prolongs none', async () => {
  const { id, secret } = await make()
  const second = (await rotate(id, { overlap_hours: 1 })).json<SecretCreated>().secret
  const own = newSecret()
  expect((await rotate(id, { secret: own, overlap_hours: 168 })).json<SecretCreated>().secret).toBe(own)
  const { secrets } = (await ask(`/endpoints/${id}`)).json<EndpointCreated>()
  const hours = secrets.map(one => one.expires_at && Math.round((Date.parse(one.expires_at) - Date.now()) / 3_600_000))
  expect(hours).toEqual([null, 168, 1])
  const last = (await rotate(id, { overlap_hours: 0 })).json<SecretCreated>().secret
  expect(await signersOf(id, [last, own, second, secret])).toEqual([true, false, false, false])
})

test('is refused with a sentence: a secret that is none, an overlap that is none, an eleventh that signs', async () => {
  const { id } = await make()
  expect((await rotate(id, { secret: `whsec_${'x'.repeat(40)}!` })).json().error.fields).toHaveProperty('secret')
  expect((await rotate(id, { overlap_hours: 169 })).statusCode).toBe(422)
  for (let k = 0; k < 9; k++) expect((await rotate(id)).statusCode).toBe(201)
  expect((await rotate(id)).json().error.fields).toEqual({ overlap_hours: expect.stringContaining('10 secrets') })
  expect((await rotate(id, { overlap_hours: 0 })).statusCode).toBe(201)
})

test('an activity says that it was rotated', async () => {
  const { id } = await make()
  const { id: secret_id } = (await rotate(id)).json<SecretCreated>()
  const { data } = (await ask('/activities?action=endpoint.secret_rotated&limit=1')).json()
  expect(data[0]).toMatchObject({ subject_id: String(id), after: { secret_id, overlap_hours: 24 } })
})

test('no secret and no value of a header is in any later answer, nor anywhere in the database in the clear', async () => {
  const value = `hunter-${randomUUID()}`
  const key = { 'idempotency-key': randomUUID() }
  const settings = { url: receiver.url, events: ['*'], headers: [{ name: 'x-api-key', value }] }
  const created = (await ask('/endpoints', 'POST', settings, key)).json<EndpointCreated>()
  const { id } = created
  const rotated = (await ask(`/endpoints/${id}/secrets`, 'POST', {}, { 'idempotency-key': randomUUID() })).json<SecretCreated>()
  const hidden = [value, created.secret.slice(6), rotated.secret.slice(6)]
  const tested = await ask(`/endpoints/${id}/tests`, 'POST', {})
  expect(receiver.received.at(-1)!.headers['x-api-key']).toBe(value)
  const answers = [
    tested,
    await ask(`/endpoints/${id}`, 'PATCH', {
      name: 'renamed',
      headers: [{ name: 'x-api-key' }, { name: 'x-b', value: `${value}b` }],
    }),
    await ask(`/endpoints/${id}`, 'PATCH', { headers: [{ name: 'host', value }] }),
    await ask('/endpoints', 'POST', { ...settings, secret: rotated.secret, url: 'http://10.0.0.1/' }),
    await ask('/endpoints'),
    await ask(`/endpoints/${id}`),
    await ask(`/deliveries/${tested.json().delivery_id}`),
    await ask('/deliveries'),
    await ask('/activities'),
    await ask(`/endpoints/${id}/activation`, 'DELETE'),
    await ask(`/endpoints/${id}/activation`, 'POST', {}),
  ]
  const { system } = fresh.database
  const rows: string[] = []
  for (const { name } of await tenantTables(system))
    rows.push(...(await system<{ row: string }[]>`select t::text as row from ${system(name)} t`).map(({ row }) => row))
  const everything = [...answers.map(answer => answer.body), ...rows].join('\n')
  expect(everything).toContain('renamed')
  for (const secret of hidden) expect(everything).not.toContain(secret)
})
