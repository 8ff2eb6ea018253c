import { beforeAll, expect, test } from 'vitest'
import type { AppointmentShown } from '../../../shared/appointments.ts'
import { type FreshApp, freshApp, type Tenant } from '../../../test/app.ts'
import { createWorkspace } from '../../workspaces/create.ts'
import { type Diary, diaryOf, hoursFromNow } from '../diary.fixture.ts'

let fresh: FreshApp
let agency: Diary
let client: Diary
let client_id: number
beforeAll(async () => {
  fresh = await freshApp()
  const made = await createWorkspace(fresh.database, { name: 'Client', organization: 'Acme' })
  client_id = made.workspace_id
  agency = diaryOf(fresh)
  client = diaryOf(fresh, made satisfies Tenant)
  fresh.work()
})

const PATIENT = { timeout: 30_000 }
const siblings = () => agency.ask<{ data: { id: number; name: string }[] }>('GET', '/workspaces/siblings')

async function handedOn(given: object = {}) {
  const { id } = await agency.book(given)
  await agency.step(id, 'hand-on', { workspace_id: client_id })
  await expect.poll(async () => (await agency.find(id)).copy_id, PATIENT).not.toBeNull()
  const here = await agency.find(id)
  return { here, there: await client.find(here.copy_id!) }
}

const both = async (here: AppointmentShown, there: AppointmentShown) => Promise.all([agency.find(here.id), client.find(there.id)])

test('an appointment that is handed on has a linked copy over there, of a contact of theirs, and both sides tell of it', async () => {
  expect((await siblings()).data).toEqual([{ id: client_id, name: 'Client' }])
  const { here, there } = await handedOn({
    email: 'sally@example.com',
    first_name: 'Sally',
    zip_code: '94110',
    notes: 'Haggles',
    customer_notes: 'Ring twice',
    product: 'roof',
  })
  expect(here).toMatchObject({ copy_workspace_id: client_id, copy_id: there.id, assigned_to: null })
  expect(there).toMatchObject({
    origin_workspace_id: fresh.workspace_id,
    origin_id: here.id,
    scheduled_at: here.scheduled_at,
    zip_code: '94110',
    customer_notes: 'Ring twice',
    product: 'roof',
    notes: null,
    contact: { email: 'sally@example.com', name: 'Sally' },
  })
  expect(await agency.told(here.id)).toContain('handed_on')
  expect(await client.told(there.id)).toContain('created')
  expect((await client.ask<{ contact: { id: number } }>('GET', `/appointments/${there.id}`)).contact.id).not.toBe(here.contact_id)
})

test('another time, the end and the outcome flow back, and forth', async () => {
  const { here, there } = await handedOn()
  const later = hoursFromNow(100)
  await client.step(there.id, 'reschedule', { scheduled_at: later })
  await expect.poll(async () => (await agency.find(here.id)).scheduled_at, PATIENT).toBe(later)
  const latest = hoursFromNow(101)
  await agency.step(here.id, 'reschedule', { scheduled_at: latest })
  await expect.poll(async () => (await client.find(there.id)).scheduled_at, PATIENT).toBe(latest)
  await client.step(there.id, 'complete', { outcome: 'won', next_step: 'Send the contract' })
  await expect.poll(async () => (await agency.find(here.id)).status, PATIENT).toBe('completed')
  expect(await agency.find(here.id)).toMatchObject({ outcome: 'won', next_step: 'Send the contract', reschedule_count: 2 })
  const events = await agency.ask<{ data: { action: string; actor: object }[] }>('GET', `/appointments/${here.id}/events`)
  expect(events.data.find(({ action }) => action === 'appointment.completed')!.actor).toMatchObject({
    kind: 'workspace',
    id: client_id,
    name: 'Client',
  })
})

test('both sides come to rest: what followed from the other side is not told back', async () => {
  const { here, there } = await handedOn()
  await client.step(there.id, 'cancel', { reason: 'Ill' })
  await expect.poll(async () => (await agency.find(here.id)).status, PATIENT).toBe('cancelled')
  await expect
    .poll(
      async () =>
        (
          await fresh.database.system`
            select from jobs where queue = 'hand_on' and state in ('queued', 'leased')`
        ).length,
      PATIENT,
    )
    .toBe(0)
  const [a, b] = await both(here, there)
  expect([a.version, b.version]).toEqual([here.version + 1, there.version + 1])
  expect(a).toMatchObject({ cancel_reason: 'Ill' })
})

test('it goes to workspaces of the same organization alone, once, and a copy goes no further', async () => {
  const stranger = await fresh.another()
  const { id } = await agency.book()
  const refused = await agency.answer('POST', `/appointments/${id}/hand-on`, { workspace_id: stranger.workspace_id })
  expect(refused).toMatchObject({ status: 422, fields: { workspace_id: expect.stringContaining('same organization') } })
  const { here, there } = await handedOn()
  expect(await agency.answer('POST', `/appointments/${here.id}/hand-on`, { workspace_id: client_id })).toMatchObject({
    status: 409,
    code: 'in_use',
  })
  expect(await client.answer('POST', `/appointments/${there.id}/hand-on`, { workspace_id: fresh.workspace_id })).toMatchObject({
    status: 409,
    code: 'in_use',
  })
})

test('a rule hands on by itself, and the rules over there say whose it is', async () => {
  const somebody = await client.hire('agent')
  await client.ask('POST', '/routing-rules', {
    name: 'All',
    target: { kind: 'person', user_id: somebody.user_id },
    needs_free: false,
  })
  await agency.ask('POST', '/routing-rules', {
    name: 'North',
    matches: { zip_prefixes: ['99'] },
    target: { kind: 'workspace', workspace_id: client_id },
  })
  const { id } = await agency.book({ zip_code: '99501' })
  await expect.poll(async () => (await agency.find(id)).copy_id, PATIENT).not.toBeNull()
  const { copy_id } = await agency.find(id)
  expect(await client.find(copy_id!)).toMatchObject({ assigned_to: somebody.user_id, zip_code: '99501' })
})
