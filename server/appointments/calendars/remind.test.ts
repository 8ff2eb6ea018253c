import { beforeAll, describe, expect, test } from 'vitest'
import type { AppointmentShown } from '../../../shared/appointments.ts'
import type { MailShown } from '../../../shared/webhooks.ts'
import { type FreshApp, freshApp } from '../../../test/app.ts'
import { jane } from '../../../test/people.ts'
import type { SignedIn } from '../../../test/session.ts'
import { manageKey } from '../booking/manage-token.ts'
import { type Diary, diaryOf, hoursFromNow } from '../diary.fixture.ts'
import { mailsAbout } from './post.fixture.ts'
import { remindDue } from './remind.ts'

let fresh: FreshApp
let diary: Diary
let host: SignedIn
beforeAll(async () => {
  fresh = await freshApp()
  diary = diaryOf(fresh)
  host = await diary.hire()
  await diary.ask('PATCH', '/appointment-types/consultation', {
    reminders: [
      { before_minutes: 1440, to: 'customer' },
      { before_minutes: 60, to: 'customer' },
      { before_minutes: 60, to: 'staff' },
    ],
  })
})

let hours = 100
const book = (given: object = {}) => {
  hours += 2
  return diary.book({ assigned_to: host.user_id, scheduled_at: hoursFromNow(hours), ...given })
}
const remind = () =>
  remindDue(fresh.database.system, { public_url: 'https://app.example.com', manage_key: manageKey(fresh.context.config) })
const planned = async ({ id }: AppointmentShown) =>
  (await diary.find(id)).reminders
    .map(({ recipient, before_minutes, state, reason }) =>
      [recipient, before_minutes, state, ...(reason === null ? [] : [reason])].join(' '),
    )
    .sort()
/** Those of an appointment are due since so many minutes. */
const makeDue = ({ id }: AppointmentShown, minutes = 1, before_minutes: number | null = null) => fresh.database.system`
  update appointment_reminders
     set due_at = now() - make_interval(mins => ${minutes})
   where workspace_id = ${fresh.workspace_id} and appointment_id = ${id} and state = 'waiting'
     and before_minutes = coalesce(${before_minutes}::int, before_minutes)`
const reminded = async ({ id }: AppointmentShown) => {
  const { data } = await diary.ask<{ data: MailShown[] }>('GET', '/mails?limit=200')
  return data.filter(mail => mail.about === `appointment ${id}` && mail.subject.startsWith('Reminder: '))
}

describe('reminders', () => {
  test('are planned with the booking as its type has them, but not those that would be late already', async () => {
    expect(await planned(await book())).toEqual(['customer 1440 waiting', 'customer 60 waiting', 'staff 60 waiting'])
    expect(await planned(await book({ scheduled_at: hoursFromNow(3) }))).toEqual(['customer 60 waiting', 'staff 60 waiting'])
    const soon = new Date(Date.now() + 1_800_000).toISOString()
    expect(await planned(await book({ scheduled_at: soon, assigned_to: null }))).toEqual([])
    expect(await planned(await book({ is_test: true }))).toEqual([])
  })

  test('are sent when they are due, to each in their own words, and only once however many servers there are', async () => {
    const booked = await book({ first_name: 'Jane', time_zone: 'America/New_York' })
    await remind()
    expect(await reminded(booked)).toEqual([])
    await makeDue(booked, 1, 60)
    await Promise.all([remind(), remind(), remind(), remind()])
    await remind()
    const mails = await reminded(booked)
    expect(mails.map(mail => mail.to_address).sort()).toEqual([booked.contact.email, host.email].sort())
    const to_customer = mails.find(mail => mail.to_address === booked.contact.email)!
    expect(to_customer.body).toContain('(America/New York)')
    expect(to_customer.body).toContain('https://app.example.com/booking/')
    expect(to_customer.calendar).toBeNull()
    expect(await planned(booked)).toEqual(['customer 1440 waiting', 'customer 60 sent', 'staff 60 sent'])
  })

  test('are sent by the server itself', async () => {
    const own = await freshApp()
    const { ask, book } = diaryOf(own)
    await ask('PATCH', '/appointment-types/consultation', { reminders: [{ before_minutes: 60, to: 'customer' }] })
    const booked = await book({ assigned_to: null })
    await own.database.system`update appointment_reminders set due_at = now()`
    own.work()
    const mails = await mailsAbout(diaryOf(own), booked.id, 2)
    expect(mails.map(mail => mail.subject.split(':')[0]).sort()).toEqual(['Booked', 'Reminder'])
    await own.close()
  })

  test('of an appointment that was moved are planned anew, and those of before are not sent', async () => {
    const booked = await book()
    const before = await diary.find(booked.id)
    await makeDue(booked)
    hours += 2
    await diary.step(booked.id, 'reschedule', { scheduled_at: hoursFromNow(hours) })
    await remind()
    expect(await reminded(booked)).toEqual([])
    expect(await planned(booked)).toEqual(['customer 1440 waiting', 'customer 60 waiting', 'staff 60 waiting'])
    expect((await diary.find(booked.id)).reminders.map(one => one.due_at)).not.toEqual(before.reminders.map(one => one.due_at))
  })

  test('that were sent are not sent again because somebody else has it now', async () => {
    const booked = await book()
    await makeDue(booked, 1, 1440)
    await fresh.database.system`
      update appointments set scheduled_at = now() + interval '20 hours' where workspace_id = ${fresh.workspace_id} and id = ${booked.id}`
    await remind()
    const other = await diary.hire()
    await diary.step(booked.id, 'assign', { assigned_to: other.user_id })
    await makeDue(booked)
    await remind()
    const mails = await reminded(booked)
    expect(mails.map(mail => mail.to_address).sort()).toEqual([booked.contact.email, booked.contact.email, other.email].sort())
    expect(await planned(booked)).toEqual(['customer 60 sent', 'staff 60 sent'])
  })

  test('of what was cancelled, or was never confirmed, are not sent', async () => {
    const [cancelled, pending] = [await book(), await book({ status: 'pending' })]
    await diary.step(cancelled.id, 'cancel')
    for (const one of [cancelled, pending]) await makeDue(one)
    await remind()
    expect([await reminded(cancelled), await reminded(pending)]).toEqual([[], []])
    expect(await planned(pending)).toContain('staff 60 skipped not confirmed')
  })

  test('wait for whoever changes the appointment at that moment, and then look again', async () => {
    const booked = await book()
    await makeDue(booked)
    await fresh.database.system.begin(async tx => {
      await tx`select from appointments where workspace_id = ${fresh.workspace_id} and id = ${booked.id} for update`
      await remind()
      expect(await reminded(booked)).toEqual([])
      await tx`update appointments set version = version + 1 where workspace_id = ${fresh.workspace_id} and id = ${booked.id}`
    })
    await remind()
    expect(await reminded(booked)).toEqual([])
    const rows = await fresh.database.system`
      select distinct state, reason from appointment_reminders where workspace_id = ${fresh.workspace_id} and appointment_id = ${booked.id}`
    expect(rows).toEqual([{ state: 'skipped', reason: 'moved' }])
  })

  test('that are late because the server was away are sent until it begins, of several the nearest', async () => {
    const [late, begun] = [await book(), await book()]
    await makeDue(late, 180)
    await makeDue(begun, 180)
    await diary.age(begun.id, 5)
    await remind()
    expect((await reminded(late)).map(mail => mail.to_address).sort()).toEqual([late.contact.email, host.email].sort())
    expect(await planned(late)).toEqual([
      'customer 1440 skipped a later one was due as well',
      'customer 60 sent',
      'staff 60 sent',
    ])
    expect(await reminded(begun)).toEqual([])
    expect(await planned(begun)).toContain('customer 60 skipped it had begun')
  })

  test('to nobody say why', async () => {
    const booked = await book({ email: undefined, phone: jane.phone, assigned_to: null })
    await makeDue(booked, 1, 60)
    await remind()
    expect(await planned(booked)).toEqual([
      'customer 1440 waiting',
      'customer 60 skipped no e-mail',
      'staff 60 skipped nobody has it',
    ])
  })
})
