import { Agent } from 'node:http'
import { expect, test } from 'vitest'
import { open } from '../../server/database/connect.ts'
import { startEmbedded } from '../../server/database/embedded.ts'
import { basic, batch, track } from '../people.ts'
import { audit } from './books.ts'
import { type Answer, post } from './clients.ts'
import { buildHouse, type House, inHouse, startServer } from './server.ts'
import { figure, sized } from './size.ts'

test('a server whose database does not move says 503 before its memory grows, and works again afterwards', {
  timeout: 3_600_000,
}, async () => {
  const house = await buildHouse()
  const server = await startServer(house)
  const agent = new Agent({ keepAlive: true, maxSockets: 2000 })
  const send = (messages: object[]) =>
    post(agent, `${house.url}/v1/batch`, basic(house.write_key), JSON.stringify(batch(...messages)))
  const first = request(1)
  expect((await send(first)).status).toBe(200) // the key is known from here on
  const idle = await memoryOf(house)
  const let_go = await holdWorkspace(house)

  // More than may wait, and then as much again, and again: only what came first is kept.
  const asked: Asked[] = []
  const full: number[] = []
  for (let wave = 0; wave < 3; wave++) {
    for (let k = 0; k < sized(60, 200); k++) asked.push(ask(request(500), send))
    await untilAnswered(asked, asked.length - 40)
    full.push(await memoryOf(house))
  }
  const waiting = asked.filter(one => one.settled === undefined)
  const refused = asked.filter(one => one.settled !== undefined)
  expect(waiting.length).toBe(40) // of 500: the 20,000 events that may wait
  expect(refused.length).toBeGreaterThan(100)
  for (const { settled } of refused) {
    const answer = settled!
    expect(answer.status).toBe(503)
    expect(JSON.parse(answer.text).error.code).toBe('overloaded')
    expect(Number(answer.retry_after)).toBeGreaterThan(0)
  }
  expect((await fetch(`${house.url}/health`)).status).toBe(200)

  await let_go()
  for (const { answer } of waiting) expect(await answer).toMatchObject({ status: 200, text: '{"success":true}' })
  const again = refused.slice(0, 20)
  for (const { messages } of again) expect((await send(messages)).status).toBe(200)
  agent.destroy()
  await server.end('SIGTERM')
  const taken = [first, ...waiting.map(one => one.messages), ...again.map(one => one.messages)]
  const books = await inHouse(house, database => audit(database, house.workspace_id, taken))
  figure('backpressure', {
    ...books,
    'refused batches': refused.length,
    'memory idle MB': Math.round(idle),
    'full MB': Math.round(full[0]!),
    'after two more waves MB': Math.round(full.at(-1)!),
  })
  expect(full.at(-1)! - full[0]!).toBeLessThan(100)
})

test('large events count by their size: what waits is bounded in bytes, too', { timeout: 600_000 }, async () => {
  const house = await buildHouse()
  const server = await startServer(house)
  const agent = new Agent({ keepAlive: true, maxSockets: 2000 })
  const send = (messages: object[]) =>
    post(agent, `${house.url}/v1/batch`, basic(house.write_key), JSON.stringify(batch(...messages)))
  expect((await send(request(1))).status).toBe(200)
  const idle = await memoryOf(house)
  const let_go = await holdWorkspace(house)
  const large = 'x'.repeat(30_000)
  const asked = Array.from({ length: sized(250, 1000) }, () =>
    ask(
      Array.from({ length: 15 }, () => track('large', { anonymousId: 'large', properties: { large } })),
      send,
    ),
  )
  await untilAnswered(asked, asked.length - Math.floor(MAY_WAIT_MB / MEGABYTES))
  const full = await memoryOf(house)
  await let_go()
  const statuses = (await Promise.all(asked.map(one => one.answer))).map(answer => answer.status)
  const taken = statuses.filter(status => status === 200).length
  agent.destroy()
  await server.end('SIGTERM')
  figure('backpressure of large events', {
    'sent MB': Math.round(statuses.length * MEGABYTES),
    'taken MB': Math.round(taken * MEGABYTES),
    refused: statuses.length - taken,
    'memory idle MB': Math.round(idle),
    'full MB': Math.round(full),
  })
  expect(new Set(statuses)).toEqual(new Set([200, 503]))
  expect(taken * MEGABYTES).toBeLessThan(100)
})

const MEGABYTES = (15 * 30_000) / 1e6 // a request of large events
const MAY_WAIT_MB = (64 * 1024 * 1024) / 1e6

type Asked = { messages: object[]; answer: Promise<Answer>; settled: Answer | undefined }

function ask(messages: object[], send: (messages: object[]) => Promise<Answer>): Asked {
  const asked: Asked = { messages, answer: send(messages), settled: undefined }
  void asked.answer.then(answer => (asked.settled = answer))
  return asked
}

/** Until the server has read everything, however long a busy machine takes: what may not wait for the database is refused. */
function untilAnswered(asked: Asked[], count: number) {
  const settled = () => asked.filter(one => one.settled !== undefined).length
  return expect.poll(settled, { timeout: 300_000 }).toBeGreaterThanOrEqual(count)
}

let made = 0
function request(size: number) {
  return Array.from({ length: size }, () => track('lesson_opened', { anonymousId: `device-${made++ % 50}` }))
}

/** Resident, as the server itself counts it. */
async function memoryOf({ url }: House): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(/^process_resident_memory_bytes (\S+)/m.exec(text)![1]) / 1e6
}

/** Takes the lock that every batch of the workspace takes first, and keeps it until it is let go. */
async function holdWorkspace({ home, workspace_id }: House) {
  const embedded = await startEmbedded({ home })
  const sql = open(embedded.url)
  let release = () => {}
  const released = new Promise<void>(resolve => (release = resolve))
  const held = new Promise<void>(has => {
    void sql.begin(async tx => {
      await tx`select pg_advisory_xact_lock(7402, ${workspace_id})`
      has()
      await released
    })
  })
  await held
  return async () => {
    release()
    await sql.end()
    await embedded.stop()
  }
}
