import type { Page } from 'playwright-core'
import { afterEach, expect, test } from 'vitest'
import { open } from '../server/database/connect.ts'
import { expectWidth, openOffice } from './screens.ts'

const office = openOffice()
const { ask } = office

afterEach(async () => {
  await office.leave()
  expect(office.complaints.splice(0), 'errors in the console').toEqual([])
})

/** What the sidebar says that somebody looks at. */
const expectPlace = (page: Page, title: string) =>
  expect
    .poll(() => page.getByRole('navigation', { name: 'Screens' }).locator('[aria-current=page]').allTextContents())
    .toEqual([title])

const FILE =
  'E-Mail;Vorname;Last name;Handy;City;Favourite loaf\r\n' +
  'ada@example.com;Ada;Baker;+12025550161;Denver;rye\r\n' +
  'ben@example.com;Ben;Miller;;Boulder;spelt\r\n' +
  'nobody at all;Carl;;;;\r\n'

test('a file is dropped, mapped, tried, imported, looked at and taken back', async () => {
  office.fresh.work()
  const page = await office.open('/w/contacts')
  await page.getByRole('link', { name: 'Import', exact: true }).click()
  await page.getByRole('heading', { name: 'Import contacts' }).waitFor()
  const chosen = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Choose a file' }).click()
  await (await chosen).setFiles({ name: 'bakers.csv', mimeType: 'text/csv', buffer: Buffer.from(FILE) })

  await page.getByRole('heading', { name: 'bakers.csv' }).waitFor()
  await expectPlace(page, 'Contacts')
  const fills = (header: string) => page.getByRole('combobox', { name: `What ${header} fills` })
  await expect.poll(() => fills('E-Mail').inputValue()).toBe('E-mail')
  expect(await fills('Vorname').inputValue()).toBe('')
  await fills('Vorname').fill('First name')
  await page.getByRole('option', { name: 'First name' }).click()
  await page.getByRole('list', { name: 'First rows' }).getByText('Ada', { exact: true }).waitFor()
  await fills('Handy').fill('Phone')
  await page.getByRole('option', { name: 'Phone', exact: true }).click()
  await page.getByRole('list', { name: 'First rows' }).getByText('+12025550161').waitFor()
  await fills('Favourite loaf').fill('loaf')
  await fills('Favourite loaf').press('Tab')
  await page.getByRole('list', { name: 'First rows' }).getByText('spelt').waitFor()

  await page.getByRole('button', { name: 'Try it' }).click()
  const trial = page.getByRole('region', { name: 'What it would do' })
  await trial.getByText('Would be new').waitFor()
  await trial.getByText('E-Mail must be an e-mail address').waitFor()
  await page.getByText('This was a trial: nothing was written.').waitFor()
  await page.getByRole('button', { name: 'Import 3 rows' }).click()
  const result = page.getByRole('region', { name: 'What it did' })
  await result.getByRole('heading', { name: 'New contacts' }).waitFor()
  const { data } = await ask<{ data: object[] }>('GET', '/contacts?email=ada@example.com')
  expect(data).toMatchObject([
    { first_name: 'Ada', phone: '+12025550161', address: { city: 'Denver' }, properties: { loaf: 'rye' } },
  ])

  const downloading = page.waitForEvent('download')
  await result.getByRole('link', { name: 'All of them with the reason' }).click()
  expect((await downloading).suggestedFilename()).toMatch(/not written\.csv$/)

  await page.getByRole('button', { name: 'Take it back…' }).click()
  await page.getByRole('button', { name: 'Take it back', exact: true }).click()
  await result.getByText('Taken back', { exact: true }).waitFor()
  expect(await ask('GET', '/contacts?email=ada@example.com')).toMatchObject({ data: [] })
  await page.getByRole('link', { name: 'Imports', exact: true }).click()
  await page.getByRole('region', { name: 'Files before' }).getByText('bakers.csv').waitFor()
})

test('a long file shows how much of it was sent and how long it takes, and can be cancelled', async () => {
  const { database } = office.fresh
  const page = await office.open('/w/imports', { width: 390 })
  const long = Buffer.from(`email,about\n${`long@example.com,${'x'.repeat(980)}\n`.repeat(20_000)}`)
  // The server takes no more of it than what waits to be stored.
  const owner = open(database.url)
  const holding = await owner.reserve()
  await holding`begin`
  await holding`lock table import_rows in access exclusive mode`
  await page.locator('input[type=file]').setInputFiles({ name: 'long.csv', mimeType: 'text/csv', buffer: long })
  const sending = page.getByRole('region', { name: 'Being sent' })
  await sending.getByText(/^[\d.]+ (KB|MB) of 20\.0 MB · [\d.]+ \w+ a second · .+ left$/).waitFor()
  await expectWidth(page, 390)
  await sending.getByRole('button', { name: 'Cancel' }).click()
  await page.getByText('Drop a file here').waitFor()
  await holding`commit`
  holding.release()
  await owner.end()
  const left = () => database.system`select name from transfers where name = 'long.csv'`
  await expect.poll(left).toEqual([])
  expect(await page.getByRole('alert').count()).toBe(0)
})

const LEADS =
  'Lead ID,Email,First name,Stage,Lead owner,Created date,Wants\n' +
  'x-1,lea@example.com,Lea,Contacted,,2026-01-31,a new oven\n' +
  'x-2,lou@example.com,Lou,Nowhere,,2026-02-01,flour\n'

test('a file of leads is chosen as one, mapped, and becomes leads that nobody was given', async () => {
  office.fresh.work()
  const page = await office.open('/w/leads')
  await page.getByRole('link', { name: 'Import', exact: true }).click()
  await page.getByRole('heading', { name: 'Import leads' }).waitFor()
  await expect.poll(() => page.getByRole('radio', { name: 'a lead' }).isChecked()).toBe(true)
  await expectPlace(page, 'Leads')
  await page.locator('input[type=file]').setInputFiles({ name: 'wishes.csv', mimeType: 'text/csv', buffer: Buffer.from(LEADS) })
  await page.getByRole('heading', { name: 'wishes.csv' }).waitFor()
  await expectPlace(page, 'Leads')
  const fills = (header: string) => page.getByRole('combobox', { name: `What ${header} fills` })
  await expect.poll(() => fills('Stage').inputValue()).toBe('Stage')
  await fills('Wants').fill('wants')
  await fills('Wants').press('Tab')
  await page.getByRole('list', { name: 'First rows' }).getByText('a new oven').waitFor()
  await page.getByRole('combobox', { name: 'New leads that name no owner' }).waitFor()
  await page.getByRole('button', { name: 'Try it' }).click()
  await page.getByRole('region', { name: 'What it would do' }).getByText('stage: Nowhere is none of New').waitFor()
  await page.getByRole('button', { name: 'Import 2 rows' }).click()
  await page.getByRole('heading', { name: 'New leads' }).waitFor()
  const { data } = await ask<{ data: { id: number }[] }>('GET', '/leads?q=lea@example.com')
  expect(data).toMatchObject([{ status: 'contacted', assigned_to: null, created_at: '2026-01-31T00:00:00.000Z' }])
  await page.getByRole('link', { name: String(data[0]!.id) }).click()
  await page.getByText('a new oven').waitFor()
})
