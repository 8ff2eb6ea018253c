import { beforeAll, describe, expect, test } from 'vitest'
import type { StaffMember } from '../../../shared/staff.ts'
import { type FreshApp, freshApp } from '../../../test/app.ts'
import { asking, type Method } from '../../../test/asking.ts'
import { bearer } from '../../../test/people.ts'
import { type SignedIn, signedIn } from '../../../test/session.ts'

let fresh: FreshApp
let agent: SignedIn
let manager: SignedIn
beforeAll(async () => {
  fresh = await freshApp()
  agent = await signedIn(fresh, 'agent')
  manager = await signedIn(fresh, 'manager')
})

const { answer } = asking(() => fresh)
const ask = (method: Method, path: string, payload?: object, who: { headers: Record<string, string> } = manager) =>
  answer(method, path, payload, who)

const edit = (payload: object, user_id = agent.user_id) => ask('PATCH', `/staff/${user_id}`, payload)
const WEEK = [1, 2, 3, 4, 5].map(weekday => ({ weekday, opens: '09:00', closes: '17:00' }))

test('a member of whom nobody said when they work is there, without a zone and without hours', async () => {
  const { user_id } = await signedIn(fresh, 'analyst')
  const { body } = await ask('GET', '/staff')
  expect(body.data.find((each: StaffMember) => each.user_id === user_id)).toMatchObject({
    name: 'analyst',
    time_zone: null,
    bookable: false,
    hours: [],
    dates: [],
    absences: [],
    busy: null,
    has_feed: false,
    updated_at: null,
  })
})

test('hours, dates and settings are read back as they were given, in order', async () => {
  const hours = [{ weekday: 6, opens: '22:00', closes: '24:00' }, { weekday: 7, opens: '00:00', closes: '06:00' }, ...WEEK]
  const dates = [
    { date: '2027-12-31', hours: [{ opens: '09:00', closes: '12:00' }] },
    { date: '2027-12-24', hours: [] },
  ]
  const settings = { time_zone: 'Asia/Kathmandu', daily_limit: 4, before_minutes: 10, after_minutes: 5, notice_minutes: 120 }
  const { status, body } = await edit({ ...settings, hours, dates })
  expect(status).toBe(200)
  expect(body).toMatchObject({ ...settings, bookable: true, hours: [...WEEK, ...hours.slice(0, 2)], dates: dates.toReversed() })
  expect((await ask('GET', `/staff/${agent.user_id}`)).body).toEqual(body)
})

test('what is not given stays, and what is given as a whole replaces what was there', async () => {
  await edit({ hours: WEEK, dates: [{ date: '2027-05-01', hours: [] }], daily_limit: 3 })
  const { body } = await edit({ hours: WEEK.slice(0, 1), daily_limit: null })
  expect(body).toMatchObject({ hours: WEEK.slice(0, 1), dates: [{ date: '2027-05-01', hours: [] }], daily_limit: null })
})

test('without a zone at first, it is the workspace’s', async () => {
  await fresh.database.system`update workspaces set time_zone = 'America/Denver' where id = ${fresh.workspace_id}`
  const { user_id } = await signedIn(fresh, 'agent')
  expect((await edit({ hours: WEEK }, user_id)).body.time_zone).toBe('America/Denver')
})

describe('what cannot be is refused with a sentence', () => {
  const hour = (weekday: number, opens: string, closes: string) => ({ weekday, opens, closes })
  test.each([
    ['a zone that nobody knows', { time_zone: 'Europe/Atlantis' }, 'time_zone', 'must be a time zone such as'],
    ['an offset for a zone', { time_zone: '+02:00' }, 'time_zone', 'must be a time zone such as'],
    [
      'hours that overlap',
      { hours: [hour(1, '09:00', '12:00'), hour(1, '11:00', '15:00')] },
      'hours.1.opens',
      'overlaps 09:00 to 12:00 of Monday',
    ],
    ['the same hours twice', { hours: [hour(2, '09:00', '12:00'), hour(2, '09:00', '12:00')] }, 'hours.1.opens', 'overlaps'],
    ['hours of no length', { hours: [hour(3, '09:00', '09:00')] }, 'hours.0.closes', 'must be after 09:00'],
    ['hours past midnight', { hours: [hour(3, '22:00', '06:00')] }, 'hours.0.closes', 'are two: until 24:00'],
    [
      'a date twice',
      {
        dates: [
          { date: '2027-01-01', hours: [] },
          { date: '2027-01-01', hours: [] },
        ],
      },
      'dates.1.date',
      'there twice',
    ],
    ['30 February', { dates: [{ date: '2027-02-30', hours: [] }] }, 'dates.0.date', '2027-02-30 is no day'],
    ['29 February of a common year', { dates: [{ date: '2027-02-29', hours: [] }] }, 'dates.0.date', 'is no day'],
    [
      'hours of a date that overlap',
      {
        dates: [
          {
            date: '2027-01-01',
            hours: [
              { opens: '09:00', closes: '12:00' },
              { opens: '10:00', closes: '11:00' },
            ],
          },
        ],
      },
      'dates.0.hours.1.opens',
      'overlaps',
    ],
  ])('%s', async (_, payload, field, sentence) => {
    const { status, body } = await edit(payload)
    expect([status, body.error.code]).toEqual([422, 'invalid_fields'])
    expect(body.error.fields[field]).toContain(sentence)
  })

  test.each([
    { hours: [hour(1, '9:00', '12:00')] },
    { hours: [hour(8, '09:00', '12:00')] },
    { hours: [hour(1, '09:00', '25:00')] },
  ])('what is no hour at all: %j', async payload => expect((await edit(payload)).status).toBe(422))
})

test('29 February of a leap year is a day', async () => {
  expect((await edit({ dates: [{ date: '2028-02-29', hours: [] }] })).body.dates).toEqual([{ date: '2028-02-29', hours: [] }])
})

test('of two who change it at once the second is told, and nothing is lost', async () => {
  const { body: seen } = await edit({ daily_limit: 5 })
  expect((await edit({ daily_limit: 6, if_updated_at: seen.updated_at })).status).toBe(200)
  const late = await edit({ daily_limit: 7, if_updated_at: seen.updated_at })
  expect([late.status, late.body.error.code]).toEqual([409, 'conflict'])
  expect((await ask('GET', `/staff/${agent.user_id}`)).body.daily_limit).toBe(6)
})

describe('absences', () => {
  const july = { starts_at: '2027-07-01T00:00:00Z', ends_at: '2027-07-15T00:00:00Z', reason: 'vacation' }
  const away = (payload: object) => ask('POST', `/staff/${agent.user_id}/absences`, payload)

  test('are entered, shown until they are over, and taken away', async () => {
    const { status, body } = await away(july)
    expect([status, body]).toEqual([
      201,
      { id: body.id, ...july, starts_at: '2027-07-01T00:00:00.000Z', ends_at: '2027-07-15T00:00:00.000Z' },
    ])
    await away({ starts_at: '2020-07-01T00:00:00Z', ends_at: '2020-07-15T00:00:00Z' })
    expect((await ask('GET', `/staff/${agent.user_id}`)).body.absences).toEqual([body])
    expect((await ask('DELETE', `/staff/${agent.user_id}/absences/${body.id}`)).status).toBe(204)
    expect((await ask('DELETE', `/staff/${agent.user_id}/absences/${body.id}`)).status).toBe(404)
    expect((await ask('GET', `/staff/${agent.user_id}`)).body.absences).toEqual([])
  })

  test('end after they begin', async () => {
    for (const ends_at of [july.starts_at, '2027-06-30T00:00:00Z']) {
      const { status, body } = await away({ ...july, ends_at })
      expect([status, body.error.fields.ends_at]).toEqual([422, 'must be after starts_at: an absence ends after it began'])
    }
  })

  test('of one person are not taken away by the address of another', async () => {
    const { body } = await away(july)
    expect((await ask('DELETE', `/staff/${manager.user_id}/absences/${body.id}`)).status).toBe(404)
  })
})

describe('who may', () => {
  test('everybody changes their own hours, and managers those of others', async () => {
    expect((await ask('PATCH', `/staff/${agent.user_id}`, { daily_limit: 8 }, agent)).status).toBe(200)
    expect((await ask('PATCH', `/staff/${agent.user_id}`, { daily_limit: 9 }, manager)).status).toBe(200)
    const others = await ask('PATCH', `/staff/${manager.user_id}`, { daily_limit: 1 }, agent)
    expect([others.status, others.body.error.message]).toEqual([
      403,
      'You can change your own hours. Ask a manager to change those of others.',
    ])
    const away = { starts_at: '2027-07-01T00:00:00Z', ends_at: '2027-07-15T00:00:00Z' }
    expect((await ask('POST', `/staff/${manager.user_id}/absences`, away, agent)).status).toBe(403)
    expect((await ask('POST', `/staff/${agent.user_id}/absences`, away, agent)).status).toBe(201)
  })

  test('a key needs the right to change records, whoever it is about', async () => {
    const url = `/api/v1/staff/${agent.user_id}`
    const change = (key: string) => fresh.app.inject({ method: 'PATCH', url, headers: bearer(key), payload: { daily_limit: 2 } })
    expect((await change(fresh.secret_key)).statusCode).toBe(200)
    const made = await ask('POST', '/keys', { kind: 'secret', name: 'reader', scopes: ['read'] }, await signedIn(fresh, 'owner'))
    const refused = await change(made.body.key)
    expect([refused.statusCode, refused.json().error.code]).toEqual([403, 'missing_scope'])
  })

  test('nobody who does not work here is found', async () => {
    const stranger = await signedIn(fresh, 'agent', (await fresh.another()).workspace_id)
    for (const [method, path, payload] of [
      ['GET', '', undefined],
      ['PATCH', '', { bookable: false }],
      ['POST', '/absences', { starts_at: '2027-07-01T00:00:00Z', ends_at: '2027-07-15T00:00:00Z' }],
    ] as const) {
      expect((await ask(method, `/staff/${stranger.user_id}${path}`, payload)).status).toBe(404)
    }
  })
})

test('every change is told with what was before', async () => {
  const { user_id } = await signedIn(fresh, 'agent')
  await edit({ time_zone: 'Europe/London', hours: WEEK }, user_id)
  await edit({ hours: WEEK }, user_id) // the same: no change
  await edit({ time_zone: 'Asia/Kolkata' }, user_id)
  const absence = await ask('POST', `/staff/${user_id}/absences`, {
    starts_at: '2027-07-01T00:00:00Z',
    ends_at: '2027-07-02T00:00:00Z',
  })
  await ask('DELETE', `/staff/${user_id}/absences/${absence.body.id}`)
  const rows = await fresh.database.system`
    select action, before, after
      from activities
     where workspace_id = ${fresh.workspace_id} and action like 'staff.%' and subject_id = ${user_id}
     order by id`
  expect([...rows]).toEqual([
    {
      action: 'staff.changed',
      before: { time_zone: null, bookable: false, hours: [] },
      after: { time_zone: 'Europe/London', bookable: true, hours: WEEK },
    },
    { action: 'staff.changed', before: { time_zone: 'Europe/London' }, after: { time_zone: 'Asia/Kolkata' } },
    {
      action: 'staff.absence_added',
      before: null,
      after: {
        absence_id: absence.body.id,
        starts_at: '2027-07-01T00:00:00.000Z',
        ends_at: '2027-07-02T00:00:00.000Z',
        reason: null,
      },
    },
    {
      action: 'staff.absence_removed',
      before: {
        absence_id: absence.body.id,
        starts_at: '2027-07-01T00:00:00.000Z',
        ends_at: '2027-07-02T00:00:00.000Z',
        reason: null,
      },
      after: null,
    },
  ])
})
