import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Contact, STAGES, type Stage } from '../../shared/contacts.ts'
import type { Activity } from '../../shared/events.ts'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { asking } from '../../test/asking.ts'
import { basic, batch, identify, track } from '../../test/people.ts'
import { signedIn } from '../../test/session.ts'
import { rebuildAll } from '../rebuild.ts'

let fresh: FreshApp
beforeAll(async () => {
  fresh = await freshApp()
})
const { ask, refusal } = asking(() => fresh)

const read = (id: number) => ask<Contact>('GET', `/contacts/${id}`)
const stageOf = async (id: number) => (await read(id)).stage
const set = (id: number, stage: Stage | null) => ask<Contact>('PATCH', `/contacts/${id}`, { stage })

async function send(...messages: object[]) {
  const headers = basic(fresh.write_key)
  const { statusCode, body } = await fresh.app.inject({ method: 'POST', url: '/v1/batch', headers, payload: batch(...messages) })
  expect(statusCode, body).toBe(200)
}

let people = 0
/** Somebody with a device. */
async function someone() {
  const device = `device-${++people}`
  const email = `stage${people}@example.com`
  await send(identify({ anonymousId: device, traits: { email } }))
  const { data } = await ask<{ data: Contact[] }>('GET', `/contacts?email=${email}`)
  return { id: data[0]!.id, device }
}
const MOVES = { engaged: 'video_started', offer_viewed: 'enrollment_viewed', converted: 'purchase_completed' } as const
const reach = (device: string, stage: keyof typeof MOVES, timestamp = '2026-01-05T10:00:00Z') =>
  send(track(MOVES[stage], { anonymousId: device, timestamp, properties: { amount: 5, currency: 'USD' } }))

describe('a stage that a person sets', () => {
  test('holds, forward and back, in lists too, says who set it, and is told like any other', async () => {
    const { id, device } = await someone()
    await reach(device, 'offer_viewed')
    const marta = await signedIn(fresh, 'manager')
    const moved = await ask<Contact>('PATCH', `/contacts/${id}`, { stage: 'converted' }, marta)
    expect(moved.stage_by_hand).toMatchObject({ stage: 'converted', by: { kind: 'user', id: marta.user_id } })
    expect(Date.parse(moved.stage_by_hand!.at)).not.toBeNaN()
    await set(id, 'lead')
    const listed = async (stage: Stage) =>
      (await ask<{ data: Contact[] }>('GET', `/contacts?stage=${stage}&limit=200`)).data.some(one => one.id === id)
    expect([await stageOf(id), await listed('lead'), await listed('offer_viewed')]).toEqual(['lead', true, false])
    // What happened did happen: only where they stand is another.
    expect((await read(id)).offer_viewed_at).toBe('2026-01-05T10:00:00.000Z')
    const { data } = await ask<{ data: Activity[] }>('GET', `/activities?contact_id=${id}&limit=4`)
    const [key, user] = [expect.objectContaining({ kind: 'key' }), expect.objectContaining({ id: marta.user_id })]
    const told = data.map(({ action, actor, before, after }) => ({ action, actor, before, after }))
    expect(told).toEqual(
      expect.arrayContaining([
        { action: 'contact.stage_changed', actor: user, before: { stage: 'offer_viewed' }, after: { stage: 'converted' } },
        { action: 'contact.updated', actor: user, before: { stage_by_hand: null }, after: { stage_by_hand: 'converted' } },
        { action: 'contact.stage_changed', actor: key, before: { stage: 'converted' }, after: { stage: 'lead' } },
        { action: 'contact.updated', actor: key, before: { stage_by_hand: 'converted' }, after: { stage_by_hand: 'lead' } },
      ]),
    )
  })

  test('is moved on by what comes later, also by what they did before, and never back', async () => {
    const { id, device } = await someone()
    await reach(device, 'converted')
    await set(id, 'engaged')
    expect(await stageOf(id)).toBe('engaged')
    await send(track('clicked', { anonymousId: device }))
    await reach(device, 'engaged')
    expect(await stageOf(id)).toBe('engaged')
    await reach(device, 'offer_viewed', '2025-12-24T10:00:00Z') // a device that was offline
    expect(await stageOf(id)).toBe('offer_viewed')
    await set(id, 'lead')
    await reach(device, 'converted')
    expect(await read(id)).toMatchObject({ stage: 'converted', stage_by_hand: { stage: 'lead' } })
    await set(id, 'lead')
    await ask('POST', '/conversions', { contact_id: id, value: 3, converted_at: '2025-11-01T00:00:00Z' })
    expect(await stageOf(id)).toBe('converted')
  })

  test('is taken back to what events say', async () => {
    const { id, device } = await someone()
    await reach(device, 'offer_viewed')
    await set(id, 'lead')
    expect(await set(id, null)).toMatchObject({ stage: 'offer_viewed', stage_by_hand: null })
    const { updated_at } = await read(id)
    expect((await set(id, null)).updated_at).toBe(updated_at)
  })

  test('which they have reached already is no change', async () => {
    const { id, device } = await someone()
    await reach(device, 'engaged')
    expect(await set(id, 'engaged')).toMatchObject({ stage: 'engaged', stage_by_hand: null })
    await set(id, 'offer_viewed')
    const { stage_by_hand } = await read(id)
    await set(id, 'offer_viewed')
    expect((await read(id)).stage_by_hand).toEqual(stage_by_hand)
  })

  test('is refused of one who is part of another, and when it is none', async () => {
    const [one, other] = [await someone(), await someone()]
    await ask('POST', `/contacts/${one.id}/merge`, { other_id: other.id })
    expect(await refusal('PATCH', `/contacts/${other.id}`, { stage: 'lead' })).toEqual([409, 'already_merged'])
    expect(await refusal('PATCH', `/contacts/${one.id}`, { stage: 'gone' })).toEqual([422, 'invalid_fields'])
  })
})

/**
 * Two people, what they do and what is said of them, in any order, merged and taken apart: against a plain list of what came, of which the
 * last word of a person counts and whatever came after it.
 */
const who = fc.constantFrom(0, 1)
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('event' as const), who, stage: fc.constantFrom(...STAGES.slice(1)) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('hand' as const), who, stage: fc.constantFrom(...STAGES, null) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('merge' as const) }) },
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

test('in any history the last word and what came after it say the stage, and a rebuild finds nothing to mend', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 18, size: 'max' }), play),
    { numRuns: 15, seed: 20_261_122 }, // the same histories each time, so that a red test means a change
  )
  const before = await stages()
  expect(await rebuildAll(fresh.database, { workspace_id: fresh.workspace_id })).toMatchObject({ visitors: 0, contacts: 0 })
  await fresh.database
    .system`update contacts set stage = 'converted', stage_by_hand = null where workspace_id = ${fresh.workspace_id}`
  await fresh.database.system`
    update visitors set last_engaged_at = now(), last_offer_viewed_at = null where workspace_id = ${fresh.workspace_id}`
  await rebuildAll(fresh.database, { workspace_id: fresh.workspace_id })
  expect(await stages()).toEqual(before)
}, 120_000)

async function play(steps: Step[]) {
  const pair = [await someone(), await someone()]
  const facts: { who: number; kind: 'event' | 'hand'; stage: Stage | null }[] = []
  let merge: number | null = null
  const expected = (of: number) => {
    const theirs = facts.filter(fact => merge !== null || fact.who === of)
    const last = theirs.findLastIndex(({ kind }) => kind === 'hand')
    const since = theirs[last]?.stage == null ? theirs.filter(({ kind }) => kind === 'event') : theirs.slice(last)
    return STAGES[Math.max(0, ...since.map(({ stage }) => STAGES.indexOf(stage!)))]!
  }
  const isSaid = (of: number) => {
    const hands = facts.filter(fact => fact.kind === 'hand' && (merge !== null || fact.who === of))
    return hands.at(-1)?.stage != null
  }
  for (const one of steps) {
    if (one.kind === 'merge') {
      if (merge === null) merge = (await ask('POST', `/contacts/${pair[0]!.id}/merge`, { other_id: pair[1]!.id, force: true })).id
      else {
        await ask('POST', `/contacts/merges/${merge}/undo`)
        merge = null
      }
    } else if (one.kind === 'event') {
      await reach(pair[one.who]!.device, one.stage as keyof typeof MOVES)
      facts.push(one)
    } else {
      const of = merge === null ? one.who : 0
      const is_news = one.stage === null ? isSaid(of) : expected(of) !== one.stage
      await set(pair[of]!.id, one.stage)
      if (is_news) facts.push({ ...one, who: of })
    }
    const left = merge === null ? [0, 1] : [0]
    const found = await Promise.all(left.map(of => read(pair[of]!.id)))
    expect(found.map(({ stage }) => stage)).toEqual(left.map(expected))
    expect(found.map(({ stage_by_hand }) => stage_by_hand !== null)).toEqual(left.map(isSaid))
  }
}

function stages() {
  return fresh.database.system`
    select id, stage, stage_by_hand from contacts where workspace_id = ${fresh.workspace_id} order by id`
}
