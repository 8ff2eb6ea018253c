import { readFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { at, type Diary, diaryOf } from '../appointments/diary.fixture.ts'
import { holdSlot } from '../appointments/hold.ts'
import { ask } from '../cli/sql.ts'
import { inWorkspace } from '../database/transaction.ts'

let fresh: FreshApp
let diary: Diary
beforeAll(async () => {
  fresh = await freshApp()
  diary = diaryOf(fresh)
})

async function sql(query: string) {
  const rows: Record<string, unknown>[] = []
  for await (const answer of ask(fresh.database.url, fresh.workspace_id, query)) rows.push(...answer.rows)
  return rows
}

test('appointments for next week are those that are booked: no tests, no held slots, nobody else’s', async () => {
  const { user_id } = await diary.hireWithHours()
  const [one, other] = [await diary.book({ scheduled_at: at(3, 10) }), await diary.book({ scheduled_at: at(5, 10) })]
  await diary.book({ scheduled_at: at(9, 10) })
  await diary.book({ scheduled_at: at(4, 10), is_test: true })
  await diaryOf(fresh, await fresh.another()).book({ scheduled_at: at(4, 10) })
  await inWorkspace(fresh.database, fresh.workspace_id, sql =>
    holdSlot(
      sql,
      fresh.workspace_id,
      { type: 'consultation', scheduled_at: at(4, 12), assigned_to: user_id },
      { kind: 'system' },
    ),
  )
  await diary.ask('POST', `/contacts/${one.contact_id}/merge`, { other_id: other.contact_id })
  const rows = await sql(
    `SELECT * FROM appointments WHERE scheduled_at BETWEEN date('now') AND date('now', '+7 days') ORDER BY scheduled_at;`,
  )
  // After the merge both are of the contact that is left.
  expect(rows).toMatchObject([
    { id: one.id, contact_id: one.contact_id, status: 'scheduled', duration_minutes: 60 },
    { id: other.id, contact_id: one.contact_id },
  ])
})

test('every appointment has its history', async () => {
  const { id, contact_id } = await diary.book()
  await diary.step(id, 'reschedule', { scheduled_at: at(6, 10) })
  await diary.step(id, 'complete', { outcome: 'won', conversion: { value: 90 } })
  const rows = await sql(
    `select event_type, contact_id, after->>'outcome' as outcome from appointment_events where appointment_id = ${id} order by id`,
  )
  expect(rows).toEqual([
    { event_type: 'appointment.created', contact_id, outcome: null },
    { event_type: 'appointment.routed', contact_id, outcome: null },
    { event_type: 'appointment.rescheduled', contact_id, outcome: null },
    { event_type: 'appointment.completed', contact_id, outcome: 'won' },
  ])
  expect(await sql(`select revenue, source from conversions where appointment_id = ${id}`)).toEqual([
    { revenue: 90, source: 'appointment' },
  ])
})

test('the question of the guide is answered', async () => {
  const [, question] = /```sql\n([\s\S]*?)```/.exec(readFileSync('docs/appointments.md', 'utf8'))!
  expect(await sql(question!)).toEqual(
    expect.arrayContaining([expect.objectContaining({ assigned_to: null, came: 1, missed: 0 })]),
  )
})
