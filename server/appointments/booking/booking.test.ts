import { beforeAll, describe, expect, test } from 'vitest'
import type { AppointmentShown } from '../../../shared/appointments.ts'
import type { Booking, BookingHold, BookingPage, BookingSlots } from '../../../shared/booking.ts'
import type { Contact } from '../../../shared/contacts.ts'
import type { Pool } from '../../../shared/pools.ts'
import { type FreshApp, freshApp } from '../../../test/app.ts'
import { basic, batch, page, sally, sarah } from '../../../test/people.ts'
import { at, type Diary, diaryOf } from '../diary.fixture.ts'

let fresh: FreshApp
let diary: Diary
let hosts: number[]
beforeAll(async () => {
  fresh = await freshApp()
  diary = diaryOf(fresh)
  hosts = [(await diary.hireWithHours()).user_id, (await diary.hireWithHours()).user_id]
})

const DAYS = 10

type Refused = { error: { code: string; message: string; fields: Record<string, string>; slots: { starts_at: string }[] } }
let callers = 0

/** Somebody at another computer each time, without any key. */
async function visit<T = Booking & Refused>(method: 'GET' | 'POST', path: string, payload?: object, headers: object = {}) {
  const from = { 'x-forwarded-for': `198.51.${(++callers >> 8) & 255}.${callers & 255}`, ...headers }
  const answer = await fresh.app.inject({ method, url: `/api/v1${path}`, headers: from, ...(payload && { payload }) })
  return { status: answer.statusCode, headers: answer.headers, body: answer.json<T>() }
}

let pages = 0

/** A page at which one of these people can be booked. */
async function publish(given: object = {}, user_ids = hosts, strategy = 'weighted') {
  const name = `talk-${++pages}`
  const members = user_ids.map(user_id => ({ user_id }))
  const pool = await diary.ask<Pool>('POST', '/pools', { name, strategy, members })
  const type = { key: `talk_${pages}`, name: 'First talk', interval_minutes: 60, notice_minutes: 60, pool_id: pool.id, ...given }
  await diary.ask('POST', '/appointment-types', { ...type, address: name, is_public: true })
  return name
}

/** A page of somebody who has nothing else to do. */
async function publishAlone(given: object = {}) {
  const { user_id } = await diary.hireWithHours()
  return { address: await publish(given, [user_id]), user_id }
}

const SALLY = { first_name: 'Sally', last_name: 'Susa', email: sally.email, time_zone: 'Europe/London' }

async function hoursOn(address: string, days = DAYS) {
  const { body } = await visit<BookingSlots>('GET', `/booking/${address}/slots?since=${at(days, 0)}&until=${at(days + 1, 0)}`)
  return body.data.map(slot => Number(slot.starts_at.slice(11, 13)))
}

describe('the page', () => {
  test('says what can be booked and with whom, and nothing that is private', async () => {
    const address = await publish({
      description: 'We look at your roof',
      place: 'video',
      location: 'https://call.example/secret',
    })
    const { status, body } = await visit<BookingPage>('GET', `/booking/${address}`)
    expect([status, body]).toEqual([
      200,
      {
        address,
        name: 'First talk',
        description: 'We look at your roof',
        duration_minutes: 60,
        place: 'video',
        location: null,
        workspace: 'Acme',
        time_zone: 'UTC',
        horizon_days: 60,
        confirmation: 'automatic',
      },
    ])
    await diary.ask('PATCH', `/appointment-types/talk_${pages}`, { place: 'office', location: 'Main Street 1' })
    expect((await visit<BookingPage>('GET', `/booking/${address}`)).body.location).toBe('Main Street 1')
  })

  test('is not there when nobody published it, or not any more', async () => {
    const address = await publish()
    await diary.ask('PATCH', `/appointment-types/talk_${pages}`, { is_public: false })
    for (const path of [`/booking/${address}`, `/booking/${address}/slots`, '/booking/nothing', '/booking/Talk-1']) {
      const { status, body } = await visit('GET', path)
      expect([status, body.error.code]).toEqual([404, 'not_found'])
    }
    expect((await visit('POST', `/booking/${address}/book`, { ...SALLY, starts_at: at(DAYS, 9) })).status).toBe(404)
  })

  test('shows times, their days in the customer’s zone, and nobody', async () => {
    const { address } = await publishAlone()
    const path = `/booking/${address}/slots?since=${at(DAYS, 0)}&until=${at(DAYS + 1, 0)}`
    const { body } = await visit<BookingSlots>('GET', `${path}&time_zone=Pacific/Kiritimati`)
    const [today, tomorrow] = [at(DAYS, 0), at(DAYS + 1, 0)].map(each => each.slice(0, 10))
    expect(body.time_zone).toBe('Pacific/Kiritimati')
    expect(body.data[0]).toEqual({ starts_at: at(DAYS, 9), ends_at: at(DAYS, 10), date: today })
    expect(body.data.at(-1)).toEqual({ starts_at: at(DAYS, 16), ends_at: at(DAYS, 17), date: tomorrow })
    expect((await visit<BookingSlots>('GET', path)).body).toMatchObject({
      time_zone: 'UTC',
      data: Array(8).fill({ date: today }),
    })
  })

  test('shows nothing beyond its horizon, and nothing that is too soon', async () => {
    const { address } = await publishAlone({ horizon_days: 5, notice_minutes: 3 * 1440 })
    const until = at(20, 0)
    const { body } = await visit<BookingSlots>('GET', `/booking/${address}/slots?since=${at(0, 0)}&until=${until}`)
    const times = body.data.map(slot => Date.parse(slot.starts_at) - Date.now())
    expect(Math.min(...times)).toBeGreaterThan(3 * 86_400_000 - 60_000)
    expect(Math.max(...times)).toBeLessThan(5 * 86_400_000)
    const late = await visit('POST', `/booking/${address}/book`, { ...SALLY, starts_at: at(6, 12) })
    expect([late.status, late.body.error.code]).toEqual([409, 'slot_taken'])
  })

  test('may be asked by a page of any site, without cookies', async () => {
    const { address } = await publishAlone()
    const origin = 'https://shop.example'
    const asked = await fresh.app.inject({
      method: 'OPTIONS',
      url: `/api/v1/booking/${address}/book`,
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,idempotency-key',
      },
    })
    expect([asked.statusCode, asked.headers['access-control-allow-origin']]).toEqual([204, origin])
    expect(asked.headers['access-control-allow-credentials']).toBeUndefined()
    const { headers } = await visit('GET', `/booking/${address}`, undefined, { origin })
    expect(headers['access-control-allow-origin']).toBe(origin)
  })

  test('answers one caller only so often', async () => {
    const { address } = await publishAlone()
    const headers = { 'x-forwarded-for': '203.0.113.7' }
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => visit('POST', `/booking/${address}/hold`, { starts_at: at(DAYS, 9) }, headers)),
    )
    const refused = answers.filter(answer => answer.status === 429)
    expect(refused).toHaveLength(10)
    expect(refused[0]!.body.error.code).toBe('too_many_requests')
    expect(Number(refused[0]!.headers['retry-after'])).toBeGreaterThan(0)
    expect((await visit('GET', `/booking/${address}`, undefined, headers)).status).toBe(200)
  })
})

describe('booking', () => {
  test('of a slot makes the contact and the appointment, and says so to the customer', async () => {
    const { address, user_id } = await publishAlone({ place: 'video', location: 'https://call.example/room' })
    const fields = { roof: 'flat', rooms: 4 }
    const given = {
      ...SALLY,
      phone: sally.phone,
      starts_at: at(DAYS, 9),
      customer_notes: 'Please call first',
      fields,
      city: 'Bath',
    }
    const { status, body } = await visit('POST', `/booking/${address}/book`, given)
    expect([status, body]).toEqual([
      201,
      {
        token: body.token,
        manage_url: `${fresh.context.config.public_url}/booking/${body.token}`,
        address,
        name: 'First talk',
        workspace: 'Acme',
        host: 'agent',
        starts_at: at(DAYS, 9),
        ends_at: at(DAYS, 10),
        time_zone: 'Europe/London',
        place: 'video',
        location: 'https://call.example/room',
        status: 'scheduled',
        can_change: true,
      },
    ])
    const [appointment] = await diary.appointments(`assigned_to=${user_id}`)
    const shown = await diary.find(appointment!.id)
    expect(shown).toMatchObject({
      contact: { name: 'Sally Susa', email: sally.email, phone: sally.phone },
      customer_notes: 'Please call first',
      fields,
      city: 'Bath',
      booked_by: { kind: 'customer', name: 'Sally Susa' },
      decision_id: expect.any(Number),
    })
    expect(await diary.told(shown.id)).toEqual(['created', 'assigned', 'routed'])
    expect(await hoursOn(address)).not.toContain(9)
  })

  test('of somebody known finds the contact', async () => {
    const { id } = await diary.ask<Contact>('POST', '/contacts', { email: sarah.email, first_name: 'Sarah' })
    const { address, user_id } = await publishAlone()
    await visit('POST', `/booking/${address}/book`, {
      ...SALLY,
      first_name: 'Sarah',
      email: sarah.email.toUpperCase(),
      starts_at: at(DAYS, 9),
    })
    expect(await diary.appointments(`assigned_to=${user_id}`)).toMatchObject([{ contact_id: id }])
  })

  test('that somebody has to accept is pending, and takes the time all the same', async () => {
    const { address } = await publishAlone({ confirmation: 'by_hand' })
    expect((await visit('POST', `/booking/${address}/book`, { ...SALLY, starts_at: at(DAYS, 9) })).body.status).toBe('pending')
    expect(await hoursOn(address)).not.toContain(9)
  })

  test('goes around in the pool, and the decision says why', async () => {
    const people = [(await diary.hireWithHours()).user_id, (await diary.hireWithHours()).user_id]
    const address = await publish({}, people)
    const given: AppointmentShown[] = []
    for (const hour of [9, 10, 11, 12]) {
      const { body } = await visit('POST', `/booking/${address}/book`, { ...SALLY, starts_at: at(DAYS, hour) })
      const [booked] = await diary.appointments(`since=${body.starts_at}&until=${body.ends_at}&type=talk_${pages}`)
      given.push(await diary.find(booked!.id))
    }
    expect(new Set(given.slice(0, 2).map(each => each.assigned_to))).toEqual(new Set(people))
    expect(new Set(given.slice(2).map(each => each.assigned_to))).toEqual(new Set(people))
    const { members } = await diary.ask<Pool>('GET', `/pools/${(await poolOf(address)) ?? 0}`)
    expect(members.map(member => member.assigned)).toEqual([2, 2])
  })

  test('goes to the owner of the contact where the pool asks them first, and to the other when they have no time', async () => {
    const [owner, other] = [(await diary.hireWithHours()).user_id, (await diary.hireWithHours()).user_id]
    const address = await publish({}, [owner!, other!], 'owner_first')
    const email = 'owned@example.com'
    await diary.ask('POST', '/contacts', { email, owner_id: owner })
    const book = async () => (await visit('POST', `/booking/${address}/book`, { ...SALLY, email, starts_at: at(DAYS, 9) })).status
    expect([await book(), await book(), await book()]).toEqual([201, 201, 409])
    const booked = await diary.appointments(`type=talk_${pages}`)
    expect(booked.map(each => each.assigned_to)).toEqual([owner, other])
  })

  test('shows no times of those who have been given as much as they may, and of nobody when all have', async () => {
    const [one, other] = [(await diary.hireWithHours()).user_id, (await diary.hireWithHours()).user_id]
    const address = await publish({}, [one, other])
    const members = [
      { user_id: one, cap_day: 1 },
      { user_id: other, cap_open: 1 },
    ]
    await diary.ask('PATCH', `/pools/${await poolOf(address)}`, { members })
    const book = async (hour: number) => visit('POST', `/booking/${address}/book`, { ...SALLY, starts_at: at(DAYS, hour) })
    expect([(await book(9)).status, (await book(10)).status]).toEqual([201, 201])
    expect(await hoursOn(address)).toEqual([])
    const { status, body } = await book(11)
    expect([status, body.error.slots]).toEqual([409, []])
  })

  test('without a pool goes to whoever has the least to do', async () => {
    await fresh.database.system`update staff set bookable = false where workspace_id = ${fresh.workspace_id}`
    const people = [(await diary.hireWithHours()).user_id, (await diary.hireWithHours()).user_id]
    const address = await publish({ pool_id: null })
    for (const hour of [9, 10]) await visit('POST', `/booking/${address}/book`, { ...SALLY, starts_at: at(DAYS, hour) })
    const booked = await diary.appointments(`type=talk_${pages}`)
    expect(new Set(booked.map(each => each.assigned_to))).toEqual(new Set(people))
    await fresh.database.system`update staff set bookable = true where workspace_id = ${fresh.workspace_id}`
  })

  test('of a taken slot is refused with what is free now, without who works here, and leaves no contact behind', async () => {
    const { address, user_id } = await publishAlone()
    await diary.book({ scheduled_at: at(DAYS, 9), assigned_to: user_id })
    const { status, body } = await visit('POST', `/booking/${address}/book`, {
      ...SALLY,
      email: 'late@example.com',
      starts_at: at(DAYS, 9),
    })
    expect([status, body.error.code]).toEqual([409, 'slot_taken'])
    expect(body.error.slots).toHaveLength(20)
    expect(body.error.slots).toContainEqual({ starts_at: at(DAYS, 10), ends_at: at(DAYS, 11) })
    expect(body.error.slots.map(slot => slot.starts_at)).not.toContain(at(DAYS, 9))
    expect(JSON.stringify(body)).not.toContain('user_ids')
    expect(await diary.ask('GET', '/contacts?email=late@example.com')).toMatchObject({ data: [] })
  })

  test.each([
    ['beside the grid', () => at(DAYS, 9, 10)],
    ['outside of hours', () => at(DAYS, 20)],
    ['too soon', () => new Date(Date.now() + 60_000).toISOString()],
    ['in the past', () => at(-1, 9)],
  ])('%s is refused', async (_, starts_at) => {
    const { address } = await publishAlone()
    for (const step of ['hold', 'book']) {
      const given = step === 'book' ? { ...SALLY, starts_at: starts_at() } : { starts_at: starts_at() }
      const { status, body } = await visit('POST', `/booking/${address}/${step}`, given)
      expect([status, body.error.code]).toEqual([409, 'slot_taken'])
      expect(body.error.slots.length).toBeGreaterThan(0)
    }
  })

  test.each([
    [{ email: 'nobody' }, 'email'],
    [{ time_zone: 'Europe/Atlantis' }, 'time_zone'],
    [{ first_name: ' ' }, 'first_name'],
    [{ phone: '12' }, 'phone'],
    [{ website: 'https://spam.example' }, 'website'],
    [{ starts_at: undefined }, 'starts_at'],
  ])('with %j is refused with a sentence', async (wrong, field) => {
    const { address } = await publishAlone()
    const { status, body } = await visit('POST', `/booking/${address}/book`, { ...SALLY, starts_at: at(DAYS, 9), ...wrong })
    expect([status, Object.keys(body.error.fields)]).toEqual([422, [field]])
    expect(await hoursOn(address)).toContain(9)
  })

  test('twice with one Idempotency-Key is one, with the same answer', async () => {
    const { address, user_id } = await publishAlone()
    const press = () =>
      visit('POST', `/booking/${address}/book`, { ...SALLY, starts_at: at(DAYS, 9) }, { 'idempotency-key': 'pressed twice' })
    const [first, second] = [await press(), await press()]
    expect([second.status, second.body]).toEqual([201, first.body])
    expect(await diary.appointments(`assigned_to=${user_id}`)).toHaveLength(1)
  })

  test('lets the visitor’s history be the contact’s', async () => {
    const { address } = await publishAlone()
    const headers = basic(fresh.write_key)
    await fresh.app.inject({
      method: 'POST',
      url: '/v1/batch',
      headers,
      payload: batch(page('Roofs', { anonymousId: 'browser-of-booker' })),
    })
    const given = { ...SALLY, email: 'booker@example.com', distinct_id: 'browser-of-booker', starts_at: at(DAYS, 9) }
    expect((await visit('POST', `/booking/${address}/book`, given)).status).toBe(201)
    const { data } = await diary.ask<{ data: Contact[] }>('GET', '/contacts?email=booker@example.com')
    const timeline = await diary.ask<{ data: { name: string }[] }>('GET', `/contacts/${data[0]!.id}/timeline`)
    expect(timeline.data.map(entry => entry.name)).toEqual(expect.arrayContaining(['page_viewed', 'appointment.created']))
  })
})

async function poolOf(address: string) {
  const { data } = await diary.ask<{ data: Pool[] }>('GET', '/pools')
  return data.find(pool => pool.name === address)?.id
}

describe('holding', () => {
  const hold = (address: string, hour: number, hold_token?: string) =>
    visit<BookingHold & Refused>('POST', `/booking/${address}/hold`, {
      starts_at: at(DAYS, hour),
      ...(hold_token && { hold_token }),
    })

  test('keeps a slot from everybody else until it is booked', async () => {
    const { address, user_id } = await publishAlone()
    const held = await hold(address, 9)
    expect([held.status, held.body]).toMatchObject([201, { starts_at: at(DAYS, 9), ends_at: at(DAYS, 10) }])
    expect(Date.parse(held.body.expires_at) - Date.now()).toBeGreaterThan(9 * 60_000)
    expect((await hold(address, 9)).status).toBe(409)
    expect((await visit('POST', `/booking/${address}/book`, { ...SALLY, starts_at: at(DAYS, 9) })).status).toBe(409)
    expect(await hoursOn(address)).not.toContain(9)
    const booked = await visit('POST', `/booking/${address}/book`, { ...SALLY, hold_token: held.body.hold_token })
    expect([booked.status, booked.body.starts_at]).toEqual([201, at(DAYS, 9)])
    const again = await visit('POST', `/booking/${address}/book`, { ...SALLY, hold_token: held.body.hold_token })
    expect([again.status, again.body.error.code]).toEqual([409, 'slot_taken'])
    expect(await diary.appointments(`assigned_to=${user_id}`)).toHaveLength(1)
    expect((await diary.ask<Pool>('GET', `/pools/${await poolOf(address)}`)).members[0]!.assigned).toBe(1)
  })

  test('of another slot gives the first one back', async () => {
    const { address } = await publishAlone()
    const first = await hold(address, 9)
    await hold(address, 10, first.body.hold_token)
    expect((await hoursOn(address)).slice(0, 2)).toEqual([9, 11])
  })

  test('that ran out is in nobody’s way, and is booked by its token as long as nobody was faster', async () => {
    const { address } = await publishAlone()
    const [nine, ten] = [await hold(address, 9), await hold(address, 10)]
    await fresh.database.system`update appointments set held_until = now() - interval '1 s' where status = 'held'`
    expect((await visit('POST', `/booking/${address}/book`, { ...SALLY, starts_at: at(DAYS, 9) })).status).toBe(201)
    const late = await visit('POST', `/booking/${address}/book`, { ...SALLY, hold_token: nine.body.hold_token })
    expect([late.status, late.body.error.code]).toEqual([409, 'slot_taken'])
    expect((await visit('POST', `/booking/${address}/book`, { ...SALLY, hold_token: ten.body.hold_token })).status).toBe(201)
  })

  test('is proven by its token: another one, or that of another page, holds nothing', async () => {
    const { address } = await publishAlone()
    const other = await publishAlone()
    const { hold_token } = (await hold(address, 9)).body
    const changed = hold_token.replace(/.$/, last => (last === 'A' ? 'B' : 'A'))
    for (const [page, token] of [[address, changed], [other.address, hold_token], [address, 'x'], [address, '1-1-']] as const) {
      const { status, body } = await visit('POST', `/booking/${page}/book`, { ...SALLY, hold_token: token })
      expect([status, body.error.code]).toEqual([409, 'slot_taken'])
    } // biome-ignore format: one word after the other
    await hold(address, 10, changed)
    expect(await hoursOn(address)).not.toContain(9)
  })

  test('is no appointment: it is in no list, and its token opens none', async () => {
    const { address, user_id } = await publishAlone()
    const { hold_token } = (await hold(address, 9)).body
    expect(await diary.appointments(`assigned_to=${user_id}`)).toEqual([])
    expect((await visit('GET', `/bookings/${hold_token}`)).status).toBe(404)
  })
})

describe('what is booked', () => {
  async function booked(given: object = {}) {
    const { address, user_id } = await publishAlone(given)
    const { body } = await visit('POST', `/booking/${address}/book`, { ...SALLY, starts_at: at(DAYS, 9) })
    const [appointment] = await diary.appointments(`assigned_to=${user_id}`)
    return { ...body, user_id, id: appointment!.id }
  }

  test('is seen by its token, and by no other', async () => {
    const { token, id: _, user_id: __, ...shown } = await booked()
    expect(await visit('GET', `/bookings/${token}`)).toMatchObject({ status: 200, body: { token, ...shown } })
    for (const wrong of [token.slice(0, -1), `${token}x`, token.replace(/.$/, last => (last === 'A' ? 'B' : 'A')), 'x', '%00']) {
      for (const [method, step] of [['GET', ''], ['GET', '/slots'], ['POST', '/cancel'], ['POST', '/reschedule']] as const) {
        const { status, body } = await visit(method, `/bookings/${wrong}${step}`, method === 'POST' ? { ...(step === '/reschedule' && { starts_at: at(DAYS, 9) }) } : undefined)
        expect([wrong, status, body.error.code]).toEqual([wrong, 404, 'not_found'])
      } // biome-ignore format: one word after the other
    }
  })

  test('is moved to a slot that is free, with the same person', async () => {
    const { token, id, user_id } = await booked()
    const slots = await visit<BookingSlots>('GET', `/bookings/${token}/slots?since=${at(DAYS, 0)}&until=${at(DAYS, 11)}`)
    expect(slots.body.data.map(slot => slot.starts_at)).toEqual([at(DAYS, 9), at(DAYS, 10)])
    const moved = await visit('POST', `/bookings/${token}/reschedule`, { starts_at: at(DAYS, 10) })
    expect([moved.status, moved.body]).toMatchObject([
      200,
      { token, starts_at: at(DAYS, 10), status: 'rescheduled', can_change: true },
    ])
    expect(await diary.find(id)).toMatchObject({ assigned_to: user_id, version: 1, reschedule_count: 1 })
    expect((await diary.events(id)).at(-1)).toMatchObject({ action: 'appointment.rescheduled', actor: { kind: 'customer' } })
  })

  test('is not moved to a taken one, and the customer sees what is free instead', async () => {
    const { token, user_id, starts_at } = await booked()
    await diary.book({ scheduled_at: at(DAYS, 10), assigned_to: user_id })
    const { status, body } = await visit('POST', `/bookings/${token}/reschedule`, { starts_at: at(DAYS, 10) })
    expect([status, body.error.code]).toEqual([409, 'slot_taken'])
    expect(body.error.slots).toContainEqual({ starts_at: at(DAYS, 11), ends_at: at(DAYS, 12) })
    expect((await visit('GET', `/bookings/${token}`)).body.starts_at).toBe(starts_at)
  })

  test('goes to somebody else of the pool when whoever had it does not work here any more', async () => {
    const [gone, other] = [(await diary.hireWithHours()).user_id, (await diary.hireWithHours()).user_id]
    const address = await publish({}, [gone])
    const { token } = (await visit('POST', `/booking/${address}/book`, { ...SALLY, starts_at: at(DAYS, 9) })).body
    await diary.ask('PATCH', `/pools/${await poolOf(address)}`, { members: [{ user_id: gone }, { user_id: other }] })
    await fresh.database.system`delete from memberships where workspace_id = ${fresh.workspace_id} and user_id = ${gone}`
    expect((await visit('POST', `/bookings/${token}/reschedule`, { starts_at: at(DAYS, 10) })).status).toBe(200)
    expect(await diary.appointments(`type=talk_${pages}`)).toMatchObject([{ assigned_to: other }])
  })

  test('is cancelled with a reason, and its time is free again', async () => {
    const { token, id, address } = await booked()
    const { status, body } = await visit('POST', `/bookings/${token}/cancel`, { reason: 'It rains' })
    expect([status, body]).toMatchObject([200, { status: 'cancelled', can_change: false }])
    expect(await diary.find(id)).toMatchObject({ status: 'cancelled', cancel_reason: 'It rains' })
    expect(await hoursOn(address!)).toContain(9)
  })

  test('that has ended is shown, and neither moved nor cancelled', async () => {
    const { token, id } = await booked()
    await diary.age(id, 90)
    for (const [step, given] of [['reschedule', { starts_at: at(DAYS, 10) }], ['cancel', {}]] as const) {
      const { status, body } = await visit('POST', `/bookings/${token}/${step}`, given)
      expect([status, body.error.code]).toEqual([409, 'appointment_ended'])
    } // biome-ignore format: one word after the other
    expect((await visit('GET', `/bookings/${token}`)).body).toMatchObject({ status: 'scheduled', can_change: false })
  })
})
