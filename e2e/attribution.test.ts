import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import type { AttributionReport } from '../shared/attribution.ts'
import { jane, john, type Person, page as pageView, sarah, track } from '../test/people.ts'
import { expectWidth, openOffice } from './screens.ts'

const office = openOffice()
const { ask } = office

const DAY = 86_400_000
const daysAgo = (days: number) => new Date(Date.now() - days * DAY).toISOString()

// Sarah hears of the school in a newsletter, comes again through an ad and buys. Jane comes through the ad and registers, John by himself.
beforeAll(async () => {
  office.fresh.work()
  await ask('POST', '/funnels', { name: 'Bread school', funnel_id: 'bread-school' })
  await office.send(
    visit(sarah, 10, { source: 'newsletter', medium: 'email' }),
    register(sarah, 9),
    visit(sarah, 3, { source: 'google', medium: 'cpc', name: 'spring' }),
    track('purchase_completed', {
      anonymousId: sarah.laptop,
      timestamp: daysAgo(2),
      properties: { amount: 200, currency: 'USD', order_id: 'first', funnel_id: 'bread-school' },
    }),
    visit(jane, 5, { source: 'google', medium: 'cpc', name: 'spring' }),
    register(jane, 5),
    visit(john, 4),
    register(john, 4),
  )
  // What happened is summed up a moment later.
  await vi.waitFor(
    async () => expect((await report()).totals).toMatchObject({ registered: 3, converted: 1, conversions: 1, revenue: 200 }),
    { timeout: 120_000, interval: 200 },
  )
})

afterEach(async () => {
  await office.leave()
  expect(office.complaints.splice(0), 'errors in the console').toEqual([])
})

function visit({ laptop }: Person, days: number, campaign?: Record<string, string>) {
  const context = { page: { url: 'https://bread.example/' }, ...(campaign && { campaign }) }
  return pageView('Home', { anonymousId: laptop, timestamp: daysAgo(days), context })
}

function register({ laptop, email, first_name, last_name }: Person, days: number) {
  const properties = { email, first_name, last_name, funnel_id: 'bread-school' }
  return track('registration', { anonymousId: laptop, timestamp: daysAgo(days), properties })
}

const report = () => ask<AttributionReport>('GET', '/reports/attribution?funnel_id=bread-school')
const table = (page: Page, by: string) => page.getByRole('table', { name: `Attribution by ${by}`, exact: true })

async function choose(page: Page, field: string, choice: string) {
  await page.getByRole('combobox', { name: field, exact: true }).click()
  await page.getByRole('option', { name: choice }).click()
}

test('each model says who gets how much of a sale, in bars and in exact numbers', async () => {
  const page = await office.open('/w/reports')
  await page.getByRole('tab', { name: 'Attribution' }).click()
  const google = table(page, 'source').getByRole('row', { name: /^google/ })
  const newsletter = table(page, 'source').getByRole('row', { name: /^newsletter/ })
  await google.getByText('$200').waitFor()
  await newsletter.getByText('$0').first().waitFor()
  await page
    .getByRole('region', { name: 'Revenue by source' })
    .getByRole('link', { name: /^google: .*\$200, .*\$0 in the period before/ })
    .waitFor()
  await table(page, 'source')
    .getByRole('row', { name: /^Direct or not named 1 0 0 0/ })
    .waitFor()

  await choose(page, 'Model', 'Linear')
  await page.getByText('Linear: Every visit that somebody sent gets the same part.').waitFor()
  await google.getByText('$100').waitFor()
  await newsletter.getByText('$100').waitFor()
  await choose(page, 'Model', 'First touch')
  await newsletter.getByText('$200').waitFor()

  // The link keeps what is looked at.
  await choose(page, 'By', 'By campaign')
  await table(page, 'campaign')
    .getByRole('row', { name: /^spring/ })
    .waitFor()
  await page.reload()
  await table(page, 'campaign')
    .getByRole('row', { name: /^spring 1 / })
    .waitFor()
  await expect.poll(() => page.getByRole('combobox', { name: 'Model', exact: true }).inputValue()).toBe('First touch')
})

test('every bar leads to the people in it, and they lead to their contacts', async () => {
  const page = await office.open('/w/reports?tab=attribution&funnel_id=bread-school&model=linear')
  const revenue = page.getByRole('region', { name: 'Revenue by source' })
  await revenue.getByRole('link', { name: /^google: .*\$100/ }).click()
  const won = page.getByRole('dialog', { name: 'google: converted' })
  await won.getByText(/^0\.5 conversions, .*\$100/).waitFor()
  await expect.poll(() => won.getByRole('listitem').count()).toBe(1)
  await page.keyboard.press('Escape')
  await won.waitFor({ state: 'hidden' })

  await revenue.getByRole('radiogroup').getByText('Registrations').click()
  const bars = page.getByRole('region', { name: 'Registrations by source' })
  await bars.getByRole('link', { name: /^Direct or not named: 1/ }).click()
  await page.getByRole('dialog', { name: 'Direct or not named: registered' }).getByText('John Doe').waitFor()
  await page.keyboard.press('Escape')
  await bars.getByRole('link', { name: /^newsletter: 1, 0 in the period before/ }).click()
  const people = page.getByRole('dialog', { name: 'newsletter: registered' })
  await people.getByRole('link', { name: /Sarah Johnson/ }).click()
  await page.waitForURL('**/contacts/*')
  await page.getByRole('heading', { name: 'Sarah Johnson' }).waitFor()
})

test('the table is a file', async () => {
  const page = await office.open('/w/reports?tab=attribution&model=position_based')
  await table(page, 'source')
    .getByRole('row', { name: /^google/ })
    .waitFor()
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'CSV' }).click()])
  expect(file.suggestedFilename()).toMatch(/^attribution report by source position based .*\.csv$/)
  const lines = readFileSync(await file.path(), 'utf8').split('\r\n')
  expect(lines[0]).toContain(',conversions,revenue,previous.registered,')
  expect(lines.find(line => line.startsWith('group,newsletter,'))).toMatch(/^group,newsletter,1,0,0,1,1,0\.5,100,/)
})

test('it fits a phone, and a funnel without anybody says so', async () => {
  const page = await office.open('/w/reports?tab=attribution', { width: 390, dark: true })
  await page
    .getByRole('region', { name: 'Revenue by source' })
    .getByRole('link', { name: /^google/ })
    .waitFor()
  await expectWidth(page, 390)
  expect(await page.locator('.reports-panel:has(.dashboard)').evaluate(one => one.scrollWidth - one.clientWidth)).toBe(0)
  await ask('POST', '/funnels', { name: 'Cake school', funnel_id: 'cake-school' })
  await page.reload()
  await choose(page, 'Funnel', 'Cake school')
  await page.getByText('Nothing in this period, and nothing in the one before.').waitFor()
})
