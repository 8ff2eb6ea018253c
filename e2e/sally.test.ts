import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser } from '../test/browser.ts'
import { openOffice } from './screens.ts'

/**
 * The whole thread, as a newcomer walks it: Sally browses the demo shop without a name, signs up, logs in, watches half a lesson;
 * the owner finds one contact with everything that she did, in order, while it happens.
 * With PICTURES=1 the pictures of the README are taken on the way.
 */

const office = openOffice()
let visit: Page
beforeAll(async () => {
  const browser = await openBrowser()
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' })
  visit = await context.newPage()
  return () => browser.close()
})
afterAll(() => office.leave())

test('Sally browses without a name, signs up, logs in, watches half a lesson, and is one contact with all of it', async () => {
  const { url } = office.fresh
  await visit.goto(`${url}/demo/?utm_source=newsletter&utm_medium=email&utm_campaign=first_loaf`)
  await visit.waitForSelector('.throughline code')
  await visit.click('text=The season')
  await visit.waitForURL('**/enroll.html')

  const owner = await office.open('/w/contacts')
  await owner.waitForSelector('text=/no contacts|nobody|first contact/i')

  await visit.click('nav >> text=Free lesson')
  await isReady('register')
  await visit.fill('[name=first_name]', 'Sally')
  await visit.fill('[name=last_name]', 'Susa')
  await visit.fill('[name=email]', 'sally@email.com')
  await visit.click('form button')
  await visit.waitForURL('**/watch.html')

  await isReady('watch')
  await visit.click('text=Log in')
  await isReady('login')
  await visit.fill('[name=email]', 'sally@email.com')
  await visit.click('form button')
  await isReady('watch')
  await watchHalf(visit)

  await expect.poll(() => done()).toContain('video_progress')
  await owner.reload()
  await owner.click('text=Sally Susa')
  await owner.waitForSelector('text=sally@email.com')
  await expect.poll(() => owner.textContent('body')).toMatch(/50\s?%/)

  const contacts = await office.fresh.database.system`
    select id, name, stage, watch_percentage, user_id from contacts where workspace_id = ${office.fresh.workspace_id}`
  expect(contacts).toMatchObject([{ name: 'Sally Susa', watch_percentage: 50, user_id: 'sally@email.com' }])
  const story = await done()
  const milestones = [
    'page_viewed',
    'enrollment_viewed',
    'registration_page_viewed',
    'registration',
    'alias',
    'identify',
    'video_started',
    'video_progress',
  ]
  const places = milestones.map(name => story.indexOf(name))
  expect(places, story.join(' ')).toEqual([...places].sort((a, b) => a - b))
  expect(places[0]).toBeGreaterThanOrEqual(0)

  await picture(owner, 'timeline')
  await owner.click('role=tab[name=/identity/i]')
  await owner.waitForSelector('text=/undo/i')
  await picture(owner, 'identity')
  expect(office.complaints).toEqual([])
})

/** What the one contact did, the oldest first. */
async function done(): Promise<string[]> {
  const rows = await office.fresh.database.system<{ event: string }[]>`
    select e.event
      from events e
      join contacts_visitors cv on cv.workspace_id = e.workspace_id and cv.visitor_id = e.visitor_id
     where e.workspace_id = ${office.fresh.workspace_id}
     order by e.occurred_at, e.id`
  return rows.map(row => row.event)
}

/** A page of the shop with its scripts. */
async function isReady(name: string) {
  await visit.waitForURL(`**/${name}.html`)
  await visit.waitForSelector('.throughline code')
}

async function watchHalf(page: Page) {
  await page.evaluate(async () => {
    const video = document.querySelector('video')!
    video.playbackRate = 8
    await video.play()
    await new Promise<void>(resolve => {
      const timer = setInterval(() => {
        // Slowly past the half: a machine that stands still for a moment is not to see three quarters.
        if (video.currentTime > video.duration * 0.45) video.playbackRate = 1
        if (video.currentTime < video.duration * 0.55) return
        clearInterval(timer)
        video.pause()
        resolve()
      }, 20)
    })
  })
}

async function picture(page: Page, name: string) {
  if (!process.env.PICTURES) return
  mkdirSync('docs/pictures', { recursive: true })
  await page.waitForTimeout(500) // what moves comes to rest
  await page.screenshot({ path: join('docs/pictures', `${name}.png`) })
}
