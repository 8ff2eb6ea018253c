import type { Page } from 'playwright-core'
import { afterEach, expect, test } from 'vitest'
import { createUser } from '../server/workspaces/users.ts'
import { PASSWORD, signedIn } from '../test/session.ts'
import { openOffice } from './screens.ts'

// One story: somebody is invited, comes, gets a role that was made for them, and goes again.
const office = openOffice()
afterEach(async () => {
  await office.leave()
  expect(office.complaints.splice(0), 'errors in the console').toEqual([])
})

const dialog = (page: Page) => page.getByRole('dialog')
const choose = async (page: Page, field: string, option: string) => {
  await page.getByRole('combobox', { name: field, exact: true }).click()
  await page.getByRole('option', { name: option, exact: true }).click()
}

test('an owner invites somebody, who comes in by the link', async () => {
  const page = await office.open('/w/people')
  await page.getByRole('button', { name: 'Invite somebody' }).click()
  await dialog(page).getByLabel('E-mail').fill('mei@example.com')
  await choose(page, 'Role', 'Admin')
  await dialog(page).getByRole('button', { name: 'Invite' }).click()
  const link = await dialog(page).locator('.copy-text .mono').textContent()
  expect(link).toContain('/invitation?token=')
  await dialog(page).getByRole('button', { name: 'Done' }).click()
  await page.getByRole('list', { name: 'Invitations' }).getByText('mei@example.com').waitFor()

  const hers = await office.visit(new URL(link!).pathname + new URL(link!).search)
  await hers.getByRole('heading', { name: 'Work in Acme' }).waitFor()
  await hers.getByLabel('Your name').fill('Mei')
  await hers.getByRole('textbox', { name: 'Password' }).fill(PASSWORD)
  await hers.getByRole('button', { name: 'Begin' }).click()
  await hers.waitForURL('**/w/**')
  office.complaints.splice(0) // nobody was signed in at first: the browser itself reports the 401
})

test('makes a role and a team, and gives them', async () => {
  const page = await office.open('/w/people?tab=roles')
  await page.getByRole('button', { name: 'Add a role' }).click()
  await dialog(page).getByLabel('Name').fill('Desk')
  await dialog(page).getByLabel('Read contacts').selectOption('team')
  await dialog(page).getByLabel('Update contacts').selectOption('own')
  await dialog(page).getByRole('button', { name: 'Save role' }).click()
  await page.getByRole('list', { name: 'Roles' }).getByText('Desk').waitFor()

  await page.getByRole('tab', { name: 'Teams' }).click()
  await page.getByRole('button', { name: 'Add a team' }).click()
  await dialog(page).getByLabel('Name').fill('North')
  await dialog(page).getByRole('button', { name: 'Save team' }).click()
  await page.getByRole('list', { name: 'Teams' }).getByText('North').waitFor()

  await page.getByRole('tab', { name: 'Members' }).click()
  await choose(page, 'Role of Mei', 'Desk')
  await page.getByText('Mei has another role').waitFor()
})

test('who is removed is out, and what they had goes to somebody else', async () => {
  const ben = await signedIn(office.fresh, 'agent')
  const { data } = await office.ask<{ data: { id: number; name: string }[] }>('GET', '/users')
  const mei = data.find(({ name }) => name === 'Mei')!
  const { id } = await office.ask<{ id: number }>('POST', '/contacts', { email: 'customer@example.com', owner_id: mei.id })
  office.fresh.work() // which hands it over
  const page = await office.open('/w/people', { width: 390 })
  await page.getByRole('button', { name: 'Remove Mei' }).click()
  await dialog(page).getByText('Theirs: 1 contact').waitFor()
  await choose(page, 'What becomes of their records', 'They become agent’s')
  await dialog(page).getByRole('button', { name: 'Remove' }).click()
  await page.getByText('Mei was removed').waitFor()
  await expect.poll(() => office.ask('GET', `/contacts/${id}`)).toMatchObject({ owner_id: ben.user_id })
})

test('an agent sees who works here and changes nobody', async () => {
  const page = await openAsAgent()
  await page.getByRole('list', { name: 'Members' }).waitFor()
  expect(await page.getByRole('button', { name: 'Invite somebody' }).count()).toBe(0)
  expect(await page.getByRole('button', { name: /^Remove/ }).count()).toBe(0)
  await page.getByRole('button', { name: 'Leave this workspace' }).waitFor()
})

test('who leaves stands in no workspace, and is asked nothing of the one they left', async () => {
  const page = await openAsAgent()
  await page.getByRole('button', { name: 'Leave this workspace' }).click()
  await dialog(page).getByRole('button', { name: 'Leave' }).click()
  await page.getByRole('heading', { name: 'You are in no workspace' }).waitFor()
  expect(new URL(page.url()).pathname).toBe('/')
})

test('who leaves goes on in another workspace of theirs', async () => {
  const { workspace_id } = await office.fresh.another()
  const page = await openAsAgent(workspace_id)
  await page.getByRole('button', { name: 'Leave this workspace' }).click()
  await dialog(page).getByRole('button', { name: 'Leave' }).click()
  await page.waitForURL(`**/w/${workspace_id}/**`)
  await page.getByRole('navigation', { name: 'Screens' }).waitFor()
})

/** The people, as an agent sees them who has just signed in, and who may belong to another workspace as well. */
async function openAsAgent(other?: number) {
  const agent = await signedIn(office.fresh, 'agent')
  if (other) await createUser(office.fresh.database, { email: agent.email, name: 'agent', workspace_id: other, role: 'agent' })
  const page = await office.visit('/sign-in')
  await page.getByLabel('E-mail').fill(agent.email)
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('link', { name: 'People' }).click()
  office.complaints.splice(0) // the 401 before the sign-in
  return page
}
