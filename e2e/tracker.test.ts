import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect } from 'vitest'
import { startCollector } from './collector.ts'
import { arrived, type Loaded, leftBehind, pause, test, tracked } from './shop.ts'

test('is at most three kilobytes, gzipped', ({ tracker }) => {
  expect(gzipSync(readFileSync(tracker), { level: 9 }).length).toBeLessThanOrEqual(3072)
})

test('makes the calls that a page made before the script was there', async ({ shop }) => {
  const calls = `throughline.push(['misspelt'], ['register', {plan: 'pro'}], ['identify', 'u1'], ['track', 'early'])`
  shop.collector.page('/', `<script>window.throughline = window.throughline || []; ${calls}</script>${tracked()}`)
  await shop.open('/')
  await arrived(shop, 'identify', 'early', 'page')
  expect(shop.of('early')[0]).toMatchObject({ userId: 'u1', properties: { plan: 'pro' } })
})

test('keeps what happens offline, and a later page sends it with the time at which it happened', async ({ shop }) => {
  const page = await shop.open('/')
  await arrived(shop, 'page')
  await shop.visit.setOffline(true)
  const before = Date.now()
  await page.evaluate(() => (globalThis as Loaded).throughline.track('offline', { text: 'ünï\n"' }))
  await pause(500)
  const after = Date.now()
  await page.close()
  await shop.visit.setOffline(false)
  await shop.open('/')
  await arrived(shop, 'page', 'offline', 'page')
  const [offline] = shop.of('offline')
  expect(Date.parse(offline!.timestamp)).toBeGreaterThanOrEqual(before - 5)
  expect(Date.parse(offline!.timestamp)).toBeLessThanOrEqual(after)
  expect(offline!.properties.text).toBe('ünï\n"')
})

test('keeps at most a quarter of a million characters, the newest', async ({ shop }) => {
  const page = await shop.open('/')
  await arrived(shop, 'page')
  await shop.visit.setOffline(true)
  const kept = await page.evaluate(() => {
    for (let number = 0; number < 600; number++) (globalThis as Loaded).throughline.track('many', { number })
    return Object.values({ ...localStorage }).filter(line => line.includes('"many"'))
  })
  expect(kept.join('').length).toBeLessThanOrEqual(250_000)
  expect(kept.length).toBeGreaterThan(200)
  expect(kept.some(line => line.includes('"number":599'))).toBe(true)
  expect(kept.some(line => line.includes('"number":0}'))).toBe(false)
  await shop.visit.setOffline(false)
  await expect.poll(() => shop.of('many').length).toBe(kept.length)
  await expect.poll(() => page.evaluate(() => Object.keys(localStorage))).toEqual(['tl_id'])
})

test('sends what is pending by beacon when the page goes', async ({ shop }) => {
  const page = await shop.open('/')
  await arrived(shop, 'page')
  await page.evaluate(() => {
    ;(globalThis as Loaded).throughline.track('last_words')
    location.href = '/elsewhere'
  })
  await arrived(shop, 'page', 'last_words')
  // A visit that is closed while its page goes may never be closed.
  await page.waitForURL('**/elsewhere')
})

test('splits what is too large for one beacon', async ({ shop }) => {
  const page = await shop.open('/')
  await arrived(shop, 'page')
  const sizes = await page.evaluate(async () => {
    const sizes: number[] = []
    navigator.sendBeacon = (_url, body) => sizes.push(new Blob([body as string]).size) > 0
    for (let number = 0; number < 7; number++) (globalThis as Loaded).throughline.track('large', { text: 'ж'.repeat(9000) })
    dispatchEvent(new Event('pagehide'))
    return sizes
  })
  expect(sizes.length).toBe(3)
  expect(Math.max(...sizes)).toBeLessThan(65_536)
})

test('waits as long as a busy server asks, and then sends the same messages again', async ({ shop }) => {
  shop.collector.answer({ status: 503, headers: { 'retry-after': '2' } }, { status: 429 })
  await shop.open('/')
  await arrived(shop, 'page')
  const { requests } = shop.collector
  expect(requests.map(({ status }) => status)).toEqual([503, 429, 200])
  expect(new Set(requests.map(({ batch }) => batch[0]!.messageId)).size).toBe(1)
  // Its own first wait would be one second at most.
  expect(Date.parse(requests[1]!.sentAt) - Date.parse(requests[0]!.sentAt)).toBeGreaterThanOrEqual(1990)
})

test('halves a batch that is too large, and drops what the server refuses for good', async ({ shop }) => {
  const page = await shop.open('/')
  await arrived(shop, 'page')
  shop.collector.answer({ status: 413 }, { status: 400 })
  await page.evaluate(() => {
    for (const letter of 'abcd') (globalThis as Loaded).throughline.track(letter)
  })
  await arrived(shop, 'page', 'c', 'd')
  expect(shop.collector.requests.map(({ status, batch }) => [status, batch.length])).toEqual([
    [200, 1],
    [413, 4],
    [400, 2],
    [200, 2],
  ])
  await pause(600)
  expect(shop.collector.requests.length).toBe(4)
  expect(await leftBehind(page)).toEqual(['tl_id', expect.stringMatching(/^tl_id=/)])
})

test('works from another origin under a policy that allows its host alone', async ({ shop }) => {
  const site = await startCollector()
  const host = shop.collector.origin
  site.page('/', tracked().replace('/throughline.js', `${host}/throughline.js`), {
    'content-security-policy': `default-src 'none'; script-src ${host}; connect-src ${host}; form-action 'self'`,
  })
  const page = await shop.visit.newPage()
  const refusals: string[] = []
  page.on('console', message => message.type() === 'error' && refusals.push(message.text()))
  await page.goto(`${site.origin}/`)
  await arrived(shop, 'page')
  await page.waitForFunction(() => Object.keys(localStorage).length === 1)
  await site.stop()
  expect(refusals.filter(text => /policy/i.test(text))).toEqual([])
})

test('goes on in memory where the browser refuses storage', async ({ shop }) => {
  await shop.visit.addInitScript(() => {
    for (const name of ['localStorage', 'sessionStorage']) {
      Object.defineProperty(window, name, {
        get: () => {
          throw new DOMException('refused', 'SecurityError')
        },
      })
    }
    Object.defineProperty(Document.prototype, 'cookie', {
      get: () => {
        throw new DOMException('refused', 'SecurityError')
      },
    })
  })
  const page = await shop.open('/')
  await page.evaluate(() => {
    const { throughline } = globalThis as Loaded
    throughline.identify('anna')
    const circle: Record<string, unknown> = {}
    circle.circle = circle
    throughline.track('impossible', circle)
    throughline.track('possible')
  })
  await arrived(shop, 'page', 'identify', 'possible')
  expect(new Set(shop.events().map(({ anonymousId }) => anonymousId)).size).toBe(1)
  expect(shop.of('possible')[0]!.userId).toBe('anna')
})
