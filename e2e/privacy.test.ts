import { readFile } from 'node:fs/promises'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { john, sally } from '../test/people.ts'
import { expectWidth, openOffice } from './screens.ts'

const office = openOffice()
beforeAll(async () => {
  await office.buys(sally)
  await office.buys(john)
  office.fresh.work()
})
afterEach(async () => {
  await office.leave()
  expect(office.complaints.splice(0), 'errors in the console').toEqual([])
})

test('reads out what is known of somebody, shows what an erasure finds, and erases them', async () => {
  const page = await office.open('/w/privacy')
  await page.getByLabel('Whom').fill(sally.email)
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Read everything out' }).click(),
  ])
  const text = await readFile(await file.path(), 'utf8')
  expect(text).toContain(sally.email)
  expect(text).not.toContain(john.email)
  expect(text.trimEnd().endsWith('{"end":true}')).toBe(true)

  await page.getByRole('button', { name: 'Erase…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Erase this person?' })
  await dialog.getByText('Sally Susa').waitFor()
  await dialog.getByLabel('Why').fill('by letter')
  await dialog.getByRole('button', { name: 'Erase', exact: true }).click()
  await page.getByRole('list', { name: 'Erasures' }).getByText('Done').waitFor()

  await page.goto(page.url().replace('/privacy', '/contacts'))
  await page.getByRole('link', { name: 'John Doe' }).waitFor()
  expect(await page.getByRole('link', { name: 'Sally Susa' }).count()).toBe(0)
})

test('says what is kept and why, on a phone too', async () => {
  const page = await office.open('/w/privacy?tab=kept', { width: 390, dark: true })
  await page.getByRole('list', { name: 'What is kept' }).getByText('e-mail, phone, user id, name, address, properties').waitFor()
  await expectWidth(page, 390)
  await page.getByRole('tab', { name: 'Requests' }).click()
  await page.getByLabel('Whom').waitFor()
})

test('adds a purpose with its text, and notes what a contact says about it', async () => {
  const page = await office.open('/w/privacy?tab=consent')
  await page.getByLabel('Another purpose').fill('Partners')
  await page.getByRole('button', { name: 'Add' }).click()
  await page.getByRole('button', { name: 'New text for Partners' }).click()
  await page.getByLabel('Version').fill('2026-01')
  await page.getByLabel('What people are asked').fill('May our partners write to you?')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('list', { name: 'Purposes' }).getByText('May our partners write to you?').waitFor()

  await page.goto(page.url().replace(/privacy.*/, 'contacts'))
  await page.getByRole('link', { name: 'John Doe' }).click()
  await page.getByRole('tab', { name: 'Identity' }).click()
  const partners = page.getByRole('list', { name: 'Consents' }).getByRole('listitem').filter({ hasText: 'Partners' })
  await partners.getByText('never asked').waitFor()
  await partners.getByRole('button', { name: 'Deny Partners' }).click()
  await partners.getByText('denied').waitFor()
  await partners.getByText('by hand').waitFor()
  await partners.getByRole('button', { name: 'Allow Partners' }).click()
  await partners.getByText('allowed').waitFor()
})

test('archives a contact from their page and says so there; the list shows them among the archived alone, and brings them back', async () => {
  const page = await office.open('/w/contacts')
  await page.getByRole('link', { name: 'John Doe' }).click()
  await page.getByRole('button', { name: 'Archive this contact' }).click()
  await page.getByText('in no list, segment or count until they do something').waitFor()
  await page.getByRole('link', { name: 'Contacts', exact: true }).first().click()
  await page.getByText('No contacts yet').waitFor()

  await page.getByRole('combobox', { name: 'Which people' }).click()
  await page.getByRole('option', { name: 'Archived', exact: true }).click()
  await page.getByRole('link', { name: 'John Doe' }).waitFor()
  await page.getByRole('checkbox', { name: 'Choose John Doe' }).check()
  await page.getByRole('toolbar', { name: 'Chosen contacts' }).getByRole('button', { name: 'Restore' }).click()
  await page.getByText('Done: 1 changed').first().waitFor()
  await page.goto(page.url().replace(/contacts.*/, 'contacts'))
  await page.getByRole('link', { name: 'John Doe' }).waitFor()
})

test('archives by a rule when somebody says so, and shows whom that is about before', async () => {
  const page = await office.open('/w/privacy?tab=retention')
  const archive = page.getByRole('region', { name: 'Archive' })
  await archive.getByText('That is nobody now.').waitFor()
  await archive.getByRole('switch', { name: 'Nobody is archived by time' }).press('Space')
  await page.getByRole('dialog', { name: 'Archive people who do nothing?' }).getByRole('button', { name: 'Archive them' }).click()
  await archive.getByText('Archives after 12 months').waitFor()
})

test('deletes old events when somebody says so, and says what that is before', async () => {
  const page = await office.open('/w/privacy?tab=retention')
  const events = page.getByRole('region', { name: 'Events' })
  await events.getByText('That is no event now.').waitFor()
  await expect.poll(() => page.getByText('That is nobody now.').count()).toBe(2) // nothing above it moves any more
  await events.getByRole('switch', { name: 'Events are kept for ever' }).press('Space')
  await page.getByRole('dialog', { name: 'Delete old events?' }).getByRole('button', { name: 'Delete them' }).click()
  await events.getByText('Deletes after 24 months').waitFor()
})
