import type { Page } from 'playwright-core'
import { afterEach, expect, test } from 'vitest'
import type { Funnel } from '../shared/funnels.ts'
import { signedIn } from '../test/session.ts'
import { expectWidth, goBy, openOffice } from './screens.ts'

// A funnel from its first day to its last: each test goes on where the one before stopped.
const office = openOffice()
const { ask } = office

afterEach(async () => {
  await office.leave()
  expect(office.complaints.splice(0), 'errors in the console').toEqual([])
})

const theFunnel = async () => (await ask<{ data: Funnel[] }>('GET', '/funnels')).data[0]!
const pagesOf = (page: Page, name: string) => page.getByRole('list', { name: `Pages of ${name}` })
const videosOf = (page: Page, name: string) => page.getByRole('list', { name: `Videos of ${name}` })

test('says what a funnel is while there is none, and makes the first', async () => {
  const page = await office.open('/w/contacts')
  await page.getByRole('heading', { name: 'Contacts' }).waitFor()
  await goBy(page, 'gz', '/funnels')
  await page.getByText('No funnel yet').waitFor()
  await page.getByRole('button', { name: 'Add a funnel' }).click()
  const dialog = page.getByRole('dialog', { name: 'New funnel' })
  await dialog.getByLabel('Name').fill('Bread school')
  await dialog.getByRole('button', { name: 'Add funnel' }).click()
  await page.getByRole('heading', { name: 'Bread school' }).waitFor()
  await page.getByText((await theFunnel()).funnel_id, { exact: true }).waitFor()
})

test('takes pages by their addresses and videos by their ids, and a view of one is a step', async () => {
  const page = await office.open('/w/funnels')
  for (const [kind, address] of [
    ['Registration', 'https://www.bread.example/join'],
    ['Watch', 'bread.example/watch/*'],
    ['Enrollment', 'bread.example/offer/'],
  ] as const) {
    await page.getByRole('combobox', { name: 'Kind of page' }).click()
    await page.getByRole('option', { name: kind }).click()
    await page.getByLabel('Address of the page').fill(address)
    await page.getByLabel('Address of the page').press('Enter')
    await pagesOf(page, 'Bread school').getByText(kind, { exact: true }).waitFor()
  }
  await pagesOf(page, 'Bread school').getByText('bread.example/join', { exact: true }).waitFor()
  await page.getByLabel('page_id of the page').fill('thank-you')
  await page.getByLabel('page_id of the page').press('Enter')
  await pagesOf(page, 'Bread school').getByText('page_id thank-you', { exact: true }).waitFor()
  await page.getByLabel('Id of the video').fill('first-loaf')
  await page.getByLabel('Title of the video').fill('Your first loaf')
  await page.getByLabel('Id of the video').press('Enter')
  await videosOf(page, 'Bread school').getByText('video_id first-loaf').waitFor()
  await expect.poll(() => page.getByLabel('Id of the video').inputValue()).toBe('')

  await office.send(
    { type: 'track', event: 'registration', anonymousId: 'd-1', properties: { email: 'ida@example.com', first_name: 'Ida' } },
    { type: 'page', anonymousId: 'd-1', properties: { url: 'https://bread.example/offer?utm_source=x' } },
  )
  const { data } = await ask<{ data: { stage: string }[] }>('GET', '/contacts?email=ida@example.com')
  expect(data[0]!.stage).toBe('offer_viewed')
})

test('shows the endpoints that hear it alone, and makes another', async () => {
  const { funnel_id } = await theFunnel()
  const given = { url: 'https://receiver.example/hook', events: ['registration'] }
  await ask('POST', '/endpoints', { ...given, name: 'Bread alone', funnel_id })
  await ask('POST', '/endpoints', { ...given, name: 'Everybody' })
  const page = await office.open('/w/funnels')
  const list = page.getByRole('list', { name: 'Endpoints of Bread school' })
  await list.getByRole('link', { name: 'Bread alone' }).waitFor()
  expect(await list.getByRole('listitem').count()).toBe(1)
  await page.getByRole('link', { name: 'Add endpoint' }).click()
  await page.getByRole('heading', { name: 'Add endpoint' }).waitFor()
  expect(await page.getByRole('combobox', { name: 'Only one funnel' }).inputValue()).toBe(funnel_id)
})

test('registers people by the form that it shows, in a browser without JavaScript', async () => {
  const page = await office.open('/w/funnels')
  await page.getByText('Registration form').click()
  const shown = page.getByRole('group').filter({ hasText: 'Registration form' }).locator('pre')
  await shown.waitFor()
  const html = ((await shown.textContent()) ?? '').replaceAll(/https?:\/\/[^/"]+\/f\//g, `${office.fresh.url}/f/`)
  const { funnel_id, pages } = await theFunnel()

  const plain = await page.context().browser()!.newContext({ javaScriptEnabled: false })
  const form = await plain.newPage()
  await form.setContent(`<!doctype html>${html.replace('name="redirect"', 'name="not_now"')}`)
  await form.getByPlaceholder('First name').fill('Rosa')
  await form.getByPlaceholder('E-mail').fill('rosa@example.com')
  await form.getByRole('button', { name: 'Register' }).click()
  await form.getByRole('heading', { name: 'You are registered' }).waitFor()

  const { data } = await ask<{ data: { id: number; first_name: string; stage: string }[] }>(
    'GET',
    '/contacts?email=rosa@example.com',
  )
  expect(data[0]).toMatchObject({ first_name: 'Rosa', stage: 'lead' })
  const stored = await office.fresh.database.system<{ properties: object }[]>`
    select properties from events where workspace_id = ${office.fresh.workspace_id} and event = 'registration' order by id desc limit 1`
  expect(stored[0]!.properties).toMatchObject({ funnel_id, page_id: pages[0]!.page_id })
})

test('keeps the visitor whom the tracker knows, when a form of a page with the tracker is sent', async () => {
  const context = await (await office.visit('/demo')).context().browser()!.newContext()
  const page = await context.newPage()
  await page.route('**/form-page', route =>
    route.fulfill({
      contentType: 'text/html',
      body: `<script src="${office.fresh.url}/throughline.js" data-write-key="${office.fresh.write_key}"></script>
        <form method="post" action="/f/${office.fresh.write_key}">
          <input name="email" placeholder="E-mail"><input type="hidden" name="distinct_id"><button>Register</button>
        </form>`,
    }),
  )
  await page.goto(`${office.fresh.url}/form-page`)
  const distinct_id = await page.evaluate(
    () => (window.throughline as { visitor(): { distinct_id: string } }).visitor().distinct_id,
  )
  await page.getByPlaceholder('E-mail').fill('nina@example.com')
  await page.getByRole('button', { name: 'Register' }).click()
  await page.getByRole('heading', { name: 'You are registered' }).waitFor()
  const visitors = await office.fresh.database.system<{ distinct_id: string }[]>`
    select v.distinct_id
      from events e
      join visitors v on v.workspace_id = e.workspace_id and v.id = e.visitor_id
     where e.workspace_id = ${office.fresh.workspace_id} and e.event = 'registration' and e.properties ->> 'email' = 'nina@example.com'`
  expect(visitors).toEqual([{ distinct_id }])
})

test('does not take a video that is another one’s, and says so where it was typed', async () => {
  const page = await office.open('/w/funnels')
  await page.getByLabel('Id of the video').fill('first-loaf')
  await page.getByLabel('Id of the video').press('Enter')
  await page.getByRole('alert').waitFor()
  expect(await page.getByLabel('Id of the video').inputValue()).toBe('first-loaf')
  expect((await theFunnel()).videos).toHaveLength(1)
  office.complaints.splice(0) // the 409
})

test('is renamed, gets a goal and a currency, and keeps its id', async () => {
  const { funnel_id } = await theFunnel()
  const page = await office.open('/w/funnels')
  await page.getByLabel('Name').fill('School of bread')
  await page.getByRole('combobox', { name: 'Goal' }).click()
  await page.getByRole('option', { name: 'A booked call' }).click()
  await page.getByText('count call_booked as a conversion').waitFor()
  await page.getByRole('combobox', { name: 'Currency' }).fill('CHF')
  await page.getByRole('option', { name: /^CHF/ }).click()
  await page.getByLabel('Confirm e-mail addresses').check()
  await page.getByLabel('Name').press('Enter')
  await page.getByRole('heading', { name: 'School of bread' }).waitFor()
  expect(await theFunnel()).toMatchObject({
    funnel_id,
    name: 'School of bread',
    goal: 'call',
    currency: 'CHF',
    confirm_email: true,
  })
})

test('shows on the page of a contact how far they came in it, and where they stopped', async () => {
  const { funnel_id } = await theFunnel()
  const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString()
  const of = { type: 'track', anonymousId: 'd-2' }
  const video = { funnel_id, video_id: 'first-loaf' }
  await office.send(
    { ...of, event: 'registration', timestamp: ago(75), properties: { funnel_id, email: 'lea@example.com', first_name: 'Lea' } },
    { ...of, event: 'video_started', timestamp: ago(74), properties: video },
    { ...of, event: 'video_progress', timestamp: ago(74), properties: { ...video, watch_percentage: 50, seconds_watched: 95 } },
    { ...of, event: 'enrollment_viewed', timestamp: ago(73), properties: { funnel_id } },
  )
  office.fresh.work()
  const { data } = await ask<{ data: { id: number }[] }>('GET', '/contacts?email=lea@example.com')
  const path = `/contacts/${data[0]!.id}`
  await expect.poll(async () => (await ask<{ data: object[] }>('GET', `${path}/journey`)).data.length).toBe(1)
  for (const width of [1280, 390]) {
    const page = await office.open(`/w${path}`, { width })
    const journey = page.getByRole('region', { name: 'Journey' }).getByRole('article', { name: 'School of bread' })
    await journey.getByText('Stopped after the offer, 3 days ago').waitFor()
    await journey.getByText('50 % · 2 min watched').waitFor()
    expect(await journey.locator('li[data-on] .journey-label').allTextContents()).toEqual([
      'Registered',
      'Watched',
      '25 %',
      '50 %',
      'Offer',
    ])
    await expectWidth(page, width)
  }
})

test('shows whoever may not change it what there is, and nothing to press', async () => {
  const analyst = await signedIn(office.fresh, 'analyst')
  const page = await office.open('/w/funnels')
  const [name = '', value = ''] = analyst.cookie.split(/=(.*)/)
  await page.context().addCookies([{ name, value, url: office.fresh.url }])
  await page.reload()
  await pagesOf(page, 'School of bread').getByText('bread.example/watch/*').waitFor()
  expect(await page.getByRole('button', { name: /^(Remove|Add|Delete|Save)/ }).count()).toBe(0)
  expect(await page.getByLabel('Name').isDisabled()).toBe(true)
})

test('fits a phone, where a page is removed', async () => {
  const page = await office.open('/w/funnels', { width: 390, dark: true })
  await pagesOf(page, 'School of bread').getByText('Registration', { exact: true }).waitFor()
  await expectWidth(page, 390)
  await pagesOf(page, 'School of bread').getByRole('button', { name: 'Remove Registration' }).click()
  await pagesOf(page, 'School of bread').getByText('Registration', { exact: true }).waitFor({ state: 'detached' })
  expect((await theFunnel()).pages.map(({ kind }) => kind)).toEqual(['watch', 'enrollment', 'enrollment'])
})

test('is deleted when somebody means it, and what happened in it stays', async () => {
  const page = await office.open('/w/funnels')
  await page.getByRole('button', { name: 'Delete…' }).click()
  const question = page.getByRole('dialog', { name: 'Delete School of bread?' })
  await question.getByText('stays in the timelines').waitFor()
  await question.getByRole('button', { name: 'Cancel' }).click()
  await question.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Delete…' }).click()
  await question.getByRole('button', { name: 'Delete' }).click()
  await page.getByText('No funnel yet').waitFor()
  const { data } = await ask<{ data: { stage: string }[] }>('GET', '/contacts?email=ida@example.com')
  expect(data[0]!.stage).toBe('offer_viewed')
})

test('marks the screen in the sidebar that an address belongs to', async () => {
  const page = await office.open('/w/appointment-settings')
  const here = page.getByRole('navigation', { name: 'Screens' }).locator('[aria-current="page"]')
  for (const [path, screen] of [
    ['appointment-settings', 'Appointments'],
    ['lead-settings', 'Leads'],
    ['webhook-events', 'Endpoints'],
    ['funnels', 'Funnels'],
  ] as const) {
    await page.goto(`${office.fresh.url}/w/${office.fresh.workspace_id}/${path}`)
    await here.filter({ hasText: screen }).waitFor()
    await expect.poll(() => here.count()).toBe(1)
  }
})
