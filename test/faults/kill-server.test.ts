import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { seeded } from '../seeded.ts'
import { audit } from './books.ts'
import { sendUntilTaken, visits } from './clients.ts'
import { buildHouse, inHouse, startServer } from './server.ts'
import { figure, seed, sized } from './size.ts'

test('a server that is killed while it takes events loses none and counts none twice', { timeout: 3_600_000 }, async () => {
  const chance = seeded(seed)
  const house = await buildHouse()
  const requests = visits(chance, sized(2000, 50_000))
  const kills = sized(3, 100)
  let server = await startServer(house)

  let taken = 0
  let sending = true
  const clients = sendUntilTaken(house.url, house.write_key, requests, { onTaken: told => (taken = told.acknowledged) }).finally(
    () => (sending = false),
  )
  let killed = 0
  const total = requests.flat().length
  while (sending && killed < kills) {
    // Spread over all of them, at moments that nobody can foresee: in the middle of a commit, too.
    const until = (total * (killed + chance.number())) / (kills + 1)
    while (sending && taken < until) await sleep(1)
    await sleep(chance.below(20))
    if (!sending) break
    await server.end('SIGKILL')
    killed++
    server = await startServer(house)
  }
  const told = await clients
  await server.end('SIGTERM')

  const books = await inHouse(house, database => audit(database, house.workspace_id, requests))
  figure('kill -9 of the server during ingest', {
    ...books,
    kills: killed,
    tries: told.tries,
    unanswered: told.unreachable,
    503: told.refused[503] ?? 0,
  })
  expect(told.wrong).toEqual([])
  expect(killed).toBeGreaterThan(kills / 2)
})

test('the same message id counts once before and after a restart, also after one by force', { timeout: 120_000 }, async () => {
  const house = await buildHouse()
  const requests = visits(seeded(seed + 1), 100, { people: 5 })
  for (const signal of ['SIGTERM', 'SIGKILL', 'SIGTERM'] as const) {
    const server = await startServer(house)
    const told = await sendUntilTaken(house.url, house.write_key, requests)
    expect(told.wrong).toEqual([])
    await server.end(signal)
  }
  await inHouse(house, database => audit(database, house.workspace_id, requests))
})
