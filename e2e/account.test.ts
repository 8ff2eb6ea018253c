import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { generateSync } from 'otplib'
import type { Page } from 'playwright-core'
import { afterEach, expect, test } from 'vitest'
import { withLink } from '../server/mail/link.ts'
import { openOffice, PASSWORD } from './screens.ts'

const oidc = {
  issuer: 'http://127.0.0.1:9',
  client_id: 'a',
  client_secret: 'b',
  label: 'Sign in with Acme',
  only: false,
  allowed_domains: [],
  default_role: undefined,
  default_workspace: undefined,
}
const office = openOffice({ config: { oidc } })
const NEW_PASSWORD = 'a brand new password'

afterEach(async () => {
  await office.leave()
  // What is refused in these tests is refused on purpose.
  expect(office.complaints.splice(0).filter(line => !/status of 40[13]/.test(line))).toEqual([])
})

/** Pictures to look at, when somebody asks for them by PICTURES=<folder>. */
async function picture(page: Page, name: string) {
  if (!process.env.PICTURES) return
  await mkdir(process.env.PICTURES, { recursive: true })
  await page.screenshot({ path: join(process.env.PICTURES, `${name}.png`), fullPage: true })
}

async function signIn(page: Page, password: string) {
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await page.getByLabel('E-mail').fill(office.owner.email)
  await page.getByLabel('Password').first().fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

test('a forgotten password is chosen anew behind the link', async () => {
  const page = await office.visit('/sign-in', { width: 390 })
  await page.getByRole('link', { name: 'Forgot your password?' }).click()
  await page.getByRole('heading', { name: 'Forgot your password?' }).waitFor() // the sign-in has such a field, too
  await page.getByLabel('E-mail').fill(office.owner.email)
  await picture(page, 'forgot-390')
  await page.getByRole('button', { name: 'Send the link' }).click()
  await page.getByText(`throughline user reset --email ${office.owner.email}`).waitFor() // there is no SMTP
  await picture(page, 'forgot-kept-390')
  const [mail] = await office.fresh.database.system<{ to_address: string; body: string; sealed_link: string | null }[]>`
    select to_address, body, sealed_link from mails`
  const token = /token=([\w-]+)/.exec(withLink(office.fresh.context.config, mail!).body)![1]
  await page.goto(`${office.fresh.url}/new-password?token=${token}`)
  await page.getByLabel('New password').first().fill(NEW_PASSWORD)
  await picture(page, 'new-password-390')
  await page.getByRole('button', { name: 'Change password' }).click()
  // Exactly: before the answer there is a link "Back to sign in", too.
  await page.getByRole('link', { name: 'Sign in', exact: true }).click()
  await signIn(page, PASSWORD)
  await page.getByText('The e-mail or the password is wrong.').waitFor()
  await signIn(page, NEW_PASSWORD)
  await page.waitForURL('**/w/**')
  await page.goto(`${office.fresh.url}/new-password?token=${token}`)
  await page.getByLabel('New password').first().fill('another password')
  await page.getByRole('button', { name: 'Change password' }).click()
  await page.getByText('This link leads nowhere any more').waitFor()
})

test('a second step is set up, asked for at the sign-in, and whoever is signed in elsewhere is shown and signed out', async () => {
  const other = await office.visit('/sign-in', { dark: true })
  await signIn(other, NEW_PASSWORD)
  await other.waitForURL('**/w/**')

  const page = await office.visit('/sign-in')
  await signIn(page, NEW_PASSWORD)
  await page.waitForURL('**/w/**')
  await page.getByRole('button', { name: /account, appearance/ }).click()
  await page.getByRole('menuitem', { name: 'Your account' }).click()
  await page.getByText('This one').waitFor()
  await picture(page, 'account-1280')
  await page.getByRole('button', { name: 'Sign out everywhere else' }).click()
  await page.getByRole('button', { name: 'Sign out everywhere else' }).waitFor({ state: 'detached' })
  await other.reload()
  await other.waitForURL('**/sign-in**')
  await picture(other, 'sign-in-dark-1280')

  await page.getByRole('button', { name: 'Set up' }).click()
  await page.getByLabel('Your password').first().fill(NEW_PASSWORD)
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByRole('img', { name: 'QR code' }).waitFor()
  await picture(page, 'account-qr-1280')
  const secret = (await page.locator('.copy-text .mono').first().textContent())!
  await page.getByLabel('The code that it shows now').fill(generateSync({ secret }))
  await page.getByRole('button', { name: 'Switch on' }).click()
  await page.getByText('Your recovery codes').waitFor()
  const codes = await page.locator('.account-codes li').allTextContents()
  expect(codes).toHaveLength(10)
  await picture(page, 'account-codes-1280')
  await page.getByRole('button', { name: 'I have kept them' }).click()
  await page.getByText('10 recovery codes are left').waitFor()

  await signIn(other, NEW_PASSWORD)
  await other.getByLabel('Code').fill('000000')
  await other.getByRole('button', { name: 'Sign in' }).click()
  await other.getByText('The code is wrong').waitFor()
  await picture(other, 'code-dark-1280')
  await other.getByLabel('Code').fill(codes[0]!)
  await other.getByRole('button', { name: 'Sign in' }).click()
  await other.waitForURL('**/w/**')
  await other.goto(`${office.fresh.url}/w/${office.fresh.workspace_id}/account`)
  await other.getByText('9 recovery codes are left').waitFor()
  await other.setViewportSize({ width: 390, height: 800 })
  await picture(other, 'account-dark-390')
})

test('a workspace that requires a second step leads whoever has none to their account', async () => {
  const { system } = office.fresh.database
  await system`update users set totp_since = null, totp_secret = null`
  await system`update workspaces set require_totp = true where id = ${office.fresh.workspace_id}`
  const page = await office.visit('/sign-in')
  await signIn(page, NEW_PASSWORD)
  await page.getByText('This workspace asks everybody for a second step').waitFor()
  await picture(page, 'account-required-1280')
  await page.getByRole('button', { name: 'Set up' }).waitFor()
})

test('whoever cannot come in from their organization is told why, and can try again', async () => {
  const page = await office.visit('/sign-in?refused=not_known', { width: 390, dark: true })
  await page.getByText('Ask an owner of your workspace to invite you').waitFor()
  await picture(page, 'sign-on-390')
  await page.getByRole('link', { name: 'Sign in with Acme' }).click() // nobody answers there
  await page.getByText('Your organization could not be asked').waitFor()
})
