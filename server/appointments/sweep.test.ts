import { beforeAll, expect, test } from 'vitest'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { type Diary, diaryOf } from './diary.fixture.ts'
import { missOverdue } from './sweep.ts'

let fresh: FreshApp
let diary: Diary
beforeAll(async () => {
  fresh = await freshApp()
  diary = diaryOf(fresh)
  await diary.ask('POST', '/appointment-types', { key: 'strict', name: 'Strict', duration_minutes: 60, grace_minutes: 30 })
})

/** Booked and began so many minutes ago; of 60 minutes, so 90 are the end of the grace. */
async function began(minutes: number, given: object = {}) {
  const { id } = await diary.book({ type: 'strict', ...given })
  await diary.age(id, minutes)
  return id
}

test('what nobody spoke of is a no-show after its grace, by the system, and by two at once only once', async () => {
  const overdue = await Promise.all([began(95), began(95, { status: 'confirmed' }), began(60 * 24 * 30)])
  const others = [
    await began(80), // still within its grace
    await began(500, { type: 'consultation' }), // of a type without one
    await began(500, { status: 'pending' }),
  ]
  const done = await began(500)
  await diary.step(done, 'complete', {})
  const office = diaryOf(fresh, await fresh.another())
  await Promise.all([missOverdue(fresh.database.system), missOverdue(fresh.database.system)])
  for (const id of overdue) {
    expect(await diary.find(id)).toMatchObject({ status: 'no_show', ended_at: expect.any(String) })
    const missed = (await diary.events(id)).filter(event => event.action === 'appointment.no_show')
    expect(missed).toMatchObject([{ actor: { kind: 'system', name: 'clock' }, after: { status: 'no_show' } }])
  }
  for (const id of others) expect((await diary.find(id)).ended_at).toBeNull()
  expect(await diary.find(done)).toMatchObject({ status: 'completed' })
  expect(await office.appointments()).toEqual([])
  // A person knows better.
  expect(await diary.step(overdue[0]!, 'complete', { outcome: 'won' })).toMatchObject({ status: 'completed' })
  await missOverdue(fresh.database.system)
  expect(await diary.find(overdue[0]!)).toMatchObject({ status: 'completed' })
})

test('a backlog of thousands is made up for in chunks', async () => {
  const { contact_id } = await diary.book()
  await fresh.database.system`
    insert into appointments (workspace_id, contact_id, type, scheduled_at)
    select ${fresh.workspace_id}, ${contact_id}, 'strict', now() - make_interval(mins => 200 + n) from generate_series(1, 1201) n`
  await missOverdue(fresh.database.system)
  const [row] = await fresh.database.system`
    select count(*)::int as missed,
           (select count(*)::int from activities v where v.workspace_id = ${fresh.workspace_id} and v.action = 'appointment.no_show') as told
      from appointments
     where workspace_id = ${fresh.workspace_id} and status = 'no_show'`
  expect(row!.missed).toBeGreaterThanOrEqual(1201)
  expect(row!.told).toBe(row!.missed + 1) // one of them was completed after all
})
