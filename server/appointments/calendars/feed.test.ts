import { beforeAll, expect, test } from 'vitest'
import { type FreshApp, freshApp } from '../../../test/app.ts'
import { sally } from '../../../test/people.ts'
import type { SignedIn } from '../../../test/session.ts'
import { type Diary, diaryOf, hoursFromNow } from '../diary.fixture.ts'
import { eventIn } from './post.fixture.ts'

let fresh: FreshApp
let diary: Diary
let host: SignedIn
beforeAll(async () => {
  fresh = await freshApp({ config: { public_url: 'https://app.example.com' } })
  diary = diaryOf(fresh)
  host = await diary.hire()
})

const make = async ({ user_id }: SignedIn) => new URL((await diary.ask<{ url: string }>('POST', `/staff/${user_id}/feed`)).url)
const read = (url: URL, headers: Record<string, string> = {}) => fresh.app.inject({ url: url.pathname, headers })

test("a private calendar has what is the person's, for any program that knows its address", async () => {
  const scheduled_at = hoursFromNow(30)
  const { id } = await diary.book({
    assigned_to: host.user_id,
    scheduled_at,
    ...sallys(),
    place: 'video',
    location: 'https://meet.example/a,b;c',
  })
  const gone = await diary.book({ assigned_to: host.user_id, scheduled_at: hoursFromNow(40) })
  await diary.step(gone.id, 'cancel')
  await diary.book({ assigned_to: (await diary.hire()).user_id, scheduled_at })
  const url = await make(host)
  expect(url.href).toMatch(/^https:\/\/app\.example\.com\/calendar\/[\w-]{43}\.ics$/)
  const answer = await read(url)
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/calendar; charset=utf-8'])
  expect(answer.headers['cache-control']).toBe('private, no-cache')
  expect(eventIn(answer.body)).toMatchObject({
    method: 'PUBLISH',
    names: 1,
    starts: scheduled_at.replace('.000', ''),
    sequence: 0,
    summary: 'Consultation with Sally Susa',
    location: 'https://meet.example/a,b;c',
    description: expect.stringContaining(`Phone: ${sally.phone}`),
    attendee: '',
  })
  expect(eventIn(answer.body).description).toContain(`https://app.example.com/appointments/${id}`)
})

test('who has it already is told so, until something changes', async () => {
  const url = await make(host)
  const { etag } = (await read(url)).headers
  const same = await read(url, { 'if-none-match': etag! })
  expect([same.statusCode, same.body]).toEqual([304, ''])
  await diary.book({ assigned_to: host.user_id, scheduled_at: hoursFromNow(60) })
  const changed = await read(url, { 'if-none-match': etag! })
  expect(changed.statusCode).toBe(200)
  expect(changed.headers.etag).not.toBe(etag)
})

test('a new address ends the old one, and it can be taken away', async () => {
  const [old, url] = [await make(host), await make(host)]
  expect([(await read(old)).statusCode, (await read(url)).statusCode]).toEqual([404, 200])
  expect(await diary.ask('GET', `/staff/${host.user_id}`)).toMatchObject({ has_feed: true })
  await diary.ask('DELETE', `/staff/${host.user_id}/feed`)
  expect((await read(url)).json().error.code).toBe('not_found')
  expect(await diary.ask('GET', `/staff/${host.user_id}`)).toMatchObject({ has_feed: false })
  expect(await diary.answer('DELETE', `/staff/${host.user_id}/feed`)).toMatchObject({ status: 404 })
})

test('of somebody who left there is no calendar any more', async () => {
  const leaver = await diary.hire()
  const url = await make(leaver)
  expect((await read(url)).statusCode).toBe(200)
  await fresh.database.system`delete from memberships where workspace_id = ${fresh.workspace_id} and user_id = ${leaver.user_id}`
  expect((await read(url)).statusCode).toBe(404)
})

test('the address is shown once and kept nowhere', async () => {
  const [token] = (await make(host)).pathname.split('/').at(-1)!.split('.')
  const rows = await fresh.database
    .system`select row_to_json(s)::text as row from staff s union all select row_to_json(a)::text from activities a`
  expect(rows.length).toBeGreaterThan(2)
  expect(rows.map(({ row }) => row).join()).not.toContain(token)
  expect((await read(new URL('https://app.example.com/calendar/.ics'))).statusCode).toBe(404)
  expect((await read(new URL(`https://app.example.com/calendar/${'a'.repeat(43)}.ics`))).statusCode).toBe(404)
})

test('an agent makes an own address and nobody else’s', async () => {
  const other = await diary.hire()
  const desk = diary.as(other)
  expect(await desk.answer('POST', `/staff/${other.user_id}/feed`)).toMatchObject({ status: 201 })
  expect(await desk.answer('POST', `/staff/${host.user_id}/feed`)).toMatchObject({ status: 403, code: 'forbidden' })
})

function sallys() {
  const { first_name, last_name, email, phone } = sally
  return { first_name, last_name, email, phone }
}
