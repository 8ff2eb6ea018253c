import { beforeAll, expect, test } from 'vitest'
import type { View } from '../../shared/views.ts'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { asking, type Method } from '../../test/asking.ts'
import { bearer } from '../../test/people.ts'
import { type SignedIn, signedIn } from '../../test/session.ts'

let fresh: FreshApp
let marta: SignedIn
let tom: SignedIn
let nora: SignedIn
let olga: SignedIn
beforeAll(async () => {
  fresh = await freshApp()
  marta = await signedIn(fresh, 'manager')
  tom = await signedIn(fresh, 'manager')
  nora = await signedIn(fresh, 'analyst')
  olga = await signedIn(fresh, 'owner')
})

const { answer } = asking(() => fresh)
const ask = <T = View>(who: Pick<SignedIn, 'headers'>, method: Method, path: string, payload?: object) =>
  answer<T>(method, path, payload, who)
const state = { stage: 'engaged', sort: '-custom.loaves', columns: 'name,custom.loaves', rule: '{"kind":"stage","stage":"lead"}' }
const save = async (who: Pick<SignedIn, 'headers'>, name: string, more: object = {}) =>
  (await ask(who, 'POST', '/views', { screen: 'contacts', name, state, ...more })).body
const namesOf = async (who: Pick<SignedIn, 'headers'>, screen = 'contacts') =>
  (await ask<{ data: View[] }>(who, 'GET', `/views?screen=${screen}`)).body.data.map(({ name }) => name)

test('a view keeps the search of a list as it is, for its maker alone until it is shared', async () => {
  const own = await save(marta, 'Mine')
  expect(own).toMatchObject({
    screen: 'contacts',
    state,
    is_shared: false,
    is_default: false,
    may_change: true,
    created_by: marta.user_id,
  })
  await save(marta, 'Of leads', { screen: 'leads' })
  expect(await namesOf(marta)).toEqual(['Mine'])
  expect(await namesOf(tom)).toEqual([])
  expect((await ask(olga, 'GET', `/views/${own.id}`)).status).toBe(404)
  await ask(marta, 'PATCH', `/views/${own.id}`, { is_shared: true, name: 'Ours' })
  expect([await namesOf(tom), await namesOf(nora)]).toEqual([['Ours'], ['Ours']])
})

test('a shared one is changed by who made it and by administrators, and nobody else', async () => {
  const { id, updated_at } = await save(marta, 'Shared', { is_shared: true })
  const url = `/views/${id}`
  expect((await ask(tom, 'GET', url)).body.may_change).toBe(false)
  expect((await ask(tom, 'PATCH', url, { state: {} })).status).toBe(403)
  expect((await ask(tom, 'DELETE', url)).status).toBe(403)
  expect((await ask(olga, 'PATCH', url, { state: { stage: 'lead' } })).body.state).toEqual({ stage: 'lead' })
  expect((await ask(olga, 'PATCH', url, { is_shared: false })).status).toBe(422)
  expect((await ask(marta, 'PATCH', url, { name: 'Late', if_updated_at: updated_at })).status).toBe(409)
  expect((await ask(olga, 'DELETE', url)).status).toBe(204)
})

test('each says for themselves with which one a list opens', async () => {
  const [one, two] = [
    await save(marta, 'One', { is_shared: true, is_default: true }),
    await save(marta, 'Two', { is_shared: true }),
  ]
  await ask(nora, 'PATCH', `/views/${two.id}`, { is_default: true })
  const defaultsOf = async (who: SignedIn) =>
    (await ask<{ data: View[] }>(who, 'GET', '/views')).body.data.filter(({ is_default }) => is_default).map(({ id }) => id)
  expect([await defaultsOf(marta), await defaultsOf(nora), await defaultsOf(tom)]).toEqual([[one.id], [two.id], []])
  await ask(marta, 'PATCH', `/views/${two.id}`, { is_default: true })
  await ask(nora, 'PATCH', `/views/${two.id}`, { is_default: false })
  expect([await defaultsOf(marta), await defaultsOf(nora)]).toEqual([[two.id], []])
})

test('who only reads keeps their own and shares none; a key shares and keeps none', async () => {
  expect((await save(nora, 'Of Nora')).may_change).toBe(true)
  expect((await ask(nora, 'POST', '/views', { screen: 'contacts', name: 'For all', state, is_shared: true })).status).toBe(403)
  const key = { headers: bearer(fresh.secret_key) }
  expect((await ask(key, 'POST', '/views', { screen: 'contacts', name: 'Of a key', state })).status).toBe(422)
  expect(await save(key, 'Of a key', { is_shared: true })).toMatchObject({ created_by: null, is_shared: true })
})
