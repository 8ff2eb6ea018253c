import { afterEach, expect, test } from 'vitest'
import { identify, jane, john, sarah } from '../test/people.ts'
import { openOffice } from './screens.ts'

const office = openOffice()

afterEach(async () => {
  await office.leave()
  expect(office.complaints.splice(0), 'errors in the console').toEqual([])
})

test('keeps what somebody typed when another was faster', async () => {
  await office.buys(sarah)
  await office.buys(john)
  const page = await office.open('/w/contacts?q=sarah')
  await page.getByText('Sarah Johnson').click()
  await page.getByRole('heading', { name: 'Sarah Johnson' }).waitFor()
  const id = Number(new URL(page.url()).pathname.split('/').at(-1))
  await page.keyboard.press('e')
  await page.getByLabel('Gender').fill('female')
  const { app } = office.fresh
  await app.inject({
    method: 'PATCH',
    url: `/api/v1/contacts/${id}`,
    headers: office.owner.headers,
    payload: { first_name: 'Sara' },
  })
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('What you typed is still here.').waitFor()
  await page.getByRole('button', { name: 'Load the newest' }).click()
  await page.getByRole('heading', { name: 'Sara Johnson' }).waitFor()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved').waitFor()
  await page.getByRole('definition').getByText('female').waitFor()
  office.complaints.splice(0) // the 409
})

test('undoes a link after saying what will happen', async () => {
  const page = await office.open('/w/contacts?q=sarah')
  await page.getByText('Sara Johnson').click()
  await page.getByRole('tab', { name: 'Identity' }).click()
  await page.getByText(sarah.laptop).first().waitFor()
  const undo = page.getByRole('button', { name: `Undo the link of ${sarah.laptop}` })
  await undo.first().click()
  await page.getByText('takes its').waitFor()
  await page.getByRole('button', { name: 'Undo the link' }).last().click()
  await page.getByText('The link was undone').waitFor()
  await page.getByText('Undone', { exact: true }).first().waitFor()
})

test('merges two contacts after showing what comes of it, and takes it back', async () => {
  await office.send(identify({ anonymousId: jane.laptop, traits: { email: jane.email, firstName: 'Jane' } }))
  const page = await office.open('/w/contacts?q=john')
  await page.getByText('John Doe').click()
  await page.getByRole('heading', { name: 'John Doe' }).waitFor()
  await page.keyboard.press('m')
  await page.getByLabel('Search a contact').fill('jane')
  await page.getByRole('button', { name: /Jane/ }).click()
  await page.getByRole('columnheader', { name: 'After the merge' }).waitFor()
  await page.getByRole('button', { name: 'Merge', exact: true }).click()
  await page.getByText('Merged', { exact: true }).waitFor()
  await page.getByRole('tab', { name: 'Identity' }).click()
  await page.getByText(jane.laptop).first().waitFor()
  await page.getByText('went into this one').waitFor()
  await page.getByRole('button', { name: 'Undo…', exact: true }).last().click()
  await page.getByRole('button', { name: 'Undo the merge' }).click()
  await page.getByText('The merge was undone').waitFor()
  await expect.poll(() => page.getByRole('table').getByText(jane.laptop).count()).toBe(0)
})

test('lets a person decide about a device that two people share', async () => {
  await office.send(identify({ anonymousId: john.laptop, userId: 'somebody-else', traits: { email: 'else@example.com' } }))
  const page = await office.open('/w/review')
  await page.getByText('One person, or a device that two people share?').first().waitFor()
  const before = await page.getByRole('article').count()
  await page.getByRole('button', { name: 'Two people, leave it' }).first().click()
  await page.getByText('Left as it is').waitFor()
  await expect.poll(() => page.getByRole('article').count()).toBe(before - 1)
})

test('takes a visitor out of a contact after saying what will happen', async () => {
  const page = await office.open('/w/contacts?q=john')
  await page.getByText('John Doe').click()
  await page.getByRole('tab', { name: 'Identity' }).click()
  await page.getByRole('button', { name: `Take ${john.laptop} out of this contact` }).click()
  await page.getByText('The same claims will not link it here again').waitFor()
  await page.getByRole('button', { name: 'Take it out' }).click()
  await page.getByText('The visitor was taken out').waitFor()
  const [visitor] = await office.fresh.database.system`select contact_id from visitors where distinct_id = ${john.laptop}`
  expect(visitor!.contact_id).toBeNull()
})
