import { beforeAll, describe, expect, test } from 'vitest'
import type { Contact } from '../../shared/contacts.ts'
import { type ContactWithTags, MOST_TAGS, type Tag, type Tags } from '../../shared/tags.ts'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { asking } from '../../test/asking.ts'

let fresh: FreshApp
beforeAll(async () => {
  fresh = await freshApp()
})

const { answer, ask, refusal } = asking(() => fresh)

let people = 0
const person = async () => (await ask<Contact>('POST', '/contacts', { email: `person${++people}@example.com` })).id
const tag = (id: number, ...names: string[]) => ask<{ tags: Tag[] }>('POST', `/contacts/${id}/tags`, { names })
const namesOf = async (id: number) => (await ask<ContactWithTags>('GET', `/contacts/${id}`)).tags.map(({ name }) => name)
const tagged = async (query: string) =>
  (await ask<{ data: Contact[] }>('GET', `/contacts?limit=200&${query}`)).data.map(({ id }) => id).sort((a, b) => a - b)
const named = async (name: string) => (await ask<Tags>('GET', '/tags')).data.find(one => one.name === name)!
const sorted = (...ids: number[]) => ids.sort((a, b) => a - b)
async function merge(winner: number, loser: number): Promise<number> {
  return (await ask<{ id: number }>('POST', `/contacts/${winner}/merge`, { other_id: loser })).id
}
async function told(contact_id: number) {
  const rows = await fresh.database.system<{ word: string }[]>`
    select case action when 'contact.tagged' then '+' || (after->>'name') else '-' || (before->>'name') end as word
      from activities
     where workspace_id = ${fresh.workspace_id} and contact_id = ${contact_id} and action in ('contact.tagged', 'contact.untagged')
     order by id`
  return rows.map(({ word }) => word)
}

describe('on a contact', () => {
  test('a new name makes the tag, a known one is found in any case, and each is told once', async () => {
    const [one, two] = [await person(), await person()]
    expect((await tag(one, ' Early  bird ', 'early BIRD', 'Baker')).tags.map(({ name }) => name)).toEqual(['Baker', 'Early bird'])
    await tag(two, 'EARLY BIRD')
    await tag(two, 'Early bird')
    expect([await namesOf(one), await namesOf(two)]).toEqual([['Baker', 'Early bird'], ['Early bird']])
    expect([await told(one), await told(two)]).toEqual([['+Baker', '+Early bird'], ['+Early bird']])
    expect((await named('Early bird')).contact_count).toBe(2)
    const [row] = await fresh.database.system`select source from contact_tags where contact_id = ${one}`
    expect(row).toEqual({ source: 'key' })
  })

  test('is taken off again', async () => {
    const id = await person()
    await tag(id, 'Short', 'Long')
    const { id: tag_id } = await named('Short')
    await ask('DELETE', `/contacts/${id}/tags/${tag_id}`)
    expect([await namesOf(id), await told(id)]).toEqual([['Long'], ['+Long', '+Short', '-Short']])
    expect(await refusal('DELETE', `/contacts/${id}/tags/${tag_id}`)).toEqual([404, 'not_found'])
  })

  test('an edit answers them too, and a property that is called so is another thing', async () => {
    const id = await person()
    await tag(id, 'Kept')
    const edited = await ask<ContactWithTags>('PATCH', `/contacts/${id}`, { properties: { tags: 'own' } })
    expect([edited.tags.map(({ name }) => name), edited.properties.tags]).toEqual([['Kept'], 'own'])
    const [activity] = await fresh.database.system`
      select before, after from activities where contact_id = ${id} and action = 'contact.updated'`
    expect(activity).toEqual({ before: { 'properties.tags': null }, after: { 'properties.tags': 'own' } })
  })

  test('many who use the same new names at once get the same tags', async () => {
    const ids = await Promise.all(Array.from({ length: 6 }, person))
    await Promise.all(ids.map((id, k) => tag(id, ...(k % 2 ? ['At once', 'Together'] : ['Together', 'at once']))))
    expect([(await named('Together')).contact_count, await tagged('tag=AT+ONCE')]).toEqual([6, sorted(...ids)])
  })

  test.each([
    [{ names: [] }, 422, 'invalid_fields'],
    [{ names: ['  '] }, 422, 'invalid_fields'],
    [{ names: ['x'.repeat(101)] }, 422, 'invalid_fields'],
    [{ names: ['a'], color: 'red' }, 422, 'invalid_fields'],
  ])('%j is refused', async (payload, status, code) => {
    expect(await refusal('POST', `/contacts/${await person()}/tags`, payload)).toEqual([status, code])
  })
})

describe('a merge', () => {
  test('shows what both have at the one that is left, counts it once, and falls apart again', async () => {
    const [winner, loser] = [await person(), await person()]
    await tag(winner, 'Of both', 'Of the winner')
    await tag(loser, 'Of both', 'Of the loser')
    const merge_id = await merge(winner, loser)
    expect([await namesOf(winner), await namesOf(loser)]).toEqual([['Of both', 'Of the loser', 'Of the winner'], []])
    expect([await tagged('tag=of+both'), await tagged('tag=of+the+loser')]).toEqual([[winner], [winner]])
    expect((await named('Of both')).contact_count).toBe(1)
    expect(await refusal('POST', `/contacts/${loser}/tags`, { names: ['x'] })).toEqual([409, 'already_merged'])
    await ask('POST', `/contacts/merges/${merge_id}/undo`)
    expect([await namesOf(winner), await namesOf(loser)]).toEqual([
      ['Of both', 'Of the winner'],
      ['Of both', 'Of the loser'],
    ])
    expect(await tagged('tag=of+both')).toEqual(sorted(winner, loser))
  })

  test('what is put on the one that is left stays there, what is taken off is off both', async () => {
    const [winner, loser] = [await person(), await person()]
    await tag(loser, 'Taken off', 'Said again')
    const merge_id = await merge(winner, loser)
    await tag(winner, 'Said again', 'Said then')
    await ask('DELETE', `/contacts/${winner}/tags/${(await named('Taken off')).id}`)
    expect(await told(winner)).toEqual(['+Said then', '-Taken off'])
    await ask('POST', `/contacts/merges/${merge_id}/undo`)
    expect([await namesOf(winner), await namesOf(loser)]).toEqual([['Said again', 'Said then'], ['Said again']])
  })
})

describe('the list of contacts', () => {
  test('shows as many as the tag counts, also where some are archived, merged, or both', async () => {
    const [stays, gone, winner, loser, first, second] = [
      await person(),
      await person(),
      await person(),
      await person(),
      await person(),
      await person(),
    ]
    for (const id of [stays, gone, winner, loser, first, second]) await tag(id, 'Counted')
    await tag(loser, 'Of a part')
    await merge(winner, loser)
    await merge(first, second)
    const shows = async () => [(await named('Counted')).contact_count, (await named('Of a part')).contact_count]
    expect(await shows()).toEqual([4, 1])
    for (const id of [gone, winner]) await ask('POST', `/contacts/${id}/archive`)
    expect([await shows(), await tagged('tag=counted'), await tagged('tag=of+a+part')]).toEqual([
      [2, 0],
      sorted(stays, first),
      [],
    ])
    await ask('POST', `/contacts/${winner}/restore`)
    expect(await shows()).toEqual([3, 1])
  })

  test('is filtered by a tag, together with other filters and a search', async () => {
    const [one, two, other] = [await person(), await person(), await person()]
    await tag(one, '100% sure, or so')
    await tag(two, '100% sure, or so')
    await ask('PATCH', `/contacts/${two}`, { first_name: 'Zacharias' })
    await ask('PATCH', `/contacts/${other}`, { first_name: 'Zacharias' })
    const name = `tag=${encodeURIComponent('100% SURE, or so')}`
    expect(await tagged(name)).toEqual(sorted(one, two))
    expect(await tagged(`${name}&q=zacharias`)).toEqual([two])
    expect([await tagged(`${name}&stage=converted`), await tagged('tag=unheard+of')]).toEqual([[], []])
    expect(await tagged(`${name}&stage=lead&sort=name`)).toEqual(sorted(one, two))
  })
})

describe('a tag', () => {
  test('has a name of its own, in any case, and a color', async () => {
    const made = await ask<Tag>('POST', '/tags', { name: ' Vip ', color: 'teal' })
    expect(made).toMatchObject({ name: 'Vip', color: 'teal', contact_count: 0 })
    expect(await refusal('POST', '/tags', { name: 'VIP' })).toEqual([409, 'already_exists'])
    await ask('POST', '/tags', { name: 'Second' })
    expect(await refusal('PATCH', `/tags/${made.id}`, { name: 'second' })).toEqual([409, 'already_exists'])
    expect(await refusal('PATCH', `/tags/${made.id}`, { color: '#ff0000' })).toEqual([422, 'invalid_fields'])
    expect(await ask<Tag>('PATCH', `/tags/${made.id}`, { name: 'VIP', color: null })).toMatchObject({ name: 'VIP', color: null })
    const rows = await fresh.database.system`
      select action, before, after from activities where subject_id = ${String(made.id)} and action like 'tag.%' order by id`
    expect([...rows]).toEqual([
      { action: 'tag.created', before: null, after: { name: 'Vip', color: 'teal' } },
      { action: 'tag.updated', before: { name: 'Vip', color: 'teal' }, after: { name: 'VIP', color: null } },
    ])
  })

  test('that is deleted is gone from everybody, and each of them is told', async () => {
    const [one, winner, loser] = [await person(), await person(), await person()]
    for (const id of [one, winner, loser]) await tag(id, 'Doomed')
    await merge(winner, loser)
    const { id, contact_count } = await named('Doomed')
    expect(contact_count).toBe(2)
    await ask('DELETE', `/tags/${id}`)
    expect([await told(one), await told(winner), await told(loser)]).toEqual([
      ['+Doomed', '-Doomed'],
      ['+Doomed', '-Doomed'],
      ['+Doomed'],
    ])
    expect([await namesOf(one), await namesOf(winner)]).toEqual([[], []])
    expect(await refusal('DELETE', `/tags/${id}`)).toEqual([404, 'not_found'])
  })

  test('there are not more than a screen can show', async () => {
    const full = await fresh.another('Full')
    await fresh.database.system`
      insert into tags (workspace_id, name) select ${full.workspace_id}, 'tag ' || n from generate_series(1, ${MOST_TAGS}) n`
    const { status, body } = await answer('POST', '/tags', { name: 'one more' }, full.secret_key)
    expect([status, body.error.fields]).toEqual([422, { name: 'is one too many: a workspace has at most 1000 tags' }])
  })
})

test('needs the scope to change, and another workspace has its own', async () => {
  const other = await fresh.another()
  const id = await person()
  await tag(id, 'Ours')
  expect((await answer('GET', '/tags', undefined, other.secret_key)).body).toEqual({ data: [] })
  expect((await answer('POST', `/contacts/${id}/tags`, { names: ['Theirs'] }, other.secret_key)).status).toBe(404)
  expect((await answer('PATCH', `/tags/${(await named('Ours')).id}`, { name: 'Theirs' }, other.secret_key)).status).toBe(404)
  expect((await answer('POST', '/tags', { name: 'x' }, fresh.write_key)).status).toBe(403)
})
