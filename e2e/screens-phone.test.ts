import { afterEach, expect, test } from 'vitest'
import { prepareFirstStart } from '../server/workspaces/first-start.ts'
import { freshApp } from '../test/app.ts'
import { sarah } from '../test/people.ts'
import { expectNames, expectWidth, openOffice } from './screens.ts'

const office = openOffice()

afterEach(async () => {
  await office.leave()
  expect(office.complaints.splice(0), 'errors in the console').toEqual([])
})

test('lets the first owner in by the link that the start printed, straight to the set-up', async () => {
  const fresh = await freshApp()
  const { token } = await prepareFirstStart(fresh.database)
  const page = await office.open('/sign-in', { width: 390 })
  await page.context().clearCookies()
  await page.goto(`${await fresh.listen()}/welcome?token=${token}`)
  await page.getByLabel('Your name').fill('Ada Moreau')
  await page.getByLabel('E-mail').fill('ada@example.com')
  await page.getByLabel('Password').first().fill('long enough now')
  await page.getByLabel('Your site or company').fill('Bread School')
  await page.getByRole('button', { name: 'Begin' }).click()
  await page.waitForURL('**/setup')
  await page.getByText('Waiting for your first event').waitFor()
})

test('says how to get in when the link of the first owner was used already', async () => {
  const { token } = await prepareFirstStart(office.fresh.database)
  expect(token, 'there is an owner').toBe(undefined)
  const page = await office.open('/welcome?token=a-link-that-was-used-already', { width: 390 })
  await page.getByLabel('Your name').fill('Ada')
  await page.getByLabel('E-mail').fill('ada@example.com')
  await page.getByLabel('Password').first().fill('short')
  await page.getByRole('button', { name: 'Begin' }).click()
  await page.getByText('At least 10 characters', { exact: true }).waitFor()
  await page.getByLabel('Password').first().fill('long enough now')
  await page.getByRole('button', { name: 'Begin' }).click()
  await page.getByText('This sign-in link was used already').waitFor()
  office.complaints.splice(0) // the 401
})

test('shows a contact on a phone: the timeline first, the rest in tabs, all within its width', async () => {
  await office.buys(sarah)
  const page = await office.open('/w/contacts', { width: 390 })
  await page.getByText('Sarah Johnson').click()
  await page.getByText('Bought').waitFor()
  for (const tab of ['About', 'Identity', 'Properties', 'Timeline']) {
    await page.getByRole('tab', { name: tab }).click()
    await page.getByRole('tabpanel', { name: tab }).waitFor()
    await expectWidth(page, 390)
  }
  await page.getByRole('button', { name: 'Open the menu' }).click()
  await page.getByRole('link', { name: 'Visitors' }).click()
  await page.getByRole('heading', { name: 'Visitors' }).waitFor()
  await page.getByText('Sarah Johnson').first().click()
  await page.getByRole('link', { name: 'Open the contact' }).waitFor()
  await page.getByRole('region', { name: 'Today' }).waitFor()
})

test.each([
  'contacts',
  'segments',
  'segments/new',
  'visitors',
  'live',
  'live?tab=refusals',
  'review',
  'activities',
  'activities?tab=mails',
  'endpoints',
  'endpoints/new',
  'deliveries',
  'webhook-events?event=registration',
  'setup',
  'settings',
])('fits a phone, in the dark too: %s', async screen => {
  const page = await office.open(`/w/${screen}`, { width: 390, dark: true })
  await page.getByRole('main').getByRole('heading').first().waitFor()
  await page.waitForLoadState('load')
  await expectWidth(page, 390)
  await expect.poll(() => page.evaluate(() => document.documentElement.dataset.mantineColorScheme)).toBe('dark')
  await expectNames(page)
})
