import { beforeAll, describe, expect, test } from 'vitest'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { basic, batch, identify, track } from '../../test/people.ts'

// What a language or a parser means by a name, an attacker or a clumsy client may send as data.

let fresh: FreshApp
beforeAll(async () => {
  fresh = await freshApp()
})

const send = async (...messages: unknown[]) => {
  const payload = JSON.stringify(batch(...messages))
  const headers = { 'content-type': 'application/json', ...basic(fresh.write_key) }
  return fresh.app.inject({ method: 'POST', url: '/v1/batch', payload, headers })
}

/** What JSON can say and String() cannot. */
const UNPRINTABLE = { toString: 1, valueOf: 2 }
const NAMES = ['constructor', 'toString', 'valueOf', 'hasOwnProperty', '__proto__', 'prototype', '__defineGetter__']

describe('names that every object has', () => {
  test.each(NAMES)('%s is a name of an event like any other', async name => {
    const answer = await send(track(name, { anonymousId: `names ${name}`, properties: { watch_percentage: 90 } }))
    expect(answer.json()).toEqual({ success: true })
    const [visitor] = await fresh.database.system`
      select event_count, engaged_at, converted_at, watch_percentage from visitors where distinct_id = ${`names ${name}`}`
    expect(visitor).toEqual({ event_count: 1, engaged_at: null, converted_at: null, watch_percentage: 0 })
  })

  test.each(NAMES)('%s is no type of event', async name => {
    const answer = await send({ type: name, event: 'x', anonymousId: 'typed' })
    expect(answer.json()).toMatchObject({ rejected: [{ index: 0, code: 'unknown_type' }] })
  })

  test('are names of traits like any other', async () => {
    const anonymousId = 'traits'
    const traits = JSON.parse(`{${NAMES.map((name, k) => `"${name}":"value ${k}"`).join()}}`) as Record<string, unknown>
    expect((await send(identify({ anonymousId, traits }))).json()).toEqual({ success: true })
    const [visitor] = await fresh.database.system<{ traits: Record<string, [unknown, number]> }[]>`
      select traits from visitors where distinct_id = ${anonymousId}`
    const kept = Object.entries(visitor!.traits).map(([name, [value]]) => [name, value])
    expect(kept.sort()).toEqual(NAMES.map((name, k) => [name, `value ${k}`]).sort())
  })
})

describe('values that cannot be written down', () => {
  test.each(['email', 'phone', 'age', 'name', 'first_name', 'user_id', 'address', 'referral_code'])(
    'as %s make nobody somebody',
    async name => {
      const anonymousId = `unprintable ${name}`
      const answer = await send(
        identify({ anonymousId, traits: { [name]: UNPRINTABLE } }),
        track('registration', { anonymousId, properties: { [name]: UNPRINTABLE } }),
        track('after', { anonymousId }),
      )
      expect(answer.json()).toEqual({ success: true })
      const [visitor] = await fresh.database
        .system`select event_count, contact_id from visitors where distinct_id = ${anonymousId}`
      expect(visitor).toEqual({ event_count: 3, contact_id: null })
    },
  )

  test('as a percentage are none', async () => {
    const properties = { watch_percentage: UNPRINTABLE, amount: UNPRINTABLE }
    expect((await send(track('video_progress', { anonymousId: 'percent', properties }))).json()).toEqual({ success: true })
    const [visitor] = await fresh.database.system`select watch_percentage from visitors where distinct_id = 'percent'`
    expect(visitor).toEqual({ watch_percentage: 0 })
  })

  test('as a type are none, however deep they nest', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    const headers = { 'content-type': 'application/json', ...basic(fresh.write_key) }
    const payload = `{"batch":[{"type":${deep},"anonymousId":"deep"}]}`
    const answer = await fresh.app.inject({ method: 'POST', url: '/v1/batch', payload, headers })
    expect(answer.json()).toMatchObject({ success: true, rejected: [{ index: 0, code: 'unknown_type' }] })
  })

  test('as the context of a whole batch are refused with each event', async () => {
    const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`
    const headers = { 'content-type': 'application/json', ...basic(fresh.write_key) }
    const payload = `{"context":${deep},"batch":[${JSON.stringify(track('flat', { anonymousId: 'deep' }))}]}`
    const answer = await fresh.app.inject({ method: 'POST', url: '/v1/import', payload, headers })
    expect(answer.json()).toMatchObject({ success: true, rejected: [{ index: 0, code: 'too_deep' }] })
  })
})
