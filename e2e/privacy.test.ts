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
