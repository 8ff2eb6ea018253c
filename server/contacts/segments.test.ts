import { beforeAll, expect, test } from 'vitest'
import type { Contact } from '../../shared/contacts.ts'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { asking } from '../../test/asking.ts'
import { basic, batch, bearer, track } from '../../test/people.ts'
import { tellNoShows } from './no-shows.ts'

let fresh: FreshApp
beforeAll(async () => {
  fresh = await freshApp()
})

const HOUR = 3_600_000
const ago = (hours: number) => new Date(Date.now() - hours * HOUR).toISOString()

async function send(...messages: unknown[]) {
  const request = { method: 'POST', url: '/v1/batch', payload: batch(...messages), headers: basic(fresh.write_key) } as const
  expect((await fresh.app.inject(request)).json()).toEqual({ success: true })
}

const register = (name: string, hours = 0) =>
  track('registration', { anonymousId: name, timestamp: ago(hours), properties: { email: `${name}@example.com` } })
const watch = (name: string, watch_percentage: number) =>
  track('video_progress', { anonymousId: name, properties: { watch_percentage } })

const { ask: call } = asking(() => fresh)
const contactOf = async (name: string): Promise<Contact> => (await call('GET', `/contacts?email=${name}@example.com`)).data[0]

/** `+hot` for each time that they entered, `-hot` for each that they left, in order. */
async function told(id: number) {
  const rows = await fresh.database.system<{ word: string }[]>`
    select case action when 'segment.entered' then '+' || (after->>'segment') else '-' || (before->>'segment') end as word
      from activities
     where workspace_id = ${fresh.workspace_id} and contact_id = ${id} and action like 'segment.%'
     order by id`
  return rows.map(row => row.word)
}

test('who watches on leaves one segment and enters the next, and each is told once', async () => {
  await send(register('step'))
  const { id, segment } = await contactOf('step')
  expect(segment).toBeNull()
  await send(watch('step', 5), watch('step', 10))
  await send(watch('step', 30))
  await send(watch('step', 20))
  await send(watch('step', 500))
  expect((await contactOf('step')).segment).toBe('hot')
  expect(await told(id)).toEqual(['+skimmer', '-skimmer', '+sampler', '-sampler', '+hot'])
})

test('who registered a day ago and watched nothing becomes a no-show by the clock, once, however many look at it', async () => {
  await send(register('sleepy', 23), register('busy', 23), register('late', 30))
  await send(watch('busy', 1))
  const [sleepy, busy, late] = [await contactOf('sleepy'), await contactOf('busy'), await contactOf('late')]
  expect([sleepy.segment, busy.segment, late.segment]).toEqual([null, 'skimmer', 'no_show'])
  expect(await told(late.id)).toEqual(['+no_show'])
  await tellNoShows(fresh.database.system)
  expect(await told(sleepy.id)).toEqual([])
  // Two days go by while nobody is there.
  for (const table of ['visitors', 'contacts']) {
    await fresh.database.system.unsafe(`
      update ${table} set registered_at = registered_at - interval '2 days' where workspace_id = ${fresh.workspace_id}`)
  }
  expect((await contactOf('sleepy')).segment).toBe('no_show')
  await Promise.all([1, 2, 3].map(() => tellNoShows(fresh.database.system)))
  expect(await told(sleepy.id)).toEqual(['+no_show'])
  expect(await told(busy.id)).toEqual(['+skimmer'])
  const [row] = await fresh.database.system`
    select segment_since = registered_at + interval '24 hours' as is_then from contacts
     where workspace_id = ${fresh.workspace_id} and id = ${sleepy.id}`
  expect(row).toEqual({ is_then: true })
  await send(watch('sleepy', 60))
  expect(await told(sleepy.id)).toEqual(['+no_show', '-no_show', '+engaged'])
})

test('a registration that is heard of late makes nobody a no-show who has watched', async () => {
  await send(track('video_progress', { anonymousId: 'early', properties: { watch_percentage: 80 } }))
  await send(register('early', 100))
  const { id, segment } = await contactOf('early')
  expect(segment).toBe('hot')
  expect(await told(id)).toEqual(['+hot'])
})

test('a merge moves both to where they belong, and its undo back', async () => {
  await send(register('winner'), register('loser'), watch('winner', 10), watch('loser', 90))
  const [winner, loser] = [await contactOf('winner'), await contactOf('loser')]
  await call('POST', `/contacts/${winner.id}/merge`, { other_id: loser.id })
  expect((await contactOf('winner')).segment).toBe('hot')
  expect(await told(winner.id)).toEqual(['+skimmer', '-skimmer', '+hot'])
  expect(await told(loser.id)).toEqual(['+hot', '-hot'])
  const [merge] = await fresh.database.system`
    select id from contact_merges where workspace_id = ${fresh.workspace_id} and winner_id = ${winner.id}`
  await call('POST', `/contacts/merges/${merge!.id}/undo`)
  expect(await told(winner.id)).toEqual(['+skimmer', '-skimmer', '+hot', '-hot', '+skimmer'])
  expect(await told(loser.id)).toEqual(['+hot', '-hot', '+hot'])
})

test('the list shows who is in a segment now, also with a search', async () => {
  await send(register('searched-one'), register('searched-two'), watch('searched-one', 90), watch('searched-two', 10))
  const hot = (await call('GET', '/contacts?segment=hot&limit=200')).data as Contact[]
  expect(hot.length).toBeGreaterThan(1)
  expect(new Set(hot.map(contact => contact.segment))).toEqual(new Set(['hot']))
  const found = (await call('GET', '/contacts?segment=skimmer&q=searched')).data as Contact[]
  expect(found.map(contact => contact.email)).toEqual(['searched-two@example.com'])
  const refused = await fresh.app.inject({ url: '/api/v1/contacts?segment=cold', headers: bearer(fresh.secret_key) })
  expect(refused.statusCode).toBe(400)
})
