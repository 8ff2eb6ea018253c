import { beforeAll, describe, expect, test } from 'vitest'
import type { Dashboard } from '../../../shared/dashboards.ts'
import { type FreshApp, freshApp } from '../../../test/app.ts'
import { asking, type Method } from '../../../test/asking.ts'
import { bearer } from '../../../test/people.ts'
import { type SignedIn, signedIn } from '../../../test/session.ts'

type List = { data: Dashboard[] }

let fresh: FreshApp
let marta: SignedIn
let tom: SignedIn
let nora: SignedIn
beforeAll(async () => {
  fresh = await freshApp()
  marta = await signedIn(fresh, 'manager')
  tom = await signedIn(fresh, 'manager')
  nora = await signedIn(fresh, 'analyst')
})

const { answer } = asking(() => fresh)
const ask = <T = Dashboard>(headers: Record<string, string>, method: Method, path: string, payload?: object) =>
  answer<T>(method, path, payload, { headers })

const namesOf = async ({ headers }: { headers: Record<string, string> }) =>
  (await ask<List>(headers, 'GET', '/dashboards')).body.data.map(one => one.name)
const state = { tab: 'engagement', days: 90, compare: false }

test('what somebody keeps for themselves is seen by nobody else, not even by a key or in the activities', async () => {
  const { status, body } = await ask(marta.headers, 'POST', '/dashboards', { name: 'My secret numbers', state })
  expect(status).toBe(201)
  expect(body).toMatchObject({ state, is_shared: false, is_mine: true, may_change: true, created_by: marta.user_id })
  expect(await namesOf(marta)).toContain('My secret numbers')
  expect(await namesOf(tom)).not.toContain('My secret numbers')
  expect(await namesOf({ headers: bearer(fresh.secret_key) })).not.toContain('My secret numbers')
  for (const method of ['GET', 'PATCH', 'DELETE'] as const) {
    const answer = await ask(tom.headers, method, `/dashboards/${body.id}`, method === 'PATCH' ? { name: 'Mine now' } : undefined)
    expect([method, answer.status]).toEqual([method, 404])
  }
  const told = await fresh.app.inject({ url: '/api/v1/activities?action=dashboard.created', headers: tom.headers })
  expect(told.json().data).toHaveLength(1)
  expect(told.body).not.toContain('secret numbers')
})

test('a shared one is seen and changed by colleagues, and taken back by nobody but its maker', async () => {
  const made = await ask(marta.headers, 'POST', '/dashboards', { name: 'Spring', state, is_shared: true })
  const url = `/dashboards/${made.body.id}`
  expect((await ask(tom.headers, 'GET', url)).body).toMatchObject({ name: 'Spring', is_mine: false, may_change: true })
  const renamed = await ask(tom.headers, 'PATCH', url, { name: 'Summer', state: { days: 7 } })
  expect(renamed.body).toMatchObject({ name: 'Summer', state: { days: 7 }, is_shared: true })
  const late = await ask(marta.headers, 'PATCH', url, { name: 'Autumn', if_updated_at: made.body.updated_at })
  expect(late.status).toBe(409)
  expect((await ask(tom.headers, 'PATCH', url, { is_shared: false })).status).toBe(422)
  expect((await ask(marta.headers, 'PATCH', url, { is_shared: false })).body).toMatchObject({ is_shared: false })
  expect(await namesOf(tom)).not.toContain('Summer')
  expect((await ask(marta.headers, 'DELETE', url)).status).toBe(204)
  expect((await ask(marta.headers, 'GET', url)).status).toBe(404)
})

describe('who may only read', () => {
  test('reads shared ones, and keeps some for themselves', async () => {
    const shared = await ask(marta.headers, 'POST', '/dashboards', { name: 'For all', state, is_shared: true })
    expect((await ask(nora.headers, 'GET', `/dashboards/${shared.body.id}`)).body).toMatchObject({ may_change: false })
    const refused = [
      await ask(nora.headers, 'PATCH', `/dashboards/${shared.body.id}`, { name: 'Mine' }),
      await ask(nora.headers, 'DELETE', `/dashboards/${shared.body.id}`),
      await ask(nora.headers, 'POST', '/dashboards', { name: 'Theirs', state, is_shared: true }),
    ]
    expect(refused.map(answer => answer.status)).toEqual([403, 403, 403])
    const own = await ask(nora.headers, 'POST', '/dashboards', { name: 'My own', state })
    expect(own.body).toMatchObject({ is_mine: true, may_change: true })
    expect((await ask(nora.headers, 'PATCH', `/dashboards/${own.body.id}`, { is_shared: true })).status).toBe(403)
    expect((await ask(nora.headers, 'PATCH', `/dashboards/${own.body.id}`, { name: 'Still my own' })).status).toBe(200)
  })

  test('a key makes shared ones alone', async () => {
    const headers = bearer(fresh.secret_key)
    const own = await ask<{ error: { fields: object } }>(headers, 'POST', '/dashboards', { name: 'Of a key', state })
    expect(own).toMatchObject({ status: 422, body: { error: { fields: { is_shared: expect.stringContaining('key') } } } })
    const shared = await ask(headers, 'POST', '/dashboards', { name: 'Of a key', state, is_shared: true })
    expect(shared.body).toMatchObject({ created_by: null, is_mine: false, may_change: true })
    expect(await namesOf(nora)).toContain('Of a key')
  })
})

test.each([
  ['without a name', { name: '  ', state: {} }],
  ['with a state that is no search', { name: 'Deep', state: ['tab'] }],
  ['with a state without an end', { name: 'Long', state: { utm_source: 'x'.repeat(40_000) } }],
  ['with fields that nobody knows', { name: 'More', state: {}, workspace_id: 1 }],
])('one %s is refused', async (_, payload) => {
  expect((await ask(marta.headers, 'POST', '/dashboards', payload)).status).toBe(422)
})
