import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { CrmConnections, CrmLink } from '../shared/crm.ts'
import { type SalesforceStandin, salesforceStandin } from '../test/crm/salesforce.ts'
import { john, sally, sarah, track } from '../test/people.ts'
import { signedIn } from '../test/session.ts'
import { expectWidth, goBy, openOffice } from './screens.ts'

// One story, from the first connection to the end of a migration: each test goes on where the one before stopped.
const office = openOffice({ config: { webhook_allowed_cidrs: ['127.0.0.0/8'] } })
const { ask } = office
let crm: SalesforceStandin

beforeAll(async () => {
  crm = await salesforceStandin()
  office.fresh.work()
})
afterAll(() => crm?.close())
afterEach(async () => {
  await office.leave()
  expect(office.complaints.splice(0), 'errors in the console').toEqual([])
})

const connectionOf = async (name: string) => {
  const { data } = await ask<CrmConnections>('GET', '/crm/connections')
  return data.find(connection => connection.name === name)!
}
const linkOf = async (email: string) => (await ask<{ data: CrmLink[] }>('GET', `/crm/links?q=${email}`)).data[0]
const signsUp = (email: string, told: object = {}) =>
  office.send(
    track('registration', {
      anonymousId: `device of ${email}`,
      context: { locale: 'en-GB' },
      properties: { email, first_name: email.split(/\W/)[0], ...told },
    }),
  )
const dialog = (page: Page) => page.getByRole('dialog')

test('says what a connection brings while there is none, and at the field what is wrong', async () => {
  const page = await office.open('/w/contacts')
  await page.getByRole('heading', { name: 'Contacts' }).waitFor()
  await goBy(page, 'g;', '/crm')
  await page.getByText('No CRM is connected').waitFor()
  await page.getByRole('link', { name: 'Connect a CRM' }).click()
  await page.getByRole('list', { name: 'CRMs' }).getByRole('link', { name: 'Salesforce' }).click()
  await page.getByText('Make a custom object for app users').waitFor()
  await page.getByLabel('My Domain address').fill('http://169.254.169.254/latest')
  await page.getByRole('button', { name: 'Connect and test' }).click()
  await expect.poll(() => page.getByLabel('My Domain address').getAttribute('aria-invalid')).toBe('true')
  office.complaints.splice(0) // the browser itself reports the 422
})

test('connects a CRM, says what to do when it does not let us in, and never shows a secret again', async () => {
  const page = await office.open('/w/crm/connections/new?provider=salesforce')
  await page.getByLabel('My Domain address').fill(crm.settings.url!)
  await page.getByLabel('Consumer key').fill(crm.settings.client_id!)
  await page.getByLabel('Consumer secret', { exact: true }).fill('not the secret')
  await page.getByLabel('Field of the id in the CRM before').fill(crm.settings.old_id_field!)
  await page.getByLabel('Field of sustainers').fill(crm.settings.sustainer_field!)
  await page.getByRole('button', { name: 'Connect and test' }).click()
  await dialog(page).getByText('Sign-in refused').waitFor()
  await dialog(page).getByText('Look at the keys in the settings').waitFor()
  await dialog(page).getByRole('button', { name: 'Close', exact: true }).click()

  await page.getByLabel('Consumer secret', { exact: true }).fill(crm.settings.client_secret!)
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Connection saved').waitFor()
  await page.getByRole('button', { name: 'Test', exact: true }).click()
  await dialog(page).getByText('It works').waitFor()
  await dialog(page).getByText(crm.url).waitFor()
  await dialog(page).getByRole('list', { name: 'Mailing lists over there' }).getByText('Educators').waitFor()
  await page.reload()
  await page.getByRole('heading', { name: 'Salesforce' }).first().waitFor()
  expect(await page.getByLabel('Consumer secret', { exact: true }).getAttribute('placeholder')).toMatch(/^stored/)
  expect(await page.content()).not.toContain(crm.settings.client_secret)
})

test('makes a mailing list, and whoever signs up and wants it is on it, there as well', async () => {
  const page = await office.open('/w/crm?tab=lists')
  await page.getByText('No mailing list yet').waitFor()
  await page.getByRole('button', { name: 'New list' }).click()
  await dialog(page).getByLabel('Name').fill('Newsletter')
  await dialog(page).getByLabel('Only who told').fill('newsletter')
  await dialog(page).getByRole('button', { name: 'Make the list' }).click()
  const line = page.getByRole('list', { name: 'Mailing lists' }).getByRole('link', { name: 'Newsletter' })
  await line.getByText('Who signs up and tells “newsletter”.').waitFor()
  await signsUp(sarah.email, { newsletter: true })
  await page.getByRole('tab', { name: 'Links' }).click()
  const row = page.getByRole('grid', { name: 'Links' }).getByRole('row').filter({ hasText: sarah.email })
  await row.getByText('Linked').waitFor()
  const there = () => crm.people().find(({ email }) => email === sarah.email)!
  const { id } = there()
  await row.getByText(id).waitFor()
  await expect.poll(() => there().lists).toEqual(['Newsletter'])
  await row.getByRole('link').click()
  await page.getByRole('tabpanel', { name: 'CRM' }).getByText(id).waitFor()
  await page.getByRole('tabpanel', { name: 'CRM' }).getByRole('link', { name: 'Newsletter' }).click()
  await page.getByRole('grid', { name: 'Members of Newsletter' }).getByText(sarah.email).waitFor()
})

test('puts an e-mail on a list that nobody here knows, and takes it off', async () => {
  const page = await office.open('/w/crm?tab=lists')
  await page.getByRole('link', { name: 'Newsletter' }).click()
  await page.getByRole('button', { name: 'Add somebody' }).click()
  await dialog(page).getByLabel('E-mail').fill('stranger@example.com')
  await dialog(page).getByRole('button', { name: 'Add to the list' }).click()
  await page.getByText('2 members').waitFor()
  await page.getByRole('button', { name: 'Take stranger@example.com off the list' }).click()
  await page.getByText('1 member', { exact: true }).waitFor()
  await page.getByText('Left', { exact: true }).click()
  await page.getByRole('grid', { name: 'Who left Newsletter' }).getByText('stranger@example.com').waitFor()
})

test('logs whom the CRM does not take, with the code, and tells it again', async () => {
  const message = 'This first name is on a list of bad words'
  crm.fault({
    match: 'PATCH /services/data',
    status: 400,
    body: [{ errorCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message }],
  })
  await signsUp(john.email)
  const page = await office.open('/w/crm?tab=log')
  const row = page.getByRole('grid', { name: 'Log of failures' }).getByRole('row').filter({ hasText: john.email })
  await row.getByText('Refused as wrong').waitFor()
  await row.getByText('Add a person').click()
  await dialog(page).getByText(message).waitFor()
  await dialog(page)
    .getByText(/^NewUserSalesforceWriteError-\d{4}-/)
    .waitFor()
  await page.keyboard.press('Escape')
  await page.getByLabel('Search code or message').fill('bad words')
  await page.waitForURL('**q=bad*')
  await row.waitFor()
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Download this log as CSV' }).click()
  expect(await readFile((await (await download).path())!, 'utf8')).toContain(message)

  await page.getByRole('tab', { name: 'Connections' }).click()
  await page.getByText('Last one failed').waitFor()
  await page.getByRole('button', { name: 'Tell failed again' }).click()
  await page.getByText('Salesforce is told again of 1 person').waitFor()
  await expect.poll(async () => (await linkOf(john.email))?.state).toBe('WroteSalesforceAppUserUid')
  await page.getByText('Active', { exact: true }).waitFor({ timeout: 60_000 })
})

test('marks somebody as spam with a note, tells the CRM, and takes it back', async () => {
  const { contact_id, external_id } = (await linkOf(john.email))!
  const page = await office.open(`/w/contacts/${contact_id}?tab=crm`)
  await page.getByRole('button', { name: 'Mark as spam or for review…' }).click()
  await dialog(page).getByLabel('Spam').check()
  await dialog(page).getByLabel('Why').fill('Writes the same in every form')
  await dialog(page).getByRole('button', { name: 'Set the mark' }).click()
  await page.getByText('Spam: Writes the same in every form').waitFor()
  await expect.poll(() => crm.people().find(({ id }) => id === external_id)!.in_review).toBe(true)
  await page.getByRole('button', { name: 'Take back' }).click()
  await page.getByRole('button', { name: 'Mark as spam or for review…' }).waitFor()
})

const MEMBERS = ['ada', 'ben', 'cleo', 'dan', 'eve', 'finn'].map(name => `${name}@example.com`)
let twice: string

test('imports the ids that members have in the old CRM, and says which lines it does not take', async () => {
  const { id } = await connectionOf('Salesforce')
  await ask('PATCH', `/crm/connections/${id}`, { adds: 'nobody' })
  await ask('POST', '/crm/connections', { provider: 'nationbuilder', active: false, adds: 'nobody' })
  for (const email of MEMBERS) await signsUp(email)
  const page = await office.open('/w/crm?tab=links')
  await page.getByRole('button', { name: 'Import ids' }).click()
  await dialog(page).getByRole('combobox', { name: 'Ids of which CRM' }).click()
  await page.getByRole('option', { name: 'NationBuilder' }).click()
  const lines = MEMBERS.map((email, index) => `${email},${index + 1}`)
  await dialog(page)
    .getByLabel('Or paste them')
    .fill(['email,nationbuilder_id', ...lines, 'nobody@example.com,99', 'half a line'].join('\n'))
  await dialog(page).getByText('7 lines can be read, 1 cannot.').waitFor()
  await dialog(page).getByRole('button', { name: 'Import' }).click()
  await dialog(page).getByText('6 ids stored, 2 lines refused:').waitFor()
  await dialog(page).getByText('Line 8: Nobody with this').waitFor()
  await dialog(page).getByText('Line 9: has no id').waitFor()
  expect((await connectionOf('NationBuilder')).links).toBe(6)
})

test('shows a migration run while it goes, stops it and goes on', async () => {
  for (const [index, email] of MEMBERS.entries()) if (index < 5) crm.put({ email, old_id: String(index + 1) })
  twice = crm.put({ email: MEMBERS[4]!, old_id: '5' })
  crm.fault({ match: 'GET /services/data/v60.0/query', delay_ms: 15_000, times: 100 })
  const page = await office.open('/w/crm?tab=migration')
  await page.getByRole('button', { name: 'Start a run' }).click()
  await dialog(page).getByRole('combobox', { name: 'From' }).click()
  await page.getByRole('option', { name: 'NationBuilder · 6 ids' }).click()
  await dialog(page).getByRole('combobox', { name: 'To' }).click()
  await page.getByRole('option', { name: /^Salesforce/ }).click()
  await dialog(page).getByRole('button', { name: 'Start the run' }).click()
  await page.getByRole('heading', { name: 'NationBuilder → Salesforce' }).waitFor()
  await page.getByText('0 of 6 members').waitFor()
  await page.getByRole('button', { name: 'Stop' }).click()
  await page.getByText('Stopped', { exact: true }).waitFor()
  crm.heal()
  await page.getByRole('button', { name: 'Resume' }).click()
  await page.getByText('Done', { exact: true }).waitFor()
  await page.getByText('6 of 6 members').waitFor()
})

test('counts by the states of the diagram, lists who is in each, and gives them as a file', async () => {
  const page = await office.open('/w/crm?tab=migration')
  await page.getByRole('link', { name: 'NationBuilder → Salesforce' }).click()
  const way = page.getByRole('navigation', { name: 'Members by state' })
  await way.getByRole('link', { name: '4 Written' }).waitFor()
  await way.getByRole('link', { name: '1 Unexpected, noted' }).waitFor()
  await way.getByRole('link', { name: '1 Not found, noted' }).click()
  await page.waitForURL('**state=WroteNotFound')
  const grid = page.getByRole('grid', { name: 'Members' })
  await grid.getByText(MEMBERS[5]!).waitFor()
  await expect.poll(() => grid.getByRole('row').count()).toBe(2) // the head and one member
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Download these members as CSV' }).click()
  const text = await readFile((await (await download).path())!, 'utf8')
  expect(text).toContain(MEMBERS[5])
  expect(text).not.toContain(MEMBERS[0])
})

test('lets nobody finish before everybody arrived, and then drops the old ids', async () => {
  const page = await office.open('/w/crm?tab=migration')
  await page.getByRole('link', { name: 'NationBuilder → Salesforce' }).click()
  await page.getByRole('button', { name: 'Finish…' }).click()
  await dialog(page).getByText('Not yet: not everybody arrived').waitFor()
  await dialog(page).getByText('Not found, noted: 1 member').waitFor()
  expect(await dialog(page).getByRole('button', { name: 'Drop the old ids' }).isDisabled()).toBe(true)
  await dialog(page).getByRole('button', { name: 'Keep the old ids' }).click()

  crm.put({ email: MEMBERS[5]!, old_id: '6' })
  crm.record(twice).is_deleted = true
  await page.getByRole('button', { name: 'Ask for failed again' }).click()
  await page.getByRole('link', { name: '6 Written' }).waitFor()
  await page.getByText('The migration can be finished').waitFor()
  await page.getByRole('button', { name: 'Finish…' }).click()
  await dialog(page).getByText('6 ids of NationBuilder are dropped here').waitFor()
  await dialog(page).getByRole('button', { name: 'Drop the old ids' }).click()
  await page.getByText('6 old ids dropped').waitFor()
  await page.getByRole('button', { name: 'Finish…' }).waitFor({ state: 'detached' })
  expect(await connectionOf('NationBuilder')).toMatchObject({ links: 0, active: false })
})

test('reads who sustains, and ends nobody because a read looks wrong until somebody says that it is right', async () => {
  const { external_id } = (await linkOf(sarah.email))!
  crm.record(external_id!).Sustainer__c = true
  const page = await office.open('/w/crm?tab=sustainers')
  await page.getByText('Nobody is known to sustain').waitFor()
  await page.getByRole('button', { name: 'Sync now' }).click()
  await page.getByRole('menuitem', { name: 'Salesforce' }).click()
  await page.getByText('1 sustain there, 1 is new here, 0 ended.').waitFor()
  await page.getByRole('grid', { name: 'Who sustains' }).getByText(sarah.email).waitFor()
  crm.record(external_id!).Sustainer__c = false
  await page.getByRole('button', { name: 'Sync now' }).click()
  await page.getByRole('menuitem', { name: 'Salesforce' }).click()
  await page.getByText('what was read looks wrong').waitFor()
  await page.getByRole('grid', { name: 'Who sustains' }).getByText(sarah.email).waitFor()
  await page.getByRole('button', { name: 'It is right: sync anyway…' }).click()
  await dialog(page).getByRole('button', { name: 'Read it and end them' }).click()
  await page.getByText('0 sustain there, 0 are new here, 1 ended.').waitFor()
  await page.getByText('Ended', { exact: true }).click()
  await page.getByRole('grid', { name: 'Who sustained' }).getByText(sarah.email).waitFor()
})

test('lets whoever only reads look, and offers them nothing that would be refused', async () => {
  const { owner } = office
  office.owner = await signedIn(office.fresh, 'analyst')
  const page = await office.open('/w/crm')
  await page.getByRole('link', { name: 'Salesforce' }).click()
  await page.getByText('You may read these settings').waitFor()
  expect(await page.getByLabel('My Domain address').isDisabled()).toBe(true)
  expect(await page.getByRole('button', { name: /^(Test|Save|Delete…)$/ }).count()).toBe(0)
  await page.getByRole('link', { name: 'CRM', exact: true }).first().click()
  for (const tab of ['Links', 'Migration', 'Sustainers', 'Lists', 'Log', 'Connections']) {
    await page.getByRole('tab', { name: tab }).click()
    await page.getByRole('tabpanel', { name: tab }).getByText('Salesforce').or(page.getByText('Newsletter')).first().waitFor()
    expect(
      await page
        .getByRole('main')
        .getByRole('button', { name: /import|start|sync|new list|test|connect/i })
        .count(),
      tab,
    ).toBe(0)
  }
  const { contact_id } = (await linkOf(sarah.email))!
  await page.goto(page.url().replace(/crm.*/, `contacts/${contact_id}?tab=crm`))
  await page.getByText('Linked').waitFor()
  expect(await page.getByRole('button', { name: /Mark as spam/ }).count()).toBe(0)
  office.owner = owner
})

test('says on the page of somebody whom no CRM knows how that would change', async () => {
  const { id } = await ask<{ id: number }>('POST', '/contacts', { email: sally.email })
  const page = await office.open(`/w/contacts/${id}`)
  await page.getByRole('heading', { name: sally.email }).waitFor()
  await page.keyboard.press('7')
  await page.getByText('No CRM knows this person').waitFor()
})

test('asks before a connection goes with the ids that contacts have there', async () => {
  const page = await office.open(`/w/crm/connections/${(await connectionOf('NationBuilder')).id}`)
  await page.getByRole('button', { name: 'Delete…' }).click()
  await dialog(page).getByText('Nobody has an id there').waitFor()
  await dialog(page).getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByText('NationBuilder was deleted').waitFor()
  await page.getByRole('list', { name: 'Connections' }).getByRole('link', { name: 'Salesforce' }).click()
  await page.getByRole('button', { name: 'Delete…' }).click()
  await dialog(page).getByText('The ids are dropped with it').waitFor()
  await dialog(page).getByRole('button', { name: 'Keep it' }).click()
})

test.each([
  'crm',
  'crm/connections/new',
  'crm/connections/new?provider=salesforce',
  'crm/connections/CONNECTION',
  'crm?tab=links',
  'crm?tab=migration',
  'crm?tab=sustainers',
  'crm?tab=sustainers&who=syncs',
  'crm?tab=lists',
  'crm/lists/LIST',
  'crm?tab=log',
  'contacts/CONTACT?tab=crm',
])('fits a phone, in the dark too: %s', async screen => {
  const { contact_id, connection_id } = (await linkOf(sarah.email))!
  const lists = await ask<{ data: { id: number }[] }>('GET', '/crm/lists')
  const path = screen
    .replace('CONNECTION', String(connection_id))
    .replace('LIST', String(lists.data[0]!.id))
    .replace('CONTACT', String(contact_id))
  const page = await office.open(`/w/${path}`, { width: 390, dark: true })
  await page.getByRole('main').getByRole('heading').first().waitFor()
  await page.waitForLoadState('load')
  await expectWidth(page, 390)
  await expect.poll(() => page.evaluate(() => document.documentElement.dataset.mantineColorScheme)).toBe('dark')
})
