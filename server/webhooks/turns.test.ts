import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { layCable } from '../../test/cable.ts'
import { hang, type Receiver, status } from '../../test/receiver.ts'
import { seeded } from '../../test/seeded.ts'
import { type Delivering, startDelivering, until } from './delivering.fixture.ts'
import { claimTurns, LEASE_MS, RENEW_MS } from './lease.ts'
import { MOST_IN_FLIGHT } from './origins.ts'
import { ATTEMPT_MS, notSent } from './send.ts'
import { type Made, settle } from './settle.ts'

let here: Delivering
let receiver: Receiver
beforeAll(async () => {
  here = await startDelivering()
})
beforeEach(async () => {
  await here.begin()
  receiver = await here.receiver()
})
afterEach(() => here.end())

const custom = (...attempt_delays: number[]) => ({ attempt_schedule: 'custom', attempt_delays }) as const
/** What a process leaves that died, or that lives on elsewhere. */
const leaseTo = (endpoint_id: number, token: string, seconds: number) =>
  here.system`
    update endpoint_turns set lease_token = ${token}, lease_until = now() + make_interval(secs => ${seconds})
     where endpoint_id = ${endpoint_id}`

describe('a turn', () => {
  test('that another process has is not taken, until its lease has run out', async () => {
    const { id } = await here.endpoint(receiver.url)
    const from = Date.now()
    await leaseTo(id, randomUUID(), 2)
    await here.queue(id)
    here.worker()
    await here.all(id, 'delivered')
    expect(receiver.received[0]!.at - from).toBeGreaterThanOrEqual(1_990)
  })

  test('that was lost meanwhile keeps its attempt in the log and changes no delivery', async () => {
    const { id } = await here.endpoint(receiver.url)
    await here.queue(id)
    let release = () => {}
    receiver.answer = response => {
      release = () => response.end()
    }
    here.worker()
    await until(() => receiver.received.length === 1)
    const other = randomUUID()
    await leaseTo(id, other, 60)
    release()
    await until(async () => (await here.attempts(id)).length === 1)
    expect(await here.attempts(id)).toMatchObject([{ ok: true, status: 200, number: 1 }])
    expect(await here.delivery(id)).toMatchObject({ state: 'queued', attempt: 0, attempts: 0 })
    expect(await here.turn(id)).toMatchObject({ lease_token: other, last_success_at: null })
    // Whoever comes next sends it again under the same id.
    receiver.answer = status(200)
    await leaseTo(id, other, -1)
    await here.all(id, 'delivered')
    expect(new Set(receiver.ids()).size).toBe(1)
    expect(receiver.received).toHaveLength(2)
  })

  test('completes no delivery that somebody else has tried meanwhile', async () => {
    const { id, url } = await here.endpoint(receiver.url)
    await here.queue(id)
    const { id: delivery_id } = await here.delivery(id)
    const token = randomUUID()
    await leaseTo(id, token, 60)
    const made: Made = {
      ...{ workspace_id: here.workspace_id, endpoint_id: id, delivery_id, token, number: 1 },
      ...{ attempt: notSent(`nobody at ${url}`), state: 'queued', run_in_ms: 1000, counts: true },
    }
    await here.system.begin(sql => settle(sql, [made]))
    const delivered = { ...made, attempt: { ...made.attempt, ok: true, verdict: 'delivered' }, state: 'delivered' } as const
    await here.system.begin(sql => settle(sql, [delivered]))
    expect(await here.delivery(id)).toMatchObject({ state: 'queued', attempt: 1, attempts: 1 })
    await here.system.begin(sql => settle(sql, [{ ...delivered, number: 2 }]))
    expect(await here.delivery(id)).toMatchObject({ state: 'delivered', attempt: 2, attempts: 2 })
    expect(await here.attempts(id)).toHaveLength(3)
  })

  test('keeps of each attempt what was answered, however many are written at once and however many are alike', async () => {
    const { id: endpoint_id } = await here.endpoint(receiver.url)
    const token = randomUUID()
    await leaseTo(endpoint_id, token, 60)
    for (let n = 0; n < 6; n++) await here.queue(endpoint_id)
    const answers = [
      { status: 200, response_headers: { server: 'a' }, response_body: 'fine', error: null },
      { status: 200, response_headers: { server: 'a' }, response_body: 'fine', error: null },
      { status: 500, response_headers: { server: 'a' }, response_body: '"quoted", {braced} and é', error: 'It answered 500.' },
      { status: null, response_headers: null, response_body: null, error: 'Nobody was there.' },
      { status: 200, response_headers: {}, response_body: '', error: null },
      { status: 200, response_headers: { server: 'b' }, response_body: 'fine', error: null },
    ]
    const made = (await here.deliveries(endpoint_id)).map(({ id: delivery_id }, n) => {
      const attempt = { ...notSent(''), ...answers[n]!, ok: answers[n]!.error === null, truncated: n === 2, ms: n }
      const ended = { token, number: 1, state: attempt.ok ? 'delivered' : 'failed', run_in_ms: null, counts: true } as const
      return { workspace_id: here.workspace_id, endpoint_id, delivery_id: delivery_id as number, attempt, ...ended }
    })
    await here.system.begin(sql => settle(sql, made))
    const attempts = await here.attempts(endpoint_id)
    expect(made.map(one => attempts.find(({ delivery_id }) => delivery_id === one.delivery_id))).toMatchObject(
      answers.map((answer, n) => ({ ...answer, ok: answer.error === null, truncated: n === 2, ms: n })),
    )
    expect((await here.deliveries(endpoint_id)).map(({ last_status }) => last_status)).toEqual(
      answers.map(({ status }) => status),
    )
    const [none] =
      await here.system`select count(*)::int as count from delivery_attempts where endpoint_id = ${endpoint_id} and response_headers is null`
    expect(none).toEqual({ count: 1 })
  })

  test('says how its endpoint fares by the times of the attempts, in whatever order their groups are written', async () => {
    const { id } = await here.endpoint(receiver.url)
    const token = randomUUID()
    await leaseTo(id, token, 60)
    const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 12, 0, second))
    const made = async (second: number, error: string | null) => {
      await here.queue(id)
      const attempt = { ...notSent(error ?? ''), error, ok: error === null, at: at(second).getTime() }
      const { id: delivery_id } = (await here.deliveries(id)).find(({ state }) => state === 'queued')!
      const ended = { delivery_id, token, number: 1, state: error === null ? 'delivered' : 'failed', run_in_ms: null } as const
      await here.system.begin(sql =>
        settle(sql, [{ workspace_id: here.workspace_id, endpoint_id: id, ...ended, attempt, counts: true }]),
      )
      return here.turn(id)
    }
    expect(await made(30, 'late')).toMatchObject({ failing_since: at(30), last_error: 'late' })
    expect(await made(20, null)).toMatchObject({ failing_since: at(30), last_success_at: at(20), last_error: 'late' })
    expect(await made(40, null)).toMatchObject({ failing_since: null, last_success_at: at(40) })
    expect(await made(35, 'earlier')).toMatchObject({ failing_since: null, last_error: 'earlier', last_error_at: at(35) })
    expect(await made(10, 'long ago')).toMatchObject({ failing_since: null, last_error: 'earlier', last_error_at: at(35) })
    expect(await made(50, 'now')).toMatchObject({ failing_since: at(50), last_error: 'now' })
  })

  test('outlasts the requests that are begun in it, and is renewed in time', () => {
    expect(LEASE_MS - RENEW_MS).toBeGreaterThan(ATTEMPT_MS)
  })

  test('is worked at by one process at a time, which sends every delivery once', async () => {
    const chance = seeded(20)
    receiver.answer = response => void setTimeout(() => response.end(), chance.below(20))
    const { id } = await here.endpoint(receiver.url)
    for (let n = 0; n < 3; n++) here.worker()
    for (let n = 0; n < 20; n++) {
      await here.queue(id, 40)
      await sleep(n * 10)
    }
    await here.all(id, 'delivered')
    expect(receiver.received).toHaveLength(800)
    expect(new Set(receiver.ids()).size).toBe(800)
  })

  test('is given back when the server stops, and another process goes on at once', async () => {
    receiver.answer = hang
    const { id } = await here.endpoint(receiver.url)
    await here.queue(id, 10)
    const stopping = here.worker()
    await until(() => receiver.received.length > 0)
    await stopping.stop(200)
    await receiver.left()
    const turn = await here.turn(id)
    expect(turn).toMatchObject({ lease_token: null, lease_until: null, due_at: expect.any(Date) })
    // It began to be sent, so it stands in the log; but it was not the receiver that failed.
    const begun = receiver.received.length
    const attempts = await here.attempts(id)
    expect(attempts).toHaveLength(begun)
    expect(attempts[0]).toMatchObject({ ok: false, status: null, error: expect.stringMatching(/stopped/) })
    const deliveries = await here.deliveries(id)
    expect(deliveries.filter(({ attempts }) => attempts === 1)).toHaveLength(begun)
    for (const delivery of deliveries) expect(delivery).toMatchObject({ state: 'queued', attempt: 0 })
    receiver.answer = status(200)
    here.worker()
    await here.all(id, 'delivered')
  })

  test('ends what is under way before the server stops', async () => {
    receiver.answer = response => void setTimeout(() => response.end(), 700)
    const { id } = await here.endpoint(receiver.url)
    await here.queue(id, 10)
    const stopping = here.worker()
    await until(() => receiver.received.length > 0)
    await stopping.stop()
    const begun = receiver.received.length
    expect(begun).toBeLessThan(10)
    expect(await here.count(id)).toEqual({ delivered: begun, queued: 10 - begun })
    expect(await here.turn(id)).toMatchObject({ lease_token: null, due_at: expect.any(Date) })
  })

  test('goes on after the database was away, with what was answered meanwhile', async () => {
    const cable = await layCable(here.fresh.database.url)
    let release = () => {}
    receiver.answer = response => {
      release = () => response.end()
    }
    const { id } = await here.endpoint(receiver.url)
    await here.queue(id)
    const complaints: object[] = []
    here.worker({ database: { ...here.fresh.database, url: cable.url }, complain: details => void complaints.push(details) })
    await until(() => receiver.received.length === 1)
    cable.cut()
    release()
    receiver.answer = status(200)
    await sleep(1_500)
    await here.queue(id, 5)
    expect((await here.deliveries(id))[0]).toMatchObject({ state: 'queued' })
    cable.mend()
    await here.all(id, 'delivered')
    expect(receiver.received).toHaveLength(6)
    expect(new Set(receiver.ids()).size).toBe(6)
    expect(complaints.length).toBeGreaterThan(0)
    await here.end()
    await cable.stop()
  })
})

describe('an endpoint that hangs', () => {
  test('keeps no other waiting, and is not asked more than one thing at a time', async () => {
    const hanging = await here.receiver(hang)
    const { id: slow } = await here.endpoint(hanging.url, custom(60))
    const others = await Promise.all(Array.from({ length: 20 }, () => here.endpoint(receiver.url)))
    await here.queue(slow, 2_000)
    here.worker()
    await until(() => hanging.received.length > 0)
    for (const { id } of others) await here.queue(id, 5)
    for (const { id } of others) await here.all(id, 'delivered')
    // Of two thousand hardly one had come back by then, however long a busy machine took for the others.
    const { length: given_up } = await here.attempts(slow)
    expect(given_up).toBeLessThan(20)
    expect(hanging.received.length - given_up).toBeLessThanOrEqual(2)
    // Both run into their time, and from then on it is one.
    await until(() => hanging.received.length >= 3)
    const { length: asked } = hanging.received
    await sleep(300)
    expect(hanging.received.length - asked).toBeLessThanOrEqual(1)
    expect((await here.attempts(slow))[0]!.error).toMatch(/10 s/)
  })

  test('after it was well keeps no other at the same server waiting, nor lets it run out of time there', async () => {
    const is_slow = ({ path }: { path: string }) => path === '/slow'
    const { id: slow } = await here.endpoint(`${receiver.url}/slow`, custom(60))
    here.worker()
    await here.queue(slow, 200)
    await here.all(slow, 'delivered')
    receiver.answer = (response, received) => (is_slow(received) ? hang(response, received) : status(200)(response, received))
    await here.queue(slow, 100)
    await until(() => receiver.received.length > 200)
    const others = await Promise.all(Array.from({ length: 10 }, (_, n) => here.endpoint(`${receiver.url}/${n}`, custom())))
    for (const { id } of others) await here.queue(id, 5)
    for (const { id } of others) await here.all(id, 'delivered')
    // Hardly one had run into its time by then, however long a busy machine took.
    const { length: ended } = await here.attempts(slow)
    expect(ended - 200).toBeLessThan(10)
    expect(receiver.received.filter(is_slow).length - ended).toBeLessThanOrEqual(MOST_IN_FLIGHT)
  })

  test('has its places taken only after those that are well', async () => {
    await here.system`update endpoint_turns set due_at = null where workspace_id <> ${here.workspace_id}`
    const make = async (last_error_at: Date | null) => {
      const { id } = await here.endpoint(receiver.url)
      await here.queue(id)
      await here.system`update endpoint_turns set last_error_at = ${last_error_at} where endpoint_id = ${id}`
      return id
    }
    const unwell = [await make(new Date()), await make(new Date())]
    const well = await make(null)
    const claim = (limit: number, unwell_limit: number) =>
      here.system.begin(async sql => {
        const claimed = await claimTurns(sql as unknown as typeof here.system, {
          token: randomUUID(),
          held: [],
          limit,
          unwell_limit,
        })
        await sql`update endpoint_turns set lease_token = null, lease_until = null where workspace_id = ${here.workspace_id}`
        return claimed.map(({ endpoint_id }) => endpoint_id)
      })
    expect(await claim(1, 1)).toEqual([well])
    expect((await claim(10, 1)).toSorted()).toEqual([unwell[0], well].toSorted())
    expect((await claim(10, 0)).toSorted()).toEqual([well])
    expect((await claim(10, 10)).toSorted()).toEqual([...unwell, well].toSorted())
  })
})

describe('a rate limit', () => {
  /** Milliseconds between the beginnings of requests that are so many apart. */
  const gaps = async (id: number, apart: number) => {
    const times = (await here.attempts(id)).map(({ at }) => at.getTime()).sort((a, b) => a - b)
    return times.slice(apart).map((time, k) => time - times[k]!)
  }

  test('lets so many through in any time, and one second of them at once', async () => {
    const { id } = await here.endpoint(receiver.url, { rate_limit: 600 })
    await here.queue(id, 35)
    here.worker()
    await here.all(id, 'delivered')
    // Ten at once and then one each 100 ms. Two clocks, so a few milliseconds.
    for (const gap of await gaps(id, 10)) expect(gap).toBeGreaterThanOrEqual(100 - 5)
    for (const gap of await gaps(id, 20)) expect(gap).toBeGreaterThanOrEqual(1_100 - 5)
  })

  test('holds over turns that are given back in between, by whichever process', async () => {
    const { id } = await here.endpoint(receiver.url, { rate_limit: 24 })
    await here.queue(id, 3)
    here.worker()
    here.worker()
    await here.given_back(id)
    await here.all(id, 'delivered')
    for (const gap of await gaps(id, 1)) expect(gap).toBeGreaterThanOrEqual(2_500 - 5)
  })

  test('lets no second burst through after a process that died', async () => {
    const { id } = await here.endpoint(receiver.url, { rate_limit: 60 })
    await leaseTo(id, randomUUID(), -1)
    await here.queue(id)
    const from = Date.now()
    here.worker()
    await here.all(id, 'delivered')
    expect(receiver.received[0]!.at - from).toBeGreaterThanOrEqual(1_000)
  })
})
