import { readFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { signedIn } from '../../test/session.ts'
import { type Answered, deskOf, somebody } from './desk.fixture.ts'

let fresh: FreshApp
let desk: ReturnType<typeof deskOf>
beforeAll(async () => {
  fresh = await freshApp()
  desk = deskOf(fresh)
})

type Told = Answered & { appointment_id: number }
type Row = Record<string, unknown> & { id: number; scheduled_at: Date; status: string; lead_id: number; contact_id: number }

const meet = (to: { webhook_id: string }, payload: object, headers: Record<string, string> = {}) =>
  fresh.app.inject({ method: 'POST', url: `/intake/${to.webhook_id}/appointments`, payload, headers })

async function appointment(id: number): Promise<Row> {
  const [row] = await fresh.database.system<Row[]>`
    select * from appointments where workspace_id = ${fresh.workspace_id} and id = ${id}`
  return row!
}

const inDays = (days: number) => `${new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 11)}15:00:00.000Z`

test('an appointment from a provider makes the contact, the lead and the appointment, with their events', async () => {
  const to = await desk.make()
  const sally = somebody()
  const answer = await meet(to, {
    ...sally,
    scheduled_at: inDays(3),
    duration: 45,
    appointment_type: 'Roof inspection',
    zip: '94110',
    location: '12 Main Street',
    place: 'home',
    notes: 'Ring twice',
    appointment_id: 'A-1',
  })
  expect(answer.statusCode, answer.body).toBe(201)
  const { lead_id, contact_id, appointment_id } = answer.json<Told>()
  expect(await appointment(appointment_id)).toMatchObject({
    contact_id,
    lead_id,
    type: 'roof_inspection',
    scheduled_at: new Date(inDays(3)),
    duration_minutes: 45,
    place: 'home',
    location: '12 Main Street',
    customer_notes: 'Ring twice',
    zip_code: '94110',
    status: 'scheduled',
    external_id: 'A-1',
    webhook_id: to.id,
  })
  expect(await desk.lead(lead_id)).toMatchObject({ email: sally.email, status: 'appointment' })
  const actions = await fresh.database.system`
    select action from activities where workspace_id = ${fresh.workspace_id} and subject_id = ${String(appointment_id)} and action like 'appointment.%'`
  expect(actions.map(row => row.action)).toContain('appointment.created')
  expect(await desk.delivery(answer.json<Told>().delivery_id)).toMatchObject({ state: 'accepted', appointment_id })
})

test('a date and a time are what a clock shows in the zone that came along, or in that of the workspace', async () => {
  const to = await desk.make()
  const times = [
    [{ date: '07/04/2031', time: '2:30 PM', time_zone: 'America/New_York' }, '2031-07-04T18:30:00.000Z'],
    [{ appointment_date: '2031-01-15', appointment_time: '09:15', timezone: 'Asia/Kathmandu' }, '2031-01-15T03:30:00.000Z'],
    [{ 'Appointment Date': '15.01.2031', 'Appointment Time': '9:00' }, '2031-01-15T09:00:00.000Z'],
    [{ start_time: '2031-01-15T09:00:00+0200' }, '2031-01-15T07:00:00.000Z'],
    [{ appointment: { start: '2031-01-15 09:00', time_zone: 'Pacific/Kiritimati' } }, '2031-01-14T19:00:00.000Z'],
    [{ scheduled_at: 1_926_234_000 }, new Date(1_926_234_000_000).toISOString()],
  ] as const
  for (const [said, expected] of times) {
    const answer = await meet(to, { ...somebody(), ...said })
    expect(answer.statusCode, answer.body).toBe(201)
    expect((await appointment(answer.json<Told>().appointment_id)).scheduled_at.toISOString(), JSON.stringify(said)).toBe(
      expected,
    )
  }
})

test('without a usable time it waits in quarantine, says why, and is made after the mapping was mended', async () => {
  const to = await desk.make()
  const wrongs = [
    [{}, 'is required'],
    [{ scheduled_at: 'tomorrow at ten' }, 'is no time'],
    [{ scheduled_at: '2020-01-01T10:00:00Z' }, 'is in the past'],
    [{ date: '2031-03-09', time: '02:30', time_zone: 'America/New_York' }, 'does not exist'],
    [{ date: '2031-02-30', time: '10:00' }, 'is no time'],
  ] as const
  for (const [said, sentence] of wrongs) {
    const answer = await meet(to, { ...somebody(), ...said })
    expect(answer.statusCode, answer.body).toBe(422)
    expect(answer.json<Told>().error!.fields!.scheduled_at).toContain(sentence)
  }
  const late = await meet(to, { ...somebody(), termin: inDays(2) })
  expect(late.statusCode).toBe(422)
  await desk.change(to, { mapping: { 'fields.scheduled_at': { path: 'termin' } } })
  const { delivery_id } = late.json<Told>()
  const shown = (await desk.ask('POST', `/intake-deliveries/${delivery_id}/replay`)).json()
  expect(shown).toMatchObject({ state: 'accepted' })
  expect((await appointment(shown.appointment_id)).scheduled_at.toISOString()).toBe(inDays(2))
})

test('the same id with another time moves the appointment, told again it changes nothing, and cancelled it is cancelled', async () => {
  const to = await desk.make()
  const sally = somebody()
  const first = (await meet(to, { ...sally, booking_id: 'B-7', scheduled_at: inDays(4) })).json<Told>()
  const moved = (await meet(to, { ...sally, booking_id: 'B-7', scheduled_at: inDays(5) })).json<Told>()
  expect(moved).toMatchObject({ outcome: 'success', appointment_id: first.appointment_id, lead_id: first.lead_id })
  expect(await appointment(first.appointment_id)).toMatchObject({
    status: 'rescheduled',
    reschedule_count: 1,
    scheduled_at: new Date(inDays(5)),
  })
  const again = await meet(to, { ...sally, booking_id: 'B-7', scheduled_at: inDays(5) })
  expect(again.statusCode).toBe(200)
  expect(again.json()).toMatchObject({ reason: 'already_received', appointment_id: first.appointment_id })
  await meet(to, { booking_id: 'B-7', status: 'canceled', cancellation_reason: 'Found somebody' })
  expect(await appointment(first.appointment_id)).toMatchObject({ status: 'cancelled', cancel_reason: 'Found somebody' })
  expect((await meet(to, { booking_id: 'B-unknown', status: 'cancelled' })).json()).toMatchObject({ outcome: 'success' })
  expect(await desk.leads({ webhook_id: to.id })).toHaveLength(1)
})

test('who has an open lead from the webhook gets an appointment of that lead, and no second one', async () => {
  const to = await desk.make({ dedupe_hours: 24 })
  const sally = somebody()
  const { lead_id } = (await desk.send(to, sally)).json<Told>()
  const answer = (await meet(to, { email: sally.email, scheduled_at: inDays(6) })).json<Told>()
  expect(answer).toMatchObject({ outcome: 'success', lead_id, contact_status: 'existing' })
  expect((await appointment(answer.appointment_id)).lead_id).toBe(lead_id)
  expect(await desk.leads({ webhook_id: to.id })).toHaveLength(1)
})

test('the person whom the sender names by e-mail has it, also beside something else of theirs', async () => {
  const agent = await signedIn(fresh, 'agent')
  const calendly = await desk.make({ format: 'calendly' })
  const invitee = JSON.parse(readFileSync('server/intake/formats/fixtures/calendly.json', 'utf8'))
  invitee.payload.scheduled_event.start_time = inDays(11)
  invitee.payload.scheduled_event.end_time = new Date(Date.parse(inDays(11)) + 1_800_000).toISOString()
  invitee.payload.scheduled_event.event_memberships[0].user_email = agent.email
  const one = (await desk.send(calendly, invitee)).json<Told>()
  invitee.payload.uri += '-other'
  const two = (await desk.send(calendly, invitee)).json<Told>()
  expect([one, two]).toEqual([
    expect.objectContaining({ outcome: 'success' }),
    expect.objectContaining({ outcome: 'success', appointment_id: expect.any(Number) }),
  ])
  expect(await appointment(one.appointment_id)).toMatchObject({ assigned_to: agent.user_id, blocks: true })
  expect(await appointment(two.appointment_id)).toMatchObject({ assigned_to: agent.user_id, blocks: false })
})

test('what Calendly and Cal.com book, move and cancel is one appointment', async () => {
  const file = (name: string) => JSON.parse(readFileSync(`server/intake/formats/fixtures/${name}`, 'utf8'))
  const calendly = await desk.make({ format: 'calendly' })
  const invitee = file('calendly.json')
  invitee.payload.scheduled_event.start_time = inDays(7)
  invitee.payload.scheduled_event.end_time = new Date(Date.parse(inDays(7)) + 1_800_000).toISOString()
  const { appointment_id, lead_id } = (await desk.send(calendly, invitee)).json<Told>()
  expect(await appointment(appointment_id)).toMatchObject({ duration_minutes: 30, lead_id, scheduled_at: new Date(inDays(7)) })
  const other = structuredClone(invitee)
  other.payload.old_invitee = invitee.payload.uri
  other.payload.uri = `${invitee.payload.uri}-2`
  other.payload.scheduled_event.start_time = inDays(8)
  expect((await desk.send(calendly, other)).json<Told>()).toMatchObject({ appointment_id })
  const gone = { ...structuredClone(other), event: 'invitee.canceled' }
  await desk.send(calendly, gone)
  expect(await appointment(appointment_id)).toMatchObject({ status: 'cancelled', reschedule_count: 1 })

  const cal = await desk.make({ format: 'cal_com' })
  const booking = file('cal-com.json')
  booking.payload.startTime = inDays(9)
  booking.payload.endTime = new Date(Date.parse(inDays(9)) + 900_000).toISOString()
  delete booking.payload.length
  const made = (await desk.send(cal, booking)).json<Told>()
  expect(await appointment(made.appointment_id)).toMatchObject({ duration_minutes: 15 })
  const later = { ...structuredClone(booking), triggerEvent: 'BOOKING_RESCHEDULED' }
  later.payload.rescheduleUid = booking.payload.uid
  later.payload.uid = 'moved-uid'
  later.payload.startTime = inDays(10)
  expect((await desk.send(cal, later)).json<Told>()).toMatchObject({ appointment_id: made.appointment_id })
  later.triggerEvent = 'BOOKING_CANCELLED'
  await desk.send(cal, later)
  expect(await appointment(made.appointment_id)).toMatchObject({ status: 'cancelled', scheduled_at: new Date(inDays(10)) })
})
