import { Agent, request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FreshApp, freshApp } from '../../../test/app.ts'
import { sally } from '../../../test/people.ts'
import { at, type Diary, diaryOf } from '../diary.fixture.ts'

let fresh: FreshApp
let diary: Diary
let count = 0

const agent = new Agent({ keepAlive: true, maxSockets: 50 })
afterAll(() => agent.destroy())
beforeAll(async () => {
  fresh = await freshApp()
  await fresh.listen()
  diary = diaryOf(fresh)
})

/** A page of so many people who can be booked. */
async function publish(people: number) {
  const hired = []
  for (let k = 0; k < people; k++) hired.push((await diary.hireWithHours()).user_id)
  const name = `race-${++count}`
  const members = hired.map(user_id => ({ user_id }))
  const pool = await diary.ask<{ id: number }>('POST', '/pools', { name, strategy: 'weighted', members })
  const type = { key: `race_${count}`, name, address: name, is_public: true, pool_id: pool.id, interval_minutes: 60 }
  await diary.ask('POST', '/appointment-types', type)
  return { path: `/api/v1/booking/${name}`, type: type.key, pool_id: pool.id }
}

/** Each from another address, over fifty connections; how many were answered what. */
async function storm(times: number, bodyOf: (k: number) => { path: string; body: object }) {
  const answers = await Promise.all(Array.from({ length: times }, (_, k) => post(bodyOf(k), k)))
  const statuses: Record<string, number> = {}
  for (const { status, text } of answers) {
    const said = status < 400 ? String(status) : `${status} ${JSON.parse(text).error.code}`
    statuses[said] = (statuses[said] ?? 0) + 1
  }
  return statuses
}

function post({ path, body }: { path: string; body: object }, k: number): Promise<{ status: number; text: string }> {
  const headers = {
    'content-type': 'application/json',
    'x-forwarded-for': `10.99.${k >> 8}.${k & 255}, 198.51.${k >> 8}.${k & 255}`,
  }
  return new Promise((resolve, reject) => {
    const outgoing = request(fresh.url + path, { method: 'POST', headers, agent }, response => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', chunk => (text += chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
      response.on('error', reject)
    })
    outgoing.on('error', reject)
    outgoing.end(JSON.stringify(body))
  })
}

const booking = (starts_at: string, k: number) => ({
  first_name: 'Sally',
  email: `${k}.${sally.email}`,
  time_zone: 'UTC',
  starts_at,
})

test('a thousand customers who want one slot make one booking, and each of the others is told so', {
  timeout: 600_000,
}, async () => {
  const { path, type } = await publish(1)
  // Half of them hold it first, as the page does.
  const statuses = await storm(1000, k =>
    k % 2 === 0
      ? { path: `${path}/hold`, body: { starts_at: at(10, 9) } }
      : { path: `${path}/book`, body: booking(at(10, 9), k) },
  )
  expect(statuses).toEqual({ 201: 1, '409 slot_taken': 999 })
  const [row] = await fresh.database.system<{ count: number }[]>`select count(*)::int from appointments where type = ${type}`
  expect(row!.count).toBe(1)
})

test('of a pool each person is booked once at a time, as often as the weights say', { timeout: 600_000 }, async () => {
  const { path, type, pool_id } = await publish(5)
  const hours = [9, 10, 11, 12]
  const statuses = await storm(200, k => ({ path: `${path}/book`, body: booking(at(11, hours[k % 4]!), k) }))
  expect(statuses).toEqual({ 201: 20, '409 slot_taken': 180 })
  const rows = await fresh.database.system<{ times: number }[]>`
    select count(distinct scheduled_at)::int as times from appointments where type = ${type} group by assigned_to`
  expect(rows.map(row => row.times)).toEqual([4, 4, 4, 4, 4])
  const pool = await diary.ask<{ members: { assigned: number }[] }>('GET', `/pools/${pool_id}`)
  expect(pool.members.map(member => member.assigned)).toEqual([4, 4, 4, 4, 4])
})
