import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { john, sarah, track } from '../test/people.ts'
import { openReceiver, type Receiver, status } from '../test/receiver.ts'
import { signedIn } from '../test/session.ts'
import { goBy, goByCommand, openOffice } from './screens.ts'

// One story, from the first endpoint to its end: each test goes on where the one before stopped.
const office = openOffice({ config: { webhook_allowed_cidrs: ['127.0.0.0/8'] } })
let receiver: Receiver
let secret: string

beforeAll(async () => {
  receiver = await openReceiver(status(200, { 'content-type': 'application/json' }, '{"took":"it"}'))
  office.fresh.work()
})
afterAll(() => receiver?.close())
afterEach(async () => {
  await office.leave()
  expect(office.complaints.splice(0), 'errors in the console').toEqual([])
})

const registers = (email: string, anonymousId: string) =>
  office.send(track('registration', { anonymousId, properties: { email, first_name: 'Sarah' } }))

test('explains what webhooks are for, and says at the field what is wrong with an address', async () => {
  const page = await office.open('/w/endpoints')
  await page.getByText('Nobody is told yet').waitFor()
  await page.getByRole('link', { name: 'Add endpoint' }).click()
  await page.getByLabel('Address').fill('http://169.254.169.254/latest')
  await page.getByText('Without https anybody on the way can read').waitFor()
  await page.getByLabel('Everything').check()
  await page.getByRole('button', { name: 'Add endpoint' }).click()
  await expect.poll(() => page.getByLabel('Address').getAttribute('aria-invalid')).toBe('true')
  await page.getByText('WEBHOOK_ALLOWED_CIDRS').waitFor()
  office.complaints.splice(0) // the browser itself reports the 422
})

test('adds an endpoint with a schedule, a header and a body of its own, and shows its secret once', async () => {
  const page = await office.open('/w/endpoints/new')
  await page.getByLabel('Address').fill(`${receiver.url}/hook`)
  await page.getByLabel('Name', { exact: true }).fill('Bakery')
  await page.getByLabel('registration').check()
  await page.getByRole('button', { name: 'Contact: its events' }).click()
  await page.getByLabel('contact.updated').check()
  await page.getByLabel('A schedule of your own').check()
  await page.getByLabel('Attempt 2: how long after the one before').fill('1')
  await page.getByRole('button', { name: 'Remove attempt 3' }).click()
  await page.getByText('Two attempts within 1 s: at once, then after 1 s.').waitFor()
  await page.getByRole('button', { name: 'Add a header' }).click()
  await page.getByLabel('Header 1: name').fill('x-token')
  await page.getByLabel('Header 1: value').fill('for your eyes only')
  await page.getByLabel('A body of your own').check()
  await page.getByRole('button', { name: 'Add a field' }).click()
  await page.getByLabel('Field 4: its name in your body').fill('person.name')
  await page.getByRole('combobox', { name: 'Field 4: the field of ours' }).fill('contact.first_name')
  await page.getByText('"person"').waitFor()
  await page.getByRole('button', { name: 'Add endpoint' }).click()
  await page.getByRole('heading', { name: 'Bakery was added' }).waitFor()
  secret = (await page.getByText(/^whsec_/).textContent())!
  await page.getByRole('link', { name: 'I have copied it' }).click()
  await page.getByRole('heading', { name: 'Bakery' }).waitFor()
  await page.getByRole('tab', { name: 'Settings' }).click()
  await page.getByText('person.name: from contact.first_name').waitFor()
  expect(await page.content()).not.toContain('for your eyes only')
  await page.getByRole('tab', { name: 'Secrets' }).click()
  await page.getByText('newest').waitFor()
  expect(await page.content()).not.toContain(secret)
})

test('sends a test and shows the request and what came back', async () => {
  const page = await office.open('/w/endpoints')
  await page.getByText('Bakery').click()
  await page.getByRole('heading', { name: 'Bakery' }).waitFor()
  await page.keyboard.press('t')
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  const result = page.getByRole('region', { name: 'Result of the test' })
  await result.getByText('200', { exact: true }).waitFor()
  await result.getByText('"took"').waitFor()
  await result.getByRole('tab', { name: 'Request' }).click()
  await result.getByText('webhook-signature').waitFor()
  expect(await result.getByText('for your eyes only').count()).toBe(0)
  const sent = receiver.received.at(-1)!
  expect(sent.headers['x-token']).toBe('for your eyes only')
  expect(new Webhook(secret).verify(sent.body, sent.headers)).toMatchObject({ event: 'registration' })
})

test('shows what happened in the log, as it was delivered', async () => {
  await registers(sarah.email, sarah.laptop)
  const page = await office.open('/w/deliveries')
  const row = page.getByRole('row').filter({ hasText: 'Sarah' }).filter({ hasText: 'registration' })
  await row.getByText('Delivered').waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type(sarah.email)
  await page.waitForURL('**q=*')
  await page.keyboard.press('Enter')
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/deliveries/*')
  await page.getByRole('list', { name: 'Attempts, newest first' }).getByText('200', { exact: true }).waitFor()
  await page.getByText('"took"').waitFor()
  const sent = receiver.received.at(-1)!
  expect(JSON.parse(sent.body)).toMatchObject({ event: 'registration', email: sarah.email, person: { name: 'Sarah' } })
  await page.keyboard.press('Backspace')
  await page.waitForURL('**q=*')
})

test('shows each attempt at a receiver that fails, and replays when it is mended', async () => {
  receiver.answer = status(503, {}, 'out of flour')
  await registers(john.email, john.laptop)
  const page = await office.open('/w/deliveries?state=failed')
  await page.getByRole('link', { name: 'registration' }).click()
  const attempts = page.getByRole('list', { name: 'Attempts, newest first' })
  await attempts.getByText('out of flour').first().waitFor()
  await expect.poll(() => attempts.getByRole('listitem').count()).toBe(2)
  await page.getByText('Given up').waitFor()
  receiver.answer = status(200)
  await page.getByRole('button', { name: 'Replay' }).click()
  await page.getByText('1 delivery is sent again').waitFor()
  await page.getByText('Delivered', { exact: true }).waitFor()
  await expect.poll(() => attempts.getByRole('listitem').count()).toBe(3)
  const ids = receiver.ids().slice(-3)
  expect(new Set(ids).size, 'one message').toBe(1)
})

test('replays what is chosen, and all that failed since a time after it was counted', async () => {
  receiver.answer = status(500)
  await registers('one@example.com', 'one-device')
  await registers('two@example.com', 'two-device')
  const page = await office.open('/w/deliveries?state=failed')
  const grid = page.getByRole('grid', { name: 'Deliveries' })
  await expect.poll(() => grid.getByText('Given up').count()).toBe(2)
  receiver.answer = status(200)
  const before = receiver.received.length
  await grid.focus()
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  await page.getByText('1 delivery chosen').waitFor()
  await page.getByRole('button', { name: 'Replay selected' }).click()
  await page.getByText('1 delivery is sent again').waitFor()
  await expect.poll(() => receiver.received.length).toBe(before + 1)
  await page.goto(page.url().replace(/deliveries.*/, 'endpoints'))
  await page.getByText('Bakery').click()
  await page.getByRole('button', { name: 'More', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Replay failed…' }).click()
  await page.getByRole('button', { name: 'Count them' }).click()
  await page.getByText('1 delivery would be sent again.').waitFor()
  expect(receiver.received.length, 'counting sends nothing').toBe(before + 1)
  await page.getByRole('button', { name: 'Send 1 delivery again' }).click()
  await expect.poll(() => receiver.received.length).toBe(before + 2)
})

test('pauses, holds what happens meanwhile, and sends it when it is activated', async () => {
  const page = await office.open('/w/endpoints')
  await page.getByText('Bakery').click()
  await page.getByRole('button', { name: 'Pause' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click()
  await page.getByText('Paused by a person').waitFor()
  const before = receiver.received.length
  await registers('three@example.com', 'three-device')
  await page.getByText('1 delivery is held').waitFor()
  expect(receiver.received.length).toBe(before)
  await page.getByRole('button', { name: 'Activate' }).click()
  await page.getByText('1 delivery was held meanwhile').waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Activate' }).click()
  await expect.poll(() => receiver.received.length).toBe(before + 1)
  await page.getByText('Active', { exact: true }).waitFor()
  await page.reload()
  await page.getByRole('img', { name: /^\d+ attempts delivered and \d+ failed in 1 day$/ }).waitFor()
  await page.getByText('30 days', { exact: true }).click()
  await page.getByRole('img', { name: /failed in 30 days$/ }).waitFor()
})

test('narrows the log by time and state, in its address, and goes there by keys', async () => {
  const page = await office.open('/w/contacts')
  await page.getByRole('heading', { name: 'Contacts' }).waitFor()
  await goBy(page, 'gd', '/deliveries')
  await page.getByRole('button', { name: 'Time: Any time' }).click()
  await page.getByRole('button', { name: 'Last hour' }).click()
  await page.waitForURL('**since=*')
  await page.getByRole('row').nth(1).waitFor()
  await page.getByRole('combobox', { name: 'State' }).click()
  await page.getByRole('option', { name: 'Cancelled' }).click()
  await page.getByText('No delivery fits this search').waitFor()
  await page.getByRole('button', { name: 'Show all deliveries' }).click()
  await page.getByRole('row').nth(1).waitFor()
  await goByCommand(page, 'catalogue', /Event catalogue/)
  await page.getByRole('heading', { name: 'Event catalogue' }).waitFor()
})

test('says what to do when an endpoint paused itself by answering 410, and whom an e-mail was written to', async () => {
  receiver.answer = status(410)
  await registers('four@example.com', 'four-device')
  const page = await office.open('/w/endpoints')
  await page.getByText('Paused: gone').waitFor()
  await page.getByText('Correct it, then activate').waitFor()
  await page.getByRole('link', { name: 'Activities' }).click()
  await page.getByText('Endpoint paused').first().waitFor()
  await page.getByRole('tab', { name: 'E-mails' }).click()
  await page.getByText('Kept: no SMTP is set').waitFor()
  await page.getByText(office.owner.email).click()
  await page.getByRole('dialog').getByText('Whoever operates it sets SMTP_URL').waitFor()
})

test('lets whoever only reads look, and offers them nothing that would be refused', async () => {
  const { owner } = office
  office.owner = await signedIn(office.fresh, 'analyst')
  const page = await office.open('/w/endpoints')
  await page.getByText('Bakery').click()
  await page.getByText('410').first().waitFor()
  expect(await page.getByRole('button', { name: /^(Send a test|Activate|More)$/ }).count()).toBe(0)
  await page.getByRole('tab', { name: 'Deliveries' }).click()
  await page.getByRole('row').nth(1).waitFor()
  expect(await page.getByRole('checkbox').count()).toBe(0)

  office.owner = await signedIn(office.fresh, 'manager')
  const managers = await office.open('/w/endpoints')
  await managers.getByText('Bakery').click()
  await managers.getByRole('button', { name: 'More', exact: true }).click()
  await managers.getByRole('menuitem', { name: 'Replay failed…' }).waitFor()
  expect(await managers.getByRole('menuitem').count(), 'replays, and nothing else').toBe(1)
  office.owner = owner
})

test('gives a new secret and says until when the old one signs, keeps what others saved, and deletes', async () => {
  const page = await office.open('/w/endpoints')
  await page.getByText('Bakery').click()
  await page.getByRole('tab', { name: 'Secrets' }).click()
  await page.getByRole('button', { name: 'New secret…' }).click()
  await page.getByRole('button', { name: 'Make the new secret' }).click()
  const second = await page.getByText(/^whsec_/).textContent()
  expect(second).not.toBe(secret)
  await page.getByRole('button', { name: 'I have copied it' }).click()
  await page.getByText('signs until').waitFor()

  await page.keyboard.press('e')
  await page.getByLabel('Name', { exact: true }).fill('Bakery in town')
  const { app, owner } = { ...office, app: office.fresh.app }
  const id = Number(/endpoints\/(\d+)/.exec(page.url())![1])
  await app.inject({ method: 'PATCH', url: `/api/v1/endpoints/${id}`, headers: owner.headers, payload: { rate_limit: 60 } })
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('button', { name: 'Load the newest, keep my changes' }).click()
  await page.getByLabel('At most').and(page.locator('[value="60 a minute"]')).waitFor()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('heading', { name: 'Bakery in town' }).waitFor()
  office.complaints.splice(0) // the 409

  await page.getByRole('button', { name: 'More', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Delete…' }).click()
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByText('Nobody is told yet').waitFor()
})

test('lists every event with an example', async () => {
  const page = await office.open('/w/webhook-events')
  await page.getByRole('button', { name: 'conversion Conversion' }).click()
  await page.getByText('"amount"').waitFor()
  await page.getByRole('tab', { name: 'Schema of data' }).click()
  await page.getByText('"required"').waitFor()
  await page.getByLabel('Search events').fill('unmerged')
  await expect.poll(() => page.getByRole('button', { name: /^contact\./ }).count()).toBe(1)
})
