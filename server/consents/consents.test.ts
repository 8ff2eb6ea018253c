import { beforeAll, describe, expect, test } from 'vitest'
import type { ConsentPurpose, ContactConsents } from '../../shared/consents.ts'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { asking } from '../../test/asking.ts'
import { basic, batch, identify, page, track } from '../../test/people.ts'
import { nameWorkspace } from '../database/transaction.ts'
import { deskOf } from '../intake/desk.fixture.ts'

let fresh: FreshApp
beforeAll(async () => {
  fresh = await freshApp()
})

const { ask, refusal } = asking(() => fresh)

let people = 0
const person = async () => (await ask<{ id: number }>('POST', '/contacts', { email: `person${++people}@example.com` })).id
const say = (id: number, purposes: Record<string, boolean>, more = {}) =>
  ask<ContactConsents>('POST', `/contacts/${id}/consents`, { purposes, ...more })
const holding = ({ data }: ContactConsents) =>
  Object.fromEntries(data.filter(({ granted }) => granted !== null).map(({ purpose, granted }) => [purpose, granted]))
const held = async (id: number) => holding(await ask<ContactConsents>('GET', `/contacts/${id}/consents`))
async function collect(...events: Parameters<typeof batch>) {
  const headers = basic(fresh.write_key)
  expect((await fresh.app.inject({ method: 'POST', url: '/v1/batch', headers, payload: batch(...events) })).statusCode).toBe(200)
}
async function told(contact_id: number) {
  const rows = await fresh.database.system<{ action: string; granted: boolean }[]>`
    select action, (after ->> 'granted')::boolean as granted
      from activities
     where workspace_id = ${fresh.workspace_id} and contact_id = ${contact_id} and action like 'consent.%'
     order by id`
  return rows.map(({ action, granted }) => [action, granted])
}

describe('purposes', () => {
  test('are three at first, and keep every text that people were asked with', async () => {
    const { data } = await ask<{ data: ConsentPurpose[] }>('GET', '/consent-purposes')
    expect(data.map(({ name }) => name)).toEqual(['analytics', 'marketing', 'personalisation'])
    const own = await ask<ConsentPurpose>('POST', '/consent-purposes', { name: 'partners', text_version: '1', text: 'May we?' })
    expect([own.label, own.texts.map(({ version }) => version)]).toEqual(['partners', ['1']])
    const path = `/consent-purposes/${own.id}`
    const changed = await ask<ConsentPurpose>('PATCH', path, { label: 'Partners', text_version: '2', text: 'May they?' })
    expect([changed.label, changed.texts.map(({ text }) => text)]).toEqual(['Partners', ['May they?', 'May we?']])
    await ask('PATCH', path, { text_version: '2', text: 'May they?' })
    expect(await refusal('PATCH', path, { text_version: '1', text: 'Something else' })).toEqual([409, 'already_exists'])
    expect(await refusal('PATCH', path, { text: 'Without a version' })).toEqual([422, 'invalid_fields'])
    expect(await refusal('POST', '/consent-purposes', { name: 'partners' })).toEqual([409, 'already_exists'])
    expect(await refusal('PATCH', '/consent-purposes/99999', { label: 'x' })).toEqual([404, 'not_found'])
    const told = await fresh.database.system`select action from activities where action like 'consent_purpose.%' order by id`
    expect(told.map(({ action }) => action)).toEqual(['consent_purpose.created', 'consent_purpose.updated'])
  })
})

describe('a contact', () => {
  test('has what it said last, everything that it ever said, and is not written twice', async () => {
    const id = await person()
    await say(id, { marketing: true, analytics: true }, { source: 'form', text_version: '1', said_at: '2026-01-01T00:00:00Z' })
    await say(id, { marketing: true }, { text_version: '1' })
    const after = await say(id, { marketing: false })
    expect(holding(after)).toEqual({ analytics: true, marketing: false })
    expect(after.history.map(({ purpose, granted, source }) => [purpose, granted, source])).toEqual([
      ['marketing', false, 'api'],
      ['analytics', true, 'form'],
      ['marketing', true, 'form'],
    ])
    const told = await fresh.database.system`
      select before->'granted' as before, after->>'purpose' as purpose, after->'granted' as after
        from activities where action = 'consent.changed' and contact_id = ${id} order by id`
    expect(told).toMatchObject([
      { before: null, purpose: 'marketing', after: true },
      { before: null, purpose: 'analytics', after: true },
      { before: true, purpose: 'marketing', after: false },
    ])
    const rows = await fresh.database.system.begin(async sql => {
      await nameWorkspace(sql, fresh.workspace_id)
      await sql`set local role throughline_reader`
      return sql`select purpose, granted from reporting.consents where contact_id = ${id} order by consent_id`
    })
    expect(rows.map(({ purpose, granted }) => [purpose, granted])).toEqual([
      ['marketing', true],
      ['analytics', true],
      ['marketing', false],
    ])
  })

  test('shows after a merge what the newer of both said, and after its undo its own again', async () => {
    const [one, two] = [await person(), await person()]
    await say(one, { marketing: true })
    await say(two, { marketing: false })
    const { id } = await ask<{ id: number }>('POST', `/contacts/${one}/merge`, { other_id: two })
    expect(await held(one)).toEqual({ marketing: false })
    expect(await refusal('POST', `/contacts/${two}/consents`, { purposes: { marketing: true } })).toEqual([409, 'already_merged'])
    await ask('POST', `/merges/${id}/undo`)
    expect([await held(one), await held(two)]).toEqual([{ marketing: true }, { marketing: false }])
  })

  test('allows and denies marketing by the forms that it sends, in the words of each', async () => {
    const desk = deskOf(fresh)
    const to = await desk.make()
    const tcpa_text = 'By clicking you agree to be called.'
    const sends = async (given: object) =>
      (await desk.send(to, { email: 'former@example.com', ...given })).json<{ contact_id: number }>().contact_id
    const id = await sends({ consent: 'yes', tcpa_text })
    await sends({ product: 'without a word of it' })
    expect(await held(id)).toEqual({ marketing: true })
    await sends({ consent: 'no' })
    const { data, history } = await ask<ContactConsents>('GET', `/contacts/${id}/consents`)
    expect(holding({ data, history })).toEqual({ marketing: false })
    expect(history.map(({ purpose, granted, source, text }) => [purpose, granted, source, text])).toEqual([
      ['marketing', false, 'form', null],
      ['marketing', true, 'form', tcpa_text],
    ])
  })

  test('counts from when its form was sent, also when the form is looked at later', async () => {
    const desk = deskOf(fresh)
    const to = await desk.make({ capture: true })
    const sent = await desk.send(to, { email: 'later@example.com', consent: 'yes' })
    const { id } = await ask('POST', '/contacts', { email: 'later@example.com' })
    await ask('POST', `/contacts/${id}/consents`, { purposes: { marketing: false } })
    await desk.change(to, { capture: false })
    const replayed = await desk.ask('POST', `/intake-deliveries/${sent.json().delivery_id}/replay`)
    expect(replayed.json()).toMatchObject({ state: 'accepted' })
    const { history } = await ask<ContactConsents>('GET', `/contacts/${id}/consents`)
    expect(history.map(({ granted, source }) => [granted, source])).toEqual([
      [false, 'api'],
      [true, 'form'],
    ])
    expect(await held(id)).toEqual({ marketing: false })
    expect(await told(id)).toEqual([
      ['consent.changed', false],
      ['consent.noted', true],
    ])
  })

  test('is not told as changed when one of its devices said otherwise since', async () => {
    const id = await person()
    const before = new Date(Date.now() - 3_600_000).toISOString()
    const { email } = await ask<{ email: string }>('GET', `/contacts/${id}`)
    await collect(
      identify({ anonymousId: 'late-phone', traits: { email } }),
      track('consent_changed', { anonymousId: 'late-phone', properties: { purposes: { marketing: false } } }),
    )
    expect(holding(await say(id, { marketing: true }, { said_at: before }))).toEqual({ marketing: false })
    expect(await told(id)).toEqual([
      ['consent.changed', false],
      ['consent.noted', true],
    ])
    await say(id, { marketing: true })
    expect((await told(id)).at(-1)).toEqual(['consent.changed', true])
  })

  test('is believed for what it says itself, also when a device said the same before', async () => {
    const id = await person()
    const { email } = await ask<{ email: string }>('GET', `/contacts/${id}`)
    await collect(
      identify({ anonymousId: 'own-phone', traits: { email } }),
      track('consent_changed', { anonymousId: 'own-phone', properties: { purposes: { marketing: false } } }),
    )
    await say(id, { marketing: false })
    await say(id, { marketing: false })
    const own = await fresh.database.system`
      select granted from consents where workspace_id = ${fresh.workspace_id} and contact_id = ${id}`
    expect(own).toEqual([{ granted: false }])
  })

  test('is told of the last word of a batch as changed, in whatever order it came', async () => {
    const id = await person()
    const { email } = await ask<{ email: string }>('GET', `/contacts/${id}`)
    const said = (marketing: boolean, minutes: number) =>
      track('consent_changed', {
        anonymousId: 'mixed-up-phone',
        timestamp: new Date(Date.now() - minutes * 60_000).toISOString(),
        properties: { purposes: { marketing } },
      })
    await collect(identify({ anonymousId: 'mixed-up-phone', traits: { email } }))
    await collect(said(false, 5), said(true, 10))
    expect(await held(id)).toEqual({ marketing: false })
    expect(await told(id)).toEqual([
      ['consent.changed', false],
      ['consent.noted', true],
    ])
  })

  test('is asked about purposes that there are, at a time that was', async () => {
    const id = await person()
    const path = `/contacts/${id}/consents`
    expect(await refusal('POST', path, { purposes: { cookies: true } })).toEqual([422, 'invalid_fields'])
    expect(await refusal('POST', path, { purposes: { marketing: true }, said_at: '2099-01-01T00:00:00Z' })).toEqual([
      422,
      'invalid_fields',
    ])
    expect(await refusal('GET', '/contacts/1/consents')).toEqual([404, 'not_found'])
    expect(await held(id)).toEqual({})
  })
})

describe('collection', () => {
  type Rejected = { index: number; code: string }[]
  async function send(...messages: object[]): Promise<Rejected> {
    const response = await fresh.app.inject({
      method: 'POST',
      url: '/v1/batch',
      headers: {
        ...basic(fresh.write_key),
        'content-type': 'application/json',
        'user-agent': 'Mozilla/5.0',
        origin: 'https://bread.example',
      },
      payload: batch(...messages),
    })
    expect(response.statusCode, response.body).toBe(200)
    return (response.json<{ rejected?: Rejected }>().rejected ?? []).map(({ index, code }) => ({ index, code }))
  }
  const consent = (anonymousId: string, purposes: object, more = {}) =>
    track('consent_changed', { anonymousId, properties: { purposes, ...more } })
  const view = (anonymousId: string) => page('secret page', { anonymousId })
  const code = 'consent_denied'
  const did = async (distinct_id: string) =>
    (
      await fresh.database.system<{ event: string }[]>`
        select e.event from events e join visitors v on v.workspace_id = e.workspace_id and v.id = e.visitor_id
         where v.distinct_id = ${distinct_id} order by e.id`
    ).map(({ event }) => event)

  test('refuses what a visitor does from their no on, until their yes, and takes both', async () => {
    expect(await send(view('shy'))).toEqual([])
    expect(await send(view('shy'), consent('shy', { analytics: false, marketing: true, unknown: true }), view('shy'))).toEqual([
      { index: 2, code },
    ])
    expect(await send(view('shy'), view('open'), identify({ anonymousId: 'shy', traits: { email: 'shy@example.com' } }))).toEqual(
      [
        { index: 0, code },
        { index: 2, code },
      ],
    )
    expect(await send(consent('shy', { analytics: true }, { text_version: '7' }), view('shy'))).toEqual([])
    expect(await did('shy')).toEqual(['page_viewed', 'page_viewed', 'consent_changed', 'consent_changed', 'page_viewed'])
    const rows = await fresh.database.system`
      select p.name, k.granted, k.source, k.text_version
        from consents k
        join consent_purposes p on p.workspace_id = k.workspace_id and p.id = k.purpose_id
        join visitors v on v.workspace_id = k.workspace_id and v.id = k.visitor_id
       where v.distinct_id = 'shy' order by k.id`
    expect(rows).toEqual([
      { name: 'analytics', granted: false, source: 'tracker', text_version: null },
      { name: 'marketing', granted: true, source: 'tracker', text_version: null },
      { name: 'analytics', granted: true, source: 'tracker', text_version: '7' },
    ])
    // Neither what was refused nor the consent keeps anything else.
    const [refusal] = await fresh.database
      .system`select message, body from event_refusals where code = ${code} order by id limit 1`
    expect(refusal!.body).toBe('{"event":"page_viewed"}')
    const kept = await fresh.database.system`select context, session_id from events where event = 'consent_changed'`
    expect(kept).toEqual(kept.map(() => ({ context: {}, session_id: null })))
  })

  test('knows nobody by what they did after they said no, and takes the form that they send', async () => {
    await send(consent('stranger', { analytics: false }))
    expect(await send(identify({ anonymousId: 'stranger', userId: 'u-77', traits: { email: 'stranger@example.com' } }))).toEqual([
      { index: 0, code },
    ])
    expect(await fresh.database.system`select from contacts where email = 'stranger@example.com'`).toHaveLength(0)
    const form = await fresh.app.inject({
      method: 'POST',
      url: `/f/${fresh.write_key}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: 'email=stranger%40example.com&distinct_id=stranger',
    })
    expect(form.statusCode).toBe(200)
    const [contact] = await fresh.database.system<{ id: number }[]>`select id from contacts where email = 'stranger@example.com'`
    expect(await held(contact!.id)).toEqual({ analytics: false })
  })

  test('holds for every device of a contact, whoever noted it, and for nobody else', async () => {
    for (const device of ['desk', 'pocket']) await send(identify({ anonymousId: device, traits: { email: 'two@example.com' } }))
    const [contact] = await fresh.database.system<{ id: number }[]>`select id from contacts where email = 'two@example.com'`
    await say(contact!.id, { analytics: false })
    expect(await send(view('desk'), view('pocket'), view('neighbour'))).toEqual([
      { index: 0, code },
      { index: 1, code },
    ])
    await send(consent('pocket', { analytics: true }))
    expect(await send(view('desk'), view('pocket'))).toEqual([])
    expect(await held(contact!.id)).toEqual({ analytics: true })
  })

  test('takes a consent that is none, and notes nothing', async () => {
    const before = await fresh.database.system`select id from consents`
    expect(
      await send(consent('odd', { analytics: 'no' }), track('consent_changed', { anonymousId: 'odd' }), view('odd')),
    ).toEqual([])
    expect(await fresh.database.system`select id from consents`).toHaveLength(before.length)
  })
})
