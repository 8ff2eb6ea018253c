import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { postmasterPid } from '../../server/database/embedded/fixtures/street.ts'
import { seeded } from '../seeded.ts'
import { until } from './endpoints.ts'
import { auditIntake, waitingOf } from './intake-books.ts'
import { type Delivery, deliveries, newSold, openDesk, type Sold, sell } from './senders.ts'
import { buildHouse, type House, inHouse, startServer } from './server.ts'
import { figure, full, seed, sized } from './size.ts'

test('a server that is killed while leads come in loses none and makes none twice', { timeout: 3_600_000 }, async () => {
  const chance = seeded(seed)
  const house = await buildHouse()
  const kills = sized(3, 100)
  const leads = sized(600, 50_000)
  let server = await startServer(house)
  const all = deliveries(chance, await openDesk(house, leads >> 3), leads)

  const selling = startSelling(house, all)
  let killed = 0
  while (selling.goes_on() && killed < kills) {
    // Spread over all of them, at moments that nobody can foresee: between storing and making, too.
    const threshold = (all.length * (killed + chance.number())) / (kills + 1)
    while (selling.goes_on() && selling.sold.answers.size < threshold) await sleep(1)
    await sleep(chance.below(20))
    if (!selling.goes_on()) break
    await server.end('SIGKILL')
    killed++
    server = await startServer(house)
  }
  const { sold, swept, books } = await closeBooks(house, selling)
  await server.end('SIGTERM')

  figure('kill -9 of the server during intake', {
    ...books,
    kills: killed,
    tries: sold.tries,
    unanswered: sold.unreachable,
    503: sold.refused,
    'stored and made later': swept,
  })
  expect(sold.wrong).toEqual([])
  expect(killed).toBeGreaterThan(kills / 2)
})

test('a database that is killed while leads come in comes back by itself, and none is lost or made twice', {
  timeout: 3_600_000,
}, async () => {
  const chance = seeded(seed + 1)
  const house = await buildHouse()
  const kills = sized(3, 20)
  const leads = sized(600, 20_000)
  const server = await startServer(house)
  const all = deliveries(chance, await openDesk(house, leads >> 3), leads)

  const selling = startSelling(house, all)
  const outages: number[] = []
  while (selling.goes_on() && outages.length < kills) {
    const threshold = (all.length * (outages.length + chance.number())) / (kills + 1)
    while (selling.goes_on() && selling.sold.answers.size < threshold) await sleep(1)
    const pid = await postmasterPid(house.home)
    if (!selling.goes_on() || !pid) break
    const before = selling.sold.answers.size
    const from = performance.now()
    process.kill(pid, chance.pick(['SIGKILL', 'SIGQUIT'] as const)) // by force, and as `pg_ctl stop -m immediate` does it
    while (selling.goes_on() && (selling.sold.answers.size === before || (await postmasterPid(house.home)) === pid)) {
      if (server.isGone()) throw new Error(`The server ended, too:\n${server.said()}`)
      await sleep(5)
    }
    outages.push(performance.now() - from)
  }
  const { sold, swept, books } = await closeBooks(house, selling)
  expect((await fetch(`${house.url}/ready`)).status).toBe(200) // the same process all the time
  await server.end('SIGTERM')

  const slowest = Math.max(...outages)
  figure('kill -9 and immediate stop of PostgreSQL during intake', {
    ...books,
    kills: outages.length,
    tries: sold.tries,
    503: sold.refused,
    'stored and made later': swept,
    'serving again after ms, median': Math.round(outages.sort((a, b) => a - b)[outages.length >> 1]!),
    'slowest ms': Math.round(slowest),
  })
  expect(sold.wrong).toEqual([])
  expect(sold.unreachable).toBe(0) // the server itself was never away
  expect(sold.refused).toBeGreaterThan(0)
  expect(outages.length).toBeGreaterThan(kills / 2)
  if (full) expect(slowest).toBeLessThan(5000)
})

type Selling = { sold: Sold; goes_on(): boolean; ended: Promise<Sold> }

function startSelling({ url }: House, all: Delivery[]): Selling {
  const sold = newSold()
  let goes_on = true
  const ended = sell(url, all, {}, sold).finally(() => (goes_on = false))
  ended.catch(() => {}) // awaited when the books are closed
  return { sold, goes_on: () => goes_on, ended }
}

/** When all is sold: what was only stored becomes leads, whoever asks again is told the same, and the books agree. */
async function closeBooks(house: House, { ended }: Selling) {
  const sold = await ended
  return inHouse(house, async database => {
    const swept = await waitingOf(database)
    await until(async () => (await waitingOf(database)) === 0, { patience_ms: 120_000, every_ms: 200 })
    const again = await sell(house.url, [...sold.answers.keys()].slice(0, 100))
    for (const [delivery, { status, text }] of again.answers) {
      const first = sold.answers.get(delivery)!
      if (first.status !== 202) expect({ status, text }).toEqual({ status: first.status, text: first.text })
    }
    return { sold, swept, books: await auditIntake(database, house.workspace_id, sold.answers) }
  })
}
