import { beforeAll, describe, expect, test } from 'vitest'
import type { AppointmentShown } from '../../shared/appointments.ts'
import type { Contact } from '../../shared/contacts.ts'
import type { LeadShown } from '../../shared/leads.ts'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { bearer, bob, jane, john, type Person, sally } from '../../test/people.ts'
import { at, type Diary, diaryOf, hoursFromNow } from './diary.fixture.ts'

let fresh: FreshApp
let diary: Diary
beforeAll(async () => {
  fresh = await freshApp()
  diary = diaryOf(fresh)
})

function named({ email, phone, first_name, last_name }: Person) {
  return { email, phone, first_name, last_name }
}

describe('booking', () => {
  test('for somebody new makes a contact, and tells who booked what', async () => {
    const { user_id } = await diary.hire()
    const scheduled_at = hoursFromNow(30)
    const given = { scheduled_at, assigned_to: user_id, place: 'video', notes: ' Asked twice ', fields: { roof: 'flat' } }
    const booked = await diary.book({ ...named(sally), ...given })
    expect(booked).toMatchObject({
      contact: { name: 'Sally Susa', email: sally.email, phone: sally.phone },
      lead_id: null,
      type: 'consultation',
      scheduled_at,
      duration_minutes: 60,
      ends_at: new Date(Date.parse(scheduled_at) + 3_600_000).toISOString(),
      time_zone: 'UTC',
      place: 'video',
      assigned_to: user_id,
      status: 'scheduled',
      notes: 'Asked twice',
      fields: { roof: 'flat' },
      booked_by: { kind: 'key', name: 'Server' },
      blocks: true,
      version: 0,
    })
    const [created, assigned] = await diary.events(booked.id)
    expect(created).toMatchObject({ action: 'appointment.created', before: null, after: { id: booked.id, scheduled_at } })
    expect(assigned).toMatchObject({
      action: 'appointment.assigned',
      before: { assigned_to: null },
      after: { assigned_to: user_id, reason: 'by_hand' },
    })
    expect(await diary.ask('GET', `/contacts/${booked.contact_id}/appointments`)).toMatchObject({ data: [{ id: booked.id }] })
    const timeline = await diary.ask<{ data: { name: string }[] }>('GET', `/contacts/${booked.contact_id}/timeline`)
    expect(timeline.data.map(entry => entry.name)).toEqual(
      expect.arrayContaining(['appointment.created', 'appointment.assigned']),
    )
  })

  test('for somebody known finds the contact, by the e-mail and by the phone', async () => {
    const { id } = await diary.ask<Contact>('POST', '/contacts', named(john))
    expect(await diary.book({ email: john.email.toUpperCase() })).toMatchObject({ contact_id: id })
    expect(await diary.book({ email: null, phone: '(202) 555-0103' })).toMatchObject({ contact_id: id })
    expect(await diary.book({ email: undefined, contact_id: id })).toMatchObject({ contact_id: id })
  })

  test('of a lead takes over whose it is and what is known', async () => {
    const given = { product: 'solar', source: 'google', state: 'CA', zip_code: '94110', score: 80 }
    const lead = await diary.make(given)
    const booked = await diary.book({ email: undefined, lead_id: lead.id, source: 'referral' })
    expect(booked).toMatchObject({ ...given, source: 'referral', lead_id: lead.id, contact_id: lead.contact_id })
    expect(await diary.appointments(`lead_id=${lead.id}`)).toMatchObject([{ id: booked.id }])
  })

  test("is about the contact's open lead when there is exactly one, unless it says that it is about none", async () => {
    const lead = await diary.make()
    const { contact_id } = lead
    expect(await diary.book({ email: undefined, contact_id })).toMatchObject({ lead_id: lead.id })
    expect(await diary.book({ email: undefined, contact_id, lead_id: null })).toMatchObject({ lead_id: null })
    await diary.make({ email: undefined, contact_id })
    expect(await diary.book({ email: undefined, contact_id })).toMatchObject({ lead_id: null })
  })

  test('takes what the type says, where nothing else is said', async () => {
    const type = {
      key: 'survey',
      name: 'Survey',
      duration_minutes: 90,
      place: 'home',
      location: 'At your house',
      after_minutes: 30,
    }
    await diary.ask('POST', '/appointment-types', type)
    const asked = { duration_minutes: 90, place: 'home', location: 'At your house', after_minutes: 30 }
    expect(await diary.book({ type: 'survey' })).toMatchObject({ type: 'survey', ...asked })
    const other = { duration_minutes: 30, place: 'office', location: null }
    expect(await diary.book({ type: 'survey', ...other })).toMatchObject(other)
    expect(await diary.book({ time_zone: 'Asia/Kathmandu' })).toMatchObject({ time_zone: 'Asia/Kathmandu' })
  })

  test('twice with one Idempotency-Key is once', async () => {
    const payload = { ...named(bob), scheduled_at: hoursFromNow(40) }
    const headers = { ...bearer(fresh.secret_key), 'idempotency-key': 'two tabs' }
    const post = () => fresh.app.inject({ method: 'POST', url: '/api/v1/appointments', headers, payload })
    const [one, other] = [await post(), await post()]
    expect([one.statusCode, other.statusCode]).toEqual([201, 201])
    expect(other.json()).toEqual(one.json())
    expect(await diary.appointments(`contact_id=${one.json<AppointmentShown>().contact_id}`)).toHaveLength(1)
  })

  test("twice with one id of the sender's own is refused with the first one", async () => {
    const { id } = await diary.book({ external_id: 'calendar-7' })
    expect(
      await diary.answer('POST', '/appointments', { ...named(jane), scheduled_at: at(3, 9), external_id: 'calendar-7' }),
    ).toEqual(expect.objectContaining({ status: 409, code: 'already_exists', fields: { external_id: `is appointment ${id}` } }))
  })

  test('takes a lead to the stage of that name, told as what follows from it, and never back', async () => {
    const stage = async (id: number) => (await diary.ask<LeadShown>('GET', `/leads/${id}`)).status
    const lead = await diary.make()
    const { id } = await diary.book({ email: undefined, lead_id: lead.id })
    expect(await stage(lead.id)).toBe('appointment')
    const { data } = await diary.ask<{ data: object[] }>('GET', `/leads/${lead.id}/events`)
    expect(data[0]).toMatchObject({
      action: 'lead.status_changed',
      before: { status: 'new' },
      after: { status: 'appointment', because: { appointment_ids: [id] } },
    })
    await diary.ask('POST', `/leads/${lead.id}/status`, { status: 'proposal' })
    await diary.book({ email: undefined, lead_id: lead.id })
    expect(await stage(lead.id)).toBe('proposal')
    await diary.ask('POST', `/leads/${lead.id}/status`, { status: 'lost' })
    await diary.book({ email: undefined, lead_id: lead.id })
    expect(await stage(lead.id)).toBe('lost')
  })

  test('leaves a lead where it is when its pipeline has no such stage', async () => {
    const stages = [
      { key: 'new', name: 'New', kind: 'open' },
      { key: 'won', name: 'Won', kind: 'won' },
      { key: 'lost', name: 'Lost', kind: 'lost' },
    ]
    const pipeline = await diary.ask<{ id: number }>('POST', '/pipelines', { name: 'Short', stages })
    const lead = await diary.make({ pipeline_id: pipeline.id })
    await diary.book({ email: undefined, lead_id: lead.id })
    expect(await diary.ask('GET', `/leads/${lead.id}`)).toMatchObject({ status: 'new' })
  })
})

describe('what cannot be booked is refused in words', () => {
  const refused = async (given: object) =>
    diary.answer('POST', '/appointments', { ...named(sally), scheduled_at: at(4, 10), ...given })
  const wrong = (fields: object) => ({ status: 422, code: 'invalid_fields', fields })

  test('a time in the past', async () => {
    const past = new Date(Date.now() - 1000).toISOString()
    expect(await refused({ scheduled_at: past })).toMatchObject(wrong({ scheduled_at: 'is in the past: choose a time to come' }))
  })

  test('a time without an offset, and one that no calendar has', async () => {
    expect(await refused({ scheduled_at: '2099-03-08T02:30:00' })).toMatchObject(
      wrong({ scheduled_at: expect.stringMatching(/offset/) }),
    )
    expect(await refused({ scheduled_at: '2099-02-30T10:00:00Z' })).toMatchObject({
      status: 422,
      message: 'There is no such day or time.',
    })
    expect(await refused({ scheduled_at: '2099-13-01T10:00:00Z' })).toMatchObject({ status: 422 })
  })

  test('no length, and more than a day', async () => {
    for (const duration_minutes of [0, -5, 1441, 1.5])
      expect(await refused({ duration_minutes })).toMatchObject(wrong({ duration_minutes: expect.any(String) }))
  })

  test('a zone that is none, a type that is none', async () => {
    expect(await refused({ time_zone: 'Mars/Olympus' })).toMatchObject(
      wrong({ time_zone: 'must be a time zone such as America/New_York' }),
    )
    expect(await refused({ time_zone: '+02:00' })).toMatchObject(wrong({ time_zone: expect.any(String) }))
    expect(await refused({ type: 'dance' })).toMatchObject(wrong({ type: expect.stringMatching(/^must be one of consultation/) }))
  })

  test('for nobody, for somebody who is not there, and for a lead of somebody else', async () => {
    expect(await refused({ email: undefined, phone: undefined })).toMatchObject(
      wrong({ email: expect.stringMatching(/required/) }),
    )
    expect(await refused({ contact_id: 1 })).toMatchObject(wrong({ contact_id: 'is no contact of this workspace' }))
    expect(await refused({ lead_id: 1 })).toMatchObject(wrong({ lead_id: 'is no lead of this workspace' }))
    const [one, other] = [await diary.make(), await diary.make()]
    expect(await refused({ contact_id: one.contact_id, lead_id: other.id })).toMatchObject(
      wrong({ lead_id: `is a lead of contact ${other.contact_id}` }),
    )
  })

  test('with somebody who left', async () => {
    const { user_id } = await diary.hire()
    const { id } = await diary.book({ assigned_to: user_id })
    await fresh.database.system`delete from memberships where workspace_id = ${fresh.workspace_id} and user_id = ${user_id}`
    expect(await refused({ assigned_to: user_id })).toMatchObject(wrong({ assigned_to: 'must be a user of this workspace' }))
    expect(await diary.answer('POST', `/appointments/${id}/reschedule`, { scheduled_at: at(9, 9) })).toMatchObject(
      wrong({ assigned_to: 'must be a user of this workspace' }),
    )
    expect(await diary.step(id, 'assign', { assigned_to: null })).toMatchObject({ assigned_to: null })
  })

  test('nothing of a refused booking stays, not even the contact', async () => {
    const email = 'refused@example.com'
    await refused({ email, phone: undefined, assigned_to: 2_147_483_647 })
    expect(await diary.ask('GET', `/contacts?email=${email}`)).toMatchObject({ data: [] })
  })
})

test('an appointment runs across midnight, and across the change of the clocks, as long as it really is', async () => {
  const booked = await diary.book({
    scheduled_at: '2099-03-08T01:30:00-05:00',
    duration_minutes: 120,
    time_zone: 'America/New_York',
  })
  expect(booked).toMatchObject({ scheduled_at: '2099-03-08T06:30:00.000Z', ends_at: '2099-03-08T08:30:00.000Z' })
})

describe("a person's time", () => {
  test('is taken once: the second is told what is free instead', async () => {
    const { user_id: assigned_to } = await diary.hireWithHours()
    await diary.book({ assigned_to, scheduled_at: at(5, 10) })
    const answer = await diary.answer('POST', '/appointments', { ...named(sally), assigned_to, scheduled_at: at(5, 10, 30) })
    expect(answer).toMatchObject({ status: 409, code: 'slot_taken', message: expect.stringMatching(/Somebody was faster/) })
    const { slots } = answer as unknown as { slots: { starts_at: string; ends_at: string }[] }
    expect(slots.map(slot => slot.starts_at)).toEqual(expect.arrayContaining([at(5, 9), at(5, 11)]))
    expect(slots.map(slot => slot.starts_at)).not.toContain(at(5, 10))
    for (const { starts_at } of slots.slice(0, 3)) await diary.book({ assigned_to, scheduled_at: starts_at, duration_minutes: 5 })
  })

  test('is free right after an appointment, and not in what is kept free around it', async () => {
    const { user_id: assigned_to } = await diary.hireWithHours({ after_minutes: 15 })
    const booked = await diary.book({ assigned_to, scheduled_at: at(5, 10) })
    expect(booked).toMatchObject({ before_minutes: 0, after_minutes: 15 })
    const refused = { status: 409, code: 'slot_taken' }
    expect(await diary.answer('POST', '/appointments', { ...named(sally), assigned_to, scheduled_at: at(5, 11) })).toMatchObject(
      refused,
    )
    expect(await diary.book({ assigned_to, scheduled_at: at(5, 11, 15) })).toMatchObject({ assigned_to })
  })

  test('is taken across all workspaces that they work in', async () => {
    const { user_id: assigned_to, email } = await diary.hireWithHours()
    const office = await fresh.another('Elsewhere')
    await fresh.database.system`
      insert into memberships (workspace_id, user_id, role) values (${office.workspace_id}, ${assigned_to}, 'agent')`
    await diaryOf(fresh, office).book({ assigned_to, scheduled_at: at(5, 10) })
    const answer = await diary.answer('POST', '/appointments', { ...named(sally), assigned_to, scheduled_at: at(5, 10) })
    expect([email, answer]).toMatchObject([email, { status: 409, message: expect.stringMatching(/^They are busy elsewhere/) }])
  })

  test('outside of their hours is refused in words, and given to whoever insists', async () => {
    const { user_id: assigned_to } = await diary.hireWithHours({ daily_limit: 1 })
    const ask = (given: object) => diary.answer('POST', '/appointments', { ...named(sally), assigned_to, ...given })
    expect(await ask({ scheduled_at: at(5, 7) })).toMatchObject({
      status: 409,
      message: expect.stringMatching(/outside of their working hours/),
    })
    const forced = await diary.book({ assigned_to, scheduled_at: at(5, 7), allow_overlap: true })
    expect(forced).toMatchObject({ blocks: true })
    expect(await ask({ scheduled_at: at(5, 10) })).toMatchObject({
      status: 409,
      message: expect.stringMatching(/as many appointments on that day/),
    })
    await diary.ask('POST', `/staff/${assigned_to}/absences`, { starts_at: at(6, 0), ends_at: at(7, 0) })
    expect(await ask({ scheduled_at: at(6, 10) })).toMatchObject({
      status: 409,
      message: expect.stringMatching(/^They are away/),
    })
    await diary.ask('PATCH', `/staff/${assigned_to}`, { bookable: false })
    expect(await ask({ scheduled_at: at(7, 10) })).toMatchObject({
      status: 422,
      fields: { assigned_to: expect.stringMatching(/cannot be booked/) },
    })
  })

  test('may be taken twice on purpose, and so is told', async () => {
    const { user_id: assigned_to } = await diary.hire()
    await diary.book({ assigned_to, scheduled_at: at(5, 10) })
    const beside = await diary.book({ assigned_to, scheduled_at: at(5, 10), allow_overlap: true })
    expect(beside).toMatchObject({ blocks: false })
    expect((await diary.events(beside.id))[0]).toMatchObject({ after: { blocks: false } })
    expect(await diary.step(beside.id, 'reschedule', { scheduled_at: at(5, 12) })).toMatchObject({ blocks: true })
  })

  test('is free again when its appointment is cancelled', async () => {
    const { user_id: assigned_to } = await diary.hire()
    const { id } = await diary.book({ assigned_to, scheduled_at: at(5, 10) })
    expect(await diary.step(id, 'cancel', { reason: ' ill ' })).toMatchObject({
      status: 'cancelled',
      cancel_reason: 'ill',
      version: 1,
    })
    await diary.book({ assigned_to, scheduled_at: at(5, 10) })
  })

  test('of nobody is never taken', async () => {
    const scheduled_at = at(5, 10)
    expect(await diary.book({ assigned_to: null, scheduled_at })).toMatchObject({ assigned_to: null })
    expect(await diary.book({ assigned_to: null, scheduled_at })).toMatchObject({ assigned_to: null })
  })
})

describe('an agent', () => {
  test('books and changes their own appointments, and nobody else', async () => {
    const anna = await diary.hire('agent')
    const hers = diary.as(anna)
    const { user_id: other } = await diary.hire('agent')
    const own = await hers.book({ assigned_to: other })
    expect(own).toMatchObject({ assigned_to: anna.user_id, booked_by: { kind: 'user', id: anna.user_id } })
    const { id } = await diary.book({ assigned_to: other })
    for (const [url, given] of [
      [`/appointments/${id}/cancel`, {}],
      [`/appointments/${id}/reschedule`, { scheduled_at: at(8, 8) }],
      [`/appointments/${id}/complete`, {}],
      [`/appointments/${id}/confirm`, {}],
      [`/appointments/${id}/assign`, { assigned_to: anna.user_id }],
      [`/appointments/${own.id}/reschedule`, { scheduled_at: at(8, 8), allow_overlap: true }],
    ] as const)
      expect([url, await hers.answer('POST', url, given)]).toMatchObject([url, { status: 403, code: 'forbidden' }])
    expect(await hers.answer('PATCH', `/appointments/${id}`, { notes: 'x' })).toMatchObject({ status: 403 })
    expect(await hers.find(id)).toMatchObject({ id, status: 'scheduled' })
    expect(await hers.step(own.id, 'confirm')).toMatchObject({ status: 'confirmed' })
  })

  test('who only looks changes nothing', async () => {
    const analyst = diary.as(await diary.hire('analyst'))
    const { id } = await diary.book()
    expect(await analyst.find(id)).toMatchObject({ id })
    expect(await analyst.answer('POST', '/appointments', { ...named(sally), scheduled_at: at(5, 5) })).toMatchObject({
      status: 403,
    })
    expect(await analyst.answer('POST', `/appointments/${id}/cancel`, {})).toMatchObject({ status: 403 })
  })
})
