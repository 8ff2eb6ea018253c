import type { Page } from 'playwright-core'
import { afterEach, expect, test } from 'vitest'
import type { Segment, Segments } from '../shared/segments.ts'
import { jane, john, sally, track } from '../test/people.ts'
import { goBy, openOffice } from './screens.ts'

// A segment from its first condition to its end: each test goes on where the one before stopped.
const office = openOffice()

afterEach(async () => {
  await office.leave()
  expect(office.complaints.splice(0), 'errors in the console').toEqual([])
})

const read = () => office.ask<Segments>('GET', '/segments')

const choose = async (page: Page, where: ReturnType<Page['locator']>, field: string, option: string) => {
  await where.getByRole('combobox', { name: field }).click()
  await page.getByRole('option', { name: option, exact: true }).click()
}
const condition = (page: Page, number: number) => page.getByRole('group', { name: `Condition ${number}`, exact: true })

test('says what a segment is while there is none of their own, beside those that are built in', async () => {
  office.fresh.work()
  await office.buys(sally)
  await office.send(
    track('registration', { anonymousId: john.laptop, properties: { email: john.email } }),
    track('lesson_opened', { anonymousId: john.laptop }),
    track('registration', { anonymousId: jane.laptop, properties: { email: jane.email } }),
  )
  const page = await office.open('/w/contacts')
  await page.getByRole('heading', { name: 'Contacts' }).waitFor()
  await goBy(page, 'g.', '/segments')
  await page.getByText('No segment of your own yet').waitFor()
  const hot = page.getByRole('list', { name: 'Built-in segments' }).getByRole('link', { name: 'Hot' })
  await hot.getByText('1', { exact: true }).waitFor()
  await hot.click()
  await page.waitForURL('**/contacts?segment=hot')
  await page.getByRole('grid', { name: 'Contacts' }).getByText(sally.email).waitFor()
  await page.getByText(john.email).waitFor({ state: 'detached' })
})

test('counts while a rule is written, and lists who fits when it is saved', async () => {
  const page = await office.open('/w/segments')
  await page.getByRole('link', { name: 'New segment' }).click()
  await page.getByLabel('Name').fill('Opened and not sold')
  await page.getByText('Fill in every condition').waitFor()
  expect(await page.getByRole('button', { name: 'Save segment' }).isDisabled()).toBe(true)
  await condition(page, 1).getByRole('combobox', { name: 'Event' }).fill('registration')
  await page.getByRole('status').getByText('3 people fit').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Add a condition' }).click()
  await choose(page, condition(page, 2), 'Condition 2: kind', 'Conversions')
  await choose(page, condition(page, 2), 'Conversions', 'Did not convert')
  await page.getByRole('status').getByText('2 people fit').waitFor()
  await condition(page, 1).getByRole('combobox', { name: 'Event' }).fill('lesson_opened')
  await page.getByRole('status').getByText('1 person fits').waitFor()
  await page.getByRole('list', { name: 'Some of them' }).getByRole('link', { name: john.email }).waitFor()
  await page.getByRole('button', { name: 'Save segment' }).click()
  await page.getByRole('heading', { name: 'Opened and not sold' }).waitFor()
  await page.getByText('1 person', { exact: true }).waitFor()
  await page.getByRole('grid', { name: 'People in Opened and not sold' }).getByRole('link', { name: john.email }).click()
  await page.waitForURL('**/contacts/*')
})

test('shows who entered in the meantime, and why somebody is in it', async () => {
  await office.send(track('lesson_opened', { anonymousId: jane.laptop }))
  await expect.poll(async () => (await read()).data[0]!.contact_count).toBe(2)
  const page = await office.open('/w/segments')
  const line = page.getByRole('list', { name: 'Your segments' }).getByRole('link', { name: 'Opened and not sold' })
  await line.getByText('did lesson_opened and did not convert').waitFor()
  await line.click()
  await page.getByText('2 people', { exact: true }).waitFor()
  await page.getByRole('grid').getByRole('link', { name: jane.email }).click()
  await page.getByText('Entered a segment').waitFor()
})

test('changes the rule, and takes the segment away', async () => {
  const [{ id }] = (await read()).data as [Segment]
  const page = await office.open(`/w/segments/${id}?tab=rule`)
  await choose(page, page.getByRole('group', { name: 'People', exact: true }), 'People: how many must hold', 'none of these')
  await page.getByRole('button', { name: 'Add a group' }).click()
  const group = page.getByRole('group', { name: 'Group 3', exact: true })
  await choose(page, group, 'Group 3, condition 1: kind', 'How far they are')
  await choose(page, group, 'Stage', 'Lead')
  await page.getByRole('status').getByText('1 person fits').waitFor()
  await page.getByRole('button', { name: 'Remove group 3', exact: true }).click()
  await page.getByRole('button', { name: 'Save segment' }).click()
  await page.getByRole('grid').getByText(sally.email).waitFor()
  await page.getByText('1 person', { exact: true }).waitFor()
  expect((await read()).data[0]!.rule).toMatchObject({ not: { any: [{ kind: 'event' }, { kind: 'conversion', has: false }] } })
  await page.getByRole('button', { name: 'Delete…' }).click()
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await page.waitForURL('**/segments')
  await page.getByText('No segment of your own yet').waitFor()
  expect((await read()).data).toEqual([])
})

test('puts tags on a contact, finds people by them, and makes a segment of them', async () => {
  const page = await office.open('/w/contacts')
  await page.getByRole('grid', { name: 'Contacts' }).getByRole('link', { name: 'Sally Susa' }).click()
  await page.getByRole('button', { name: 'Add a tag' }).click()
  const word = page.getByRole('combobox', { name: 'New tag' })
  const chips = page.getByRole('list', { name: 'Tags of this contact' })
  for (const name of ['Baker', 'Guest']) {
    await word.fill(name)
    await word.press('Enter')
    await chips.getByText(name, { exact: true }).waitFor()
  }
  await chips.getByRole('button', { name: 'Take Guest off' }).click()
  await chips.getByText('Guest', { exact: true }).waitFor({ state: 'detached' })

  await page.getByRole('navigation', { name: 'Where you are' }).getByRole('link', { name: 'Contacts' }).click()
  await page.getByRole('combobox', { name: 'Tag', exact: true }).click()
  await page.getByRole('option', { name: 'Baker' }).click()
  await page.waitForURL('**/contacts?tag=Baker')
  await page.getByText(jane.email).first().waitFor({ state: 'detached' })
  await page.getByRole('grid', { name: 'Contacts' }).getByText(sally.email).waitFor()

  await page.getByRole('button', { name: 'Tags', exact: true }).click()
  await page.getByRole('button', { name: 'Change Baker' }).click()
  const dialog = page.getByRole('dialog', { name: 'Tags' })
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Bakers')
  await dialog.getByRole('radio', { name: 'teal' }).check({ force: true })
  await dialog.getByRole('button', { name: 'Save tag' }).click()
  await dialog.getByRole('button', { name: 'Delete Guest' }).click()
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await dialog.getByText('Guest', { exact: true }).waitFor({ state: 'detached' })

  const rule = await office.open('/w/segments/new')
  await rule.getByLabel('Name').fill('All bakers')
  await choose(rule, condition(rule, 1), 'Condition 1: kind', 'Tags')
  await choose(rule, condition(rule, 1), 'Tag', 'Bakers')
  await rule.getByRole('status').getByText('1 person fits').waitFor()
  await rule.getByRole('button', { name: 'Save segment' }).click()
  await rule.getByRole('grid', { name: 'People in All bakers' }).getByText(sally.email).waitFor()
  const all = await office.open('/w/segments')
  await all.getByText('has the tag Bakers').waitFor()
})
