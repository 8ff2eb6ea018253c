import { beforeAll, describe, expect, test } from 'vitest'
import type { LeadShown } from '../../shared/leads.ts'
import type { Pipeline } from '../../shared/pipelines.ts'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { type Desk, deskOf } from './desk.fixture.ts'

let fresh: FreshApp
let desk: Desk
beforeAll(async () => {
  fresh = await freshApp()
  desk = deskOf(fresh)
})

type Event = { action: string; before: Record<string, unknown> | null; after: Record<string, unknown> | null }

const to = (id: number, status: string, more: object = {}) =>
  desk.ask<LeadShown>('POST', `/leads/${id}/status`, { status, ...more })
const eventsOf = async (id: number) => (await desk.ask<{ data: Event[] }>('GET', `/leads/${id}/events`)).data

test('a lead goes through the stages, and how long it was in each is known', async () => {
  const { id } = await desk.make()
  await to(id, 'contacted')
  await to(id, 'qualified')
  await to(id, 'contacted')
  const lead = await to(id, 'lost', { lost_reason: ' Too expensive ' })
  expect(lead).toMatchObject({ status: 'lost', kind: 'lost', lost_reason: 'Too expensive', closed_at: expect.any(String) })
  expect(lead.stays.map(stay => [stay.name, stay.kind])).toEqual([
    ['New', 'open'],
    ['Contacted', 'open'],
    ['Qualified', 'open'],
    ['Contacted', 'open'],
    ['Lost', 'lost'],
  ])
  lead.stays.forEach((stay, k) => {
    expect(stay.until).toBe(lead.stays[k + 1]?.since ?? null)
  })
  // A day was spent in the first stage: time is what the history says, wherever it is looked at.
  await fresh.database.system`
    update leads set created_at = created_at - interval '1 day' where workspace_id = ${desk.workspace_id} and id = ${id}`
  const [first, second] = (await desk.ask<LeadShown>('GET', `/leads/${id}`)).stays
  expect(first!.seconds).toBeGreaterThanOrEqual(86_400)
  expect(second!.seconds).toBeLessThan(86_400)
  expect((await eventsOf(id)).map(event => event.action)).toEqual([
    'lead.lost',
    'lead.status_changed',
    'lead.status_changed',
    'lead.status_changed',
    'lead.status_changed',
    'lead.created',
  ])
})

test('a lead that is won with a sale has its conversion, its contact and the workspace theirs', async () => {
  const lead = await desk.make({ follow_up_at: '2099-01-01T00:00:00Z' })
  const won = await to(lead.id, 'won', { conversion: { value: 4999.5, order_id: 'order-won-1' } })
  expect(won).toMatchObject({
    kind: 'won',
    conversion_count: 1,
    conversion_value: 4999.5,
    follow_up_at: null,
    closed_at: expect.any(String),
  })
  const { data } = await desk.ask<{ data: object[] }>('GET', `/contacts/${lead.contact_id}/conversions`)
  expect(data).toMatchObject([{ lead_id: lead.id, value: 4999.5, type: 'sale', source: 'lead', order_id: 'order-won-1' }])
  expect(await desk.ask('GET', `/contacts/${lead.contact_id}`)).toMatchObject({ lifetime_value: 4999.5, stage: 'converted' })
  expect((await eventsOf(lead.id)).map(event => event.action)).toEqual([
    'lead.updated',
    'lead.won',
    'lead.status_changed',
    'lead.created',
  ])
})

test('two people who win the same lead at the same moment make one sale', async () => {
  const { id, contact_id } = await desk.make()
  const win = () => desk.answer('POST', `/leads/${id}/status`, { status: 'won', conversion: { value: 100 } })
  const answers = await Promise.all([win(), win()])
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  expect((await desk.ask<{ data: object[] }>('GET', `/contacts/${contact_id}/conversions`)).data).toHaveLength(1)
})

test('a sale that cannot be recorded leaves the lead as it is', async () => {
  const [one, two] = [await desk.make(), await desk.make()]
  await to(one.id, 'won', { conversion: { value: 100, order_id: 'order-twice' } })
  const second = await desk.answer('POST', `/leads/${two.id}/status`, {
    status: 'won',
    conversion: { value: 200, order_id: 'order-twice' },
  })
  expect(second).toMatchObject({ status: 409, code: 'already_exists' })
  expect(await desk.ask('GET', `/leads/${two.id}`)).toMatchObject({ status: 'new', kind: 'open', closed_at: null })
  expect(await eventsOf(two.id)).toHaveLength(1)
})

test('a closed lead can be opened again', async () => {
  const { id } = await desk.make()
  await to(id, 'lost', { lost_reason: 'No answer' })
  expect(await to(id, 'qualified')).toMatchObject({ kind: 'open', lost_reason: null, closed_at: null })
  expect((await eventsOf(id))[0]).toMatchObject({
    action: 'lead.status_changed',
    before: { status: 'lost' },
    after: { status: 'qualified' },
  })
})

test('the same stage again changes nothing', async () => {
  const { id } = await desk.make()
  const lost = await to(id, 'lost', { lost_reason: 'No answer' })
  expect(await to(id, 'lost')).toEqual({ ...lost, stays: expect.any(Array) })
  expect(await to(id, 'lost', { lost_reason: 'Moved away' })).toMatchObject({
    lost_reason: 'Moved away',
    closed_at: lost.closed_at,
  })
  expect((await eventsOf(id))[0]).toMatchObject({ action: 'lead.updated', after: { lost_reason: 'Moved away' } })
})

describe('what does not fit is refused', () => {
  test.each([
    [{ status: 'nowhere' }, 422, 'status'],
    [{ status: 'new', pipeline_id: 99_999 }, 422, 'pipeline_id'],
    [{ status: 'contacted', lost_reason: 'No answer' }, 422, 'lost_reason'],
    [{ status: 'contacted', conversion: { value: 1 } }, 422, 'conversion'],
    [{ status: 'won', conversion: { value: -1 } }, 422, 'conversion.value'],
    [{ status: 'won', conversion: {} }, 422, 'conversion.value'],
    [{}, 422, 'status'],
  ])('%j', async (payload, status, field) => {
    const { id } = await desk.make()
    expect(await desk.answer('POST', `/leads/${id}/status`, payload)).toMatchObject({
      status,
      fields: { [field]: expect.any(String) },
    })
    expect(await desk.ask('GET', `/leads/${id}`)).toMatchObject({ status: 'new' })
  })
})

test('a lead goes over into another pipeline, and its history keeps the names', async () => {
  const { id } = await desk.make()
  const stages = [{ name: 'Roof inspection' }, { name: 'Signed', kind: 'won' }]
  const roofing = await desk.ask<Pipeline>('POST', '/pipelines', { name: 'Roofing', stages })
  expect((await desk.answer('POST', `/leads/${id}/status`, { status: 'roof_inspection' })).status).toBe(422)
  const moved = await to(id, 'roof_inspection', { pipeline_id: roofing.id })
  expect(moved).toMatchObject({ pipeline_id: roofing.id, status: 'roof_inspection', status_name: 'Roof inspection' })
  expect(moved.stays.map(stay => stay.name)).toEqual(['New', 'Roof inspection'])
  expect((await eventsOf(id))[0]).toMatchObject({ after: { status: 'roof_inspection', pipeline_id: roofing.id } })
})

test('reasons for a loss are suggested, the most used first', async () => {
  const office = deskOf(fresh, await fresh.another('Reasons'))
  for (const lost_reason of ['Too expensive', 'No answer', 'Too expensive', null]) {
    const { id } = await office.make()
    await office.ask('POST', `/leads/${id}/status`, { status: 'lost', lost_reason })
  }
  expect(await office.ask('GET', '/lead-lost-reasons')).toEqual({
    data: [
      { reason: 'Too expensive', leads: 2 },
      { reason: 'No answer', leads: 1 },
    ],
  })
})
