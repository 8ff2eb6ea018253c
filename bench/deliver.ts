import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { Pool } from 'undici'
import { readConfig } from '../server/config.ts'
import { secretFor } from '../server/secrets.ts'
import { newMessageId } from '../server/webhooks/message-id.ts'
import { MOST_IN_FLIGHT } from '../server/webhooks/origins.ts'
import { makeEndpoints, queue } from './support/deliveries.ts'
import { note, report } from './support/report.ts'
import { end, freePort, startServer, untilReady } from './support/server.ts'

// Deliveries that wait (as after a replay) to a receiver in a process of its own: read, signed, sent, answered, written down. Against
// bare undici that posts the same bodies to it with as many requests at a time. Then events at a moderate rate, from the answer that
// they are committed to their arrival.
const DELIVERIES = 20_000
const GROWTH = [100, 5_000]
const EVENTS_A_SECOND = 50
const SECONDS = 15

const server = await startServer({ WEBHOOK_ALLOWED_CIDRS: '127.0.0.0/8' })
const { database, workspace_id } = server
const port = await freePort()
const receiver = spawn(process.execPath, ['--import', 'tsx', 'bench/support/receiver.ts', String(port)], { stdio: 'inherit' })
const url = `http://127.0.0.1:${port}`
await untilReady(url, receiver)
const place = { workspace_id, url: `${url}/hook`, key: secretFor(readConfig({ THROUGHLINE_HOME: server.home }), 'webhooks') }
const [one] = await makeEndpoints(database, { ...place, event: 'demo_requested' }, 1)

note('warming up')
const bodies = (await deliverTo([one!], 5_000)).bodies
await post(bodies, 5_000)
const before = await post(bodies, DELIVERIES)
note(`bare undici ${Math.round(before)}/s`)
const ours = await deliverTo([one!], DELIVERIES)
note(`deliveries ${Math.round(ours.rate)}/s`)
const after = await post(bodies, DELIVERIES)
note(`bare undici ${Math.round(after)}/s`)
const growth: Record<string, number> = {}
for (const count of GROWTH) {
  const { rate } = await deliverTo(await makeEndpoints(database, { ...place, event: 'nothing' }, count), DELIVERIES)
  growth[`per_second_to_${count}_endpoints`] = rate
  note(`to ${count} endpoints ${Math.round(rate)}/s`)
}
const latency = await trickle()
await end(receiver)
await server.stop()

const reference = (before + after) / 2
report({
  name: 'deliver',
  value: ours.rate,
  unit: 'deliveries/s',
  reference: { what: `bare undici, ${MOST_IN_FLIGHT} at a time`, value: reference },
  ratio: ours.rate / reference,
  aim: 'at least 0.40; from commit to receipt p99 below 250 ms',
  met: ours.rate / reference >= 0.4 && latency.p99 < 250,
  ...growth,
  commit_to_receipt_p50_ms: latency.p50,
  commit_to_receipt_p99_ms: latency.p99,
  commit_to_receipt_slowest_ms: latency.slowest,
})

/**
 * Until the last one is written down. Whoever asks the database all the while slows down what it measures, so it is asked when all have arrived, and
 * for the numbers that are kept.
 */
async function deliverTo(endpoints: number[], count: number) {
  const arrived = (await arrivals()) + count
  const written = (await attemptsOf(endpoints)) + count
  const bodies = await queue(database, workspace_id, endpoints, count)
  const begun = performance.now()
  while ((await arrivals()) < arrived) await sleep(20)
  while ((await attemptsOf(endpoints)) < written) await sleep(5)
  return { bodies, rate: count / ((performance.now() - begun) / 1000) }
}

async function arrivals(): Promise<number> {
  const { count } = (await (await fetch(`${url}/count`)).json()) as { count: number }
  return count
}

async function attemptsOf(endpoints: number[]): Promise<number> {
  const [sum] = await database.system<{ attempts: number }[]>`
    select coalesce(sum(attempts), 0)::int as attempts
      from endpoint_hours
     where workspace_id = ${workspace_id} and endpoint_id = any(${endpoints}::int[])`
  return sum!.attempts
}

/** What bare undici does with as many requests at a time. */
async function post(bodies: string[], count: number): Promise<number> {
  const pool = new Pool(url, { connections: MOST_IN_FLIGHT, pipelining: 1 })
  const begun = performance.now()
  let sent = 0
  await Promise.all(
    Array.from({ length: MOST_IN_FLIGHT }, async () => {
      while (sent < count) {
        const headers = { 'content-type': 'application/json', 'webhook-id': newMessageId() }
        const answer = await pool.request({ path: '/hook', method: 'POST', headers, body: bodies[sent++ % bodies.length]! })
        await answer.body.dump()
      }
    }),
  )
  const rate = count / ((performance.now() - begun) / 1000)
  await pool.close()
  return rate
}

async function trickle() {
  const headers = { authorization: `Basic ${btoa(`${server.write_key}:`)}`, 'content-type': 'application/json' }
  const committed = new Map<string, number>()
  const sending: Promise<void>[] = []
  for (let n = 0, from = performance.now(); n < EVENTS_A_SECOND * SECONDS; n++) {
    await sleep(Math.max(0, from + (n * 1000) / EVENTS_A_SECOND - performance.now()))
    const body = JSON.stringify({
      type: 'track',
      event: 'demo_requested',
      messageId: `trickle-${n}`,
      anonymousId: `device-${n % 100}`,
    })
    const send = async () => {
      const answer = await fetch(`${server.url}/v1/track`, { method: 'POST', headers, body })
      if (!answer.ok) throw new Error(`an event was answered with ${answer.status}`)
      committed.set(`trickle-${n}`, Date.now())
    }
    sending.push(send())
  }
  await Promise.all(sending)
  const rows = () => database.system<{ id: string; name: string; waits: boolean }[]>`
    select m.id, m.payload::jsonb->'data'->>'message_id' as name, d.state = 'queued' as waits
      from webhook_messages m
      join deliveries d on d.workspace_id = m.workspace_id and d.message_id = m.id and d.endpoint_id = ${one!}
     where m.workspace_id = ${workspace_id} and m.payload like '%trickle-%'`
  let told = await rows()
  while (told.length < committed.size || told.some(({ waits }) => waits)) {
    await sleep(100)
    told = await rows()
  }
  const { seen } = (await (await fetch(`${url}/seen`)).json()) as { seen: Record<string, number> }
  const times = told.map(({ id, name }) => Math.max(0, seen[id]! - committed.get(name)!)).sort((a, b) => a - b)
  return { p50: times[times.length >> 1]!, p99: times[Math.floor(times.length * 0.99)]!, slowest: times.at(-1)! }
}
