import { afterEach, beforeAll, expect, test } from 'vitest'
import type { TechnicalReport } from '../shared/health.ts'
import { john, sally, track } from '../test/people.ts'
import { expectWidth, openOffice } from './screens.ts'

const office = openOffice()
beforeAll(async () => {
  await office.buys(sally)
  await office.send(track('registration', { anonymousId: john.laptop, properties: { email: john.email, first_name: 'John' } }))
})
afterEach(async () => {
  await office.leave()
  expect(office.complaints.splice(0), 'errors in the console').toEqual([])
})

test('says how many contacts there are and where they are, and leads to them', async () => {
  const page = await office.open('/w/reports?tab=health')
  const figures = page.getByRole('region', { name: 'Contacts', exact: true })
  await expect.poll(() => figures.getByRole('definition').allInnerTexts()).toEqual(['2', '2 0 yesterday', '2', '2 100%'])
  const segments = page.getByRole('region', { name: 'Segments' })
  await segments.getByText('Exact numbers').click()
  await segments.getByRole('row', { name: 'Hot 1 50%' }).waitFor()
  await page.getByRole('region', { name: 'Stages' }).getByRole('link', { name: 'Converted: 1 contact, 50%' }).waitFor()
  await segments.getByRole('link', { name: 'Hot: 1 contact, 50%' }).click()
  await page.waitForURL('**/contacts?segment=hot')
  await page.getByRole('link', { name: 'Sally Susa' }).waitFor()
  expect(await page.getByRole('link', { name: 'John' }).count()).toBe(0)
})

test('says how quick it is, and how long it took to be on screen', async () => {
  const { app, context, database } = office.fresh
  const read = async () => {
    await context.timings!.flush(database.system)
    return (await app.inject({ url: '/api/v1/reports/technical', headers: office.owner.headers })).json<TechnicalReport>()
  }
  const before = (await read()).loads.count
  const page = await office.open('/w/reports?tab=health')
  const table = page.getByRole('table', { name: 'How well it runs' })
  await table.waitFor()
  await expect.poll(async () => (await read()).loads.count).toBeGreaterThan(before)
  await page.reload()
  await table.getByRole('row', { name: /^Storing an event [1-9]/ }).waitFor()
  await table.getByRole('row', { name: /^Showing the reports [1-9]/ }).waitFor()
  await table.getByRole('row', { name: /Deliveries to endpoints that arrive 0 – 99% Nothing measured/ }).waitFor()
})

test('fits a phone', async () => {
  const page = await office.open('/w/reports?tab=health', { width: 390, dark: true })
  await page.getByRole('table', { name: 'How well it runs' }).waitFor()
  await expectWidth(page, 390)
})
