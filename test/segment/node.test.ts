import { Analytics } from '@segment/analytics-node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildApp } from '../../server/app.ts'
import { readConfig } from '../../server/config.ts'
import { connect, type Database } from '../../server/database/connect.ts'
import { freshDatabase, makeTenant, type Tenant } from '../app.ts'
import { type Cable, layCable } from '../cable.ts'
import { bob, jane, john, sally, sarah, traitsOf } from '../people.ts'
import { eventsIn, linksIn, peopleIn } from './people.ts'

// The unmodified library for Node, over the network, at a server whose database can be cut off.

let database: Database
let cable: Cable
let host: string
let closeAll: () => Promise<void>

beforeAll(async () => {
  database = await freshDatabase()
  cable = await layCable(database.url)
  const cabled = connect(cable.url, { connections: 4 })
  const app = await buildApp({ database: cabled, config: readConfig({ LOG_LEVEL: 'silent', SECRET_KEY: 'test' }) })
  host = await app.listen({ host: '127.0.0.1', port: 0 })
  closeAll = async () => {
    cable.mend()
    await app.close()
    await cabled.close()
    await cable.stop()
  }
})
afterAll(() => closeAll())

/** A client with what it was answered and what it gave up. */
function clientOf({ write_key }: Tenant, more: Partial<ConstructorParameters<typeof Analytics>[0]> = {}) {
  const analytics = new Analytics({ writeKey: write_key, host, flushAt: 5, flushInterval: 50, ...more })
  const statuses: number[] = []
  const retry_after: (string | undefined)[] = []
  const failed: unknown[] = []
  analytics.on('http_response', ({ status, headers }) => {
    statuses.push(status)
    if (status === 503) retry_after.push((headers as Record<string, string>)['retry-after'])
  })
  analytics.on('error', error => failed.push(error))
  return { analytics, statuses, retry_after, failed }
}

test('every kind of call becomes its row, under the id that it names', async () => {
  const tenant = await makeTenant(database, 'Rows')
  // In one request, however long a busy machine takes to make it: of two at once nobody says which is stored first.
  const { analytics, statuses, failed } = clientOf(tenant, { flushAt: 20, flushInterval: 60_000 })
  analytics.page({ anonymousId: sally.laptop, name: 'Prices', category: 'Shop', properties: { plan: 'pro' } })
  analytics.track({ anonymousId: sally.laptop, event: 'lesson_opened', properties: { n: 1 } })
  analytics.alias({ userId: sally.user_id, previousId: sally.laptop })
  analytics.identify({ userId: sally.user_id, traits: { ...traitsOf(sally), plan: 'pro' } })
  analytics.screen({ userId: sally.user_id, name: 'Orders' })
  analytics.group({ userId: sally.user_id, groupId: 'acme', traits: { size: 7 } })
  await analytics.closeAndFlush()

  expect(failed).toEqual([])
  expect(new Set(statuses)).toEqual(new Set([200]))
  const rows = await eventsIn(database, tenant.workspace_id)
  expect(rows.map(({ event, of, properties }) => [event, of, properties])).toEqual([
    ['page_viewed', sally.laptop, { name: 'Prices', category: 'Shop', plan: 'pro' }],
    ['lesson_opened', sally.laptop, { n: 1 }],
    ['alias', sally.user_id, { user_id: sally.user_id, previous_id: sally.laptop }],
    ['identify', sally.user_id, { ...traitsOf(sally), plan: 'pro' }],
    ['screen_viewed', sally.user_id, { name: 'Orders' }],
    ['group', sally.user_id, { group_id: 'acme', size: 7 }],
  ])
  expect(await peopleIn(database, tenant.workspace_id)).toEqual([{ ids: [sally.laptop, sally.user_id], email: sally.email }])
})

test('an alias of an id with itself changes nobody, before and after an identify', async () => {
  const tenant = await makeTenant(database, 'Selves')
  const { analytics } = clientOf(tenant)
  analytics.alias({ userId: john.user_id, previousId: john.user_id })
  analytics.identify({ userId: john.user_id, anonymousId: john.laptop, traits: traitsOf(john) })
  analytics.alias({ userId: john.user_id, previousId: john.user_id })
  analytics.identify({ userId: jane.user_id, traits: traitsOf(jane) })
  await analytics.closeAndFlush()
  expect(await peopleIn(database, tenant.workspace_id)).toEqual([
    { ids: [john.laptop, john.user_id], email: john.email },
    { ids: [jane.user_id], email: jane.email },
  ])
  const links = await linksIn(database, tenant.workspace_id)
  expect(links.filter(link => /alias: linked|refused/.test(link))).toEqual([])
})

test('while the database is away it answers 503 with Retry-After, and what the client sends again counts once', async () => {
  const tenant = await makeTenant(database, 'Outage')
  const { analytics, statuses, retry_after, failed } = clientOf(tenant)
  analytics.track({ anonymousId: bob.laptop, event: 'before' })
  await expect.poll(() => statuses).toContain(200)
  cable.cut()
  for (let k = 0; k < 20; k++) analytics.track({ anonymousId: bob.laptop, event: 'during', properties: { k } })
  await expect.poll(() => statuses.filter(status => status === 503).length).toBeGreaterThan(3)
  cable.mend()
  await analytics.closeAndFlush()

  expect(failed).toEqual([])
  expect(retry_after.every(seconds => Number(seconds) > 0)).toBe(true)
  expect(new Set(statuses)).toEqual(new Set([200, 503]))
  const rows = (await eventsIn(database, tenant.workspace_id)).filter(row => row.event === 'during')
  expect(rows.map(row => row.properties.k).sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 20 }, (_, k) => k))
})

test('what was stored and never answered counts once, when the client sends it again', async () => {
  const tenant = await makeTenant(database, 'Lost answers')
  let lost = 0
  const httpClient: typeof fetch = async (url, init) => {
    const answer = await fetch(url, init)
    if (answer.ok && lost++ < 2) throw new TypeError('the connection was lost')
    return answer
  }
  const { analytics, failed } = clientOf(tenant, { httpClient: httpClient as never, flushAt: 100 })
  for (let k = 0; k < 10; k++) analytics.track({ userId: sarah.user_id, event: 'paid', properties: { k } })
  await analytics.closeAndFlush()
  expect(failed).toEqual([])
  expect(lost).toBeGreaterThan(2)
  expect(await eventsIn(database, tenant.workspace_id)).toHaveLength(10)
  const [visitor] = await database.system`select event_count from visitors where workspace_id = ${tenant.workspace_id}`
  expect(visitor).toEqual({ event_count: 10 })
})
