import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openBrowser } from '../test/browser.ts'
import { buildTracker } from '../tracker/build.js'
import type { Throughline } from '../tracker/index.ts'
import { startCollector } from './collector.ts'

type Loaded = typeof globalThis & { throughline: Throughline }

const built = mkdtempSync(join(tmpdir(), 'tracker-'))
const tracked = (attributes = '', body = '') =>
  `<!doctype html><title>Shop</title><script async src="/throughline.js" data-write-key="wk_test" ${attributes}></script>${body}`

let browser: Browser
let collector: Awaited<ReturnType<typeof startCollector>>
let visit: BrowserContext
let errors: string[]

beforeAll(async () => {
  await buildTracker(built)
  browser = await openBrowser()
  return () => browser.close()
})

beforeEach(async () => {
  collector = await startCollector()
  collector.files('/throughline.js', join(built, 'throughline.js'))
  collector.files('/lesson/', 'demo/lesson/')
  collector.page('/', tracked())
  collector.page('/elsewhere', '<title>Elsewhere</title>')
  visit = await browser.newContext()
  errors = []
})

afterEach(async () => {
  await visit.close()
  await collector.stop()
  expect(errors).toEqual([])
})

async function open(path: string, context = visit): Promise<Page> {
  const page = await context.newPage()
  page.on('pageerror', error => errors.push(error.message))
  await page.goto(collector.origin + path)
  await page.waitForFunction(() => 'visitor' in ((globalThis as Loaded).throughline ?? {}))
  return page
}

const kinds = () => collector.events().map(({ type, event }) => event ?? type)
const of = (name: string) => collector.events().filter(({ type, event }) => (event ?? type) === name)
const arrived = (...names: string[]) => expect.poll(() => kinds().sort(), { timeout: 6000 }).toEqual(names.sort())
const pause = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds))

/** Everything that the tracker may have left on the device. */
const leftBehind = (page: Page) =>
  page.evaluate(() => [...Object.keys(localStorage), ...Object.keys(sessionStorage), document.cookie].filter(Boolean))

test('is at most three kilobytes, gzipped', () => {
  expect(gzipSync(readFileSync(join(built, 'throughline.js')), { level: 9 }).length).toBeLessThanOrEqual(3072)
})

test('views a page of a single-page app when its path or query changes, and not when only the fragment does', async () => {
  const page = await open('/?utm_source=news&utm_campaign=spring&gclid=g1')
  for (const move of ["pushState(0, '', '/a')", "pushState(0, '', '/a#part')", "replaceState(0, '', '/a?tab=2')"]) {
    await page.evaluate(`history.${move}; document.title = location.pathname + location.search`)
    await pause(20)
  }
  await page.goBack()
  await arrived('page', 'page', 'page', 'page')
  const [first, ...others] = collector.events()
  expect(others.map(({ context }) => context.page.path + context.page.search)).toEqual(['/a', '/a?tab=2', '/a'])
  expect(others[1]!.context.page.title).toBe('/a?tab=2')
  expect(first!.context).toMatchObject({
    campaign: { source: 'news', name: 'spring' },
    click_ids: { gclid: 'g1' },
    webdriver: true,
  })
  expect(collector.requests[0]).toMatchObject({ writeKey: 'wk_test', contentType: expect.stringContaining('text/plain') })
})

test('leaves page views to the page when it asks for that', async () => {
  collector.page('/', tracked('data-auto-page="false"'))
  const page = await open('/')
  await page.evaluate(() => history.pushState(0, '', '/a'))
  await page.evaluate(() => (globalThis as Loaded).throughline.page('Pricing', { plan: 'pro' }))
  await arrived('page')
  expect(collector.events()[0]).toMatchObject({ name: 'Pricing', properties: { plan: 'pro' } })
})

test('makes the calls that a page made before the script was there', async () => {
  const calls = `throughline.push(['misspelt'], ['register', {plan: 'pro'}], ['identify', 'u1'], ['track', 'early'])`
  collector.page('/', `<script>window.throughline = window.throughline || []; ${calls}</script>${tracked()}`)
  await open('/')
  await arrived('identify', 'early', 'page')
  expect(of('early')[0]).toMatchObject({ userId: 'u1', properties: { plan: 'pro' } })
})

test('keeps what happens offline, and a later page sends it with the time at which it happened', async () => {
  const page = await open('/')
  await arrived('page')
  await visit.setOffline(true)
  const before = Date.now()
  await page.evaluate(() => (globalThis as Loaded).throughline.track('offline', { text: 'ünï\n"' }))
  await pause(500)
  const after = Date.now()
  await page.close()
  await visit.setOffline(false)
  await open('/')
  await arrived('page', 'offline', 'page')
  const [offline] = of('offline')
  expect(Date.parse(offline!.timestamp)).toBeGreaterThanOrEqual(before - 5)
  expect(Date.parse(offline!.timestamp)).toBeLessThanOrEqual(after)
  expect(offline!.properties.text).toBe('ünï\n"')
})

test('keeps at most a quarter of a million characters, the newest', async () => {
  const page = await open('/')
  await arrived('page')
  await visit.setOffline(true)
  const kept = await page.evaluate(() => {
    for (let number = 0; number < 600; number++) (globalThis as Loaded).throughline.track('many', { number })
    return Object.values({ ...localStorage }).filter(line => line.includes('"many"'))
  })
  expect(kept.join('').length).toBeLessThanOrEqual(250_000)
  expect(kept.length).toBeGreaterThan(200)
  expect(kept.some(line => line.includes('"number":599'))).toBe(true)
  expect(kept.some(line => line.includes('"number":0}'))).toBe(false)
  await visit.setOffline(false)
  await expect.poll(() => of('many').length, { timeout: 6000 }).toBe(kept.length)
  await expect.poll(() => page.evaluate(() => Object.keys(localStorage))).toEqual(['tl_id'])
})

test('sends what is pending by beacon when the page goes', async () => {
  const page = await open('/')
  await arrived('page')
  await page.evaluate(() => {
    ;(globalThis as Loaded).throughline.track('last_words')
    location.href = '/elsewhere'
  })
  await arrived('page', 'last_words')
})

test('splits what is too large for one beacon', async () => {
  const page = await open('/')
  await arrived('page')
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

test('waits as long as a busy server asks, and then sends the same messages again', async () => {
  collector.answer({ status: 503, headers: { 'retry-after': '1' } }, { status: 429, headers: { 'retry-after': '1' } })
  const started = Date.now()
  await open('/')
  await arrived('page')
  expect(Date.now() - started).toBeGreaterThan(2000)
  expect(collector.requests.map(({ status }) => status)).toEqual([503, 429, 200])
  expect(new Set(collector.requests.map(({ batch }) => batch[0]!.messageId)).size).toBe(1)
})

test('halves a batch that is too large, and drops what the server refuses for good', async () => {
  const page = await open('/')
  await arrived('page')
  collector.answer({ status: 413 }, { status: 400 })
  await page.evaluate(() => {
    for (const letter of 'abcd') (globalThis as Loaded).throughline.track(letter)
  })
  await arrived('page', 'c', 'd')
  expect(collector.requests.map(({ status, batch }) => [status, batch.length])).toEqual([
    [200, 1],
    [413, 4],
    [400, 2],
    [200, 2],
  ])
  await pause(600)
  expect(collector.requests.length).toBe(4)
  expect(await leftBehind(page)).toEqual(['tl_id', expect.stringMatching(/^tl_id=/)])
})

test('carries both ids after a log-in, and makes a new visitor when another user logs in on the same device', async () => {
  const page = await open('/')
  await page.evaluate(() => {
    const { throughline } = globalThis as Loaded
    throughline.identify('anna', { plan: 'pro' })
    throughline.track('hers')
    throughline.identify('bela')
    throughline.track('his')
    throughline.identify({ city: 'Graz' })
    throughline.identify(null)
  })
  await arrived('page', 'identify', 'hers', 'identify', 'his', 'identify')
  const [view, anna, hers, bela, his, traits] = collector.events()
  expect(anna).toMatchObject({ userId: 'anna', traits: { plan: 'pro' }, anonymousId: view!.anonymousId })
  expect(hers).toMatchObject({ userId: 'anna', anonymousId: view!.anonymousId })
  expect(bela!.anonymousId).not.toBe(view!.anonymousId)
  expect(his).toMatchObject({ userId: 'bela', anonymousId: bela!.anonymousId })
  expect(traits).toMatchObject({ userId: 'bela', traits: { city: 'Graz' }, anonymousId: bela!.anonymousId })
})

test('ties a sign-up to what the visitor did before', async () => {
  const page = await open('/')
  await page.evaluate(() => (globalThis as Loaded).throughline.alias('anna@example.com'))
  await page.reload()
  await arrived('page', 'alias', 'page')
  const [view, alias, later] = collector.events()
  expect(alias).toMatchObject({ userId: 'anna@example.com', previousId: view!.anonymousId, anonymousId: view!.anonymousId })
  expect(later).toMatchObject({ userId: 'anna@example.com', anonymousId: view!.anonymousId })
})

test('forgets the user and the registered properties at reset, in every tab', async () => {
  const page = await open('/')
  const other = await open('/')
  await page.evaluate(() => {
    const { throughline } = globalThis as Loaded
    throughline.register({ plan: 'pro' })
    throughline.identify('anna')
    throughline.reset()
  })
  await other.evaluate(() => (globalThis as Loaded).throughline.track('after'))
  await arrived('page', 'page', 'identify', 'after')
  const [identify, after] = [of('identify')[0]!, of('after')[0]!]
  expect(identify).toMatchObject({ userId: 'anna', properties: { plan: 'pro' } })
  expect(after.userId).toBeUndefined()
  expect(after.properties).toEqual({})
  expect(after.anonymousId).not.toBe(identify.anonymousId)
  expect(await page.evaluate(() => document.cookie)).toBe(`tl_id=${after.anonymousId}`)
})

test('reads the forms that ask for it, and in them neither passwords nor cards nor hidden tokens', async () => {
  const fields = `<input name=email value=anna@example.com><input name="First Name" value=Anna><input name=lastname value=Ott>
    <input name=phone_number value=+4312345><input name=password type=password value=secret><input name=notes value=private>
    <input name=csrf type=hidden value=token><input name=phone type=hidden value=0><input data-throughline-field name=card autocomplete="billing cc-number" value=4242>
    <input type=checkbox name=terms data-throughline-field=agreed checked><input type=checkbox name=offers data-throughline-field>`
  const form = (attributes: string) => `<form ${attributes} action="/elsewhere">${fields}<button>Go</button></form>`
  collector.page('/', tracked('', form('id=silent') + form('id=asked data-throughline-event=registration')))
  collector.page('/all', tracked('data-forms', form('id=any')))
  for (const [path, button] of [
    ['/', '#silent button'],
    ['/', '#asked button'],
    ['/all', 'button'],
  ] as const) {
    const page = await open(path)
    await page.click(button)
    await page.waitForURL('**/elsewhere*')
  }
  await arrived('page', 'page', 'page', 'registration', 'form_submitted')
  const said = { email: 'anna@example.com', first_name: 'Anna', last_name: 'Ott', phone: '+4312345', agreed: 'on' }
  expect(of('registration')[0]!.properties).toEqual(said)
  expect(of('form_submitted')[0]!.properties).toEqual(said)
})

test('counts what was watched, not where somebody jumped to', async () => {
  const video = `<video muted src="/lesson/lesson.webm" data-throughline-video="first-loaf" data-funnel-id="f1" data-page-id="watch" data-title="First loaf"></video>`
  collector.page('/', tracked('', video))
  const page = await open('/')
  const play = (from: number) =>
    page.evaluate(async from => {
      const element = document.querySelector('video')!
      element.playbackRate = 16
      element.currentTime = from
      await element.play()
    }, from)
  const rest = () => page.evaluate(() => document.querySelector('video')!.pause())
  const position = () => page.evaluate(() => document.querySelector('video')!.currentTime)

  await play(33)
  await expect.poll(position, { timeout: 6000 }).toBeGreaterThan(36)
  await rest()
  await pause(400)
  expect(kinds()).toEqual(['page', 'video_started'])

  await play(0)
  await expect.poll(() => kinds(), { timeout: 12_000 }).toContain('video_completed')
  const progress = of('video_progress').map(({ properties }) => properties.watch_percentage)
  expect(progress).toEqual([25, 50, 75, 100])
  expect(of('video_completed')[0]!.properties).toMatchObject({
    video_id: 'first-loaf',
    funnel_id: 'f1',
    page_id: 'watch',
    video_title: 'First loaf',
  })
  expect(of('video_completed')[0]!.properties.seconds_watched).toBeGreaterThanOrEqual(39)

  await play(0)
  await arrived('page', 'video_started', ...progress.map(() => 'video_progress'), 'video_completed', 'video_replayed')
})

test('neither keeps nor sends anything until consent is granted, and then sends what waited', async () => {
  collector.page('/', tracked('data-consent="required"'))
  const page = await open('/?utm_source=news')
  await page.evaluate(() => (globalThis as Loaded).throughline.identify('anna'))
  await pause(500)
  expect(await leftBehind(page)).toEqual([])
  expect(collector.requests).toEqual([])
  expect(await page.evaluate(() => (globalThis as Loaded).throughline.visitor())).toBeUndefined()
  await page.evaluate(() => (globalThis as Loaded).throughline.consent('granted'))
  await arrived('page', 'identify')
  expect(collector.events()[0]!.context.campaign).toEqual({ source: 'news' })
  const { anonymousId } = collector.events()[0]!
  const again = await open('/')
  await again.evaluate(() => (globalThis as Loaded).throughline.consent('granted'))
  await arrived('page', 'identify', 'page')
  expect(new Set(collector.events().map(event => event.anonymousId))).toEqual(new Set([anonymousId]))
})

test('throws away what waited and what was kept when consent is denied', async () => {
  await open('/')
  await arrived('page')
  collector.page('/', tracked('data-consent="required"'))
  const page = await open('/')
  await page.evaluate(() => {
    const { throughline } = globalThis as Loaded
    throughline.consent('denied')
    throughline.track('never')
  })
  await pause(500)
  await page.goto(`${collector.origin}/elsewhere`)
  expect(await leftBehind(page)).toEqual([])
  expect(kinds()).toEqual(['page'])
})

test('names nobody and keeps nothing without cookies, until consent is granted', async () => {
  collector.page('/', tracked('data-consent="cookieless"'))
  const page = await open('/')
  await arrived('page')
  expect(collector.events()[0]!.anonymousId).toBeUndefined()
  expect(collector.events()[0]!.context.cookieless).toBe(true)
  expect(await leftBehind(page)).toEqual([])
  await page.evaluate(() => {
    const { throughline } = globalThis as Loaded
    throughline.consent('granted')
    throughline.track('named')
  })
  await arrived('page', 'named')
  expect(of('named')[0]!.anonymousId).toMatch(/^[0-9a-f-]{36}$/)
  expect(of('named')[0]!.context.cookieless).toBeUndefined()
})

test('respects Global Privacy Control where the page says so', async () => {
  await visit.addInitScript(() => Object.defineProperty(navigator, 'globalPrivacyControl', { value: true }))
  collector.page('/', tracked('data-gpc="denied"'))
  const page = await open('/')
  await pause(500)
  expect([await leftBehind(page), collector.requests]).toEqual([[], []])
})

test('works from another origin under a policy that allows its host alone', async () => {
  const shop = await startCollector()
  const host = collector.origin
  shop.page('/', tracked().replace('/throughline.js', `${host}/throughline.js`), {
    'content-security-policy': `default-src 'none'; script-src ${host}; connect-src ${host}; form-action 'self'`,
  })
  const page = await visit.newPage()
  const refusals: string[] = []
  page.on('console', message => message.type() === 'error' && refusals.push(message.text()))
  await page.goto(`${shop.origin}/`)
  await arrived('page')
  await page.waitForFunction(() => Object.keys(localStorage).length === 1)
  await shop.stop()
  expect(refusals.filter(text => /policy/i.test(text))).toEqual([])
})

test('hands over the token of an e-mail link and takes it out of the address', async () => {
  const page = await open('/?a=1&tl=tok-en_1&b=2#part')
  await arrived('email_link_opened', 'page')
  expect(page.url()).toBe(`${collector.origin}/?a=1&b=2#part`)
  const [opened, view] = collector.events()
  expect(opened).toMatchObject({ event: 'email_link_opened', context: { email_link_token: 'tok-en_1' } })
  expect(view!.context).not.toHaveProperty('email_link_token')
  expect(JSON.stringify(collector.events().map(({ context }) => context.page))).not.toContain('tok-en_1')
})

test('goes on in memory where the browser refuses storage', async () => {
  await visit.addInitScript(() => {
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
  const page = await open('/')
  await page.evaluate(() => {
    const { throughline } = globalThis as Loaded
    throughline.identify('anna')
    const circle: Record<string, unknown> = {}
    circle.circle = circle
    throughline.track('impossible', circle)
    throughline.track('possible')
  })
  await arrived('page', 'identify', 'possible')
  expect(new Set(collector.events().map(({ anonymousId }) => anonymousId)).size).toBe(1)
  expect(of('possible')[0]!.userId).toBe('anna')
})
