import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import { fillDemo } from '../server/demo/fill.ts'
import type { EngagementReport, OverviewReport } from '../shared/journeys.ts'
import type { Segments } from '../shared/segments.ts'
import { bob, jane, john, type Person, sarah, track } from '../test/people.ts'
import { expectNames, expectWidth, openOffice } from './screens.ts'

const office = openOffice()
const { ask } = office

// Four people register. Sarah watches all of it and buys, Jane a third, John comes and does not press play, Bob never comes.
beforeAll(async () => {
  office.fresh.work()
  await ask('POST', '/funnels', { name: 'Bread school', funnel_id: 'bread-school' })
  await ask('POST', '/funnels', { name: 'Cake school', funnel_id: 'cake-school' })
  await office.send(
    ...journey(sarah, 'newsletter', [
      ['watch_page_viewed'],
      ['video_progress', { watch_percentage: 50, video_id: 'loaf', seconds_watched: 270 }],
      ['video_progress', { watch_percentage: 100, video_id: 'loaf', seconds_watched: 540 }],
      ['enrollment_viewed'],
      ['purchase_completed', { amount: 149, currency: 'USD', order_id: 'first' }],
    ]),
    ...journey(jane, 'newsletter', [
      ['watch_page_viewed'],
      ['video_progress', { watch_percentage: 33, video_id: 'loaf', seconds_watched: 180 }],
    ]),
    ...journey(john, 'google', [['watch_page_viewed']]),
    ...journey(bob, 'google', []),
  )
  // What happened is summed up a moment later.
  await vi.waitFor(
    async () => {
      expect((await overview()).totals).toMatchObject({ registrations: 4, views: 3, conversions: 1 })
      expect((await ask<EngagementReport>('GET', '/reports/engagement')).totals).toMatchObject({ watched: 2, converted: 1 })
    },
    { timeout: 120_000, interval: 200 },
  )
})

afterEach(async () => {
  await office.leave()
  expect(office.complaints.splice(0), 'errors in the console').toEqual([])
})

function journey(person: Person, source: string, steps: [event: string, properties?: Record<string, unknown>][]) {
  const { laptop: anonymousId, email, first_name, last_name } = person
  const context = { campaign: { source } }
  return [['registration', { email, first_name, last_name }] as (typeof steps)[number], ...steps].map(([event, properties]) =>
    track(event, { anonymousId, context, properties: { funnel_id: 'bread-school', ...properties } }),
  )
}

const overview = () => ask<OverviewReport>('GET', '/reports/overview')
const panel = (page: Page, name: string) => page.getByRole('region', { name, exact: true })
const drawer = (page: Page, name: string) => page.getByRole('dialog', { name })
/** A figure of the head, with all that stands at it. */
const figure = (page: Page, name: string) =>
  page
    .getByRole('region', { name: 'Totals' })
    .locator('div')
    .filter({ has: page.getByRole('term').filter({ hasText: new RegExp(`^${name}$`) }) })

test('the overview says how many came, how far, and how that stands to the aims', async () => {
  const page = await office.open('/w/reports')
  await figure(page, 'Registrations').getByText('4', { exact: true }).waitFor()
  await figure(page, 'Revenue').getByText('$149').waitFor()
  await page.getByRole('img', { name: 'Registrations: 4 in this period, 0 in the one before' }).waitFor()

  const far = panel(page, 'How far people come')
  for (const step of [
    'Registered: 4 people, 100% of those who registered',
    'Viewed: 3 people, 75% of those who registered',
    'Watched 25%: 2 people, 50% of those who registered',
    'Converted: 1 person, 25% of those who registered',
  ]) {
    await far.getByRole('link', { name: step }).waitFor()
  }
  const aims = panel(page, 'Rates and aims')
  await aims.getByRole('listitem').filter({ hasText: 'Registration to view' }).getByText('Within the aim').waitFor()
  await aims.getByRole('listitem').filter({ hasText: 'View to 25%' }).getByText('Below the aim').waitFor()
  await aims.getByRole('listitem').filter({ hasText: 'Registration to conversion' }).getByText('Above the aim').waitFor()

  await far.getByText('Exact numbers').click()
  const table = page.getByRole('table', { name: 'How far people come: exact numbers' })
  await table.getByRole('row', { name: 'Viewed 3 75% 1 0 –' }).waitFor()

  await panel(page, 'Registrations over time').getByRole('radiogroup').getByText('Revenue').click()
  await page.getByRole('img', { name: /^Revenue: .*149 in this period/ }).waitFor()
})

test('every bar leads to the people in it, by keys as well, and they lead to their contacts', async () => {
  const page = await office.open('/w/reports')
  const viewed = page.getByRole('link', { name: /^Viewed: 3 people/ })
  await viewed.focus()
  await viewed.press('Enter')
  const people = drawer(page, 'Viewed')
  await people.getByText('Sarah Johnson').waitFor()
  await expect.poll(() => people.getByRole('listitem').count()).toBe(3)
  await page.keyboard.press('Escape')
  await people.waitFor({ state: 'hidden' })

  // Who came as far as the step before, and no further.
  await page.getByRole('link', { name: /who did not come as far as viewed/ }).click()
  const lost = drawer(page, 'Registered, but not: viewed')
  await lost.getByText('Bob Baker').waitFor()
  await expect.poll(() => lost.getByRole('listitem').count()).toBe(1)
  await lost.getByRole('link', { name: /Bob Baker/ }).click()
  await page.waitForURL('**/contacts/*')
  await page.getByRole('heading', { name: 'Bob Baker' }).waitFor()
  await page.goBack()
  await lost.getByText('Bob Baker').waitFor()
})

test('engagement says how much they watch, who did, and how soon they convert', async () => {
  const page = await office.open('/w/reports')
  await figure(page, 'Registrations').waitFor()
  await page.getByRole('tab', { name: 'Engagement' }).click()
  await figure(page, 'Watched, of the registered').getByText('2 of 4').waitFor()
  await figure(page, 'Watched on average').getByText('66.5%').waitFor()
  await figure(page, 'Watched on average').getByText('Aim reached: at least 60%').waitFor()
  await figure(page, 'Watched all').getByText('50%').waitFor()
  await page.getByRole('link', { name: 'Within an hour: 1 person, 100%' }).click()
  await drawer(page, 'Converted: within an hour').getByRole('listitem').waitFor()
  await page.keyboard.press('Escape')
  await drawer(page, 'Converted: within an hour').waitFor({ state: 'hidden' })

  await panel(page, 'Segments')
    .getByRole('link', { name: /^Hot: 1 person/ })
    .click()
  await drawer(page, 'Hot').getByText('Sarah Johnson').waitFor()
  await page.keyboard.press('Escape')
  await drawer(page, 'Hot').waitFor({ state: 'hidden' })
  await panel(page, 'How much they watched')
    .getByRole('link', { name: /^Watched 30 to 39%: 1 person/ })
    .click()
  await drawer(page, 'Watched 30 to 39%').getByText('Jane Roe').waitFor()
})

test('a link keeps what is asked for: funnel, source, days and the period before', async () => {
  const page = await office.open('/w/reports')
  await figure(page, 'Registrations').getByText('4', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Filters' }).click()
  await page.getByLabel('Source of the first visit').fill('newsletter')
  await page.getByLabel('Source of the first visit').press('Enter')
  await figure(page, 'Registrations').getByText('2', { exact: true }).waitFor()
  await page.getByRole('switch', { name: 'Compare with the period before' }).click()
  await page.getByText(/^compared with/).waitFor({ state: 'hidden' })
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Filters · 2' }).waitFor()
  await page.getByRole('button', { name: /^Period/ }).click()
  await page.getByRole('button', { name: '7 days' }).click()
  await page.waitForURL('**days=7**')
  await page.keyboard.press('Escape')
  await page.getByRole('combobox', { name: 'Funnel' }).click()
  await page.getByRole('option', { name: 'Cake school' }).click()
  await figure(page, 'Registrations').getByText('0', { exact: true }).waitFor()
  await page.getByText('Nothing in this period.').waitFor()
  await page.getByRole('heading', { name: 'Nobody registered in this period' }).waitFor()
  await page.getByRole('button', { name: 'Copy link' }).waitFor()

  const { pathname, search } = new URL(page.url())
  const again = await office.open(pathname.replace(/^\/w\/\d+/, '/w') + search)
  await figure(again, 'Registrations').getByText('0', { exact: true }).waitFor()
  await expect.poll(() => again.getByRole('combobox', { name: 'Funnel' }).inputValue()).toBe('Cake school')
  await again.getByRole('combobox', { name: 'Funnel' }).click()
  await again.getByRole('option', { name: 'Bread school' }).click()
  await figure(again, 'Registrations').getByText('2', { exact: true }).waitFor()
  await again.getByRole('button', { name: 'Period: Last 7 days' }).waitFor()
  await again.getByRole('button', { name: 'Filters · 2' }).waitFor()
})

test("leaves those of a segment, also of one of the workspace's own", async () => {
  await ask('POST', '/segments', { name: 'Buyers', rule: { kind: 'stage', stage: 'converted' } })
  await expect
    .poll(async () => (await ask<Segments>('GET', '/segments')).data)
    .toMatchObject([{ contact_count: 1, progress: null }])
  const page = await office.open('/w/reports')
  await figure(page, 'Registrations').getByText('4', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Filters' }).click()
  const field = page.getByRole('combobox', { name: 'Segment' })
  await field.click()
  await page.getByRole('option', { name: 'Sampler' }).click()
  await page.getByRole('link', { name: 'Watched 25%: 1 person, 100% of those who registered' }).waitFor()
  await page.getByRole('link', { name: /^Converted/ }).waitFor({ state: 'hidden' })
  await field.click()
  await page.getByRole('option', { name: 'Buyers' }).click()
  await page.getByRole('link', { name: 'Converted: 1 person, 100% of those who registered' }).waitFor()
  await page.waitForURL('**segment_id=**')
})

test('an address that nobody can have meant shows what there is', async () => {
  const page = await office.open('/w/reports?time_zone=Mars&people=step:flew&segment=cold&days=-3&measure=joy')
  await figure(page, 'Registrations').getByText('4', { exact: true }).waitFor()
  await page.getByText('Days are those of UTC').waitFor()
})

test('a chart is saved as a sheet and as a picture', async () => {
  const page = await office.open('/w/reports')
  const far = panel(page, 'How far people come')
  await far.getByRole('link', { name: /^Viewed: 3 people/ }).waitFor()
  const saved = async (button: string) => {
    const [download] = await Promise.all([page.waitForEvent('download'), far.getByRole('button', { name: button }).click()])
    return { name: download.suggestedFilename(), bytes: readFileSync((await download.path())!) }
  }
  const sheet = await saved('Save How far people come as CSV')
  expect(sheet.name).toMatch(/^overview report step \d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d\.csv$/)
  expect(sheet.bytes.toString()).toContain('step,viewed,3,0.75,0,\r\n')
  const picture = await saved('Save How far people come as PNG')
  expect(picture.name).toMatch(/\.png$/)
  expect(picture.bytes.subarray(1, 4).toString()).toBe('PNG')
  // Twice the size of the chart: a picture that was drawn, and not an empty one.
  expect(picture.bytes.readUInt32BE(16)).toBeGreaterThan(600)
  expect(picture.bytes.length).toBeGreaterThan(5000)
})

test('a dashboard is saved for everybody, opened, changed and deleted', async () => {
  const page = await office.open('/w/reports?tab=engagement&utm_source=newsletter')
  await figure(page, 'Watched, of the registered').getByText('2 of 2').waitFor()
  const menu = page.getByRole('button', { name: 'Dashboards' })
  await menu.click()
  await page.getByRole('menuitem', { name: 'Save as…' }).click()
  const form = page.getByRole('dialog', { name: 'Save as a dashboard' })
  await form.getByLabel('Name').fill('Newsletter')
  await form.getByRole('switch', { name: 'Everybody in the workspace sees it' }).click()
  await form.getByRole('button', { name: 'Save' }).click()
  await page.waitForURL('**dashboard=**')

  const other = await office.open('/w/reports')
  await figure(other, 'Registrations').getByText('4', { exact: true }).waitFor()
  await other.getByRole('button', { name: 'Dashboards' }).click()
  await other.getByText('Shared', { exact: true }).waitFor()
  await other.getByRole('menuitem', { name: 'Newsletter' }).click()
  await figure(other, 'Watched, of the registered').getByText('2 of 2').waitFor()
  await other.getByRole('tab', { name: 'Overview' }).click()
  await figure(other, 'Registrations').getByText('2', { exact: true }).waitFor()
  await other.getByRole('button', { name: 'Dashboards' }).click()
  await other.getByRole('menuitem', { name: 'Save changes to Newsletter' }).click()
  await other.getByText('Newsletter was saved').waitFor()

  await page.reload()
  await menu.click()
  await page.getByRole('menuitem', { name: 'Newsletter', exact: true }).click()
  await figure(page, 'Registrations').getByText('2', { exact: true }).waitFor()
  await menu.click()
  await page.getByRole('menuitem', { name: 'Rename or share…' }).click()
  const rename = page.getByRole('dialog', { name: 'Rename or share' })
  await rename.getByLabel('Name').fill('The letter')
  await rename.getByRole('button', { name: 'Save' }).click()
  await rename.waitFor({ state: 'hidden' })
  await menu.click()
  await page.getByRole('menuitem', { name: 'The letter', exact: true }).waitFor()
  await page.getByRole('menuitem', { name: 'Delete…' }).click()
  await page.getByRole('dialog', { name: 'Delete The letter?' }).getByRole('button', { name: 'Delete' }).click()
  await page.getByText('The letter was deleted').waitFor()
  expect(await ask('GET', '/dashboards')).toEqual({ data: [] })
  // What is looked at stays.
  await figure(page, 'Registrations').getByText('2', { exact: true }).waitFor()
})

test.each([
  ['reports', 'How far people come'],
  ['reports?tab=engagement', 'How much they watched'],
])('fits a phone, in the dark too: %s', async (screen, last) => {
  const page = await office.open(`/w/${screen}`, { width: 390, dark: true })
  await panel(page, last).getByRole('link').first().waitFor()
  await panel(page, last).getByText('Exact numbers').click()
  await expectWidth(page, 390)
  expect(await page.locator('.reports-panel:has(.dashboard)').evaluate(one => one.scrollWidth - one.clientWidth)).toBe(0)
  await expectNames(page)
})

// With PICTURES=1 the pictures of the README are taken: of the demo, which is fuller.
test.runIf(process.env.PICTURES)('the demo fills every dashboard', { timeout: 600_000 }, async () => {
  const { database, workspace_id } = office.fresh
  await database.system`
    update workspaces set name = 'Rye & Ember', time_zone = 'Europe/Berlin', currency = 'EUR' where id = ${workspace_id}`
  await fillDemo(database, { workspace_id, people: 1500, days: 90 })
  const waiting = async () => {
    const [row] = await database.system`
      select (select count(*) from journey_batches) + (select count(*) from moved_people) + (select count(*) from event_batches) as rows`
    return Number(row!.rows)
  }
  await expect.poll(waiting, { timeout: 300_000 }).toBe(0)
  mkdirSync('docs/pictures', { recursive: true })
  for (const [name, search, shown, dark] of [
    ['dashboard', '?funnel_id=sourdough-season', page => panel(page, 'How far people come').locator('svg'), false],
    ['engagement-dark', '?tab=engagement&funnel_id=sourdough-season', page => panel(page, 'Segments').locator('svg'), true],
    [
      'attribution',
      '?tab=attribution&funnel_id=sourdough-season',
      page => page.getByRole('table', { name: 'Attribution by source' }),
      false,
    ],
  ] as [name: string, search: string, shown: (page: Page) => Locator, dark: boolean][]) {
    const page = await office.open(`/w/reports${search}`, { dark })
    await page.setViewportSize({ width: 1280, height: 1110 })
    await shown(page).waitFor()
    await page.waitForLoadState('networkidle')
    await page.screenshot({ path: join('docs/pictures', `${name}.png`) })
  }
})
