import { beforeAll, describe, expect, test } from 'vitest'
import type { Contact } from '../../shared/contacts.ts'
import type { CustomField, CustomFields } from '../../shared/custom-fields.ts'
import type { MergePreview } from '../../shared/identity.ts'
import type { ContactWithTags } from '../../shared/tags.ts'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { asking } from '../../test/asking.ts'
import { basic } from '../../test/people.ts'
import { writeCursor } from '../http/paginate.ts'
import { countSegment } from '../segments/count.ts'
import { lookAtSome } from '../segments/look.ts'

let fresh: FreshApp
const fields: Record<string, CustomField> = {}

beforeAll(async () => {
  fresh = await freshApp()
  const flours = ['Rye', 'Wheat', 'Spelt'].map(label => ({ key: label.toLowerCase(), label }))
  for (const [key, type, options] of [
    ['city_of_birth', 'text'],
    ['loaves', 'number'],
    ['sourdough', 'boolean'],
    ['first_bake', 'date'],
    ['flour', 'select', flours],
    ['flours', 'multi_select', flours],
    ['story', 'long_text'],
    ['site', 'url'],
    ['budget', 'money'],
  ] as const) {
    const made = { noun: 'contact', key, type, label: key.replaceAll('_', ' '), ...(options && { options }) }
    fields[key] = await ask<CustomField>('POST', '/custom-fields', made)
  }
})

const { answer, ask } = asking(() => fresh)
let people = 0
const person = (custom: object = {}, named: object = {}) =>
  ask<Contact>('POST', '/contacts', { email: `baker${++people}@example.com`, custom, ...named })
const emails = async (query: string) =>
  (await ask<{ data: Contact[] }>('GET', `/contacts?limit=200&${query}`)).data.map(({ email }) => email)

describe('a value', () => {
  test('is understood as people write it, stored as what it is, and told with what it was', async () => {
    const given = {
      city_of_birth: ' Riga ', loaves: '1,200', sourdough: 'yes', first_bake: '3/31/2026', flour: 'RYE', flours: 'spelt; Rye',
    } // biome-ignore format: one word after the other
    const { id, custom } = await person(given)
    const stored = {
      city_of_birth: 'Riga',
      loaves: 1200,
      sourdough: true,
      first_bake: '2026-03-31',
      flour: 'rye',
      flours: ['rye', 'spelt'],
    }
    expect(custom).toEqual(stored)
    const edited = await ask<Contact>('PATCH', `/contacts/${id}`, { custom: { loaves: 7, flour: null, sourdough: true } })
    expect(edited.custom).toEqual({ ...stored, loaves: 7, flour: undefined })
    const told = await fresh.database
      .system`select before, after from activities where contact_id = ${id} and action = 'contact.updated'`
    expect(told).toEqual([
      { before: { 'custom.loaves': 1200, 'custom.flour': 'rye' }, after: { 'custom.loaves': 7, 'custom.flour': null } },
    ])
  })

  test('that is none is refused, each by its name', async () => {
    const { status, body } = await answer('POST', '/contacts', {
      email: 'wrong@example.com',
      custom: { loaves: 'many', first_bake: '2026-02-31', flours: ['rye', 'oat'], site: 'javascript:alert(1)', shoes: 42 },
    })
    expect(status).toBe(422)
    expect(body.error.fields).toEqual({
      'custom.loaves': 'must be a number',
      'custom.first_bake': 'must be a day such as 2026-03-31',
      'custom.flours': 'must be one of rye, wheat, spelt',
      'custom.site': 'must be an address such as https://example.com',
      'custom.shoes': 'is no field',
    })
  })

  test('of a merged contact fills what the other one has not, and goes with them when the merge is undone', async () => {
    const winner = await person({ city_of_birth: 'Cork', loaves: 1 })
    const loser = await person({ city_of_birth: 'Galway', flour: 'wheat' })
    const merge = await ask<{ id: number }>('POST', `/contacts/${winner.id}/merge`, { other_id: loser.id })
    const shown = async (id: number) => (await ask<Contact>('GET', `/contacts/${id}`)).custom
    expect(await shown(winner.id)).toEqual({ city_of_birth: 'Cork', loaves: 1, flour: 'wheat' })
    expect(await emails('custom.city_of_birth=galway')).toEqual([])
    expect(await emails('custom.city_of_birth=cork&custom.flour=wheat')).toEqual([winner.email])
    await ask('PATCH', `/contacts/${winner.id}`, { custom: { flour: null } })
    expect(await shown(winner.id)).toEqual({ city_of_birth: 'Cork', loaves: 1 })
    await ask('POST', `/contacts/merges/${merge.id}/undo`)
    expect([await shown(winner.id), await shown(loser.id)]).toEqual([
      { city_of_birth: 'Cork', loaves: 1 },
      { city_of_birth: 'Galway', flour: 'wheat' },
    ])
    expect(await emails('custom.city_of_birth=galway')).toEqual([loser.email])
  })
})

describe('what is said by itself under the name of a field', () => {
  let messages = 0
  const identify = async (userId: string, traits: object) => {
    const event = { userId, traits, messageId: `said-${++messages}`, timestamp: new Date(Date.UTC(2026, 0, 1) + messages * 1000) }
    const request = { method: 'POST', url: '/v1/identify', headers: basic(fresh.write_key), payload: event } as const
    expect((await fresh.app.inject(request)).statusCode).toBe(200)
  }
  const shown = async (email: string) =>
    ask<ContactWithTags>('GET', `/contacts/${(await ask<{ data: Contact[] }>('GET', `/contacts?email=${email}`)).data[0]!.id}`)

  test('fills it as what it is; what does not fit stays a property and is told, and a hand that wrote it is kept', async () => {
    const email = 'teller@example.com'
    await identify('teller', { email, loaves: '1,200', flour: 'Oat', city_of_birth: 'Riga' })
    const first = await shown(email)
    expect(first.custom).toEqual({ loaves: 1200, city_of_birth: 'Riga' })
    expect(first.properties).toMatchObject({ loaves: '1,200', flour: 'Oat', city_of_birth: 'Riga' })
    expect(first.problems).toEqual({ flour: 'must be one of rye, wheat, spelt' })
    expect(await emails('custom.loaves=1200&custom.city_of_birth=riga')).toEqual([email])

    await ask('PATCH', `/contacts/${first.id}`, { custom: { city_of_birth: 'Cork' } })
    await identify('teller', { flour: 'rye', loaves: 7, city_of_birth: 'Lyon' })
    const then = await shown(email)
    expect([then.custom, then.problems]).toEqual([{ loaves: 7, flour: 'rye', city_of_birth: 'Cork' }, {}])
    expect(await emails('custom.loaves=1200')).not.toContain(email)
    await identify('teller', { loaves: 'many' })
    expect((await shown(email)).custom).toEqual({ flour: 'rye', city_of_birth: 'Cork' })
  })

  test('is shown before a merge, goes along with it, and comes apart again', async () => {
    await identify('one', { email: 'one.side@example.com', loaves: 1, flour: 'rye' })
    await identify('two', { email: 'two.side@example.com', loaves: 2, city_of_birth: 'Nice' })
    const [one, two] = [await shown('one.side@example.com'), await shown('two.side@example.com')]
    await ask('PATCH', `/contacts/${two.id}`, { custom: { flour: 'spelt' } })
    const preview = await ask<MergePreview>('GET', `/contacts/${one.id}/merge?other_id=${two.id}`)
    const own = preview.fields.filter(({ field }) => field.startsWith('custom.'))
    expect(own).toEqual([
      { field: 'custom.city_of_birth', winner: null, loser: 'Nice', merged: 'Nice' },
      { field: 'custom.loaves', winner: 1, loser: 2, merged: 2 },
      { field: 'custom.flour', winner: 'rye', loser: 'spelt', merged: 'spelt' },
    ])
    const merge = await ask<{ id: number }>('POST', `/contacts/${one.id}/merge`, { other_id: two.id, force: true })
    expect((await shown('one.side@example.com')).custom).toEqual({ city_of_birth: 'Nice', loaves: 2, flour: 'spelt' })
    await ask('POST', `/contacts/merges/${merge.id}/undo`)
    expect([(await shown('one.side@example.com')).custom, (await shown('two.side@example.com')).custom]).toEqual([
      { loaves: 1, flour: 'rye' },
      { city_of_birth: 'Nice', loaves: 2, flour: 'spelt' },
    ])
  })
})

describe('an amount of money', () => {
  test.each([
    ['1,200.50 EUR', { amount: 1200.5, currency: 'EUR' }],
    ['€99', { amount: 99, currency: 'EUR' }],
    ['$99.9', { amount: 99.9, currency: 'USD' }],
    [300, { amount: 300, currency: 'USD' }],
    [
      { amount: 5, currency: 'JPY' },
      { amount: 5, currency: 'JPY' },
    ],
    ['{"amount":7,"currency":"GBP"}', { amount: 7, currency: 'GBP' }],
  ])('is understood of %j', async (budget, stored) => {
    expect((await person({ budget })).custom).toEqual({ budget: stored })
  })

  test.each(['many', '1.200,50 EUR', '12,5', '1.999', -1, '5 XYQ', '5 to 7 EUR', { amount: '5', more: 1 }, [5]])(
    'is not %j',
    async budget => {
      const { status, body } = await answer('POST', '/contacts', { email: 'poor@example.com', custom: { budget } })
      expect([status, body.error.fields]).toEqual([
        422,
        { 'custom.budget': 'must be an amount of at most two decimals, such as 1200.50 EUR' },
      ])
    },
  )

  test('is compared in any currency or in one, by addresses and by rules, and sorted', async () => {
    const budgets = ['100 EUR', '250 USD', '400 EUR', undefined]
    const all = await Promise.all(budgets.map(budget => person({ ...(budget && { budget }) }, { first_name: 'Saver' })))
    const found = async (query: string) => {
      const some = await emails(`q=saver&${query}`)
      return all.flatMap(({ email }, k) => (some.includes(email) ? [k] : []))
    }
    const byRule = (rule: object) =>
      found(`rule=${encodeURIComponent(JSON.stringify({ kind: 'field', field: 'budget', ...rule }))}`)
    expect(await found('custom.budget.greater=100')).toEqual([1, 2])
    expect(await found('custom.budget.greater=99 EUR')).toEqual([0, 2])
    expect(await found('custom.budget=250')).toEqual([1])
    expect(await found('custom.budget.is_not=250 EUR')).toEqual([0, 1, 2, 3])
    expect(await found('custom.budget.empty=true')).toEqual([3])
    expect(await byRule({ is: 'less', value: 300 })).toEqual([0, 1])
    expect(await byRule({ is: 'less', value: 300, currency: 'EUR' })).toEqual([0])
    const sorted = await emails('q=saver&sort=-custom.budget')
    expect(sorted).toEqual([2, 1, 0, 3].map(k => all[k]!.email))
  })
})

describe('a list', () => {
  const VALUES = [
    {
      city_of_birth: 'Lyon',
      loaves: 12,
      sourdough: true,
      first_bake: '2020-01-01',
      flours: ['rye'],
      story: `${'x'.repeat(600)} Levain`,
    },
    { city_of_birth: 'Lille', loaves: 9, sourdough: false, first_bake: '2021-05-05', flours: ['rye', 'wheat'] },
    { city_of_birth: 'Nantes', loaves: -3.5, first_bake: '2019-12-31', flours: ['spelt'] },
    {},
  ]
  beforeAll(async () => {
    for (const [k, custom] of VALUES.entries())
      await ask('POST', '/contacts', { email: `list${k}@example.com`, first_name: 'Lister', custom })
  })
  const found = async (query: string) => (await emails(`q=lister&${query}`)).map(email => Number(email!.slice(4, 5))).sort()

  test.each([
    ['custom.city_of_birth=LYON', [0]],
    ['custom.city_of_birth.contains=l', [0, 1]],
    ['custom.city_of_birth.is_not=lyon', [1, 2, 3]],
    ['custom.city_of_birth.empty=true', [3]],
    ['custom.loaves=12', [0]],
    ['custom.loaves.greater=-4&custom.loaves.less=12', [1, 2]],
    ['custom.sourdough=no', [1]],
    ['custom.sourdough.empty=false', [0, 1]],
    ['custom.first_bake.before=2020-01-01', [2]],
    ['custom.first_bake.after=2019-12-31', [0, 1]],
    ['custom.flours=rye', [0, 1]],
    ['custom.flours.is_not=Rye', [2, 3]],
    ['custom.story.contains=levain', [0]],
  ])('asks %s', async (query, expected) => {
    expect(await found(query)).toEqual(expected)
  })

  test.each([
    ['custom.loaves', [2, 1, 0, 3]],
    ['-custom.loaves', [0, 1, 2, 3]],
    ['custom.city_of_birth', [1, 0, 2, 3]],
    ['-custom.first_bake', [1, 0, 2, 3]],
  ])('is in the order of %s, page by page, with those last who have none', async (sort, expected) => {
    const seen: number[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: { data: Contact[]; next_cursor: string | null } = await ask(
        'GET',
        `/contacts?q=lister&limit=1&sort=${sort}${cursor && `&cursor=${cursor}`}`,
      )
      seen.push(...page.data.map(({ email }) => Number(email!.slice(4, 5))))
      cursor = page.next_cursor
    }
    expect(seen).toEqual(expected)
  })

  test('without a filter is in the order of a field too', async () => {
    const all = (await ask<{ data: Contact[] }>('GET', '/contacts?limit=200&sort=-custom.loaves')).data.map(
      ({ custom }) => custom.loaves,
    )
    const numbers = all.filter(one => one !== undefined) as number[]
    expect(numbers).toEqual(numbers.toSorted((a, b) => b - a))
    expect(all.slice(0, numbers.length)).toEqual(numbers)
    expect(all.length).toBeGreaterThan(numbers.length)
  })

  test.each([
    [
      'is any of several things',
      {
        any: [
          { kind: 'field', field: 'loaves', is: 'greater', value: 9 },
          { kind: 'property', name: 'email', is: 'equals', value: 'list3@example.com' },
        ],
      },
      [0, 3],
    ],
    ['is not something', { not: { kind: 'field', field: 'flours', is: 'is', value: 'rye' } }, [2, 3]],
    ['has no value', { kind: 'field', field: 'sourdough', is: 'empty', value: true }, [2, 3]],
    [
      'was before a day',
      {
        all: [
          { kind: 'field', field: 'first_bake', is: 'before', value: '2021-01-01' },
          { kind: 'stage', stage: 'lead' },
        ],
      },
      [0, 2],
    ],
    ['is in a field that is gone', { kind: 'field', field: 'gone', is: 'is', value: 'x' }, []],
  ])('asks by a rule who %s', async (_, rule, expected) => {
    expect(await found(`rule=${encodeURIComponent(JSON.stringify(rule))}`)).toEqual(expected)
    const whole = await emails(`rule=${encodeURIComponent(JSON.stringify(rule))}&sort=name`)
    expect(
      whole
        .filter(email => email?.startsWith('list'))
        .map(email => Number(email!.slice(4, 5)))
        .sort(),
    ).toEqual(expected)
  })

  test('says where a rule is wrong', async () => {
    const wrong = async (rule: string) => (await answer('GET', `/contacts?rule=${encodeURIComponent(rule)}`)).body.error.fields
    expect(await wrong('{')).toEqual({ rule: 'must be JSON' })
    expect(await wrong('{"all":[{"kind":"field","field":"loaves","is":"greater","value":"x"}]}')).toEqual({
      'rule.all.0.value': 'must be a number',
    })
  })

  test('is kept as a segment, which follows what is edited', async () => {
    const rule = { kind: 'field', field: 'city_of_birth', is: 'is', value: 'Vigo' }
    const { id } = await ask<{ id: number }>('POST', '/segments', { name: 'Of Vigo', rule })
    const { id: mover } = await person()
    await ask('PATCH', `/contacts/${mover}`, { custom: { city_of_birth: 'vigo' } })
    await lookAtSome(fresh.database.system, fresh.workspace_id)
    await countSegment(fresh.database.system, fresh.workspace_id, id, { signal: new AbortController().signal })
    expect((await ask<{ data: Contact[] }>('GET', `/contacts?segment_id=${id}`)).data.map(one => one.id)).toEqual([mover])
  })

  test.each([
    ['custom.shoes=1', 'custom.shoes', 'is no field of contacts'],
    ['custom.loaves=many', 'custom.loaves', 'cannot be compared with this'],
    ['custom.story=x', 'custom.story', 'must be one of contains, empty'],
    ['sort=custom.story', 'sort', 'is a field that has no order'],
  ])('does not ask %s', async (query, name, sentence) => {
    const { status, body } = await answer('GET', `/contacts?${query}`)
    expect([status, body.error.fields]).toEqual([400, { [name]: sentence }])
  })
})

describe('a lead', () => {
  test('has its own fields: set, changed, told and found, beside those of its type', async () => {
    await ask('POST', '/custom-fields', { noun: 'lead', key: 'roof', type: 'text', label: 'Roof' })
    await ask('POST', '/custom-fields', { noun: 'lead', key: 'floors', type: 'number', label: 'Floors' })
    const lead = (custom: object) =>
      ask<{ id: number; custom: object }>('POST', '/leads', {
        email: `roofer${++people}@example.com`,
        fields: { roof: 'of its type' },
        custom,
      })
    const [slate, tile] = [await lead({ roof: 'Slate', floors: 2 }), await lead({ roof: 'Tile', floors: '3 floors' })]
    expect(tile.custom).toEqual({ roof: 'Tile', floors: 3 })
    const edited = await ask<{ custom: object }>('PATCH', `/leads/${slate.id}`, { custom: { roof: null, floors: 5 } })
    expect(edited.custom).toEqual({ floors: 5 })
    const [told] = await fresh.database.system`
      select before, after from activities where subject_id = ${String(slate.id)} and action = 'lead.updated'`
    expect(told).toEqual({
      before: { 'custom.roof': 'Slate', 'custom.floors': 2 },
      after: { 'custom.roof': null, 'custom.floors': 5 },
    })
    const found = async (query: string) =>
      (await ask<{ data: { id: number }[] }>('GET', `/leads?${query}`)).data.map(({ id }) => id)
    expect(await found('custom.roof=tile')).toEqual([tile.id])
    expect(await found('custom.floors.greater=2')).toEqual([tile.id, slate.id])
    expect(await found('custom.floors.greater=4&sort=-updated_at')).toEqual([slate.id])
    const bare = await lead({})
    const ordered = async (sort: string, more = '') => {
      const seen: number[] = []
      let cursor: string | null = ''
      while (cursor !== null) {
        const page: { data: { id: number }[]; next_cursor: string | null } = await ask(
          'GET',
          `/leads?limit=1&sort=${sort}${more}${cursor && `&cursor=${cursor}`}`,
        )
        seen.push(...page.data.map(({ id }) => id))
        cursor = page.next_cursor
      }
      return seen
    }
    expect(await ordered('custom.floors')).toEqual([tile.id, slate.id, bare.id])
    expect(await ordered('-custom.floors')).toEqual([slate.id, tile.id, bare.id])
    expect(await ordered('custom.roof')).toEqual([tile.id, bare.id, slate.id])
    expect(await ordered('-custom.floors', '&kind=open&q=roofer&custom.floors.greater=2')).toEqual([slate.id, tile.id])
    expect(await ordered('-custom.floors', '&kind=won')).toEqual([])
    for (const cursor of [['-custom.floors', 0, 'x', 1], ['-custom.floors', 1, '5', 1], ['-custom.floors', 2, '5', 1]]) {
      const { body } = await answer('GET', `/leads?sort=-custom.floors&cursor=${writeCursor(cursor)}`)
      expect(body.error.code).toBe('invalid_cursor')
    } // biome-ignore format: a list of cursors
    expect((await answer('GET', '/leads?sort=custom.walls')).body.error.fields).toEqual({ sort: 'names no field of leads' })
    const wrong = await answer('POST', '/leads', { email: 'x@example.com', custom: { loaves: 1 } })
    expect([wrong.status, wrong.body.error.fields]).toEqual([422, { 'custom.loaves': 'is no field' }])
  })
})

describe('a field', () => {
  test('is renamed, moved and archived, with everything that people have of it', async () => {
    const { id } = await person({ site: 'https://rye.example' })
    const edited = await ask<CustomField>('PATCH', `/custom-fields/${fields.site!.id}`, {
      label: 'Web site',
      position: 1,
      is_archived: true,
    })
    expect(edited).toMatchObject({ key: 'site', label: 'Web site', position: 1, archived_at: expect.any(String) })
    const { data } = await ask<CustomFields>('GET', '/custom-fields?noun=contact')
    expect(data.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(data[0]!.key).toBe('site')
    expect((await answer('PATCH', `/contacts/${id}`, { custom: { site: 'https://oat.example' } })).body.error.fields).toEqual({
      'custom.site': 'is archived',
    })
    expect((await ask<Contact>('GET', `/contacts/${id}`)).custom).toEqual({ site: 'https://rye.example' })
    expect((await answer('DELETE', `/custom-fields/${fields.site!.id}`)).body.error.code).toBe('in_use')
  })

  test('that is required is asked of whoever makes a contact, and stays', async () => {
    const made = { noun: 'contact', key: 'oven', type: 'text', label: 'Oven', is_required: true }
    const { id } = await ask<CustomField>('POST', '/custom-fields', made)
    const refused = await answer('POST', '/contacts', { email: 'cold@example.com' })
    expect([refused.status, refused.body.error.fields]).toEqual([422, { 'custom.oven': 'is required' }])
    const contact = await person({ oven: 'stone' })
    expect((await answer('PATCH', `/contacts/${contact.id}`, { custom: { oven: ' ' } })).body.error.fields).toEqual({
      'custom.oven': 'is required',
    })
    await ask('PATCH', `/custom-fields/${id}`, { is_required: false })
    await ask('PATCH', `/contacts/${contact.id}`, { custom: { oven: null } })
    expect((await answer('DELETE', `/custom-fields/${id}`)).status).toBe(204)
  })

  test.each([
    ['of a key that is taken', { noun: 'contact', key: 'loaves', type: 'text', label: 'Loaves' }, 409],
    ['of a select without options', { noun: 'lead', key: 'oven', type: 'select', label: 'Oven' }, 422],
    ['with a key of two words', { noun: 'lead', key: 'two words', type: 'text', label: 'Oven' }, 422],
    ['of a type that there is none', { noun: 'lead', key: 'oven', type: 'loaf', label: 'Oven' }, 422],
  ])('%s is refused', async (_, payload, status) => {
    expect((await answer('POST', '/custom-fields', payload)).status).toBe(status)
  })
})
