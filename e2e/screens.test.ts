import { afterEach, expect, test } from 'vitest'
import { identify, jane, john, page as pageView, sally, sarah, track } from '../test/people.ts'
import { openOffice, PASSWORD } from './screens.ts'

const office = openOffice()

afterEach(async () => {
  await office.leave()
  expect(office.complaints.splice(0), 'errors in the console').toEqual([])
})

test('turns green by itself when the first event arrives', async () => {
  const page = await office.open('/')
  await page.waitForURL('**/setup')
  await page.getByText('Waiting for your first event').waitFor()
  await office.send(pageView('Home', { anonymousId: sally.mobile }))
  await page.getByText('Events are arriving').waitFor()
  expect(await page.getByText('1 event in the last hour').count()).toBe(1)
})

test('says what is wrong with a password, and leads on to where somebody was going', async () => {
  const page = await office.open('/sign-in')
  await page.context().clearCookies()
  await page.goto(`${office.fresh.url}/w/${office.fresh.workspace_id}/visitors?anonymous=true`)
  await page.getByLabel('E-mail').fill(office.owner.email)
  await page.getByLabel('Password').first().fill('wrong password')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').getByText('The e-mail or the password is wrong.').waitFor()
  await page.getByLabel('Password').first().fill(PASSWORD)
  await page.keyboard.press('Enter')
  await page.waitForURL('**/visitors?anonymous=true')
  await page.getByRole('grid', { name: 'Visitors' }).waitFor()
  office.complaints.splice(0) // the browser itself reports each 401
})

test('finds a contact and opens it without a mouse', async () => {
  await office.buys(sarah)
  await office.buys(john)
  const page = await office.open('/w/contacts')
  await page.getByText('John Doe').waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('sarah')
  await page.waitForURL('**q=sarah*')
  await expect.poll(() => page.getByRole('row').count()).toBe(2)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Sarah Johnson' }).waitFor()
  await page.keyboard.press('Backspace')
  await page.getByRole('grid', { name: 'Contacts' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByText('John Doe').waitFor()
  expect(new URL(page.url()).search).toBe('')
})

test('tells what a contact did in sentences, and what they do now', async () => {
  const page = await office.open('/w/contacts?q=sarah')
  await page.getByText('Sarah Johnson').click()
  await page.getByText('Viewed Pricing').waitFor()
  await page.getByText('€149').waitFor()
  await page.getByLabel('watched 75 %').waitFor()
  expect(await page.getByRole('list', { name: 'Stages' }).getByRole('listitem').last().getAttribute('aria-current')).toBe('step')
  await office.send(track('call_booked', { anonymousId: sarah.laptop }))
  await page.getByText('Booked a call').waitFor()
  await page.getByText('What changed', { exact: true }).click()
  await page.getByText('Contact made').waitFor()
  await expect.poll(() => page.getByText('Booked a call').count()).toBe(0)
  expect(page.url()).toContain('kind=activity')
})

test('keeps what somebody typed when another was faster', async () => {
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
  expect(await page.getByRole('definition').getByText('female').count()).toBe(1)
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

test('shows what arrives and what was refused, and why, and holds still on demand', async () => {
  const page = await office.open('/w/live')
  await page.getByText('Listening').waitFor()
  await office.send(track('quiz_answered', { anonymousId: sally.mobile, properties: { answer: 'rye' } }))
  await page.getByText('Quiz answered').waitFor()
  await page.getByRole('button', { name: 'quiz_answered: the raw event' }).click()
  await page.getByText('"rye"').waitFor()
  await office.send(track('page_shared', { anonymousId: sally.mobile }), { type: 'track', anonymousId: sally.mobile })
  await page.getByRole('button', { name: 'Show 1 new' }).click()
  await page.getByText('Shared').waitFor()
  await page.getByRole('tab', { name: /Refused/ }).click()
  await page.getByText('missing_event_name').waitFor()
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

test('makes a key and shows it once, and revokes it', async () => {
  const page = await office.open('/w/setup')
  await page.getByRole('button', { name: 'New key' }).click()
  await page.getByText('Secret: reads and changes').click()
  await page.getByLabel('Name').fill('Reports')
  await page.getByRole('button', { name: 'Make the key' }).click()
  await page.getByText(/^sk_\w{20,}/).waitFor()
  await page.getByRole('button', { name: 'I have copied it' }).click()
  await page.getByRole('button', { name: 'Revoke the key Reports' }).click()
  await page.getByRole('button', { name: 'Revoke', exact: true }).last().click()
  await page.getByText('Reports was revoked').waitFor()
})

test('saves the settings of a workspace, and makes another', async () => {
  const page = await office.open('/w/settings')
  await page.getByLabel('Name').fill('Bread School')
  await page.getByRole('button', { name: 'E-mail earlier' }).click()
  await page.getByRole('button', { name: 'Save changes' }).click()
  await page.getByText('Settings saved').waitFor()
  await page.getByRole('button', { name: /^Workspace Bread School/ }).click()
  await page.getByRole('menuitem', { name: 'New workspace' }).click()
  await page.getByLabel('Name').last().fill('Cake School')
  await page.getByRole('button', { name: 'Create workspace' }).click()
  await page.getByText('Waiting for your first event').waitFor()
  await page.getByRole('link', { name: 'Contacts' }).click()
  await page.getByText('No contacts yet').waitFor()
})

test('goes anywhere by Ctrl-K, by g and a letter, and explains its keys', async () => {
  const page = await office.open('/w/visitors')
  await page.getByRole('grid', { name: 'Visitors' }).waitFor()
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await page.keyboard.press('g')
  await page.keyboard.press('a')
  await page.waitForURL('**/activities')
  await page.keyboard.press('Control+k')
  await page.getByPlaceholder('Find a contact or go to a screen').waitFor()
  await page.keyboard.type('doe')
  await page.getByRole('button', { name: /John Doe/ }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'John Doe' }).waitFor()
})

test.each(['contacts', 'visitors', 'live', 'live?tab=refusals', 'review', 'activities', 'setup', 'settings'])(
  'fits a phone, in the dark too: %s',
  async screen => {
    const page = await office.open(`/w/${screen}`, { width: 390, dark: true })
    await page.getByRole('main').getByRole('heading').first().waitFor()
    await page.waitForLoadState('load')
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
    expect(await page.evaluate(() => document.documentElement.dataset.mantineColorScheme)).toBe('dark')
    const nameless = await page.$$eval('button, input, a', all =>
      all
        .filter(one => one.checkVisibility())
        .filter(one => !one.textContent?.trim() && !one.ariaLabel && !(one as HTMLInputElement).labels?.length)
        .map(one => one.outerHTML.slice(0, 200)),
    )
    expect(nameless).toEqual([])
  },
)
