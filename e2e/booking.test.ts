import type { Locator, Page } from 'playwright-core'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { createUser } from '../server/workspaces/users.ts'
import type { Appointment, AppointmentType } from '../shared/appointments.ts'
import type { Pool } from '../shared/pools.ts'
import type { RoutingRule } from '../shared/routing.ts'
import type { StaffMember } from '../shared/staff.ts'
import { expectNames, expectWidth, openOffice, PASSWORD } from './screens.ts'

// Customers of New York book with somebody who works in Berlin. Each test takes a day of its own in the middle of the next month.
const office = openOffice()
const { ask } = office
const CUSTOMERS = 'America/New_York'
const monthFrom = (offset: number) => {
  const [year, month] = new Intl.DateTimeFormat('en-CA', { timeZone: CUSTOMERS }).format(Date.now()).split('-').map(Number)
  return new Date(Date.UTC(year!, month! - 1 + offset, 1)).toISOString().slice(0, 7)
}
const NEXT_MONTH = monthFrom(1)
const dayOf = (day: number) => `${NEXT_MONTH}-${day}`

let tom: number
beforeAll(async () => {
  const { database, workspace_id } = office.fresh
  const person = { email: 'tom@example.com', name: 'Tom Berg', workspace_id, role: 'agent', password: PASSWORD } as const
  tom = (await createUser(database, person)).user_id
  const hours = [1, 2, 3, 4, 5, 6, 7].map(weekday => ({ weekday, opens: '12:00', closes: '20:00' }))
  await ask('PATCH', `/staff/${office.owner.user_id}`, { time_zone: 'Europe/Berlin', bookable: true, hours })
  const members = [{ user_id: office.owner.user_id }]
  const pool = await ask<Pool>('POST', '/pools', { name: 'Advisers', strategy: 'least_loaded', members })
  const page = { address: 'roof-check', is_public: true, pool_id: pool.id, place: 'phone', horizon_days: 90 }
  await ask('POST', '/appointment-types', { key: 'roof_check', name: 'Roof check', duration_minutes: 30, ...page })
})
afterEach(async () => {
  await office.leave()
  expect(office.complaints.splice(0), 'errors in the console').toEqual([])
})

const of = async (email: string) => (await ask<{ data: Appointment[] }>('GET', `/appointments?q=${email}`)).data[0]!

/** A customer's browser: without a session, and with its clock in New York. */
function visit(path = '/book/roof-check', how: Parameters<typeof office.visit>[1] = {}) {
  return office.visit(path, { time_zone: CUSTOMERS, ...how })
}

const dayWords = (date: string) =>
  new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' }).format(Date.parse(date))

/** Turns to the month when it is not there, and leaves the day chosen. */
async function chooseDay(page: Page, date: string) {
  const day = page.getByRole('button', { name: dayWords(date), exact: true })
  await page.locator('.pick-slot').first().or(page.getByText('Nothing is free in this month')).waitFor()
  if ((await day.count()) === 0) await page.getByRole('button', { name: 'Next month' }).click()
  await day.click()
  await page.getByRole('heading', { name: dayWords(date) }).waitFor()
}

const slot = (page: Page, clock: string) => page.locator('.pick-times').getByRole('button', { name: clock, exact: true })

async function fillIn(page: Page, first_name: string) {
  await page.getByLabel('First name').fill(first_name)
  await page.getByLabel('E-mail').fill(`${first_name.toLowerCase()}@example.com`)
}

async function bookAs(page: Page, first_name: string, date: string, clock: string) {
  await chooseDay(page, date)
  await slot(page, clock).click()
  await fillIn(page, first_name)
  await page.getByRole('button', { name: 'Book', exact: true }).click()
  await page.getByRole('heading', { name: 'Booked' }).waitFor()
}

/** The link that the confirmation shows, as a tab of its own. The port of the test's server is not what the server is told to be. */
async function manageOf(page: Page) {
  const href = await page.getByRole('link', { name: 'Move or cancel it' }).getAttribute('href')
  return new URL(href!).pathname
}

async function expectToFit(page: Page) {
  await expectWidth(page, 390)
  await expectNames(page)
}

const expectFocus = (locator: Locator) => expect.poll(() => locator.evaluate(one => one === document.activeElement)).toBe(true)

/** The browser itself reports what was refused; anything else stays a complaint. */
async function expectRefusal(status: number) {
  await expect.poll(() => office.complaints.length).toBeGreaterThan(0)
  const said = office.complaints.splice(0)
  for (const one of said) expect(one).toContain(`status of ${status}`)
}

test('without an account and without a mouse, a customer books a time of their own zone', async () => {
  const page = await visit()
  await page.getByRole('heading', { name: 'Roof check' }).waitFor()
  await chooseDay(page, dayOf(10))
  await page.getByText('New York, GMT').waitFor()
  await slot(page, '09:00').press('Enter')

  const first = page.getByLabel('First name')
  await first.waitFor()
  await expectFocus(first)
  await page.getByText(/^The time is kept for you until/).waitFor()
  const order = ['Emma', 'Wolf', 'emma@example.com', '+1 212 555 0100', 'The dog barks']
  for (const [k, text] of order.entries()) {
    await page.keyboard.type(text)
    if (k < order.length - 1) await page.keyboard.press('Tab')
  }
  expect(await page.getByLabel('What should we know before?').inputValue()).toBe('The dog barks')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')

  const heading = page.getByRole('heading', { name: 'Booked' })
  await heading.waitFor()
  await expectFocus(heading)
  await page.getByText('Roof check').first().waitFor()
  await page.getByText(`${dayWords(dayOf(10))}`, { exact: false }).waitFor()
  expect(await of('emma@example.com')).toMatchObject({
    type: 'roof_check',
    status: 'scheduled',
    assigned_to: office.owner.user_id,
    time_zone: CUSTOMERS,
    scheduled_at: newYork(dayOf(10), 9),
  })
  const shown = await ask<{ customer_notes: string; booked_by: { kind: string } }>(
    'GET',
    `/appointments/${(await of('emma@example.com')).id}`,
  )
  expect(shown.customer_notes).toBe('The dog barks')
})

test('what is missing is said at its field, and the time stays kept', async () => {
  const page = await visit()
  await chooseDay(page, dayOf(11))
  await slot(page, '08:00').click()
  await page.getByLabel('First name').fill('   ')
  await page.getByLabel('E-mail').fill('nora@example')
  await page.getByRole('button', { name: 'Book', exact: true }).click()
  await expect.poll(() => page.locator('[aria-invalid="true"]').count()).toBeGreaterThan(0)
  await fillIn(page, 'Nora')
  await page.getByRole('button', { name: 'Book', exact: true }).click()
  await page.getByRole('heading', { name: 'Booked' }).waitFor()
  await expectRefusal(422)
})

test('with the link from the confirmation it is moved, and the person stays', async () => {
  const page = await visit()
  await bookAs(page, 'Liam', dayOf(12), '10:00')
  const manage = await visit(await manageOf(page))
  await manage.getByText('Booked').waitFor()
  await manage.getByRole('button', { name: 'Move it' }).click()
  await chooseDay(manage, dayOf(13))
  await slot(manage, '11:30').click()
  await manage.getByText(`${dayWords(dayOf(13))}, 11:30`).waitFor()
  const moved = await of('liam@example.com')
  expect(moved).toMatchObject({ reschedule_count: 1, assigned_to: office.owner.user_id })
  expect(moved.scheduled_at).toBe(newYork(dayOf(13), 11.5))
})

test('with the link it is cancelled, and a new one can be booked', async () => {
  const page = await visit()
  await bookAs(page, 'Olga', dayOf(14), '10:00')
  const manage = await visit(await manageOf(page))
  await manage.getByRole('button', { name: 'Cancel it' }).click()
  await manage.getByLabel('Why?').fill('On holiday')
  await manage.getByRole('button', { name: 'Cancel the appointment' }).click()
  await manage.getByText('Cancelled').waitFor()
  expect(await of('olga@example.com')).toMatchObject({ status: 'cancelled' })
  await manage.getByRole('link', { name: 'Book a new one' }).click()
  await manage.waitForURL('**/book/roof-check')
  await chooseDay(manage, dayOf(14))
  await slot(manage, '10:00').waitFor()
})

test('what somebody else is about to book is refused, and another time can be chosen', async () => {
  const [first, second] = [await visit(), await visit()]
  await chooseDay(first, dayOf(15))
  await chooseDay(second, dayOf(15))
  await slot(first, '09:00').click()
  await first.getByLabel('First name').waitFor()
  await slot(second, '09:00').click()
  await second
    .getByRole('alert')
    .getByText(/taken|gone|free/)
    .waitFor()
  await slot(second, '09:00').waitFor({ state: 'detached' })
  await slot(second, '09:30').click()
  await fillIn(second, 'Paul')
  await second.getByRole('button', { name: 'Book', exact: true }).click()
  await second.getByRole('heading', { name: 'Booked' }).waitFor()
  await fillIn(first, 'Quinn')
  await first.getByRole('button', { name: 'Book', exact: true }).click()
  await first.getByRole('heading', { name: 'Booked' }).waitFor()
  expect((await of('quinn@example.com')).scheduled_at).toBe(newYork(dayOf(15), 9))
  expect((await of('paul@example.com')).scheduled_at).toBe(newYork(dayOf(15), 9.5))
  await expectRefusal(409)
})

test('whoever looks at other times gives back what was kept when they choose one', async () => {
  const page = await visit()
  await chooseDay(page, dayOf(16))
  await slot(page, '09:00').click()
  await page.getByRole('button', { name: 'Another time' }).click()
  await chooseDay(page, dayOf(16))
  await slot(page, '10:00').click()
  await page.getByText(`${dayWords(dayOf(16))}, 10:00`).waitFor()
  const other = await visit()
  await chooseDay(other, dayOf(16))
  await slot(other, '09:00').waitFor()
  expect(await slot(other, '10:00').count()).toBe(0)
})

test.for([true, false])('at 390 pixels the booking page fits, and everything has a name (dark: %s)', async dark => {
  const page = await visit('/book/roof-check', { width: 390, dark })
  await chooseDay(page, dayOf(17))
  await expectToFit(page)
  await slot(page, dark ? '09:00' : '10:00').click()
  await page.getByLabel('First name').waitFor()
  await expectToFit(page)
})

test('an address where nothing can be booked says so', async () => {
  const page = await visit('/book/nowhere')
  await page.getByRole('heading', { name: 'Nothing can be booked here' }).waitFor()
  await expectRefusal(404)
})

test('what was booked is in the calendar, and its outcome and sale come to the contact', async () => {
  const page = await office.open(`/w/appointments?view=week&date=${dayOf(10)}`)
  const calendar = page.getByRole('region', { name: 'Calendar' })
  await calendar.getByRole('button', { name: 'Emma Wolf' }).click()
  await page.getByRole('dialog', { name: 'Appointment with Emma Wolf' }).getByRole('button', { name: 'Complete…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Emma Wolf: what came of it?' })
  await dialog.getByRole('combobox', { name: 'Outcome' }).fill('won')
  await dialog.getByLabel('Value of the sale').fill('2500')
  await dialog.getByRole('button', { name: 'Complete' }).click()
  await dialog.waitFor({ state: 'detached' })
  const { contact_id, status, outcome } = await of('emma@example.com')
  expect({ status, outcome }).toEqual({ status: 'completed', outcome: 'won' })

  await page.goto(`${office.fresh.url}/w/${office.fresh.workspace_id}/contacts/${contact_id}`)
  await page.getByRole('tab', { name: 'Conversions' }).click()
  await page.getByRole('list', { name: 'Conversions' }).getByText('$2,500').waitFor()
  await page.getByRole('tab', { name: 'Appointments' }).click()
  await page.getByRole('list', { name: 'Appointments' }).getByText('Won').waitFor()
})

async function chooseOption(page: Page, field: Locator, name: string | RegExp) {
  await field.click()
  await page.getByRole('option', { name }).click()
}

test('somebody is given hours, from the link on the appointments', async () => {
  const page = await office.open('/w/appointments')
  await page.getByRole('link', { name: 'Appointment settings' }).click()
  await page
    .getByRole('list', { name: 'People' })
    .getByRole('button', { name: /Tom Berg/ })
    .click()
  const zone = page.getByRole('combobox', { name: 'Time zone' })
  await zone.fill('Europe/Lis')
  await page.getByRole('option', { name: 'Europe/Lisbon' }).click()
  await page.getByLabel('Monday 1: from').fill('08:00')
  await page.getByRole('button', { name: 'The same as Monday from Monday to Friday' }).click()
  await page.getByRole('button', { name: 'Add hours on Saturday' }).click()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Mon to Fri 08:00–17:00; Sat 09:00–17:00 · Europe/Lisbon').waitFor()
  await page.getByRole('button', { name: 'Add an absence' }).click()
  await page.getByLabel('Reason').fill('Sailing')
  await page.getByRole('button', { name: 'Add absence' }).click()
  await page.getByRole('list', { name: 'Absences' }).getByText('Sailing').waitFor()
  const staff = (await ask<{ data: StaffMember[] }>('GET', '/staff')).data.find(({ user_id }) => user_id === tom)!
  expect(staff).toMatchObject({ time_zone: 'Europe/Lisbon', bookable: true })
  expect(staff.hours).toHaveLength(6)
  expect(staff.absences).toHaveLength(1)
})

test('of what somebody else saved meanwhile nothing is written over', async () => {
  const page = await office.open('/w/appointment-settings')
  await page
    .getByRole('list', { name: 'People' })
    .getByRole('button', { name: /Tom Berg/ })
    .click()
  const notice = page.getByLabel('Booked at least so long before')
  await notice.waitFor()
  await ask('PATCH', `/staff/${tom}`, { notice_minutes: 90 })
  await notice.fill('30')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page
    .getByRole('alert')
    .getByText(/in the meantime/)
    .waitFor()
  const discard = page.getByRole('button', { name: 'Discard' })
  await discard.click()
  await expect.poll(() => notice.inputValue()).toBe('90 min')
  await discard.waitFor({ state: 'detached' })
  await expectRefusal(409)
})

test('a pool is made, and a type that customers book with it', async () => {
  const page = await office.open('/w/appointment-settings?tab=pools')
  await page.getByRole('button', { name: 'Add a pool' }).click()
  await page.getByLabel('Name').fill('Closers')
  await page.keyboard.press('Enter')
  await page.getByRole('list', { name: 'Pools' }).getByText('nobody yet').waitFor()
  await chooseOption(page, page.getByRole('combobox', { name: 'Add somebody' }), /^Tom Berg/)
  await page.getByLabel('Share of Tom Berg').fill('2')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByRole('list', { name: 'Pools' }).getByText('In turn: Tom Berg').waitFor()

  await page.getByRole('tab', { name: 'What can be booked' }).click()
  await page.getByRole('button', { name: 'Add a type' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('Signing')
  await page.getByRole('button', { name: 'Add type' }).click()
  await page.getByLabel('Takes').fill('45')
  await chooseOption(page, page.getByRole('combobox', { name: 'Whose time' }), 'Closers')
  await page.getByRole('textbox', { name: 'Address' }).fill('signing')
  await page.getByRole('switch', { name: 'Customers can book it' }).click()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText(/^45 min · .* · \/book\/signing$/).waitFor()
  const { data: types } = await ask<{ data: AppointmentType[] }>('GET', '/appointment-types')
  expect(types.find(({ key }) => key === 'signing')).toMatchObject({ is_public: true, duration_minutes: 45 })
  const customer = await visit('/book/signing')
  await customer.getByRole('heading', { name: 'Signing' }).waitFor()
  await customer.locator('.pick-slot').first().or(customer.getByText('Nothing is free in this month')).waitFor()
})

test('a rule is added, tried on what was, published again, and its first version is kept', async () => {
  const page = await office.open('/w/appointment-settings?tab=routing')
  await page.getByRole('button', { name: 'Add a rule' }).click()
  const added = page.getByRole('dialog', { name: 'New routing rule' })
  await added.getByLabel('Name').fill('North')
  await chooseOption(page, added.getByRole('combobox', { name: 'Appointment types' }), 'Roof check')
  await page.keyboard.press('Escape')
  await chooseOption(page, added.getByRole('combobox', { name: 'First' }), 'Closers')
  await added.getByRole('button', { name: 'Add rule' }).click()
  await added.waitFor({ state: 'detached' })
  const rules = page.getByRole('list', { name: 'Routing rules' })
  await rules.getByText('→ Closers').waitFor()

  await page.getByRole('button', { name: 'Try them on past appointments' }).click()
  const trial = page.getByRole('dialog', { name: 'Try the rules' })
  await trial.getByRole('button', { name: 'Try them' }).click()
  await trial.getByRole('row', { name: /^Tom Berg \d+$/ }).waitFor()
  await trial.getByRole('row', { name: /^North \d+$/ }).waitFor()
  await page.keyboard.press('Escape')
  await trial.waitFor({ state: 'detached' })

  await rules.getByRole('button', { name: /^North Appointment types/ }).click()
  const edited = page.getByRole('dialog', { name: 'North' })
  await edited.getByLabel('Countries').fill('US')
  await edited.getByLabel('Countries').press('Enter')
  await edited.getByRole('button', { name: 'Try it' }).click()
  await edited.getByRole('button', { name: 'Try them' }).click()
  await edited.getByRole('row', { name: /^No rule fits \d+$/ }).waitFor()
  await edited.getByRole('button', { name: 'Publish' }).click()
  await edited.waitFor({ state: 'detached' })
  await rules.getByText('Countries: US').waitFor()
  await rules.getByRole('button', { name: /^North Appointment types/ }).click()
  await edited.getByText('Version 1').waitFor()
  const { data } = await ask<{ data: RoutingRule[] }>('GET', '/routing-rules')
  expect(data[0]).toMatchObject({ name: 'North', version: 2, matches: { types: ['roof_check'], countries: ['US'] } })
})

test('of a sheet with a wrong row that row is named, and nothing is stored', async () => {
  const page = await office.open('/w/appointment-settings?tab=routing')
  await page.getByRole('button', { name: 'Upload a sheet' }).click()
  const dialog = page.getByRole('dialog', { name: 'Upload routing rules' })
  const sheet = 'name,products,target\nSouth,roof,pool:Closers\nWest,roof,pool:Nobody knows it\n'
  await dialog.locator('input[type=file]').setInputFiles({ name: 'rules.csv', mimeType: 'text/csv', buffer: Buffer.from(sheet) })
  await dialog.getByRole('button', { name: 'Upload', exact: true }).click()
  await dialog.getByText(/Nothing was stored/).waitFor()
  await dialog.getByRole('listitem').getByText('West').waitFor()
  expect(await dialog.getByRole('listitem').allTextContents()).toEqual([expect.stringMatching(/^Row 3, West: /)])
  const { data } = await ask<{ data: RoutingRule[] }>('GET', '/routing-rules')
  expect(data.map(({ name }) => name)).toEqual(['North'])
})

test.for(['hours', 'types', 'pools', 'routing'])(
  'on a phone in the dark, the settings of %s fit, and everything has a name',
  async tab => {
    const page = await office.open(`/w/appointment-settings?tab=${tab}`, { width: 390, dark: true })
    const line = page.locator('.hours-line, .routing-line').first()
    await line.waitFor()
    if (tab !== 'routing') {
      await line.click()
      await page.getByRole('button', { name: 'Save', exact: true }).waitFor()
    }
    await expectToFit(page)
  },
)

/** The instant at which it is so late there, as the wire says it. */
function newYork(date: string, hours: number) {
  const noon = new Date(`${date}T12:00:00Z`)
  const there = Number(new Intl.DateTimeFormat('en-GB', { hour: '2-digit', timeZone: CUSTOMERS }).format(noon))
  return new Date(noon.getTime() + (hours - there) * 3_600_000).toISOString()
}
