import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ContactHealth, TechnicalReport } from '../../../shared/health.ts'
import { type FreshApp, freshApp, type Tenant } from '../../../test/app.ts'
import { basic, batch, bearer, bob, identify, john, sally, sarah, track, traitsOf } from '../../../test/people.ts'
import { inWorkspace } from '../../database/transaction.ts'
import { readContactHealth, recountContacts } from './contacts.ts'

let fresh: FreshApp
let tenant: Tenant
beforeAll(async () => {
  fresh = await freshApp()
})
beforeEach(async () => {
  tenant = await fresh.another()
})

const ask = (method: 'GET' | 'POST', url: string, payload?: object) =>
  fresh.app.inject({ method, url: `/api/v1${url}`, headers: bearer(tenant.secret_key), ...(payload && { payload }) })
const health = async (): Promise<ContactHealth> => (await ask('GET', '/reports/health')).json()
const technical = async (query = ''): Promise<TechnicalReport> => {
  await fresh.context.timings!.flush(fresh.database.system)
  return (await ask('GET', `/reports/technical${query}`)).json()
}
const send = async (...messages: unknown[]) => {
  const headers = basic(tenant.write_key)
  const answer = await fresh.app.inject({ method: 'POST', url: '/v1/batch', payload: batch(...messages), headers })
  expect(answer.statusCode, answer.body).toBe(200)
}
/** As if a contact had been made, and had come last, so many hours ago. */
async function backdate(email: string, created: number, visited: number | null) {
  await fresh.database.system`
    update contacts
       set created_at = now() - make_interval(hours => ${created}),
           last_visit = now() - make_interval(hours => ${visited}::int)
     where workspace_id = ${tenant.workspace_id} and email = ${email}`
}

describe('how many contacts there are', () => {
  test('says how many came, how many were active, and where they are', async () => {
    for (const person of [sally, john, sarah, bob]) await send(identify({ anonymousId: person.laptop, traits: traitsOf(person) }))
    await send(
      track('video_progress', { anonymousId: sally.laptop, properties: { watch_percentage: 80, video_id: 'v' } }),
      track('purchase_completed', { anonymousId: john.laptop, properties: { amount: 10, currency: 'USD', order_id: '1' } }),
    )
    await backdate(john.email, 24, 1)
    await backdate(sarah.email, 8 * 24, 31 * 24)
    await backdate(bob.email, 40 * 24, null)
    const found = await health()
    expect(found).toMatchObject({ time_zone: 'UTC', contacts: 4, new_today: 1, new_yesterday: 1, active_30_days: 2 })
    expect(found).toMatchObject({ new_7_days: 2, new_7_days_before: 1 })
    expect(Object.fromEntries(found.segments.map(({ segment, contacts }) => [segment, contacts]))).toEqual({
      null: 3,
      no_show: 0,
      skimmer: 0,
      sampler: 0,
      engaged: 0,
      hot: 1,
    })
    expect(found.stages).toContainEqual({ stage: 'converted', contacts: 1 })
    expect(found.stages.reduce((sum, { contacts }) => sum + contacts, 0)).toBe(4)
  })

  test('takes merged contacts for one, and counts again what it has not kept', async () => {
    const made = await Promise.all(
      [sally.email, john.email].map(async email => (await ask('POST', '/contacts', { email })).json<{ id: number }>().id),
    )
    expect((await health()).contacts).toBe(2)
    expect((await ask('POST', `/contacts/${made[0]}/merge`, { other_id: made[1], force: true })).statusCode).toBe(201)
    expect((await health()).contacts).toBe(1)
  })

  test('keeps what is counted of many, and the schedule counts again', async () => {
    const { system } = fresh.database
    const read = () => inWorkspace(fresh.database, tenant.workspace_id, sql => readContactHealth(sql, tenant.workspace_id, 1))
    await ask('POST', '/contacts', { email: sally.email })
    await ask('POST', '/contacts', { email: john.email })
    expect((await read()).contacts).toBe(2)
    await ask('POST', '/contacts', { email: bob.email })
    const kept = await read()
    expect(kept.contacts).toBe(2)

    await recountContacts(system)
    const again = await read()
    expect(again.contacts).toBe(3)
    expect(Date.parse(again.counted_at)).toBeGreaterThanOrEqual(Date.parse(kept.counted_at))

    // Whom nobody has looked at for a day nobody counts; who looks then gets what is.
    await ask('POST', '/contacts', { email: sarah.email })
    await system`
      update contact_health
         set asked_at = now() - interval '2 days', counted_at = now() - interval '2 days'
       where workspace_id = ${tenant.workspace_id}`
    await recountContacts(system)
    const [row] = await system`select counts from contact_health where workspace_id = ${tenant.workspace_id}`
    expect(row!.counts.contacts).toBe(3)
    expect((await read()).contacts).toBe(4)
  })
})

describe('how quick and reliable it is', () => {
  test('measures storing and reports, and is told how long screens took', async () => {
    expect(await technical()).toMatchObject({
      days: 7,
      capture: { count: 0, p50_ms: null, p95_ms: null },
      deliveries: { attempts: 0, delivered: 0, given_up: 0, success_rate: null, goal: 0.99 },
    })
    await send(track('look', { anonymousId: 'a' }), track('look', { anonymousId: 'a' }))
    await ask('GET', '/reports/leads')
    for (const ms of [...Array<number>(18).fill(100), 1000, 4000])
      expect((await ask('POST', '/reports/loads', { ms })).statusCode).toBe(204)
    const found = await technical()
    expect(found.capture).toMatchObject({ count: 2, p50_ms: expect.any(Number) })
    expect(found.latency.count).toBe(2)
    expect(found.reports.count).toBeGreaterThanOrEqual(1)
    expect(found.loads).toEqual({ count: 20, p50_ms: 108, p95_ms: 1024 })
    // One tenant's figures are nobody else's.
    tenant = await fresh.another()
    expect(await technical()).toMatchObject({ capture: { count: 0 }, loads: { count: 0 } })
  })

  test('measures how long events were on their way: what an offline browser sends late is late', async () => {
    const timestamp = new Date(Date.now() - 3_600_000).toISOString()
    await send(track('look', { anonymousId: 'a', timestamp }))
    const { latency } = await technical()
    expect(latency.count).toBe(1)
    // At most 20 % too high, and an hour at least.
    expect(latency.p50_ms).toBeGreaterThanOrEqual(3_600_000)
    expect(latency.p50_ms).toBeLessThan(2 * 3_600_000)
  })

  test('leaves out what is older than it was asked for', async () => {
    await fresh.database.system`
      insert into timings (workspace_id, hour, kind, bucket, count)
      values (${tenant.workspace_id}, date_trunc('hour', now() - interval '50 hours', 'UTC'), 'load', 40, 3)`
    expect((await technical('?days=2')).loads.count).toBe(0)
    expect((await technical('?days=3')).loads).toEqual({ count: 3, p50_ms: 1024, p95_ms: 1024 })
  })

  test('says which part of the deliveries arrived', async () => {
    const endpoint = (await ask('POST', '/endpoints', { url: 'https://example.com/x', events: ['*'] })).json<{ id: number }>()
    await fresh.database.system`
      insert into endpoint_hours (workspace_id, endpoint_id, hour, attempts, successes, given_up)
      values (${tenant.workspace_id}, ${endpoint.id}, date_trunc('hour', now(), 'UTC'), 250, 198, 2)`
    expect((await technical()).deliveries).toMatchObject({ attempts: 250, delivered: 198, given_up: 2, success_rate: 0.99 })
  })

  test('keeps what was measured while the database is away', async () => {
    const { timings } = fresh.context
    timings!.note(tenant.workspace_id, 'load', 200)
    const away = fresh.database.system.unsafe.bind(fresh.database.system, 'select * from nothing_that_exists')
    await expect(timings!.flush(away as never)).rejects.toThrow()
    timings!.note(tenant.workspace_id, 'load', 200)
    expect((await technical()).loads.count).toBe(2)
  })
})
