import { setTimeout as sleep } from 'node:timers/promises'
import { Webhook } from 'standardwebhooks'
import { expect, onTestFinished, test } from 'vitest'
import type { Database } from '../../server/database/connect.ts'
import { track } from '../people.ts'
import { openReceiver, type Receiver } from '../receiver.ts'
import { type Chance, seeded } from '../seeded.ts'
import { sendUntilTaken } from './clients.ts'
import { auditDeliveries, auditReceived, makeEndpoint, statesOf, until } from './endpoints.ts'
import { buildHouse, inHouse, startServer } from './server.ts'
import { figure, seed, sized } from './size.ts'

test('a server that is killed while it delivers: all arrives and verifies, and again only what nobody had written down as arrived', {
  timeout: 3_600_000,
}, async () => {
  const chance = seeded(seed)
  const house = await buildHouse()
  const receivers = [await receiver(chance), await receiver(chance)]
  const events = sized(200, 10_000)
  const kills = sized(3, 60)
  const total = events * receivers.length

  await inHouse(house, async database => {
    let server = await startServer(house)
    const endpoints: number[] = []
    const checks: Checks[] = []
    for (const receiver of receivers) {
      const given = { url: receiver.url, events: ['lesson_opened'] }
      const { id, secret } = await makeEndpoint(house.url, house.secret_key, given)
      endpoints.push(id)
      checks.push(verifyEach(receiver, secret))
    }
    const clients = sendUntilTaken(house.url, house.write_key, requests(chance, events))
    clients.catch(() => {}) // awaited below

    /** At each kill: what a receiver had and the database did not know of. It alone may come again. */
    const unknown: Set<string>[] = []
    const silences: number[] = []
    while (unknown.length < kills) {
      const threshold = (total * (unknown.length + chance.number())) / (kills + 1)
      await until(() => arrived(receivers).size > threshold, { every_ms: 1 })
      await sleep(chance.below(20))
      await server.end('SIGKILL')
      const killed_at = Date.now()
      await Promise.all(receivers.map(receiver => receiver.left())) // what it sent may still be on its way
      const seen = requestsOf(receivers)
      unknown.push(await unwritten(database, endpoints, receivers))
      server = await startServer(house)
      await until(() => requestsOf(receivers) > seen)
      silences.push(Date.now() - killed_at)
    }
    expect((await clients).wrong).toEqual([])
    await until(async () =>
      (await Promise.all(endpoints.map(id => statesOf(database, id)))).every(each => each.delivered === events),
    )
    await server.end('SIGTERM')

    expect(arrived(receivers).size).toBe(total)
    expect(auditReceived(receivers)).toBe(events)
    const verified = checks.reduce((sum, check) => sum + check.verified, 0)
    expect(checks.flatMap(check => check.refused)).toEqual([])
    expect(verified).toBe(requestsOf(receivers))
    const again = cameAgain(receivers)
    for (const [key, times] of again)
      expect(unknown.filter(open => open.has(key)).length, `${key} came ${times} times too often`).toBeGreaterThanOrEqual(times)
    await auditDeliveries(database)
    const [attempts] = await database.system<[{ rows: number }]>`select count(*)::int as rows from delivery_attempts`
    expect(attempts.rows).toBe(total)
    figure('kill -9 of the server during delivery', {
      deliveries: total,
      kills,
      requests: requestsOf(receivers),
      'verified by the library': verified,
      lost: total - arrived(receivers).size,
      'came again': requestsOf(receivers) - total,
      'of which nobody could know, at most at one kill': Math.max(...unknown.map(open => open.size)),
      'delivering again after ms, median': silences.sort((a, b) => a - b)[silences.length >> 1]!,
    })
  })
})

/** It takes its time, so that many are under way at every moment. */
async function receiver(chance: Chance): Promise<Receiver> {
  const receiver = await openReceiver(response => setTimeout(() => response.writeHead(204).end(), chance.below(60)))
  onTestFinished(receiver.close)
  return receiver
}

type Checks = { verified: number; refused: string[] }

/** By the library that the guide names, on arrival: it wants a timestamp of the last five minutes. */
function verifyEach(receiver: Receiver, secret: string): Checks {
  const webhook = new Webhook(secret)
  const checks: Checks = { verified: 0, refused: [] }
  const { answer } = receiver
  receiver.answer = (response, received) => {
    try {
      webhook.verify(received.body, received.headers)
      checks.verified++
    } catch (error) {
      checks.refused.push(`${received.headers['webhook-id']}: ${error}`)
    }
    answer(response, received)
  }
  return checks
}

function requests(chance: Chance, events: number): object[][] {
  return Array.from({ length: events / 20 }, () =>
    Array.from({ length: 20 }, () =>
      track('lesson_opened', { anonymousId: `device-${chance.below(50)}`, messageId: chance.text(24) }),
    ),
  )
}

function requestsOf(receivers: readonly Receiver[]) {
  return receivers.reduce((sum, { received }) => sum + received.length, 0)
}

function keys(receivers: readonly Receiver[]) {
  return receivers.flatMap((receiver, k) => receiver.ids().map(id => `${k} ${id}`))
}

function arrived(receivers: readonly Receiver[]) {
  return new Set(keys(receivers))
}

/** How often each came beyond the first time. */
function cameAgain(receivers: readonly Receiver[]): Map<string, number> {
  const times = new Map<string, number>()
  for (const key of keys(receivers)) times.set(key, (times.get(key) ?? 0) + 1)
  return new Map([...times].flatMap(([key, count]) => (count > 1 ? [[key, count - 1]] : [])))
}

async function unwritten({ system }: Database, endpoints: number[], receivers: readonly Receiver[]): Promise<Set<string>> {
  const rows = await system<{ endpoint_id: number; message_id: string }[]>`
    select endpoint_id, message_id from deliveries where state = 'delivered'`
  const written = new Set(rows.map(row => `${endpoints.indexOf(row.endpoint_id)} ${row.message_id}`))
  return new Set(keys(receivers).filter(key => !written.has(key)))
}
