import { beforeAll, describe, expect, test } from 'vitest'
import type { Slot } from '../../../shared/appointments.ts'
import type { Pool } from '../../../shared/pools.ts'
import { type FreshApp, freshApp, type Tenant } from '../../../test/app.ts'
import { inWorkspace } from '../../database/transaction.ts'
import { at, type Diary, diaryOf } from '../diary.fixture.ts'
import { lockPerson } from './lock.ts'
import { readFreeSlots } from './read.ts'
import { whoIsFree } from './who-is-free.ts'

let fresh: FreshApp
let agency: Tenant
let diary: Diary
beforeAll(async () => {
  fresh = await freshApp()
  agency = await fresh.another('Agency')
  diary = diaryOf(fresh)
  await diary.ask('PATCH', '/appointment-types/consultation', { interval_minutes: 60 })
})

const DAYS = 10

async function slotsOf(query: string, from = at(DAYS, 0), until = at(DAYS + 1, 0)) {
  return (await diary.ask<{ data: Slot[] }>('GET', `/appointments/slots?since=${from}&until=${until}&${query}`)).data
}

const hoursOf = (slots: Slot[]) => slots.map(slot => Number(slot.starts_at.slice(11, 13)))

/** Works in the other workspace as well. */
async function joinAgency(user_id: number) {
  await fresh.database.system`
    insert into memberships (workspace_id, user_id, role) values (${agency.workspace_id}, ${user_id}, 'agent')`
}

describe('free slots', () => {
  test('of one person leave out what is booked, with what is kept free around it', async () => {
    const { user_id } = await diary.hireWithHours()
    expect(hoursOf(await slotsOf(`user_id=${user_id}`))).toEqual([9, 10, 11, 12, 13, 14, 15, 16])
    await diary.book({ scheduled_at: at(DAYS, 11), assigned_to: user_id })
    expect(hoursOf(await slotsOf(`user_id=${user_id}`))).toEqual([9, 10, 12, 13, 14, 15, 16])
    await diary.ask('PATCH', `/staff/${user_id}`, { after_minutes: 20 })
    expect(hoursOf(await slotsOf(`user_id=${user_id}`))).toEqual([9, 12, 13, 14, 15, 16])
  })

  test('have the time of what was cancelled again', async () => {
    const { user_id } = await diary.hireWithHours()
    const booked = await diary.book({ scheduled_at: at(DAYS, 9), assigned_to: user_id })
    expect(hoursOf(await slotsOf(`user_id=${user_id}`))).not.toContain(9)
    await diary.step(booked.id, 'cancel')
    expect(hoursOf(await slotsOf(`user_id=${user_id}`))).toContain(9)
  })

  test('of an appointment that is moved have its own time, and its own length', async () => {
    const { user_id } = await diary.hireWithHours()
    const booked = await diary.book({ scheduled_at: at(DAYS, 9), assigned_to: user_id, duration_minutes: 180 })
    expect(hoursOf(await slotsOf(`user_id=${user_id}&instead_of=${booked.id}`))).toEqual([9, 10, 11, 12, 13, 14])
    expect(await diary.ask('GET', '/appointments/slots?instead_of=999999999').catch(String)).toContain('instead_of')
  })

  test('are none on days that are full, of absences and of dates without hours', async () => {
    const { user_id } = await diary.hireWithHours({ daily_limit: 1, dates: [{ date: at(DAYS + 1, 0).slice(0, 10), hours: [] }] })
    await diary.book({ scheduled_at: at(DAYS, 9), assigned_to: user_id })
    await diary.ask('POST', `/staff/${user_id}/absences`, { starts_at: at(DAYS + 2, 0), ends_at: at(DAYS + 2, 15) })
    const found = await slotsOf(`user_id=${user_id}`, at(DAYS, 0), at(DAYS + 3, 0))
    expect(found.map(slot => slot.starts_at)).toEqual([at(DAYS + 2, 15), at(DAYS + 2, 16)])
  })

  test('of a pool name who is free, and of people without hours there are none', async () => {
    const [one, other] = [await diary.hireWithHours(), await diary.hireWithHours()]
    const nobody = await diary.hire()
    const people = [one, other, nobody].map(({ user_id }) => ({ user_id }))
    const pool = await diary.ask<Pool>('POST', '/pools', { name: 'Roofs', strategy: 'weighted', members: people })
    await diary.book({ scheduled_at: at(DAYS, 9), assigned_to: one.user_id })
    const [first, second] = await slotsOf(`pool_id=${pool.id}`)
    expect([first!.user_ids, second!.user_ids]).toEqual([[other.user_id], [one.user_id, other.user_id]])
    const empty = await diary.ask<Pool>('POST', '/pools', { name: 'Nobody', strategy: 'weighted', members: [] })
    expect(await slotsOf(`pool_id=${empty.id}`)).toEqual([])
  })

  test.each([
    ['pool_id=999999', 'pool_id'],
    ['user_id=999999', 'user_id'],
    ['type=nothing', 'type'],
    [`since=${at(3, 0)}&until=${at(2, 0)}`, 'until'],
    [`since=${at(3, 0)}&until=${at(99, 0)}`, 'until'],
  ])('of %s are refused with a sentence', async (query, field) => {
    const answer = await fresh.app.inject({
      url: `/api/v1/appointments/slots?${query}`,
      headers: { authorization: `Bearer ${fresh.secret_key}` },
    })
    expect([answer.statusCode, Object.keys(answer.json().error.fields)]).toEqual([422, [field]])
  })

  test('are not offered of what is past', async () => {
    const { user_id } = await diary.hireWithHours()
    expect(await slotsOf(`user_id=${user_id}`, at(-3, 0), at(-1, 0))).toEqual([])
  })
})

describe('who works in two workspaces', () => {
  test('is not free at a time that is booked in the other one, and nothing else of it is seen', async () => {
    const { user_id } = await diary.hireWithHours()
    await joinAgency(user_id)
    const theirs = diaryOf(fresh, agency)
    const booked = await theirs.book({ scheduled_at: at(DAYS, 10), assigned_to: user_id })
    expect(hoursOf(await slotsOf(`user_id=${user_id}`))).toEqual([9, 11, 12, 13, 14, 15, 16])
    const answer = await diary.answer('POST', '/appointments', {
      email: 'x@example.com',
      scheduled_at: at(DAYS, 10),
      assigned_to: user_id,
    })
    expect(answer).toMatchObject({ status: 409, code: 'slot_taken' })
    expect(answer.message).toBe('They are busy elsewhere at that time. Choose one of `slots`, which are free now.')
    await theirs.step(booked.id, 'cancel')
    expect(hoursOf(await slotsOf(`user_id=${user_id}`))).toContain(10)
  })

  test('is free again when they have left the other one', async () => {
    const { user_id } = await diary.hireWithHours()
    await joinAgency(user_id)
    await diaryOf(fresh, agency).book({ scheduled_at: at(DAYS, 10), assigned_to: user_id })
    await fresh.database.system`delete from memberships where workspace_id = ${agency.workspace_id} and user_id = ${user_id}`
    expect(hoursOf(await slotsOf(`user_id=${user_id}`))).toContain(10)
  })

  test('is asked for as the system, and afterwards the transaction is behind the wall again', async () => {
    const { user_id } = await diary.hireWithHours()
    await joinAgency(user_id)
    await diaryOf(fresh, agency).book({ scheduled_at: at(DAYS, 10), assigned_to: user_id })
    await inWorkspace(fresh.database, fresh.workspace_id, async sql => {
      const free = whoIsFree(sql, fresh.workspace_id, [user_id], meeting(10))
      // Sent at the same moment: they must not slip in between.
      const seen = await Promise.all([
        free,
        ...Array.from({ length: 5 }, () => sql`select distinct workspace_id from appointments`),
      ])
      expect(seen[0].get(user_id)).toBe('busy_elsewhere')
      for (const rows of [...seen.slice(1), await sql`select distinct workspace_id from appointments`]) {
        expect(rows).toEqual([{ workspace_id: fresh.workspace_id }])
      }
      expect(await sql`select current_user`).toEqual([{ current_user: 'throughline_app' }])
    })
  })

  test('gets one of two bookings of the same time in both at the same moment', async () => {
    const { user_id } = await diary.hireWithHours()
    await joinAgency(user_id)
    const theirs = diaryOf(fresh, agency)
    for (const hour of [9, 11, 13, 15]) {
      const body = { email: 'sally@example.com', scheduled_at: at(DAYS, hour), assigned_to: user_id }
      const both = await Promise.all([diary, theirs].map(each => each.answer('POST', '/appointments', body)))
      expect(both.map(answer => answer.status).sort()).toEqual([201, 409])
    }
  })
})

function meeting(hour: number, given: object = {}) {
  return { scheduled_at: at(DAYS, hour), duration_minutes: 60, before_minutes: 0, after_minutes: 0, ...given }
}

describe('who is free at a time, or why not', () => {
  const why = (user_id: number, wanted: ReturnType<typeof meeting>) =>
    inWorkspace(fresh.database, fresh.workspace_id, async sql =>
      (await whoIsFree(sql, fresh.workspace_id, [user_id], wanted)).get(user_id),
    )

  test('is told of each', async () => {
    const { user_id } = await diary.hireWithHours({ notice_minutes: 60 })
    expect(await why(user_id, meeting(9))).toBe(null)
    expect(await why(user_id, meeting(16, { duration_minutes: 61 }))).toBe('outside_hours')
    expect(await why(user_id, meeting(9, { notice: 20 * 1440 }))).toBe('notice')
    await diary.ask('POST', `/staff/${user_id}/absences`, { starts_at: at(DAYS, 9), ends_at: at(DAYS, 10) })
    expect(await why(user_id, meeting(9))).toBe('absent')
    await diary.book({ scheduled_at: at(DAYS, 12), assigned_to: user_id })
    expect(await why(user_id, meeting(12))).toBe('booked')
    await fresh.database.system`
      insert into busy_times (workspace_id, user_id, during)
      values (${fresh.workspace_id}, ${user_id}, tstzrange(${at(DAYS, 14)}::text::timestamptz, ${at(DAYS, 15)}::text::timestamptz))`
    expect(await why(user_id, meeting(14))).toBe('busy_elsewhere')
    expect(await why(user_id, meeting(13, { after_minutes: 1 }))).toBe('busy_elsewhere')
    await diary.ask('PATCH', `/staff/${user_id}`, { daily_limit: 1 })
    expect(await why(user_id, meeting(15))).toBe('daily_limit')
    await diary.ask('PATCH', `/staff/${user_id}`, { bookable: false })
    expect(await why(user_id, meeting(15))).toBe('not_bookable')
    expect(await why(999_999, meeting(15))).toBe('not_bookable')
  })

  test('does not mind what was held and ran out', async () => {
    const { user_id } = await diary.hireWithHours()
    await fresh.database.system`
      insert into appointments (workspace_id, assigned_to, scheduled_at, status, held_until)
      values (${fresh.workspace_id}, ${user_id}, ${at(DAYS, 9)}::text::timestamptz, 'held', now() + interval '1 minute'),
             (${fresh.workspace_id}, ${user_id}, ${at(DAYS, 10)}::text::timestamptz, 'held', now() - interval '1 second')`
    expect([await why(user_id, meeting(9)), await why(user_id, meeting(10))]).toEqual(['booked', null])
  })
})

test('however many people there are, as many statements are sent', async () => {
  const count = async (user_ids: number[]) =>
    inWorkspace(fresh.database, fresh.workspace_id, async sql => {
      let statements = 0
      const counting = new Proxy(sql, {
        apply: (target, self, args) => {
          if (Array.isArray(args[0]) && /^\s*select/.test(String(args[0][0]))) statements++
          return Reflect.apply(target as never, self, args)
        },
      })
      const span = { since: at(DAYS, 0), until: at(DAYS + 30, 0), notice_minutes: 0, interval_minutes: 30 }
      await readFreeSlots(counting, fresh.workspace_id, { ...meeting(0), ...span, user_ids })
      return statements
    })
  const people = await Promise.all(Array.from({ length: 6 }, () => diary.hireWithHours()))
  const few = await count([people[0]!.user_id])
  expect(few).toBeGreaterThan(4)
  expect(await count(people.map(person => person.user_id))).toBe(few)
})

test('whoever locks people in another order does not wait in a circle', async () => {
  const people = [1, 2, 3, 4, 5]
  const locked = Array.from({ length: 20 }, (_, k) =>
    inWorkspace(fresh.database, fresh.workspace_id, async sql => {
      await lockPerson(sql, k % 2 === 0 ? people : people.toReversed())
      return k
    }),
  )
  expect((await Promise.all(locked)).length).toBe(20)
})
