import type { Page } from 'playwright-core'
import { afterEach, beforeAll, expect, test } from 'vitest'
import type { Appointment } from '../shared/appointments.ts'
import { signedIn } from '../test/session.ts'
import { expectNames, expectWidth, goBy, openOffice } from './screens.ts'

// A day at the calendar: each test goes on where the one before stopped. All times are of a Tuesday to come, in UTC.
const office = openOffice()
const { ask } = office
const TUESDAY = nextTuesday()
const WEDNESDAY = new Date(Date.parse(TUESDAY) + 86_400_000).toISOString().slice(0, 10)

beforeAll(async () => {
  const hours = [1, 2, 3, 4, 5].map(weekday => ({ weekday, opens: '08:00', closes: '18:00' }))
  await ask('PATCH', `/staff/${office.owner.user_id}`, { time_zone: 'UTC', bookable: true, hours })
})
afterEach(async () => {
  await office.leave()
  expect(office.complaints.splice(0), 'errors in the console').toEqual([])
})

function nextTuesday() {
  const date = new Date(Date.now() + 7 * 86_400_000)
  date.setUTCDate(date.getUTCDate() + ((2 - date.getUTCDay() + 7) % 7))
  return date.toISOString().slice(0, 10)
}

const of = async (name: string) => (await ask<{ data: Appointment[] }>('GET', `/appointments?q=${name}`)).data[0]!
const startOf = async (name: string) => (await of(name)).scheduled_at.slice(0, 16)

function book(name: string, scheduled_at: string, more: object = {}) {
  const email = `${name.toLowerCase()}@example.com`
  return ask<Appointment>('POST', '/appointments', { first_name: name, email, scheduled_at, duration_minutes: 60, ...more })
}

const week = (more = '') => office.open(`/w/appointments?view=week&date=${TUESDAY}${more}`)
const block = (page: Page, name: string) => page.getByRole('region', { name: 'Calendar' }).getByRole('button', { name })
const card = (page: Page, name: string) => page.getByRole('dialog', { name: `Appointment with ${name}` })

/** Drags by so many days and hours, from a little below the upper edge of the block or from its lower one. */
async function drag(page: Page, name: string, { days = 0, hours = 0, from_end = false }) {
  const column = (await page.locator(`[data-date="${TUESDAY}"]`).boundingBox())!
  const at = (await block(page, name).boundingBox())!
  const x = at.x + at.width / 2
  const y = from_end ? at.y + at.height - 3 : at.y + 10
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(x, y + 12, { steps: 3 })
  await page.mouse.move(x + days * column.width, y + (hours * column.height) / 24, { steps: 6 })
  await page.mouse.up()
}

test('says what to do while there is nothing', async () => {
  const page = await office.open('/w/contacts')
  await page.getByRole('heading', { name: 'Contacts' }).waitFor()
  await goBy(page, 'ga', '/appointments')
  await page.getByRole('tab', { name: 'Next' }).click()
  await page.getByText('Nothing is coming up').waitFor()
  await page.getByRole('tab', { name: "Nobody's yet" }).click()
  await page.getByText('Everything that is booked has somebody').waitFor()
})

test('a click on an empty time books somebody there', async () => {
  const page = await week(`&assigned_to=${office.owner.user_id}`)
  const column = page.locator(`[data-date="${TUESDAY}"]`)
  const { height } = (await column.boundingBox())!
  await column.click({ position: { x: 30, y: (height / 24) * 10 + 6 } })
  const dialog = page.getByRole('dialog', { name: 'Book an appointment' })
  await dialog.getByRole('button', { name: 'Somebody new' }).click()
  await dialog.getByLabel('First name').fill('Emma')
  await dialog.getByLabel('E-mail').fill('emma@example.com')
  expect(await dialog.getByLabel('Date').inputValue()).toBe(TUESDAY)
  expect(await dialog.getByLabel('Time', { exact: true }).inputValue()).toBe('10:00')
  await dialog.getByRole('button', { name: 'Book', exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
  await block(page, '10:00 – 11:00, Emma').waitFor()
  expect(await of('emma')).toMatchObject({ assigned_to: office.owner.user_id, duration_minutes: 60, status: 'scheduled' })
  expect(await startOf('emma')).toBe(`${TUESDAY}T10:00`)
})

test('dragging moves it to another time and day, and its lower edge makes it longer', async () => {
  const page = await week()
  await block(page, 'Emma').waitFor()
  await drag(page, 'Emma', { days: 1, hours: 3 })
  await block(page, '13:00 – 14:00, Emma').waitFor()
  await expect.poll(() => startOf('emma')).toBe(`${WEDNESDAY}T13:00`)
  await drag(page, 'Emma', { hours: 0.5, from_end: true })
  await block(page, '13:00 – 14:30, Emma').waitFor()
  await expect.poll(async () => (await of('emma')).duration_minutes).toBe(90)
})

test('Escape ends a dragging, and nothing has moved', async () => {
  const page = await week()
  const at = (await block(page, 'Emma').boundingBox())!
  await page.mouse.move(at.x + 20, at.y + 10)
  await page.mouse.down()
  await page.mouse.move(at.x + 20, at.y + 120, { steps: 5 })
  await page.locator('.grid-ghost').waitFor()
  await page.keyboard.press('Escape')
  await page.locator('.grid-ghost').waitFor({ state: 'detached' })
  await page.mouse.up()
  await block(page, '13:00 – 14:30, Emma').click()
  await card(page, 'Emma').waitFor()
  await expect.poll(() => page.getByRole('dialog').count()).toBe(1)
  expect(await startOf('emma')).toBe(`${WEDNESDAY}T13:00`)
})

test('a time that is taken is refused with what is free, and the appointment goes back', async () => {
  await book('Noah', `${WEDNESDAY}T15:00:00Z`, { assigned_to: office.owner.user_id })
  const page = await week()
  await block(page, 'Noah').waitFor()
  await drag(page, 'Emma', { hours: 2 })
  const dialog = page.getByRole('dialog', { name: 'This time is taken' })
  await dialog.getByRole('list', { name: 'Free instead' }).waitFor()
  await block(page, '13:00 – 14:30, Emma').waitFor()
  expect(await startOf('emma')).toBe(`${WEDNESDAY}T13:00`)
  await dialog.getByRole('button', { name: /, 16:00$/ }).click()
  await dialog.waitFor({ state: 'detached' })
  await block(page, '16:00 – 17:30, Emma').waitFor()
  await expect.poll(() => startOf('emma')).toBe(`${WEDNESDAY}T16:00`)
  office.complaints.splice(0) // the browser itself reports the 409
})

test('by keyboard: what lies in the calendar is opened, moved and confirmed without a mouse', async () => {
  const page = await week()
  await block(page, 'Noah').press('Enter')
  await card(page, 'Noah').getByRole('button', { name: 'Move…' }).press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Move the appointment with Noah' })
  await dialog.getByRole('button', { name: '09:00' }).first().press('Enter')
  await dialog.getByRole('button', { name: 'Move', exact: true }).press('Enter')
  await dialog.waitFor({ state: 'detached' })
  await block(page, '09:00 – 10:00, Noah').waitFor()
  await block(page, 'Noah').press('Enter')
  await card(page, 'Noah').getByRole('button', { name: 'Confirm' }).press('Enter')
  await block(page, 'Noah, Consultation, Confirmed').waitFor()
  await expect.poll(() => of('noah')).toMatchObject({ status: 'confirmed', reschedule_count: 1 })
})

test('it is completed with what came of it and the sale, which the contact shows', async () => {
  const page = await week()
  await block(page, 'Emma').click()
  await card(page, 'Emma').getByRole('button', { name: 'Complete…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Emma: what came of it?' })
  await dialog.getByRole('combobox', { name: 'Outcome' }).fill('won')
  await dialog.getByLabel('Value of the sale').fill('4200')
  await dialog.getByLabel('Next step').fill('Send the contract')
  await dialog.getByRole('button', { name: 'Complete' }).click()
  await dialog.waitFor({ state: 'detached' })
  expect(await of('emma')).toMatchObject({ status: 'completed', outcome: 'won', next_step: 'Send the contract' })

  await block(page, 'Emma').click()
  await card(page, 'Emma').getByRole('link', { name: 'Emma' }).click()
  await page.getByRole('tab', { name: 'Appointments' }).click()
  const records = page.getByRole('list', { name: 'Appointments' })
  await records.getByText('Won').waitFor()
  await records.getByText('next: Send the contract').waitFor()
  await page.getByRole('tab', { name: 'Conversions' }).click()
  await page.getByRole('list', { name: 'Conversions' }).getByText('$4,200').waitFor()
  await page.getByRole('tab', { name: 'Appointments' }).click()
  await records.getByRole('link').click()
  await page.getByRole('complementary').getByRole('link', { name: '$4,200' }).waitFor()
  await page.getByRole('list', { name: 'History' }).getByText('Appointment moved').first().waitFor()
})

test('what nobody has waits in a list of its own until it is given to somebody', async () => {
  await book('Olivia', `${TUESDAY}T09:00:00Z`, { assigned_to: null })
  const page = await office.open('/w/appointments?tab=unassigned')
  const grid = page.getByRole('grid', { name: 'Appointments that nobody has yet' })
  await grid.getByText('Olivia').waitFor()
  await page.getByRole('link', { name: 'Appointments 1 that nobody has yet' }).waitFor()
  await grid.focus()
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Olivia' }).waitFor()
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Assign…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Who meets Olivia?' })
  await dialog.getByRole('combobox', { name: 'Person' }).click()
  await page.getByRole('option', { name: /you/ }).click()
  await dialog.getByRole('button', { name: 'Assign' }).click()
  await dialog.waitFor({ state: 'detached' })
  await expect.poll(async () => (await of('olivia')).assigned_to).toBe(office.owner.user_id)
  await page.keyboard.press('Backspace')
  await page.getByText('Everything that is booked has somebody').waitFor()
})

test('what is over and has no outcome waits for one', async () => {
  const { id } = await of('noah')
  const yesterday = new Date(Date.now() - 86_400_000)
  await office.fresh.database.system`
    update appointments set scheduled_at = ${yesterday} where workspace_id = ${office.fresh.workspace_id} and id = ${id}`
  const page = await office.open('/w/appointments?tab=waiting')
  await page.getByRole('grid', { name: 'Appointments without an outcome' }).getByRole('link', { name: 'Noah' }).click()
  await page.getByRole('button', { name: 'No-show' }).click()
  await page.getByText('nobody came', { exact: true }).waitFor()
  await expect.poll(async () => (await of('noah')).status).toBe('no_show')
})

test('a lead is booked from its own page, at a time that is free', async () => {
  const lead = await ask<{ id: number }>('POST', '/leads', { first_name: 'Liam', email: 'liam@example.com' })
  const page = await office.open(`/w/leads/${lead.id}`)
  await page.getByRole('complementary').getByRole('button', { name: 'Book' }).click()
  const dialog = page.getByRole('dialog', { name: 'Book an appointment' })
  await dialog.getByRole('button', { name: 'Later' }).click()
  await dialog.getByRole('button', { name: '11:00' }).first().click()
  await dialog.getByRole('button', { name: 'Book', exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('complementary').getByRole('list', { name: 'Appointments' }).getByText(', 11:00').waitFor()
  expect(await of('liam')).toMatchObject({ lead_id: lead.id, status: 'scheduled' })
  await page.getByRole('complementary').getByRole('list', { name: 'Appointments' }).getByRole('link').click()
  const about = page.getByRole('complementary', { name: 'About this appointment' })
  await about.getByRole('button', { name: 'Edit' }).click()
  await about.getByLabel('The number to call').fill('Ring at the office first')
  await about.getByRole('button', { name: 'Save' }).click()
  await about.getByText('By phone: Ring at the office first').waitFor()
  await page.getByRole('textbox', { name: 'Notes' }).fill('Has two dogs')
  await page.getByRole('button', { name: 'Save notes' }).click()
  await page.getByRole('list', { name: 'History' }).getByText('Has two dogs').waitFor()
})

test('in a month a drag to another day keeps the time of day', async () => {
  const page = await office.open(`/w/appointments?view=month&date=${TUESDAY}`)
  const from = (await block(page, 'Olivia').boundingBox())!
  const to = (await page.locator(`[data-date="${WEDNESDAY}"]`).boundingBox())!
  await page.mouse.move(from.x + 10, from.y + 8)
  await page.mouse.down()
  await page.mouse.move(from.x + 22, from.y + 14, { steps: 3 })
  await page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 6 })
  await page.mouse.up()
  await expect.poll(() => startOf('olivia')).toBe(`${WEDNESDAY}T09:00`)
  await page.locator(`[data-date="${WEDNESDAY}"]`).getByRole('button', { name: 'Olivia' }).waitFor()
})

test('on a phone the calendar is an agenda', async () => {
  const page = await office.open(`/w/appointments?date=${TUESDAY}`, { width: 390 })
  await page.getByRole('link', { name: /Olivia/ }).click()
  await page.getByRole('heading', { name: 'Olivia' }).waitFor()
})

test.for([
  `appointments?date=${TUESDAY}`,
  `appointments?view=day&date=${WEDNESDAY}`,
  `appointments?view=month&date=${TUESDAY}`,
  'appointments?tab=all',
  'appointments/OLIVIA',
])('on a phone in the dark, %s fits, and everything has a name', async screen => {
  const page = await office.open(`/w/${screen.replace('OLIVIA', String((await of('olivia')).id))}`, { width: 390, dark: true })
  await page.getByRole('main').getByRole('heading').first().waitFor()
  await page.waitForLoadState('networkidle')
  await expectWidth(page, 390)
  await expectNames(page)
})

test('in a day the card of what fills the width is in sight', async () => {
  const page = await office.open(`/w/appointments?view=day&date=${WEDNESDAY}`)
  await block(page, 'Olivia').click()
  const link = card(page, 'Olivia').getByRole('link', { name: 'Open' })
  await link.waitFor()
  const { x, y } = (await link.boundingBox())!
  expect(x > 0 && x < 1280 && y > 0 && y < 800).toBe(true)
  await link.click()
  await page.getByRole('heading', { name: 'Olivia' }).waitFor()
})

test('an agent sees everything and is offered to change what is theirs', async () => {
  const { owner } = office
  office.owner = await signedIn(office.fresh, 'agent')
  const page = await week()
  await block(page, 'Olivia').click()
  await card(page, 'Olivia').getByRole('link', { name: 'Open' }).waitFor()
  expect(await card(page, 'Olivia').getByRole('button').count()).toBe(0)
  office.owner = owner
})
