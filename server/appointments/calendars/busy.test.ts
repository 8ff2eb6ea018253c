import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { BusyCalendar, StaffMember } from '../../../shared/staff.ts'
import { type FreshApp, freshApp } from '../../../test/app.ts'
import { hang, openReceiver, type Receiver, status } from '../../../test/receiver.ts'
import type { SignedIn } from '../../../test/session.ts'
import { type Diary, diaryOf, hoursFromNow } from '../diary.fixture.ts'
import { expandInThread } from './expand-in-thread.ts'
import { eventIn, mailsAbout } from './post.fixture.ts'

let fresh: FreshApp
let diary: Diary
let host: SignedIn
let feed: Receiver
beforeAll(async () => {
  fresh = await freshApp({ config: { webhook_allowed_cidrs: ['127.0.0.0/8'] } })
  diary = diaryOf(fresh)
  feed = await openReceiver()
})
afterAll(() => feed.close())
beforeEach(async () => {
  host = await diary.hire()
  feed.received.length = 0
})

let hours = 100
const hour = () => {
  hours += 3
  return hoursFromNow(hours)
}
const stamp = (at: string) => at.replace(/[-:]|\.000/g, '')
const later = (at: string, minutes: number) => new Date(Date.parse(at) + minutes * 60_000).toISOString()
const event = (at: string, ...more: string[]) =>
  ['BEGIN:VEVENT', `UID:${at}`, `DTSTART:${stamp(at)}`, 'DURATION:PT1H', 'SUMMARY:Dentist', ...more, 'END:VEVENT'].join('\r\n')
const calendar = (...events: string[]) => ['BEGIN:VCALENDAR', 'VERSION:2.0', ...events, 'END:VCALENDAR', ''].join('\r\n')
const answerWith = (text: string, headers: Record<string, string> = {}) =>
  status(200, { 'content-type': 'text/calendar', ...headers }, text)
const put = (url = `${feed.url}/secret-address.ics`) =>
  diary.ask<BusyCalendar>('PUT' as 'POST', `/staff/${host.user_id}/busy`, { url })
/** Somebody may ask again ten seconds later. */
const readAgain = async () => {
  await fresh.database
    .system`update staff set busy_tried_at = busy_tried_at - interval '10 seconds' where user_id = ${host.user_id}`
  return diary.ask<BusyCalendar>('POST', `/staff/${host.user_id}/busy/read`)
}
const times = async () => {
  const rows = await fresh.database.system<{ from: Date; until: Date }[]>`
    select lower(during) as from, upper(during) as until
      from busy_times
     where workspace_id = ${fresh.workspace_id} and user_id = ${host.user_id}
     order by during`
  return rows.map(({ from, until }) => `${from.toISOString()} ${until.toISOString()}`)
}
const oneHour = (at: string) => `${at} ${later(at, 60)}`

describe('what somebody has in another calendar', () => {
  test('is read at once, and nobody is booked then', async () => {
    const at = hour()
    feed.answer = answerWith(calendar(event(at)))
    const busy = await put()
    expect(busy).toEqual({ host: new URL(feed.url).host, read_at: expect.any(String), tried_at: expect.any(String), error: null })
    expect(await diary.ask<StaffMember>('GET', `/staff/${host.user_id}`)).toMatchObject({ busy })
    expect(
      await diary.answer('POST', '/appointments', { email: 'a@example.com', scheduled_at: at, assigned_to: host.user_id }),
    ).toMatchObject({
      status: 409,
      code: 'slot_taken',
      message: expect.stringContaining('busy elsewhere'),
    })
    await diary.book({ scheduled_at: later(at, 60), assigned_to: host.user_id })
  })

  test('is replaced as a whole, joined where it overlaps, and neither titles nor the address are kept', async () => {
    const [one, two] = [hour(), hour()]
    feed.answer = answerWith(calendar(event(one), event(later(one, 30)), event(two)))
    await put()
    expect(await times()).toEqual([`${one} ${later(one, 90)}`, oneHour(two)])
    feed.answer = answerWith(calendar(event(two)))
    await readAgain()
    expect(await times()).toEqual([oneHour(two)])
    const rows = await fresh.database.system`
      select row_to_json(s)::text as row from staff s union all select row_to_json(b)::text from busy_times b
      union all select row_to_json(a)::text from activities a`
    expect(rows.map(({ row }) => row).join()).not.toMatch(/Dentist|secret-address/)
  })

  test('is not fetched again while it is the same', async () => {
    const at = hour()
    feed.answer = (response, { headers }) =>
      headers['if-none-match'] === '"v1"'
        ? response.writeHead(304).end()
        : response.writeHead(200, { etag: '"v1"', 'last-modified': 'Sat, 21 Nov 2026 10:00:00 GMT' }).end(calendar(event(at)))
    await put()
    const busy = await readAgain()
    expect(feed.received[1]!.headers).toMatchObject({
      'if-none-match': '"v1"',
      'if-modified-since': 'Sat, 21 Nov 2026 10:00:00 GMT',
    })
    expect([busy.error, await times()]).toEqual([null, [oneHour(at)]])
    // A day later its series have to be written out a day further.
    await fresh.database.system`update staff set busy_read_at = busy_read_at - interval '1 day' where user_id = ${host.user_id}`
    await readAgain()
    expect(feed.received[2]!.headers).not.toHaveProperty('if-none-match')
  })

  test('is read by the server itself, once, and never more often than every quarter of an hour', async () => {
    const own = await freshApp({ config: { webhook_allowed_cidrs: ['127.0.0.0/8'] } })
    const desk = diaryOf(own)
    const people = await Promise.all([1, 2, 3].map(() => desk.hire()))
    feed.answer = answerWith(calendar(event(hour())))
    for (const { user_id } of people)
      await desk.ask('PUT' as 'POST', `/staff/${user_id}/busy`, { url: `${feed.url}/${user_id}.ics` })
    feed.received.length = 0
    await own.database
      .system`update staff set busy_tried_at = now() - interval '16 minutes', busy_etag = null where user_id <> ${people[0]!.user_id}`
    await own.database.system`delete from busy_times`
    own.work()
    const done = async () => (await own.database.system`select distinct user_id from busy_times`).length
    await expect.poll(done, { timeout: 30_000, interval: 100 }).toBe(2)
    expect(feed.received.map(({ path }) => path).sort()).toEqual(
      people
        .slice(1)
        .map(({ user_id }) => `/${user_id}.ics`)
        .sort(),
    )
    await own.close()
  })

  test('is forgotten when it is taken away', async () => {
    feed.answer = answerWith(calendar(event(hour())))
    await put()
    await diary.ask('DELETE', `/staff/${host.user_id}/busy`)
    expect(await times()).toEqual([])
    expect(await diary.ask<StaffMember>('GET', `/staff/${host.user_id}`)).toMatchObject({ busy: null })
    expect(await diary.answer('DELETE', `/staff/${host.user_id}/busy`)).toMatchObject({ status: 404 })
    expect(await diary.answer('POST', `/staff/${host.user_id}/busy/read`)).toMatchObject({ status: 404 })
  })

  test('is not taken for another appointment when it is our own invitation that came back', async () => {
    const at = hour()
    const other = hour()
    const { id } = await diary.book({ scheduled_at: at, assigned_to: host.user_id })
    const [row] = await fresh.database.system<{ uid: string }[]>`select uid from appointments where id = ${id}`
    feed.answer = answerWith(calendar(event(at).replace(`UID:${at}`, `UID:${row!.uid}`), event(other)))
    await put()
    expect(await times()).toEqual([oneHour(other)])
    expect(await diary.step(id, 'reschedule', { scheduled_at: later(at, 30) })).toMatchObject({ scheduled_at: later(at, 30) })
  })
})

describe('a calendar that cannot be read costs nothing: what was read before stays, and the reason is told', () => {
  const endless: Receiver['answer'] = response => {
    const chunk = Buffer.alloc(65_536, 'X-NOTHING:but lines\r\n')
    response.writeHead(200, { 'content-type': 'text/calendar' }).write('BEGIN:VCALENDAR\r\n')
    const more = () => {
      while (!response.destroyed && response.write(chunk));
    }
    response.on('drain', more)
    more()
  }
  const bomb = gzipSync(Buffer.alloc(50_000_000))
  test.each<[string, Receiver['answer'], RegExp]>([
    ['it is gone', status(404), /no calendar at this address any more \(404\)/],
    ['it is private', status(403), /does not show this calendar \(403\)/],
    ['it is a page to sign in', status(200, { 'content-type': 'text/html' }, '<!doctype html><title>Sign in'), /web page/],
    ['it is empty', status(200), /empty/],
    ['it never ends', endless, /larger than 5 MB/],
    [
      'it breaks off',
      response => response.writeHead(200, { 'content-length': '9999' }).write('BEGIN:VCALENDAR\r\n', () => response.destroy()),
      /broke off/,
    ],
    [
      'it is compressed although nobody asked',
      response => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
      /compressed/,
    ],
    ['it is compressed and does not say so', response => response.writeHead(200).end(bomb), /no calendar/],
    ['it leads in a circle', status(302, { location: '/again' }), /from one place to the next/],
    ['it leads inside', status(302, { location: 'http://10.0.0.1/calendar.ics' }), /10\.0\.0\.1.*not called/],
    [
      'it has a series without measure',
      answerWith(calendar(event('2026-01-01T00:00:00.000Z', 'RRULE:FREQ=SECONDLY'))),
      /without measure/,
    ],
    ['it says nothing at all', hang, /did not answer within/],
  ])('%s', async (_, broken, words) => {
    const at = hour()
    feed.answer = answerWith(calendar(event(at)))
    const { read_at } = await put()
    feed.answer = broken
    const busy = await readAgain()
    expect(busy.error).toMatch(words)
    expect(busy.read_at).toBe(read_at)
    expect(await times()).toEqual([oneHour(at)])
  })

  test('and when it can be read again, nothing is wrong any more', async () => {
    feed.answer = status(503)
    expect((await put()).error).toMatch(/answered 503/)
    feed.answer = answerWith(calendar(event(hour())))
    expect((await readAgain()).error).toBeNull()
  })

  test('what of it cannot be understood is told, and the rest is kept free', async () => {
    const at = hour()
    feed.answer = answerWith(calendar(event(at), 'BEGIN:VEVENT', 'UID:x', 'DTSTART:soon', 'END:VEVENT'))
    expect((await put()).error).toMatch(/^1 of its events cannot be understood/)
    expect(await times()).toEqual([oneHour(at)])
  })

  test('a rule that never finds a day ends with its thread, and everything else goes on', async () => {
    const text = calendar(event('2026-01-01T00:00:00.000Z', 'RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30'))
    const reading = { time_zone: 'UTC', email: host.email, from: Date.now(), until: Date.now() + 86_400_000 }
    let ticks = 0
    const clock = setInterval(() => ticks++, 10)
    const result = await expandInThread(Buffer.from(text), reading, { limit_ms: 1000 })
    clearInterval(clock)
    expect(ticks).toBeGreaterThan(10)
    expect(result).toEqual({ ok: false, reason: expect.stringMatching(/takes too long/) })
  })

  test('more times than a person can have are refused', async () => {
    const text = calendar(...Array.from({ length: 40_000 }, (_, k) => event(later('2026-01-01T00:00:00.000Z', k))))
    const reading = {
      time_zone: 'UTC',
      email: host.email,
      from: Date.parse('2026-01-01T00:00:00Z'),
      until: Date.parse('2027-01-01T00:00:00Z'),
    }
    expect(await expandInThread(Buffer.from(text), reading)).toMatchObject({
      ok: false,
      reason: expect.stringContaining('20,000'),
    })
  })
})

describe('an address', () => {
  test.each([
    ['ftp://example.com/a.ics', /must begin with https/],
    ['nonsense', /not an address/],
    ['http://10.0.0.1/a.ics', /not called/],
    ['https://user:secret@example.com/a.ics', /Leave user and password out/],
  ])('%s is refused in words', async (url, words) => {
    expect(await diary.answer('PUT' as 'POST', `/staff/${host.user_id}/busy`, { url })).toMatchObject({
      status: 422,
      code: 'invalid_fields',
      fields: { url: expect.stringMatching(words) },
    })
  })

  test('may be a webcal: one, and is asked for once in ten seconds at most', async () => {
    const { host: place } = new URL(feed.url)
    const busy = await put(`webcal://${place}/a.ics`)
    // webcal: is https:, which the stand-in does not speak.
    expect(busy).toMatchObject({ host: place, error: expect.stringMatching(/secure connection/) })
    await fresh.database.system`update staff set busy_tried_at = now() + interval '1 minute' where user_id = ${host.user_id}`
    expect(await diary.answer('POST', `/staff/${host.user_id}/busy/read`)).toMatchObject({ status: 429 })
  })

  test('is given by an agent for themselves and nobody else', async () => {
    const desk = diary.as(host)
    feed.answer = answerWith(calendar())
    expect(await desk.answer('PUT' as 'POST', `/staff/${host.user_id}/busy`, { url: feed.url })).toMatchObject({ status: 200 })
    const other = await diary.hire()
    expect(await desk.answer('PUT' as 'POST', `/staff/${other.user_id}/busy`, { url: feed.url })).toMatchObject({ status: 403 })
  })
})

test('an invitation that was sent is understood by what reads calendars', async () => {
  fresh.work()
  const at = hour()
  const { id } = await diary.book({ scheduled_at: at, assigned_to: host.user_id })
  const [, to_host] = await mailsAbout(diary, id, 2)
  const result = await expandInThread(Buffer.from(to_host!.calendar!), {
    time_zone: 'Asia/Kathmandu',
    email: host.email,
    from: Date.parse(at) - 86_400_000,
    until: Date.parse(at) + 86_400_000,
  })
  expect(result).toEqual({
    ok: true,
    unreadable: 0,
    spans: [{ from: Date.parse(at), until: Date.parse(at) + 3_600_000, uid: eventIn(to_host!.calendar).uid }],
  })
})
