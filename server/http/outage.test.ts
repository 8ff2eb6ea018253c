import { expect, test } from 'vitest'
import { freshApp } from '../../test/app.ts'
import { layCable } from '../../test/cable.ts'
import { basic, batch, bearer, page, sally } from '../../test/people.ts'
import { buildApp } from '../app.ts'
import { connect } from '../database/connect.ts'
import { startMetrics } from './metrics.ts'

test('while the database is away every route says when to come back, and afterwards all is as before', async () => {
  const fresh = await freshApp()
  const cable = await layCable(fresh.database.url)
  const database = connect(cable.url, { connections: 2 })
  const app = await buildApp({ ...fresh.context, database, metrics: startMetrics() })
  const get = (url: string) => app.inject({ url, headers: bearer(fresh.secret_key) })
  const send = () =>
    app.inject({
      method: 'POST',
      url: '/v1/batch',
      headers: basic(fresh.write_key),
      payload: batch(page('x', { anonymousId: sally.laptop })),
    })

  expect((await get('/api/v1/setup')).statusCode).toBe(200)
  cable.cut()
  for (const response of [await get('/api/v1/setup'), await get('/api/v1/contacts?q=x'), await send()]) {
    expect([response.statusCode, response.json().error.code]).toEqual([503, 'unavailable'])
    expect(Number(response.headers['retry-after'])).toBeGreaterThan(0)
  }
  expect((await get('/health')).statusCode).toBe(200)
  expect((await get('/ready')).json()).toMatchObject({ status: 'not ready', database: 'failed' })

  cable.mend()
  await expect.poll(async () => (await get('/ready')).statusCode, { timeout: 20_000 }).toBe(200)
  expect((await get('/api/v1/setup')).statusCode).toBe(200)
  expect((await send()).statusCode).toBe(200)
  await app.close()
  await database.close()
  await cable.stop()
})
