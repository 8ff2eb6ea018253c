import { readFile } from 'node:fs/promises'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { open } from '../server/database/connect.ts'
import { john, sally, sarah, track } from '../test/people.ts'
import { expectWidth, openOffice } from './screens.ts'

const office = openOffice()
beforeAll(async () => {
  await office.buys(sally)
  await office.send(
    track('registration', { anonymousId: john.laptop, properties: { email: john.email, first_name: 'John', last_name: 'Doe' } }),
    track('registration', { anonymousId: 'somebody', properties: { plan: 'free' } }),
  )
})
afterEach(async () => {
  await office.leave()
  expect(office.complaints.splice(0), 'errors in the console').toEqual([])
})

const stepsOf = (...events: string[]) => encodeURIComponent(JSON.stringify(JSON.stringify(events.map(event => ({ event })))))

test('an own funnel is put together, counted and kept in the address', async () => {
  const page = await office.open('/w/reports?tab=funnel')
  await page.getByText('Which way do people go?').waitFor()
  const show = page.getByRole('button', { name: 'Show the funnel' })
  await expect.poll(() => show.isDisabled()).toBe(true)

  // One is chosen among what has arrived here, the other is typed.
  await page.getByRole('combobox', { name: 'Event of step 1' }).click()
  await page.getByRole('option', { name: 'registration', exact: true }).click()
  await page.getByRole('combobox', { name: 'Event of step 2' }).fill('purchase_completed')
  await page.getByLabel('Within', { exact: true }).fill('12')
  await page.getByRole('combobox', { name: 'Unit' }).click()
  await page.getByRole('option', { name: 'hours' }).click()
  await show.click()

  await page.getByRole('link', { name: 'Step 1: 3 people, 100%' }).waitFor()
  await page.getByRole('link', { name: 'Step 2: 1 person, 33.3%' }).waitFor()
  await page.getByRole('region', { name: 'How far people go' }).getByText('Exact numbers').click()
  await page.getByRole('row', { name: /2\. purchase_completed 1 33\.3%/ }).waitFor()

  await page.reload()
  await page.getByRole('link', { name: 'Step 2: 1 person, 33.3%' }).waitFor()
  await expect.poll(() => page.getByRole('combobox', { name: 'Event of step 2' }).inputValue()).toBe('purchase_completed')
  await expect.poll(() => page.getByLabel('Within', { exact: true }).inputValue()).toBe('12')
})

test('a condition leaves those out for whom it does not hold', async () => {
  const page = await office.open(`/w/reports?tab=funnel&steps=${stepsOf('registration', 'purchase_completed')}`)
  await page.getByRole('link', { name: /Step 1: 3 people/ }).waitFor()
  const step = page.getByRole('listitem', { name: 'Step 1' })
  await step.getByRole('button', { name: 'Where' }).click()
  await step.getByLabel('Property').fill('plan')
  await step.getByLabel('Value').fill('free')
  await page.getByRole('button', { name: 'Show the funnel' }).click()
  await page.getByRole('link', { name: 'Step 1: 1 person, 100%' }).waitFor()
  await page.getByText('1. registration where plan is free').first().waitFor()
  const second = page.locator('svg').getByText('2. purchase_completed')
  await second.waitFor()
  await page.getByRole('button', { name: 'Remove step 2' }).click()
  await page.getByRole('button', { name: 'Show the funnel' }).click()
  await second.waitFor({ state: 'detached' })
})

test('a bar leads to the people in it, and what was lost to those who were', async () => {
  const page = await office.open(`/w/reports?tab=funnel&steps=${stepsOf('registration', 'purchase_completed')}`)
  await page.getByRole('link', { name: /Step 2: 1 person/ }).click()
  const people = page.getByRole('dialog')
  await people.getByText('Reached step 2: purchase_completed').waitFor()
  await people.getByRole('link', { name: 'Sally Susa' }).waitFor()
  await page.keyboard.press('Escape')
  await people.waitFor({ state: 'detached' })

  await page.getByRole('link', { name: '2 people dropped off before step 2' }).click()
  await people.getByText('1 contact and 1 person whom nobody knows yet').waitFor()
  await people.getByRole('link', { name: 'John Doe' }).click()
  await page.getByRole('heading', { name: 'John Doe' }).waitFor()
  await page.goBack()
  await people.getByRole('link', { name: 'John Doe' }).waitFor()
})

test('a count that takes long is stopped when somebody says so, and begun again', async () => {
  // Nobody reads the events for as long as they are locked.
  const owner = open(office.fresh.database.url)
  const locked = owner.begin(async sql => {
    await sql`lock table events in access exclusive mode`
    const page = await office.open(`/w/reports?tab=funnel&steps=${stepsOf('registration', 'purchase_completed')}`)
    await page.getByText('Going through the events').waitFor()
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByText('Stopped. Nothing is being counted.').waitFor()
    return page
  })
  const page = await locked.finally(() => owner.end())
  await page.getByRole('button', { name: 'Count again' }).click()
  await page.getByRole('link', { name: /Step 2: 1 person/ }).waitFor()
})

test('is broken down, and saved with exact numbers', async () => {
  await office.send(
    track('registration', {
      anonymousId: sarah.laptop,
      context: { campaign: { source: 'google' } },
      properties: { plan: 'pro' },
    }),
  )
  const page = await office.open(`/w/reports?tab=funnel&steps=${stepsOf('registration', 'purchase_completed')}`)
  await page.getByRole('combobox', { name: 'Break down by' }).click()
  await page.getByRole('option', { name: 'Source' }).click()
  const groups = page.getByRole('region', { name: 'By Source' })
  await groups.getByText('Exact numbers').click()
  await groups.getByRole('row', { name: /newsletter 1 1 100%/ }).waitFor()
  await groups.getByRole('row', { name: /google 1 0 0%/ }).waitFor()
  await groups
    .getByRole('row', { name: /Not known 2 0 0%/ })
    .getByRole('link', { name: '2' })
    .click()
  await page.getByRole('dialog').getByText('Reached step 1: registration, Not known').waitFor()
  await page.getByRole('dialog').getByRole('link', { name: 'John Doe' }).waitFor()
  await page.keyboard.press('Escape')

  office.fresh.work() // which writes the files
  const sheet = await saved(page, 'Save How far people go as CSV')
  expect(sheet.name).toMatch(/^funnel report .*\.csv$/)
  expect(sheet.text.split('\r\n').slice(0, 2)).toEqual([
    '\uFEFFrow,value,step,event,people,rate,step_rate,median_seconds,mean_seconds',
    'total,,1,registration,4,1,1,,',
  ])
  expect((await saved(page, 'Save By Source as CSV')).text).toContain('group,google,2,purchase_completed,0,0,0,,\r\n')
  expect((await saved(page, 'Save How far people go as PNG')).name).toMatch(/^funnel-.*\.png$/)
})

async function saved(page: Awaited<ReturnType<typeof office.open>>, button: string) {
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: button }).click()
  const file = await download
  return { name: file.suggestedFilename(), text: await readFile((await file.path())!, 'utf8') }
}

test('says what is wrong with a period that cannot be counted, and fits a phone', async () => {
  const steps = stepsOf('registration')
  const wrong = await office.open(`/w/reports?tab=funnel&steps=${steps}&from=2026-02-02&to=2026-01-01`)
  await wrong.getByText('This could not be counted').waitFor()
  // The browser's own word about an answer with 400.
  await expect.poll(() => office.complaints.splice(0).join()).toContain('400')
  const page = await office.open(`/w/reports?tab=funnel&steps=${steps}`, { width: 390, dark: true })
  await page.getByRole('link', { name: /Step 1: 4 people/ }).waitFor()
  await expectWidth(page, 390)
})

test('what is beyond the groups that are shown is one bar, and leads to its people as well', async () => {
  const people = Array.from({ length: 12 }, (_, n) => ({ tier: `tier-${n + 10}`, email: `person-${n + 10}@example.com` }))
  await office.send(...people.map(properties => track('registration', { anonymousId: properties.email, properties })))
  const page = await office.open(`/w/reports?tab=funnel&steps=${stepsOf('registration')}&breakdown=property&property=tier`)
  // Those about whom it is not known are the greatest group, and nine of the twelve come after them.
  await page.getByRole('link', { name: '3 other groups: 3 of 3 people, 100%' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Reached step 1: registration, others').waitFor()
  await dialog.getByText('3 contacts', { exact: true }).waitFor()
  for (const { email } of people.slice(9)) await dialog.getByRole('link', { name: email }).waitFor()
})
