import { expect } from 'vitest'
import { arrived, type Loaded, test } from './shop.ts'

test('carries both ids after a log-in, and makes a new visitor when another user logs in on the same device', async ({
  shop,
  expect,
}) => {
  const page = await shop.open('/')
  await page.evaluate(() => {
    const { throughline } = globalThis as Loaded
    throughline.identify('anna', { plan: 'pro' })
    throughline.track('hers')
    throughline.identify('bela')
    throughline.track('his')
    throughline.identify({ city: 'Graz' })
    throughline.identify(null)
  })
  await arrived(shop, 'page', 'identify', 'hers', 'identify', 'his', 'identify')
  const [view, anna, hers, bela, his, traits] = shop.events()
  expect(anna).toMatchObject({ userId: 'anna', traits: { plan: 'pro' }, anonymousId: view!.anonymousId })
  expect(hers).toMatchObject({ userId: 'anna', anonymousId: view!.anonymousId })
  expect(bela!.anonymousId).not.toBe(view!.anonymousId)
  expect(his).toMatchObject({ userId: 'bela', anonymousId: bela!.anonymousId })
  expect(traits).toMatchObject({ userId: 'bela', traits: { city: 'Graz' }, anonymousId: bela!.anonymousId })
})

test('ties a sign-up to what the visitor did before', async ({ shop }) => {
  const page = await shop.open('/')
  await page.evaluate(() => (globalThis as Loaded).throughline.alias('anna@example.com'))
  await page.reload()
  await arrived(shop, 'page', 'alias', 'page')
  const [alias] = shop.of('alias')
  const [view, later] = shop.of('page')
  expect(alias).toMatchObject({ userId: 'anna@example.com', previousId: view!.anonymousId, anonymousId: view!.anonymousId })
  expect(later).toMatchObject({ userId: 'anna@example.com', anonymousId: view!.anonymousId })
})

test('forgets the user and the registered properties at reset, in every tab', async ({ shop }) => {
  const page = await shop.open('/')
  const other = await shop.open('/')
  await page.evaluate(() => {
    const { throughline } = globalThis as Loaded
    throughline.register({ plan: 'pro' })
    throughline.identify('anna')
    throughline.reset()
  })
  await other.evaluate(() => (globalThis as Loaded).throughline.track('after'))
  await arrived(shop, 'page', 'page', 'identify', 'after')
  const [identify, after] = [shop.of('identify')[0]!, shop.of('after')[0]!]
  expect(identify).toMatchObject({ userId: 'anna', properties: { plan: 'pro' } })
  expect(after.userId).toBeUndefined()
  expect(after.properties).toEqual({})
  expect(after.anonymousId).not.toBe(identify.anonymousId)
  expect(await page.evaluate(() => document.cookie)).toBe(`tl_id=${after.anonymousId}`)
})

test('hands over the token of an e-mail link and takes it out of the address', async ({ shop }) => {
  const page = await shop.open('/?a=1&tl=tok-en_1&b=2#part')
  await arrived(shop, 'email_link_opened', 'page')
  expect(page.url()).toBe(`${shop.collector.origin}/?a=1&b=2#part`)
  const [opened, view] = shop.events()
  expect(opened).toMatchObject({ event: 'email_link_opened', context: { email_link_token: 'tok-en_1' } })
  expect(view!.context).not.toHaveProperty('email_link_token')
  expect(JSON.stringify(shop.events().map(({ context }) => context.page))).not.toContain('tok-en_1')
})
