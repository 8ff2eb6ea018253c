import { beforeAll, expect, test } from 'vitest'
import type { ContactJourney, ContactJourneys } from '../../shared/contact-journey.ts'
import type { Contact } from '../../shared/contacts.ts'
import type { Funnel } from '../../shared/funnels.ts'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { asking } from '../../test/asking.ts'
import { basic, batch, track } from '../../test/people.ts'

let fresh: FreshApp
let bread: string
let cake: string
beforeAll(async () => {
  fresh = await freshApp()
  fresh.work()
  bread = (await api<Funnel>('POST', '/funnels', { name: 'Bread school', confirm_email: true })).funnel_id
  cake = (await api<Funnel>('POST', '/funnels', { name: 'Cake school', goal: 'call' })).funnel_id
  await api('POST', '/videos', { funnel_id: bread, video_id: 'loaf', title: 'Your first loaf' })
})

const { ask: api } = asking(() => fresh)

const NOW = Date.now()
const ago = (hours: number) => new Date(NOW - hours * 3_600_000).toISOString()

async function send(device: string, ...events: [event: string, hours_ago: number, properties: object][]) {
  const messages = events.map(([event, hours, properties]) =>
    track(event, { anonymousId: device, timestamp: ago(hours), properties: { ...properties } }),
  )
  const payload = batch(...messages)
  const answer = await fresh.app.inject({ method: 'POST', url: '/v1/batch', headers: basic(fresh.write_key), payload })
  expect(answer.json()).toEqual({ success: true })
}

const contactOf = async (email: string) => (await api<{ data: Contact[] }>('GET', `/contacts?email=${email}`)).data[0]!
const journeysOf = async (email: string) =>
  (await api<ContactJourneys>('GET', `/contacts/${(await contactOf(email)).id}/journey`)).data

/** The journeys, as soon as they are as far as that. */
async function arrived(email: string, is_there: (journeys: ContactJourney[]) => boolean) {
  await expect.poll(async () => is_there(await journeysOf(email))).toBe(true)
  return journeysOf(email)
}

const reached = ({ steps }: ContactJourney) => steps.filter(({ at }) => at !== null).map(({ step, at }) => [step, at])

test('a contact shows how far they came in each funnel, when, and where they stopped', async () => {
  await send(
    'maya laptop',
    ['registration', 90, { email: 'maya@example.com', funnel_id: bread }],
    ['video_started', 80, { funnel_id: bread, video_id: 'loaf' }],
    ['video_progress', 79, { funnel_id: bread, video_id: 'loaf', watch_percentage: 50, seconds_watched: 60 }],
    ['registration', 50, { email: 'maya@example.com', funnel_id: cake }],
    ['purchase_completed', 49, { amount: 5, funnel_id: cake }],
    ['call_booked', 48, { booking_id: 'c', funnel_id: cake }],
  )
  // On another device, where she went on.
  await send(
    'maya phone',
    ['video_started', 60, { funnel_id: bread, video_id: 'extra' }],
    ['enrollment_viewed', 70, { funnel_id: bread }],
    ['registration', 85, { email: 'maya@example.com', funnel_id: bread }],
    ['video_replayed', 65, { funnel_id: bread, video_id: 'loaf', seconds_watched: 10 }],
  )
  const [latest, earlier, ...more] = await arrived(
    'maya@example.com',
    all => all[0]?.steps.at(-1)?.at != null && all[1]?.videos.length === 2,
  )
  expect(more).toEqual([])
  expect(latest).toMatchObject({ funnel_id: cake, name: 'Cake school', stopped: null, videos: [], confirmation_asked_at: null })
  expect(reached(latest!)).toEqual([
    ['registered', ago(50)],
    ['converted', ago(48)],
  ])
  expect(earlier).toMatchObject({ funnel_id: bread, watch_percentage: 50, stopped: { after: 'offer_viewed', at: ago(60) } })
  expect(reached(earlier!)).toEqual([
    ['registered', ago(90)],
    ['viewed', ago(80)],
    ['watched_25', ago(79)],
    ['watched_50', ago(79)],
    ['offer_viewed', ago(70)],
  ])
  expect(earlier!.videos).toMatchObject([
    { video_id: 'loaf', title: 'Your first loaf', watch_percentage: 50, seconds_watched: 70, replays: 1 },
    { video_id: 'extra', title: null, watch_percentage: 0, seconds_watched: 0, replays: 0 },
  ])
})

test('it says whether the address was confirmed', async () => {
  await send('rosa', ['registration', 0, { email: 'rosa@example.com', funnel_id: bread }])
  const [asked] = await arrived('rosa@example.com', all => all[0]?.confirmation_asked_at != null)
  expect(asked!.confirmed_at).toBeNull()
  await send('rosa', ['registration_confirmed', 0, { funnel_id: bread }])
  await arrived('rosa@example.com', all => all[0]?.confirmed_at != null)
})

test('of whoever was in no funnel there is one journey, of everything; of whoever did nothing there is none', async () => {
  await send('ida', ['registration', 2, { email: 'ida@example.com' }], ['enrollment_viewed', 1, {}])
  const [only, ...more] = await arrived('ida@example.com', all => all[0]?.stopped?.after === 'offer_viewed')
  expect([only!.funnel_id, only!.name, more]).toEqual([null, null, []])
  const { id } = await api<Contact>('POST', '/contacts', { email: 'nobody@example.com' })
  expect(await api('GET', `/contacts/${id}/journey`)).toEqual({ data: [] })
})

test('a merge joins the journeys, and undoing it parts them', async () => {
  await send('one', ['registration', 5, { email: 'one@example.com', funnel_id: bread }])
  await send(
    'two',
    ['registration', 4, { email: 'two@example.com', funnel_id: bread }],
    ['enrollment_viewed', 3, { funnel_id: bread }],
  )
  await arrived('two@example.com', all => all[0]?.stopped?.after === 'offer_viewed')
  const [winner, loser] = [await contactOf('one@example.com'), await contactOf('two@example.com')]
  const merge = await api<{ id: number }>('POST', `/contacts/${winner.id}/merge`, { other_id: loser.id, force: true })
  await expect
    .poll(async () => (await api<ContactJourneys>('GET', `/contacts/${winner.id}/journey`)).data[0]?.stopped?.after)
    .toBe('offer_viewed')
  // Asked for the one that is a part now, the whole answers.
  const { data } = await api<ContactJourneys>('GET', `/contacts/${loser.id}/journey`)
  expect(reached(data[0]!)).toEqual([
    ['registered', ago(5)],
    ['offer_viewed', ago(3)],
  ])
  await api('POST', `/merges/${merge.id}/undo`)
  const stoppedAfter = async ({ id }: Contact) =>
    (await api<ContactJourneys>('GET', `/contacts/${id}/journey`)).data[0]?.stopped?.after
  await expect.poll(async () => [await stoppedAfter(winner), await stoppedAfter(loser)]).toEqual(['registered', 'offer_viewed'])
})
