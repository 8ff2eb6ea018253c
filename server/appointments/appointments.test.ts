import { beforeAll, describe, expect, test } from 'vitest'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { sally } from '../../test/people.ts'
import { type Diary, diaryOf, hoursFromNow } from './diary.fixture.ts'

let fresh: FreshApp
let diary: Diary
beforeAll(async () => {
  fresh = await freshApp()
  diary = diaryOf(fresh)
})

describe('booking', () => {
  test('for somebody new makes a contact, and tells who booked what', async () => {
    const { user_id } = await diary.hire()
    const scheduled_at = hoursFromNow(30)
    const booked = await diary.book({ ...named(sally), scheduled_at, assigned_to: user_id, place: 'video', notes: 'Asked twice' })
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
      booked_by: { kind: 'key', name: 'Server' },
      blocks: true,
      version: 0,
    })
    expect(await diary.told(booked.id)).toEqual(['appointment.created', 'appointment.assigned'])
    expect(await diary.ask('GET', `/contacts/${booked.contact_id}/appointments`)).toMatchObject({ data: [{ id: booked.id }] })
  })
})

function named({ email, phone, first_name, last_name }: typeof sally) {
  return { email, phone, first_name, last_name }
}
