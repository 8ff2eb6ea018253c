import { beforeAll, expect, test } from 'vitest'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { bearer } from '../../test/people.ts'
import { makeCheckpoints } from '../activities/chain/checkpoint.ts'
import { relay } from '../activities/relay.ts'
import { READERS } from '../work.ts'

let fresh: FreshApp
let anna: number
beforeAll(async () => {
  fresh = await freshApp()
  anna = (await post('/contacts', { email: 'anna@example.com', first_name: 'Anna', last_name: 'Graz' })).id
  await post('/contacts', { email: 'ben@example.com', first_name: 'Ben' })
  await post(`/contacts/${anna}/tags`, { names: ['Rye'] })
  await post('/keys', { kind: 'secret', name: 'Nightly' })
})

const post = async (path: string, payload: object) =>
  (await fresh.app.inject({ method: 'POST', url: `/api/v1${path}`, payload, headers: bearer(fresh.secret_key) })).json<{
    id: number
  }>()
const get = (path: string) => fresh.app.inject({ url: `/api/v1${path}`, headers: bearer(fresh.secret_key) })
const actions = async (asked: string) =>
  (await get(`/activities?${asked}`)).json<{ data: { action: string; contact_id: number | null }[] }>().data

test('activities are found by noun, by who did it, by subject, by time and by words', async () => {
  const all = await actions('')
  expect((await actions('noun=contact')).every(({ action }) => action.startsWith('contact.'))).toBe(true)
  expect((await actions('noun=key')).map(({ action }) => action)).toContain('key.created')
  expect(await actions('noun=contac')).toEqual([])
  expect((await actions('actor_kind=key')).length).toBeGreaterThan(2)
  expect((await actions('actor_kind=key')).length + (await actions('actor_kind=system')).length).toBe(all.length)
  expect(await actions('actor_kind=key&actor_id=999')).toEqual([])
  const made = await actions('noun=contact&q=anna%20GRAZ')
  expect(made).toMatchObject([{ action: 'contact.created', contact_id: anna }])
  expect(await actions('q=anna%20ben@')).toEqual([])
  expect(await actions(`until=2020-01-01T00:00:00Z`)).toEqual([])
  expect((await actions('since=2020-01-01T00:00:00Z')).length).toBe(all.length)
  expect((await get('/activities?noun=Contact.')).statusCode).toBe(400)
})

test('the chain is asked after: whole and signed, or broken and where', async () => {
  while (await relay(fresh.database.system, READERS));
  const config = fresh.context.config
  await makeCheckpoints(fresh.database.system, config)
  const whole = (await get('/activities/chain')).json()
  expect(whole).toMatchObject({
    problem: null,
    checkpoint_at: expect.any(String),
    activities: (await actions('limit=200')).length,
  })
  await fresh.database.system`update activities set action = 'contact.updated' where id = (select max(id) from activities)`
  await post('/contacts', { email: 'cleo@example.com' })
  while (await relay(fresh.database.system, READERS));
  await fresh.database.system`delete from audit_checkpoints`
  await makeCheckpoints(fresh.database.system, config)
  expect((await get('/activities/chain')).json().problem).toMatch(/at activity \d+: it, or its place in the chain, is not/)
})

test('words are looked for in so many activities at a time, and a page that found nothing says where to go on', async () => {
  const tenant = await fresh.another()
  await fresh.database.system`
    insert into activities (workspace_id, action, actor, after, told)
    select ${tenant.workspace_id}, 'contact.created', '{"kind": "system"}', jsonb_build_object('first_name', case when n = 1 then 'Needle' else 'Hay' end), true
      from generate_series(1, 200500) as n`
  const search = async (asked: string) =>
    (await fresh.app.inject({ url: `/api/v1/activities?${asked}`, headers: bearer(tenant.secret_key) })).json<{
      data: { after: object }[]
      next_cursor: string | null
    }>()
  const first = await search('q=needle')
  expect(first).toEqual({ data: [], next_cursor: expect.any(String) })
  const second = await search(`q=needle&cursor=${first.next_cursor}`)
  expect(second).toMatchObject({ data: [{ after: { first_name: 'Needle' } }], next_cursor: null })
  // A full page goes on from its last row, and where little is left nothing does.
  expect((await search('q=hay&limit=2')).data).toHaveLength(2)
  expect(await search('q=needle&noun=key')).toEqual({ data: [], next_cursor: null })
})
