import { expect } from 'vitest'
import { arrived, type Loaded, leftBehind, pause, test, tracked } from './shop.ts'

test('neither keeps nor sends anything until consent is granted, and then sends what waited', async ({ shop }) => {
  shop.collector.page('/', tracked('data-consent="required"'))
  const page = await shop.open('/?utm_source=news')
  await page.evaluate(() => (globalThis as Loaded).throughline.identify('anna'))
  await pause(500)
  expect(await leftBehind(page)).toEqual([])
  expect(shop.collector.requests).toEqual([])
  expect(await page.evaluate(() => (globalThis as Loaded).throughline.visitor())).toBeUndefined()
  await page.evaluate(() => (globalThis as Loaded).throughline.consent('granted'))
  await arrived(shop, 'page', 'identify')
  expect(shop.events()[0]!.context.campaign).toEqual({ source: 'news' })
  const { anonymousId } = shop.events()[0]!
  const again = await shop.open('/')
  await again.evaluate(() => (globalThis as Loaded).throughline.consent('granted'))
  await arrived(shop, 'page', 'identify', 'page')
  expect(new Set(shop.events().map(event => event.anonymousId))).toEqual(new Set([anonymousId]))
})

test('throws away what waited and what was kept when consent is denied', async ({ shop }) => {
  await shop.open('/')
  await arrived(shop, 'page')
  shop.collector.page('/', tracked('data-consent="required"'))
  const page = await shop.open('/')
  await page.evaluate(() => {
    const { throughline } = globalThis as Loaded
    throughline.consent('denied')
    throughline.track('never')
  })
  await pause(500)
  await page.goto(`${shop.collector.origin}/elsewhere`)
  expect(await leftBehind(page)).toEqual([])
  expect(shop.kinds()).toEqual(['page'])
})

test('names nobody and keeps nothing without cookies, until consent is granted', async ({ shop }) => {
  shop.collector.page('/', tracked('data-consent="cookieless"'))
  const page = await shop.open('/')
  await arrived(shop, 'page')
  expect(shop.events()[0]!.anonymousId).toBeUndefined()
  expect(shop.events()[0]!.context.cookieless).toBe(true)
  expect(await leftBehind(page)).toEqual([])
  await page.evaluate(() => {
    const { throughline } = globalThis as Loaded
    throughline.consent('granted')
    throughline.track('named')
  })
  await arrived(shop, 'page', 'named')
  expect(shop.of('named')[0]!.anonymousId).toMatch(/^[0-9a-f-]{36}$/)
  expect(shop.of('named')[0]!.context.cookieless).toBeUndefined()
})

test('respects Global Privacy Control where the page says so', async ({ shop }) => {
  await shop.visit.addInitScript(() => Object.defineProperty(navigator, 'globalPrivacyControl', { value: true }))
  shop.collector.page('/', tracked('data-gpc="denied"'))
  const page = await shop.open('/')
  await pause(500)
  expect([await leftBehind(page), shop.collector.requests]).toEqual([[], []])
})

test('says what is answered to a purpose, sends nothing after a no to analytics, and goes on after a yes', async ({ shop }) => {
  const page = await shop.open('/')
  await arrived(shop, 'page')
  await page.evaluate(() => (globalThis as Loaded).throughline.consent('marketing', true, '2026-01'))
  await arrived(shop, 'page', 'consent_changed')
  await page.evaluate(() => {
    const { throughline } = globalThis as Loaded
    throughline.consent('analytics', false, '2026-01')
    throughline.track('never')
  })
  await arrived(shop, 'page', 'consent_changed', 'consent_changed')
  expect(await leftBehind(page)).toEqual([])
  expect(await page.evaluate(() => (globalThis as Loaded).throughline.visitor())).toBeUndefined()
  await page.evaluate(() => {
    const { throughline } = globalThis as Loaded
    throughline.consent('analytics', true)
    throughline.track('seen_again')
  })
  await arrived(shop, 'page', 'consent_changed', 'consent_changed', 'consent_changed', 'seen_again')
  const [first] = shop.of('page')
  const said = shop.of('consent_changed')
  expect(said[0]!.properties).toEqual({ purposes: { marketing: true }, text_version: '2026-01' })
  expect(said.map(({ properties }) => properties.purposes)).toEqual([
    { marketing: true },
    { analytics: false },
    { analytics: true },
  ])
  // The no is of the visitor who was watched until then; whoever allows it afterwards is somebody new.
  expect(said.slice(0, 2).map(({ anonymousId }) => anonymousId)).toEqual([first!.anonymousId, first!.anonymousId])
  expect(said[2]!.anonymousId).not.toBe(first!.anonymousId)
})

test('sends nothing after a word that is no answer, as of a choice that nobody made', async ({ shop }) => {
  const page = await shop.open('/')
  await arrived(shop, 'page')
  await page.evaluate(() => {
    const { throughline } = globalThis as Loaded
    throughline.consent('marketing', undefined)
    throughline.track('never')
    throughline.consent('granted')
    throughline.track('seen_again')
  })
  await arrived(shop, 'page', 'seen_again')
})

test('waits with what was answered before it started, and tells nothing of a no', async ({ shop }) => {
  shop.collector.page('/', tracked('', '<script>throughline = [["consent", "analytics", false]]</script>'))
  await shop.open('/')
  shop.collector.page('/', tracked('data-consent="required"', '<script>throughline = [["consent", "analytics", true]]</script>'))
  const page = await shop.open('/')
  await arrived(shop, 'consent_changed', 'page')
  expect(await leftBehind(page)).not.toEqual([])
})
