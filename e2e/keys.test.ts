import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterEach, expect, test } from 'vitest'
import { makeCheckpoints } from '../server/activities/chain/checkpoint.ts'
import { bearer } from '../test/people.ts'
import { openOffice } from './screens.ts'

const office = openOffice()

afterEach(async () => {
  await office.leave()
  expect(office.complaints.splice(0)).toEqual([])
})

/** Pictures to look at, when somebody asks for them by PICTURES=<folder>. */
async function picture(page: Page, name: string) {
  if (!process.env.PICTURES) return
  await mkdir(process.env.PICTURES, { recursive: true })
  await page.screenshot({ path: join(process.env.PICTURES, `${name}.png`), fullPage: true })
}

test('a key is made with limits, changed, and replaced while the old one still holds', async () => {
  const page = await office.open('/w/setup')
  await page.getByRole('button', { name: 'New key' }).click()
  await page.getByText('Secret: reads and changes').click()
  await page.getByLabel('Name').fill('Shop')
  await page.getByRole('combobox', { name: 'Taken from' }).fill('203.0.113.7,')
  await page.getByLabel('Requests a minute').fill('600')
  await picture(page, 'new-key')
  await page.getByRole('button', { name: 'Make the key' }).click()
  const old = await page.getByText(/^sk_\w{20,}/).textContent()
  await page.getByRole('button', { name: 'I have copied it' }).click()
  await page.getByText('600 a minute').waitFor()
  await page.getByText('from 203.0.113.7').waitFor()

  await page.getByRole('button', { name: 'What to do with the key Shop' }).click()
  await page.getByRole('menuitem', { name: 'Name and limits' }).click()
  await page.getByRole('textbox', { name: /^Name/ }).fill('Web shop')
  await page.getByRole('combobox', { name: 'Taken from' }).press('Backspace')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Web shop').waitFor()
  await page.getByText('from 203.0.113.7').waitFor({ state: 'detached' })

  await page.getByRole('button', { name: 'What to do with the key Web shop' }).click()
  await page.getByRole('menuitem', { name: 'Replace' }).click()
  await picture(page, 'replace-key')
  await page.getByRole('button', { name: 'Make the new key' }).click()
  const made = await page.getByText(/^sk_\w{20,}/).textContent()
  await page.getByRole('button', { name: 'I have copied it' }).click()
  await page.getByText(/replaced, ends/).waitFor()
  await picture(page, 'keys')
  for (const key of [old!, made!]) {
    const answer = await fetch(`${office.fresh.url}/api/v1/contacts`, { headers: bearer(key) })
    expect([answer.status, answer.headers.get('ratelimit-limit')]).toEqual([200, '600'])
  }
  const phone = await office.open('/w/setup', { width: 390, dark: true })
  await phone.getByText(/replaced, ends/).waitFor()
  await picture(phone, 'keys-phone')
})

test('the history is searched by who and by words, and says whether it is whole', async () => {
  office.fresh.work()
  const { url, secret_key, database, context } = office.fresh
  const headers = { ...bearer(secret_key), 'content-type': 'application/json' }
  for (const name of ['Rosalind', 'Ada']) {
    const body = JSON.stringify({ email: `${name}@example.com`, first_name: name })
    await fetch(`${url}/api/v1/contacts`, { method: 'POST', headers, body })
  }
  const untold = async () => (await database.system`select from activities where not told`).length
  await expect.poll(untold).toBe(0)
  await makeCheckpoints(database.system, context.config)

  const page = await office.open('/w/activities')
  await page.getByText(/The history is whole: \d+ changes in one chain/).waitFor()
  await picture(page, 'activities')
  await page.getByLabel('Search names, values').fill('rosalind')
  await page.waitForURL(/q=rosalind/)
  await page.getByText('Rosalind').first().waitFor()
  await page.getByText('ada@example.com').waitFor({ state: 'detached' })
  await page.getByRole('combobox', { name: 'Who changed it' }).click()
  await page.getByRole('option', { name: 'Anybody here' }).click()
  await page.getByText('Nothing of this kind was changed').waitFor()
  await page.getByRole('button', { name: 'Show every change' }).click()
  await page.getByText('Rosalind').first().waitFor()

  await database.system`update activities set after = '{"first_name": "Rosamund"}' where after->>'first_name' = 'Rosalind'`
  await database.system`delete from audit_checkpoints`
  await makeCheckpoints(database.system, context.config)
  const phone = await office.open('/w/activities', { width: 390, dark: true })
  await phone.getByText('Somebody changed the history').waitFor()
  await picture(phone, 'activities-broken-phone')
})
