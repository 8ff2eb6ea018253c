import { beforeAll, describe, expect, test } from 'vitest'
import type { LeadShown } from '../../shared/leads.ts'
import type { Role } from '../../shared/workspaces.ts'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { bearer } from '../../test/people.ts'
import { type Desk, deskOf } from './desk.fixture.ts'

let fresh: FreshApp
let desk: Desk
beforeAll(async () => {
  fresh = await freshApp()
  desk = deskOf(fresh)
})

describe('an agent', () => {
  let anna: Desk
  let anna_id: number
  let own: LeadShown
  let other: LeadShown
  beforeAll(async () => {
    const person = await desk.hire('agent')
    anna_id = person.user_id
    anna = desk.as(person)
    own = await desk.make({ assigned_to: anna_id })
    other = await desk.make()
  })

  test('sees all leads and changes those that are assigned to them', async () => {
    expect((await anna.list()).map(lead => lead.id)).toEqual([other.id, own.id])
    expect(await anna.ask('PATCH', `/leads/${own.id}`, { priority: 1 })).toMatchObject({ priority: 1 })
    expect(await anna.ask('POST', `/leads/${own.id}/status`, { status: 'contacted' })).toMatchObject({ status: 'contacted' })
    expect(await anna.ask('POST', `/leads/${own.id}/move`, { status: 'qualified' })).toMatchObject({ status: 'qualified' })
    const forbidden = [
      anna.answer('PATCH', `/leads/${other.id}`, { priority: 1 }),
      anna.answer('PATCH', `/leads/${other.id}`, { assigned_to: anna_id }),
      anna.answer('POST', `/leads/${other.id}/status`, { status: 'lost' }),
      anna.answer('POST', `/leads/${other.id}/move`, { status: 'contacted' }),
      anna.answer('POST', '/leads/selection', { ids: [own.id, other.id], priority: 2 }),
      anna.answer('POST', '/tasks', { kind: 'note', body: 'x', lead_id: other.id, assigned_to: null }),
    ]
    for (const answer of await Promise.all(forbidden)) expect(answer).toMatchObject({ status: 403, code: 'forbidden' })
    expect(await desk.ask('GET', `/leads/${other.id}`)).toEqual({ ...other, stays: expect.any(Array) })
    expect(await desk.ask('GET', `/leads/${own.id}`)).toMatchObject({ priority: 1 })
  })

  test('makes leads of their own, whatever a rule or they say', async () => {
    await desk.ask('POST', '/assignment-rules', {
      name: 'All',
      strategy: 'weighted',
      members: [{ user_id: (await desk.hire()).user_id }],
    })
    expect(await anna.make()).toMatchObject({ assigned_to: anna_id })
    expect(await anna.make({ assigned_to: null })).toMatchObject({ assigned_to: anna_id })
  })

  test('works on their tasks and those of their leads', async () => {
    const given = await desk.ask<{ id: number }>('POST', '/tasks', { kind: 'call', title: 'Call', assigned_to: anna_id })
    const of_lead = await desk.ask<{ id: number }>('POST', '/tasks', { kind: 'call', title: 'Call', lead_id: own.id })
    const strange = await desk.ask<{ id: number }>('POST', '/tasks', { kind: 'call', title: 'Call', lead_id: other.id })
    for (const { id } of [given, of_lead]) await anna.ask('PATCH', `/tasks/${id}`, { done: true })
    expect(await anna.answer('PATCH', `/tasks/${strange.id}`, { done: true })).toMatchObject({ status: 403 })
  })

  test('sets up nothing', async () => {
    for (const url of ['/pipelines', '/lead-types', '/assignment-rules'])
      expect(await anna.answer('POST', url, { key: 'x', name: 'x', strategy: 'weighted', members: [] })).toMatchObject({
        status: expect.toSatisfy(status => [403, 422].includes(status)),
      })
    expect(await anna.answer('POST', '/pipelines', { name: 'x' })).toMatchObject({ status: 403 })
  })
})

test.each<[Role, number]>([
  ['owner', 201],
  ['admin', 201],
  ['manager', 201],
  ['analyst', 403],
])('%s making a lead is answered %i', async (role, status) => {
  const person = desk.as(await desk.hire(role))
  const answer = await person.answer('POST', '/leads', { email: `${role}@example.com` })
  expect(answer.status).toBe(status)
})

test('a key that may only read changes nothing', async () => {
  const { key } = await desk.ask<{ key: string }>('POST', '/keys', { kind: 'secret', name: 'Reader', scopes: ['read'] })
  const reader = deskOf(fresh)
  reader.become(bearer(key))
  expect((await reader.answer('GET', '/leads')).status).toBe(200)
  expect(await reader.answer('POST', '/leads', { email: 'key@example.com' })).toMatchObject({
    status: 403,
    code: 'missing_scope',
    fields: { scope: 'update' },
  })
})

test('everybody who works in the workspace can be found by name', async () => {
  const office = await fresh.another('Users')
  const there = deskOf(fresh, office)
  const [one, two] = [await there.hire('agent'), await there.hire('manager')]
  await desk.hire('owner')
  const users = await there.ask<{ data: object[] }>('GET', '/users')
  expect(users.data).toEqual([
    { id: one.user_id, name: 'agent', email: one.email, role: 'agent', role_id: null },
    { id: two.user_id, name: 'manager', email: two.email, role: 'manager', role_id: null },
  ])
  const { next_cursor } = await there.ask<{ next_cursor: string }>('GET', '/users?limit=1')
  expect(await there.ask('GET', `/users?limit=1&cursor=${next_cursor}`)).toMatchObject({
    data: [{ id: two.user_id }],
    next_cursor: null,
  })
})
