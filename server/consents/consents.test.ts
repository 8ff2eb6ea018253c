import { beforeAll, describe, expect, test } from 'vitest'
import type { ConsentPurpose, ContactConsents } from '../../shared/consents.ts'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { bearer } from '../../test/people.ts'
import { nameWorkspace } from '../database/transaction.ts'

let fresh: FreshApp
beforeAll(async () => {
  fresh = await freshApp()
})

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'
async function answer(method: Method, path: string, payload?: object) {
  const headers = bearer(fresh.secret_key)
  const response = await fresh.app.inject({ method, url: `/api/v1${path}`, headers, ...(payload && { payload }) })
  return { status: response.statusCode, body: response.body === '' ? undefined : response.json() }
}
async function ask<T>(method: Method, path: string, payload?: object): Promise<T> {
  const { status, body } = await answer(method, path, payload)
  expect(status, JSON.stringify(body)).toBeLessThan(300)
  return body
}
async function refusal(method: Method, path: string, payload?: object) {
  const { status, body } = await answer(method, path, payload)
  return [status, body.error.code]
}

let people = 0
const person = async () => (await ask<{ id: number }>('POST', '/contacts', { email: `person${++people}@example.com` })).id
const say = (id: number, purposes: Record<string, boolean>, more = {}) =>
  ask<ContactConsents>('POST', `/contacts/${id}/consents`, { purposes, ...more })
const holding = ({ data }: ContactConsents) =>
  Object.fromEntries(data.filter(({ granted }) => granted !== null).map(({ purpose, granted }) => [purpose, granted]))
const held = async (id: number) => holding(await ask<ContactConsents>('GET', `/contacts/${id}/consents`))

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
