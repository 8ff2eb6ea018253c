import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { expect, test as plain } from 'vitest'
import { openBrowser } from '../test/browser.ts'
import { buildTracker } from '../tracker/build.js'
import type { Throughline } from '../tracker/index.ts'
import { startCollector } from './collector.ts'

export type Loaded = typeof globalThis & { throughline: Throughline }
export type Shop = Awaited<ReturnType<typeof openShop>>

/** `test` with a shop: a collector, a page that carries the tracker as built, and one visitor's browser. */
export const test = plain.extend<{ browser: Browser; tracker: string; shop: Shop }>({
  browser: [
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads the names of the fixtures from here
    async ({}, use) => {
      const browser = await openBrowser()
      await use(browser)
      await browser.close()
    },
    { scope: 'file' },
  ],
  tracker: [
    // biome-ignore lint/correctness/noEmptyPattern: as above
    async ({}, use) => use((await buildTracker(mkdtempSync(join(tmpdir(), 'tracker-')))).file),
    { scope: 'file' },
  ],
  shop: async ({ browser, tracker }, use) => {
    const shop = await openShop(await browser.newContext(), tracker)
    await use(shop)
    // Chromium may never close what is on its way to another page; it ends with the file.
    await Promise.race([shop.visit.close(), pause(30_000)])
    await shop.collector.stop()
    expect(shop.errors).toEqual([])
  },
})

export const tracked = (attributes = '', body = '') =>
  `<!doctype html><title>Shop</title><script async src="/throughline.js" data-write-key="wk_test" ${attributes}></script>${body}`

export const pause = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds))

/** Everything that the tracker may have left on the device. */
export function leftBehind(page: Page): Promise<string[]> {
  return page.evaluate(() => [...Object.keys(localStorage), ...Object.keys(sessionStorage), document.cookie].filter(Boolean))
}

async function openShop(visit: BrowserContext, tracker: string) {
  const collector = await startCollector()
  collector.files('/throughline.js', tracker)
  collector.files('/demo/', 'demo/', { 'content-security-policy': "default-src 'self'; object-src 'none'" })
  collector.page('/', tracked())
  collector.page('/elsewhere', '<title>Elsewhere</title>')
  const errors: string[] = []

  async function open(path: string): Promise<Page> {
    const page = await visit.newPage()
    page.on('pageerror', error => errors.push(error.message))
    await page.goto(collector.origin + path)
    await page.waitForFunction(() => 'visitor' in ((globalThis as Loaded).throughline ?? {}))
    return page
  }
  const nameOf = ({ type, event }: { type: string; event?: string }) => event ?? type

  return {
    collector,
    visit,
    /** What went wrong in the pages; a tracker adds nothing to it. */
    errors,
    open,
    events: collector.events,
    kinds: () => collector.events().map(nameOf),
    of: (name: string) => collector.events().filter(event => nameOf(event) === name),
  }
}

/** Waits until exactly these have come, in whatever order. */
export async function arrived(shop: Shop, ...names: string[]): Promise<void> {
  await expect.poll(() => shop.kinds().sort()).toEqual(names.sort())
}
