import { beforeAll, describe, expect, test } from 'vitest'
import type { Conversion } from '../../shared/conversions.ts'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { at, type Diary, diaryOf } from './diary.fixture.ts'

let fresh: FreshApp
let diary: Diary
beforeAll(async () => {
  fresh = await freshApp()
  diary = diaryOf(fresh)
})

const ended = { status: 409, code: 'appointment_ended' }

describe('another time', () => {
  test('keeps the appointment and the person, counts, and asks for a new confirmation', async () => {
    const { user_id: assigned_to } = await diary.hireWithHours()
    const { id } = await diary.book({ assigned_to, scheduled_at: at(5, 10), status: 'confirmed' })
    const moved = await diary.step(id, 'reschedule', { scheduled_at: at(6, 11), duration_minutes: 30 })
    expect(moved).toMatchObject({
      id,
      assigned_to,
      scheduled_at: at(6, 11),
      duration_minutes: 30,
      ends_at: at(6, 11, 30),
      status: 'rescheduled',
      reschedule_count: 1,
      confirmed_at: null,
      version: 1,
    })
    expect((await diary.events(id)).at(-1)).toMatchObject({
      action: 'appointment.rescheduled',
      before: { scheduled_at: at(5, 10), duration_minutes: 60, status: 'confirmed' },
      after: { scheduled_at: at(6, 11), duration_minutes: 30, status: 'rescheduled' },
    })
    expect(await diary.step(id, 'confirm')).toMatchObject({ status: 'confirmed', confirmed_at: expect.any(String), version: 1 })
    await diary.book({ assigned_to, scheduled_at: at(5, 10) }) // its old time is free
  })

  test('that is taken is refused with what is free, and the appointment stays where it was', async () => {
    const { user_id: assigned_to } = await diary.hireWithHours()
    const { id } = await diary.book({ assigned_to, scheduled_at: at(5, 10) })
    await diary.book({ assigned_to, scheduled_at: at(5, 14) })
    const answer = await diary.answer('POST', `/appointments/${id}/reschedule`, { scheduled_at: at(5, 13, 30) })
    expect(answer).toMatchObject({ status: 409, code: 'slot_taken' })
    const { slots } = answer as unknown as { slots: { starts_at: string; user_ids: number[] }[] }
    // Its own time counts as free: it would be moved away.
    expect(slots.map(slot => slot.starts_at)).toEqual(expect.arrayContaining([at(5, 10), at(5, 12), at(5, 15)]))
    expect(slots.every(slot => slot.user_ids.includes(assigned_to))).toBe(true)
    expect(await diary.find(id)).toMatchObject({ scheduled_at: at(5, 10), version: 0, reschedule_count: 0 })
  })

  test('that overlaps its own is no conflict, and longer is no other time', async () => {
    const { user_id: assigned_to } = await diary.hireWithHours()
    const { id } = await diary.book({ assigned_to, scheduled_at: at(5, 10) })
    expect(await diary.step(id, 'reschedule', { scheduled_at: at(5, 10, 30) })).toMatchObject({ scheduled_at: at(5, 10, 30) })
    const stretched = await diary.step(id, 'reschedule', { scheduled_at: at(5, 10, 30), duration_minutes: 120 })
    expect(stretched).toMatchObject({ ends_at: at(5, 12, 30), reschedule_count: 1, version: 2 })
    const same = await diary.step(id, 'reschedule', { scheduled_at: at(5, 10, 30), duration_minutes: 120 })
    expect(same).toMatchObject({ version: 2, updated_at: stretched.updated_at })
    expect(await diary.told(id)).toEqual(['created', 'assigned', 'rescheduled', 'rescheduled'])
  })

  test('in the past is refused; what has begun can be made longer', async () => {
    const { id } = await diary.book()
    expect(await diary.answer('POST', `/appointments/${id}/reschedule`, { scheduled_at: '2020-01-01T10:00:00Z' })).toMatchObject({
      status: 422,
      fields: { scheduled_at: 'is in the past: choose a time to come' },
    })
    await diary.age(id, 30)
    const { scheduled_at } = await diary.find(id)
    expect(await diary.step(id, 'reschedule', { scheduled_at, duration_minutes: 90 })).toMatchObject({ duration_minutes: 90 })
  })

  test('of what is pending leaves it pending', async () => {
    const { id } = await diary.book({ status: 'pending' })
    expect(await diary.step(id, 'reschedule', { scheduled_at: at(7, 7) })).toMatchObject({
      status: 'pending',
      reschedule_count: 1,
    })
    expect(await diary.step(id, 'confirm')).toMatchObject({ status: 'confirmed' })
  })

  test('with another person in one step', async () => {
    const [one, other] = [await diary.hire(), await diary.hire()]
    const { id } = await diary.book({ assigned_to: one.user_id, scheduled_at: at(5, 10) })
    const moved = await diary.step(id, 'reschedule', { scheduled_at: at(5, 12), assigned_to: other.user_id })
    expect(moved).toMatchObject({ assigned_to: other.user_id, scheduled_at: at(5, 12), version: 1 })
    expect(await diary.told(id)).toEqual(['created', 'assigned', 'rescheduled', 'assigned'])
  })
})

describe('another person', () => {
  test('gets it when they are free', async () => {
    const [one, other] = [await diary.hire(), await diary.hire()]
    const { id } = await diary.book({ assigned_to: one.user_id, scheduled_at: at(5, 10) })
    await diary.book({ assigned_to: other.user_id, scheduled_at: at(5, 10, 30) })
    expect(await diary.answer('POST', `/appointments/${id}/assign`, { assigned_to: other.user_id })).toMatchObject({
      status: 409,
      code: 'slot_taken',
    })
    const third = await diary.hire()
    expect(await diary.step(id, 'assign', { assigned_to: third.user_id })).toMatchObject({
      assigned_to: third.user_id,
      version: 1,
    })
    expect((await diary.events(id)).at(-1)).toMatchObject({
      action: 'appointment.assigned',
      before: { assigned_to: one.user_id },
      after: { assigned_to: third.user_id, reason: 'by_hand' },
    })
    expect(await diary.step(id, 'assign', { assigned_to: other.user_id, allow_overlap: true })).toMatchObject({ blocks: false })
    expect(await diary.step(id, 'assign', { assigned_to: null })).toMatchObject({ assigned_to: null })
  })
})

describe('what came of it', () => {
  test('is an outcome with what is next', async () => {
    const { id } = await diary.book()
    const given = {
      outcome: 'follow_up',
      next_step: 'Send the offer',
      next_step_at: '2099-01-05T10:00:00.000Z',
      notes: 'Nice roof',
    }
    expect(await diary.step(id, 'complete', given)).toMatchObject({ ...given, status: 'completed', ended_at: expect.any(String) })
    expect((await diary.events(id)).at(-1)).toMatchObject({
      action: 'appointment.completed',
      before: { status: 'scheduled', outcome: null },
      after: { status: 'completed', outcome: 'follow_up', next_step: 'Send the offer' },
    })
    // Said again, it is a correction.
    expect(await diary.step(id, 'complete', { outcome: 'lost' })).toMatchObject({ outcome: 'lost', next_step: 'Send the offer' })
    expect(await diary.told(id)).toEqual(['created', 'routed', 'completed', 'changed'])
  })

  test('is a sale of the lead and its contact, once of each type', async () => {
    const lead = await diary.make({ source: 'google' })
    const { id } = await diary.book({ email: undefined, lead_id: lead.id })
    const sold = { outcome: 'won', conversion: { value: 1200.5 } }
    await diary.step(id, 'complete', sold)
    const list = async () => (await diary.ask<{ data: Conversion[] }>('GET', `/conversions?appointment_id=${id}`)).data
    expect(await list()).toMatchObject([
      { type: 'sale', value: 1200.5, source: 'appointment', appointment_id: id, lead_id: lead.id, contact_id: lead.contact_id },
    ])
    await diary.step(id, 'complete', sold)
    expect(await list()).toHaveLength(1)
    await diary.step(id, 'complete', { conversion: { type: 'contract', value: 5 } })
    expect(await list()).toHaveLength(2)
    expect(await diary.answer('POST', `/appointments/${id}/complete`, { conversion: { value: 9 } })).toMatchObject({
      status: 409,
      code: 'already_exists',
      message: expect.stringMatching(new RegExp(`^The sale of appointment ${id} is conversion`)),
    })
    expect(await diary.ask('GET', `/leads/${lead.id}`)).toMatchObject({ conversion_count: 2, conversion_value: 1205.5 })
    expect(await diary.ask('GET', `/contacts/${lead.contact_id}`)).toMatchObject({ converted_at: expect.any(String) })
  })

  test('of a sale that is refused nothing stays', async () => {
    const { id } = await diary.book()
    expect(await diary.answer('POST', `/appointments/${id}/complete`, { conversion: { value: 1.234 } })).toMatchObject({
      status: 422,
    })
    expect(await diary.find(id)).toMatchObject({ status: 'scheduled' })
  })

  test('of a test counts nowhere', async () => {
    const { id, contact_id } = await diary.book({ is_test: true })
    await diary.step(id, 'complete', { conversion: { value: 100 } })
    expect(await diary.ask('GET', `/conversions?appointment_id=${id}`)).toMatchObject({ data: [{ is_test: true }] })
    expect(await diary.ask('GET', `/contacts/${contact_id}`)).toMatchObject({ converted_at: null })
  })

  test('is a no-show only when it has begun, and can be taken back', async () => {
    const { id } = await diary.book({ status: 'confirmed' })
    expect(await diary.answer('POST', `/appointments/${id}/no-show`)).toMatchObject({
      status: 422,
      fields: { status: 'cannot be a no-show before it has begun: cancel it instead' },
    })
    await diary.age(id, 20)
    expect(await diary.step(id, 'no-show')).toMatchObject({ status: 'no_show', ended_at: expect.any(String), version: 1 })
    expect(await diary.answer('POST', `/appointments/${id}/no-show`)).toMatchObject(ended)
    expect(await diary.step(id, 'reopen')).toMatchObject({ status: 'confirmed', ended_at: null, version: 2 })
    expect(await diary.step(id, 'reopen')).toMatchObject({ status: 'confirmed', version: 2 })
    await diary.step(id, 'no-show')
    expect(await diary.step(id, 'complete', { outcome: 'won' })).toMatchObject({ status: 'completed', outcome: 'won' })
    expect(await diary.told(id)).toEqual(['created', 'routed', 'no_show', 'reopened', 'no_show', 'completed'])
  })

  test('cannot be taken back when somebody has its time by now', async () => {
    const { user_id: assigned_to } = await diary.hire()
    const { id } = await diary.book({ assigned_to, scheduled_at: at(5, 10) })
    await diary.step(id, 'complete')
    await diary.book({ assigned_to, scheduled_at: at(5, 10) })
    expect(await diary.answer('POST', `/appointments/${id}/reopen`)).toMatchObject({ status: 409, code: 'slot_taken' })
  })
})

test('what has ended takes no step but what came of it, and what it says can still be edited', async () => {
  const { id } = await diary.book()
  await diary.step(id, 'cancel', {})
  for (const [step, given] of [
    ['cancel', {}],
    ['confirm', {}],
    ['complete', {}],
    ['no-show', {}],
    ['reopen', {}],
    ['assign', { assigned_to: null }],
    ['reschedule', { scheduled_at: at(9, 9) }],
  ] as const)
    expect([step, await diary.answer('POST', `/appointments/${id}/${step}`, given)]).toMatchObject([step, ended])
  expect(await diary.ask('PATCH', `/appointments/${id}`, { notes: 'Called back' })).toMatchObject({
    notes: 'Called back',
    version: 1,
  })
})

test('what an appointment says is edited: texts are trimmed, null takes away, fields key by key', async () => {
  const booked = await diary.book({ notes: 'x', estimated_value: 10, fields: { roof: 'flat', age: 9 } })
  const { id } = booked
  const edited = await diary.ask('PATCH', `/appointments/${id}`, {
    notes: null,
    customer_notes: ' Ring twice ',
    estimated_value: 250.5,
    fields: { age: null, pets: 2 },
  })
  expect(edited).toMatchObject({
    notes: null,
    customer_notes: 'Ring twice',
    estimated_value: 250.5,
    fields: { roof: 'flat', pets: 2 },
    version: 0,
  })
  expect((await diary.events(id)).at(-1)).toMatchObject({
    action: 'appointment.changed',
    before: { notes: 'x', customer_notes: null, estimated_value: 10, 'fields.age': 9, 'fields.pets': null },
    after: { notes: null, customer_notes: 'Ring twice', estimated_value: 250.5, 'fields.age': null, 'fields.pets': 2 },
  })
  // Where it is: calendars of before are out of date.
  expect(await diary.ask('PATCH', `/appointments/${id}`, { place: 'home' })).toMatchObject({ place: 'home', version: 1 })
})

test('of two people who change it at once the slower is told', async () => {
  const { id, updated_at: if_updated_at } = await diary.book()
  await diary.ask('PATCH', `/appointments/${id}`, { notes: 'first', if_updated_at })
  const slower = [
    diary.answer('PATCH', `/appointments/${id}`, { notes: 'second', if_updated_at }),
    diary.answer('POST', `/appointments/${id}/reschedule`, { scheduled_at: at(9, 9), if_updated_at }),
    diary.answer('POST', `/appointments/${id}/assign`, { assigned_to: null, if_updated_at }),
    diary.answer('POST', `/appointments/${id}/cancel`, { if_updated_at }),
    diary.answer('POST', `/appointments/${id}/complete`, { if_updated_at }),
  ]
  for (const answer of await Promise.all(slower)) expect(answer).toMatchObject({ status: 409, code: 'conflict' })
  expect(await diary.find(id)).toMatchObject({ notes: 'first', status: 'scheduled' })
})
