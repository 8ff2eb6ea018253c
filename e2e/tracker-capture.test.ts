import { expect } from 'vitest'
import { arrived, type Loaded, pause, test, tracked } from './shop.ts'

test('views a page of a single-page app when its path or query changes, and not when only the fragment does', async ({
  shop,
  expect,
}) => {
  const page = await shop.open('/?utm_source=news&utm_campaign=spring&gclid=g1')
  for (const move of ["pushState(0, '', '/a')", "pushState(0, '', '/a#part')", "replaceState(0, '', '/a?tab=2')"]) {
    await page.evaluate(`history.${move}; document.title = location.pathname + location.search`)
    await pause(20)
  }
  await page.goBack()
  await arrived(shop, 'page', 'page', 'page', 'page')
  const [first, ...others] = shop.events()
  expect(others.map(({ context }) => context.page.path + context.page.search)).toEqual(['/a', '/a?tab=2', '/a'])
  expect(others[1]!.context.page.title).toBe('/a?tab=2')
  expect(first!.context).toMatchObject({
    campaign: { source: 'news', name: 'spring' },
    click_ids: { gclid: 'g1' },
    webdriver: true,
  })
  expect(shop.collector.requests[0]).toMatchObject({ writeKey: 'wk_test', contentType: expect.stringContaining('text/plain') })
})

test('leaves page views to the page when it asks for that', async ({ shop }) => {
  shop.collector.page('/', tracked('data-auto-page="false"'))
  const page = await shop.open('/')
  await page.evaluate(() => history.pushState(0, '', '/a'))
  await page.evaluate(() => (globalThis as Loaded).throughline.page('Pricing', { plan: 'pro' }))
  await arrived(shop, 'page')
  expect(shop.events()[0]).toMatchObject({ name: 'Pricing', properties: { plan: 'pro' } })
})

test('reads the forms that ask for it, and in them neither passwords nor cards nor hidden tokens', async ({ shop }) => {
  const fields = `<input name=email value=anna@example.com><input name="First Name" value=Anna><input name=lastname value=Ott>
    <input name=phone_number value=+4312345><input name=password type=password data-throughline-field value=secret><input name=notes value=private>
    <input name=csrf type=hidden value=token><input name=phone type=hidden value=0><input data-throughline-field name=card autocomplete="billing cc-number" value=4242>
    <input type=checkbox name=terms data-throughline-field=agreed checked><input type=checkbox name=offers data-throughline-field>`
  const form = (attributes: string) => `<form ${attributes} action="/elsewhere">${fields}<button>Go</button></form>`
  shop.collector.page('/', tracked('', form('id=silent') + form('id=asked data-throughline-event=registration')))
  shop.collector.page('/all', tracked('data-forms', form('id=any')))
  for (const [path, button] of [
    ['/', '#silent button'],
    ['/', '#asked button'],
    ['/all', 'button'],
  ] as const) {
    const page = await shop.open(path)
    await page.click(button)
    await page.waitForURL('**/elsewhere*')
  }
  await arrived(shop, 'page', 'page', 'page', 'registration', 'form_submitted')
  const said = { email: 'anna@example.com', first_name: 'Anna', last_name: 'Ott', phone: '+4312345', agreed: 'on' }
  expect(shop.of('registration')[0]!.properties).toEqual(said)
  expect(shop.of('form_submitted')[0]!.properties).toEqual(said)
})

test('counts what was watched, not where somebody jumped to', async ({ shop }) => {
  const video = `<video muted src="/demo/lesson/lesson.webm" data-throughline-video="first-loaf" data-funnel-id="f1" data-page-id="watch" data-title="First loaf"></video>`
  shop.collector.page('/', tracked('', video))
  const page = await shop.open('/')
  const play = (from: number) =>
    page.evaluate(async from => {
      const element = document.querySelector('video')!
      element.playbackRate = 16
      element.currentTime = from
      await element.play()
    }, from)
  const rest = () => page.evaluate(() => document.querySelector('video')!.pause())
  const position = () => page.evaluate(() => document.querySelector('video')!.currentTime)

  await play(33)
  await expect.poll(position).toBeGreaterThan(36)
  await rest()
  await arrived(shop, 'page', 'video_started')
  await pause(400)
  expect(shop.of('video_progress')).toEqual([])

  await play(0)
  await expect.poll(() => shop.kinds()).toContain('video_completed')
  const progress = shop.of('video_progress').map(({ properties }) => properties.watch_percentage)
  expect(progress).toEqual([25, 50, 75, 100])
  expect(shop.of('video_completed')[0]!.properties).toMatchObject({
    video_id: 'first-loaf',
    funnel_id: 'f1',
    page_id: 'watch',
    video_title: 'First loaf',
  })
  expect(shop.of('video_completed')[0]!.properties.seconds_watched).toBeGreaterThanOrEqual(39)

  await play(0)
  await arrived(shop, 'page', 'video_started', ...progress.map(() => 'video_progress'), 'video_completed', 'video_replayed')
})
