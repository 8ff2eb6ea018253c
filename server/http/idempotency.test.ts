import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { figure, sized } from '../../test/faults/size.ts'
import { bearer } from '../../test/people.ts'

let fresh: FreshApp
beforeAll(async () => {
  fresh = await freshApp()
})

const post = (key: string, payload: object, url = '/api/v1/keys', secret = fresh.secret_key) =>
  fresh.app.inject({ method: 'POST', url, payload, headers: { ...bearer(secret), 'idempotency-key': key } })

const countOf = async (name: string) => {
  const [row] = await fresh.database.system<{ count: number }[]>`select count(*) from keys where name = ${name}`
  return row!.count
}

test('repeats the answer of the same request, the secret that is shown once included', async () => {
  const key = randomUUID()
  const first = await post(key, { kind: 'secret', name: 'once' })
  const again = await post(key, { kind: 'secret', name: 'once' })
  expect([first.statusCode, again.statusCode]).toEqual([201, 201])
  expect(again.json()).toEqual(first.json())
  expect([first.headers['idempotency-replayed'], again.headers['idempotency-replayed']]).toEqual([undefined, 'true'])
  expect(await countOf('once')).toBe(1)
})

test('keeps neither the key of the client nor the answer in a form that the database could be robbed of', async () => {
  const key = randomUUID()
  const answer = (await post(key, { kind: 'secret', name: 'sealed' })).json<{ key: string }>()
  const rows = await fresh.database.system<{ all: string }[]>`select i::text as all from idempotency_keys i`
  const stored = rows.map(row => row.all).join('\n')
  expect(stored).not.toContain(answer.key)
  expect(stored).not.toContain(key)
})

test('refuses another request under the same key', async () => {
  const key = randomUUID()
  await post(key, { kind: 'write', name: 'one' })
  const other = await post(key, { kind: 'write', name: 'other' })
  expect([other.statusCode, other.json().error.code]).toEqual([409, 'idempotency_mismatch'])
  expect(await countOf('other')).toBe(0)
})

test('does the work once however many ask at the same moment, and nothing else under that key afterwards', {
  timeout: 3_600_000,
}, async () => {
  const keys = Array.from({ length: sized(10, 1000) }, () => randomUUID())
  const codes = new Map<string, number>()
  for (const key of keys) {
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(key, { kind: 'write', name: key })))
    for (const answer of answers) {
      const code = answer.statusCode === 201 ? 'made' : answer.json().error.code
      codes.set(code, (codes.get(code) ?? 0) + 1)
    }
    expect(answers.some(answer => answer.statusCode === 201)).toBe(true)
    expect((await post(key, { kind: 'write', name: key })).headers['idempotency-replayed']).toBe('true')
    expect((await post(key, { kind: 'write', name: 'race' })).json().error.code).toBe('idempotency_mismatch')
  }
  const [row] = await fresh.database.system<{ made: number; keys: number; others: number }[]>`
    select count(*) as made, count(distinct name) as keys, (select count(*) from keys where name = 'race') as others
      from keys
     where name = any(${keys})`
  figure('idempotency', { keys: keys.length, 'at once': 20, ...Object.fromEntries(codes) })
  expect(row).toEqual({ made: keys.length, keys: keys.length, others: 0 })
  expect([...codes.keys()].filter(code => code !== 'made' && code !== 'idempotency_running')).toEqual([])
})

test('stores no refusal: what failed may be corrected and sent again', async () => {
  const key = randomUUID()
  expect((await post(key, { email: 'not one' }, '/api/v1/contacts')).statusCode).toBe(422)
  expect((await post(key, { email: 'sally@example.com' }, '/api/v1/contacts')).statusCode).toBe(201)
})

test('two workspaces may use the same key', async () => {
  const key = randomUUID()
  const other = await fresh.another()
  const [one, two] = [
    await post(key, { kind: 'write', name: 'x' }),
    await post(key, { kind: 'write', name: 'x' }, '/api/v1/keys', other.secret_key),
  ]
  expect([one.statusCode, two.statusCode]).toEqual([201, 201])
  expect(two.headers['idempotency-replayed']).toBeUndefined()
})
