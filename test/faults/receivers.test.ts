import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import type { Database } from '../../server/database/connect.ts'
import { CERTIFICATE, PRIVATE_KEY } from '../../server/egress/self-signed.fixture.ts'
import { track } from '../people.ts'
import { openReceiver, type Receiver } from '../receiver.ts'
import { sendUntilTaken } from './clients.ts'
import { auditDeliveries, makeEndpoint, statesOf, until } from './endpoints.ts'
import { buildHouse, type House, inHouse, startServer } from './server.ts'
import { figure, full, sized } from './size.ts'

// Receivers as they are met, each with an endpoint of its own, and each of them hears everything. A fault that takes the ten seconds
// of an attempt befalls the first few messages only.

const DELAYS = [1, 2] // seconds; so there are three attempts

type Kind = {
  /** What it does at the `nth` attempt of a message. */
  does: (response: ServerResponse, nth: number) => void
  /** What becomes of what it is sent; `some`: only of what came before it was paused. */
  ends: 'delivered' | 'failed' | 'some failed'
  /** Takes as long as an attempt may. */
  is_slow?: boolean
  /** Resets connections over which the next request may be on its way: that one it never sees, and some message may be unlucky three times. */
  overlooks?: boolean
}

const KINDS: Record<string, Kind> = {
  'answers 500 twice': { does: (response, nth) => response.writeHead(nth < 3 ? 500 : 200).end(), ends: 'delivered' },
  'wants to be left alone for a while': {
    does: (response, nth) => (nth < 3 ? response.writeHead(429, { 'retry-after': '3' }).end() : fine(response)),
    ends: 'delivered',
  },
  'hangs once': { does: (response, nth) => nth > 1 && fine(response), ends: 'delivered', is_slow: true },
  'sends headers without end once': {
    does: (response, nth) => (nth > 1 ? fine(response) : drip(response, 'HTTP/1.1 200 OK\r\nx-dripping: ')),
    ends: 'delivered',
    is_slow: true,
  },
  'sends its body byte by byte': {
    does: response => drip(response, 'HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n'),
    ends: 'delivered',
    is_slow: true,
  },
  'resets before it answers': {
    does: (response, nth) => (nth > 1 ? fine(response) : response.socket!.resetAndDestroy()),
    ends: 'delivered',
  },
  'resets amid the body': {
    does: response => say(response, 'HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nhalf'),
    ends: 'delivered',
  },
  'resets after the body': {
    does: response => say(response, 'HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ndone'),
    ends: 'delivered',
    overlooks: true,
  },
  'says less than it promised': {
    does: response => response.socket!.end('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nhalf'),
    ends: 'delivered',
  },
  'sends a gigabyte': { does: response => flood(response, {}, Buffer.alloc(65_536, 'x')), ends: 'delivered' },
  'sends a bomb': { does: response => flood(response, { 'content-encoding': 'gzip' }, BOMB), ends: 'delivered' },
  'leads to where secrets are': {
    does: response => response.writeHead(301, { location: 'http://169.254.169.254/latest/meta-data' }).end(),
    ends: 'failed',
  },
  'speaks no HTTP': { does: response => say(response, 'SSH-2.0-OpenSSH_9.6\r\n'), ends: 'failed' },
  'is gone': { does: response => response.writeHead(410).end(), ends: 'some failed' },
}
const BOMB = gzipSync(Buffer.alloc(10_000_000))

test('whatever receivers do: what any attempt reached is delivered, every request is in the log, and none comes before its time', {
  timeout: 3_600_000,
}, async () => {
  const events = sized(18, 670)
  const slow_ones = sized(2, 30)
  const house = await buildHouse()
  const receivers = await Promise.all(Object.values(KINDS).map(kind => receiver(kind, slow_ones)))
  const stranger = await strangerByTls()

  await inHouse(house, async database => {
    const server = await startServer(house)
    const settings = { events: ['lesson_opened'], attempt_schedule: 'custom' as const, attempt_delays: DELAYS }
    const endpoints: number[] = []
    for (const { url } of [...receivers, stranger])
      endpoints.push((await makeEndpoint(house.url, house.secret_key, { ...settings, url })).id)
    const memory = watchMemory(house)
    const messages = Array.from({ length: events }, (_, n) => track('lesson_opened', { anonymousId: `device-${n % 20}` }))
    expect(
      (
        await sendUntilTaken(
          house.url,
          house.write_key,
          [messages.slice(0, 500), messages.slice(500)].filter(part => part.length),
        )
      ).wrong,
    ).toEqual([])
    await until(
      async () => (await Promise.all(endpoints.map(id => statesOf(database, id)))).every(each => settled(each, events)),
      {
        every_ms: 250,
        patience_ms: 3_000_000,
      },
    )
    const megabytes = await memory.stop()
    await server.end('SIGTERM')

    for (const [k, [name, { ends, overlooks = false }]] of Object.entries(KINDS).entries()) {
      const states = await statesOf(database, endpoints[k]!)
      if (ends === 'some failed')
        expect({ name, states }).toEqual({ name, states: { failed: expect.any(Number), held: expect.any(Number) } })
      else if (overlooks) expectMostly(name, states, events, new Set(receivers[k]!.ids()).size)
      else expect({ name, states }).toEqual({ name, states: { [ends]: events } })
      const attempts = await attemptsOf(database, endpoints[k]!)
      const requests = receivers[k]!.received.length
      if (overlooks) expect(requests, name).toBeLessThanOrEqual(attempts)
      else expect({ name, requests }).toEqual({ name, requests: attempts })
    }
    expect(await statesOf(database, endpoints.at(-1)!)).toEqual({ failed: events })
    expect(stranger.calls).toBe(await attemptsOf(database, endpoints.at(-1)!))
    await auditDeliveries(database)
    expect(await tooEarly(database)).toEqual([])
    expect(await tooMuchKept(database)).toEqual([])
    figure('receivers with faults', {
      kinds: endpoints.length,
      deliveries: events * endpoints.length,
      requests: receivers.reduce((sum, { received }) => sum + received.length, stranger.calls),
      'memory of the server at most MB': Math.round(megabytes),
    })
    if (full) expect(megabytes).toBeLessThan(300)
  })
})

/** Everything is settled, nothing was delivered that never arrived, and the unlucky are few. */
function expectMostly(name: string, { delivered = 0, failed = 0 }: Record<string, number>, events: number, reached: number) {
  expect({ name, settled: delivered + failed }).toEqual({ name, settled: events })
  expect(delivered, name).toBeLessThanOrEqual(reached)
  expect(delivered, name).toBeGreaterThan(events / 2)
}

function settled(states: Record<string, number>, events: number) {
  const { queued = 0, delivered = 0, failed = 0, held = 0 } = states
  return queued === 0 && delivered + failed + held === events
}

async function receiver({ does, is_slow }: Kind, slow_ones: number): Promise<Receiver> {
  const tries = new Map<string, number>()
  const receiver = await openReceiver((response, { headers }) => {
    const id = headers['webhook-id']!
    const nth = (tries.get(id) ?? 0) + 1
    tries.set(id, nth)
    response.on('error', () => {})
    if (is_slow && nth === 1 && tries.size > slow_ones) fine(response)
    else does(response, nth)
  })
  onTestFinished(receiver.close)
  return receiver
}

/** Has a certificate that nobody signed. */
async function strangerByTls() {
  const server = createServer({ cert: CERTIFICATE, key: PRIVATE_KEY }, () => expect.fail('It was sent something.'))
  const stranger = { url: '', calls: 0 }
  server.on('connection', () => stranger.calls++).on('tlsClientError', () => {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  stranger.url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  onTestFinished(() => void server.close())
  return stranger
}

function fine(response: ServerResponse) {
  response.writeHead(200).end('ok')
}

/** Raw, and then a reset. */
function say(response: ServerResponse, words: string) {
  const { socket } = response
  socket?.write(words, () => setTimeout(() => socket.resetAndDestroy(), 20))
}

function drip(response: ServerResponse, head: string) {
  const socket = response.socket!
  socket.on('error', () => {})
  socket.write(head)
  const dripping = setInterval(() => socket.write('x'), 1000)
  socket.on('close', () => clearInterval(dripping))
}

function flood(response: ServerResponse, headers: Record<string, string>, chunk: Buffer) {
  response.writeHead(200, headers)
  let left = 1e9
  const more = () => {
    while (left > 0 && !response.destroyed) {
      left -= chunk.length
      if (!response.write(chunk)) return
    }
    response.end()
  }
  response.on('drain', more)
  more()
}

async function attemptsOf({ system }: Database, endpoint_id: number) {
  const [row] = await system<[{ attempts: number }]>`
    select count(*)::int as attempts from delivery_attempts where endpoint_id = ${endpoint_id}`
  return row.attempts
}

/** Attempts that came sooner after the end of the one before than the schedule, or the receiver, allowed. */
async function tooEarly({ system }: Database) {
  const rows = await system`
    select *
      from (select delivery_id, number, at,
                   lag(at + make_interval(secs => ms / 1000.0)) over (partition by delivery_id order by number) as ended_at,
                   coalesce(nullif(lag(response_headers->>'retry-after') over (partition by delivery_id order by number), '')::float8, 0) as asked
              from delivery_attempts) a
     where number > 1 and at < ended_at + make_interval(secs => greatest((${DELAYS}::int[])[number - 1], asked)) - interval '2 ms'`
  return [...rows]
}

async function tooMuchKept({ system }: Database) {
  const rows = await system`
    select delivery_id, octet_length(response_body) as bytes, octet_length(response_headers::text) as headers
      from delivery_attempts
     where octet_length(response_body) > 16384 or octet_length(response_headers::text) > 16384`
  return [...rows]
}

/** The largest resident memory, as the server counts it itself. */
function watchMemory({ url }: House) {
  let most = 0
  const look = async () => {
    const text = await (await fetch(`${url}/metrics`)).text()
    most = Math.max(most, Number(/^process_resident_memory_bytes (\S+)/m.exec(text)![1]) / 1e6)
  }
  const watching = setInterval(() => void look().catch(() => {}), 500)
  return {
    async stop() {
      clearInterval(watching)
      await look()
      return most
    },
  }
}
