import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type FreshApp, freshApp, type Tenant } from '../test/app.ts'
import { openBrowser } from '../test/browser.ts'
import { john, sally, traitsOf } from '../test/people.ts'
import { eventsIn, linksIn, peopleIn } from '../test/segment/people.ts'
import { startCollector } from './collector.ts'

// Segment's unmodified library for browsers, from a page of another origin.

type Segment = {
  track(event: string, properties?: object): Promise<unknown>
  page(name?: string, properties?: object): Promise<unknown>
  screen(name: string): Promise<unknown>
  identify(id: string, traits?: object): Promise<unknown>
  alias(to: string): Promise<unknown>
  group(id: string, traits?: object): Promise<unknown>
  user(): { anonymousId(): string; id(): string | null }
}
type Loaded = typeof globalThis & { analytics: Segment; ready?: boolean }

let fresh: FreshApp
let browser: Browser
let pages: Awaited<ReturnType<typeof startCollector>>
let tenant: Tenant

beforeAll(async () => {
  fresh = await freshApp()
  await fresh.listen()
  browser = await openBrowser()
  pages = await startCollector()
  pages.files('/segment/', 'node_modules/@segment/analytics-next/dist/umd/')
})
afterAll(async () => {
  await browser.close()
  await pages.stop()
})
beforeEach(async () => {
  tenant = await fresh.another()
})

/** A page that loads the library as Segment's own documents say, with this server as its only address. */
async function visit({ batching = false } = {}): Promise<Page> {
  const { host } = new URL(fresh.url)
  const delivery = batching ? { deliveryStrategy: { strategy: 'batching', config: { size: 4, timeout: 300 } } } : {}
  const settings = { writeKey: tenant.write_key, cdnURL: fresh.url }
  const integrations = { 'Segment.io': { apiHost: `${host}/v1`, protocol: 'http', ...delivery } }
  pages.page(
    '/shop',
    `<!doctype html><title>Shop</title><script src="/segment/index.js"></script>
     <script>
       window.analytics = AnalyticsNext.AnalyticsBrowser.load(${JSON.stringify(settings)}, ${JSON.stringify({ integrations })})
       analytics.ready(() => { window.ready = true })
     </script>`,
  )
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(`${pages.origin}/shop?utm_source=letter`)
  await page.waitForFunction(() => (globalThis as Loaded).ready === true)
  return page
}

const arrived = async (count: number) => {
  await expect.poll(async () => (await eventsIn(fresh.database, tenant.workspace_id)).length).toBe(count)
  return eventsIn(fresh.database, tenant.workspace_id)
}
const anonymousId = (page: Page) =>
  page.evaluate(async () =>
    (await (globalThis as unknown as { analytics: Promise<[Segment]> }).analytics)[0].user().anonymousId(),
  )

test.each([false, true])('sends every kind of call from a page of another origin (in batches: %s)', async batching => {
  const page = await visit({ batching })
  const device = await anonymousId(page)
  await page.evaluate(
    async ({ id, traits }) => {
      const { analytics } = globalThis as Loaded
      await analytics.page('Prices', { plan: 'pro' })
      await analytics.track('lesson_opened', { n: 1 })
      await analytics.identify(id, traits)
      await analytics.screen('Orders')
      await analytics.group('acme', { size: 7 })
    },
    { id: sally.user_id, traits: traitsOf(sally) },
  )
  const rows = await arrived(5)
  const found = Object.fromEntries(rows.map(({ event, of, properties }) => [event, { of, properties }]))
  expect(found.page_viewed).toMatchObject({ of: device, properties: { name: 'Prices', plan: 'pro', path: '/shop' } })
  expect(found.lesson_opened).toEqual({ of: device, properties: { n: 1 } })
  expect(found.identify).toEqual({ of: sally.user_id, properties: traitsOf(sally) })
  expect(found.screen_viewed?.of).toBe(sally.user_id)
  expect(found.group).toMatchObject({ of: sally.user_id, properties: { group_id: 'acme', size: 7 } })
  expect(await peopleIn(fresh.database, tenant.workspace_id)).toEqual([
    { ids: [device, sally.user_id].sort(), email: sally.email },
  ])
  const [visitor] = await fresh.database.system`
    select first_touch->>'utm_source' as utm_source from visitors where workspace_id = ${tenant.workspace_id} and distinct_id = ${device}`
  expect(visitor).toEqual({ utm_source: 'letter' })
  await page.context().close()
})

test('what was called in the same tick before an identify may come under the user already, and ends with the same person', async () => {
  const page = await visit()
  const device = await anonymousId(page)
  await page.evaluate(
    ({ id, traits }) => {
      const { analytics } = globalThis as Loaded
      void analytics.page('Home')
      void analytics.track('lesson_opened')
      void analytics.identify(id, traits)
      void analytics.track('lesson_closed')
    },
    { id: john.user_id, traits: traitsOf(john) },
  )
  const rows = await arrived(4)
  expect(rows.map(row => row.event).sort()).toEqual(['identify', 'lesson_closed', 'lesson_opened', 'page_viewed'])
  expect(await peopleIn(fresh.database, tenant.workspace_id)).toEqual([{ ids: [device, john.user_id].sort(), email: john.email }])
  await page.context().close()
})

test('an alias before an identify joins the device with the user; one after it, which names the user twice, changes nobody', async () => {
  const page = await visit()
  const device = await anonymousId(page)
  const run = (work: 'alias' | 'identify', id: string) =>
    page.evaluate(({ work, id }) => (globalThis as Loaded).analytics[work](id).then(() => {}), { work, id })
  await page.evaluate(() => (globalThis as Loaded).analytics.track('before').then(() => {}))
  await run('alias', sally.user_id)
  await arrived(2)
  const joined = [{ ids: [device, sally.user_id].sort(), email: null }]
  expect(await peopleIn(fresh.database, tenant.workspace_id)).toEqual(joined)
  await run('identify', sally.user_id)
  await run('alias', 'somebody-else')
  const rows = await arrived(4)
  // The library puts the current user in the place of the one that is named (@segment/analytics-next, EventFactory).
  expect(rows.at(-1)).toMatchObject({ event: 'alias', of: sally.user_id })
  expect(await peopleIn(fresh.database, tenant.workspace_id)).toEqual(joined)
  expect((await linksIn(fresh.database, tenant.workspace_id)).filter(link => link.includes('refused'))).toEqual([])
  await page.context().close()
})

test.each([false, true])('what was answered 503 is sent again and counts once (in batches: %s)', async batching => {
  const page = await visit({ batching })
  let refused = 0
  await page.route('**/v1/{t,b}', async route => {
    if (refused >= 3 || route.request().method() !== 'POST') return route.continue()
    refused++
    // The first is stored and its answer lost; the others are refused as the server does it.
    if (refused === 1) {
      await route.fetch()
      return route.abort('connectionreset')
    }
    const headers = {
      'retry-after': '1',
      'access-control-allow-origin': pages.origin,
      'access-control-expose-headers': 'Retry-After',
      'access-control-allow-credentials': 'true',
    }
    return route.fulfill({
      status: 503,
      headers,
      contentType: 'application/json',
      body: '{"error":{"code":"unavailable","message":"The database is away."}}',
    })
  })
  await page.evaluate(() => {
    for (let k = 0; k < 8; k++) void (globalThis as Loaded).analytics.track('bought', { k })
  })
  await expect.poll(() => refused).toBe(3)
  const rows = await arrived(8)
  expect(rows.map(row => Number(row.properties.k)).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  await page.context().close()
})
