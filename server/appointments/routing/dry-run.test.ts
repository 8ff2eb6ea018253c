import { beforeAll, beforeEach, expect, test } from 'vitest'
import type { Pool } from '../../../shared/pools.ts'
import type { RoutingTrial } from '../../../shared/routing.ts'
import { type FreshApp, freshApp } from '../../../test/app.ts'
import { type Dispatch, dispatchOf, toPerson, toPool } from './routing.fixture.ts'

let fresh: FreshApp
let dispatch: Dispatch
let anna: number
let ben: number
beforeAll(async () => {
  fresh = await freshApp()
})
beforeEach(async () => {
  dispatch = dispatchOf(fresh, await fresh.another())
  ;[anna, ben] = [await dispatch.staff(), await dispatch.staff()]
})

const tryOut = (given: object = {}) => dispatch.ask<RoutingTrial>('POST', '/routing-rules/dry-run', given)
const counted = ({ by_target }: RoutingTrial) =>
  Object.fromEntries(by_target.map(({ target, count }) => [target.kind === 'person' ? target.user_id : target.kind, count]))

test('says who would have had what, by the published rules, and nothing is stored and no turn is lost', async () => {
  const pool = await dispatch.pool([{ user_id: anna, weight: 2 }, ben])
  await dispatch.rule({ name: 'Solar', matches: { products: ['solar'] }, target: toPool(pool) })
  const booked = []
  for (let k = 0; k < 6; k++) booked.push(await dispatch.book({ product: 'solar', assigned_to: null }))
  booked.push(await dispatch.book({ assigned_to: anna }))
  const before = await dispatch.ask<Pool>('GET', `/pools/${pool.id}`)
  const trial = await tryOut()
  expect(trial).toMatchObject({ appointments: 7, changed: 7, unrouted: 1 })
  expect(counted(trial)).toEqual({ [anna]: 4, [ben]: 2, nobody: 1 })
  expect(trial.by_rule.map(({ name, count }) => [name, count])).toEqual([
    ['Solar', 6],
    [null, 1],
  ])
  expect(trial.data[0]).toMatchObject({
    appointment_id: booked.at(-1)!.id,
    assigned_to: anna,
    reason: 'no_rule',
    target: { kind: 'nobody' },
  })
  expect(await dispatch.ask<Pool>('GET', `/pools/${pool.id}`)).toEqual(before)
  expect((await dispatch.ask<{ data: object[] }>('GET', '/routing-decisions')).data).toEqual([])
  expect(await tryOut()).toEqual(trial)
})

test('tries a draft as if only its rules were there', async () => {
  await dispatch.rule({ target: toPerson(anna) })
  const california = await dispatch.book({ state: 'CA' })
  await dispatch.book({ state: 'NV' })
  const rules = [
    { name: 'Off', active: false, target: { kind: 'nobody' } },
    { name: 'West', matches: { states: ['ca'] }, target: toPerson(ben) },
  ]
  const trial = await tryOut({ rules })
  expect(counted(trial)).toEqual({ [ben]: 1, nobody: 1 })
  expect(trial.by_rule).toContainEqual({ rule_id: null, index: 1, name: 'West', count: 1 })
  expect(counted(await tryOut({ rules, appointment_ids: [california.id] }))).toEqual({ [ben]: 1 })
  expect((await dispatch.find(california.id)).assigned_to).toBe(anna)
})

test('asks caps by the days on which the appointments were made, and what lists and fallbacks say', async () => {
  const list = await dispatch.ask<{ id: number }>('POST', '/area-lists', { name: 'Here', kind: 'zip_prefix', entries: ['941'] })
  const pool = await dispatch.pool([{ user_id: anna, cap_day: 2 }])
  for (let k = 0; k < 6; k++) {
    const { id } = await dispatch.book({ zip_code: '94110', assigned_to: null })
    await fresh.database.system`
      update appointments
         set created_at = now() - make_interval(days => ${k % 2})
       where workspace_id = ${dispatch.workspace_id} and id = ${id}`
  }
  const rules = [{ name: 'Here', matches: { area_lists: [list.id] }, target: toPool(pool), fallback: [toPerson(ben)] }]
  expect(counted(await tryOut({ rules }))).toEqual({ [anna]: 4, [ben]: 2 })
  expect((await tryOut({ rules, days: 1 })).appointments).toBe(3)
})

test('a draft that is wrong is refused, rule by rule', async () => {
  const rules = [
    { name: 'Right', target: { kind: 'nobody' } },
    { name: 'Wrong', target: toPerson(2_000_000_000) },
  ]
  expect(await dispatch.answer('POST', '/routing-rules/dry-run', { rules })).toMatchObject({
    status: 422,
    fields: { 'rules.1.target': '2000000000 is no user of this workspace' },
  })
})
