import { afterEach, expect, test } from 'vitest'
import type { Contact } from '../shared/contacts.ts'
import { bearer } from '../test/people.ts'
import { openOffice } from './screens.ts'

// A field from its first letter to a saved view of it: each test goes on where the one before stopped.
const office = openOffice()

afterEach(async () => {
  await office.leave()
  expect(office.complaints.splice(0), 'errors in the console').toEqual([])
})

async function make(email: string, first_name: string): Promise<number> {
  const { fresh } = office
  const response = await fresh.app.inject({
    method: 'POST',
    url: '/api/v1/contacts',
    headers: bearer(fresh.secret_key),
    payload: { email, first_name },
  })
  return response.json<Contact>().id
}
let anna: number

test('a field is made, with what can be chosen', async () => {
  anna = await make('anna@example.com', 'Anna')
  await make('bert@example.com', 'Bert')
  const page = await office.open('/w/custom-fields')
  await page.getByText('No field of contacts yet').waitFor()
  await page.getByRole('button', { name: 'Add a field' }).click()
  await page.getByLabel('Label').fill('Favourite flour')
  await page.getByText('the API call it favourite_flour').waitFor()
  await page.getByRole('combobox', { name: 'What is written in it' }).click()
  await page.getByRole('option', { name: 'One of several', exact: true }).click()
  for (const [index, name] of ['Rye', 'Wheat'].entries()) {
    await page.getByRole('button', { name: 'Add an option' }).click()
    await page.getByLabel(`Option ${index + 1}`, { exact: true }).fill(name)
  }
  await page.getByRole('button', { name: 'Save field' }).click()
  await page.getByRole('list', { name: 'Fields of contacts' }).getByText('favourite_flour').waitFor()
})

test('one that is required is asked of a new contact', async () => {
  const { fresh } = office
  const field = { noun: 'contact', key: 'oven', label: 'Oven', type: 'text', is_required: true }
  const headers = bearer(fresh.secret_key)
  const made = await fresh.app.inject({ method: 'POST', url: '/api/v1/custom-fields', headers, payload: field })
  const page = await office.open('/w/contacts')
  await page.getByRole('button', { name: 'New contact' }).click()
  await page.getByRole('dialog').getByLabel('E-mail').fill('oven@example.com')
  await page.getByRole('dialog').getByLabel('Oven').fill('Stone')
  await page.getByRole('button', { name: 'Add contact' }).click()
  await page.getByRole('definition').getByText('Stone', { exact: true }).waitFor()
  const url = `/api/v1/custom-fields/${made.json<{ id: number }>().id}`
  await fresh.app.inject({ method: 'PATCH', url, headers, payload: { is_required: false } })
})

test('a contact has it, and a note that is deleted and comes back', async () => {
  const page = await office.open(`/w/contacts/${anna}`)
  await page.getByRole('button', { name: 'Edit your fields' }).click()
  await page.getByRole('combobox', { name: 'Favourite flour' }).click()
  await page.getByRole('option', { name: 'Rye', exact: true }).click()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByRole('definition').getByText('Rye', { exact: true }).waitFor()
  await page.getByRole('tab', { name: 'Notes' }).click()
  await page.getByLabel('New note').fill('Bakes on Sundays.\nSee https://rye.example/')
  await page.getByRole('button', { name: 'Write note' }).click()
  const notes = page.getByRole('list', { name: 'Notes' })
  await notes.getByText('Bakes on Sundays.').waitFor()
  await notes.getByRole('link', { name: 'https://rye.example/' }).waitFor()
  await notes.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('The note is back').waitFor()
  await notes.getByText('Bakes on Sundays.').waitFor()
})

test('any filter finds them, and a view keeps filter and columns', async () => {
  const page = await office.open('/w/contacts')
  const list = page.getByRole('grid', { name: 'Contacts' })
  await list.getByText('bert@example.com').waitFor()
  await page.getByRole('button', { name: 'More filters' }).click()
  const choose = async (field: string, option: string) => {
    await page.getByRole('dialog').getByRole('combobox', { name: field, exact: true }).click()
    await page.getByRole('option', { name: option, exact: true }).click()
  }
  await choose('Condition 1: kind', 'Your own fields')
  await choose('Field', 'Favourite flour')
  await choose('Value', 'Rye')
  await page.getByRole('status').getByText('1 person fits').waitFor()
  await page.getByRole('button', { name: 'Show them' }).click()
  await list.getByText('bert@example.com').waitFor({ state: 'detached' })
  await list.getByText('anna@example.com').waitFor()
  await page.getByRole('button', { name: 'Columns' }).click()
  await page.getByLabel('Favourite flour').check()
  await page.keyboard.press('Escape')
  await list.getByText('Rye', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Views' }).click()
  await page.getByRole('menuitem', { name: 'Save as…' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('Rye people')
  await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByRole('button', { name: 'Views: Rye people', exact: true }).waitFor()
  await page.getByRole('button', { name: 'Take these filters away' }).click()
  await page.getByRole('button', { name: 'Views: Rye people, changed' }).waitFor()
  await list.getByText('bert@example.com').waitFor()

  const again = await office.open('/w/contacts')
  await again.getByRole('button', { name: 'Views' }).click()
  await again.getByRole('menuitem', { name: 'Rye people' }).click()
  const opened = again.getByRole('grid', { name: 'Contacts' })
  await opened.getByText('Rye', { exact: true }).waitFor()
  await opened.getByText('bert@example.com').waitFor({ state: 'detached' })
})

test("what is one's own is one press away, and so is everything", async () => {
  const page = await office.open('/w/contacts')
  const list = page.getByRole('grid', { name: 'Contacts' })
  await list.getByText('bert@example.com').waitFor()
  await page.getByRole('button', { name: 'Mine', exact: true }).click()
  await list.getByText('bert@example.com').waitFor({ state: 'detached' })
  await expect.poll(() => new URL(page.url()).searchParams.get('owner_id')).toBe('me')
  await page.getByRole('button', { name: 'Mine', pressed: true }).click()
  await list.getByText('bert@example.com').waitFor()
})

test.each([
  ['contacts', '/w/contacts?owner_id=me'],
  ['leads', '/w/leads?follow_up=due&assigned_to=me'],
  ['appointments', '/w/appointments?tab=all&status=cancelled'],
])('a view of %s opens with what was asked', async (screen, address) => {
  const page = await office.open(address)
  await page.getByRole('button', { name: 'Views' }).click()
  await page.getByRole('menuitem', { name: 'Save as…' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill(`My ${screen}`)
  await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByRole('button', { name: `Views: My ${screen}`, exact: true }).waitFor()
  const again = await office.open(`/w/${screen}`)
  await again.getByRole('button', { name: 'Views' }).click()
  await again.getByRole('menuitem', { name: `My ${screen}` }).click()
  await again.getByRole('button', { name: `Views: My ${screen}`, exact: true }).waitFor()
  for (const [name, value] of new URL(address, 'http://any').searchParams)
    expect(new URL(again.url()).searchParams.get(name)).toBe(value)
})
