import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { alias, basic, batch, bearer, bob, identify, page, sally, sarah, track, traitsOf } from '../../test/people.ts'
import { open } from '../database/connect.ts'

let fresh: FreshApp
beforeAll(async () => {
  fresh = await freshApp()
})

const send = (url: string, payload: object | string | Buffer, headers: Record<string, string> = {}) =>
  fresh.app.inject({
    method: 'POST',
    url,
    payload,
    headers: { 'content-type': 'application/json', ...basic(fresh.write_key), ...headers },
  })

const events = (distinct_id: string) => fresh.database.system<
  { event: string; occurred_at: Date; is_bot: boolean; properties: Record<string, unknown> }[]
>`
  select e.event, e.occurred_at, e.is_bot, e.properties
    from events e
    join visitors v on v.workspace_id = e.workspace_id and v.id = e.visitor_id
   where v.workspace_id = ${fresh.workspace_id} and v.distinct_id = ${distinct_id}
   order by e.occurred_at, e.id`

const refusals = async () =>
  (
    await fresh.database.system<{ code: string }[]>`
    select code from event_refusals where workspace_id = ${fresh.workspace_id} order by id`
  ).map(row => row.code)

describe('what is accepted', () => {
  test('answers 200 once the event is committed', async () => {
    const answer = await send('/v1/track', track('article_read', { anonymousId: 'reader' }))
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toEqual({ success: true })
    expect(await events('reader')).toMatchObject([{ event: 'article_read' }])
  })

  test('takes the key as Basic user name, as Bearer token and in the body', async () => {
    const body = track('keyed', { anonymousId: 'keyed' })
    const without = { 'content-type': 'application/json' }
    const post = (headers: Record<string, string>, more = {}) =>
      fresh.app.inject({
        method: 'POST',
        url: '/v1/track',
        payload: { ...body, messageId: Math.random().toString(), ...more },
        headers: { ...without, ...headers },
      })
    expect((await post(basic(fresh.write_key))).statusCode).toBe(200)
    expect((await post({ authorization: `Basic ${Buffer.from(fresh.write_key).toString('base64')}` })).statusCode).toBe(200)
    expect((await post(bearer(fresh.write_key))).statusCode).toBe(200)
    expect((await post({}, { writeKey: fresh.write_key })).statusCode).toBe(200)
    expect((await post({})).statusCode).toBe(401)
    expect((await post(basic('wk_of_nobody'))).json().error.code).toBe('unknown_key')
    expect(await events('keyed')).toHaveLength(4)
  })

  test("understands the short forms and labels of Segment's browser library", async () => {
    const headers = { 'content-type': 'text/plain' }
    expect((await send('/v1/t', JSON.stringify(track('short', { anonymousId: 'short' })), headers)).statusCode).toBe(200)
    expect((await send('/v1/p', JSON.stringify(page('Home', { anonymousId: 'short' })), headers)).statusCode).toBe(200)
    expect((await send('/v1/b', JSON.stringify(batch(track('last', { anonymousId: 'short' }))), headers)).statusCode).toBe(200)
    expect((await events('short')).map(event => event.event)).toEqual(['short', 'page_viewed', 'last'])
  })

  test('finds gzip by its bytes, whatever the headers say', async () => {
    const body = gzipSync(JSON.stringify(batch(track('zipped', { anonymousId: 'zip' }))))
    const answer = await send('/v1/batch', body, {
      'content-type': 'application/x-www-form-urlencoded',
      'content-encoding': 'gzip',
    })
    expect(answer.statusCode).toBe(200)
    expect(await events('zip')).toHaveLength(1)
  })

  test('corrects a wrong clock by sentAt and never dates an event into the future', async () => {
    const wrong = Date.now() - 3_600_000
    const event = track('skewed', { anonymousId: 'skewed', timestamp: new Date(wrong - 60_000).toISOString() })
    await send('/v1/batch', { batch: [event], sentAt: new Date(wrong).toISOString() })
    await send('/v1/track', track('ahead', { anonymousId: 'skewed', timestamp: new Date(Date.now() + 86_400_000).toISOString() }))
    const [skewed, ahead] = await events('skewed')
    expect(Math.abs(skewed!.occurred_at.getTime() - (Date.now() - 60_000))).toBeLessThan(5000)
    expect(ahead!.occurred_at.getTime()).toBeLessThanOrEqual(Date.now())
  })

  test('keeps the order of a clock that is right, however long the way of each request was', async () => {
    const at = (ago: number) => new Date(Date.now() - ago).toISOString()
    const first = track('first', { anonymousId: 'ordered', timestamp: at(2000) })
    const second = track('second', { anonymousId: 'ordered', timestamp: at(1900) })
    await send('/v1/batch', { batch: [second], sentAt: at(0) })
    await send('/v1/batch', { batch: [first], sentAt: at(1500) })
    expect((await events('ordered')).map(event => event.event)).toEqual(['first', 'second'])
  })

  test('merges the context of a batch under that of each event', async () => {
    await send('/v1/batch', {
      batch: [page('Home', { anonymousId: 'shared', context: { page: { url: 'https://shop.example/?utm_source=letter' } } })],
      context: { locale: 'de-DE', page: { url: 'https://other.example/' } },
    })
    const [visitor] = await fresh.database.system`select first_touch from visitors where distinct_id = 'shared'`
    expect(visitor!.first_touch).toMatchObject({ utm_source: 'letter', landing_page: 'https://shop.example/' })
  })

  test('marks bots and leaves them out of the numbers', async () => {
    const context = { userAgent: 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)' }
    await send('/v1/page', page('Home', { anonymousId: 'robot', context }))
    expect(await events('robot')).toMatchObject([{ is_bot: true }])
    const [visitor] = await fresh.database
      .system`select is_bot, event_count, visit_count from visitors where distinct_id = 'robot'`
    expect(visitor).toEqual({ is_bot: true, event_count: 0, visit_count: 0 })
  })

  test('begins a new visit after 30 idle minutes, and lets a late event join the one it belongs to', async () => {
    const at = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
    for (const minutes of [200, 190, 100]) await send('/v1/page', page('Home', { anonymousId: 'visits', timestamp: at(minutes) }))
    await send('/v1/page', page('Late', { anonymousId: 'visits', timestamp: at(195) }))
    const visits = await fresh.database.system`
      select s.page_count from sessions s join visitors v on v.workspace_id = s.workspace_id and v.id = s.visitor_id
       where v.distinct_id = 'visits' order by s.started_at`
    expect(visits.map(visit => visit.page_count)).toEqual([3, 1])
    const [visitor] = await fresh.database.system`select visit_count from visitors where distinct_id = 'visits'`
    expect(visitor!.visit_count).toBe(2)
  })

  test('begins a new visit for another campaign or click, and goes on with it', async () => {
    const at = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
    const sees = (minutes: number, query = '') =>
      send(
        '/v1/page',
        page('Home', { anonymousId: 'ads', timestamp: at(minutes), context: { page: { url: `https://shop.example/${query}` } } }),
      )
    const letter = '?utm_source=letter&utm_medium=email'
    const walk: [number, string?][] = [
      [60],
      [58, letter],
      [57],
      [56, letter],
      [55, '?utm_source=letter'],
      [50, '?gclid=1'],
      [49, '?gclid=1'],
      [59],
    ]
    for (const [minutes, query] of walk) await sees(minutes, query)
    await send('/v1/track', track('did', { anonymousId: 'ads', timestamp: at(48), properties: { utm_source: 'other' } }))
    const visits = await fresh.database.system`
      select s.page_count, s.event_count, s.touch->>'utm_source' as source, s.touch->'click_ids'->>'gclid' as click
        from sessions s join visitors v on v.workspace_id = s.workspace_id and v.id = s.visitor_id
       where v.distinct_id = 'ads' order by s.started_at`
    expect(visits).toEqual([
      { page_count: 2, event_count: 2, source: null, click: null },
      { page_count: 4, event_count: 4, source: 'letter', click: null },
      { page_count: 2, event_count: 3, source: null, click: '1' },
    ])
  })

  test('reads browser, system and place of a visit, the place from the headers of a CDN', async () => {
    const agent =
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1'
    await send('/v1/p', page('Home', { anonymousId: 'phone' }), {
      'user-agent': agent,
      origin: 'https://shop.example',
      'cf-ipcountry': 'DE',
      'cf-ipcity': 'M%C3%BCnchen',
    })
    const [visit] = await fresh.database.system`
      select s.browser, s.os, s.device_type, s.country_code, s.city from sessions s
        join visitors v on v.workspace_id = s.workspace_id and v.id = s.visitor_id where v.distinct_id = 'phone'`
    expect(visit).toEqual({ browser: 'Safari', os: 'iOS', device_type: 'mobile', country_code: 'DE', city: 'München' })
  })

  test('gives a visitor who lets nothing be stored an id for the day', async () => {
    const cookieless = () => page('Home', { context: { cookieless: true } })
    const headers = { origin: 'https://shop.example', 'user-agent': 'Mozilla/5.0 Firefox/130.0' }
    await send('/v1/page', cookieless(), headers)
    await send('/v1/page', cookieless(), headers)
    await send('/v1/page', cookieless(), { ...headers, 'user-agent': 'Mozilla/5.0 Firefox/131.0' })
    const visitors = await fresh.database.system`
      select event_count from visitors where distinct_id like 'cookieless:%' order by event_count`
    expect(visitors.map(visitor => visitor.event_count)).toEqual([1, 2])
  })
})

describe('once', () => {
  test('counts the same message id once: in one batch, in another, and over and over at the same time', async () => {
    const event = track('paid', { anonymousId: 'once' })
    await send('/v1/batch', batch(event, event))
    await Promise.all(Array.from({ length: 20 }, () => send('/v1/track', event)))
    expect(await events('once')).toHaveLength(1)
    const [visitor] = await fresh.database.system`select event_count from visitors where distinct_id = 'once'`
    expect(visitor!.event_count).toBe(1)
  })

  test('counts the same message id in another workspace as another event', async () => {
    const other = await fresh.another()
    const event = track('shared_id', { anonymousId: 'twice' })
    await send('/v1/track', event)
    await send('/v1/track', event, basic(other.write_key))
    const rows = await fresh.database.system`select workspace_id from events where event = 'shared_id'`
    expect(rows.map(row => row.workspace_id).sort()).toEqual([fresh.workspace_id, other.workspace_id].sort())
  })
})

describe('bad input', () => {
  const unreadable = ['{', '"text"', 'null', '[]', '', '{"a":1e400', Buffer.from([0xff, 0xfe, 0x00])]
  test.each(unreadable)('answers 400 to an unreadable body: %s', async body => {
    const answer = await send('/v1/batch', body)
    expect(answer.statusCode).toBe(400)
    expect(answer.json().error.code).toMatch(/unreadable_body|invalid_request/)
  })

  test('reports a bad event of a batch by its place, and stores its neighbours', async () => {
    const answer = await send(
      '/v1/batch',
      batch(
        track('good', { anonymousId: 'mixed' }),
        { type: 'dance', anonymousId: 'mixed' },
        track('', { anonymousId: 'mixed' }),
        'nothing',
        track('nobody'),
        { ...track('typed', { anonymousId: 'mixed' }), properties: 'text' },
        { ...track('dated', { anonymousId: 'mixed' }), timestamp: 'yesterday' },
        { ...track('far', { anonymousId: 'mixed' }), timestamp: '9999-12-31T23:59:59Z' },
        { ...track('long', { anonymousId: 'x'.repeat(501) }) },
        track('large', { anonymousId: 'mixed', properties: { text: 'x'.repeat(40_000) } }),
        track('good too', { anonymousId: 'mixed' }),
      ),
    )
    expect(answer.statusCode).toBe(200)
    expect(answer.json().success).toBe(true)
    expect(answer.json().rejected.map((one: { index: number; code: string }) => [one.index, one.code])).toEqual([
      [1, 'unknown_type'],
      [2, 'missing_event_name'],
      [3, 'invalid_event'],
      [4, 'missing_distinct_id'],
      [5, 'invalid_properties'],
      [6, 'invalid_timestamp'],
      [7, 'invalid_timestamp'],
      [8, 'invalid_distinct_id'],
      [9, 'event_too_large'],
    ])
    expect((await events('mixed')).map(event => event.event).sort()).toEqual(['good', 'good too'])
    expect((await refusals()).length).toBeGreaterThanOrEqual(9)
  })

  test('answers a single bad event with its reason', async () => {
    const answer = await send('/v1/track', { type: 'track', anonymousId: 'x' })
    expect(answer.statusCode).toBe(400)
    expect(answer.json().error).toMatchObject({ code: 'invalid_event', fields: { event: 'missing_event_name' } })
  })

  test('survives 100,000 levels of nesting', async () => {
    const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`
    const body = `{"batch":[{"type":"track","event":"deep","anonymousId":"deep","properties":${deep}},${JSON.stringify(track('flat', { anonymousId: 'deep' }))}]}`
    const answer = await send('/v1/import', body)
    expect(answer.json()).toMatchObject({ success: true, rejected: [{ index: 0, code: 'too_deep' }] })
    expect(await events('deep')).toHaveLength(1)
  })

  test('answers 413 to what is too large, also when it is small until it is unzipped', async () => {
    expect((await send('/v1/batch', 'x'.repeat(10_000_000))).statusCode).toBe(413)
    expect((await send('/v1/batch', gzipSync(Buffer.alloc(50_000_000, 32)))).statusCode).toBe(413)
    expect((await send('/v1/track', track('wide', { anonymousId: 'y'.repeat(1_000_000) }))).statusCode).toBe(413)
  })

  test('stores text that PostgreSQL cannot hold with the mark of a replaced character', async () => {
    const body =
      '{"type":"track","event":"odd\\u0000name","anonymousId":"odd\\ud800","properties":{"a\\u0000":"\\udfff","__proto__":{"x":1},"constructor":1}}'
    const answer = await send('/v1/track', body)
    expect(answer.statusCode).toBe(200)
    expect(await events('odd\uFFFD')).toMatchObject([
      { event: 'odd\uFFFDname', properties: { 'a\uFFFD': '\uFFFD', constructor: 1 } },
    ])
    expect(({} as { x?: number }).x).toBeUndefined()
  })

  test('a poisonous event fails alone', async () => {
    // What a check of ours forgot, the database still refuses.
    const admin = open(fresh.database.url)
    await admin`alter table events add constraint poison check (event <> 'poison') not valid`
    await admin.end()
    const anonymousId = 'poisoned'
    const answer = await send(
      '/v1/batch',
      batch(track('before', { anonymousId }), track('poison', { anonymousId }), track('after', { anonymousId })),
    )
    expect(answer.json()).toMatchObject({ success: true, rejected: [{ index: 1, code: 'poisonous' }] })
    expect((await events(anonymousId)).map(event => event.event)).toEqual(['before', 'after'])
    const [kept] = await fresh.database.system`select body from event_refusals where code = 'poisonous'`
    expect(kept!.body).toContain('poisoned')
    const [visitor] = await fresh.database.system`select event_count from visitors where distinct_id = ${anonymousId}`
    expect(visitor!.event_count).toBe(2)
  })
})

describe('the seed story', () => {
  test('Sally browses, signs up and logs in elsewhere: one contact with everything she did', async () => {
    const url = 'https://shop.example/?utm_source=google&utm_campaign=spring'
    await send(
      '/v1/batch',
      batch(
        page('Home', { anonymousId: sally.laptop, context: { page: { url, referrer: 'https://www.google.com/' } } }),
        page('Prices', { anonymousId: sally.laptop }),
      ),
    )
    const { first_name, last_name, email, phone } = sally
    await send(
      '/v1/batch',
      batch(
        track('registration', { anonymousId: sally.laptop, properties: { first_name, last_name, email, phone } }),
        alias(sally.laptop, email, { anonymousId: sally.laptop }),
      ),
    )
    await send('/v1/batch', batch(page('Lesson', { anonymousId: sally.mobile })))
    await send(
      '/v1/batch',
      batch(
        identify({ anonymousId: sally.mobile, userId: email }),
        track('video_progress', {
          anonymousId: sally.mobile,
          userId: email,
          properties: { watch_percentage: 50, video_id: 'intro' },
        }),
      ),
    )

    const [contact] = await fresh.database.system`select * from contacts where email = ${email}`
    expect(contact).toMatchObject({
      first_name,
      last_name,
      phone,
      user_id: email,
      stage: 'engaged',
      watch_percentage: 50,
      visit_count: 2,
    })
    expect(contact!.id).toBeGreaterThanOrEqual(100_000)
    expect(contact!.id).toBeLessThanOrEqual(999_999)
    expect(contact!.first_touch).toMatchObject({ utm_source: 'google', utm_campaign: 'spring', referring_domain: 'google.com' })
    const visitors = await fresh.database
      .system`select distinct_id from contacts_visitors where contact_id = ${contact!.id} order by distinct_id`
    expect(visitors.map(visitor => visitor.distinct_id)).toEqual([sally.laptop, sally.mobile, email].sort())
    const done = await fresh.database.system`
      select e.event from events e join contacts_visitors cv on cv.workspace_id = e.workspace_id and cv.visitor_id = e.visitor_id
       where cv.contact_id = ${contact!.id}`
    expect(done.map(event => event.event).sort()).toEqual([
      'alias',
      'identify',
      'page_viewed',
      'page_viewed',
      'page_viewed',
      'registration',
      'video_progress',
    ])
  })

  test('on a shared device the first person keeps the earlier events and the second keeps their own', async () => {
    const device = 'library-computer'
    await send(
      '/v1/batch',
      batch(
        page('Home', { anonymousId: device }),
        identify({ anonymousId: device, userId: sarah.user_id, traits: traitsOf(sarah) }),
      ),
    )
    await send(
      '/v1/batch',
      batch(
        identify({ anonymousId: device, userId: bob.user_id, traits: traitsOf(bob) }),
        track('lesson_opened', { anonymousId: device, userId: bob.user_id }),
      ),
    )
    const rows = await fresh.database.system`
      select v.distinct_id, c.email from visitors v left join contacts c on c.workspace_id = v.workspace_id and c.id = v.contact_id
       where v.distinct_id in (${device}, ${sarah.user_id}, ${bob.user_id}) order by v.distinct_id`
    expect(rows).toMatchObject([
      { distinct_id: device, email: sarah.email },
      { distinct_id: bob.user_id, email: bob.email },
      { distinct_id: sarah.user_id, email: sarah.email },
    ])
    const [refused] = await fresh.database.system`
      select repeats from identity_links l join visitors v on v.workspace_id = l.workspace_id and v.id = l.visitor_id
       where v.distinct_id = ${bob.user_id} and l.outcome = 'refused_two_identified' and l.reason = 'identify'`
    expect(refused).toBeDefined()
  })

  test('values that mean nobody never make one person of many', async () => {
    await send(
      '/v1/batch',
      batch(
        identify({ anonymousId: 'n1', userId: 'null' }),
        identify({ anonymousId: 'n2', userId: 'null' }),
        identify({ anonymousId: 'n3', userId: 'info@example.com' }),
      ),
    )
    const rows = await fresh.database.system`select person_id from visitors where distinct_id in ('n1', 'n2', 'n3')`
    expect(rows.every(row => row.person_id === null)).toBe(true)
    expect(await events('n1')).toHaveLength(1)
  })
})
