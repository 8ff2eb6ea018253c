import { beforeAll, expect, test } from 'vitest'
import { type FreshApp, freshApp } from '../../test/app.ts'

let fresh: FreshApp
beforeAll(async () => {
  fresh = await freshApp()
})

const get = (url: string, headers: Record<string, string> = {}) => fresh.app.inject({ url, headers })

test('the description of the API names every route of it, each with a summary and a tag', async () => {
  const document = (await get('/api/openapi.json')).json()
  expect(document.openapi).toBe('3.1.0')
  const operations = Object.entries<Record<string, { summary?: string; tags?: string[] }>>(document.paths).flatMap(
    ([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, ...operation })),
  )
  expect(operations.length).toBeGreaterThan(30)
  expect(operations.filter(({ summary, tags }) => !summary || !tags?.length).map(({ name }) => name)).toEqual([])
  const tags = document.tags.map((tag: { name: string }) => tag.name)
  expect(operations.flatMap(operation => operation.tags ?? []).filter(tag => !tags.includes(tag))).toEqual([])
  expect(Object.keys(document.components.securitySchemes)).toEqual(['secret_key', 'session', 'write_key'])
})

test('the readable description is served whole from here', async () => {
  const page = await get('/api/docs/')
  expect(page.statusCode).toBe(200)
  const sources = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address!)
  expect(sources).toEqual(['js/scalar.js'])
  expect((await get('/api/docs/js/scalar.js')).statusCode).toBe(200)
  expect(page.headers['content-security-policy']).toContain("default-src 'self'")
  expect((await get('/api/docs')).headers.location).toBe('/api/docs/')
})

test('pages may be framed by nobody else and run only our scripts', async () => {
  const { headers } = await get('/sign-in', { accept: 'text/html' })
  expect(headers['content-security-policy']).toContain("script-src 'self';")
  expect(headers['content-security-policy']).toContain("frame-ancestors 'self'")
  expect(headers['x-content-type-options']).toBe('nosniff')
  expect(headers).not.toHaveProperty('strict-transport-security')
})

test('the demo site learns the write key of the first workspace', async () => {
  const response = await get('/demo/config.js')
  expect(response.headers['content-type']).toContain('javascript')
  expect(response.body).toBe(`window.demo = {"write_key":"${fresh.write_key}"}\n`)
  expect((await get('/demo')).headers.location).toBe('/demo/')
  expect((await get('/demo/')).headers['content-type']).toContain('text/html')
  expect((await get('/demo/demo.css')).headers['content-type']).toContain('text/css')
})

test('a page of the app is itself at every address, a file that is missing is not', async () => {
  const [home, deep] = [await get('/', { accept: 'text/html' }), await get('/w/1/contacts', { accept: 'text/html' })]
  expect(deep.body).toBe(home.body)
  expect((await get('/assets/missing.js')).statusCode).toBe(404)
  expect((await get('/api/v1/nothing', { accept: 'text/html' })).headers['content-type']).toContain('application/json')
})

test('metrics count answers by route and not by address', async () => {
  await get('/api/v1/contacts/123456')
  const { body, headers } = await get('/metrics')
  expect(headers['content-type']).toContain('text/plain')
  expect(body).toMatch(/http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/contacts\/:id",status="401"\} 1/)
  expect(body).toContain('process_resident_memory_bytes')
  expect(body).not.toContain('123456')
})

test('health is of the process, readiness of what it needs', async () => {
  expect((await get('/health')).json()).toEqual({ status: 'ok' })
  expect((await get('/ready')).statusCode).toBe(200)
})
