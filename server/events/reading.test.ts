import { beforeAll, expect, test } from 'vitest'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { basic, batch, bearer, identify, john, sally, track, traitsOf } from '../../test/people.ts'

let fresh: FreshApp
beforeAll(async () => {
  fresh = await freshApp()
  await fresh.listen()
})

type Event = { id: number; event: string; distinct_id: string; contact_id: number | null; visitor_id: number }
type List = { data: Event[]; next_cursor: string | null }

const get = async <T = List>(url: string, key = fresh.secret_key) =>
  (await fresh.app.inject({ url: `/api/v1${url}`, headers: bearer(key) })).json<T>()
const send = (messages: object[], key = fresh.write_key) =>
  fresh.app.inject({ method: 'POST', url: '/v1/batch', headers: basic(key), payload: batch(...messages) })

test('lists what arrived last first, late events too, and follows along from an id', async () => {
  await send([track('one', { anonymousId: sally.laptop }), track('two', { anonymousId: john.laptop })])
  const late = new Date(Date.now() - 3_600_000).toISOString()
  await send([track('late', { anonymousId: sally.laptop, timestamp: late })])
  const first = await get('/events?limit=2')
  expect(first.data.map(event => event.event)).toEqual(['late', 'two'])
  const rest = await get(`/events?limit=2&cursor=${first.next_cursor}`)
  expect(rest).toMatchObject({ data: [{ event: 'one' }], next_cursor: null })
  expect((await get(`/events?after_id=${first.data[1]!.id}`)).data.map(event => event.event)).toEqual(['late'])
})

test('filters by name, distinct_id, visitor and contact, with pages', async () => {
  await send([identify({ anonymousId: sally.laptop, userId: sally.user_id, traits: traitsOf(sally) })])
  const { contact_id, visitor_id } = (await get(`/events?distinct_id=${sally.laptop}`)).data[0]!
  const names = async (query: string) => (await get(`/events?${query}`)).data.map(event => event.event)
  expect(await names('event=two')).toEqual(['two'])
  expect(await names(`distinct_id=${sally.laptop}`)).toEqual(['one', 'late'])
  expect(await names(`visitor_id=${visitor_id}`)).toEqual(['one', 'late'])
  expect(await names(`contact_id=${contact_id}`)).toEqual(['identify', 'one', 'late'])
  expect(await names(`contact_id=${contact_id}&event=late`)).toEqual(['late'])
  expect(await names('distinct_id=nobody')).toEqual([])
  const first = await get(`/events?contact_id=${contact_id}&limit=2`)
  expect(
    (await get(`/events?contact_id=${contact_id}&limit=2&cursor=${first.next_cursor}`)).data.map(event => event.event),
  ).toEqual(['late'])
})

test('an event keeps its distinct_id and is shown with the contact of today', async () => {
  const { data } = await get('/events?event=one')
  expect(data).toMatchObject([{ distinct_id: sally.laptop, contact_id: expect.any(Number) }])
})

test('counts the names, and keeps what was refused with the reason', async () => {
  await send([{ type: 'track', anonymousId: 'x' }])
  const { data: names } = await get<{ data: { event: string; events: number }[] }>('/events/names')
  expect(Object.fromEntries(names.map(({ event, events }) => [event, events]))).toMatchObject({
    one: 1,
    two: 1,
    late: 1,
    identify: 1,
  })
  const { data: refusals } = await get<{ data: object[] }>('/events/refusals')
  expect(refusals).toMatchObject([{ code: 'missing_event_name', body: expect.stringContaining('anonymousId') }])
})

test('visitors: the newest visit first, by the beginning of a distinct_id, anonymous or not', async () => {
  type Visitors = { data: { id: number; distinct_id: string }[]; next_cursor: string | null }
  const ids = async (query: string) => (await get<Visitors>(`/visitors?${query}`)).data.map(visitor => visitor.distinct_id)
  const all = await ids('limit=200')
  expect(all).toHaveLength(3)
  const first = await get<Visitors>('/visitors?limit=1')
  const second = await get<Visitors>(`/visitors?limit=200&cursor=${first.next_cursor}`)
  expect([...first.data, ...second.data].map(visitor => visitor.distinct_id)).toEqual(all)
  expect(await ids(`q=${john.laptop.slice(0, 12)}`)).toEqual([john.laptop])
  expect(await ids('q=%25')).toEqual([])
  expect(await ids('anonymous=true')).toEqual([john.laptop])
  expect((await ids('anonymous=false')).sort()).toEqual([sally.laptop, sally.user_id].sort())
  expect(await ids(`distinct_id=${john.laptop}`)).toEqual([john.laptop])
  const one = first.data[0]!
  expect(await get(`/visitors/${one.id}`)).toMatchObject({ distinct_id: one.distinct_id })
  expect((await get(`/visitors/${one.id}/events?limit=1`)).data).toHaveLength(1)
})

test('set-up tells the snippet and whether anything came', async () => {
  const quiet = await fresh.another()
  expect(await get('/setup', quiet.secret_key)).toMatchObject({
    write_key: quiet.write_key,
    first_event_at: null,
    last_event_at: null,
    events_last_hour: 0,
    contacts: 0,
  })
  const busy = await get<{ snippet: string; events_last_hour: number; contacts: number }>('/setup')
  expect(busy).toMatchObject({ events_last_hour: 4, contacts: 1 })
  expect(busy.snippet).toContain(`data-write-key="${fresh.write_key}"`)
})

test('live: events and refusals of this workspace and no other arrive as they are stored', async () => {
  const other = await fresh.another()
  const stop = new AbortController()
  const response = await fetch(`${fresh.url}/api/v1/live`, { headers: bearer(fresh.secret_key), signal: stop.signal })
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  let text = ''
  const reading = (async () => {
    for await (const chunk of response.body!) text += Buffer.from(chunk).toString('utf8')
  })().catch(() => {})
  await expect.poll(() => text).toContain('retry:')
  await send([track('secret', { anonymousId: 'x' })], other.write_key)
  await send([track('seen', { anonymousId: sally.laptop }), { type: 'track', anonymousId: 'y' }])
  await expect.poll(() => text).toContain('event: refusal')
  const seen = text.split('\n').find(line => line.includes('"event":"seen"'))
  expect(JSON.parse(seen!.slice('data: '.length))).toMatchObject({ event: 'seen', distinct_id: sally.laptop, properties: {} })
  expect(text).not.toContain('secret')
  expect(text).not.toContain('"one"')
  stop.abort()
  await reading
})

test('live needs a key or a session, and the server can end while somebody watches', async () => {
  const alone = await freshApp()
  await alone.listen()
  expect((await fetch(`${alone.url}/api/v1/live`)).status).toBe(401)
  const response = await fetch(`${alone.url}/api/v1/live`, { headers: bearer(alone.secret_key) })
  const text = response.text()
  await new Promise(resolve => setTimeout(resolve, 200))
  await alone.close()
  expect(await text).toContain('retry:')
})
