import { expect } from 'vitest'
import { test } from './shop.ts'

test('the demo shop follows one person from a campaign to the purchase, and forgets them at log-out', async ({ shop }) => {
  shop.collector.page('/demo/config.js', `window.demo = { write_key: 'wk_demo' }`, { 'content-type': 'text/javascript' })
  const page = await shop.open('/demo/index.html?utm_source=newsletter&utm_campaign=first_loaf')
  const isReady = async (name: string) => {
    await page.waitForURL(`**/${name}.html*`)
    await page.waitForSelector('.throughline code')
  }
  await isReady('index')
  await page.click('text=Watch the free lesson')
  await isReady('register')
  await page.fill('[name=first_name]', 'Sarah')
  await page.fill('[name=last_name]', 'Johnson')
  await page.fill('[name=email]', 'Sarah@example.com')
  await page.click('form button')
  await isReady('watch')
  await page.evaluate(async () => {
    const video = document.querySelector('video')!
    video.playbackRate = 16
    await video.play()
  })
  await expect.poll(() => shop.of('video_completed').length).toBe(1)
  await page.click('text=See the season')
  await isReady('enroll')
  await page.click('text=Take a place')
  await isReady('buy')
  await page.click('text=baker')
  await page.fill('[name=email]', 'sarah@example.com')
  await page.click('form button')
  await page.waitForURL('**/thanks.html?order=*')
  await expect.poll(() => shop.of('purchase_completed').length).toBe(1)

  const names = [
    'registration_page_viewed',
    'registration',
    'alias',
    'watch_page_viewed',
    'video_started',
    'enrollment_viewed',
    'purchase_initiated',
  ]
  // What a page sends as it goes may arrive after what the next one sends.
  for (const name of names) await expect.poll(() => shop.of(name), { message: name }).toHaveLength(1)
  await expect.poll(() => shop.of('offer_clicked')).toHaveLength(2)
  expect(shop.of('registration')[0]!.properties).toEqual({
    first_name: 'Sarah',
    last_name: 'Johnson',
    email: 'Sarah@example.com',
  })
  expect(shop.of('purchase_completed')[0]).toMatchObject({
    userId: 'sarah@example.com',
    properties: { amount: 189, currency: 'EUR', order_id: expect.stringMatching(/^RE-\d{6}$/) },
  })
  expect(new Set(shop.events().map(({ anonymousId }) => anonymousId)).size).toBe(1)
  await expect.poll(() => page.textContent('[data-order]')).toMatch(/^RE-\d{6}$/)

  await expect.poll(() => page.textContent('.throughline')).toContain('sarah@example.com')
  await page.click('text=Log out')
  await expect.poll(() => page.textContent('.throughline')).toContain('nobody yet')
})
