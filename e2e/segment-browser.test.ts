import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FreshApp, freshApp } from '../test/app.ts'
import { openBrowser } from '../test/browser.ts'
import { sally, traitsOf } from '../test/people.ts'

let fresh: FreshApp
let browser: Awaited<ReturnType<typeof openBrowser>>
beforeAll(async () => {
  fresh = await freshApp()
  ;[browser] = await Promise.all([openBrowser(), fresh.listen()])
})
afterAll(() => browser.close())

test("Segment's library for browsers sends here unmodified, with the address that it loads from as the only change", async () => {
  const library = await bundle()
  const page = await browser.newPage({ userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0' })
  const failed: string[] = []
  page.on('pageerror', error => failed.push(String(error)))
  // On the server's own host: a browser asks a person before another site may reach an address of this machine.
  const shop = `${fresh.url}/shop?utm_source=letter`
  await page.route('**/shop?*', route => route.fulfill({ contentType: 'text/html', body: '<title>Prices</title>' }))
  await page.goto(shop, { referer: 'https://news.example/' })
  await page.addScriptTag({ content: library })
  const calls = { url: fresh.url, write_key: fresh.write_key, user_id: sally.user_id, traits: traitsOf(sally) }
  await page.evaluate(async ({ url, write_key, user_id, traits }) => {
    const { AnalyticsBrowser } = (window as unknown as { segment: typeof import('@segment/analytics-next') }).segment
    const analytics = AnalyticsBrowser.load({ writeKey: write_key, cdnURL: url })
    await analytics.page('Prices')
    await analytics.track('video_started', { video_id: 'intro' })
    await analytics.identify(user_id, traits)
  }, calls)

  await expect
    .poll(async () => (await fresh.database.system`select event from events order by occurred_at, id`).map(row => row.event))
    .toEqual(['page_viewed', 'video_started', 'identify'])
  expect(failed).toEqual([])
  const [contact] = await fresh.database.system`select email, user_id, stage, visit_count, first_touch from contacts`
  expect(contact).toMatchObject({ email: sally.email, user_id: sally.user_id, stage: 'engaged', visit_count: 1 })
  expect(contact!.first_touch).toMatchObject({ utm_source: 'letter', referring_domain: 'news.example' })
  const [visit] = await fresh.database.system`select browser, os, entry_url from sessions`
  expect(visit).toEqual({ browser: 'Firefox', os: 'Linux', entry_url: shop })
})

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: `export * from '@segment/analytics-next'`, resolveDir: process.cwd() },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'segment',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'silent',
  })
  return outputFiles[0]!.text
}
