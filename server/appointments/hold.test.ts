import { beforeAll, describe, expect, test } from 'vitest'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { sally } from '../../test/people.ts'
import { inWorkspace } from '../database/transaction.ts'
import { at, type Diary, diaryOf } from './diary.fixture.ts'
import { bookHeld, holdSlot } from './hold.ts'
import { deleteOverdueHolds } from './sweep.ts'

let fresh: FreshApp
let diary: Diary
let assigned_to: number
beforeAll(async () => {
  fresh = await freshApp()
  diary = diaryOf(fresh)
  assigned_to = (await diary.hireWithHours()).user_id
})

const CUSTOMER = { kind: 'system', name: 'booking page' }
const hold = (scheduled_at: string) =>
  inWorkspace(fresh.database, fresh.workspace_id, sql =>
    holdSlot(sql, fresh.workspace_id, { type: 'consultation', scheduled_at, assigned_to }, CUSTOMER),
  )
const bookIt = (id: number) =>
  inWorkspace(fresh.database, fresh.workspace_id, sql => bookHeld(sql, fresh.workspace_id, id, { email: sally.email }, CUSTOMER))
const runOut = (id: number) => fresh.database.system`
  update appointments set held_until = now() - interval '1 second' where workspace_id = ${fresh.workspace_id} and id = ${id}`

describe('a time that is held', () => {
  test('is in no list and told to nobody, and nobody else can book or hold it', async () => {
    const held = await hold(at(5, 10))
    expect(Date.parse(held.held_until) - Date.now()).toBeGreaterThan(9 * 60_000)
    expect(await diary.appointments()).toEqual([])
    expect(await diary.answer('GET', `/appointments/${held.id}`)).toMatchObject({ status: 404 })
    expect(await diary.answer('GET', `/appointments/${held.id}/events`)).toMatchObject({ status: 404 })
    expect(await diary.answer('POST', `/appointments/${held.id}/cancel`, {})).toMatchObject({ status: 404 })
    expect(await diary.ask('GET', '/activities?action=appointment.created')).toMatchObject({ data: [] })
    const answer = await diary.answer('POST', '/appointments', { email: sally.email, assigned_to, scheduled_at: at(5, 10, 30) })
    expect(answer).toMatchObject({ status: 409, code: 'slot_taken' })
    await expect(hold(at(5, 10))).rejects.toMatchObject({ code: 'slot_taken', slots: expect.any(Array) })
    const id = await bookIt(held.id)
    expect(await diary.find(id)).toMatchObject({ scheduled_at: at(5, 10), assigned_to, status: 'scheduled', booked_by: CUSTOMER })
    await expect(bookIt(held.id)).rejects.toMatchObject({ code: 'slot_taken' })
  })

  test('that ran out is booked by whoever comes first: who held it, or somebody else', async () => {
    const mine = await hold(at(6, 10))
    await runOut(mine.id)
    expect(await diary.find(await bookIt(mine.id))).toMatchObject({ scheduled_at: at(6, 10) })
    const late = await hold(at(6, 12))
    await runOut(late.id)
    await diary.book({ assigned_to, scheduled_at: at(6, 12) })
    await expect(bookIt(late.id)).rejects.toMatchObject({ code: 'slot_taken' })
  })

  test('that ran out is swept, and none that did not', async () => {
    const [kept, gone] = [await hold(at(7, 10)), await hold(at(7, 12))]
    await runOut(gone.id)
    await deleteOverdueHolds(fresh.database.system)
    const left = await fresh.database.system<{ id: number }[]>`
      select id from appointments where workspace_id = ${fresh.workspace_id} and status = 'held'`
    expect(left.map(row => row.id)).toEqual([kept.id])
  })

  test('lies in the hours of its person and not sooner than the notice', async () => {
    await expect(hold(at(5, 7))).rejects.toMatchObject({ code: 'slot_taken', message: expect.stringMatching(/working hours/) })
    await diary.ask('PATCH', '/appointment-types/consultation', { notice_minutes: 30 * 24 * 60 })
    await expect(hold(at(9, 10))).rejects.toMatchObject({ code: 'slot_taken', message: expect.stringMatching(/too soon/) })
    await diary.ask('PATCH', '/appointment-types/consultation', { notice_minutes: 0, confirmation: 'by_hand' })
    const id = await bookIt((await hold(at(9, 10))).id)
    expect(await diary.find(id)).toMatchObject({ status: 'pending' })
  })
})
