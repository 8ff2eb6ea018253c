import { afterEach, beforeAll, expect, test } from 'vitest'
import type { Lead } from '../shared/leads.ts'
import { signedIn } from '../test/session.ts'
import { expectNames, expectWidth, openOffice } from './screens.ts'

// One day of a lead desk, from its first lead to its settings: each test goes on where the one before stopped.
const office = openOffice({ config: { webhook_allowed_cidrs: ['127.0.0.0/8'] } })
const { ask } = office
let intake: string

beforeAll(async () => {
  const webhook = await ask<{ webhook_id: string }>('POST', '/intake-webhooks', { name: 'Landing page', lead_type: 'solar' })
  intake = `${office.fresh.url}/intake/${webhook.webhook_id}`
})
afterEach(async () => {
  await office.leave()
  expect(office.complaints.splice(0), 'errors in the console').toEqual([])
})

const leadOf = async (name: string) => (await ask<{ data: Lead[] }>('GET', `/leads?q=${name}`)).data[0]!

async function comes(name: string, more: object = {}) {
  const body = { first_name: name, email: `${name.toLowerCase()}@example.com`, source: 'google', ...more }
  const response = await fetch(intake, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect(await response.json()).toMatchObject({ outcome: 'success' })
}

const column = (page: Awaited<ReturnType<typeof office.open>>, name: string) => page.getByRole('region', { name, exact: true })

test('says how leads come in while there are none', async () => {
  const page = await office.open('/w/leads')
  await page.getByText('No leads yet').waitFor()
  await page.getByRole('link', { name: 'Add an intake webhook' }).waitFor()
})

test('shows a lead that was posted as new until somebody works at it', async () => {
  await comes('Sarah', { phone: '+14155550101', homeowner: 'yes', roof_age: '12', campaign: 'spring' })
  const page = await office.open('/w/leads')
  const row = page.getByRole('row').filter({ hasText: 'Sarah' })
  await row.getByText(', new').waitFor({ state: 'attached' })
  await page.getByRole('grid', { name: 'Leads' }).focus()
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Sarah' }).waitFor()
  await page.getByText('Owns the home').waitFor()
  await page.getByText('12 years').waitFor()
  await page.getByText('spring').waitFor()

  const adding = page.getByRole('region', { name: 'Write something down' })
  await adding.getByText('Call', { exact: true }).click()
  await page.getByRole('textbox', { name: 'Call' }).fill('Wants an offer on Monday')
  await page.getByRole('combobox', { name: 'Outcome' }).click()
  await page.getByRole('option', { name: 'Reached' }).click()
  await page.getByRole('button', { name: 'Add call' }).click()
  await page.getByText('Call: Reached').waitFor()
  await expect.poll(async () => (await leadOf('sarah')).contact_attempts).toBe(1)
  await adding.getByText('To do', { exact: true }).click()
  await page.getByRole('textbox', { name: 'To do' }).fill('Send the offer')
  await page.getByRole('button', { name: 'Plan it' }).click()
  await page.getByRole('checkbox', { name: 'Done: Send the offer' }).check()
  await page.getByRole('heading', { name: 'To do' }).waitFor({ state: 'detached' })
  await page.getByRole('tab', { name: 'As it came' }).click()
  await page.getByText('"roof_age"').waitFor()
  await page.keyboard.press('Backspace')
  await row.getByText('Sarah').waitFor()
  await row.getByText(', new').waitFor({ state: 'detached' })
})

test('what is written while the last is being saved stays', async () => {
  const page = await office.open(`/w/leads/${(await leadOf('sarah')).id}`)
  const note = page.getByRole('textbox', { name: 'Note' })
  let answered = () => {}
  const slow = new Promise<void>(resolve => {
    answered = resolve
  })
  await page.route('**/api/v1/tasks', async route => {
    await slow
    await route.continue()
  })
  await note.fill('Has a dog')
  const sent = page.waitForRequest('**/api/v1/tasks')
  await page.keyboard.press('Control+Enter')
  await sent
  await page.keyboard.press('Control+Enter') // once is enough
  await note.fill('Has a cat')
  answered()
  await page.getByText('Has a dog').waitFor()
  expect(await note.inputValue()).toBe('Has a cat')
  await page.getByRole('button', { name: 'Add note' }).click()
  await page.getByText('Has a cat').last().waitFor()
  await expect.poll(() => note.inputValue()).toBe('')
  expect(await page.getByText('Has a dog').count()).toBe(1)
})

test('what is planned for somebody stands in their tasks until they tick it off', async () => {
  const { id } = await leadOf('sarah')
  await ask('POST', '/tasks', { lead_id: id, kind: 'call', title: 'Call at noon', due_at: new Date().toISOString() })
  const page = await office.open('/w/tasks')
  await page.getByRole('grid', { name: 'Tasks' }).getByText('Call at noon').waitFor()
  await page.getByRole('checkbox', { name: 'Choose Call at noon' }).check()
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByText('Nothing is to do for you').waitFor()
  await expect.poll(async () => (await leadOf('sarah')).contact_attempts).toBe(2)
})

test('finds, filters and changes several at once by keyboard', async () => {
  await comes('John')
  await comes('Emma', { source: 'facebook' })
  const page = await office.open('/w/leads')
  const grid = page.getByRole('grid', { name: 'Leads' })
  await grid.getByText('Emma').waitFor()
  await grid.focus()
  for (const key of ['j', 'x', 'j', 'x']) await page.keyboard.press(key)
  await page.getByText('2 leads chosen').waitFor()
  await page.getByRole('combobox', { name: 'Priority' }).click()
  await page.getByRole('option', { name: 'Urgent' }).click()
  await page.getByText('2 leads changed').waitFor()
  expect((await leadOf('john')).priority).toBe(1)
  await page.getByRole('button', { name: 'More filters' }).click()
  await page.getByRole('combobox', { name: 'Source' }).fill('facebook')
  await page.keyboard.press('Enter')
  await page.waitForURL('**source=facebook*')
  await page.keyboard.press('Escape')
  await expect.poll(() => grid.getByText('John').count()).toBe(0)
  await grid.getByText('Emma').waitFor()
})

test.each([1280, 390])('shows what came through one webhook, and from when to when, at %i', async width => {
  const page = await office.open('/w/leads', { width })
  await page.getByRole('button', { name: 'More filters' }).click()
  await page.getByRole('combobox', { name: 'Webhook' }).click()
  await page.getByRole('option', { name: 'Landing page' }).click()
  await page.waitForURL('**webhook_id=*')
  await page.keyboard.press('Escape')
  await page.getByRole('grid', { name: 'Leads' }).getByText('Emma').waitFor()
  await page.getByRole('button', { name: 'Time: Any time' }).click()
  await page.getByRole('button', { name: 'Last hour' }).click()
  await page.waitForURL('**since=*')
  await page.getByRole('grid', { name: 'Leads' }).getByText('Emma').waitFor()
  await page.getByRole('button', { name: 'Time: Since' }).click()
  await page.getByLabel('To', { exact: true }).fill('2020-01-01T00:00')
  await page.getByText('No lead fits this search').waitFor()
  await page.keyboard.press('Escape')
  await expectWidth(page, width)
  await page.getByRole('button', { name: 'Show all leads' }).click()
  await page.getByRole('button', { name: 'Time: Any time' }).waitFor()
  await page.getByRole('grid', { name: 'Leads' }).getByText('Emma').waitFor()
})

test('a card goes to the next column by keyboard, and counts and sums go with it', async () => {
  const john = await leadOf('john')
  await ask('PATCH', `/leads/${john.id}`, { revenue_potential: 1500 })
  const page = await office.open('/w/board')
  const card = page.getByRole('button', { name: 'John', exact: true })
  await column(page, 'New').getByTitle('What they may bring').getByText('$1,500').waitFor()
  await card.focus()
  await page.keyboard.press('Space')
  await page.keyboard.press('ArrowRight')
  await page.getByText('Contacted, position 1').waitFor({ state: 'attached' })
  await page.keyboard.press('Space')
  await column(page, 'Contacted').getByRole('button', { name: 'John', exact: true }).waitFor()
  await column(page, 'Contacted').getByTitle('What they may bring').getByText('$1,500').waitFor()
  await column(page, 'New').getByTitle('What they may bring').waitFor({ state: 'detached' })
  await expect.poll(async () => (await leadOf('john')).status).toBe('contacted')
})

test('a card goes back, with the sentence of the server, when its place is gone', async () => {
  const page = await office.open('/w/board')
  await column(page, 'Contacted').getByRole('button', { name: 'John', exact: true }).waitFor()
  await page.waitForLoadState('networkidle') // what is read again knows where John went
  await ask('POST', `/leads/${(await leadOf('john')).id}/status`, { status: 'qualified' })
  const emma = page.getByRole('button', { name: 'Emma', exact: true })
  await emma.focus()
  await page.keyboard.press('Space')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Space')
  await page.getByText('The card went back').waitFor()
  await column(page, 'New').getByRole('button', { name: 'Emma', exact: true }).waitFor()
  expect((await leadOf('emma')).status).toBe('new')
  office.complaints.splice(0) // the browser itself reports the 409
})

test('won asks for the value and records the conversion, which the contact shows', async () => {
  const page = await office.open('/w/board')
  const move = async () => {
    await page.getByRole('button', { name: 'Move Sarah to…' }).click()
    await page.getByRole('menuitem', { name: 'Won' }).click()
  }
  await move()
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
  await column(page, 'New').getByRole('button', { name: 'Sarah', exact: true }).waitFor()
  await move()
  await page.getByLabel('Value').fill('4200')
  await page.getByRole('button', { name: 'Set to Won' }).click()
  await column(page, 'Won').getByText('$4,200').waitFor()
  expect(await leadOf('sarah')).toMatchObject({ kind: 'won', conversion_count: 1, conversion_value: 4200 })

  await page.getByRole('button', { name: 'Sarah', exact: true }).click()
  await page.getByRole('link', { name: 'Sarah', exact: true }).click()
  await page.getByRole('tab', { name: 'Conversions' }).click()
  await page.getByRole('list', { name: 'Conversions' }).getByText('$4,200').waitFor()
  await page.getByRole('tab', { name: 'Leads' }).click()
  await page.getByRole('list', { name: 'Leads' }).getByText('Won').waitFor()
  await page.getByRole('complementary').getByText('$4,200').waitFor()
})

test('lost asks why, offers what was said before, and can be opened again', async () => {
  await comes('Olga')
  await ask('POST', `/leads/${(await leadOf('olga')).id}/status`, { status: 'lost', lost_reason: 'Too far away' })
  const page = await office.open(`/w/leads/${(await leadOf('john')).id}`)
  await page.getByRole('button', { name: 'Lost…' }).click()
  await page.getByRole('combobox', { name: 'Reason' }).fill('far')
  await page.getByRole('option', { name: 'Too far away' }).click()
  await page.getByRole('button', { name: 'Set to Lost' }).click()
  await page.getByRole('list', { name: 'Stages' }).getByText('Too far away').waitFor()
  await page.getByRole('button', { name: 'Reopen' }).click()
  await page.getByRole('menuitem', { name: 'Proposal' }).click()
  await page.getByRole('button', { name: 'Lost…' }).waitFor()
  expect(await leadOf('john')).toMatchObject({ kind: 'open', status: 'proposal' })
  await page.getByRole('tab', { name: 'History' }).click()
  await page.getByText('Lead lost').waitFor()
})

test('a lead is sent on to a partner by hand, once', async () => {
  await ask('POST', '/endpoints', { name: 'Partner', url: 'http://127.0.0.1:9/leads', events: ['lead.created'] })
  const page = await office.open(`/w/leads/${(await leadOf('john')).id}`)
  await page.getByRole('combobox', { name: 'Send it on to' }).click()
  await page.getByRole('option', { name: 'Partner' }).click()
  await page.getByText('The lead is sent on').waitFor()
  await page.getByRole('link', { name: 'Partner' }).waitFor()
  await page.getByRole('combobox', { name: 'Send it on to' }).waitFor({ state: 'detached' })
})

test('on a phone the board shows one column at a time', async () => {
  const page = await office.open('/w/board', { width: 390 })
  await column(page, 'New').getByRole('button', { name: 'Emma', exact: true }).waitFor()
  expect(await column(page, 'Won').count()).toBe(0)
  await page.getByRole('combobox', { name: 'Column' }).click()
  await page.getByRole('option', { name: 'Won (1)' }).click()
  await column(page, 'Won').getByRole('button', { name: 'Sarah', exact: true }).waitFor()
  await expectWidth(page, 390)
})

test.each([
  'leads',
  'board',
  'tasks?whose=all',
  'lead-settings',
  'lead-settings?tab=types',
  'lead-settings?tab=rules',
  'LEAD?tab=about',
])('fits a phone, in the dark too: %s', async screen => {
  const path = screen.replace('LEAD', `leads/${(await leadOf('sarah')).id}`)
  const page = await office.open(`/w/${path}`, { width: 390, dark: true })
  await page.getByRole('main').getByRole('heading').first().waitFor()
  await page.waitForLoadState('networkidle')
  await expectWidth(page, 390)
  await expectNames(page)
})

test('stages, types and rules are set on screens, and what is in use is not taken away', async () => {
  const page = await office.open('/w/leads')
  await page.getByRole('link', { name: 'Lead settings' }).click()
  await page.getByRole('button', { name: 'Add a stage' }).click()
  await page.getByLabel('Stage 8: name').fill('On hold')
  await page.getByRole('button', { name: 'On hold earlier' }).click()
  await page.getByLabel('Stage 1: name').fill('Fresh')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Pipeline saved').waitFor()
  const { data } = await ask<{ data: { stages: { key: string; name: string }[] }[] }>('GET', '/pipelines')
  const { stages } = data[0]!
  expect([stages[0], stages[6]]).toMatchObject([
    { key: 'new', name: 'Fresh' },
    { key: 'on_hold', name: 'On hold' },
  ])
  await page.getByRole('button', { name: 'Remove Fresh' }).click()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('alert').getByText('Fresh').waitFor()
  office.complaints.splice(0) // the 409

  await page.getByRole('tab', { name: 'Lead types' }).click()
  await page.getByRole('button', { name: 'Add a lead type' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Roof repair')
  await page.getByRole('button', { name: 'Add type' }).click()
  await page.getByRole('button', { name: 'Add a field' }).click()
  await page.getByLabel('Field 1: label').fill('Leaks?')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Lead type saved').waitFor()
  const types = await ask<{ data: { key: string; fields: object[] }[] }>('GET', '/lead-types')
  expect(types.data.find(({ key }) => key === 'roof_repair')?.fields).toEqual([{ key: 'leaks', label: 'Leaks?', type: 'text' }])

  await page.getByRole('tab', { name: 'Assignment' }).click()
  await page.getByRole('button', { name: 'Add a rule' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('West')
  for (const state of ['CA', 'NV']) {
    await page.getByRole('combobox', { name: 'States' }).fill(state)
    await page.keyboard.press('Enter')
  }
  await page.getByRole('combobox', { name: 'Add somebody' }).click()
  await page.getByRole('option', { name: /you/ }).click()
  await page.getByRole('button', { name: 'Save rule' }).click()
  await page.getByRole('list', { name: 'Rules' }).getByText('states CA, NV').waitFor()
  await comes('Luis', { state: 'NV' })
  expect((await leadOf('luis')).assigned_to).toBe(office.owner.user_id)
})

test('an agent is offered what they may do: their own leads, and no settings', async () => {
  const { owner } = office
  const emma = await leadOf('emma')
  office.owner = await signedIn(office.fresh, 'agent')
  const page = await office.open(`/w/leads/${emma.id}`)
  await page.getByRole('heading', { name: 'Emma' }).waitFor()
  await page.getByText('Handling').waitFor()
  expect(await page.getByRole('button', { name: /Won|Lost|Move|Edit/ }).count()).toBe(0)
  const { user_id } = office.owner
  office.owner = owner
  await ask('PATCH', `/leads/${emma.id}`, { assigned_to: user_id })
  await page.reload()
  await page.getByRole('button', { name: 'Lost…' }).waitFor()
  await page.goto(page.url().replace(/leads.*/, 'lead-settings'))
  await page.getByText('You may read these settings').waitFor()
  expect(await page.getByRole('button', { name: 'Add a pipeline' }).count()).toBe(0)
})

test('whom somebody is at stays when another comes above', async () => {
  const page = await office.open('/w/leads')
  const grid = page.getByRole('grid', { name: 'Leads' })
  await grid.getByText('Luis').waitFor()
  await grid.focus()
  await page.keyboard.press('j')
  const at = grid.getByRole('row', { selected: true })
  await at.getByText('Luis').waitFor()
  await comes('Zoe')
  await grid.getByText('Zoe').waitFor()
  await at.getByText('Luis').waitFor()
  await page.keyboard.press('k')
  await at.getByText('Zoe').waitFor()
})
