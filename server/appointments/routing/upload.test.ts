import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { RoutingRule, RoutingUploaded } from '../../../shared/routing.ts'
import { type FreshApp, freshApp } from '../../../test/app.ts'
import { bearer } from '../../../test/people.ts'
import { type Dispatch, dispatchOf, toPerson, toPool } from './routing.fixture.ts'

let fresh: FreshApp
let dispatch: Dispatch
let secret_key: string
let anna: number
let ben: number
beforeAll(async () => {
  fresh = await freshApp()
})
beforeEach(async () => {
  const tenant = await fresh.another()
  secret_key = tenant.secret_key
  dispatch = dispatchOf(fresh, tenant)
  ;[anna, ben] = [await dispatch.staff(), await dispatch.staff()]
})

const upload = async (csv: string, query = '') => {
  const headers = { ...bearer(secret_key), 'content-type': 'text/csv' }
  const response = await fresh.app.inject({ method: 'POST', url: `/api/v1/routing-rules/upload${query}`, headers, payload: csv })
  return { status: response.statusCode, ...response.json<RoutingUploaded & { error: { fields: Record<string, string> } }>() }
}
const rules = async () => (await dispatch.ask<{ data: RoutingRule[] }>('GET', '/routing-rules?limit=200')).data
const results = ({ rows }: RoutingUploaded) => rows.map(({ row, result, reason }) => [row, result, reason])

test('makes rules with every condition, to people, pools and lists by their names', async () => {
  const pool = await dispatch.pool([anna], { name: 'Closers' })
  const list = await dispatch.ask<{ id: number }>('POST', '/area-lists', { name: 'Bay Area', kind: 'zip', entries: ['94110'] })
  const email = (await fresh.database.system<{ email: string }[]>`select email from users where id = ${ben}`)[0]!.email
  const heading =
    'name,target,fallback,types,products,states,countries,zips,zip_prefixes,area_lists,score_from,score_to,weekdays,from,until,time_zone,valid_from,active,needs_free'
  const uploaded = await upload(
    [
      heading,
      `"Solar, west",pool:closers,${email}|user:${anna},consultation,solar|roof,CA|NV,US,94110|94111,94,bay area,10,20,Mon|2,9:00,17:00,America/New_York,2026-01-01,yes,no`,
      `The rest,${email}`,
      'Spam,nobody',
    ].join('\n'),
  )
  expect(uploaded).toMatchObject({ status: 200, made: 3, changed: 0, same: 0, wrong: 0, stored: true })
  const [solar, rest, spam] = await rules()
  expect(solar).toMatchObject({
    name: 'Solar, west',
    target: toPool(pool),
    fallback: [toPerson(ben), toPerson(anna)],
    needs_free: false,
    matches: {
      types: ['consultation'],
      products: ['solar', 'roof'],
      states: ['CA', 'NV'],
      countries: ['US'],
      zips: ['94110', '94111'],
      zip_prefixes: ['94'],
      area_lists: [list.id],
      score_from: 10,
      score_to: 20,
      hours: { time_zone: 'America/New_York', weekdays: [1, 2], from: '09:00', until: '17:00' },
      valid_from: '2026-01-01',
    },
  })
  expect([rest, spam].map(rule => [rule!.name, rule!.target])).toEqual([
    ['The rest', toPerson(ben)],
    ['Spam', { kind: 'nobody' }],
  ])
  expect((await dispatch.book()).assigned_to).toBe(ben)
})

test('again with the same names it publishes what is different, and leaves the rest alone', async () => {
  await upload(`name,target,states\nOne,user:${anna},CA\nTwo,user:${anna},NV`)
  const again = await upload(`name,target,states\none,user:${ben},CA\nTwo,user:${anna},NV\nThree,nobody,`)
  expect(again).toMatchObject({ made: 1, changed: 1, same: 1, stored: true })
  expect((await rules()).map(({ name, version }) => [name, version])).toEqual([
    ['one', 2],
    ['Two', 1],
    ['Three', 1],
  ])
  expect((await dispatch.book({ state: 'CA' })).assigned_to).toBe(ben)
  const { data } = await dispatch.ask<{ data: { action: string }[] }>('GET', '/activities?limit=200')
  expect(data.filter(({ action }) => action === 'routing_rule.created')).toHaveLength(3)
  expect(data.filter(({ action }) => action === 'routing_rule.updated')).toHaveLength(1)
})

test('puts rules where their positions say, and the others fill what is left', async () => {
  for (const name of ['a', 'b', 'c']) await dispatch.rule({ name, target: toPerson(anna) })
  await upload(`name,position,target\nfirst,1,nobody\nc,2,user:${anna}\nlast,,nobody`)
  expect((await rules()).map(rule => rule.name)).toEqual(['first', 'c', 'a', 'b', 'last'])
  expect((await dispatch.why(await dispatch.book())).rule_name).toBe('first')
})

describe('what is wrong', () => {
  const csv = () =>
    [
      'name,target,score_from,needs_free,products,time_zone,weekdays',
      `Right,user:${anna},,,,,`,
      'No target,,,,,,',
      'Stranger,stranger@example.com,,,,,',
      'Strange pool,pool:999999,,,,,',
      `Score,user:${anna},many,,,,`,
      `Maybe,user:${anna},,maybe,,,`,
      `right,user:${ben},,,,,`,
      `Zone,user:${anna},,,,Mars/Base,Mon`,
      `Day,user:${anna},,,,,Someday`,
      `,user:${anna},,,,,`,
    ].join('\n')
  const reasons = [
    [2, 'made', null],
    [3, 'wrong', 'target is missing'],
    [4, 'wrong', 'target must be anna@example.com, pool:Closers, workspace:12 or nobody'],
    [5, 'wrong', 'target 999999 is no pool of this workspace'],
    [6, 'wrong', 'score_from must be a whole number'],
    [7, 'wrong', 'needs_free must be true or false'],
    [8, 'wrong', 'the name is there twice in this file'],
    [9, 'wrong', 'hours.time_zone must be a time zone such as America/New_York'],
    [10, 'wrong', 'weekdays must be Mon|Tue or 1|2'],
    [11, 'wrong', expect.stringContaining('name')],
  ]

  test('is said row by row, and nothing is stored', async () => {
    const uploaded = await upload(csv())
    expect(uploaded).toMatchObject({ status: 200, stored: false, wrong: 9 })
    expect(results(uploaded)).toEqual(reasons)
    expect(await rules()).toEqual([])
  })

  test('is left out with partial=true', async () => {
    const uploaded = await upload(csv(), '?partial=true')
    expect(uploaded).toMatchObject({ stored: true, made: 1, wrong: 9 })
    expect(results(uploaded)).toEqual(reasons)
    expect((await rules()).map(rule => rule.name)).toEqual(['Right'])
  })

  test('with a heading is refused', async () => {
    expect(await upload('name,target,colour\nA,nobody,red')).toMatchObject({
      status: 422,
      error: { fields: { heading: expect.stringContaining('colour is no column') } },
    })
    expect(await upload('name\nA')).toMatchObject({ status: 422, error: { fields: { heading: 'the column target is missing' } } })
  })
})
