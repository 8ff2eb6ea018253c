import { beforeAll, describe, expect, test } from 'vitest'
import type { LeadShown } from '../../shared/leads.ts'
import type { Task } from '../../shared/tasks.ts'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { type Desk, deskOf } from './desk.fixture.ts'

let fresh: FreshApp
let desk: Desk
beforeAll(async () => {
  fresh = await freshApp()
  desk = deskOf(fresh)
})

type List = { data: Task[]; next_cursor: string | null }
const make = (given: object) => desk.ask<Task>('POST', '/tasks', { kind: 'todo', title: 'Call back', ...given })
const list = async (query = '') => (await desk.ask<List>('GET', `/tasks?${query}`)).data
const actionsOf = async (id: number) =>
  (await desk.ask<{ data: { action: string }[] }>('GET', `/leads/${id}/events`)).data.map(event => event.action)

test('a task is of a lead and its contact, is done, and is to do again', async () => {
  const lead = await desk.make({ first_name: 'Sally' })
  const task = await make({ kind: 'call', lead_id: lead.id, due_at: '2026-03-01T09:00:00Z' })
  expect(task).toMatchObject({
    kind: 'call',
    lead_id: lead.id,
    contact_id: lead.contact_id,
    contact_name: 'Sally',
    done_at: null,
    assigned_to: null,
  })
  const done = await desk.ask<Task>('PATCH', `/tasks/${task.id}`, { done: true, outcome: 'reached' })
  expect(done).toMatchObject({ outcome: 'reached', done_at: expect.any(String) })
  expect((await desk.ask<LeadShown>('GET', `/leads/${lead.id}`)).contact_attempts).toBe(1)
  expect(await desk.ask<Task>('PATCH', `/tasks/${task.id}`, { done: true })).toEqual({ ...done, updated_at: expect.any(String) })
  expect(await desk.ask<Task>('PATCH', `/tasks/${task.id}`, { done: false })).toMatchObject({ done_at: null })
  expect(await actionsOf(lead.id)).toEqual(['task.reopened', 'lead.updated', 'task.done', 'task.created', 'lead.created'])
})

test('what was done is written down: a call counts as an attempt, a note does not', async () => {
  const lead = await desk.make()
  await make({ kind: 'call', title: 'Second call', outcome: 'no_answer', lead_id: lead.id, done: true })
  const note = await desk.ask<Task>('POST', '/tasks', {
    kind: 'note',
    body: 'Wants to begin in May.\nHas two dogs.',
    lead_id: lead.id,
  })
  expect(note).toMatchObject({ title: 'Wants to begin in May.', done_at: expect.any(String) })
  expect((await desk.ask<LeadShown>('GET', `/leads/${lead.id}`)).contact_attempts).toBe(1)
  const { data } = await desk.ask<List>('GET', `/leads/${lead.id}/tasks`)
  expect(data.map(task => task.title)).toEqual(['Wants to begin in May.', 'Second call'])
  expect(await actionsOf(lead.id)).toEqual(['lead.note_added', 'lead.updated', 'task.done', 'lead.created'])
  // It stands in the history of the contact as well.
  const timeline = await desk.ask<{ data: { name: string }[] }>('GET', `/contacts/${lead.contact_id}/timeline`)
  expect(timeline.data.map(entry => entry.name)).toContain('lead.note_added')
})

describe('the list', () => {
  test('of what is to do has first what is due first, of what is done the newest', async () => {
    const office = deskOf(fresh, await fresh.another('Tasks'))
    const anna = await office.hire()
    const add = (title: string, given: object) => office.ask<Task>('POST', '/tasks', { kind: 'todo', title, ...given })
    await add('some day', {})
    await add('in March', { due_at: '2026-03-01T09:00:00Z', assigned_to: anna.user_id })
    await add('in February', { due_at: '2026-02-01T09:00:00Z' })
    await add('also in March', { due_at: '2026-03-01T09:00:00Z', kind: 'call' })
    await add('some other day', { assigned_to: anna.user_id })
    const done = [await add('first', { done: true }), await add('second', { done: true })]
    const titles = async (query: string) => {
      const all: string[] = []
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page: List = await office.ask<List>('GET', `/tasks?limit=2&${query}${cursor === '' ? '' : `&cursor=${cursor}`}`)
        all.push(...page.data.map(task => task.title))
        cursor = page.next_cursor
      }
      return all
    }
    expect(await titles('')).toEqual(['in February', 'in March', 'also in March', 'some day', 'some other day'])
    expect(await titles(`assigned_to=${anna.user_id}`)).toEqual(['in March', 'some other day'])
    expect(await titles('assigned_to=0')).toEqual(['in February', 'also in March', 'some day'])
    expect(await titles('kind=call')).toEqual(['also in March'])
    expect(await titles('due_before=2026-02-15T00:00:00Z')).toEqual(['in February'])
    expect(await titles('state=done')).toEqual(['second', 'first'])
    await office.ask('PATCH', `/tasks/${done[1]!.id}`, { done: false })
    expect(await titles('state=done')).toEqual(['first'])
  })

  test('of a contact has those of everybody who is part of it', async () => {
    const [one, two] = [await desk.make(), await desk.make()]
    const task = await make({ contact_id: two.contact_id })
    await desk.ask('POST', `/contacts/${one.contact_id}/merge`, { other_id: two.contact_id })
    expect(await list(`contact_id=${one.contact_id}`)).toMatchObject([{ id: task.id, contact_id: one.contact_id }])
  })
})

test('whoever is signed in has a task that they make, unless they say whose it is', async () => {
  const manager = desk.as(await desk.hire('manager'))
  const person = await desk.hire('manager')
  const mine = await desk.as(person).ask<Task>('POST', '/tasks', { kind: 'todo', title: 'Mine' })
  expect(mine).toMatchObject({ assigned_to: person.user_id, created_by: { kind: 'user', id: person.user_id } })
  expect(await manager.ask('POST', '/tasks', { kind: 'todo', title: 'Yours', assigned_to: person.user_id })).toMatchObject({
    assigned_to: person.user_id,
  })
  expect(await manager.ask('POST', '/tasks', { kind: 'todo', title: 'Nobody', assigned_to: null })).toMatchObject({
    assigned_to: null,
  })
})

test('what does not fit is refused', async () => {
  for (const given of [{ lead_id: 1_234_567_890 }, { contact_id: 999_999 }, { assigned_to: 99_999 }, { kind: 'dance' }])
    expect(await desk.answer('POST', '/tasks', { kind: 'todo', title: 'x', ...given })).toMatchObject({ status: 422 })
  const task = await make({})
  const edit = (title: string) => desk.answer('PATCH', `/tasks/${task.id}`, { title, if_updated_at: task.updated_at })
  expect((await Promise.all([edit('one'), edit('two')])).map(({ status }) => status).sort()).toEqual([200, 409])
})
