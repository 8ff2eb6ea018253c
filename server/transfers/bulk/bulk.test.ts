import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Bulk, BulkRow } from '../../../shared/bulk.ts'
import type { Contact } from '../../../shared/contacts.ts'
import type { LeadShown } from '../../../shared/leads.ts'
import type { ContactWithTags } from '../../../shared/tags.ts'
import { type FreshApp, freshApp } from '../../../test/app.ts'
import { asking } from '../../../test/asking.ts'
import { bearer } from '../../../test/people.ts'
import { type SignedIn, signedIn } from '../../../test/session.ts'
import { readCsv } from '../../appointments/routing/csv.ts'
import { createUser } from '../../workspaces/users.ts'

let fresh: FreshApp
let [marta, paul] = [0, 0]
beforeAll(async () => {
  fresh = await freshApp()
  fresh.work()
  const member = async (name: string) =>
    (
      await createUser(fresh.database, {
        email: `${name}@acme.example`,
        name,
        workspace_id: fresh.workspace_id,
        role: 'agent',
        password: 'correct horse battery',
      })
    ).user_id
  marta = await member('marta')
  paul = await member('paul')
})

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'
const { answer, ask } = asking(() => fresh)
const refusal = async (path: string, payload?: object) => {
  const { status, body } = await answer('POST', path, payload)
  return [status, body.error.fields ?? body.error.code]
}

let people = 0
const person = async (fields: object = {}) =>
  (await ask<Contact>('POST', '/contacts', { email: `bulk${++people}@example.com`, ...fields })).id
const read = (id: number) => ask<ContactWithTags>('GET', `/contacts/${id}`)
const namesOf = async (id: number) => (await read(id)).tags.map(({ name }) => name)
async function ended({ id }: Pick<Bulk, 'id'>, noun = 'bulk-actions'): Promise<Bulk> {
  for (;;) {
    const found = await ask<Bulk>('GET', `/${noun}/${id}`)
    if (found.state !== 'running') return found
    await sleep(10)
  }
}
const done = async (wish: object) => ended(await ask<Bulk>('POST', '/bulk-actions', { of: 'contacts', ...wish }))
const undone = async ({ id }: Bulk) => ended(await ask<Bulk>('POST', `/bulk-actions/${id}/undo`))
const rows = async ({ id }: Bulk, query = '') =>
  (await ask<{ data: BulkRow[] }>('GET', `/bulk-actions/${id}/rows?limit=200${query}`)).data
const statesOf = async (bulk: Bulk) => (await rows(bulk)).map(({ record_id, state, reason }) => [record_id, state, reason])
const told = async (contact_id: number, action: string) => {
  const [row] = await fresh.database.system<{ times: number }[]>`
    select count(*)::int as times from activities where workspace_id = ${fresh.workspace_id} and contact_id = ${contact_id} and action = ${action}`
  return row!.times
}

describe('tags', () => {
  test('are put on a selection, each told once, with what became of every one', async () => {
    const [one, two, merged] = [await person(), await person(), await person()]
    await ask('POST', `/contacts/${two}/tags`, { names: ['vip'] })
    await ask('POST', `/contacts/${one}/merge`, { other_id: merged })
    const bulk = await done({ action: 'tag', names: ['VIP'], ids: [one, two, merged, 999_999_999] })
    expect(bulk).toMatchObject({
      state: 'done',
      total: 4,
      done: 4,
      counts: { done: 1, unchanged: 1, refused: 2 },
      can_undo: true,
    })
    expect(await statesOf(bulk)).toEqual([
      [one, 'done', null],
      [two, 'unchanged', null],
      [merged, 'refused', `This contact is part of contact ${one}.`],
      [999_999_999, 'refused', 'There is no such contact any more.'],
    ])
    expect([await namesOf(one), await told(one, 'contact.tagged'), await told(two, 'contact.tagged')]).toEqual([['vip'], 1, 1])
    const csv = await fresh.app.inject({
      url: `/api/v1/bulk-actions/${bulk.id}/rows.csv?state=refused`,
      headers: bearer(fresh.secret_key),
    })
    expect(readCsv(csv.body).map(({ cells }) => cells.at(-1))).toEqual([
      'reason',
      `This contact is part of contact ${one}.`,
      'There is no such contact any more.',
    ])
  })

  test('are taken back where nobody changed them since, and only once', async () => {
    const [kept, changed, had] = [await person(), await person(), await person()]
    await ask('POST', `/contacts/${had}/tags`, { names: ['Spring'] })
    const bulk = await done({ action: 'tag', names: ['Spring', 'New one'], ids: [kept, changed, had] })
    const { tags } = await read(changed)
    for (const { id } of tags) await ask('DELETE', `/contacts/${changed}/tags/${id}`)
    await ask('POST', `/contacts/${changed}/tags`, { names: ['Spring'] })
    const undo = await undone(bulk)
    expect(undo).toMatchObject({
      state: 'done',
      action: 'undo',
      undo_of: bulk.id,
      counts: { done: 2, refused: 1 },
      can_undo: false,
    })
    expect(await statesOf(undo)).toEqual([
      [kept, 'done', null],
      [changed, 'refused', 'Somebody changed this since.'],
      [had, 'done', null],
    ])
    expect([await namesOf(kept), await namesOf(changed), await namesOf(had)]).toEqual([[], ['Spring'], ['Spring']])
    expect(await refusal(`/bulk-actions/${bulk.id}/undo`)).toEqual([409, 'already_undone'])

    const off = await done({ action: 'untag', names: ['spring'], ids: [kept, changed, had] })
    expect(off.counts).toEqual({ done: 2, unchanged: 1 })
    await undone(off)
    expect([await namesOf(kept), await namesOf(changed)]).toEqual([[], ['Spring']])
  })

  test('are put on all that match when it begins, in as many transactions as it takes', async () => {
    await fresh.database.system`
      insert into contacts (workspace_id, id, email, country_code, own_traits, traits)
      select ${fresh.workspace_id}, 20000000 + n, 'crowd' || n || '@example.com', 'IS', '{}', '{}' from generate_series(1, 1200) n`
    const bulk = await done({ action: 'tag', names: ['Crowd'], query: { country_code: 'IS' } })
    expect(bulk).toMatchObject({ total: 1200, done: 1200, counts: { done: 1200 } })
    await ask('POST', '/contacts', { email: 'late@example.com' })
    const [counted] = await fresh.database.system`
      select count(*)::int as told from activities where workspace_id = ${fresh.workspace_id} and action = 'contact.tagged' and after ->> 'name' = 'Crowd'`
    expect(counted!.told).toBe(1200)
    expect((await ask<{ data: Contact[] }>('GET', '/contacts?tag=crowd&limit=200')).data).toHaveLength(200)
    expect((await undone(bulk)).counts).toEqual({ done: 1200 })
    expect((await ask<{ data: Contact[] }>('GET', '/contacts?tag=crowd')).data).toEqual([])
  })
})

test('what is only tried changes nothing, and is begun with the same records', async () => {
  const [one, two] = [await person({ owner_id: paul }), await person()]
  const tried = await done({ action: 'owner', owner_id: paul, ids: [one, two], dry_run: true })
  expect(tried).toMatchObject({ state: 'waiting', step: 'check', counts: { done: 1, unchanged: 1 }, can_undo: false })
  expect([(await read(two)).owner_id, await told(two, 'contact.updated')]).toEqual([null, 0])
  const begun = await ended(await ask<Bulk>('POST', `/bulk-actions/${tried.id}/start`))
  expect(begun).toMatchObject({ state: 'done', total: 2, counts: { done: 1, unchanged: 1 } })
  expect([(await read(two)).owner_id, await told(two, 'contact.updated')]).toEqual([paul, 1])
  expect(await refusal(`/bulk-actions/${tried.id}/start`)).toEqual([409, 'conflict'])
})

test('owners of contacts go back to whose they were, but not where somebody decided anew', async () => {
  const [one, two, three] = [await person({ owner_id: paul }), await person(), await person()]
  const bulk = await done({ action: 'owner', owner_id: marta, ids: [one, two, three] })
  expect([await read(one), await read(two)].map(({ owner_id }) => owner_id)).toEqual([marta, marta])
  await ask('PATCH', `/contacts/${two}`, { owner_id: paul })
  const undo = await undone(bulk)
  expect(undo.counts).toEqual({ done: 2, refused: 1 })
  expect([await read(one), await read(two), await read(three)].map(({ owner_id }) => owner_id)).toEqual([paul, paul, null])
})

test('stages are set, told of each, and go back to what was said before, but not where somebody decided anew', async () => {
  const [one, two, said, there] = [await person(), await person(), await person(), await person()]
  for (const [id, stage] of [[said, 'converted'], [there, 'engaged']] as const) await ask('PATCH', `/contacts/${id}`, { stage }) // biome-ignore format: short
  const before = await read(said)
  const bulk = await done({ action: 'stage', stage: 'engaged', ids: [one, two, said, there] })
  expect(bulk).toMatchObject({ name: 'Stage of contacts: engaged', counts: { done: 3, unchanged: 1 } })
  expect([(await read(one)).stage, (await read(said)).stage, await told(one, 'contact.stage_changed')]).toEqual([
    'engaged',
    'engaged',
    1,
  ])
  await ask('PATCH', `/contacts/${two}`, { stage: 'lead' })
  expect(await statesOf(await undone(bulk))).toEqual([
    [one, 'done', null],
    [two, 'refused', 'Somebody changed this since.'],
    [said, 'done', null],
  ])
  expect(await read(one)).toMatchObject({ stage: 'lead', stage_by_hand: null })
  expect(await read(said)).toMatchObject({ stage: 'converted', stage_by_hand: before.stage_by_hand })

  await done({ action: 'stage', stage: null, ids: [said] })
  expect(await read(said)).toMatchObject({ stage: 'lead', stage_by_hand: null })
})

test('contacts are archived, but for those who are being worked with, and come back where nothing happened since', async () => {
  const [one, two, busy] = [await person(), await person(), await person()]
  await ask('POST', '/leads', { contact_id: busy, lead_type: 'general' })
  const bulk = await done({ action: 'archive', ids: [one, two, busy] })
  expect(await statesOf(bulk)).toEqual([
    [one, 'done', null],
    [two, 'done', null],
    [busy, 'refused', 'This contact has an open lead.'],
  ])
  expect(await statesOf(await done({ action: 'archive', ids: [one] }))).toEqual([[one, 'unchanged', null]])
  await ask('POST', `/contacts/${one}/restore`)
  await ask('POST', `/contacts/${one}/archive`) // anew, by somebody else
  expect(await statesOf(await undone(bulk))).toEqual([
    [one, 'refused', 'Somebody changed this since.'],
    [two, 'done', null],
  ])
  expect([(await read(one)).archived_at, (await read(two)).archived_at]).toEqual([expect.any(String), null])

  const back = await done({ action: 'restore', query: { archived: true, email: (await read(one)).email } })
  expect(await statesOf(back)).toEqual([[one, 'done', null]])
  expect(await told(one, 'contact.restored')).toBe(2)
  expect(await statesOf(await undone(back))).toEqual([[one, 'done', null]])
  expect((await read(one)).archived_at).toEqual(expect.any(String))
})

test('leads go to another stage and to somebody, and back', async () => {
  const lead = async (fields: object = {}) =>
    (await ask<LeadShown>('POST', '/leads', { contact_id: await person(), assigned_to: paul, ...fields })).id
  const shown = (id: number) => ask<LeadShown>('GET', `/leads/${id}`)
  const other = await ask<{ id: number }>('POST', '/pipelines', {
    name: 'Other',
    stages: [
      { name: 'Fresh', kind: 'open' },
      { name: 'Sold', kind: 'won' },
    ],
  })
  const [one, two, elsewhere] = [await lead(), await lead(), await lead({ pipeline_id: other.id })]
  const first = await shown(one)
  const to = (await ask<{ data: { id: number; stages: { key: string; kind: string }[] }[] }>('GET', '/pipelines')).data
    .find(({ id }) => id === first.pipeline_id)!
    .stages.find(({ kind }) => kind === 'lost')!.key
  const bulk = await done({ of: 'leads', action: 'status', status: to, lost_reason: 'Too far', ids: [one, two, elsewhere] })
  expect(bulk.counts).toEqual({ done: 2, refused: 1 })
  expect((await rows(bulk, '&state=refused'))[0]).toMatchObject({
    record_id: elsewhere,
    reason: expect.stringMatching(/^The stage must be one of/),
  })
  expect(await shown(one)).toMatchObject({ status: to, kind: 'lost', lost_reason: 'Too far' })
  await ask('POST', `/leads/${two}/status`, { status: first.status })
  expect((await undone(bulk)).counts).toEqual({ done: 1, refused: 1 })
  expect(await shown(one)).toMatchObject({ status: first.status, kind: 'open', lost_reason: null })

  const given = await done({ of: 'leads', action: 'owner', owner_id: null, query: { assigned_to: paul } })
  expect(given.counts).toEqual({ done: 3 })
  expect((await undone(given)).counts).toEqual({ done: 3 })
  expect((await shown(elsewhere)).assigned_to).toBe(paul)
})

test('an agent changes leads that are theirs, of a selection and of all that match, and no contacts', async () => {
  const agent = await signedIn(fresh, 'agent')
  const asAgent = (payload: object) =>
    fresh.app.inject({ method: 'POST', url: '/api/v1/bulk-actions', headers: agent.headers, payload })
  const lead = async (assigned_to: number) =>
    (await ask<LeadShown>('POST', '/leads', { contact_id: await person(), assigned_to })).id
  const [own, foreign] = [await lead(agent.user_id), await lead(paul)]
  const { status } = await ask<LeadShown>('GET', `/leads/${own}`)
  const wish = { of: 'leads', action: 'status', status }
  const chosen = await ended((await asAgent({ ...wish, ids: [own, foreign] })).json())
  expect(await statesOf(chosen)).toEqual([
    [own, 'unchanged', null],
    [foreign, 'refused', 'Your role changes what is yours.'],
  ])
  const all = await ended((await asAgent({ ...wish, query: {} })).json())
  expect(all).toMatchObject({ state: 'done', error: null })
  expect(await statesOf(all)).toEqual([[own, 'unchanged', null]])
  expect((await asAgent({ of: 'contacts', action: 'tag', names: ['Mine'], query: {} })).statusCode).toBe(403)
  expect((await asAgent({ of: 'contacts', action: 'erase', query: {} })).statusCode).toBe(403)
})

describe('with another role meanwhile', () => {
  const as = async (who: SignedIn, method: Method, path: string, payload?: object) => {
    const url = `/api/v1${path}`
    const response = await fresh.app.inject({ method, url, headers: who.headers, ...(payload && { payload }) })
    return { status: response.statusCode, body: response.json() }
  }

  test('a trial is begun and an export goes on as far as who asked for it may now', async () => {
    const [manager, one] = [await signedIn(fresh, 'manager'), await person()]
    const wish = { of: 'contacts', action: 'tag', names: ['Later'], ids: [one] }
    const tried = await ended((await as(manager, 'POST', '/bulk-actions', { ...wish, dry_run: true })).body)
    const exported = await ended((await as(manager, 'POST', '/exports', { of: 'contacts', ids: [one] })).body, 'exports')
    await fresh.database.system`
      update transfers set state = 'stopped' where workspace_id = ${fresh.workspace_id} and id = ${exported.id}`
    const to = (role: string) => ask('PATCH', `/users/${manager.user_id}`, { role })
    await to('agent')
    expect((await as(manager, 'POST', `/bulk-actions/${tried.id}/start`)).status).toBe(403)
    expect(await ended(await ask<Bulk>('POST', `/bulk-actions/${tried.id}/start`))).toMatchObject({
      state: 'failed',
      error: expect.stringMatching(/may not do it any more/),
      counts: {},
    })
    const refused = await ended(await ask<Bulk>('POST', `/transfers/${exported.id}/resume`), 'exports')
    expect(refused).toMatchObject({ state: 'failed', error: expect.stringMatching(/may not do it any more/), file: null })
    expect(await namesOf(one)).toEqual([])

    await to('manager')
    expect(await ended(await ask<Bulk>('POST', `/transfers/${tried.id}/resume`))).toMatchObject({ state: 'done', error: null })
    expect(await namesOf(one)).toEqual(['Later'])
    await ask('DELETE', `/users/${manager.user_id}`)
    const gone = await ended(await ask<Bulk>('POST', `/transfers/${exported.id}/resume`), 'exports')
    expect(gone).toMatchObject({ state: 'failed', error: expect.stringMatching(/they left/) })
  })

  test('a key that was revoked changes nobody any more', async () => {
    const key = await ask<{ id: number; key: string }>('POST', '/keys', {
      kind: 'secret',
      name: 'Nightly',
      scopes: ['read', 'update'],
    })
    const one = await person()
    const begun = await fresh.app.inject({
      method: 'POST',
      url: '/api/v1/bulk-actions',
      headers: bearer(key.key),
      payload: { of: 'contacts', action: 'tag', names: ['Nightly'], ids: [one], dry_run: true },
    })
    const tried = await ended(begun.json())
    expect(tried).toMatchObject({ state: 'waiting', counts: { done: 1 } })
    await ask('DELETE', `/keys/${key.id}`)
    expect(await ended(await ask<Bulk>('POST', `/bulk-actions/${tried.id}/start`))).toMatchObject({ state: 'failed', counts: {} })
    expect(await namesOf(one)).toEqual([])
  })

  test('who sees only some records reads, stops and undoes what they began, and knows of nothing else', async () => {
    const agent = await signedIn(fresh, 'agent')
    const role = await ask<{ id: number }>('POST', '/roles', {
      name: 'Own contacts',
      permissions: { contacts: { read: 'own', update: 'own' } },
    })
    await ask('PATCH', `/users/${agent.user_id}`, { role: 'custom', role_id: role.id })
    const [own, foreign] = [await person({ owner_id: agent.user_id }), await person({ owner_id: paul, first_name: 'Hidden' })]
    const others = await done({ action: 'tag', names: ['Others'], ids: [own, foreign] })
    const begun = await as(agent, 'POST', '/bulk-actions', {
      of: 'contacts',
      action: 'tag',
      names: ['Mine'],
      ids: [own, foreign],
    })
    expect([begun.status, begun.body.error]).toEqual([201, null])
    const bulk = await ended(begun.body)
    expect(bulk.counts).toEqual({ done: 1, refused: 1 })
    const seen = async (path: string) => {
      const { status, body } = await as(agent, 'GET', path)
      return [
        status,
        body.data?.map(({ id, record_id, name, email }: BulkRow & { id?: number }) => id ?? [record_id, name, email]),
      ]
    }
    expect(await seen('/transfers')).toEqual([200, [bulk.id]])
    expect(await seen(`/bulk-actions/${bulk.id}`)).toEqual([200, undefined])
    expect(await seen(`/bulk-actions/${bulk.id}/rows`)).toEqual([
      200,
      [
        [own, null, expect.any(String)],
        [foreign, null, null],
      ],
    ])
    for (const path of [`/transfers/${others.id}`, `/bulk-actions/${others.id}`, `/bulk-actions/${others.id}/rows`])
      expect([path, (await seen(path))[0]]).toEqual([path, 404])
    for (const path of [`/transfers/${others.id}/stop`, `/bulk-actions/${others.id}/undo`])
      expect([path, (await as(agent, 'POST', path)).status]).toEqual([path, 404])
    expect((await as(agent, 'POST', `/transfers/${bulk.id}/stop`)).status).toBe(200)
    const undo = await ended((await as(agent, 'POST', `/bulk-actions/${bulk.id}/undo`)).body)
    expect(undo).toMatchObject({ state: 'done', counts: { done: 1 } })
    expect(await namesOf(own)).toEqual(['Others'])
  })
})

test('what makes no sense is refused before it begins', async () => {
  const id = await person()
  const wish = (payload: object) => refusal('/bulk-actions', { of: 'contacts', ids: [id], ...payload })
  expect(await wish({ action: 'status', status: 'won' })).toEqual([
    422,
    { action: 'of contacts must be one of tag, untag, owner, stage, archive, restore, erase' },
  ])
  expect(await wish({ action: 'tag' })).toEqual([422, { names: 'is needed for tag' }])
  expect(await wish({ action: 'stage' })).toEqual([422, { stage: 'is needed for stage' }])
  expect(await wish({ action: 'owner', owner_id: 999_999 })).toEqual([422, { owner_id: 'must be a user of this workspace' }])
  expect(await wish({ action: 'tag', names: ['a'], query: {} })).toEqual([
    422,
    { ids: 'or `query` says of which records, and only one of them' },
  ])
  expect(await refusal('/bulk-actions', { of: 'contacts', action: 'tag', names: ['a'], query: { colour: 1 } })).toEqual([
    422,
    { 'query.colour': 'is not known here' },
  ])
})
