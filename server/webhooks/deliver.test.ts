import { setTimeout as sleep } from 'node:timers/promises'
import { Webhook } from 'standardwebhooks'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Receiver, status } from '../../test/receiver.ts'
import { type Delivering, startDelivering, until } from './delivering.fixture.ts'
import { callWorkers } from './turns.ts'

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

describe('a delivery', () => {
  test('that waits is not sent once the contact denied the purpose of its endpoint, also to whom it was merged into', async () => {
    const { id } = await here.endpoint(receiver.url, { purpose: 'marketing' })
    const [shy, open, twin] = await Promise.all(
      ['shy', 'open', 'twin'].map(name => here.ask<{ id: number }>('POST', '/contacts', { email: `${name}@example.com` })),
    )
    const messages = await here.queue(id, 3)
    for (const [k, contact] of [shy!, open!, twin!].entries())
      await here.system`update webhook_messages set contact_id = ${contact.id} where id = ${messages[k]!}`
    await here.ask('POST', `/contacts/${shy!.id}/consents`, { purposes: { marketing: false } })
    await here.ask('POST', `/contacts/${shy!.id}/merge`, { other_id: twin!.id })
    here.worker()
    await until(async () => (await here.count(id)).queued === undefined)
    expect(await here.count(id)).toEqual({ delivered: 1, cancelled: 2 })
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([messages[1]])
    const withheld = (await here.deliveries(id)).filter(({ state }) => state === 'cancelled')
    expect(withheld.map(({ last_error }) => last_error)).toEqual(Array(2).fill('Nothing was sent: the contact denied marketing.'))
    await here.given_back(id)
    expect(await here.turn(id)).toMatchObject({ last_error: null, failing_since: null })
  })

  test('arrives once, signed, with what it is about, and stands in the log without secrets', async () => {
    const { id, secret } = await here.endpoint(receiver.url, { headers: [{ name: 'X-Api-Key', value: 'hunter2' }] })
    const [message_id] = await here.queue(id)
    here.worker()
    await here.all(id, 'delivered')
    await here.given_back(id)
    const [received, ...others] = receiver.received
    expect(others).toEqual([])
    expect(received!.headers).toMatchObject({
      'webhook-id': message_id,
      'content-type': 'application/json',
      'x-api-key': 'hunter2',
    })
    expect(received!.headers['user-agent']).toMatch(/^Throughline\/\d+\.\d+\.\d+$/)
    expect(new Webhook(secret).verify(received!.body, received!.headers)).toMatchObject({ event: 'registration', data: { n: 1 } })
    const ended = { attempt: 1, attempts: 1, last_status: 200, last_error: null, finished_at: expect.any(Date) }
    expect(await here.delivery(id)).toMatchObject(ended)
    const request_headers = { 'X-Api-Key': '(not shown)', 'webhook-id': message_id }
    expect(await here.attempts(id)).toMatchObject([{ number: 1, ok: true, status: 200, request_headers }])
    expect(JSON.stringify(await here.attempts(id))).not.toMatch(/hunter2|whsec/)
    expect(await here.turn(id)).toMatchObject({ due_at: null, failing_since: null, last_success_at: expect.any(Date) })
  })

  test('is made of the fields that the endpoint wants, and signed as it is sent', async () => {
    const { id, secret } = await here.endpoint(receiver.url, { field_map: { 'a.n': 'data.n', from: { constant: 'us' } } })
    await here.queue(id)
    here.worker()
    await here.all(id, 'delivered')
    const [{ body, headers }] = receiver.received as [Receiver['received'][number]]
    expect(new Webhook(secret).verify(body, headers)).toEqual({ a: { n: 1 }, from: 'us' })
  })

  test('is signed by the old secret too until that runs out, also while its turn lasts', async () => {
    const { id, secret: old } = await here.endpoint(receiver.url)
    const { secret: young } = await here.ask<{ secret: string }>('POST', `/endpoints/${id}/secrets`, { overlap_hours: 1 })
    const verifies = async (secret: string) => {
      receiver.received.length = 0
      await here.queue(id)
      await until(() => receiver.received.length === 1)
      const [{ body, headers }] = receiver.received as [Receiver['received'][number]]
      try {
        return Boolean(new Webhook(secret).verify(body, headers))
      } catch {
        return false
      }
    }
    here.worker()
    expect([await verifies(old), await verifies(young)]).toEqual([true, true])
    const [{ until: end }] = (await here.system`
      update endpoint_secrets set expires_at = now() + interval '1 second'
       where endpoint_id = ${id} and expires_at is not null returning expires_at as until`) as unknown as [{ until: Date }]
    await callWorkers(here.system, [{ workspace_id: here.workspace_id, endpoint_id: id }])
    // Kept busy, so the turn is not given back and taken again meanwhile.
    while (Date.now() <= end.getTime()) expect(await verifies(young)).toBe(true)
    expect([await verifies(old), await verifies(young)]).toEqual([false, true])
  })

  test('that a transaction brought late is found, though later ones were read before and more come all the time', async () => {
    const { id } = await here.endpoint(receiver.url)
    here.worker()
    await here.system.begin(async sql => {
      await sql`
        insert into webhook_messages (workspace_id, id, origin, event, payload, occurred_at)
        values (${here.workspace_id}, 'msg_late', 'event late', 'registration', '{}', now())`
      await sql`
        insert into deliveries (workspace_id, endpoint_id, message_id, state)
        values (${here.workspace_id}, ${id}, 'msg_late', 'queued')`
      await here.queue(id)
      await until(() => receiver.received.length === 1)
    })
    // So the turn does not end, after which everything would be read anew.
    await until(async () => {
      await here.queue(id)
      await sleep(50)
      return receiver.ids().includes('msg_late')
    })
  })

  test('that cannot be signed, because SECRET_KEY is another one, says so in the log', async () => {
    const { id } = await here.endpoint(receiver.url, custom())
    await here.queue(id)
    here.worker({ config: { ...here.fresh.context.config, secret_key: 'another key than it was before' } })
    await here.all(id, 'failed')
    expect(receiver.received).toEqual([])
    expect((await here.delivery(id)).last_error).toMatch(/SECRET_KEY is another one/)
  })

  test('whose body is gone fails, and does not keep the worker busy', async () => {
    const { id } = await here.endpoint(receiver.url, custom())
    const [lost, kept] = await here.queue(id, 2)
    await here.system`delete from webhook_messages where id = ${lost!}`
    here.worker()
    await here.given_back(id)
    await until(() => receiver.received.length === 1)
    expect(receiver.ids()).toEqual([kept])
    await until(async () => (await here.count(id)).failed === 1)
    expect((await here.deliveries(id))[0]!.last_error).toMatch(/not stored any more/)
  })
})

describe('an attempt that fails', () => {
  test('is repeated by the schedule, never earlier, with the same id, and given up at its end', async () => {
    receiver.answer = status(500, {}, 'broken')
    const { id } = await here.endpoint(receiver.url, custom(1, 2))
    const [message_id] = await here.queue(id)
    here.worker()
    await here.all(id, 'failed')
    expect(receiver.ids()).toEqual([message_id, message_id, message_id])
    const [first, second, third] = receiver.received.map(({ at }) => at) as [number, number, number]
    expect(second - first).toBeGreaterThanOrEqual(1000)
    expect(third - second).toBeGreaterThanOrEqual(2000)
    expect(await here.delivery(id)).toMatchObject({ attempt: 3, attempts: 3, last_status: 500, last_error: 'It answered 500.' })
    const attempts = await here.attempts(id)
    expect(attempts.map(({ number }) => number)).toEqual([1, 2, 3])
    expect(attempts[0]).toMatchObject({ ok: false, status: 500, response_body: 'broken', error: 'It answered 500.' })
    await here.given_back(id)
    expect(await here.turn(id)).toMatchObject({ due_at: null, last_error: 'It answered 500.', failing_since: expect.any(Date) })
    const [hour] = await here.system`select attempts, successes, given_up from endpoint_hours where endpoint_id = ${id}`
    expect(hour).toEqual({ attempts: 3, successes: 0, given_up: 1 })
  })

  test('is forgotten with the next success', async () => {
    receiver.answer = status(503)
    const { id } = await here.endpoint(receiver.url, custom())
    await here.queue(id)
    here.worker()
    await here.all(id, 'failed')
    expect((await here.turn(id)).failing_since).not.toBeNull()
    receiver.answer = status(204)
    await here.ask('POST', `/endpoints/${id}/replays`, { since: new Date(Date.now() - 60_000).toISOString() })
    await here.all(id, 'delivered')
    expect((await here.turn(id)).failing_since).toBeNull()
    expect(await here.delivery(id)).toMatchObject({ attempt: 1, attempts: 2 })
  })

  test('waits as long as Retry-After says, in seconds or as a date', async () => {
    const { id } = await here.endpoint(receiver.url, custom(1, 1))
    let waits = ['3', '']
    receiver.answer = (response, { at }) => {
      const [wait] = waits
      waits = waits.slice(1)
      if (wait === undefined) response.writeHead(200).end()
      else response.writeHead(429, { 'retry-after': wait || new Date(at + 4000).toUTCString() }).end()
    }
    await here.queue(id)
    here.worker()
    await here.all(id, 'delivered')
    const [first, second, third] = receiver.received.map(({ at }) => at) as [number, number, number]
    expect(second - first).toBeGreaterThanOrEqual(3000)
    expect(third).toBeGreaterThanOrEqual(Math.floor((second + 4000) / 1000) * 1000)
  })

  test('that is told to wait by Retry-After holds back the others of its endpoint, too, and costs them no attempt', async () => {
    const { id } = await here.endpoint(receiver.url, custom(1))
    let told = false
    receiver.answer = response => {
      if (told) return response.writeHead(200).end()
      told = true
      response.writeHead(503, { 'retry-after': '3' }).end()
    }
    await here.queue(id, 1)
    here.worker()
    await until(async () => (await here.attempts(id)).length === 1)
    await here.queue(id, 5)
    await here.all(id, 'delivered')
    const [first, ...rest] = receiver.received.map(({ at }) => at)
    expect(Math.min(...rest) - first!).toBeGreaterThanOrEqual(3000)
    expect((await here.deliveries(id)).map(({ attempts }) => attempts)).toEqual([2, 1, 1, 1, 1, 1])
  })

  test('is one that leads elsewhere, which is not followed', async () => {
    const elsewhere = await here.receiver()
    receiver.answer = status(301, { location: elsewhere.url })
    const { id } = await here.endpoint(receiver.url, custom())
    await here.queue(id)
    here.worker()
    await here.all(id, 'failed')
    expect((await here.delivery(id)).last_error).toBe(
      `It answered 301, which leads to ${elsewhere.url}. That is not followed: give the endpoint its final address.`,
    )
    expect(elsewhere.received).toEqual([])
  })

  test('is one that reaches nobody', async () => {
    await receiver.close()
    const { id } = await here.endpoint(receiver.url, custom())
    await here.queue(id)
    here.worker()
    await here.all(id, 'failed')
    const [attempt] = await here.attempts(id)
    expect(attempt).toMatchObject({ ok: false, status: null, response_headers: null, response_body: null })
    expect(attempt!.error).toMatch(/refused/)
  })

  test('keeps of the answer what the database can store', async () => {
    receiver.answer = status(400, { 'x-odd': 'caf\u00e9' }, 'zero: \0, half a letter: \ud83d')
    const { id } = await here.endpoint(receiver.url, custom())
    await here.queue(id)
    here.worker()
    await here.all(id, 'failed')
    expect((await here.attempts(id))[0]!.response_body).toBe('zero: \ufffd, half a letter: \ufffd')
  })
})

describe('an endpoint that is paused', () => {
  const activate = (id: number, held: 'send' | 'cancel') => here.ask('POST', `/endpoints/${id}/activation`, { held })
  const pause = (id: number) => here.ask('DELETE', `/endpoints/${id}/activation`)

  test('is sent nothing, and what was held once it is active', async () => {
    const { id } = await here.endpoint(receiver.url)
    await pause(id)
    await here.queue(id, 3)
    here.worker()
    await here.all(id, 'held')
    await here.given_back(id)
    expect(receiver.received).toEqual([])
    await activate(id, 'send')
    await here.all(id, 'delivered')
    expect(receiver.received).toHaveLength(3)
  })

  test('in the middle of its work ends what is under way, holds the rest, and sends nothing twice', async () => {
    receiver.answer = response => void setTimeout(() => response.end(), 100)
    const { id } = await here.endpoint(receiver.url)
    await here.queue(id, 400)
    here.worker()
    await until(() => receiver.received.length > 40)
    await pause(id)
    await here.given_back(id)
    const sent = receiver.received.length
    expect(sent).toBeLessThan(400)
    expect(await here.count(id)).toEqual({ delivered: sent, held: 400 - sent })
    await activate(id, 'send')
    await here.all(id, 'delivered')
    expect(new Set(receiver.ids()).size).toBe(400)
    expect(receiver.received).toHaveLength(400)
  })

  test('drops what was held when its owner says so', async () => {
    const { id } = await here.endpoint(receiver.url)
    await pause(id)
    await here.queue(id, 3)
    here.worker()
    await here.all(id, 'held')
    await activate(id, 'cancel')
    await here.all(id, 'cancelled')
    await here.queue(id)
    await until(() => receiver.received.length === 1)
  })

  test('and deleted cancels what is queued', async () => {
    receiver.answer = response => void setTimeout(() => response.writeHead(500).end(), 300)
    const { id } = await here.endpoint(receiver.url)
    await here.queue(id, 50)
    here.worker()
    await until(() => receiver.received.length > 0)
    await here.ask('DELETE', `/endpoints/${id}`)
    await here.all(id, 'cancelled')
    // As a teller would that read the endpoint just before.
    await here.queue(id, 5)
    await here.all(id, 'cancelled')
  })
})

test('the settings of an endpoint take effect while its turn lasts', async () => {
  const elsewhere = await here.receiver()
  const { id } = await here.endpoint(receiver.url)
  here.worker()
  await here.queue(id)
  await until(() => receiver.received.length === 1)
  await here.ask('PATCH', `/endpoints/${id}`, { url: elsewhere.url })
  await until(async () => {
    await here.queue(id)
    return elsewhere.received.length > 0
  })
})
