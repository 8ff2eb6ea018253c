import { beforeAll, expect, test } from 'vitest'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { track } from '../../test/people.ts'

// What pages of other sites may do: send events, and nothing else.

let fresh: FreshApp
beforeAll(async () => {
  fresh = await freshApp()
})

const ask = (url: string, method: string) =>
  fresh.app.inject({
    method: 'OPTIONS',
    url,
    headers: {
      origin: 'https://shop.example',
      'access-control-request-method': method,
      'access-control-request-headers': 'authorization,content-type,x-retry-count',
    },
  })

test.each(['/v1/track', '/v1/t', '/v1/batch', '/v1/b', '/v1/projects/wk_x/settings'])(
  'a page may ask to send to %s',
  async url => {
    const answer = await ask(url, 'POST')
    expect(answer.statusCode).toBe(204)
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': 'https://shop.example',
      'access-control-allow-headers': 'authorization,content-type,x-retry-count',
    })
    expect(answer.headers['access-control-allow-methods']).toContain('POST')
  },
)

test('a page may read what became of its events, also what was wrong with them', async () => {
  const headers = { origin: 'https://shop.example', authorization: `Bearer ${fresh.write_key}` }
  for (const payload of [track('seen', { anonymousId: 'page' }), track('')]) {
    const answer = await fresh.app.inject({ method: 'POST', url: '/v1/track', headers, payload: JSON.stringify(payload) })
    expect(answer.headers['access-control-allow-origin']).toBe('https://shop.example')
  }
})

test.each(['/api/v1/contacts', '/api/v1/session', '/api/v1/keys/1', '/api/v1/nothing', '/api/docs', '/'])(
  'a page may not ask for %s',
  async url => {
    for (const method of ['PATCH', 'DELETE', 'POST', 'GET']) {
      const answer = await ask(url, method)
      expect(answer.statusCode).toBeGreaterThanOrEqual(400)
      expect(answer.headers['access-control-allow-origin']).toBeUndefined()
    }
  },
)
