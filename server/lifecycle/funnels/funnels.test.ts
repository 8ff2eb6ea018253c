import { beforeAll, expect, test } from 'vitest'
import type { Funnel, FunnelPage, FunnelVideo } from '../../../shared/funnels.ts'
import { type FreshApp, freshApp } from '../../../test/app.ts'
import { asking } from '../../../test/asking.ts'
import { basic } from '../../../test/people.ts'
import { bareAddress, matchesAddress } from './address.ts'

let fresh: FreshApp
beforeAll(async () => {
  fresh = await freshApp()
})

const { answer: ask } = asking(() => fresh)

async function send(...events: object[]) {
  const batch = events.map((event, n) => ({ type: 'track', messageId: `m-${Math.random()}-${n}`, ...event }))
  const response = await fresh.app.inject({
    method: 'POST',
    url: '/v1/batch',
    headers: basic(fresh.write_key),
    payload: { batch },
  })
  expect(response.statusCode, response.body).toBe(200)
}

const page = (anonymousId: string, url: string, more: object = {}) => ({
  type: 'page',
  anonymousId,
  context: { page: { url } },
  properties: { url },
  ...more,
})

const eventsOf = (distinct_id: string) => fresh.database.system<{ event: string; properties: Record<string, unknown> }[]>`
  select e.event, e.properties
    from events e
    join visitors v on v.workspace_id = e.workspace_id and v.id = e.visitor_id
   where e.workspace_id = ${fresh.workspace_id} and v.distinct_id = ${distinct_id}
   order by e.id`

/** With a watch and an enrollment page and a video. */
async function school(name: string, host: string) {
  const { funnel_id, id } = (await ask<Funnel>('POST', '/funnels', { name })).body
  const watch = (await ask<FunnelPage>('POST', '/pages', { funnel_id, kind: 'watch', url: `https://www.${host}/watch/*` })).body
  await ask('POST', '/pages', { funnel_id, kind: 'enrollment', url: `${host}/offer/` })
  const video = (await ask<FunnelVideo>('POST', '/videos', { funnel_id, video_id: `${host}-video`, title: 'Your first loaf' }))
    .body
  return { id, funnel_id, watch, video }
}

test('a funnel has pages and videos, keeps its id when it is renamed, and is listed whole', async () => {
  const { id, funnel_id, watch, video } = await school('Bread school', 'bread.example')
  expect(funnel_id).toMatch(/^bread-school-[0-9a-f]{6}$/)
  expect(watch).toMatchObject({ funnel_id, kind: 'watch', name: 'Watch', url: 'bread.example/watch/*' })
  const renamed = (await ask<Funnel>('PATCH', `/funnels/${id}`, { name: 'School of bread', currency: 'EUR' })).body
  expect(renamed).toMatchObject({ funnel_id, name: 'School of bread', currency: 'EUR' })
  expect(renamed.pages.map(one => one.kind)).toEqual(['watch', 'enrollment'])
  expect(renamed.videos).toEqual([video])
  expect((await ask('PATCH', `/funnels/${id}`, { name: 'X', if_updated_at: '2020-01-01T00:00:00Z' })).status).toBe(409)
  expect((await ask('POST', '/funnels', { name: 'Another', funnel_id })).status).toBe(409)
  expect((await ask('POST', '/videos', { funnel_id, video_id: video.video_id })).body).toMatchObject({
    error: { code: 'already_exists' },
  })
  expect((await ask('POST', '/pages', { funnel_id, kind: 'watch', url: 'https://*' })).status).toBe(422)
  expect((await ask('POST', '/pages', { funnel_id: 'nobodys', kind: 'watch' })).status).toBe(422)
})

test('a view of a page that is a funnel’s is a step in it, with its stage', async () => {
  const { funnel_id } = await school('Cake school', 'cake.example')
  await send(page('cake-1', 'https://cake.example/about'), page('cake-1', 'http://www.cake.example/watch/one?utm_source=x#top'))
  await expect
    .poll(async () => (await eventsOf('cake-1')).map(({ event }) => event))
    .toEqual(['page_viewed', 'page_viewed', 'watch_page_viewed'])
  expect((await eventsOf('cake-1')).at(-1)!.properties).toMatchObject({ funnel_id, url: expect.stringContaining('/watch/one') })
  await send(
    { event: 'registration', anonymousId: 'cake-1', properties: { email: 'cake@example.com' } },
    page('cake-1', 'https://cake.example/offer'),
  )
  const contact = (await ask<{ data: { stage: string }[] }>('GET', '/contacts?email=cake@example.com')).body.data[0]!
  expect(contact.stage).toBe('offer_viewed')
})

test('a page that belongs to two funnels is a step in both, and is counted once in each when it comes twice', async () => {
  const one = await school('Pie school', 'pie.example')
  const { funnel_id } = (await ask<Funnel>('POST', '/funnels', { name: 'Tart school' })).body
  await ask('POST', '/pages', { funnel_id, kind: 'watch', url: 'pie.example/watch/two' })
  const view = page('pie-1', 'https://pie.example/watch/two', { messageId: 'the same' })
  await send(view)
  await send(view)
  const steps = (await eventsOf('pie-1')).filter(({ event }) => event === 'watch_page_viewed')
  expect(steps.map(({ properties }) => properties.funnel_id).sort()).toEqual([one.funnel_id, funnel_id].sort())
})

test('what a video or a page says is of its funnel, and what names one stays where it is', async () => {
  const { funnel_id, watch } = await school('Bun school', 'bun.example')
  await send(
    { event: 'video_started', anonymousId: 'bun-1', properties: { video_id: 'bun.example-video' } },
    { event: 'offer_clicked', anonymousId: 'bun-1', properties: { page_id: watch.page_id } },
    { event: 'registration', anonymousId: 'bun-1', context: { page: { url: 'https://bun.example/watch/live' } } },
    { event: 'video_started', anonymousId: 'bun-1', properties: { video_id: 'bun.example-video', funnel_id: 'elsewhere' } },
    { event: 'loaf_baked', anonymousId: 'bun-1', properties: { video_id: 'bun.example-video' } },
    { event: 'video_started', anonymousId: 'bun-1', properties: { video_id: 'unknown' } },
  )
  expect((await eventsOf('bun-1')).map(({ properties }) => properties.funnel_id)).toEqual([
    funnel_id,
    funnel_id,
    funnel_id,
    'elsewhere',
    undefined,
    undefined,
  ])
})

test('what is earned in a funnel is in its currency, when the event names none', async () => {
  const { id, funnel_id } = await school('Franc school', 'franc.example')
  await ask('PATCH', `/funnels/${id}`, { currency: 'CHF' })
  const bought = (order_id: string, more: object) => ({
    event: 'purchase_completed',
    anonymousId: 'franc-1',
    properties: { order_id, amount: 10, ...more },
  })
  await send(
    bought('named', { funnel_id }),
    bought('empty', { funnel_id, currency: '' }),
    bought('own', { funnel_id, currency: 'USD' }),
    bought('no currency', { funnel_id, currency: 'francs' }),
    bought('elsewhere', { funnel_id: 'elsewhere' }),
    { ...bought('by page', {}), context: { page: { url: 'https://franc.example/offer' } } },
  )
  const rows = await fresh.database.system<{ order_id: string; currency: string }[]>`
    select order_id, currency from conversions where workspace_id = ${fresh.workspace_id} and order_id is not null`
  const [workspace] = await fresh.database.system<
    { currency: string }[]
  >`select currency from workspaces where id = ${fresh.workspace_id}`
  expect(Object.fromEntries(rows.map(row => [row.order_id, row.currency]))).toEqual({
    named: 'CHF',
    empty: 'CHF',
    own: 'USD',
    'no currency': 'XXX',
    elsewhere: workspace!.currency,
    'by page': 'CHF',
  })
})

test('a funnel that is deleted takes its pages and videos along and leaves what happened', async () => {
  const { id, funnel_id, watch } = await school('Roll school', 'roll.example')
  await send(page('roll-1', 'https://roll.example/watch/1'))
  const removals = await Promise.all(Array.from({ length: 5 }, () => ask('DELETE', `/pages/${watch.id}`)))
  expect(removals.map(({ status }) => status).sort()).toEqual([204, 404, 404, 404, 404])
  expect((await ask('DELETE', `/funnels/${id}`)).status).toBe(204)
  expect((await ask('GET', `/funnels/${id}`)).status).toBe(404)
  expect((await ask<{ data: FunnelVideo[] }>('GET', '/videos')).body.data.filter(video => video.funnel_id === funnel_id)).toEqual(
    [],
  )
  expect((await eventsOf('roll-1')).at(-1)).toMatchObject({ event: 'watch_page_viewed', properties: { funnel_id } })
})

test('addresses are compared without scheme, www, query and the slash at the end', () => {
  expect(bareAddress('HTTPS://WWW.Bread.example/Watch/?a=1#b')).toBe('bread.example/Watch')
  const fits: [string, string, boolean][] = [
    ['bread.example/watch', 'https://bread.example/watch/', true],
    ['bread.example/watch', 'https://bread.example/watching', false],
    ['bread.example/*/offer', 'https://bread.example/en/us/offer', true],
    ['bread.example/*/offer', 'https://bread.example/offer', false],
    ['*.bread.example/watch*', 'https://a.bread.example/watch-it', true],
    ['*watch*watch*', 'https://bread.example/watch', false],
    ['bread.example/a*a', 'https://bread.example/a', false],
    [`${'*a'.repeat(50)}b`, `https://x/${'a'.repeat(5000)}`, false],
  ]
  for (const [pattern, url, expected] of fits)
    expect([pattern, url, matchesAddress(pattern, bareAddress(url))]).toEqual([pattern, url, expected])
})
