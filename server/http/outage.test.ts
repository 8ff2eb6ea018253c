import { once } from 'node:events'
import { type AddressInfo, createConnection, createServer, type Server, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { freshApp } from '../../test/app.ts'
import { basic, batch, bearer, page, sally } from '../../test/people.ts'
import { buildApp } from '../app.ts'
import { connect } from '../database/connect.ts'
import { startMetrics } from './metrics.ts'

/** A wire to the database that can be cut and mended. */
async function wireTo(url: string) {
  const { hostname, port } = new URL(url)
  const sockets = new Set<Socket>()
  const connected = (near: Socket) => {
    const far = createConnection(Number(port), hostname)
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => {}).on('close', () => other.destroy())
    }
    near.pipe(far).pipe(near)
  }
  const listen = async (at: number): Promise<Server> => {
    const server = createServer(connected).listen(at, '127.0.0.1')
    await once(server, 'listening')
    return server
  }
  let server = await listen(0)
  const own = (server.address() as AddressInfo).port
  const address = new URL(url)
  address.hostname = '127.0.0.1'
  address.port = String(own)
  return {
    url: address.href,
    cut: () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
    mend: async () => {
      server = await listen(own)
    },
  }
}

test('while the database is away every route says when to come back, and afterwards all is as before', async () => {
  const fresh = await freshApp()
  const wire = await wireTo(fresh.database.url)
  const database = connect(wire.url, { connections: 2 })
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
  wire.cut()
  for (const response of [await get('/api/v1/setup'), await get('/api/v1/contacts?q=x'), await send()]) {
    expect([response.statusCode, response.json().error.code]).toEqual([503, 'unavailable'])
    expect(Number(response.headers['retry-after'])).toBeGreaterThan(0)
  }
  expect((await get('/health')).statusCode).toBe(200)
  expect((await get('/ready')).json()).toMatchObject({ status: 'not ready', database: 'failed' })

  await wire.mend()
  await expect.poll(async () => (await get('/ready')).statusCode, { timeout: 20_000 }).toBe(200)
  expect((await get('/api/v1/setup')).statusCode).toBe(200)
  expect((await send()).statusCode).toBe(200)
  await app.close()
  await database.close()
  wire.cut()
})
