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
  await client.ask('PATCH', `/workspaces/${client_id}`, { accepts_from: [fresh.workspace_id] })
  fresh.work()
})

const PATIENT = { timeout: 30_000 }
const partners = () => agency.ask<{ data: object[] }>('GET', '/workspaces/partners')

async function handedOn(given: object = {}) {
  const { id } = await agency.book(given)
  await agency.step(id, 'hand-on', { workspace_id: client_id })
  await expect.poll(async () => (await agency.find(id)).copy_id, PATIENT).not.toBeNull()
  const here = await agency.find(id)
  return { here, there: await client.find(here.copy_id!) }
}

const both = async (here: AppointmentShown, there: AppointmentShown) => Promise.all([agency.find(here.id), client.find(there.id)])

test('an appointment that is handed on has a linked copy over there, of a contact of theirs, and both sides tell of it', async () => {
  expect((await partners()).data).toEqual([{ id: client_id, name: 'Client', accepts: true }])
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

test('a word that comes late overwrites nothing that was said on the other side meanwhile', async () => {
  const { here, there } = await handedOn()
  await fresh.database.system`
    insert into jobs (workspace_id, queue, key, payload, run_at)
    values (${fresh.workspace_id}, 'hand_on', 'late', ${JSON.stringify({ appointment_id: here.id, changes: { place: 'office' } })}::text::jsonb, now())`
  await client.step(there.id, 'cancel', { reason: 'Ill' })
  await expect.poll(async () => (await client.find(there.id)).place, PATIENT).toBe('office')
  await expect.poll(async () => (await agency.find(here.id)).status, PATIENT).toBe('cancelled')
  expect((await client.find(there.id)).status).toBe('cancelled')
})

test('it goes to workspaces that take it alone, once, and a copy goes no further', async () => {
  const stranger = await fresh.another()
  await diaryOf(fresh, stranger).ask('PATCH', `/workspaces/${stranger.workspace_id}`, { accepts_from: [fresh.workspace_id] })
  const silent = await createWorkspace(fresh.database, { name: 'Silent', organization: 'Acme' })
  const { id } = await agency.book()
  for (const { workspace_id } of [stranger, silent]) {
    const refused = await agency.answer('POST', `/appointments/${id}/hand-on`, { workspace_id })
    expect(refused).toMatchObject({ status: 422, fields: { workspace_id: expect.stringContaining('takes appointments') } })
    const target = { kind: 'workspace', workspace_id }
    expect(await agency.answer('POST', '/routing-rules', { name: 'No', target })).toMatchObject({ status: 422 })
  }
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

test('what is moved to a time at which the person there has something else stands beside it', async () => {
  const { here, there } = await handedOn({ zip_code: '11111' })
  const host = await client.hire('agent')
  await client.step(there.id, 'assign', { assigned_to: host.user_id })
  const taken = hoursFromNow(150)
  await client.book({ assigned_to: host.user_id, scheduled_at: taken })
  await agency.step(here.id, 'reschedule', { scheduled_at: taken })
  await expect.poll(async () => (await client.find(there.id)).scheduled_at, PATIENT).toBe(taken)
  expect(await client.find(there.id)).toMatchObject({ assigned_to: host.user_id, blocks: false, reschedule_count: 1 })
})
