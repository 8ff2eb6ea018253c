import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Activity } from '../../shared/events.ts'
import type { Delivery, EndpointCreated } from '../../shared/webhooks.ts'
import { type FreshApp, freshApp, type Tenant } from '../../test/app.ts'
import { type Logged, log } from '../../test/deliveries.ts'
import { bearer } from '../../test/people.ts'
import { type Receiver, status } from '../../test/receiver.ts'
import { signedIn } from '../../test/session.ts'
import { type Delivering, startDelivering, until } from './delivering.fixture.ts'

let fresh: FreshApp
let other: Tenant
beforeAll(async () => {
  fresh = await freshApp()
  other = await fresh.another()
})

const ask = (url: string, method = 'GET', payload?: object, headers: Record<string, string> = bearer(fresh.secret_key)) =>
  fresh.app.inject({ method: method as 'GET', url: `/api/v1${url}`, headers, ...(payload && { payload }) })
const make = async (tenant: Tenant = fresh) => {
  const given = { url: 'https://bread.example/', events: ['*'] }
  return (await ask('/endpoints', 'POST', given, bearer(tenant.secret_key))).json<EndpointCreated>().id
}
const pause = (id: number) => ask(`/endpoints/${id}/activation`, 'DELETE')
const logged = (endpoint_id: number, all: Omit<Logged, 'endpoint_id'>[]) =>
  log(
    fresh,
    fresh,
    all.map(one => ({ endpoint_id, ...one })),
  )
const read = async (id: number) => (await ask(`/deliveries/${id}`)).json<Delivery>()
const states = async (ids: number[]) => Promise.all(ids.map(async id => (await read(id)).state))
const dueOf = async (endpoint_id: number) => {
  const [row] = await fresh.database.system<{ is_due: boolean | null }[]>`
    select due_at <= now() as is_due from endpoint_turns where workspace_id = ${fresh.workspace_id} and endpoint_id = ${endpoint_id}`
  return row!.is_due
}
const replays = async () => (await ask('/activities?action=delivery.replayed')).json<{ data: Activity[] }>().data
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()

describe('one', () => {
  test('begins a new round at once, with the same webhook-id and all its attempts', async () => {
    const endpoint_id = await make()
    const [id] = await logged(endpoint_id, [{ state: 'failed', ago: 60 }])
    const before = await read(id!)
    const response = await ask(`/deliveries/${id}/replays`, 'POST')
    expect([response.statusCode, response.json()]).toEqual([200, { deliveries: 1 }])
    const after = await read(id!)
    expect(after).toMatchObject({ state: 'queued', message_id: before.message_id, attempts: 3, finished_at: null })
    expect(Math.abs(Date.parse(after.run_at!) - Date.now())).toBeLessThan(60_000)
    const [row] = await fresh.database.system`
      select attempt from deliveries where workspace_id = ${fresh.workspace_id} and id = ${id!}`
    expect(row).toEqual({ attempt: 0 })
    expect(await dueOf(endpoint_id)).toBe(true)
    const key = { kind: 'key' }
    expect((await replays())[0]).toMatchObject({ actor: key, subject_id: String(endpoint_id), after: { deliveries: 1 } })
  })

  test('also what was delivered or cancelled; what waits already is left alone and makes no activity', async () => {
    const endpoint_id = await make()
    const [delivered, cancelled, queued] = await logged(endpoint_id, [
      { state: 'delivered' },
      { state: 'cancelled' },
      { state: 'queued' },
    ])
    for (const id of [delivered, cancelled])
      expect((await ask(`/deliveries/${id}/replays`, 'POST')).json()).toEqual({ deliveries: 1 })
    const before = (await replays()).length
    expect((await ask(`/deliveries/${queued}/replays`, 'POST')).json()).toEqual({ deliveries: 0 })
    expect(await replays()).toHaveLength(before)
  })

  test('is refused with a sentence while its endpoint is paused, and when it was deleted', async () => {
    const endpoint_id = await make()
    const [id] = await logged(endpoint_id, [{ state: 'failed' }])
    await pause(endpoint_id)
    const paused = await ask(`/deliveries/${id}/replays`, 'POST')
    expect([paused.statusCode, paused.json().error.code]).toEqual([409, 'endpoint_paused'])
    expect(paused.json().error.message).toContain('Activate it first')
    await ask(`/endpoints/${endpoint_id}`, 'DELETE')
    const deleted = await ask(`/deliveries/${id}/replays`, 'POST')
    expect([deleted.statusCode, deleted.json().error.code]).toEqual([409, 'endpoint_deleted'])
    expect((await read(id!)).state).toBe('failed')
  })
})

describe('a selection', () => {
  test('of several endpoints is sent again, each with an activity of its own', async () => {
    const [one, two] = [await make(), await make()]
    const ids = [
      ...(await logged(one, [{ state: 'failed' }, { state: 'delivered' }])),
      ...(await logged(two, [{ state: 'failed' }])),
    ]
    expect((await ask('/deliveries/replays', 'POST', { ids })).json()).toEqual({ deliveries: 3 })
    expect(await states(ids)).toEqual(['queued', 'queued', 'queued'])
    expect((await replays()).slice(0, 2).map(({ subject_id, after }) => [subject_id, after!.deliveries])).toEqual([
      [String(two), 1],
      [String(one), 2],
    ])
    expect([await dueOf(one), await dueOf(two)]).toEqual([true, true])
  })

  test('with one that is not known, another tenant has, or whose endpoint is paused, is sent not at all', async () => {
    const [mine, idle, theirs] = [await make(), await make(), await make(other)]
    const [known] = await logged(mine, [{ state: 'failed' }])
    const [held] = await logged(idle, [{ state: 'failed' }])
    const [foreign] = await log(fresh, other, [{ endpoint_id: theirs, state: 'failed' }])
    await pause(idle)
    const unknown = await ask('/deliveries/replays', 'POST', { ids: [known, 987_654_321, foreign] })
    expect([unknown.statusCode, unknown.json().error]).toEqual([
      404,
      expect.objectContaining({ code: 'not_found', fields: { ids: `are not known here: 987654321, ${foreign}` } }),
    ])
    const paused = await ask('/deliveries/replays', 'POST', { ids: [known, held] })
    expect([paused.statusCode, paused.json().error.code]).toEqual([409, 'endpoint_paused'])
    expect(await states([known!, held!])).toEqual(['failed', 'failed'])
  })

  test('is sent once for an Idempotency-Key', async () => {
    const endpoint_id = await make()
    const ids = await logged(endpoint_id, [{ state: 'failed' }])
    const headers = { ...bearer(fresh.secret_key), 'idempotency-key': randomUUID() }
    await ask('/deliveries/replays', 'POST', { ids }, headers)
    await fresh.database
      .system`update deliveries set state = 'failed' where workspace_id = ${fresh.workspace_id} and id = ${ids[0]!}`
    expect((await ask('/deliveries/replays', 'POST', { ids }, headers)).json()).toEqual({ deliveries: 1 })
    expect(await states(ids)).toEqual(['failed'])
  })
})

describe('everything since', () => {
  const ended = [
    { state: 'failed', ago: 30 },
    { state: 'failed', ago: 20 },
    { state: 'failed', ago: 10, is_test: true },
    { state: 'delivered', ago: 10 },
    { state: 'cancelled', ago: 10 },
    { state: 'held' },
    { state: 'failed', ago: 5 },
  ] as const

  test.each<[string, () => object, number[]]>([
    ['a time: what failed then or later, but no tests', () => ({ since: ago(25) }), [1, 6]],
    ['a time until another', () => ({ since: ago(40), until: ago(15) }), [0, 1]],
    ['also what was delivered', () => ({ since: ago(25), states: ['delivered', 'failed'] }), [1, 3, 6]],
    ['only what was cancelled', () => ({ since: ago(25), states: ['cancelled'] }), [4]],
    ['nothing', () => ({ since: ago(1) }), []],
  ])('%s', async (_, given, expected) => {
    const endpoint_id = await make()
    const ids = await logged(endpoint_id, [...ended])
    const payload = given()
    const url = `/endpoints/${endpoint_id}/replays`
    expect((await ask(url, 'POST', { ...payload, dry_run: true })).json()).toEqual({ deliveries: expected.length })
    expect(await states(ids)).toEqual(ended.map(({ state }) => state))
    expect((await ask(url, 'POST', payload)).json()).toEqual({ deliveries: expected.length })
    expect(await states(ids)).toEqual(ended.map(({ state }, k) => (expected.includes(k) ? 'queued' : state)))
    expect(await dueOf(endpoint_id)).toBe(expected.length > 0 ? true : null)
    expect((await ask(url, 'POST', payload)).json()).toEqual({ deliveries: 0 })
  })

  test('leaves other endpoints alone, and says in an activity how many and since when', async () => {
    const [one, two] = [await make(), await make()]
    const ids = [...(await logged(one, [{ state: 'failed' }])), ...(await logged(two, [{ state: 'failed' }]))]
    const since = ago(1)
    await ask(`/endpoints/${one}/replays`, 'POST', { since })
    expect(await states(ids)).toEqual(['queued', 'failed'])
    expect((await replays())[0]).toMatchObject({
      subject_id: String(one),
      after: { deliveries: 1, since, until: null, states: ['failed'] },
    })
  })

  test('is counted but not sent while the endpoint is paused', async () => {
    const endpoint_id = await make()
    await logged(endpoint_id, [{ state: 'failed' }])
    await pause(endpoint_id)
    const url = `/endpoints/${endpoint_id}/replays`
    expect((await ask(url, 'POST', { since: ago(1), dry_run: true })).json()).toEqual({ deliveries: 1 })
    expect((await ask(url, 'POST', { since: ago(1) })).json().error.code).toBe('endpoint_paused')
  })

  test('asks for a narrower time when there are more than a hundred thousand', async () => {
    const endpoint_id = await make()
    await fresh.database.system`
      with made as (
        insert into webhook_messages (workspace_id, id, origin, event, payload, occurred_at)
        select ${fresh.workspace_id}, 'msg_many' || k, 'many ' || k, 'x', '{}', now() from generate_series(1, 100001) k
        returning id
      )
      insert into deliveries (workspace_id, endpoint_id, message_id, state, finished_at)
      select ${fresh.workspace_id}, ${endpoint_id}, id, 'failed', now() - substr(id, 9)::int * interval '1 second' from made`
    const url = `/endpoints/${endpoint_id}/replays`
    const fields = { until: expect.stringContaining('100,000') }
    for (const dry_run of [true, false])
      expect((await ask(url, 'POST', { since: '2020-01-01T00:00:00Z', dry_run })).json().error.fields).toEqual(fields)

    await pause(endpoint_id)
    await fresh.database.system`update endpoint_turns set failing_since = '2020-01-01' where endpoint_id = ${endpoint_id}`
    const activate = (how: object) => ask(`/endpoints/${endpoint_id}/activation`, 'POST', how)
    expect((await activate({ given_up: 'send' })).json().error.fields).toEqual({ given_up: expect.stringContaining('100,000') })
    const { state, health } = (await ask(`/endpoints/${endpoint_id}`)).json()
    expect([state, health.failed, health.failing_since]).toEqual(['paused', 10_000, '2020-01-01T00:00:00.000Z'])
    expect((await activate({})).json()).toMatchObject({ state: 'active' })

    const first = await ask(url, 'POST', { since: '2020-01-01T00:00:00Z', until: ago(60) })
    const second = await ask(url, 'POST', { since: '2020-01-01T00:00:00Z' })
    expect(first.json().deliveries + second.json().deliveries).toBe(100_001)
  }, 120_000)

  test('and a pause at the same moment leave nothing that waits unseen, whoever is first', async () => {
    for (let round = 0; round < 15; round++) {
      const endpoint_id = await make()
      await logged(
        endpoint_id,
        Array.from({ length: 200 }, () => ({ state: 'failed' as const })),
      )
      const replay = ask(`/endpoints/${endpoint_id}/replays`, 'POST', { since: ago(1) })
      await new Promise(resolve => setTimeout(resolve, round))
      const [replayed, paused] = await Promise.all([replay, pause(endpoint_id)])
      const { health } = (await ask(`/endpoints/${endpoint_id}`)).json()
      expect([paused.statusCode, health.waiting, health.held + health.failed]).toEqual([200, 0, 200])
      expect(health.held).toBe(replayed.statusCode === 200 ? 200 : 0)
    }
  })
})

describe('what waits for its next attempt', () => {
  const HOURS = { attempt_schedule: 'custom' as const, attempt_delays: [7_200, 7_200] }
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

  const replay = (id: number) => here.ask('POST', `/deliveries/${id}/replays`)
  const timesOf = (message_id: string) => receiver.ids().filter(id => id === message_id).length
  /** A delivery that failed once and has hours to wait. */
  const waiting = async (endpoint_id: number) => {
    receiver.answer = status(500)
    const [message_id] = await here.queue(endpoint_id)
    await until(async () => (await here.delivery(endpoint_id)).attempts === 1)
    const { id, state, run_at } = await here.delivery(endpoint_id)
    expect([state, run_at.getTime() > Date.now() + 3_600_000]).toEqual(['queued', true])
    receiver.answer = status(200)
    return { id, message_id: message_id! }
  }

  test('is sent now, and its round goes on', async () => {
    const { id: endpoint_id } = await here.endpoint(receiver.url, HOURS)
    here.worker()
    const { id, message_id } = await waiting(endpoint_id)
    await here.given_back(endpoint_id)
    expect(await replay(id)).toEqual({ deliveries: 1 })
    await here.all(endpoint_id, 'delivered')
    expect(await here.delivery(endpoint_id)).toMatchObject({ attempt: 2, attempts: 2 })
    expect(timesOf(message_id)).toBe(2)
  })

  test('is sent now also by a worker that has the turn and has read later ones', async () => {
    const { id: endpoint_id } = await here.endpoint(receiver.url, HOURS)
    here.worker()
    const { id, message_id } = await waiting(endpoint_id)
    const isDelivered = async () => (await here.deliveries(endpoint_id)).find(one => one.id === id)!.state === 'delivered'
    await here.queue(endpoint_id)
    expect(await replay(id)).toEqual({ deliveries: 1 })
    // So the turn does not end, after which everything would be read anew.
    await until(async () => {
      await here.queue(endpoint_id)
      await sleep(50)
      return isDelivered()
    })
    await here.all(endpoint_id, 'delivered')
    expect(timesOf(message_id)).toBe(2)
  })

  test('and what is due or under way is not sent twice', async () => {
    const { id: endpoint_id } = await here.endpoint(receiver.url, HOURS)
    const [message_id] = await here.queue(endpoint_id)
    const { id } = await here.delivery(endpoint_id)
    expect(await replay(id)).toEqual({ deliveries: 0 })
    let answer = () => {}
    receiver.answer = response => {
      answer = () => response.writeHead(200).end()
    }
    here.worker()
    await until(() => receiver.received.length === 1)
    expect(await replay(id)).toEqual({ deliveries: 0 })
    answer()
    await here.all(endpoint_id, 'delivered')
    await here.given_back(endpoint_id)
    expect(receiver.ids()).toEqual([message_id])
  })

  test('is sent with a selection, but not with all that failed since a time', async () => {
    const endpoint_id = await make()
    const ids = await logged(endpoint_id, [{ state: 'queued' }, { state: 'queued' }, { state: 'failed' }])
    const [later, due, failed] = ids
    await fresh.database.system`
      update deliveries set run_at = now() + interval '2 hours', attempt = 1 where workspace_id = ${fresh.workspace_id} and id = ${later!}`
    const { run_at } = await read(later!)
    const before = await read(due!)
    expect((await ask(`/endpoints/${endpoint_id}/replays`, 'POST', { since: ago(1) })).json()).toEqual({ deliveries: 1 })
    expect((await read(later!)).run_at).toBe(run_at)
    expect((await ask('/deliveries/replays', 'POST', { ids: [later, due, failed] })).json()).toEqual({ deliveries: 1 })
    expect(Date.parse((await read(later!)).run_at!)).toBeLessThanOrEqual(Date.now())
    expect(await read(due!)).toEqual(before)
    const rows = await fresh.database.system`
      select attempt, attempts from deliveries where workspace_id = ${fresh.workspace_id} and id = any(${ids}::bigint[]) order by id`
    expect([...rows]).toEqual([
      { attempt: 1, attempts: 3 },
      { attempt: 3, attempts: 3 },
      { attempt: 0, attempts: 3 },
    ])
    expect((await replays())[0]).toMatchObject({ subject_id: String(endpoint_id), after: { deliveries: 1 } })
  })
})

test('whoever may change records replays; who may only read does not', async () => {
  const endpoint_id = await make()
  const ids = await logged(endpoint_id, [{ state: 'failed' }])
  for (const [role, status] of [
    ['agent', 403],
    ['analyst', 403],
    ['manager', 200],
  ] as const) {
    const { headers } = await signedIn(fresh, role)
    const answers = [
      await ask(`/deliveries/${ids[0]}/replays`, 'POST', undefined, headers),
      await ask('/deliveries/replays', 'POST', { ids }, headers),
      await ask(`/endpoints/${endpoint_id}/replays`, 'POST', { since: ago(1) }, headers),
    ]
    expect([role, answers.map(answer => answer.statusCode)]).toEqual([role, [status, status, status]])
  }
})
