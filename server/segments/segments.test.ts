import { beforeAll, expect, test } from 'vitest'
import type { Contact } from '../../shared/contacts.ts'
import type { Rule, Segment, Segments } from '../../shared/segments.ts'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { asking } from '../../test/asking.ts'
import { basic, batch, bearer, track } from '../../test/people.ts'
import { rebuildAll } from '../rebuild.ts'
import { catchUp } from './catch-up.fixture.ts'
import { lookAgain } from './clock.ts'

let fresh: FreshApp
beforeAll(async () => {
  fresh = await freshApp()
})

const DAY = 86_400_000
const ago = (days: number) => new Date(Date.now() - days * DAY).toISOString()

const { answer, ask } = asking(() => fresh)
async function send(...messages: unknown[]) {
  const request = { method: 'POST', url: '/v1/batch', payload: batch(...messages), headers: basic(fresh.write_key) } as const
  expect((await fresh.app.inject(request)).json()).toEqual({ success: true })
}
const said = (name: string, event: string, properties: Record<string, unknown> = {}, days = 0) =>
  track(event, { anonymousId: name, timestamp: ago(days), properties })
const register = (name: string) => said(name, 'registration', { email: `${name}@example.com` })
const idOf = async (name: string) => (await ask<{ data: Contact[] }>('GET', `/contacts?email=${name}@example.com`)).data[0]!.id
const settle = () => catchUp(fresh.database, fresh.workspace_id)

async function make(name: string, rule: Rule): Promise<number> {
  const { id } = await ask<Segment>('POST', '/segments', { name, rule })
  await settle()
  return id
}

/** The names in its list, which must be as many as it counts. */
async function members(id: number): Promise<string[]> {
  const { contact_count, progress } = await ask<Segment>('GET', `/segments/${id}`)
  const { data } = await ask<{ data: Contact[] }>('GET', `/segments/${id}/contacts?limit=200&sort=email`)
  expect([data.length, progress]).toEqual([contact_count, null])
  return data.map(contact => contact.email!.split('@')[0]!)
}

/** `+name` and `-name` for a segment, in order. */
async function told(id: number): Promise<string[]> {
  const rows = await fresh.database.system<{ word: string }[]>`
    select case action when 'segment.entered' then '+' else '-' end || split_part(c.email, '@', 1) as word
      from activities a
      join contacts c on c.workspace_id = a.workspace_id and c.id = a.contact_id
     where a.workspace_id = ${fresh.workspace_id} and a.subject_id = ${String(id)} and a.action in ('segment.entered', 'segment.left')
       and coalesce(a.before, a.after)->>'segment_id' = a.subject_id
     order by a.id`
  return rows.map(row => row.word)
}

const clicked = (event: string, more: object = {}) => ({ kind: 'event', event, did: 'did', ...more }) as Rule

test('who fits already is found quietly; who comes later enters, and who does not fit any more leaves, each told once', async () => {
  await send(register('early'), said('early', 'one_clicked'), register('other'))
  const id = await make('Clicked and not sold', { all: [clicked('one_clicked'), { kind: 'conversion', has: false }] })
  expect([await members(id), await told(id)]).toEqual([['early'], []])
  await send(said('other', 'one_clicked'), said('other', 'one_clicked'))
  await settle()
  await settle()
  await send(said('other', 'one_clicked'))
  await settle()
  expect([await members(id), await told(id)]).toEqual([['early', 'other'], ['+other']])
  await send(said('early', 'purchase_completed', { amount: 5, order_id: 'one' }))
  await settle()
  expect([await members(id), await told(id)]).toEqual([['other'], ['+other', '-early']])
  const about = await fresh.database.system`
    select actor, after from activities where workspace_id = ${fresh.workspace_id} and action = 'segment.entered' and subject_id = ${String(id)}`
  expect(about).toEqual([
    { actor: { kind: 'system', name: 'segments' }, after: { segment_id: id, name: 'Clicked and not sold' } },
  ])
})

test('what a person does by hand counts as well: a lead, a conversion that is taken back, a property', async () => {
  const id = await make('By hand', {
    any: [
      { kind: 'lead', has: true },
      { kind: 'conversion', has: true, value_at_least: 50 },
      { kind: 'property', name: 'plan', is: 'equals', value: 'gold' },
    ],
  })
  const before = await members(id)
  const names = ['hand-a', 'hand-b', 'hand-c']
  const ids: number[] = []
  for (const name of names) ids.push((await ask<Contact>('POST', '/contacts', { email: `${name}@example.com` })).id)
  await ask('POST', '/leads', { contact_id: ids[0], lead_type: 'solar' })
  const sale = await ask<{ id: number }>('POST', '/conversions', { contact_id: ids[1], type: 'sale', value: 60 })
  await ask('PATCH', `/contacts/${ids[2]}`, { properties: { plan: 'gold' } })
  await settle()
  expect(await members(id)).toEqual([...before, ...names].sort())
  await ask('POST', `/conversions/${sale.id}/refunds`, { amount: 20 })
  await ask('PATCH', `/contacts/${ids[2]}`, { properties: { plan: null } })
  await settle()
  expect(await members(id)).toEqual([...before, 'hand-a'].sort())
})

test('a merge makes one member of two, and its undo two again', async () => {
  const id = await make('Both did', { all: [clicked('left_clicked'), clicked('right_clicked')] })
  await send(register('left'), register('right'), said('left', 'left_clicked'), said('right', 'right_clicked'))
  await settle()
  expect(await members(id)).toEqual([])
  const either = await make('Either did', { any: [clicked('left_clicked'), clicked('right_clicked')] })
  expect(await members(either)).toEqual(['left', 'right'])
  const [left, right] = [await idOf('left'), await idOf('right')]
  await ask('POST', `/contacts/${left}/merge`, { other_id: right })
  await settle()
  expect([await members(id), await members(either)]).toEqual([['left'], ['left']])
  const [merge] = await fresh.database.system`
    select id from contact_merges where workspace_id = ${fresh.workspace_id} and winner_id = ${left}`
  await ask('POST', `/contacts/merges/${merge!.id}/undo`)
  await settle()
  expect([await members(id), await members(either)]).toEqual([[], ['left', 'right']])
  expect(await told(id)).toEqual(['+left', '-left'])
})

test('who is archived leaves and is counted nowhere, and is back with what brings them back', async () => {
  await send(said('stays', 'shelf', { email: 'stays@example.com' }), said('goes', 'shelf', { email: 'goes@example.com' }))
  await send(register('stays'), register('goes'))
  const id = await make('On the shelf', clicked('shelf'))
  const goes = await idOf('goes')
  const counted = async () => (await ask('GET', '/reports/health')).contacts
  const before = await counted()
  await ask('POST', `/contacts/${goes}/archive`)
  await settle()
  expect([await members(id), await told(id), await counted()]).toEqual([['stays'], ['-goes'], before - 1])
  expect((await ask('POST', '/segments/preview', { rule: clicked('shelf') })).contact_count).toBe(1)
  await send(said('goes', 'looked_around'))
  await settle()
  expect([await members(id), await told(id), await counted()]).toEqual([['goes', 'stays'], ['-goes', '+goes'], before])
})

test('time alone turns who fits, also when nobody looked for long; and it is told once', async () => {
  await send(register('lazy'), said('lazy', 'lesson_seen', {}, 6), register('keen'), said('keen', 'lesson_seen', {}, 1))
  await send(said('keen', 'video_progress', { watch_percentage: 80 }))
  const active = await make('Seen in a week', clicked('lesson_seen', { within_days: 7 }))
  const asleep = await make('Not seen in a week', {
    all: [clicked('lesson_seen'), { not: clicked('lesson_seen', { within_days: 7 }) }],
  })
  const hot = await make('Hot for a day', { all: [clicked('lesson_seen'), { kind: 'segment', segment: 'hot', for_hours: 24 }] })
  await lookAgain(fresh.database.system)
  await settle()
  expect([await members(active), await members(asleep), await members(hot)]).toEqual([['keen', 'lazy'], [], []])
  await later(3)
  await lookAgain(fresh.database.system)
  await lookAgain(fresh.database.system)
  await settle()
  expect([await members(active), await members(asleep), await members(hot)]).toEqual([['keen'], ['lazy'], ['keen']])
  expect([await told(active), await told(asleep), await told(hot)]).toEqual([['-lazy'], ['+lazy'], ['+keen']])
  await send(said('lazy', 'lesson_seen'))
  await settle()
  expect([await members(active), await members(asleep)]).toEqual([['keen', 'lazy'], []])
})

/** So many days go by in which nobody is there. */
async function later(days: number) {
  const { system } = fresh.database
  const by = `${days} days`
  await system`update events set occurred_at = occurred_at - ${by}::interval where workspace_id = ${fresh.workspace_id}`
  await system`update contacts set segment_since = segment_since - ${by}::interval where workspace_id = ${fresh.workspace_id}`
  await system`update segments set looked_at = looked_at - ${by}::interval where workspace_id = ${fresh.workspace_id}`
}

test('another rule is counted anew, quietly; another name changes nobody', async () => {
  await send(register('first'), said('first', 'first_done'), register('second'), said('second', 'second_done'))
  const id = await make('Changing', clicked('first_done'))
  expect(await members(id)).toEqual(['first'])
  const renamed = await ask<Segment>('PATCH', `/segments/${id}`, { name: 'Changed' })
  expect(renamed).toMatchObject({ name: 'Changed', contact_count: 1, progress: null })
  const changed = await ask<Segment>('PATCH', `/segments/${id}`, {
    rule: clicked('second_done'),
    if_updated_at: renamed.updated_at,
  })
  expect(changed.progress).toBe(0)
  await settle()
  expect([await members(id), await told(id)]).toEqual([['second'], []])
  expect((await answer('PATCH', `/segments/${id}`, { name: 'Late', if_updated_at: renamed.updated_at })).status).toBe(409)
  expect((await answer('PATCH', `/segments/${id}`, { rule: { kind: 'stage' } })).status).toBe(422)
  expect((await answer('POST', '/segments', { name: 'changed', rule: clicked('x') })).body.error.code).toBe('already_exists')
  expect((await answer('DELETE', `/segments/${id}`)).status).toBe(204)
  expect((await answer('DELETE', `/segments/${id}`)).status).toBe(404)
  expect((await answer('GET', `/segments/${id}/contacts`)).status).toBe(404)
})

test('the list counts the built-in ones too, and contacts are filtered by one of one’s own with a search', async () => {
  await send(register('listed-hot'), register('listed-cold'), said('listed-hot', 'video_progress', { watch_percentage: 99 }))
  const id = await make('Listed', { kind: 'property', name: 'email', is: 'contains', value: 'listed-' })
  const { built_in, data } = await ask<Segments>('GET', '/segments')
  expect(built_in.map(one => one.segment)).toEqual(['no_show', 'skimmer', 'sampler', 'engaged', 'hot'])
  const hot = await ask<{ data: Contact[] }>('GET', '/contacts?segment=hot&limit=200')
  expect(built_in.at(-1)!.contact_count).toBe(hot.data.length)
  expect(data.find(one => one.id === id)).toMatchObject({ name: 'Listed', contact_count: 2, progress: null })
  const found = await ask<{ data: Contact[] }>('GET', `/contacts?segment_id=${id}&segment=hot&q=listed`)
  expect(found.data.map(contact => contact.email)).toEqual(['listed-hot@example.com'])
  const first = await ask<{ data: Contact[]; next_cursor: string }>('GET', `/segments/${id}/contacts?limit=1`)
  const next = await ask<{ data: Contact[]; next_cursor: null }>(
    'GET',
    `/segments/${id}/contacts?limit=1&cursor=${first.next_cursor}`,
  )
  expect(new Set([...first.data, ...next.data].map(contact => contact.id)).size).toBe(2)
  expect(next.next_cursor).toBeNull()
})

test('another workspace has its own: nothing that happens here is noted there, and neither sees the other’s', async () => {
  const other = await fresh.another('Elsewhere')
  const id = await make('Ours alone', clicked('ours_clicked'))
  for (const path of [`/segments/${id}`, `/segments/${id}/contacts`])
    expect((await answer('GET', path, undefined, other.secret_key)).status).toBe(404)
  const theirs = await answer('GET', `/contacts?segment_id=${id}`, undefined, other.secret_key)
  expect(theirs.body.data).toEqual([])
  const request = {
    method: 'POST',
    url: '/v1/batch',
    payload: batch(said('x', 'registration', { email: 'x@example.com' })),
    headers: basic(other.write_key),
  } as const
  await fresh.app.inject(request)
  await settle()
  const noted = await fresh.database.system`select from segment_changes where workspace_id = ${other.workspace_id}`
  expect(noted).toHaveLength(0)
})

test('what is damaged is made again by a rebuild, quietly', async () => {
  const id = await make('Damaged', clicked('damage_done'))
  await send(register('hurt'), said('hurt', 'damage_done'), register('well'))
  await settle()
  const before = await told(id)
  const { system } = fresh.database
  await system`delete from segment_members where workspace_id = ${fresh.workspace_id} and segment_id = ${id}`
  await system`
    insert into segment_members (workspace_id, segment_id, contact_id) values (${fresh.workspace_id}, ${id}, ${await idOf('well')})`
  await system`update segments set contact_count = 7 where workspace_id = ${fresh.workspace_id} and id = ${id}`
  const wrong = await rebuildAll(fresh.database, { workspace_id: fresh.workspace_id })
  expect(wrong).toMatchObject({ segment_members: 2, segments: 1 })
  expect([await members(id), await told(id)]).toEqual([['hurt'], before])
  expect(await rebuildAll(fresh.database, { workspace_id: fresh.workspace_id })).toMatchObject({
    segment_members: 0,
    segments: 0,
  })
})

test('the server does all of it by itself', async () => {
  const own = await freshApp()
  own.work()
  const headers = bearer(own.secret_key)
  const rule = clicked('self_done')
  const post = (event: unknown) =>
    own.app.inject({ method: 'POST', url: '/v1/batch', payload: batch(event), headers: basic(own.write_key) })
  await post(said('self', 'registration', { email: 'self@example.com' }))
  const payload = { name: 'Self', rule }
  const { id } = (await own.app.inject({ method: 'POST', url: '/api/v1/segments', payload, headers })).json<Segment>()
  const read = async () => (await own.app.inject({ url: `/api/v1/segments/${id}`, headers })).json<Segment>()
  await expect.poll(async () => (await read()).progress, { timeout: 60_000 }).toBeNull()
  expect((await read()).contact_count).toBe(0)
  await post(said('self', 'self_done'))
  await expect.poll(async () => (await read()).contact_count, { timeout: 60_000 }).toBe(1)
}, 150_000)

test('a tag brings in and takes out, by whoever is part of whom, whatever it is called; a deleted one nobody has', async () => {
  await send(register('tagged'), register('part'), register('plain'))
  const [tagged, part] = [await idOf('tagged'), await idOf('part')]
  const { id: tag_id } = await ask<{ id: number }>('POST', '/tags', { name: 'Guest' })
  const has: Rule = { kind: 'tag', has: true, tag_id }
  const id = await make('Guests', has)
  const others = await make('Others', {
    all: [
      { kind: 'tag', has: false, tag_id },
      { kind: 'property', name: 'email', is: 'equals', value: 'plain@example.com' },
    ],
  })
  await ask('POST', `/contacts/${part}/tags`, { names: ['guest'] })
  await settle()
  expect([await members(id), await members(others)]).toEqual([['part'], ['plain']])
  const merge = await ask<{ id: number }>('POST', `/contacts/${tagged}/merge`, { other_id: part })
  await ask('PATCH', `/tags/${tag_id}`, { name: 'Visitor' })
  await settle()
  expect(await members(id)).toEqual(['tagged'])
  await ask('POST', `/contacts/merges/${merge.id}/undo`)
  await settle()
  expect(await members(id)).toEqual(['part'])
  await ask('POST', `/contacts/${await idOf('plain')}/tags`, { names: ['visitor'] })
  await settle()
  expect([await members(id), await members(others)]).toEqual([['part', 'plain'], []])
  await answer('DELETE', `/tags/${tag_id}`)
  await settle()
  expect([await members(id), await members(others)]).toEqual([[], ['plain']])
  const words = ['+part', '+part', '+plain', '+tagged', '-part', '-part', '-plain', '-tagged']
  expect((await told(id)).sort(), 'of one look in any order').toEqual(words)
})
