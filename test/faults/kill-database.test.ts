import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { postmasterPid } from '../../server/database/embedded/fixtures/street.ts'
import { basic, bearer, track } from '../people.ts'
import { seeded } from '../seeded.ts'
import { audit } from './books.ts'
import { sendUntilTaken, visits } from './clients.ts'
import { buildHouse, type House, inHouse, startServer } from './server.ts'
import { figure, full, seed, sized } from './size.ts'

test('a database that is killed while events arrive comes back by itself, and none is lost or counted twice', {
  timeout: 3_600_000,
}, async () => {
  const chance = seeded(seed)
  const house = await buildHouse()
  const requests = visits(chance, sized(2000, 20_000))
  const kills = sized(3, 20)
  const server = await startServer(house)
  const first = await arrives(house, 'before the first outage')

  let taken = 0
  let sending = true
  const clients = sendUntilTaken(house.url, house.write_key, requests, { onTaken: told => (taken = told.acknowledged) }).finally(
    () => (sending = false),
  )
  clients.catch(() => {}) // awaited below, if the server lives as long
  const outages: number[] = []
  const total = requests.flat().length
  while (sending && outages.length < kills) {
    const until = (total * (outages.length + chance.number())) / (kills + 1)
    while (sending && taken < until) await sleep(1)
    const pid = await postmasterPid(house.home)
    if (!sending || !pid) break
    const before = taken
    const from = performance.now()
    // At once: by force, and as `pg_ctl stop -m immediate` does it.
    process.kill(pid, chance.pick(['SIGKILL', 'SIGQUIT'] as const))
    while (sending && (taken === before || (await postmasterPid(house.home)) === pid)) {
      if (server.isGone()) throw new Error(`The server ended, too:\n${server.said()}`)
      await sleep(5)
    }
    outages.push(performance.now() - from)
  }
  const told = await clients
  expect((await fetch(`${house.url}/ready`)).status).toBe(200) // the same process all the time
  requests.push(await arrives(house, 'after the last outage'))
  await server.end('SIGTERM')

  const books = await inHouse(house, database => audit(database, house.workspace_id, [first, ...requests]))
  const slowest = Math.max(...outages)
  figure('kill -9 and immediate stop of PostgreSQL during ingest', {
    ...books,
    kills: outages.length,
    tries: told.tries,
    503: told.refused[503] ?? 0,
    'serving again after ms, median': Math.round(outages.sort((a, b) => a - b)[outages.length >> 1]!),
    'slowest ms': Math.round(slowest),
  })
  expect(told.wrong).toEqual([])
  expect(told.unreachable).toBe(0) // the server itself was never away
  expect(told.refused[503]).toBeGreaterThan(0)
  expect(outages.length).toBeGreaterThan(kills / 2)
  if (full) expect(slowest).toBeLessThan(5000)
})

/** What is sent is seen at once by who watches: the server listens to the database, also on the connection that it made anew. */
async function arrives({ url, write_key, secret_key }: House, event: string) {
  const leaving = new AbortController()
  const stream = await fetch(`${url}/api/v1/live`, { headers: bearer(secret_key), signal: leaving.signal })
  const seen = readUntil(stream.body!, event)
  // Not the first one, which is read when the stream begins.
  const messages = Array.from({ length: 3 }, () => track(event, { anonymousId: 'watched' }))
  for (const message of messages) {
    await fetch(`${url}/v1/track`, { method: 'POST', headers: basic(write_key), body: JSON.stringify(message) })
    await sleep(300)
  }
  const result = await Promise.race([seen, sleep(60_000, 'nothing was seen')])
  leaving.abort()
  expect(result).toBe('seen')
  return messages
}

async function readUntil(body: ReadableStream<Uint8Array>, wanted: string) {
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true })
    if (text.includes(wanted)) return 'seen'
  }
  return 'the stream ended'
}
