import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { AssignmentRule } from '../../shared/assignment.ts'
import type { LeadShown } from '../../shared/leads.ts'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { sally } from '../../test/people.ts'
import { type Desk, deskOf } from './desk.fixture.ts'

let fresh: FreshApp
let desk: Desk
let anna: number
let ben: number
let carl: number
beforeAll(async () => {
  fresh = await freshApp()
})
beforeEach(async () => {
  desk = deskOf(fresh, await fresh.another())
  ;[anna, ben, carl] = [(await desk.hire()).user_id, (await desk.hire()).user_id, (await desk.hire()).user_id]
})

const rule = (given: object) =>
  desk.ask<AssignmentRule>('POST', '/assignment-rules', { name: 'Rule', strategy: 'weighted', members: [], ...given })
const give = async (given: object = {}) => (await desk.make(given)).assigned_to
const giveMany = async (count: number, given: object = {}) => {
  const given_to: (number | null)[] = []
  for (let k = 0; k < count; k++) given_to.push(await give(given))
  return given_to
}
const times = (given_to: (number | null)[], user_id: number | null) => given_to.filter(each => each === user_id).length

test('without a rule nobody has a lead, and whom somebody names has it whatever the rules say', async () => {
  expect(await give()).toBe(null)
  await rule({ members: [{ user_id: anna }] })
  expect(await give()).toBe(anna)
  expect(await give({ assigned_to: ben })).toBe(ben)
  expect(await give({ assigned_to: null })).toBe(null)
})

test('the first rule that matches chooses', async () => {
  const solar = await rule({
    name: 'Solar in California',
    matches: { lead_types: ['solar'], states: ['ca'] },
    members: [{ user_id: anna }],
  })
  await rule({ name: 'Around San Francisco', matches: { zip_prefixes: ['941', '940'] }, members: [{ user_id: ben }] })
  await rule({ name: 'The rest', members: [{ user_id: carl }] })
  expect(await give({ lead_type: 'solar', state: ' CA ', zip_code: '94110' })).toBe(anna)
  expect(await give({ lead_type: 'hvac', state: 'CA', zip_code: '94110' })).toBe(ben)
  expect(await give({ lead_type: 'solar' })).toBe(carl)
  await desk.ask('PATCH', `/assignment-rules/${solar.id}`, { active: false })
  expect(await give({ lead_type: 'solar', state: 'CA', zip_code: '94110' })).toBe(ben)
})

test.each([
  [{ sources: ['Google'] }, { source: 'google' }, { source: 'bing' }],
  [{ products: ['Panels', 'Boiler'] }, { product: 'boiler' }, {}],
  [
    { countries: ['US'], states: ['NY'] },
    { country: 'us', state: 'NY' },
    { country: 'US', state: 'NJ' },
  ],
  [{ webhooks: [4711] }, undefined, { source: 'google' }],
])('a rule for %j gets those leads only', async (matches, theirs, others) => {
  await rule({ matches, members: [{ user_id: anna }] })
  if (theirs) expect(await give(theirs)).toBe(anna)
  expect(await give(others)).toBe(null)
})

test('by weight: in every round each gets as many as the weight says, and nobody all in a row', async () => {
  const { id } = await rule({
    members: [
      { user_id: anna, weight: 5 },
      { user_id: ben, weight: 1 },
      { user_id: carl, weight: 1 },
    ],
  })
  const given_to = await giveMany(14)
  for (const round of [given_to.slice(0, 7), given_to.slice(7)])
    expect([times(round, anna), times(round, ben), times(round, carl)]).toEqual([5, 1, 1])
  // Smooth: the five of one round are not given one after the other.
  expect(
    given_to
      .slice(0, 7)
      .map(each => (each === anna ? 'a' : 'x'))
      .join(''),
  ).not.toContain('aaaaa')
  const { members } = await desk.ask<AssignmentRule>('GET', `/assignment-rules/${id}`)
  expect(members.map(member => [member.user_id, member.assigned, member.assigned_today])).toEqual([
    [anna, 10, 10],
    [ben, 2, 2],
    [carl, 2, 2],
  ])
})

test('who joins later gets their share from then on and does not catch up', async () => {
  const { id } = await rule({ members: [{ user_id: anna }, { user_id: ben }] })
  await giveMany(6)
  await desk.ask('PATCH', `/assignment-rules/${id}`, { members: [{ user_id: anna }, { user_id: ben }, { user_id: carl }] })
  const given_to = await giveMany(6)
  expect([times(given_to, anna), times(given_to, ben), times(given_to, carl)]).toEqual([2, 2, 2])
  const { members } = await desk.ask<AssignmentRule>('GET', `/assignment-rules/${id}`)
  expect(members.map(member => member.assigned)).toEqual([5, 5, 2])
})

test('who waits longest is next', async () => {
  await rule({ strategy: 'least_recent', members: [{ user_id: anna }, { user_id: ben }, { user_id: carl, weight: 50 }] })
  expect(await giveMany(6)).toEqual([anna, ben, carl, anna, ben, carl])
})

test('who owns the contact has its leads, listed in the rule or not; the others go by weight', async () => {
  await rule({ strategy: 'owner_first', members: [{ user_id: anna }, { user_id: ben }] })
  const contact = await desk.ask<{ id: number }>('POST', '/contacts', { email: sally.email, owner_id: carl })
  expect(await giveMany(2, { email: sally.email })).toEqual([carl, carl])
  await desk.ask('PATCH', `/contacts/${contact.id}`, { owner_id: ben })
  expect(await giveMany(2, { email: sally.email })).toEqual([ben, ben])
  expect((await giveMany(2)).sort()).toEqual([anna, ben].sort())
})

test('who left the workspace gets nothing any more', async () => {
  const { id } = await rule({ strategy: 'owner_first', members: [{ user_id: anna }, { user_id: ben }] })
  await desk.ask('POST', '/contacts', { email: sally.email, owner_id: anna })
  await fresh.database.system`delete from memberships where workspace_id = ${desk.workspace_id} and user_id = ${anna}`
  expect(await give({ email: sally.email })).toBe(ben)
  expect(await giveMany(3)).toEqual([ben, ben, ben])
  expect((await desk.ask<AssignmentRule>('GET', `/assignment-rules/${id}`)).members.map(member => member.user_id)).toEqual([ben])
})

describe('a cap of the day', () => {
  test('is never exceeded, also by leads that arrive at the same moment', async () => {
    await rule({
      members: [
        { user_id: anna, cap_day: 3 },
        { user_id: ben, cap_day: 2, weight: 10 },
      ],
    })
    const leads = await Promise.all(Array.from({ length: 12 }, () => desk.make()))
    const given_to = leads.map(lead => lead.assigned_to)
    expect([times(given_to, anna), times(given_to, ben), times(given_to, null)]).toEqual([3, 2, 7])
  })

  test("holds for an owner too, and for a day of the workspace's zone", async () => {
    await desk.ask('PATCH', `/workspaces/${desk.workspace_id}`, { time_zone: 'Pacific/Kiritimati' })
    const { id } = await rule({ strategy: 'owner_first', members: [{ user_id: anna, cap_day: 1 }, { user_id: ben }] })
    await desk.ask('POST', '/contacts', { email: sally.email, owner_id: anna })
    expect(await giveMany(2, { email: sally.email })).toEqual([anna, ben])
    const [row] = await fresh.database.system<{ is_there: boolean }[]>`
      select day = (now() at time zone 'Pacific/Kiritimati')::date as is_there
        from assignment_members
       where workspace_id = ${desk.workspace_id} and rule_id = ${id} and user_id = ${anna}`
    expect(row).toEqual({ is_there: true })
    // The next day, as far as the counters know.
    await fresh.database.system`update assignment_members set day = day - 1 where workspace_id = ${desk.workspace_id}`
    expect(await giveMany(2, { email: sally.email })).toEqual([anna, ben])
  })
})

test("a test lead is nobody's and takes nobody's turn", async () => {
  const { id } = await rule({ members: [{ user_id: anna, cap_day: 1 }] })
  expect(await give({ is_test: true })).toBe(null)
  expect((await desk.ask<AssignmentRule>('GET', `/assignment-rules/${id}`)).members[0]).toMatchObject({
    assigned: 0,
    assigned_today: 0,
  })
  expect(await give()).toBe(anna)
})

test('it is said why somebody has a lead', async () => {
  const { id } = await rule({ strategy: 'least_recent', members: [{ user_id: anna }] })
  const lead = await desk.make()
  const { data } = await desk.ask<{ data: object[] }>('GET', `/leads/${lead.id}/events`)
  expect(data).toMatchObject([
    { action: 'lead.assigned', after: { assigned_to: anna, reason: 'least_recent', rule_id: id } },
    { action: 'lead.created', after: { assigned_to: anna } },
  ])
  expect(await desk.ask<LeadShown>('GET', `/leads/${lead.id}`)).toMatchObject({ assigned_at: expect.any(String) })
})

describe('rules', () => {
  const order = async () =>
    (await desk.ask<{ data: AssignmentRule[] }>('GET', '/assignment-rules')).data.map(each => [each.position, each.name])

  test('are asked in an order that people choose', async () => {
    const [a] = [await rule({ name: 'a' }), await rule({ name: 'b' }), await rule({ name: 'c' })]
    await rule({ name: 'd', position: 2 })
    expect(await order()).toEqual([
      [1, 'a'],
      [2, 'd'],
      [3, 'b'],
      [4, 'c'],
    ])
    await desk.ask('PATCH', `/assignment-rules/${a!.id}`, { position: 3 })
    expect(await order()).toEqual([
      [1, 'd'],
      [2, 'b'],
      [3, 'a'],
      [4, 'c'],
    ])
    await desk.ask('PATCH', `/assignment-rules/${a!.id}`, { position: 99, name: 'z' })
    expect(await order()).toEqual([
      [1, 'd'],
      [2, 'b'],
      [3, 'c'],
      [4, 'z'],
    ])
    await desk.ask('DELETE', `/assignment-rules/${a!.id}`)
    expect(await order()).toEqual([
      [1, 'd'],
      [2, 'b'],
      [3, 'c'],
    ])
    expect(await desk.answer('GET', `/assignment-rules/${a!.id}`)).toMatchObject({ status: 404 })
  })

  test('take members of the workspace, each once, and lose nothing to two who edit', async () => {
    const stranger = (await deskOf(fresh).hire()).user_id
    for (const members of [[{ user_id: stranger }], [{ user_id: anna }, { user_id: anna }], [{ user_id: anna, weight: 0 }]])
      expect(await desk.answer('POST', '/assignment-rules', { name: 'x', strategy: 'weighted', members })).toMatchObject({
        status: 422,
      })
    expect(await order()).toEqual([])
    const { id, updated_at } = await rule({ members: [{ user_id: anna }] })
    const edit = (name: string) => desk.answer('PATCH', `/assignment-rules/${id}`, { name, if_updated_at: updated_at })
    expect((await Promise.all([edit('one'), edit('two')])).map(({ status }) => status).sort()).toEqual([200, 409])
  })
})
