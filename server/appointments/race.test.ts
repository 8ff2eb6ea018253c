import { Agent, request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AppointmentShown } from '../../shared/appointments.ts'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { sized } from '../../test/faults/size.ts'
import { bearer } from '../../test/people.ts'
import { seeded } from '../../test/seeded.ts'
import { inWorkspace } from '../database/transaction.ts'
import { at, type Diary, diaryOf } from './diary.fixture.ts'
import { insertAppointments } from './insert.ts'

let fresh: FreshApp
let diary: Diary
const agent = new Agent({ keepAlive: true, maxSockets: 50 })
afterAll(() => agent.destroy())
beforeAll(async () => {
  fresh = await freshApp()
  diary = diaryOf(fresh)
  await fresh.listen()
})

type Answer = { status: number; body: AppointmentShown & { error?: { code: string; slots?: { starts_at: string }[] } } }

/** As a client does it, over a connection of its own. */
function post(payload: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { ...bearer(fresh.secret_key), 'content-type': 'application/json' }
    const outgoing = request(`${fresh.url}/api/v1/appointments`, { method: 'POST', headers, agent }, response => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', chunk => (text += chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) }))
    })
    outgoing.on('error', reject)
    outgoing.end(JSON.stringify(payload))
  })
}

const customer = (k: number) => `race-${k}@example.com`

describe('of all who want one time of one person at once', () => {
  test('exactly one gets it, and every other one is told what is free', { timeout: 600_000 }, async () => {
    const { user_id: assigned_to } = await diary.hireWithHours()
    const wanted = { assigned_to, scheduled_at: at(5, 10) }
    const attempts = Array.from({ length: sized(1000, 10_000) }, (_, k) => post({ ...wanted, email: customer(k % 20) }))
    const answers = await Promise.all(attempts)
    const booked = answers.filter(({ status }) => status === 201)
    expect(booked).toHaveLength(1)
    const others = answers.filter(({ status }) => status !== 201)
    expect(new Set(others.map(({ status, body }) => `${status} ${body.error?.code}`))).toEqual(new Set(['409 slot_taken']))
    for (const { body } of others) {
      const starts = body.error!.slots!.map(slot => slot.starts_at)
      expect(starts.length).toBeGreaterThan(0)
      expect(starts).not.toContain(at(5, 10))
    }
    expect(await diary.appointments(`assigned_to=${assigned_to}`)).toMatchObject([
      { id: booked[0]!.body.id, scheduled_at: at(5, 10) },
    ])
    // Who was refused left nothing behind: neither a contact nor something that was told.
    const [left] = await fresh.database.system`
      select (select count(*)::int from contacts where workspace_id = ${fresh.workspace_id} and email like 'race-%') as contacts,
             (select count(*)::int from activities where workspace_id = ${fresh.workspace_id} and action = 'appointment.created') as told`
    expect(left).toEqual({ contacts: 1, told: 1 })
  })
})

test('many who want many times of many people all get theirs, and nobody waits in a circle', { timeout: 600_000 }, async () => {
  const people = await Promise.all(Array.from({ length: 5 }, () => diary.hire()))
  const wanted = people.flatMap(({ user_id: assigned_to }) =>
    Array.from({ length: 24 }, (_, hour) => ({ assigned_to, scheduled_at: at(7, hour), email: customer(hour) })),
  )
  const chance = seeded(5)
  const answers = await Promise.all(wanted.toSorted(() => chance.number() - 0.5).map(post))
  expect(answers.map(({ status }) => status)).toEqual(wanted.map(() => 201))
})

test('of two who swap their times at once no time is taken twice', { timeout: 600_000 }, async () => {
  const { user_id: assigned_to } = await diary.hire()
  const [one, other] = [
    await diary.book({ assigned_to, scheduled_at: at(9, 10) }),
    await diary.book({ assigned_to, scheduled_at: at(9, 14) }),
  ]
  const moves = Array.from({ length: 20 }, (_, k) =>
    diary.answer('POST', `/appointments/${k % 2 === 0 ? one.id : other.id}/reschedule`, {
      scheduled_at: at(9, 10 + (Math.floor(k / 2) % 5), 30),
    }),
  )
  for (const { status } of await Promise.all(moves)) expect([200, 409]).toContain(status)
  const [overlapping] = await fresh.database.system`
    select count(*)::int as pairs
      from appointments a
      join appointments b on b.workspace_id = a.workspace_id and b.assigned_to = a.assigned_to and b.id > a.id and b.during && a.during
     where a.workspace_id = ${fresh.workspace_id} and a.assigned_to = ${assigned_to}`
  expect(overlapping).toEqual({ pairs: 0 })
})

test('the database itself refuses who did not look whether the time is free', async () => {
  const { user_id: assigned_to } = await diary.hire()
  const { contact_id } = await diary.book()
  const one = {
    workspace_id: fresh.workspace_id,
    contact_id,
    lead_id: null,
    type: 'consultation',
    scheduled_at: at(11, 10),
    duration_minutes: 60,
    assigned_to,
    status: 'scheduled' as const,
    actor: { kind: 'system' },
  }
  const insert = (given: object) =>
    inWorkspace(fresh.database, fresh.workspace_id, sql => insertAppointments(sql, [{ ...one, ...given }]))
  await insert({})
  for (const given of [{}, { scheduled_at: at(11, 10, 30) }, { status: 'pending' }, { status: 'held', hold_minutes: 5 }])
    await expect(insert(given)).rejects.toMatchObject({ code: 'slot_taken' })
  await insert({ blocks: false })
  await insert({ scheduled_at: at(11, 11) })
})
