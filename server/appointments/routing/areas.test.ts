import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { AreaList, AreaUploaded } from '../../../shared/routing.ts'
import { type FreshApp, freshApp } from '../../../test/app.ts'
import { bearer } from '../../../test/people.ts'
import { type Dispatch, dispatchOf, toPerson } from './routing.fixture.ts'

let fresh: FreshApp
let dispatch: Dispatch
let secret_key: string
let anna: number
beforeAll(async () => {
  fresh = await freshApp()
})
beforeEach(async () => {
  const tenant = await fresh.another()
  secret_key = tenant.secret_key
  dispatch = dispatchOf(fresh, tenant)
  anna = await dispatch.staff()
})

const give = async (given: object) => (await dispatch.book(given)).assigned_to
const list = (kind: string, entries: string[] = []) =>
  dispatch.ask<AreaList>('POST', '/area-lists', { name: 'Areas', kind, entries })
const entriesOf = async ({ id }: { id: number }) =>
  (await dispatch.ask<{ data: string[] }>('GET', `/area-lists/${id}/entries`)).data
const send = async (id: number, payload: string, type = 'text/csv') => {
  const headers = { ...bearer(secret_key), 'content-type': type }
  const response = await fresh.app.inject({ method: 'PUT', url: `/api/v1/area-lists/${id}/entries`, headers, payload })
  return { status: response.statusCode, ...response.json<AreaUploaded & { error?: { code: string; fields?: object } }>() }
}

test.each([
  ['zip', ['94110', '10001-1234'], [{ zip_code: '94110-0001' }, { zip_code: '10001' }], [{ zip_code: '9411' }, {}]],
  ['zip_prefix', ['941', 'SW1'], [{ zip_code: '94199' }, { zip_code: 'sw1a 1aa' }], [{ zip_code: '94' }, {}]],
  ['state', ['California', 'ca'], [{ state: 'CA' }, { state: ' california ' }], [{ state: 'NV' }, {}]],
  ['country', ['US', 'ca'], [{ country: 'us' }, { country: 'CA' }], [{ country: 'MX' }]],
])('a rule asks a list of kind %s', async (kind, entries, theirs, others) => {
  const { id } = await list(kind, entries)
  await dispatch.rule({ matches: { area_lists: [id] }, target: toPerson(anna) })
  for (const given of theirs) expect([given, await give(given)]).toEqual([given, anna])
  for (const given of others) expect([given, await give(given)]).toEqual([given, null])
})

test('one of several lists is enough, and other conditions must hold as well', async () => {
  const [here, there] = [await list('zip', ['94110']), await list('state', ['NV'])]
  await dispatch.rule({ matches: { area_lists: [here.id, there.id], products: ['solar'] }, target: toPerson(anna) })
  expect(await give({ zip_code: '94110', product: 'solar' })).toBe(anna)
  expect(await give({ state: 'NV', zip_code: '89101', product: 'solar' })).toBe(anna)
  expect(await give({ zip_code: '94110' })).toBe(null)
})

describe('an upload', () => {
  test('replaces the list as a whole and says what became of it', async () => {
    const { id } = await list('zip', ['10001', '10002'])
    const rule = await dispatch.rule({ matches: { area_lists: [id] }, target: toPerson(anna) })
    const uploaded = await send(id, '\uFEFFZIP,city\r\n10002,New York\r\n"94110","San Francisco, CA"\r\n\r\n94110,again\r\n')
    expect(uploaded).toMatchObject({ status: 200, entry_count: 2, added: 1, removed: 1, skipped: 1 })
    expect(await entriesOf({ id })).toEqual(['10002', '94110'])
    expect([await give({ zip_code: '94110' }), await give({ zip_code: '10001' })]).toEqual([anna, null])
    expect(rule.version).toBe(1)
  })

  test('comes as lines, as CSV with semicolons, or as JSON', async () => {
    const { id } = await list('state')
    expect((await send(id, 'Bayern\nTirol', 'text/plain')).entry_count).toBe(2)
    expect((await send(id, 'state;since\nBayern;2020\nWien;2021')).entry_count).toBe(2)
    expect(await entriesOf({ id })).toEqual(['bayern', 'wien'])
    const json = await send(id, JSON.stringify({ entries: ['Salzburg'] }), 'application/json')
    expect(json).toMatchObject({ status: 200, entry_count: 1, added: 1, removed: 2 })
  })

  test('has room for a hundred thousand ZIP codes, read in pages, and not for more', async () => {
    const { id } = await list('zip')
    const zips = Array.from({ length: 100_000 }, (_, k) => String(k).padStart(5, '0'))
    const uploaded = await send(id, `zip\n${zips.join('\n')}`)
    expect(uploaded).toMatchObject({ status: 200, entry_count: 100_000, added: 100_000 })
    await dispatch.rule({ matches: { area_lists: [id] }, target: toPerson(anna) })
    expect([await give({ zip_code: '00000' }), await give({ zip_code: '99999' })]).toEqual([anna, anna])
    const page = await dispatch.ask<{ data: string[]; next_cursor: string }>('GET', `/area-lists/${id}/entries?limit=2`)
    const next = await dispatch.ask<{ data: string[] }>('GET', `/area-lists/${id}/entries?limit=2&cursor=${page.next_cursor}`)
    expect([...page.data, ...next.data]).toEqual(['00000', '00001', '00002', '00003'])
    expect(await send(id, `${zips.join('\n')}\n100000`)).toMatchObject({
      status: 422,
      error: { fields: { entries: expect.any(String) } },
    })
    // A little changes: a little is written.
    expect(await send(id, zips.slice(1).join('\n'))).toMatchObject({ entry_count: 99_999, added: 0, removed: 1 })
  }, 300_000)

  test('of nothing empties the list', async () => {
    const { id } = await list('country', ['US'])
    expect(await send(id, '')).toMatchObject({ entry_count: 0, removed: 1 })
  })
})

test('a list that a rule asks for stays; it is renamed and deleted, and each is told', async () => {
  const made = await list('zip', ['94110'])
  const rule = await dispatch.rule({ name: 'Bay', matches: { area_lists: [made.id] }, target: toPerson(anna) })
  expect(await dispatch.answer('DELETE', `/area-lists/${made.id}`)).toMatchObject({
    code: 'in_use',
    message: expect.stringContaining('“Bay”'),
  })
  const renamed = await dispatch.ask<AreaList>('PATCH', `/area-lists/${made.id}`, {
    name: 'Bay Area',
    if_updated_at: made.updated_at,
  })
  expect(renamed).toMatchObject({ name: 'Bay Area', entry_count: 1 })
  expect(await dispatch.answer('PATCH', `/area-lists/${made.id}`, { name: 'X', if_updated_at: made.updated_at })).toMatchObject({
    code: 'conflict',
  })
  await send(made.id, '94111')
  await dispatch.ask('DELETE', `/routing-rules/${rule.id}`)
  await dispatch.ask('DELETE', `/area-lists/${made.id}`)
  expect((await dispatch.ask<{ data: AreaList[] }>('GET', '/area-lists')).data).toEqual([])
  const { data } = await dispatch.ask<{ data: { action: string }[] }>('GET', '/activities')
  expect(data.map(({ action }) => action).filter(action => action.startsWith('area_list.'))).toEqual([
    'area_list.deleted',
    'area_list.uploaded',
    'area_list.updated',
    'area_list.created',
  ])
})
