import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterEach, beforeAll, expect, test } from 'vitest'
import type { Contact } from '../shared/contacts.ts'
import { goByCommand, openOffice } from './screens.ts'

// From a choice in the list to its undoing, and out as a file: each test goes on where the one before stopped.
const office = openOffice()
const PEOPLE = 130

beforeAll(async () => {
  office.fresh.work()
  await office.fresh.database.system`
    insert into contacts (workspace_id, id, email, country_code, own_traits, traits)
    select ${office.fresh.workspace_id}, 300000 + n, 'crowd' || n || '@example.com', 'IS',
           jsonb_build_object('first_name', jsonb_build_array('Crowd ' || n, 1)), jsonb_build_object('first_name', jsonb_build_array('Crowd ' || n, 1))
      from generate_series(1, ${PEOPLE}) n`
})
afterEach(async () => {
  await office.leave()
  expect(office.complaints.splice(0), 'errors in the console').toEqual([])
})

async function tagged(name: string): Promise<Contact[]> {
  const answer = await office.fresh.app.inject({ url: `/api/v1/contacts?limit=200&tag=${name}`, headers: office.owner.headers })
  return answer.json().data
}
const chosen = (page: Page, noun = 'contacts') => page.getByRole('toolbar', { name: `Chosen ${noun}` })
const grid = (page: Page) => page.getByRole('grid', { name: 'Contacts' })

test('tags all that match after a choice of what is loaded, and says when it is done', async () => {
  const page = await office.open('/w/contacts?country_code=IS')
  await grid(page).getByRole('checkbox', { name: 'Choose all that are loaded' }).check()
  await chosen(page).getByText('100 contacts chosen').waitFor()
  const all_that_match = chosen(page).getByRole('button', { name: 'Choose all that match' })
  await all_that_match.waitFor()
  const one_row = 60
  await expect.poll(() => chosen(page).evaluate(bar => bar.clientHeight)).toBeLessThan(one_row)
  await all_that_match.click()
  await chosen(page).getByText('All contacts that match').waitFor()
  await chosen(page).getByRole('button', { name: 'Tag…', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Tags').fill('Iceland')
  await dialog.getByRole('button', { name: 'Tag', exact: true }).click()
  await page.getByText(`Done: ${PEOPLE} changed`).first().waitFor()
  expect(await tagged('Iceland')).toHaveLength(PEOPLE)
  await page.getByRole('button', { name: 'Finished work: 1 finished that you have not looked at' }).click()
  await page.getByRole('list', { name: 'Work' }).getByRole('link', { name: 'Tag contacts: Iceland' }).click()
  await page.waitForURL('**/transfers/*')
  await page.getByRole('heading', { name: 'Tag contacts: Iceland' }).waitFor()
  await page.getByRole('grid', { name: 'Results' }).getByText('crowd130@example.com').waitFor()
  await page.getByRole('button', { name: 'Finished work: nothing new' }).waitFor()
})

test('takes it back where nobody changed it since', async () => {
  const [one] = await tagged('Iceland')
  const { app } = office.fresh
  const { headers } = office.owner
  const tags = (await app.inject({ url: `/api/v1/contacts/${one!.id}`, headers })).json().tags
  await app.inject({ method: 'DELETE', url: `/api/v1/contacts/${one!.id}/tags/${tags[0].id}`, headers })
  await app.inject({ method: 'POST', url: `/api/v1/contacts/${one!.id}/tags`, headers, payload: { names: ['Iceland'] } })
  const page = await office.open('/w/transfers')
  await page.getByRole('link', { name: 'Tag contacts: Iceland' }).click()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByRole('heading', { name: 'Undo: Tag contacts: Iceland' }).waitFor()
  await page.getByText(`Changed ${PEOPLE - 1}`).waitFor()
  await page.getByText('Refused 1').click()
  await page.getByText('Somebody changed this since.').waitFor()
  expect((await tagged('Iceland')).map(({ id }) => id)).toEqual([one!.id])
})

test('exports what the list shows, and the file holds it', async () => {
  const page = await office.open('/w/contacts?tag=Iceland')
  await page.getByRole('button', { name: 'Export these contacts' }).click()
  await page.getByRole('menuitem', { name: 'CSV, for spreadsheets' }).click()
  await page.waitForURL('**/transfers/*')
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: /^Download/ }).click()
  const file = await readFile(await (await download).path(), 'utf8')
  const [one] = await tagged('Iceland')
  expect(file.split('\r\n')).toHaveLength(3)
  expect(file).toContain(`${one!.id},${one!.email},`)
})

test('is found by the command menu, on a phone too, and keeps a history', async () => {
  const page = await office.open('/w/contacts', { width: 390 })
  await grid(page).waitFor()
  await goByCommand(page, 'imports and ex', /Imports and exports/)
  await page.waitForURL('**/transfers')
  await page.getByRole('link', { name: 'Undo: Tag contacts: Iceland' }).waitFor()
  await page.getByRole('link', { name: /^contacts .*csv$/ }).waitFor()
})

test('says before the export how many rows there are, and keeps the columns that somebody chose', async () => {
  const page = await office.open('/w/contacts?country_code=IS')
  const choose = async () => {
    await page.getByRole('button', { name: 'Export these contacts' }).click()
    await page.getByRole('menuitem', { name: 'Choose columns…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText(`${PEOPLE} rows`, { exact: true }).waitFor()
    return dialog
  }
  const dialog = await choose()
  const all = dialog.getByRole('checkbox', { name: /^\d+ of \d+ columns$/ })
  await all.uncheck()
  for (const name of ['email', 'id']) await dialog.getByRole('checkbox', { name, exact: true }).check()
  await dialog.getByRole('button', { name: 'id later', exact: true }).click()
  await dialog.getByRole('button', { name: 'Export', exact: true }).click()
  await page.waitForURL('**/transfers/*')
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: /^Download/ }).click()
  const file = await readFile(await (await download).path(), 'utf8')
  expect(file.split('\r\n')[0]).toBe('\uFEFFemail,id')
  expect(file.split('\r\n')).toHaveLength(PEOPLE + 2)

  await page.goBack()
  await choose()
  await page
    .getByRole('dialog')
    .getByText(/^2 of \d+ columns$/)
    .waitFor()
})

test('tags everybody in a segment from its own page', async () => {
  const rule = { all: [{ kind: 'property', name: 'country_code', is: 'equals', value: 'IS' }] }
  const made = await office.fresh.app.inject({
    method: 'POST',
    url: '/api/v1/segments',
    headers: office.owner.headers,
    payload: { name: 'Icelanders', rule },
  })
  expect(made.statusCode, made.body).toBe(201)
  const page = await office.open(`/w/segments/${made.json().id}`)
  await page.getByRole('button', { name: `Tag all ${PEOPLE}…` }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Tags').fill('Reykjavik')
  await dialog.getByRole('button', { name: 'Tag', exact: true }).click()
  await expect.poll(async () => (await tagged('Reykjavik')).length).toBe(PEOPLE)
})

test('takes a tag off who is chosen, which stands in the menu of what is seldom done', async () => {
  const page = await office.open('/w/contacts?q=crowd8@example.com')
  await grid(page).getByRole('checkbox', { name: 'Choose all that are loaded' }).check()
  await chosen(page).getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Untag…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Tags').fill('Reykjavik')
  await dialog.getByLabel('Tags').press('Tab')
  await dialog.getByRole('button', { name: 'Take off' }).click()
  await expect.poll(async () => (await tagged('Reykjavik')).length).toBe(PEOPLE - 1)
})

// The last one: whose stage is set is summed up again, and no visitor says that they are in Iceland.
test('sets the stage of those who are chosen, and leaves one to what events say on their own page', async () => {
  const page = await office.open('/w/contacts?q=crowd7@example.com')
  await grid(page).getByRole('checkbox', { name: 'Choose all that are loaded' }).check()
  await chosen(page).getByRole('combobox', { name: 'Stage' }).click()
  await page.getByRole('option', { name: 'Offer viewed' }).click()
  await page.getByText('Done: 1 changed').first().waitFor()
  await grid(page).getByText('Offer viewed').waitFor()
  await grid(page).getByRole('link', { name: 'Crowd 7' }).click()
  const line = page.getByRole('list', { name: 'Stages' })
  await line.getByRole('listitem').filter({ hasText: 'Offer viewed' }).getByText('by hand').waitFor()
  await page.getByText(/^Set to Offer viewed by /).waitFor()
  await page.getByRole('button', { name: 'Set the stage' }).click()
  await page.getByRole('menuitem', { name: 'As events say' }).click()
  await page.getByText('Events say: Lead').waitFor()
  await page.getByText(/^Set to Offer viewed by /).waitFor({ state: 'detached' })
  await expect.poll(() => line.getByRole('listitem').first().getAttribute('aria-current')).toBe('step')
})

test('offers to choose all that are loaded as soon as some are', async () => {
  const page = await office.open('/w/contacts')
  let answer = () => {}
  const held = new Promise<void>(resolve => {
    answer = resolve
  })
  await page.route(/\/api\/v1\/contacts\?.*country_code=IS/, async route => {
    await held
    await route.continue()
  })
  await page.goto(`${page.url()}?country_code=IS`)
  const all = grid(page).getByRole('checkbox', { name: 'Choose all that are loaded' })
  await all.waitFor()
  expect(await all.isDisabled()).toBe(true)
  answer()
  await all.check()
  await chosen(page).getByText('100 contacts chosen').waitFor()
})
