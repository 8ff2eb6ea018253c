import { beforeAll, describe, expect, test } from 'vitest'
import { type FreshApp, freshApp } from '../../../test/app.ts'
import { openMailbox } from '../../../test/mailbox.ts'
import { bob, jane, sally } from '../../../test/people.ts'
import type { SignedIn } from '../../../test/session.ts'
import { readManageToken } from '../booking/manage-token.ts'
import { type Diary, diaryOf, hoursFromNow } from '../diary.fixture.ts'
import { eventIn, mailsAbout } from './post.fixture.ts'

let fresh: FreshApp
let diary: Diary
let host: SignedIn
beforeAll(async () => {
  fresh = await freshApp({ config: { public_url: 'https://app.example.com' } })
  diary = diaryOf(fresh)
  host = await diary.hire()
  await diary.ask('PATCH', `/staff/${host.user_id}`, {
    time_zone: 'Asia/Kathmandu',
    hours: [1, 2, 3, 4, 5, 6, 7].map(weekday => ({ weekday, opens: '00:00', closes: '24:00' })),
  })
  fresh.work()
})

/** The first of a month far ahead, so that its zone and its words are known. */
const winter = `${new Date().getUTCFullYear() + 1}-12-01T15:00:00.000Z`
const stamp = (at: string) => at.replace('.000', '')
const book = (given: object = {}) => diary.book({ assigned_to: host.user_id, ...given })
let hours = 100
const hour = () => {
  hours += 2
  return hoursFromNow(hours)
}

describe('whoever has to do with an appointment is written to', () => {
  test('when it is booked: each in their own zone, with an invitation', async () => {
    const scheduled_at = winter
    const { first_name, last_name, email, phone } = sally
    const booked = await book({
      ...{ first_name, last_name, email, phone, scheduled_at },
      time_zone: 'America/New_York',
      customer_notes: 'Ring twice',
    })
    const [to_customer, to_host] = await mailsAbout(diary, booked.id, 2)
    expect(to_customer).toMatchObject({
      to_address: email,
      subject: expect.stringMatching(/^Booked: Consultation with Acme, .*10:00 AM$/),
    })
    expect(to_customer!.body).toMatch(/^Hello Sally Susa,/)
    expect(to_customer!.body).toMatch(/When: \w+, December 1, \d{4}(,| at) 10:00 – 11:00 AM EST \(America\/New York\)/)
    expect(to_customer!.body).toContain(`Where: a phone call to ${phone}`)
    expect(to_customer!.body).toMatch(/https:\/\/app\.example\.com\/booking\/[\w-]{20,}/)
    expect(to_customer!.body).not.toContain(host.email)
    expect(eventIn(to_customer!.calendar)).toMatchObject({
      method: 'REQUEST',
      uid: expect.stringMatching(/^[\da-f-]{36}$/),
      sequence: 0,
      starts: stamp(scheduled_at),
      ends: stamp(booked.ends_at),
      status: 'CONFIRMED',
      summary: 'Consultation with Acme',
      organizer: expect.stringMatching(/^mailto:no-reply@app\.example\.com$/i),
      attendee: expect.stringMatching(new RegExp(`^mailto:${email}$`, 'i')),
    })
    expect(to_host).toMatchObject({
      to_address: host.email,
      subject: expect.stringMatching(/^New appointment: Consultation with Sally Susa/),
    })
    expect(to_host!.body).toContain('8:45 – 9:45 PM GMT+5:45 (Asia/Kathmandu)')
    expect(to_host!.body).toContain(`Phone: ${phone}`)
    expect(to_host!.body).toContain('The customer wrote: Ring twice')
    expect(to_host!.body).toContain(`https://app.example.com/appointments/${booked.id}`)
    expect(eventIn(to_host!.calendar)).toMatchObject({
      uid: eventIn(to_customer!.calendar).uid,
      summary: 'Consultation with Sally Susa',
    })
  })

  test('when it is moved, given to somebody else and cancelled: the same event, later each time, and out of the calendar of who had it', async () => {
    const other = await diary.hire()
    const { id } = await book({ scheduled_at: hour() })
    const booked = await mailsAbout(diary, id, 2)
    const { uid } = eventIn(booked[0]!.calendar)
    const later = hour()
    await diary.step(id, 'reschedule', { scheduled_at: later })
    const moved = (await mailsAbout(diary, id, 4)).slice(2)
    expect(moved.map(mail => [mail.to_address, mail.subject.split(':')[0]])).toEqual([
      [booked[0]!.to_address, 'Moved'],
      [host.email, 'Moved'],
    ])
    for (const { calendar } of moved)
      expect(eventIn(calendar)).toMatchObject({ method: 'REQUEST', uid, sequence: 1, starts: stamp(later) })

    await diary.step(id, 'assign', { assigned_to: other.user_id })
    const given = (await mailsAbout(diary, id, 7)).slice(4)
    expect(given.map(mail => [mail.to_address, eventIn(mail.calendar).method, eventIn(mail.calendar).sequence])).toEqual([
      [booked[0]!.to_address, 'REQUEST', 2],
      [other.email, 'REQUEST', 2],
      [host.email, 'CANCEL', 2],
    ])

    await diary.step(id, 'cancel', { reason: 'only for us: never pays' })
    const cancelled = (await mailsAbout(diary, id, 9)).slice(7)
    expect(cancelled.map(mail => [mail.to_address, eventIn(mail.calendar)])).toMatchObject([
      [booked[0]!.to_address, { method: 'CANCEL', status: 'CANCELLED', uid, sequence: 3 }],
      [other.email, { method: 'CANCEL', status: 'CANCELLED', uid, sequence: 3 }],
    ])
    expect(JSON.stringify(cancelled[0])).not.toContain('never pays')
    expect(cancelled[1]!.body).toContain('never pays')
  })

  test('who asked hears of it, and is invited when it is confirmed', async () => {
    const { id } = await book({ scheduled_at: hour(), status: 'pending' })
    const [asked, to_host] = await mailsAbout(diary, id, 2)
    expect(asked).toMatchObject({ subject: expect.stringMatching(/^Asked for: /), calendar: null })
    expect(eventIn(to_host!.calendar).status).toBe('TENTATIVE')
    await diary.step(id, 'confirm')
    const [sure, host_sure] = (await mailsAbout(diary, id, 4)).slice(2)
    expect(sure!.subject).toMatch(/^Booked: /)
    expect([sure, host_sure].map(mail => eventIn(mail!.calendar).status)).toEqual(['CONFIRMED', 'CONFIRMED'])
  })

  test('two moves at once are two letters, each with what was true then', async () => {
    const { id } = await book({ scheduled_at: hour() })
    await mailsAbout(diary, id, 2)
    const times = [hour(), hour()]
    for (const scheduled_at of times) await diary.step(id, 'reschedule', { scheduled_at })
    const moved = (await mailsAbout(diary, id, 6)).slice(2)
    expect(moved.map(mail => eventIn(mail.calendar).starts)).toEqual(
      [times[0], times[0], times[1], times[1]].map(at => stamp(at!)),
    )
    expect(moved.map(mail => eventIn(mail.calendar).sequence)).toEqual([1, 1, 2, 2])
  })
})

describe('nobody is written to', () => {
  test('about a booking that was refused, a test, or by a customer without an e-mail', async () => {
    const scheduled_at = hour()
    const { id } = await book({ scheduled_at, email: undefined, phone: jane.phone })
    expect(
      await diary.answer('POST', '/appointments', { email: bob.email, scheduled_at, assigned_to: host.user_id }),
    ).toMatchObject({
      status: 409,
      code: 'slot_taken',
    })
    const test = await book({ scheduled_at: hour(), is_test: true })
    expect((await mailsAbout(diary, id, 1))[0]!.to_address).toBe(host.email)
    const last = await book({ scheduled_at: hour() })
    await mailsAbout(diary, last.id, 2) // letters before this one are written
    await mailsAbout(diary, test.id, 0)
    const { data } = await diary.ask<{ data: { to_address: string }[] }>('GET', '/mails?limit=200')
    expect(data.map(mail => mail.to_address)).not.toContain(bob.email)
  })
})

test('what people type stays text: in the mail no line of its own, in the calendar no property', async () => {
  const location = 'Room "1", 2nd; floor\\left\r\nATTENDEE:mailto:eve@example.com'
  const { id } = await book({
    scheduled_at: hour(),
    first_name: 'Eve "x"\r\nBcc: eve@example.com',
    last_name: 'O;Hara, Jr.',
    place: 'office',
    location,
    customer_notes: '\u0007\nEND:VEVENT',
  })
  const mails = await mailsAbout(diary, id, 2)
  for (const { body, subject } of mails) {
    expect(subject).not.toMatch(/[\r\n]/)
    expect(body).not.toMatch(/^(Bcc|ATTENDEE|END):/m)
  }
  const [, to_host] = mails
  const event = eventIn(to_host!.calendar)
  expect(event.location).toBe('Room "1", 2nd; floor\\left ATTENDEE:mailto:eve@example.com')
  expect(event.attendee.toLowerCase()).toBe(`mailto:${host.email}`)
  expect(event.summary).toBe('Consultation with Eve "x" Bcc: eve@example.com O;Hara, Jr.')
  expect(Math.max(...to_host!.calendar!.split('\r\n').map(line => Buffer.byteLength(line)))).toBeLessThanOrEqual(75)
})

test('a mail program is told in the header of the part what the file is, and finds it beside the text', async () => {
  const mailbox = await openMailbox()
  const own = await freshApp({ config: { smtp_url: mailbox.url, public_url: 'https://app.example.com' } })
  own.work()
  const booked = await diaryOf(own).book({ email: sally.email, last_name: 'Müller' })
  await expect.poll(() => mailbox.letters.length, { timeout: 20_000 }).toBe(1)
  const [{ raw, headers }] = mailbox.letters as [(typeof mailbox.letters)[0]]
  expect(headers.to).toBe(sally.email)
  expect(headers['content-type']).toMatch(/^multipart\/mixed/)
  expect(raw).toMatch(/^Content-Type: text\/plain; charset=utf-8/m)
  expect(raw.replace(/\r\n[ \t]+/g, ' ')).toMatch(/^Content-Type: text\/calendar; charset=utf-8; method=REQUEST/im)
  const [, file] = /application\/ics[\s\S]*?\r\n\r\n([A-Za-z\d+/=\r\n]+)/.exec(raw)!
  expect(eventIn(Buffer.from(file!, 'base64').toString())).toMatchObject({
    method: 'REQUEST',
    starts: stamp(booked.scheduled_at),
  })
  await own.close()
  await mailbox.goAway()
})

test('the link in a mail shows the appointment to its customer, who cancels there, and both sides hear of it', async () => {
  const { id } = await book({ scheduled_at: hour() })
  const [mail] = await mailsAbout(diary, id, 2)
  const url = `/api/v1/bookings/${/booking\/(\S+)/.exec(mail!.body)![1]}`
  expect((await fresh.app.inject({ url })).statusCode).toBe(200)
  const answer = await fresh.app.inject({ method: 'POST', url: `${url}/cancel`, payload: {} })
  expect(answer.statusCode, answer.body).toBe(200)
  const told = (await mailsAbout(diary, id, 4)).slice(2)
  expect(told.map(({ to_address, subject }) => [to_address, subject.split(':')[0]])).toEqual([
    [mail!.to_address, 'Cancelled'],
    [host.email, 'Cancelled'],
  ])
})

test('who may only read sees the mails without the links of customers', async () => {
  const { id } = await book({ scheduled_at: hour() })
  const [mail] = await mailsAbout(diary, id, 2)
  const [, token] = /booking\/(\S+)/.exec(mail!.body)!
  expect(mail!.calendar!.replaceAll('\r\n ', '')).toContain(token)
  const shown = JSON.stringify(await diary.as(await diary.hire('analyst')).ask('GET', '/mails?limit=2'))
  expect(shown).toContain('https://app.example.com/booking/...')
  expect(shown.replaceAll('\\r\\n ', '')).not.toContain(token)
})

test('the link in a mail says which appointment it is for, and proves it for no other', async () => {
  const booked = [await book({ scheduled_at: hour() }), await book({ scheduled_at: hour() })]
  const mails = await Promise.all(booked.map(({ id }) => mailsAbout(diary, id, 2)))
  const links = mails.map(([to_customer]) => /booking\/(\S+)/.exec(to_customer!.body)![1]!)
  expect(links.map(readManageToken)).toEqual(booked.map(({ id }) => ({ workspace_id: fresh.workspace_id, id })))
  const [one, two] = links.map(link => link.slice(-22))
  expect(one).not.toBe(two)
  expect(['', 'x', `0-1-${one}`, `1-0-${one}`, `zzzzzzz-1-${one}`, `1-1-${one}x`].map(readManageToken)).toEqual(
    Array(6).fill(undefined),
  )
})
