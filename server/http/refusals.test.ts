import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import Fastify from 'fastify'
import { beforeAll, describe, expect, test } from 'vitest'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { bearer } from '../../test/people.ts'
import { ERRORS } from '../errors.ts'
import { answerError } from './refusals.ts'

let fresh: FreshApp
beforeAll(async () => {
  fresh = await freshApp()
})

const ask = (
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  url: string,
  payload?: string | object,
  headers: Record<string, string> = {},
) =>
  fresh.app.inject({
    method,
    url,
    headers: { ...bearer(fresh.secret_key), ...headers },
    ...(payload === undefined ? {} : { payload }),
  })

test('an unknown address below the API is a JSON 404', async () => {
  const response = await ask('GET', '/api/v1/nothing')
  expect(response.statusCode).toBe(404)
  expect(response.json()).toEqual({ error: { code: 'not_found', message: 'There is nothing at this address.' } })
})

test('a known address with another method is a 405 that names the right ones', async () => {
  const response = await ask('PUT', '/api/v1/contacts/123456', {})
  expect(response.statusCode).toBe(405)
  expect(response.json().error.code).toBe('method_not_allowed')
  expect(response.headers.allow).toBe('GET, HEAD, PATCH')
})

test('a wrong query is a 400 that names the parameter, a wrong body a 422 that names each field', async () => {
  const query = await ask('GET', '/api/v1/contacts?limit=many&colour=red')
  expect(query.statusCode).toBe(400)
  expect(query.json().error).toMatchObject({
    code: 'invalid_request',
    fields: { limit: 'must be integer', colour: 'is not known here' },
  })
  const body = await ask('POST', '/api/v1/keys', { kind: 'master', scopes: ['read', 'fly'] })
  expect(body.statusCode).toBe(422)
  expect(body.json().error).toMatchObject({
    code: 'invalid_fields',
    fields: {
      name: 'is required',
      kind: 'must be one of write, secret',
      'scopes.1': 'must be one of read, update, convert, ingest, admin',
    },
  })
})

test('a body is never turned into something else: a number is not a text', async () => {
  const response = await ask('POST', '/api/v1/keys', { kind: 'write', name: 7 })
  expect(response.statusCode).toBe(422)
  expect(response.json().error.fields).toEqual({ name: 'must be string' })
})

test('what cannot be read is a 400, what is no JSON a 415, what is too large a 413', async () => {
  const json = { 'content-type': 'application/json' }
  expect((await ask('POST', '/api/v1/keys', '{"kind":', json)).json().error.code).toBe('unreadable_body')
  expect((await ask('POST', '/api/v1/keys', '', json)).json().error.code).toBe('unreadable_body')
  const form = await ask('POST', '/api/v1/keys', 'kind=write', { 'content-type': 'application/x-www-form-urlencoded' })
  expect([form.statusCode, form.json().error.code]).toEqual([415, 'unsupported_media_type'])
  const large = await ask('POST', '/api/v1/keys', `"${'x'.repeat(1_100_000)}"`, json)
  expect([large.statusCode, large.json().error.code]).toEqual([413, 'too_large'])
})

test("a text that cannot be stored is the client's mistake", async () => {
  const response = await ask('POST', '/api/v1/contacts', { email: 'a@example.com', first_name: 'Sal\u0000ly' })
  expect(response.statusCode).toBe(422)
  expect(response.json().error.message).toContain('NUL')
  expect((await ask('GET', '/api/v1/contacts?q=%00')).statusCode).toBe(400)
  expect((await ask('GET', '/api/v1/visitors?distinct_id=%00')).statusCode).toBe(400)
})

test('numbers beyond what the database holds are no server errors', async () => {
  expect((await ask('GET', '/api/v1/contacts/99999999999')).statusCode).toBe(400)
  expect((await ask('GET', '/api/v1/visitors/9007199254740991')).statusCode).toBe(404)
  expect((await ask('GET', '/api/v1/events?contact_id=99999999999')).statusCode).toBeLessThan(500)
  expect((await ask('GET', '/api/v1/activities?contact_id=99999999999')).statusCode).toBeLessThan(500)
})

test('every answer carries the id under which it is logged', async () => {
  const [one, other] = [await ask('GET', '/api/v1/setup'), await ask('GET', '/nothing')]
  expect(one.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
  expect(other.headers['x-request-id']).not.toBe(one.headers['x-request-id'])
})

describe('when the database is away or something breaks', () => {
  const answerTo = async (error: unknown) => {
    const app = Fastify({ logger: false })
    app.setErrorHandler(answerError)
    app.get('/', async () => {
      throw error
    })
    return app.inject('/')
  }

  test.each(['ECONNREFUSED', 'CONNECTION_CLOSED', 'CONNECT_TIMEOUT', '57P01', '57P03', '53300', '08006', '25006', '40P01'])(
    '%s is a 503 that says when to come back',
    async code => {
      const response = await answerTo(Object.assign(new Error('secret place'), { code }))
      expect(response.statusCode).toBe(503)
      expect(response.headers['retry-after']).toBe('2')
      expect(response.json().error.code).toBe('unavailable')
      expect(response.body).not.toContain('secret place')
    },
  )

  test.each([new Error('password=hunter2'), 'a thrown text', undefined, Object.assign(new Error('x'), { code: '42P01' })])(
    'a surprise is a 500 that tells nothing of the inside',
    async error => {
      const response = await answerTo(error)
      expect(response.statusCode).toBe(500)
      expect(response.json()).toEqual({ error: { code: 'internal', message: ERRORS.internal[1] } })
    },
  )
})

test('docs/api/errors.md says of every code what the table says', async () => {
  const page = await readFile('docs/api/errors.md', 'utf8')
  for (const [code, [status, message]] of Object.entries(ERRORS)) {
    expect(page).toContain(`| \`${code}\` | ${status} | ${message} |`)
  }
})

test.each([
  ['no HTTP at all', 'hello\r\n\r\n', 400, 'invalid_request'],
  ['two lengths', 'POST /v1/track HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n', 400, 'invalid_request'],
  ['headers without end', `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, 413, 'too_large'],
])('%s is refused in the same form, and the connection ends', async (_what, bytes, status, code) => {
  const { hostname, port } = new URL(fresh.url || (await fresh.listen()))
  const socket = connect(Number(port), hostname, () => socket.write(bytes))
  const answer = await text(socket)
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  expect(JSON.parse(answer.split('\r\n\r\n')[1]!).error.code).toBe(code)
})

test('a HEAD of the endless stream of events is refused', async () => {
  const response = await fresh.app.inject({ method: 'HEAD', url: '/api/v1/live', headers: bearer(fresh.secret_key) })
  expect(response.statusCode).toBe(405)
})
