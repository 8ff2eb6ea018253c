import { beforeAll, describe, expect, test } from 'vitest'
import { type FreshApp, freshApp } from '../test/app.ts'
import { basic, bearer } from '../test/people.ts'
import { relay } from './activities/relay.ts'
import { attribute } from './attribution/attribute.ts'
import { noticeLateVisits } from './attribution/notice.ts'
import { makeLead } from './conversions/leads.fixture.ts'
import { open } from './database/connect.ts'
import { type Random, randomOf } from './demo/random.ts'
import { followAll } from './journeys/follow.ts'
import { noticeJourneys } from './journeys/notice.ts'
import { rebuildAll } from './rebuild.ts'
import { catchUp as catchUpSegments } from './segments/catch-up.fixture.ts'

const NOTHING = {
  visitors: 0,
  people: 0,
  contacts: 0,
  search_words: 0,
  event_counts: 0,
  leads: 0,
  conversion_days: 0,
  conversion_quarters: 0,
  workspaces: 0,
  lead_days: 0,
  stage_counts: 0,
  appointment_days: 0,
  segment_members: 0,
  segments: 0,
  visitor_journeys: 0,
  journeys: 0,
  funnel_analytics: 0,
  attributions: 0,
  attribution_days: 0,
  source_days: 0,
}
const BEGIN = Date.parse('2026-01-28T00:00:00Z')

describe.each(['one', 'two', 'three'])('after the random history %s', seed => {
  let fresh: FreshApp
  beforeAll(async () => {
    fresh = await freshApp()
    await live(fresh, randomOf('history', seed))
  })

  test('rebuilding finds nothing wrong and changes nothing', async () => {
    const before = await derived(fresh)
    expect(await rebuildAll(fresh.database)).toEqual(NOTHING)
    expect(await derived(fresh)).toEqual(before)
  })

  test('what waits to be summed up is not called wrong', async () => {
    const { system } = fresh.database
    const event = {
      type: 'track',
      event: 'video_replayed',
      anonymousId: 'device-1',
      messageId: `late ${seed}`,
      timestamp: new Date(),
    }
    const headers = basic(fresh.write_key)
    await fresh.app.inject({ method: 'POST', url: '/v1/batch', payload: { batch: [event] }, headers })
    while (await relay(system, { journeys: noticeJourneys }));
    expect(await system`select from journey_batches`).not.toHaveLength(0)
    expect(await rebuildAll(fresh.database)).toEqual(NOTHING)
    expect(await system`select from journey_batches`).toHaveLength(0)
  })

  test('whatever is damaged, rebuilding makes it exactly as it was', async () => {
    const before = await derived(fresh)
    await damage(fresh)
    const broken = await derived(fresh)
    for (const table of Object.keys(before) as (keyof typeof before)[]) expect(broken[table], table).not.toEqual(before[table])
    const wrong = await rebuildAll(fresh.database)
    for (const kind of Object.keys(NOTHING)) expect(wrong[kind], kind).toBeGreaterThan(0)
    expect(await derived(fresh)).toEqual(before)
    expect(await rebuildAll(fresh.database)).toEqual(NOTHING)
  })
})

test('one workspace is rebuilt without a look at the others', async () => {
  const fresh = await freshApp()
  const other = await fresh.another()
  await live(fresh, randomOf('own'))
  await live({ ...fresh, ...other }, randomOf('other'))
  await fresh.database.system`update visitors set event_count = 0`
  const { visitors } = await rebuildAll(fresh.database, { workspace_id: other.workspace_id })
  expect(visitors).toBeGreaterThan(0)
  const rows = await fresh.database
    .system`select workspace_id, sum(event_count)::int as events from visitors group by 1 order by 1`
  expect(rows.map(row => row.events > 0)).toEqual([false, true])
})

/** Everything that can happen to people, in any order and in batches of any size. */
async function live(fresh: FreshApp, random: Random) {
  let waiting: object[] = []
  for (let step = 0; step < 350; step++) {
    waiting.push(message(random))
    if (random.chance(0.15)) {
      const answer = await fresh.app.inject({
        method: 'POST',
        url: '/v1/batch',
        payload: { batch: waiting },
        headers: basic(fresh.write_key),
      })
      expect(answer.json()).toEqual({ success: true })
      waiting = []
    }
    if (random.chance(0.03)) await undoSomething(fresh, random)
    if (random.chance(0.03)) await mergeSomebody(fresh, random)
    if (random.chance(0.03)) await editSomebody(fresh, random)
    if (random.chance(0.03)) await addLead(fresh, random)
    if (random.chance(0.05)) await sellSomething(fresh, random)
    if (random.chance(0.08)) await meetSomebody(fresh, random)
    if (random.chance(0.05)) await takeBack(fresh, random)
  }
  await follow(fresh)
  await makeSegment(fresh)
}

/** Lets those who follow the log come to its end. */
async function follow({ database: { system } }: FreshApp) {
  while (await relay(system, { journeys: noticeJourneys, late_visits: noticeLateVisits }));
  while (await followAll(system, [attribute]));
}

/** A segment of those who clicked. */
async function makeSegment(fresh: FreshApp) {
  const payload = { name: 'Clicked', rule: { kind: 'event', event: 'clicked', did: 'did' } }
  const made = await fresh.app.inject({ method: 'POST', url: '/api/v1/segments', payload, headers: bearer(fresh.secret_key) })
  expect(made.statusCode).toBe(201)
  await catchUpSegments(fresh.database, fresh.workspace_id)
}

function message(random: Random): object {
  const device = `device-${Math.floor(random.between(0, 25))}`
  const user = `user-${Math.floor(random.between(0, 7))}`
  const email = `${random.pick(['ann', 'ben', 'cem', 'dora', 'eve', 'finn'])}@example.com`
  const at = BEGIN + Math.floor(random.between(0, 400)) * 25 * 60_000 // many at the same moment
  const common = {
    messageId: random.uuid(),
    timestamp: new Date(at).toISOString(),
    ...(random.chance(0.9) && { anonymousId: device }),
    context: {
      userAgent: random.chance(0.06) ? 'Googlebot/2.1' : 'Mozilla/5.0 (X11; Linux x86_64) Firefox/142.0',
      traits: { phone: '+12025550199', nickname: random.pick(['a', 'b']), LastName: random.pick(['Ohm', 'Ulm']) },
      ...(random.chance(0.5) && { page: place(random) }),
    },
  }
  const who = random.chance(0.3) || !common.anonymousId ? { userId: random.chance(0.1) ? 'null' : user } : {}
  const name = { first_name: random.pick(['Ann', 'Ben']), firstName: 'Anna', age: Math.floor(random.between(1, 99)) }
  switch (Math.floor(random.between(0, 8))) {
    case 0:
      return { ...common, type: 'identify', userId: user, traits: { email, url: 'https://a.example/?utm_source=trait', ...name } }
    case 1:
      return { ...common, type: 'alias', userId: random.chance(0.5) ? email : user, previousId: device }
    case 2:
      return {
        ...common,
        ...who,
        type: 'track',
        event: 'registration',
        properties: random.chance(0.5) ? { email, ...name } : name,
      }
    case 3:
      return {
        ...common,
        ...who,
        type: 'track',
        event: 'video_progress',
        properties: { watch_percentage: random.between(0, 120) },
      }
    case 4:
      return {
        ...common,
        ...who,
        type: 'track',
        event: random.pick(['video_completed', 'purchase_completed', 'enrollment_viewed', 'call_booked']),
        properties: {
          amount: random.pick([5, '7.50', 'much']),
          order_id: Math.floor(random.between(0, 9)),
          currency: random.pick(['USD', 'EUR']),
        },
      }
    case 5:
      return {
        ...common,
        ...who,
        type: 'track',
        event: 'clicked',
        properties: { utm_source: random.pick(['x', 'y']), referral_code: 'r' },
      }
    default:
      return { ...common, ...who, type: 'page', name: 'Home', properties: { title: 'Home' } }
  }
}

function place(random: Random) {
  const query = random.pick(['', '?utm_source=google&utm_campaign=spring', '?ref=friend', '?gclid=1', '?utm_medium=mail'])
  return { url: `https://shop.example/${query}`, referrer: random.pick(['', 'https://news.example/', 'https://shop.example/a']) }
}

async function undoSomething(fresh: FreshApp, random: Random) {
  const links = await fresh.database.system<{ id: number }[]>`
    select id from identity_links
     where workspace_id = ${fresh.workspace_id} and outcome in ('linked', 'noop') and revoked_at is null
     order by id`
  if (links.length > 0) await post(fresh, `/identity/links/${random.pick(links).id}/undo`, {})
}

async function mergeSomebody(fresh: FreshApp, random: Random) {
  const merges = await fresh.database.system<{ id: number }[]>`
    select id from contact_merges where workspace_id = ${fresh.workspace_id} and undone_at is null order by id`
  if (merges.length > 0 && random.chance(0.4)) return post(fresh, `/contacts/merges/${random.pick(merges).id}/undo`, {})
  const contacts = await contactsOf(fresh)
  if (contacts.length < 2) return
  const [one, other] = [random.pick(contacts), random.pick(contacts)]
  if (one !== other) await post(fresh, `/contacts/${one}/merge`, { other_id: other, force: true })
}

async function editSomebody(fresh: FreshApp, random: Random) {
  const contacts = await contactsOf(fresh)
  if (contacts.length === 0) return
  await fresh.app.inject({
    method: 'PATCH',
    url: `/api/v1/contacts/${random.pick(contacts)}`,
    payload: {
      last_name: random.pick(['Edited', 'By Hand']),
      properties: { plan: random.pick(['a', 'b']) },
      ...(random.chance(0.5) && { stage: random.pick(['lead', 'engaged', 'offer_viewed', 'converted', null]) }),
    },
    headers: bearer(fresh.secret_key),
  })
}

async function addLead(fresh: FreshApp, random: Random) {
  const contacts = await contactsOf(fresh)
  if (contacts.length === 0) return
  const source = random.pick(['google', 'meta', null])
  await makeLead(fresh, fresh, { contact_id: random.pick(contacts), source, is_test: random.chance(0.2), revenue_potential: 9.9 })
}

async function sellSomething(fresh: FreshApp, random: Random) {
  const leads = await fresh.database.system<{ id: number }[]>`
    select id from leads where workspace_id = ${fresh.workspace_id} order by id`
  const contacts = await contactsOf(fresh)
  const who =
    leads.length > 0 && random.chance(0.7)
      ? { lead_id: random.pick(leads).id }
      : contacts.length > 0
        ? { contact_id: random.pick(contacts) }
        : null
  if (who === null) return
  const converted_at = new Date(BEGIN + Math.floor(random.between(0, 400)) * 3_600_000).toISOString()
  await post(fresh, '/conversions', { ...who, value: Math.floor(random.between(0, 9999)) / 100, converted_at })
}

/** An appointment is booked, or something becomes of one. */
async function meetSomebody(fresh: FreshApp, random: Random) {
  const rows = await fresh.database.system<{ id: number }[]>`
    select id from appointments where workspace_id = ${fresh.workspace_id} order by id`
  const at = new Date(Date.now() + 86_400_000 + Math.floor(random.between(0, 60)) * 3_600_000).toISOString()
  if (rows.length === 0 || random.chance(0.5)) {
    const contacts = await contactsOf(fresh)
    if (contacts.length === 0) return
    const about = { source: random.pick(['google', null]), product: random.pick(['roof', null]), is_test: random.chance(0.2) }
    await post(fresh, '/appointments', { contact_id: random.pick(contacts), scheduled_at: at, estimated_value: 9.5, ...about })
    return
  }
  const [step, body] = random.pick([
    ['reschedule', { scheduled_at: at }],
    ['cancel', {}],
    ['complete', { outcome: 'won' }],
    ['complete', { outcome: 'lost' }],
    ['reopen', {}],
  ] as const)
  await post(fresh, `/appointments/${random.pick(rows).id}/${step}`, body)
}

async function takeBack(fresh: FreshApp, random: Random) {
  const rows = await fresh.database.system<{ id: number }[]>`
    select id from conversions where workspace_id = ${fresh.workspace_id} order by id`
  if (rows.length === 0) return
  const { id } = random.pick(rows)
  if (random.chance(0.5)) return post(fresh, `/conversions/${id}/refunds`, random.chance(0.5) ? {} : { amount: 1.01 })
  await fresh.app.inject({ method: 'DELETE', url: `/api/v1/conversions/${id}`, headers: bearer(fresh.secret_key) })
}

async function contactsOf(fresh: FreshApp): Promise<number[]> {
  const rows = await fresh.database.system<{ id: number }[]>`
    select c.id
      from contacts c
      join contact_keys k on k.workspace_id = c.workspace_id and k.contact_id = c.id
     where c.workspace_id = ${fresh.workspace_id} and c.merged_into is null
     group by c.id
     order by min(k.value)`
  return rows.map(row => row.id)
}

function post(fresh: FreshApp, path: string, payload: object) {
  return fresh.app.inject({ method: 'POST', url: `/api/v1${path}`, payload, headers: bearer(fresh.secret_key) })
}

async function derived({ database: { system } }: FreshApp) {
  return {
    visitors: await system`select * from visitors order by id`,
    contacts: (await system`select * from contacts order by id`).map(({ updated_at, ...contact }) => contact),
    contact_search: await system`select * from contact_search order by contact_id`,
    event_counts: await system`select * from event_counts order by day, event`,
    leads: (await system`select * from leads order by id`).map(({ updated_at, ...lead }) => lead),
    // A row of nothing says what no row says.
    lead_days:
      await system`select * from lead_days where (leads, converted, revenue) <> (0, 0, 0) order by day, dimension, value`,
    stage_counts: await system`select * from stage_counts where leads <> 0 order by pipeline_id, status, assigned_to`,
    appointment_days: await system`
      select * from appointment_days where booked <> 0 order by day, dimension, value`,
    conversion_days: await system`
      select * from conversion_days where (conversions, revenue, refunded) <> (0, 0, 0) order by day, type, currency`,
    conversion_quarters: await system`
      select * from conversion_quarters where (conversions, revenue, refunded) <> (0, 0, 0) order by funnel_id, quarter, type, currency`,
    visitor_funnels: await system`select * from visitor_funnels order by visitor_id, funnel_id`,
    visitor_videos: await system`select * from visitor_videos order by visitor_id, funnel_id, video_id`,
    person_funnels: await system`select * from person_funnels order by person, funnel_id`,
    funnel_analytics: await system`
      select * from funnel_analytics where (registrations, views, offer_views, conversions) <> (0, 0, 0, 0) order by funnel_id, quarter`,
    segments: await system`select id, contact_count from segments order by id`,
    segment_members: await system`select segment_id, contact_id from segment_members order by segment_id, contact_id`,
    conversion_touches: await system`select * from conversion_touches order by conversion_id, n`,
    attribution_days: await system`select * from attribution_days order by funnel_id, dimension, day, value, type, currency`,
    person_sources: await system`select * from person_sources order by person, funnel_id`,
    source_days: await system`select * from source_days order by funnel_id, dimension, day, value`,
    workspaces: await system`select id, total_conversions, total_revenue from workspaces order by id`,
  }
}

/** Every derived column of every row says something else. What nothing was ever seen of keeps its times: they are not derived. */
async function damage({ database }: FreshApp) {
  const admin = open(database.url)
  await admin`
    update visitors
       set first_seen = first_seen + interval '400 days', last_visit = last_visit - interval '400 days'
     where event_count > 0 or visit_count > 0`
  await admin`
    update visitors
       set event_count = event_count + 7, visit_count = visit_count + 3, referring_domain = 'wrong.example', first_touch = '{"at": "1"}',
           last_touch = '{"at": "2"}', traits = '{"email": ["wrong", 1]}', watch_percentage = 99, registered_at = '2001-01-01',
           engaged_at = '2001-01-01', offer_viewed_at = '2001-01-01', converted_at = '2001-01-01', last_engaged_at = '2001-01-01',
           last_offer_viewed_at = '2001-01-01', is_bot = not is_bot, contact_id = null,
           person_id = case when person_id is null then id + 1 end`
  await admin`
    update contacts
       set user_id = 'wrong', traits = '{"first_name": ["Wrong", 1]}', first_seen = now(), last_visit = now(), visit_count = 99,
           event_count = 99, country_code = 'XX', region = 'wrong', city = 'wrong', referring_domain = 'wrong', first_touch = '{"a": 1}',
           last_touch = '{"a": 1}', watch_percentage = 1, registered_at = now(), engaged_at = now(), offer_viewed_at = now(),
           converted_at = now(), stage = 'wrong', stage_by_hand = '{}', merged_into = null, conversion_count = conversion_count + 5, lifetime_value = 1234.56`
  await admin`update contact_search set words = 'wrong'`
  await admin`delete from contact_search where contact_id % 3 = 0`
  await admin`update event_counts set events = events + 1, bots = 5, first_at = now(), last_at = now()`
  await admin`delete from event_counts where event = 'clicked'`
  await admin`
    insert into event_counts (workspace_id, day, event, events, first_at, last_at)
    select min(workspace_id), '2001-02-03', 'never', 1, now(), now() from event_counts`
  await admin`update leads set conversion_id = 7, conversion_count = conversion_count + 1, conversion_value = 3, converted_at = now()`
  for (const table of ['lead_days', 'stage_counts']) await admin`update ${admin(table)} set leads = leads + 1`
  await admin`delete from lead_days where dimension = 'source'`
  await admin`
    insert into lead_days (workspace_id, day, dimension, value, leads)
    select min(workspace_id), '2001-02-03', 'source', 'never', 1 from leads`
  await admin`update appointment_days set booked = booked + 1, won_value = 7`
  await admin`delete from appointment_days where dimension = 'source'`
  await admin`update conversion_days set revenue = revenue + 1, conversions = conversions + 1`
  await admin`
    insert into conversion_days (workspace_id, day, type, currency, conversions)
    select min(workspace_id), '2001-02-03', 'never', 'USD', 1 from leads`
  await admin`update conversion_quarters set revenue = revenue + 1, conversions = conversions + 1`
  await admin`update visitor_funnels set registered_at = '2001-01-01', watch_percentage = 7`
  await admin`update visitor_videos set seconds_watched = 7, replays = 3`
  await admin`delete from segment_members`
  await admin`update segments set contact_count = contact_count + 9`
  await admin`delete from person_funnels where person % 2 = 0`
  await admin`update conversion_touches set revenue = revenue + 1, linear = 0`
  await admin`update attribution_days set linear_revenue = linear_revenue + 1`
  await admin`update person_sources set source = 'wrong'`
  await admin`delete from person_sources where person % 2 = 0`
  await admin`update source_days set registered = registered + 1`
  await admin`update person_funnels set replays = 8`
  await admin`update funnel_analytics set views = views + 1`
  await admin`update workspaces set total_conversions = 99, total_revenue = 99.99`
  await admin.end()
}
