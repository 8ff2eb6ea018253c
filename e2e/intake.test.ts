import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openReceiver, type Receiver, status } from '../test/receiver.ts'
import { signedIn } from '../test/session.ts'
import { openOffice } from './screens.ts'

// One story, from the first webhook to the report: each test goes on where the one before stopped.
const office = openOffice({ config: { webhook_allowed_cidrs: ['127.0.0.0/8'] } })
let partner: Receiver
beforeAll(async () => {
  partner = await openReceiver(status(200))
})
afterAll(() => partner?.close())
afterEach(async () => {
  await office.leave()
  expect(office.complaints.splice(0), 'errors in the console').toEqual([])
})

let address: string

/** As a sender does, who knows nothing but the address. Of the address only the path counts: the server of a test has its own port. */
async function post(lead: object | string, headers: Record<string, string> = {}) {
  const response = await fetch(office.fresh.url + new URL(address).pathname, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof lead === 'string' ? lead : JSON.stringify(lead),
  })
  return response.status
}

const KONTAKT = { 'Kontakt E-Post': 'sarah@example.com', Vorname: 'Sarah', Eigentum: 'Ja', source: 'fair' }
const JOHN = { 'Kontakt E-Post': 'john@example.com', Vorname: 'John' }

test('makes a webhook of a name and a type, and shows its address, a line to try it and the steps at a sender', async () => {
  const page = await office.open('/w/intake')
  await page.getByText('No leads can come in yet').waitFor()
  await page.getByRole('link', { name: 'Add webhook' }).click()
  await page.getByLabel('Name').fill('New reseller')
  await page.getByRole('combobox', { name: 'Lead type' }).click()
  await page.getByRole('option', { name: 'Solar' }).click()
  await page.getByRole('button', { name: 'Add webhook' }).click()
  await page.getByRole('heading', { name: 'New reseller' }).waitFor()
  await page.getByText('Nothing has come yet.').waitFor()
  address = (await page
    .getByText(/^https?:\S+\/intake\/\w+$/)
    .first()
    .textContent())!
  await page.getByText(`curl -X POST '${address}'`).waitFor()
  await page.getByRole('combobox', { name: 'Sender' }).click()
  await page.getByRole('option', { name: 'Google Ads lead forms' }).click()
  await page.getByText('Export leads from Google Ads').waitFor()
  await page.getByText('It needs “Key”').waitFor()
})

test('keeps what it cannot map, and says why and what to do', async () => {
  expect(await post(KONTAKT)).toBe(422)
  const page = await office.open('/w/intake-deliveries')
  await page.getByRole('row').filter({ hasText: 'New reseller' }).getByText('Quarantine').waitFor()
  await page.getByText('It carries neither an e-mail nor a phone.').waitFor()
  await page.getByRole('row').filter({ hasText: 'New reseller' }).getByRole('link').click()
  await page.waitForURL('**/intake-deliveries/*')
  await page.getByText('If one stands there under another name, map it, then replay.').waitFor()
  await page.getByText('"Kontakt E-Post"').waitFor()
  await page.getByText('or a phone is required').first().waitFor()
  await page.keyboard.press('Backspace')
  await page.waitForURL('**/intake-deliveries')
})

test('maps by clicking and by the keyboard, shows what becomes of it, and replays what waits', async () => {
  const page = await office.open('/w/intake')
  await page.getByRole('link', { name: 'New reseller' }).click()
  await page.getByRole('tab', { name: 'Mapping' }).click()
  const came = page.getByRole('region', { name: 'What came' })
  const fields = page.getByRole('region', { name: 'Our fields' })
  const preview = page.getByRole('region', { name: 'Preview' })
  await preview.getByText('This becomes no lead').waitFor()
  await came.getByRole('button', { name: 'Kontakt E-Post' }).click()
  await fields.getByText('Which one does').waitFor()
  await fields.getByRole('button', { name: 'E-mail' }).click()
  await preview.getByText('This becomes a lead.').waitFor()
  await preview.getByText('sarah@example.com').waitFor()

  await came.getByRole('button', { name: 'Vorname' }).focus()
  await page.keyboard.press('Enter')
  await page.keyboard.type('first name')
  await page.keyboard.press('Enter')
  await came.getByRole('button', { name: 'Vorname' }).getByText('First name').waitFor()

  await fields.getByRole('button', { name: 'Campaign', exact: true }).click()
  await page.getByRole('combobox', { name: 'Filled from' }).click()
  await page.getByRole('option', { name: 'A fixed value' }).click()
  await page.getByText('A rule has no source yet.').waitFor()
  await fields.getByLabel('Value', { exact: true }).fill('autumn')
  await preview.getByText('autumn').waitFor()
  await page.getByRole('button', { name: 'Save the mapping' }).click()
  await page.getByText('The mapping is saved').waitFor()

  await page.getByRole('button', { name: 'Replay what waits (1)' }).click()
  const replaying = page.getByRole('dialog')
  await replaying.getByRole('button', { name: 'Replay 1 delivery' }).click()
  await replaying.getByText('1 delivery was processed again. Nothing waits any more.').waitFor()
  await replaying.getByRole('button', { name: 'Close', exact: true }).last().click()
  await page.getByRole('tab', { name: 'Received' }).click()
  const row = page.getByRole('row').filter({ hasText: 'Lead' }).last()
  await row.getByRole('link', { name: /^\d{10}$/ }).click()
  await page.waitForURL('**/leads/*')
  await page.getByRole('heading', { name: 'Sarah' }).waitFor()
})

test('adds a provider, shows its key once, counts what it sends, and refuses it when it is off', async () => {
  const page = await office.open('/w/providers')
  await page.getByRole('button', { name: 'Add provider' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Solar Leads Ltd')
  await dialog.getByRole('button', { name: 'Add provider' }).click()
  const headers = (await dialog.getByText(/^lead-source-provider-id: /).textContent())!
  const given = Object.fromEntries(headers.split('\n').map(line => line.split(': ') as [string, string]))
  expect(await post(JOHN, given)).toBe(201)
  await dialog.getByRole('button', { name: 'I have copied it' }).click()
  await page.getByRole('heading', { name: 'Solar Leads Ltd' }).waitFor()
  expect(await page.content()).not.toContain(given['x-api-key']!)
  await page.getByRole('table', { name: 'By webhook' }).getByText('New reseller').waitFor()
  await page.getByRole('button', { name: 'Turn off' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Turn off' }).click()
  await page.getByText('Solar Leads Ltd is off').waitFor()
  let n = 0 // who comes before that is known is a lead, and twice the same person is none
  await expect.poll(() => post({ 'Kontakt E-Post': `off${n++}@example.com` }, given)).toBe(403)
})

test('says which setting is wrong at its field, and keeps what somebody else saved', async () => {
  const page = await office.open('/w/intake')
  await page.getByRole('link', { name: 'New reseller' }).click()
  await page.getByRole('tab', { name: 'Settings' }).click()
  await page.getByRole('combobox', { name: 'Allowed addresses' }).fill('nowhere')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Save changes' }).click()
  await page.getByText('nowhere is no address such as 203.0.113.7').waitFor()
  await page.getByRole('button', { name: 'Discard' }).click()
  await page.getByLabel('Duplicates within').fill('48')
  await page.getByText('within 2 days is a duplicate').waitFor()
  const id = /intake\/(\d+)/.exec(page.url())![1]
  const { app } = office.fresh
  await app.inject({
    method: 'PATCH',
    url: `/api/v1/intake-webhooks/${id}`,
    headers: office.owner.headers,
    payload: { source: 'reseller' },
  })
  await page.getByRole('button', { name: 'Save changes' }).click()
  await page.getByRole('button', { name: 'Load the newest' }).click()
  await expect.poll(() => page.getByLabel('Source').inputValue()).toBe('reseller')
  await page.getByLabel('Duplicates within').fill('48')
  await page.getByRole('button', { name: 'Save changes' }).click()
  await page.getByText('Saved', { exact: true }).waitFor()
  office.complaints.splice(0) // the 422 and the 409
  expect(await post(JOHN)).toBe(200)
  await page.getByRole('tab', { name: 'Received' }).click()
  await page.getByRole('row').getByText('Duplicate', { exact: true }).waitFor()
})

test('leaves out by a filter, says whom before it is saved, and takes everybody when it is gone', async () => {
  const page = await office.open('/w/intake')
  await page.getByRole('link', { name: 'New reseller' }).click()
  await page.getByRole('tab', { name: 'Settings' }).click()
  await page.getByRole('button', { name: 'Add a filter' }).click()
  await page.getByRole('combobox', { name: 'Filter 1: what is looked at' }).fill('home')
  await page.getByRole('option', { name: 'Owns the home' }).click()
  const choose = async (test: string) => {
    await page.getByRole('combobox', { name: 'Filter 1: how' }).click()
    await page.getByRole('option', { name: test, exact: true }).click()
  }
  await choose('is at least')
  await page.getByLabel('Filter 1: compared with').fill('mostly')
  await page.getByRole('button', { name: 'Save changes' }).click()
  await page.getByText('needs a number as its value').waitFor()
  office.complaints.splice(0) // the 422
  await choose('is')
  await page.getByLabel('Filter 1: compared with').fill('yes')
  await page.getByText('Leaves out leads whose Owns the home is not “yes”, or is not there.').waitFor()
  await page.getByRole('button', { name: 'Save changes' }).click()
  await page.getByText('Saved', { exact: true }).waitFor()
  const lead = { 'Kontakt E-Post': 'mia@example.com', homeowner: 'rent' }
  expect(await post(lead)).toBe(200)
  await page.getByRole('tab', { name: 'Received' }).click()
  await page.getByRole('row').getByText('A filter of the webhook leaves it out.').waitFor()
  await page.getByRole('tab', { name: 'Settings' }).click()
  await expect.poll(() => page.getByLabel('Filter 1: compared with').inputValue()).toBe('yes')
  await page.getByRole('button', { name: 'Remove filter 1' }).click()
  await page.getByRole('button', { name: 'Save changes' }).click()
  await page.getByText('Saved', { exact: true }).last().waitFor()
  await expect.poll(() => post(lead)).toBe(201)
})

test('adds a conversion, refunds a part, and finds both in the report', async () => {
  const page = await office.open('/w/conversions')
  await page.getByText('Nothing was won yet').waitFor()
  await page.getByRole('button', { name: 'Add conversion' }).click()
  await page.getByLabel('Search a contact').fill('sarah@example.com')
  await page.getByRole('list', { name: 'Contacts found' }).getByRole('button').filter({ hasText: 'sarah@example.com' }).click()
  await page.getByLabel('Value').fill('1200')
  await page.getByRole('dialog').getByRole('button', { name: 'Add conversion' }).click()
  await page.waitForURL('**/conversions/*')
  await page.getByRole('heading', { name: 'Sale' }).waitFor()
  await page.getByRole('link', { name: /^\d{10}$/ }).waitFor()
  await page.getByRole('button', { name: 'Refund…' }).click()
  await page.getByLabel('Amount').fill('200.50')
  await page.getByLabel('Reason').fill('One panel was not delivered')
  await page.getByRole('button', { name: 'Record the refund' }).click()
  await page.getByText('Part refunded').waitFor()
  await page.getByText('One panel was not delivered').waitFor()

  await page.getByRole('link', { name: 'Reports' }).click()
  await page.getByRole('tab', { name: 'Leads', exact: true }).click()
  await page
    .getByRole('table', { name: 'Leads by source' })
    .getByRole('row')
    .filter({ hasText: 'fair' })
    .getByText('100%')
    .waitFor()
  await page.getByRole('tab', { name: 'Conversions and revenue' }).click()
  const sale = page.getByRole('table', { name: 'Conversions by type' }).getByRole('row').filter({ hasText: 'Sale' })
  await sale.getByText('999.50').waitFor()
  office.fresh.work() // which writes the file
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'CSV' }).click()
  expect((await download).suggestedFilename()).toMatch(/^conversion report by type .*\.csv$/)
})

test('makes a conversion void and lets it count again', async () => {
  const page = await office.open('/w/conversions')
  await page.getByRole('link', { name: 'Sale' }).click()
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Make it void…' }).click()
  await page.getByRole('button', { name: 'Make it void' }).click()
  await page.getByRole('button', { name: 'Let it count again' }).click()
  await page.getByRole('button', { name: 'Refund…' }).waitFor()
})

test('sends leads on to a partner by a rule, and counts them', async () => {
  const { app } = office.fresh
  const payload = { url: partner.url, name: 'Sun Partners', events: ['forwarding.lead'] }
  await app.inject({ method: 'POST', url: '/api/v1/endpoints', headers: office.owner.headers, payload })
  office.fresh.work()
  const page = await office.open('/w/forwarding')
  await page.getByRole('button', { name: 'Add rule' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Solar to Sun Partners')
  await dialog.getByRole('combobox', { name: 'To which endpoints' }).click()
  await page.getByRole('option', { name: 'Sun Partners' }).click()
  await dialog.getByRole('combobox', { name: 'Types' }).click()
  await page.getByRole('option', { name: 'Solar' }).click()
  await dialog.getByRole('button', { name: 'Save rule' }).click()
  const rule = page.getByRole('list', { name: 'Rules' }).getByRole('listitem')
  await rule.getByText('For types solar').waitFor()
  expect(await post({ 'Kontakt E-Post': 'ana@example.com', Vorname: 'Ana' })).toBe(201)
  await expect.poll(() => partner.received.length).toBe(1)
  expect(JSON.parse(partner.received[0]!.body)).toMatchObject({ event: 'forwarding.lead' })
  await expect.poll(() => rule.getByText(/^1$/).count()).toBe(2) // leads, and delivered
  await page.getByLabel('Leads are sent on').click()
  await page.getByText('Nothing is sent on').waitFor()
})

test('lets whoever only reads look, and offers them nothing that would be refused', async () => {
  const { owner } = office
  office.owner = await signedIn(office.fresh, 'analyst')
  const page = await office.open('/w/intake')
  await page.getByRole('link', { name: 'New reseller' }).click()
  await page.getByRole('row').nth(1).waitFor()
  expect(await page.getByRole('checkbox').count()).toBe(0)
  expect(await page.getByRole('button', { name: /^(Replay|Turn off|More)/ }).count()).toBe(0)
  await page.getByRole('tab', { name: 'Mapping' }).click()
  const key = page.getByRole('region', { name: 'What came' }).getByRole('button', { name: 'Kontakt E-Post' })
  expect(await key.isDisabled()).toBe(true)
  office.owner = owner
})
