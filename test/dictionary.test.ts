import { beforeAll, describe, expect, test } from 'vitest'
import { relay } from '../server/activities/relay.ts'
import { followAll } from '../server/journeys/follow.ts'
import { noticeJourneys } from '../server/journeys/notice.ts'
import { tellEndpoints } from '../server/webhooks/tell.ts'
import type { Contact } from '../shared/contacts.ts'
import { type FreshApp, freshApp } from './app.ts'
import { basic, batch, bearer, track } from './people.ts'

// Every name of the funnel's dictionary, and everything that clients may send wrongly under one: what contacts, journeys and webhooks
// make of it.

/** Of the dictionary, what is told to those alone that ask for it by name, as events of one's own are. */
const ASKED_FOR_BY_NAME = [
  'registration_confirmed', 'registration_page_viewed', 'watch_page_viewed', 'video_completed', 'video_replayed', 'offer_clicked',
  'purchase_initiated', 'email_opened', 'email_clicked', 'sms_replied', 'page_shared',
] // biome-ignore format: one word after the other

let fresh: FreshApp
let endpoint_id: number
beforeAll(async () => {
  fresh = await freshApp()
  const { database, workspace_id } = fresh
  const events = ['funnel.*', ...ASKED_FOR_BY_NAME]
  const [row] = await database.system<{ id: number }[]>`
    with added as (
      insert into endpoints (workspace_id, name, url, events, state)
      values (${workspace_id}, 'Receiver', 'https://receiver.example', ${events}, 'active')
      returning workspace_id, id
    )
    insert into endpoint_turns (workspace_id, endpoint_id) select workspace_id, id from added returning endpoint_id as id`
  endpoint_id = row!.id
})

const NOW = Date.now()
type Event = [event: string, properties?: Record<string, unknown>, minutes_ago?: number, messageId?: string]

/** Events of one device, one after the other a second apart unless they say when. */
async function happen(name: string, events: Event[]) {
  const messages = events.map(([event, properties = {}, minutes_ago, messageId], k) =>
    track(event, {
      anonymousId: `device of ${name}`,
      properties: { funnel_id: 'school', ...properties },
      timestamp: new Date(NOW - (minutes_ago ?? 30) * 60_000 + k * 1000).toISOString(),
      ...(messageId && { messageId }),
    }),
  )
  const headers = basic(fresh.write_key)
  for (const one of messages) {
    const answer = await fresh.app.inject({ method: 'POST', url: '/v1/batch', headers, payload: batch(one) })
    expect(answer.json()).toEqual({ success: true })
  }
  const readers = { webhooks: tellEndpoints, journeys: noticeJourneys }
  const log = { warn: () => {}, error: (details: object) => expect.fail(JSON.stringify(details)) }
  while (await relay(fresh.database.system, readers, log));
  while (await followAll(fresh.database.system));
}

const register = (name: string): Event => ['registration', { email: `${name}@example.com` }]

async function contactOf(name: string): Promise<Contact> {
  const answer = await fresh.app.inject({ url: `/api/v1/contacts?email=${name}@example.com`, headers: bearer(fresh.secret_key) })
  return answer.json<{ data: Contact[] }>().data[0]!
}

/** What is sent about a person, in the order in which it is. */
async function toldOf(name: string) {
  const rows = await fresh.database.system<{ payload: string }[]>`
    select m.payload
      from deliveries d
      join webhook_messages m on m.workspace_id = d.workspace_id and m.id = d.message_id
     where d.workspace_id = ${fresh.workspace_id} and d.endpoint_id = ${endpoint_id}
     order by d.id`
  const bodies = rows.map(
    row => JSON.parse(row.payload) as { event: string; contact: Contact | null; data: Record<string, unknown> },
  )
  return bodies.filter(({ contact }) => contact?.email === `${name}@example.com`)
}

const journeyOf = async (name: string) =>
  (
    await fresh.database.system<Record<string, unknown>[]>`
      select p.*
        from person_funnels p
        join contacts c on c.workspace_id = p.workspace_id and -c.id = p.person
       where p.workspace_id = ${fresh.workspace_id} and p.funnel_id = 'school' and c.email = ${`${name}@example.com`}`
  )[0]!

describe('each name of the dictionary arrives, is counted, and takes a person where it says', () => {
  const NAMES: [event: string, stage: Contact['stage'], step: string | null][] = [
    ['registration', 'lead', 'registered_at'],
    ['registration_confirmed', 'lead', 'confirmed_at'],
    ['registration_page_viewed', 'lead', 'registration_viewed_at'],
    ['watch_page_viewed', 'lead', 'viewed_at'],
    ['video_started', 'engaged', 'viewed_at'],
    ['video_progress', 'engaged', 'viewed_at'],
    ['video_completed', 'engaged', 'watched_100_at'],
    ['video_replayed', 'engaged', 'viewed_at'],
    ['enrollment_viewed', 'offer_viewed', 'offer_viewed_at'],
    ['offer_clicked', 'lead', 'offer_clicked_at'],
    ['purchase_initiated', 'lead', 'checkout_at'],
    ['purchase_completed', 'converted', null],
    ['call_booked', 'converted', null],
    ['email_opened', 'lead', null],
    ['email_clicked', 'lead', null],
    ['sms_replied', 'lead', null],
    ['page_shared', 'lead', null],
    ['loaf_baked', 'lead', null],
  ]
  test.each(NAMES)('%s: %s', async (event, stage, step) => {
    const name = event.replaceAll('_', '-')
    await happen(name, [register(name), [event, { watch_percentage: 25, amount: 10, booking_id: name, order_id: name }]])
    expect((await contactOf(name)).stage).toBe(stage)
    if (step) expect((await journeyOf(name))[step], step).toBeInstanceOf(Date)
    const [count] = await fresh.database.system<{ events: number }[]>`
      select sum(events)::int as events from event_counts where workspace_id = ${fresh.workspace_id} and event = ${event}`
    expect(count!.events).toBeGreaterThan(0)
    const told = (await toldOf(name)).map(body => body.event)
    expect(told[0]).toBe('registration')
    const name_told = /purchase_completed|call_booked/.test(event) ? 'conversion' : event
    expect(told.includes(name_told)).toBe(event !== 'loaf_baked')
  })
})

describe('watching', () => {
  const WATCHED: [name: string, said: unknown[], highest: number, told: number[]][] = [
    ['going backwards keeps the highest', [75, 25, 50], 75, [75, 25, 50]],
    ['out of order', [100, 25], 100, [100, 25]],
    ['above a hundred is a hundred', [150, 1e300], 100, [100, 100]],
    ['below nothing is nothing', [-20, '-1'], 0, []],
    ['text is a number or nothing', ['50', 'fifty', '75%', '', '  '], 50, [50]],
    ['what is no number is nothing', [null, [75], { a: 1 }, true, undefined, 'NaN', 'Infinity'], 0, []],
    ['between the quarters nobody is told', [24.99, 26, 74], 74, []],
  ]
  test.each(WATCHED)('%s', async (name, said, highest, told) => {
    const person = name.replaceAll(' ', '-')
    await happen(person, [register(person), ...said.map((watch_percentage): Event => ['video_progress', { watch_percentage }])])
    expect(await contactOf(person)).toMatchObject({ stage: 'engaged', watch_percentage: highest })
    expect(await journeyOf(person)).toMatchObject({ watch_percentage: highest })
    const progress = (await toldOf(person)).filter(({ event }) => event === 'video_progress')
    expect(progress.map(({ data }) => data.watch_percentage)).toEqual(told)
  })

  test('a milestone that is sent again with its message id is told once; the time of a step is the earliest', async () => {
    await happen('twice', [
      register('twice'),
      ['video_progress', { watch_percentage: 50 }, 10, 'half'],
      ['video_progress', { watch_percentage: 50 }, 10, 'half'],
      ['video_progress', { watch_percentage: 25 }, 20],
    ])
    const progress = (await toldOf('twice')).filter(({ event }) => event === 'video_progress')
    expect(progress.map(({ data }) => data.watch_percentage)).toEqual([25, 50])
    const { watched_25_at, watched_50_at } = await journeyOf('twice')
    expect((watched_50_at as Date).getTime() - (watched_25_at as Date).getTime()).toBe(10 * 60_000 - 2000)
  })

  test('seconds and replays are kept for each video', async () => {
    await happen('seconds', [
      register('seconds'),
      ['video_started', { video_id: 'a', seconds_watched: 0 }],
      ['video_progress', { video_id: 'a', watch_percentage: 50, seconds_watched: 120 }],
      ['video_progress', { video_id: 'a', watch_percentage: 25, seconds_watched: 60 }],
      ['video_completed', { video_id: 'a', seconds_watched: -5 }],
      ['video_replayed', { video_id: 'a', seconds_watched: 'long' }],
      ['video_replayed', { video_id: 'a' }],
      ['video_progress', { video_id: 'b', watch_percentage: 10, seconds_watched: '30' }],
    ])
    const videos = await fresh.database.system`
      select w.video_id, w.watch_percentage, w.seconds_watched, w.replays
        from visitor_videos w
        join visitors v on v.workspace_id = w.workspace_id and v.id = w.visitor_id
       where w.workspace_id = ${fresh.workspace_id} and v.distinct_id = 'device of seconds'
       order by w.video_id`
    expect([...videos]).toEqual([
      { video_id: 'a', watch_percentage: 100, seconds_watched: 120, replays: 2 },
      { video_id: 'b', watch_percentage: 10, seconds_watched: 30, replays: 0 },
    ])
  })
})

describe('purchases', () => {
  test('with a negative, a missing or an unreadable amount count, and are worth nothing', async () => {
    await happen('odd', [
      register('odd'),
      ['purchase_completed', { amount: -5 }],
      ['purchase_completed', {}],
      ['purchase_completed', { amount: 'a lot' }],
      ['purchase_completed', { amount: '19.90' }],
    ])
    expect(await contactOf('odd')).toMatchObject({ stage: 'converted', conversion_count: 4, lifetime_value: 19.9 })
    const told = (await toldOf('odd')).filter(({ event }) => event === 'conversion')
    expect(told.map(({ data }) => data.amount)).toEqual([0, 0, 0, 19.9])
  })

  test('in two currencies are summed in that of the workspace alone', async () => {
    const [workspace] = await fresh.database.system<{ currency: string }[]>`
      select currency from workspaces where id = ${fresh.workspace_id}`
    await happen('two', [
      register('two'),
      ['purchase_completed', { amount: 10, currency: workspace!.currency }],
      ['purchase_completed', { amount: 20, currency: 'JPY' }],
      ['purchase_completed', { amount: 40, currency: 'florins' }],
    ])
    expect(await contactOf('two')).toMatchObject({ conversion_count: 3, lifetime_value: 10 })
  })
})

describe('in any order', () => {
  test('what happened before the registration counts as soon as it is known whose it was', async () => {
    await happen('early', [['enrollment_viewed', {}, 300], ['video_progress', { watch_percentage: 75 }, 400], register('early')])
    const contact = await contactOf('early')
    expect(contact).toMatchObject({ stage: 'offer_viewed', watch_percentage: 75 })
    expect(Date.parse(contact.engaged_at!)).toBeLessThan(Date.parse(contact.offer_viewed_at!))
    expect(Date.parse(contact.offer_viewed_at!)).toBeLessThan(Date.parse(contact.registered_at!))
    expect(await journeyOf('early')).toMatchObject({ watched_75_at: expect.any(Date), offer_viewed_at: expect.any(Date) })
  })

  test('a stage is never taken back, whatever comes later', async () => {
    await happen('back', [
      ['purchase_completed', { amount: 1 }],
      register('back'),
      ['enrollment_viewed'],
      ['video_started'],
      register('back'),
    ])
    expect((await contactOf('back')).stage).toBe('converted')
  })
})
