import { beforeAll, expect, test } from 'vitest'
import type { AppointmentType } from '../../shared/appointments.ts'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { type Diary, diaryOf } from './diary.fixture.ts'

let fresh: FreshApp
let diary: Diary
beforeAll(async () => {
  fresh = await freshApp()
  diary = diaryOf(fresh)
})

const make = (given: object) => diary.ask<AppointmentType>('POST', '/appointment-types', { name: 'Survey', ...given })

test('a workspace begins with one, and has its own in its order', async () => {
  const survey = await make({ key: 'survey', duration_minutes: 90, reminders: [{ before_minutes: 30, to: 'staff' }] })
  expect(survey).toMatchObject({ key: 'survey', duration_minutes: 90, interval_minutes: 30, is_public: false, position: 2 })
  const { data } = await diary.ask<{ data: AppointmentType[] }>('GET', '/appointment-types')
  expect(data.map(type => type.key)).toEqual(['consultation', 'survey'])
  expect(await diary.ask('GET', '/appointment-types/survey')).toEqual(survey)
  expect(await diary.answer('POST', '/appointment-types', { key: 'survey', name: 'Again' })).toMatchObject({
    status: 409,
    code: 'already_exists',
    fields: { key: 'is taken' },
  })
})

test('is changed as far as it is said, and only if nobody was faster', async () => {
  const { updated_at: if_updated_at } = await make({ key: 'visit', grace_minutes: 60 })
  const change = (given: object) => diary.ask<AppointmentType>('PATCH', '/appointment-types/visit', given)
  const changed = await change({ place: 'home', grace_minutes: null, reminders: [], if_updated_at })
  expect(changed).toMatchObject({ place: 'home', grace_minutes: null, reminders: [], name: 'Survey' })
  expect(await diary.answer('PATCH', '/appointment-types/visit', { name: 'Late', if_updated_at })).toMatchObject({
    code: 'conflict',
  })
  const { data } = await diary.ask<{ data: object[] }>('GET', '/activities?action=appointment_type.updated&limit=1')
  expect(data[0]).toMatchObject({ subject_id: 'visit', before: { place: 'phone' }, after: { place: 'home' } })
  const again = await change({ place: 'home' })
  expect(again.updated_at).toBe(changed.updated_at)
})

test('its public address is taken once on the whole server, and who publishes says which', async () => {
  await make({ key: 'public_one', address: 'first-meeting', is_public: true })
  const office = diaryOf(fresh, await fresh.another())
  expect(await office.answer('POST', '/appointment-types', { key: 'x', name: 'X', address: 'first-meeting' })).toMatchObject({
    status: 409,
    code: 'already_exists',
    fields: { address: expect.stringMatching(/^is taken on this server/) },
  })
  expect(await office.answer('PATCH', '/appointment-types/consultation', { address: 'first-meeting' })).toMatchObject({
    status: 409,
  })
  expect(await office.answer('PATCH', '/appointment-types/consultation', { is_public: true })).toMatchObject({
    status: 422,
    fields: { address: expect.stringMatching(/^is required/) },
  })
  expect(await office.answer('PATCH', '/appointment-types/consultation', { address: 'A b' })).toMatchObject({ status: 422 })
  expect(await office.answer('PATCH', '/appointment-types/consultation', { pool_id: 5 })).toMatchObject({
    status: 422,
    fields: { pool_id: 'is no pool of this workspace' },
  })
})

test('is deleted when nothing open is of it; what is over keeps its name', async () => {
  await make({ key: 'trial' })
  const { id } = await diary.book({ type: 'trial' })
  expect(await diary.answer('DELETE', '/appointment-types/trial')).toMatchObject({ status: 409, code: 'in_use' })
  await diary.step(id, 'complete')
  await diary.ask('DELETE', '/appointment-types/trial')
  expect(await diary.find(id)).toMatchObject({ type: 'trial' })
  expect(await diary.answer('GET', '/appointment-types/trial')).toMatchObject({ status: 404 })
  const office = diaryOf(fresh, await fresh.another())
  expect(await office.answer('DELETE', '/appointment-types/consultation')).toMatchObject({ status: 409, code: 'in_use' })
})

test('only who may change the workspace changes what can be booked', async () => {
  const manager = diary.as(await diary.hire('manager'))
  expect(await manager.answer('GET', '/appointment-types')).toMatchObject({ status: 200 })
  expect(await manager.answer('POST', '/appointment-types', { key: 'x', name: 'x' })).toMatchObject({ status: 403 })
  expect(await manager.answer('PATCH', '/appointment-types/consultation', { name: 'x' })).toMatchObject({ status: 403 })
  expect(await manager.answer('DELETE', '/appointment-types/consultation')).toMatchObject({ status: 403 })
})
