import { beforeAll, expect, test } from 'vitest'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { basic, batch, bearer, identify, page, sally, track, traitsOf } from '../../test/people.ts'

let fresh: FreshApp
beforeAll(async () => {
  fresh = await freshApp()
})

type Entry = { kind: string; id: number; name: string; at: string; distinct_id: string | null }
type List = { data: Entry[]; next_cursor: string | null }

const get = async <T>(url: string) =>
  (await fresh.app.inject({ url: `/api/v1${url}`, headers: bearer(fresh.secret_key) })).json<T>()
const send = (...messages: object[]) =>
  fresh.app.inject({ method: 'POST', url: '/v1/batch', headers: basic(fresh.write_key), payload: batch(...messages) })
const before = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString()

const pages = async (id: number, query: string) => {
  const found: Entry[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const list: List = await get(`/contacts/${id}/timeline?${query}${cursor && `&cursor=${cursor}`}`)
    found.push(...list.data)
    cursor = list.next_cursor
  }
  return found
}

let id: number
beforeAll(async () => {
  await send(
    page('Home', { anonymousId: sally.laptop, timestamp: before(300) }),
    page('Home', { anonymousId: sally.mobile, timestamp: before(200) }),
    track('video_started', { anonymousId: sally.mobile, timestamp: before(100) }),
    // Four of one moment, as batches of real clients have them.
    ...['a', 'b', 'c', 'd'].map(name =>
      track(name, { anonymousId: sally.laptop, timestamp: before(50).replace(/\.\d+Z/, '.000Z') }),
    ),
  )
  await send(identify({ anonymousId: sally.laptop, userId: sally.user_id, traits: traitsOf(sally), timestamp: before(20) }))
  await send(identify({ anonymousId: sally.mobile, userId: sally.user_id, timestamp: before(10) }))
  id = (await get<{ data: { id: number }[] }>(`/contacts?email=${sally.email}`)).data[0]!.id
})

test('holds what the person did on every device, before they were known too, and what was changed about them', async () => {
  const { data } = await get<List>(`/contacts/${id}/timeline`)
  const names = data.map(entry => entry.name)
  expect(names.filter(name => !name.startsWith('contact.')).sort()).toEqual(
    ['a', 'b', 'c', 'd', 'identify', 'identify', 'page_viewed', 'page_viewed', 'video_started'].sort(),
  )
  expect(names).toEqual(expect.arrayContaining(['contact.created', 'contact.became_member']))
  const times = data.map(entry => entry.at)
  expect(times).toEqual([...times].sort().reverse())
  expect(new Set(data.map(entry => entry.distinct_id))).toEqual(new Set([sally.laptop, sally.mobile, sally.user_id, null]))
})

test.each([1, 2, 3, 5])('gives each entry exactly once in pages of %i, also of one moment', async limit => {
  const all = (await get<List>(`/contacts/${id}/timeline?limit=200`)).data.map(entry => `${entry.kind} ${entry.id}`)
  expect((await pages(id, `limit=${limit}`)).map(entry => `${entry.kind} ${entry.id}`)).toEqual(all)
})

test('shows only events, only activities, or only those of one name', async () => {
  expect(new Set((await pages(id, 'kind=event&limit=2')).map(entry => entry.kind))).toEqual(new Set(['event']))
  expect(new Set((await pages(id, 'kind=activity')).map(entry => entry.kind))).toEqual(new Set(['activity']))
  expect((await pages(id, 'name=page_viewed&limit=1')).map(entry => entry.name)).toEqual(['page_viewed', 'page_viewed'])
})

test('of a contact that nobody has is not found', async () => {
  const response = await fresh.app.inject({ url: '/api/v1/contacts/1/timeline', headers: bearer(fresh.secret_key) })
  expect(response.statusCode).toBe(404)
})

test('lists the devices of the contact', async () => {
  const { data } = await get<{ data: { distinct_id: string }[] }>(`/contacts/${id}/visitors`)
  expect(data.map(visitor => visitor.distinct_id).sort()).toEqual([sally.laptop, sally.mobile, sally.user_id].sort())
})
