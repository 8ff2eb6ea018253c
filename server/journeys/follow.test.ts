import { beforeEach, expect, test } from 'vitest'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { basic, batch, track } from '../../test/people.ts'
import { relay } from '../activities/relay.ts'
import { attribute } from '../attribution/attribute.ts'
import { followAll } from './follow.ts'
import { noticeJourneys } from './notice.ts'

let fresh: FreshApp
beforeEach(async () => {
  fresh = await freshApp()
})

async function sends(...messages: object[]) {
  const headers = { ...basic(fresh.write_key), 'content-type': 'application/json' }
  const answer = await fresh.app.inject({ method: 'POST', url: '/v1/batch', headers, payload: batch(...messages) })
  expect(answer.json()).toEqual({ success: true })
}

const replayed = (who: string) => track('video_replayed', { anonymousId: who, properties: { video_id: 'v' } })

async function told() {
  while (await relay(fresh.database.system, { journeys: noticeJourneys }));
}

async function replays() {
  const [row] = await fresh.database.system<
    { replays: number }[]
  >`select coalesce(sum(replays), 0)::int as replays from person_funnels`
  return row!.replays
}

test('what fails halfway is there as if it had not begun, and is followed once afterwards', async () => {
  await sends(replayed('ann'), replayed('ann'), replayed('ben'))
  await told()
  const { system } = fresh.database
  const fails = () => Promise.reject(new Error('the disk is full'))
  await expect(followAll(system, [fails])).rejects.toThrow('the disk is full')
  expect(await replays()).toBe(0)
  await followAll(system)
  expect(await replays()).toBe(3)
  await followAll(system)
  expect(await replays()).toBe(3)
})

test('a workspace in which it fails holds up no other', async () => {
  const other = await fresh.another()
  const send = (key: string) =>
    fresh.app.inject({ method: 'POST', url: '/v1/batch', headers: basic(key), payload: batch(replayed('ann')) })
  await send(fresh.write_key)
  await send(other.write_key)
  await told()
  const fails = async (_: unknown, workspace_id: number) => {
    if (workspace_id === fresh.workspace_id) throw new Error('not this one')
  }
  await expect(followAll(fresh.database.system, [fails])).rejects.toThrow('not this one')
  expect(await replays()).toBe(1)
})

test('several who follow at once count each event once', async () => {
  for (let round = 0; round < 5; round++) {
    await sends(...Array.from({ length: 40 }, (_, k) => replayed(`who-${(k * 7) % 13}`)))
    await told()
    await Promise.all(Array.from({ length: 3 }, () => followAll(fresh.database.system)))
  }
  while (await followAll(fresh.database.system));
  await followAll(fresh.database.system)
  expect(await replays()).toBe(200)
})

test('a batch that is too large for one round is followed in parts', async () => {
  await sends(replayed('ann'), replayed('ben'))
  const { system } = fresh.database
  // As a migration leaves it: all that ever happened, with the ids of everybody between them.
  await system`
    insert into journey_batches (workspace_id, first_event, last_event, from_time, to_time)
    select workspace_id, min(id), max(id) + 12000, min(occurred_at), max(occurred_at) from events group by 1`
  let rounds = 0
  for (let is_more = true; is_more; rounds++) is_more = await followAll(system)
  expect(rounds).toBe(3)
  expect(await replays()).toBe(2)
  expect(await system`select from journey_batches`).toHaveLength(0)
})

test('an earlier visit of which one hears late has sent somebody', async () => {
  const { system } = fresh.database
  const source = async () => (await system<{ source: string }[]>`select source from person_sources`).map(row => row.source)
  const visit = (utm_source: string, minutes: number) =>
    track('button_clicked', {
      anonymousId: 'ann',
      timestamp: new Date(Date.now() - minutes * 60_000).toISOString(),
      context: { campaign: { source: utm_source } },
    })
  await sends(visit('letter', 10), track('registration', { anonymousId: 'ann', properties: { email: 'ann@example.com' } }))
  await told()
  await followAll(system, [attribute])
  expect(await source()).toEqual(['letter'])
  await sends(visit('poster', 90))
  await told()
  await followAll(system, [attribute])
  expect(await source()).toEqual(['poster'])
})

test('while the server works, what happens is summed up without being asked for', async () => {
  fresh.work()
  await sends(track('registration', { anonymousId: 'ann', properties: { email: 'ann@example.com' } }), replayed('ann'))
  await expect.poll(replays).toBe(1)
  await sends(replayed('ann'))
  await expect.poll(replays).toBe(2)
})
