import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { type FreshApp, freshApp } from '../test/app.ts'
import { openBrowser } from '../test/browser.ts'
import { basic, batch, identify, type Person, page as pageView, track, traitsOf } from '../test/people.ts'
import { PASSWORD, type SignedIn, signedIn } from '../test/session.ts'

export type Office = {
  fresh: FreshApp
  owner: SignedIn
  /** A tab of a signed-in owner, on a screen of the workspace. What its console complains about is in `complaints`. */
  open(path: string, how?: How): Promise<Page>
  /** The same for somebody who has no account, on any page. */
  visit(path: string, how?: How): Promise<Page>
  send(...messages: unknown[]): Promise<void>
  /** What the API answers the owner; a refusal fails the test. */
  ask<T>(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, payload?: object): Promise<T>
  /** Came from a campaign, registered, watched a video and bought. */
  buys(person: Person): Promise<void>
  complaints: string[]
  /** Closes every tab. */
  leave(): Promise<void>
}

type How = { width?: number; dark?: boolean; time_zone?: string }

/** The server with an owner who works at it, and a browser. */
export function openOffice(options: Parameters<typeof freshApp>[0] = {}): Office {
  const office = { complaints: [] as string[] } as Office
  let browser: Browser
  beforeAll(async () => {
    office.fresh = await freshApp(options)
    await office.fresh.listen()
    office.owner = await signedIn(office.fresh)
    browser = await openBrowser()
  })
  afterAll(() => browser?.close())

  const come = async (path: string, { width = 1280, dark = false, time_zone }: How = {}, signed_in: boolean) => {
    const context = await browser.newContext({
      viewport: { width, height: 800 },
      colorScheme: dark ? 'dark' : 'light',
      reducedMotion: 'reduce',
      locale: 'en-GB',
      ...(time_zone && { timezoneId: time_zone }),
    })
    const page = await context.newPage()
    page.setDefaultTimeout(40_000) // a busy machine takes its time
    page.on('pageerror', error => office.complaints.push(`${path}: ${error.message}`))
    page.on('console', message => {
      if (message.type() === 'error') office.complaints.push(`${path}: ${message.text()}`)
    })
    if (signed_in) await context.addCookies([cookie(office)])
    await page.goto(office.fresh.url + path.replace(/^\/w\b/, `/w/${office.fresh.workspace_id}`))
    return page
  }
  office.open = (path, how) => come(path, how, true)
  office.visit = (path, how) => come(path, how, false)
  office.leave = async () => {
    for (const context of browser.contexts()) await context.close()
  }
  office.send = async (...messages) => {
    const { url, write_key } = office.fresh
    const headers = { ...basic(write_key), 'content-type': 'application/json', 'user-agent': BROWSER }
    const response = await fetch(`${url}/v1/batch`, { method: 'POST', headers, body: JSON.stringify(batch(...messages)) })
    if (!response.ok) throw new Error(`the batch was answered with ${response.status}: ${await response.text()}`)
  }
  office.ask = async <T>(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, payload?: object) => {
    const { headers } = office.owner
    const answer = await office.fresh.app.inject({ method, url: `/api/v1${path}`, headers, ...(payload && { payload }) })
    if (answer.statusCode >= 300) throw new Error(`${method} ${path} was answered with ${answer.statusCode}: ${answer.body}`)
    return (answer.body ? answer.json() : undefined) as T
  }
  office.buys = person => office.send(...purchaseOf(person))
  return office
}

/** Nothing of the page lies beside the screen. */
export function expectWidth(page: Page, width: number) {
  return expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
}

/** Whatever can be pressed or filled in says what it is. */
export function expectNames(page: Page) {
  const nameless = () =>
    page.$$eval(':is(button, input, textarea, a)', all =>
      all
        .filter(one => one.checkVisibility() && !one.closest('[aria-hidden]'))
        .filter(one => !one.textContent?.trim() && !one.ariaLabel && !(one as HTMLInputElement).labels?.length)
        .map(one => one.outerHTML.slice(0, 200)),
    )
  return expect.poll(nameless).toEqual([])
}

/** Two keys belong together only within a moment, which a busy machine may miss: pressed again until the address is there. */
export async function goBy(page: Page, keys: string, address: string) {
  for (let k = 0; k < 30 && !page.url().includes(address); k++) {
    for (const key of keys) await page.keyboard.press(key)
    await page.waitForTimeout(300)
  }
  await page.waitForURL(`**${address}`)
}

/** Asks the command menu for something, and opens the first answer that has these words. */
export async function goByCommand(page: Page, asked: string, answer: RegExp) {
  await page.keyboard.press('Control+k')
  const field = page.getByPlaceholder('Find a contact or go to a screen')
  await field.pressSequentially(asked)
  await page.getByRole('button', { name: answer }).and(page.locator('[data-selected]')).waitFor()
  await field.press('Enter')
}

export { PASSWORD }

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'

function cookie({ fresh, owner }: Office) {
  const [name = '', value = ''] = owner.cookie.split(/=(.*)/)
  return { name, value, url: fresh.url }
}

function purchaseOf(person: Person) {
  const { email, laptop: anonymousId, user_id: userId } = person
  const context = { campaign: { source: 'newsletter', medium: 'email', name: 'spring' } }
  const video = { video_id: 'lesson', video_title: 'The first loaf' }
  const { firstName: first_name, lastName: last_name } = traitsOf(person)
  return [
    pageView('Pricing', { anonymousId, context, properties: { path: '/pricing', title: 'Pricing' } }),
    track('registration', { anonymousId, context, properties: { email, first_name, last_name } }),
    track('video_progress', { anonymousId, properties: { ...video, watch_percentage: 75 } }),
    track('enrollment_viewed', { anonymousId }),
    track('purchase_completed', { anonymousId, properties: { amount: 149, currency: 'EUR', order_id: `order-${userId}` } }),
    identify({ anonymousId, userId, traits: { email } }),
  ]
}
