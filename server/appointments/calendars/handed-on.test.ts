import { readFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import type { IntakeWebhook } from '../../../shared/intake.ts'
import { type FreshApp, freshApp, type Tenant } from '../../../test/app.ts'
import { jane, sally } from '../../../test/people.ts'
import { createWorkspace } from '../../workspaces/create.ts'
import { type Diary, diaryOf, hoursFromNow } from '../diary.fixture.ts'
import { eventIn, mailsAbout } from './post.fixture.ts'

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

test('who is handed on to another workspace has one event in the calendar: theirs', async () => {
  const host = await agency.hire()
  const { id } = await agency.book({ assigned_to: host.user_id, email: sally.email })
  const [booked] = await mailsAbout(agency, id, 2)
  await agency.step(id, 'hand-on', { workspace_id: client_id })
  const told = (await mailsAbout(agency, id, 4)).slice(2)
  expect(told.map(mail => [mail.to_address, mail.subject.split(':')[0], eventIn(mail.calendar).method])).toEqual([
    [sally.email, 'Changed', 'CANCEL'],
    [host.email, 'Not yours any more', 'CANCEL'],
  ])
  expect(eventIn(told[0]!.calendar).uid).toBe(eventIn(booked!.calendar).uid)
  await expect.poll(async () => (await agency.find(id)).copy_id, { timeout: 30_000 }).not.toBeNull()
  const copy_id = (await agency.find(id)).copy_id!
  const [invited] = await mailsAbout(client, copy_id, 1)
  expect(invited).toMatchObject({ to_address: sally.email, subject: expect.stringMatching(/^Booked: Consultation with Client/) })
  expect(eventIn(invited!.calendar).method).toBe('REQUEST')

  // From now on the customer hears from there alone, whichever side moves it.
  await agency.step(id, 'reschedule', { scheduled_at: hoursFromNow(200) })
  const [, moved] = await mailsAbout(client, copy_id, 2)
  expect(moved).toMatchObject({ to_address: sally.email, subject: expect.stringMatching(/^Moved: /) })
  await mailsAbout(agency, id, 4)
})

const make = (given: object) =>
  agency.ask<IntakeWebhook>('POST', '/intake-webhooks', { name: 'Solar', lead_type: 'solar', ...given })

test('what a provider booked is told to the customer', async () => {
  const { webhook_id } = await make({})
  const payload = { email: jane.email, first_name: 'Jane', scheduled_at: hoursFromNow(300) }
  const answer = await fresh.app.inject({ method: 'POST', url: `/intake/${webhook_id}/appointments`, payload })
  const { appointment_id } = answer.json<{ appointment_id: number }>()
  const [mail] = await mailsAbout(agency, appointment_id, 1)
  expect(mail).toMatchObject({ to_address: jane.email, subject: expect.stringMatching(/^Booked: /) })
})

test('what was booked at Calendly is told by Calendly: who has it gets a mail without a second event', async () => {
  const host = await agency.hire()
  const { webhook_id } = await make({ format: 'calendly' })
  const event = JSON.parse(readFileSync('server/intake/formats/fixtures/calendly.json', 'utf8'))
  Object.assign(event.payload.scheduled_event, { start_time: hoursFromNow(310), end_time: hoursFromNow(311) })
  const answer = await fresh.app.inject({ method: 'POST', url: `/intake/${webhook_id}`, payload: event })
  const { appointment_id } = answer.json<{ appointment_id: number }>()
  await agency.step(appointment_id, 'assign', { assigned_to: host.user_id })
  const mails = await mailsAbout(agency, appointment_id, 1)
  expect(mails).toMatchObject([{ to_address: host.email, subject: expect.stringMatching(/^New appointment: /), calendar: null }])
})
