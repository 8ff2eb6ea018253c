import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Pool } from '../../../shared/pools.ts'
import { type FreshApp, freshApp } from '../../../test/app.ts'
import { sally } from '../../../test/people.ts'
import { hoursFromNow } from '../diary.fixture.ts'
import { type Dispatch, dispatchOf, owners, times, toPool } from './routing.fixture.ts'

let fresh: FreshApp
let dispatch: Dispatch
let anna: number
let ben: number
let carl: number
beforeAll(async () => {
  fresh = await freshApp()
})
beforeEach(async () => {
  dispatch = dispatchOf(fresh, await fresh.another())
  ;[anna, ben, carl] = [await dispatch.staff(), await dispatch.staff(), await dispatch.staff()]
})

const poolRule = async (members: (number | object)[], given: object = {}, rule: object = {}) => {
  const pool = await dispatch.pool(members, given)
  await dispatch.rule({ target: toPool(pool), ...rule })
  return pool
}
const bookMany = async (count: number, given: object = {}) => {
  const appointments = []
  for (let k = 0; k < count; k++) appointments.push(await dispatch.book(given))
  return owners(appointments)
}

test('by weight: in every round each has as many as the weight says, and nobody all in a row', async () => {
  const pool = await poolRule([{ user_id: anna, weight: 3 }, ben, carl])
  const given_to = await bookMany(10)
  for (const round of [given_to.slice(0, 5), given_to.slice(5)])
    expect([times(round, anna), times(round, ben), times(round, carl)]).toEqual([3, 1, 1])
  expect(given_to.slice(0, 3)).not.toEqual([anna, anna, anna])
  const { members } = await dispatch.ask<Pool>('GET', `/pools/${pool.id}`)
  expect(members.map(member => [member.user_id, member.assigned, member.assigned_day, member.assigned_week])).toEqual([
    [anna, 6, 6, 6],
    [ben, 2, 2, 2],
    [carl, 2, 2, 2],
  ])
})

test('who waits longest is next', async () => {
  await poolRule([anna, { user_id: ben, weight: 50 }, carl], { strategy: 'least_recent' })
  expect(await bookMany(6)).toEqual([anna, ben, carl, anna, ben, carl])
})

test('who has the fewest open appointments is next, wherever these came from', async () => {
  await poolRule([anna, ben], { strategy: 'least_loaded' })
  const first = await dispatch.book({ assigned_to: anna })
  await dispatch.book({ assigned_to: anna })
  expect(await bookMany(2)).toEqual([ben, ben])
  await dispatch.step(first.id, 'cancel')
  expect(await bookMany(1)).toEqual([anna])
})

test('who owns the contact has its appointments as long as they can; the others go by weight', async () => {
  const pool = await poolRule([anna, { user_id: ben, cap_day: 2 }], { strategy: 'owner_first' })
  const contact = await dispatch.ask<{ id: number }>('POST', '/contacts', { email: sally.email, owner_id: ben })
  expect(await bookMany(3, { contact_id: contact.id })).toEqual([ben, ben, anna])
  const { data } = await dispatch.ask<{ data: { reason: string; pool_id: number; excluded: object[] }[] }>(
    'GET',
    '/routing-decisions',
  )
  expect(data.map(each => each.reason)).toEqual(['weighted', 'owner', 'owner'])
  expect(data[0]!.excluded).toEqual([{ user_id: ben, pool_id: pool.id, reason: 'cap_day' }])
})

test('an owner who is not in the pool is not asked', async () => {
  await poolRule([anna], { strategy: 'owner_first' })
  const contact = await dispatch.ask<{ id: number }>('POST', '/contacts', { email: sally.email, owner_id: ben })
  expect(await bookMany(1, { contact_id: contact.id })).toEqual([anna])
})

test('the others are asked only when nobody more urgent can', async () => {
  await poolRule([{ user_id: carl, priority: 1, cap_day: 2 }, { user_id: anna, priority: 2 }, ben])
  expect(await bookMany(5)).toEqual([carl, carl, anna, anna, anna])
})

describe('caps', () => {
  test('of the day, the week and what is open are kept, and then nobody has it', async () => {
    await poolRule([
      { user_id: anna, cap_day: 1 },
      { user_id: ben, cap_week: 1 },
      { user_id: carl, cap_open: 1 },
    ])
    const given_to = await bookMany(4)
    expect(given_to.slice(0, 3).sort()).toEqual([anna, ben, carl].sort())
    expect(given_to[3]).toBe(null)
    const unrouted = await dispatch.appointments('assigned_to=0&open=true')
    const why = await dispatch.why(unrouted[0]!)
    expect(why).toMatchObject({ reason: 'nobody_can', target: { kind: 'nobody' } })
    expect(why.sentence).toContain('nobody whom the rule names could take it')
    expect(why.excluded.map(({ user_id, reason }) => [user_id, reason])).toEqual([
      [anna, 'cap_day'],
      [ben, 'cap_week'],
      [carl, 'cap_open'],
    ])
  })

  test("count by days and weeks of the workspace's zone, and begin anew with each", async () => {
    await dispatch.ask('PATCH', `/workspaces/${dispatch.workspace_id}`, { time_zone: 'Pacific/Kiritimati' })
    await poolRule([
      { user_id: anna, cap_day: 1 },
      { user_id: ben, cap_week: 1 },
    ])
    expect((await bookMany(3)).sort()).toEqual([anna, ben, null].sort())
    const [row] = await fresh.database.system<{ day: boolean; week: boolean }[]>`
      select bool_and(day = (now() at time zone 'Pacific/Kiritimati')::date) as day,
             bool_and(week = date_trunc('week', now() at time zone 'Pacific/Kiritimati')::date) as week
        from pool_members
       where workspace_id = ${dispatch.workspace_id}`
    expect(row).toEqual({ day: true, week: true })
    // Yesterday, as far as the counters know; then last week.
    await fresh.database.system`update pool_members set day = day - 1 where workspace_id = ${dispatch.workspace_id}`
    expect(await bookMany(2)).toEqual([anna, null])
    await fresh.database.system`update pool_members set week = week - 7 where workspace_id = ${dispatch.workspace_id}`
    expect(await bookMany(1)).toEqual([ben])
  })

  test('are never exceeded by fifty who book at the same moment, and turns are given once', async () => {
    const pool = await poolRule([
      { user_id: anna, cap_day: 7 },
      { user_id: ben, cap_week: 11 },
      { user_id: carl, cap_open: 13 },
    ])
    const booked = await Promise.all(Array.from({ length: 50 }, () => dispatch.book()))
    const given_to = owners(booked)
    expect([anna, ben, carl, null].map(one => times(given_to, one))).toEqual([7, 11, 13, 19])
    const { members } = await dispatch.ask<Pool>('GET', `/pools/${pool.id}`)
    expect(members.map(member => member.assigned)).toEqual([7, 11, 13])
  })
})

test('fifty at the same moment share exactly as the weights say', async () => {
  await poolRule([{ user_id: anna, weight: 3 }, { user_id: ben, weight: 2 }, carl])
  const given_to = owners(await Promise.all(Array.from({ length: 48 }, () => dispatch.book())))
  expect([anna, ben, carl].map(one => times(given_to, one))).toEqual([24, 16, 8])
})

test('of many who want the same hour, each of the pool has one and nobody has two', async () => {
  await poolRule([anna, ben, carl])
  const scheduled_at = hoursFromNow(48)
  const given_to = owners(await Promise.all(Array.from({ length: 8 }, () => dispatch.book({ scheduled_at }))))
  expect([anna, ben, carl, null].map(one => times(given_to, one))).toEqual([1, 1, 1, 5])
})

test('who left the workspace has nothing any more and is not shown', async () => {
  const pool = await poolRule([anna, ben])
  await fresh.database.system`delete from memberships where workspace_id = ${dispatch.workspace_id} and user_id = ${anna}`
  expect(await bookMany(2)).toEqual([ben, ben])
  const { members } = await dispatch.ask<Pool>('GET', `/pools/${pool.id}`)
  expect(members.map(member => member.user_id)).toEqual([ben])
})

test('who joins later has their share from then on and does not catch up', async () => {
  const pool = await poolRule([anna, ben])
  await bookMany(4)
  await dispatch.ask('PATCH', `/pools/${pool.id}`, { members: [anna, ben, carl].map(user_id => ({ user_id })) })
  const given_to = await bookMany(6)
  expect([anna, ben, carl].map(one => times(given_to, one))).toEqual([2, 2, 2])
})

test('a pool is made, read, changed and deleted, and each is told', async () => {
  const made = await dispatch.pool([{ user_id: anna, weight: 2, priority: 1, cap_day: 3, cap_week: 9, cap_open: 4 }], {
    name: 'Closers',
  })
  expect(made).toMatchObject({
    name: 'Closers',
    strategy: 'weighted',
    members: [{ user_id: anna, weight: 2, priority: 1, cap_day: 3 }],
  })
  const changed = await dispatch.ask<Pool>('PATCH', `/pools/${made.id}`, { name: 'Hunters', if_updated_at: made.updated_at })
  expect(changed).toMatchObject({ name: 'Hunters', members: made.members })
  expect(await dispatch.answer('PATCH', `/pools/${made.id}`, { name: 'X', if_updated_at: made.updated_at })).toMatchObject({
    status: 409,
    code: 'conflict',
  })
  expect((await dispatch.ask<{ data: Pool[] }>('GET', '/pools')).data.map(pool => pool.name)).toEqual(['Hunters'])
  await dispatch.ask('DELETE', `/pools/${made.id}`)
  expect(await dispatch.answer('GET', `/pools/${made.id}`)).toMatchObject({ status: 404 })
  const { data } = await dispatch.ask<{ data: { action: string }[] }>('GET', '/activities')
  expect(data.map(({ action }) => action).filter(action => action.startsWith('pool.'))).toEqual([
    'pool.deleted',
    'pool.updated',
    'pool.created',
  ])
})

test('members are people of the workspace, each once; a pool that something gives to stays', async () => {
  const wrong = (members: object[]) => dispatch.answer('POST', '/pools', { name: 'P', strategy: 'weighted', members })
  expect(await wrong([{ user_id: 2_000_000_000 }])).toMatchObject({
    status: 422,
    fields: { members: expect.stringContaining('is no user') },
  })
  expect(await wrong([{ user_id: anna }, { user_id: anna }])).toMatchObject({ fields: { members: `${anna} is there twice` } })
  const pool = await poolRule([anna], {}, { name: 'All' })
  expect(await dispatch.answer('DELETE', `/pools/${pool.id}`)).toMatchObject({
    status: 409,
    code: 'in_use',
    message: expect.stringContaining('“All”'),
  })
})

test('managers change pools and rules; agents and analysts read them', async () => {
  const given = { name: 'P', strategy: 'weighted', members: [] }
  const manager = dispatch.as(await dispatch.hire('manager'))
  const pool = await manager.ask<Pool>('POST', '/pools', given)
  for (const role of ['agent', 'analyst'] as const) {
    const desk = dispatch.as(await dispatch.hire(role))
    expect((await desk.ask<Pool>('GET', `/pools/${pool.id}`)).name).toBe('P')
    expect(await desk.answer('POST', '/pools', given)).toMatchObject({ status: 403 })
    expect(await desk.answer('POST', '/routing-rules', { name: 'R', target: { kind: 'nobody' } })).toMatchObject({ status: 403 })
    expect(await desk.answer('GET', '/routing-rules')).toMatchObject({ status: 200 })
  }
})
