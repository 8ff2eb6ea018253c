import { beforeAll, describe, expect, test } from 'vitest'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { basic, batch, bearer, bob, identify, jane, john, mei, sally, sarah, traitsOf } from '../../test/people.ts'
import { signedIn } from '../../test/session.ts'

let fresh: FreshApp
beforeAll(async () => {
  fresh = await freshApp()
})

type Contact = { id: number; name: string; email: string; updated_at: string; properties: Record<string, unknown> }
type List = { data: Contact[]; next_cursor: string | null }

const ask = (method: 'GET' | 'POST' | 'PATCH', url: string, payload?: object, key = fresh.secret_key) =>
  fresh.app.inject({ method, url: `/api/v1${url}`, headers: bearer(key), ...(payload ? { payload } : {}) })
const make = async (payload: object) => (await ask('POST', '/contacts', payload)).json<Contact>()
const list = async (query: string, key?: string) => (await ask('GET', `/contacts?${query}`, undefined, key)).json<List>()
const send = (...messages: object[]) =>
  fresh.app.inject({ method: 'POST', url: '/v1/batch', headers: basic(fresh.write_key), payload: batch(...messages) })

describe('making a contact', () => {
  test('writes the e-mail and the phone in the one form that is compared', async () => {
    const response = await ask('POST', '/contacts', {
      email: '  Sally@EXAMPLE.com ',
      phone: '(202) 555-0101',
      first_name: ' Sally ',
      last_name: 'Susa',
      age: 34,
      address: { city: 'Berlin' },
      properties: { plan: 'pro' },
    })
    expect(response.statusCode).toBe(201)
    expect(response.json()).toMatchObject({
      email: 'sally@example.com',
      phone: '+12025550101',
      name: 'Sally Susa',
      age: 34,
      address: { city: 'Berlin' },
      properties: { plan: 'pro' },
      stage: 'lead',
      segment: null,
      is_member: false,
    })
    expect(response.json<Contact>().id).toBeGreaterThanOrEqual(100_000)
    expect(response.json<Contact>().id).toBeLessThan(1_000_000)
  })

  test('needs an e-mail or a phone that could be one', async () => {
    expect((await ask('POST', '/contacts', { first_name: 'Nobody' })).json().error.fields).toHaveProperty('email')
    const wrong = await ask('POST', '/contacts', { email: 'sally(at)example.com', phone: '12' })
    expect(wrong.statusCode).toBe(422)
    expect(Object.keys(wrong.json().error.fields)).toEqual(['email', 'phone'])
  })

  test('names the contact that has the e-mail or the phone already', async () => {
    const { id } = await make({ email: john.email, phone: john.phone })
    for (const taken of [{ email: john.email.toUpperCase() }, { email: 'other@example.com', phone: john.phone }]) {
      const response = await ask('POST', '/contacts', taken)
      expect(response.statusCode).toBe(409)
      expect(response.json().error).toMatchObject({ code: 'already_exists', fields: { contact_id: String(id) } })
    }
    expect((await list('email=other@example.com')).data).toEqual([])
  })

  test('lets several contacts show a mailbox that many people read', async () => {
    const [one, two] = [await make({ email: 'info@example.com' }), await make({ email: 'info@example.com' })]
    expect(one.id).not.toBe(two.id)
    expect((await list('email=info@example.com')).data).toHaveLength(2)
  })

  test('does not give it to somebody who does not work here', async () => {
    const stranger = await signedIn(fresh, 'owner', (await fresh.another()).workspace_id)
    const response = await ask('POST', '/contacts', { email: 'owned@example.com', owner_id: stranger.user_id })
    expect(response.json().error.fields).toEqual({ owner_id: 'must be a user of this workspace' })
  })

  test('is one contact when two ask for the same e-mail at once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask('POST', '/contacts', { email: 'race@example.com' })))
    expect(answers.map(answer => answer.statusCode).sort()).toEqual([201, ...Array.from({ length: 7 }, () => 409)])
  })
})

describe('changing a contact', () => {
  test('changes what is given, keeps the rest, takes away what is null', async () => {
    const { id } = await make({
      email: jane.email,
      first_name: 'Jane',
      last_name: 'Roe',
      properties: { plan: 'pro', city: 'Rome' },
    })
    const changed = await ask('PATCH', `/contacts/${id}`, { last_name: 'Doe', properties: { plan: null, seats: 3 } })
    expect(changed.json()).toMatchObject({ name: 'Jane Doe', email: jane.email, properties: { city: 'Rome', seats: 3 } })
    expect(changed.json().properties).not.toHaveProperty('plan')
    const cleared = await ask('PATCH', `/contacts/${id}`, { first_name: null, last_name: '' })
    expect(cleared.json()).toMatchObject({ name: null, first_name: null, last_name: null })
  })

  test('what a person wrote is newer than what an event said before, and older than what one says after', async () => {
    await send(
      identify({
        anonymousId: bob.laptop,
        userId: bob.user_id,
        traits: traitsOf(bob),
        timestamp: new Date(Date.now() - 60_000).toISOString(),
      }),
    )
    const { id } = (await list(`email=${bob.email}`)).data[0]!
    expect((await ask('PATCH', `/contacts/${id}`, { first_name: 'Robert' })).json().name).toBe('Robert Baker')
    const later = new Date(Date.now() + 1000).toISOString()
    await send(identify({ userId: bob.user_id, traits: { firstName: 'Rob' }, timestamp: later }))
    expect((await ask('GET', `/contacts/${id}`)).json().name).toMatch(/^Rob(ert)? Baker$/)
  })

  test('moves the key with the e-mail: the new one finds the contact, the old one is free', async () => {
    const { id } = await make({ email: 'old@example.com' })
    await ask('PATCH', `/contacts/${id}`, { email: 'new@example.com' })
    expect((await list('email=new@example.com')).data.map(contact => contact.id)).toEqual([id])
    expect((await list('email=old@example.com')).data).toEqual([])
    expect((await ask('POST', '/contacts', { email: 'old@example.com' })).statusCode).toBe(201)
    const taken = await ask('PATCH', `/contacts/${id}`, { email: 'old@example.com' })
    expect(taken.json().error.code).toBe('already_exists')
  })

  test('keeps at least an e-mail or a phone', async () => {
    const { id } = await make({ email: 'only@example.com' })
    expect((await ask('PATCH', `/contacts/${id}`, { email: null })).statusCode).toBe(422)
    expect((await ask('PATCH', `/contacts/${id}`, { email: null, phone: '+12025550188' })).statusCode).toBe(200)
  })

  test('of two who edit what they both saw, the second is told and nothing is lost', async () => {
    const { id, updated_at } = await make({ email: 'both@example.com' })
    const edits = ['One', 'Two'].map(first_name => ask('PATCH', `/contacts/${id}`, { first_name, if_updated_at: updated_at }))
    const answers = await Promise.all(edits)
    expect(answers.map(answer => answer.statusCode).sort()).toEqual([200, 409])
    const winner = answers.find(answer => answer.statusCode === 200)!.json<Contact>()
    expect((await ask('GET', `/contacts/${id}`)).json().name).toBe(winner.name)
    expect((await ask('PATCH', `/contacts/${id}`, { first_name: 'Three', if_updated_at: winner.updated_at })).statusCode).toBe(
      200,
    )
  })

  test('is an activity with what was before and what is after, and none when nothing changed', async () => {
    const { id } = await make({ email: 'traced@example.com', first_name: 'Ann' })
    await ask('PATCH', `/contacts/${id}`, { first_name: 'Anna', properties: { plan: 'pro' } })
    await ask('PATCH', `/contacts/${id}`, { first_name: 'Anna', email: 'TRACED@example.com' })
    const { data } = (await ask('GET', `/activities?contact_id=${id}`)).json()
    expect(data).toMatchObject([
      {
        action: 'contact.updated',
        actor: { kind: 'key' },
        before: { first_name: 'Ann', 'properties.plan': null },
        after: { first_name: 'Anna', 'properties.plan': 'pro' },
      },
      { action: 'contact.created' },
    ])
  })

  test('refuses properties that hide a field', async () => {
    const { id } = await make({ email: 'hide@example.com' })
    const response = await ask('PATCH', `/contacts/${id}`, { properties: { email: 'x@example.com' } })
    expect(response.json().error.fields).toEqual({ 'properties.email': 'is a field of its own' })
  })
})

describe('finding contacts', () => {
  let other: { workspace_id: number; secret_key: string; write_key: string }
  const people = [
    sally,
    sarah,
    mei,
    { ...sally, first_name: 'Zoë', last_name: '100%_Zest', email: 'zoe@example.org', phone: '+4930901820' },
  ]

  beforeAll(async () => {
    other = await fresh.another()
    for (const { first_name, last_name, email, phone } of people)
      await ask('POST', '/contacts', { first_name, last_name, email, phone }, other.secret_key)
  })

  test.each([
    ['sal', ['Sally Susa']],
    ['SUSA sally', ['Sally Susa']],
    ['sal john', []],
    ['example.com sa', ['Sally Susa', 'Sarah Johnson']],
    ['陳', ['美 陳']],
    ['zoë', ['Zoë 100%_Zest']],
    ['0%_z', ['Zoë 100%_Zest']],
    ['10', ['Zoë 100%_Zest']],
    ['%', []],
    ['202-555 0102', ['Sarah Johnson']],
    ['+1 (202) 555', ['Sally Susa', 'Sarah Johnson']],
    ["'; drop table contacts; --", []],
  ])('by the words %s', async (q, names) => {
    const { data } = await list(`sort=name&q=${encodeURIComponent(q)}`, other.secret_key)
    expect(data.map(contact => contact.name)).toEqual(names)
  })

  test('by e-mail and phone exactly, even with a plus that came as a space', async () => {
    expect((await list('email=SALLY@example.com', other.secret_key)).data).toHaveLength(1)
    expect((await list('email=sally@example', other.secret_key)).data).toEqual([])
    for (const phone of ['%2B12025550101', '+12025550101', '(202)%20555-0101'])
      expect((await list(`phone=${phone}`, other.secret_key)).data, phone).toHaveLength(1)
  })

  test.each(['name', '-name', 'email', 'created_at', '-created_at', 'last_visit', '-last_visit'])(
    'sorted by %s, page after page, each exactly once, those without a value last',
    async sort => {
      const pages = async (limit: number) => {
        const found: Contact[] = []
        for (let cursor: string | null = ''; cursor !== null; ) {
          const page: List = await list(`sort=${sort}&limit=${limit}${cursor && `&cursor=${cursor}`}`)
          found.push(...page.data)
          cursor = page.next_cursor
        }
        return found
      }
      const all = await pages(200)
      const paged = await pages(3)
      expect(paged.map(contact => contact.id)).toEqual(all.map(contact => contact.id))
      expect(new Set(paged.map(contact => contact.id)).size).toBe(paged.length)
      const column = sort.replace('-', '') as 'name'
      const values = all.map(contact => contact[column])
      expect(
        values.slice(values.indexOf(null as unknown as string)).every(value => value === null) || !values.includes(null as never),
      ).toBe(true)
    },
  )

  test('a cursor is for the sort that gave it out', async () => {
    const { next_cursor } = await list('sort=name&limit=1')
    const response = await ask('GET', `/contacts?sort=email&limit=1&cursor=${next_cursor}`)
    expect([response.statusCode, response.json().error.code]).toEqual([400, 'invalid_cursor'])
  })

  test('filters by what is known about them', async () => {
    const names = async (query: string) => (await list(query)).data.map(contact => contact.name)
    expect(await names('is_member=true')).toEqual([expect.stringMatching(/^Rob/)])
    expect(await names(`user_id=${bob.user_id}`)).toEqual([expect.stringMatching(/^Rob/)])
    expect(await names('stage=converted')).toEqual([])
  })
})

describe('who is archived', () => {
  const emails = async (query: string) => (await list(query)).data.map(({ email }) => email)
  const archive = (id: number) => ask('POST', `/contacts/${id}/archive`)
  const isArchived = async (id: number) => (await ask('GET', `/contacts/${id}`)).json().archived_at !== null
  const done = async (id: number) => {
    const { data } = (await ask('GET', `/activities?contact_id=${id}`)).json<{ data: { action: string }[] }>()
    return data.map(({ action }) => action).filter(action => /archived|restored/.test(action))
  }
  const known = async (name: string) => {
    await send(identify({ anonymousId: name, traits: { email: `${name}@archive.example` } }))
    return (await list(`email=${name}@archive.example`)).data[0]!.id
  }
  const lead = async (contact_id: number) =>
    (await ask('POST', '/leads', { contact_id, lead_type: 'general' })).json<{ id: number }>().id
  const lose = (id: number) => ask('POST', `/leads/${id}/status`, { status: 'lost', lost_reason: 'far away' })

  test('is in no list, search or to-do, is read as before, and comes back by hand', async () => {
    const id = await known('shelved')
    const task = (await ask('POST', '/tasks', { kind: 'todo', title: 'Call back', contact_id: id })).json()
    const tasks = async (query = '') =>
      (await ask('GET', `/tasks?limit=200${query}`)).json<{ data: { id: number }[] }>().data.some(one => one.id === task.id)
    const before = (await ask('GET', `/contacts/${id}`)).json()

    const gone = await archive(id)
    expect(gone.json()).toEqual({ ...before, archived_at: expect.any(String) })
    expect((await archive(id)).json()).toEqual(gone.json()) // and is told once
    expect([await emails('q=shelved'), await emails('email=shelved@archive.example'), await tasks()]).toEqual([[], [], false])
    expect((await emails('limit=200')).includes(before.email)).toBe(false)
    expect([await emails('archived=true&q=shelved'), await emails('archived=true&email=shelved@archive.example')]).toEqual([
      [before.email],
      [before.email],
    ])
    expect(await tasks(`&contact_id=${id}`)).toBe(true)
    const taken = await ask('POST', '/contacts', { email: before.email })
    expect(taken.json().error.fields).toMatchObject({ contact_id: String(id) })

    const back = await ask('POST', `/contacts/${id}/restore`)
    expect(back.json()).toEqual({ ...before, updated_at: expect.any(String) })
    expect([await emails('q=shelved'), await emails('archived=true'), await tasks()]).toEqual([[before.email], [], true])
    expect(await done(id)).toEqual(['contact.restored', 'contact.archived'])
  })

  test('comes back by an event of now, a sale, a lead, one that is opened again and an appointment; not by what is heard of late', async () => {
    const [visits, buys, asks, reopened, meets] = await Promise.all(
      ['visits', 'buys', 'asks', 'reopened', 'meets'].map(known) as [Promise<number>, ...Promise<number>[]],
    ) as [number, number, number, number, number] // biome-ignore format: a list
    const lost = await lead(reopened)
    await lose(lost)
    const all = [visits, buys, asks, reopened, meets]
    for (const id of all) await archive(id)
    await send(identify({ anonymousId: 'visits', timestamp: new Date(Date.now() - 9e7).toISOString(), traits: { plan: 'old' } }))
    expect(await Promise.all(all.map(isArchived))).toEqual([true, true, true, true, true])

    await send(identify({ anonymousId: 'another device of theirs', traits: { email: 'visits@archive.example' } }))
    await ask('POST', '/conversions', { contact_id: buys, type: 'sale', value: 5 })
    await lead(asks)
    await ask('POST', `/leads/${lost}/status`, { status: 'new' })
    await ask('POST', '/appointments', { contact_id: meets, scheduled_at: new Date(Date.now() + 9e7).toISOString() })
    expect(await Promise.all(all.map(isArchived))).toEqual([false, false, false, false, false])
    for (const id of all) expect(await done(id)).toEqual(['contact.restored', 'contact.archived'])
    expect((await archive(asks)).json().error).toMatchObject({ code: 'in_use', message: expect.stringContaining('open lead') })
    expect((await archive(meets)).json().error).toMatchObject({ message: expect.stringContaining('appointment') })
  })

  test('is one with somebody who is not: then neither is archived, and after an undo the one who was merged in is again', async () => {
    const [kept, shelved] = [await known('kept'), await known('put-away')]
    await archive(shelved)
    const merge = async (winner: number, other_id: number) =>
      (await ask('POST', `/contacts/${winner}/merge`, { other_id })).json<{ id: number }>().id
    const first = await merge(kept, shelved)
    expect([await emails('archived=true'), await isArchived(kept)]).toEqual([[], false])
    expect((await archive(shelved)).json().error.code).toBe('already_merged')
    await ask('POST', `/contacts/merges/${first}/undo`)
    expect([await isArchived(kept), await isArchived(shelved)]).toEqual([false, true])
    await ask('POST', `/contacts/merges/${await merge(shelved, kept)}/undo`)
    expect([await isArchived(kept), await isArchived(shelved)]).toEqual([false, false])
  })

  test('stays so when two of them are one, whenever the other one last came', async () => {
    const first = await known('archived-first')
    await archive(first)
    const later = await known('came-later')
    await archive(later)
    await ask('POST', `/contacts/${first}/merge`, { other_id: later })
    expect(await isArchived(first)).toBe(true)
    await send(identify({ anonymousId: 'came-later', traits: { plan: 'pro' } }))
    expect(await isArchived(first)).toBe(false)
  })
})
