import { beforeAll, describe, expect, test } from 'vitest'
import type { Review } from '../../shared/identity.ts'
import type { LeadShown } from '../../shared/leads.ts'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { basic, batch, bob, jane, john, mei, page, sally, sarah } from '../../test/people.ts'
import { allOf, type Desk, deskOf } from './desk.fixture.ts'

let fresh: FreshApp
let desk: Desk
beforeAll(async () => {
  fresh = await freshApp()
  desk = deskOf(fresh)
})

const solar = { lead_type: 'solar', source: 'google', product: 'panels', state: 'CA', zip_code: '94110' }

describe('making a lead', () => {
  describe('with the distinct_id of the tracker', () => {
    const visit = async (anonymousId: string) => {
      const payload = batch(page('Offer', { anonymousId }))
      const { statusCode } = await fresh.app.inject({
        method: 'POST',
        url: '/v1/batch',
        headers: basic(fresh.write_key),
        payload,
      })
      expect(statusCode).toBe(200)
    }
    const devices = async (contact_id: number) => {
      const { data } = await desk.ask<{ data: { name: string; distinct_id: string | null }[] }>(
        'GET',
        `/contacts/${contact_id}/timeline`,
      )
      return data.flatMap(({ name, distinct_id }) => (distinct_id === null ? [] : [`${name} ${distinct_id}`]))
    }

    test('joins the history of that visitor, before and after', async () => {
      await visit('desk-device')
      const lead = await desk.make({ distinct_id: ' desk-device ' })
      expect(lead).toMatchObject({ distinct_id: 'desk-device' })
      expect(await devices(lead.contact_id)).toEqual(['page_viewed desk-device'])
      await visit('desk-device')
      expect(await devices(lead.contact_id)).toHaveLength(2)
    })

    test('of a visitor whom nobody has seen yet, or of a contact that is named, joins as well', async () => {
      const { contact_id } = await desk.make()
      await desk.make({ email: undefined, contact_id, distinct_id: 'desk-device-to-come' })
      await visit('desk-device-to-come')
      expect(await devices(contact_id)).toEqual(['page_viewed desk-device-to-come'])
    })

    test('of somebody else makes the lead, takes nobody over and suggests', async () => {
      const one = await desk.make({ distinct_id: 'desk-shared' })
      const two = await desk.make({ distinct_id: 'desk-shared' })
      await visit('desk-shared')
      expect(two.contact_id).not.toBe(one.contact_id)
      expect(await devices(one.contact_id)).toHaveLength(1)
      expect(await devices(two.contact_id)).toEqual([])
      const { data } = await desk.ask<{ data: Review[] }>('GET', '/identity/reviews')
      const pairs = data.flatMap(({ kind, contact, other_contact }) =>
        kind === 'suggestion' ? [[contact!.id, other_contact!.id].sort()] : [],
      )
      expect(pairs).toEqual([[one.contact_id, two.contact_id].sort()])
    })
  })

  test('finds the contact by e-mail or phone, and makes one only for somebody new', async () => {
    const one = await desk.make({ email: sally.email, phone: sally.phone, first_name: 'Sally', last_name: 'Susa', ...solar })
    const two = await desk.make({ email: ' SALLY@example.com', lead_type: 'hvac', source: 'meta' })
    const three = await desk.make({ email: john.email })
    expect(one.id).toBeGreaterThanOrEqual(1_000_000_000)
    expect(one.id).toBeLessThan(10_000_000_000)
    expect(two.contact_id).toBe(one.contact_id)
    expect(three.contact_id).not.toBe(one.contact_id)
    expect(two.contact).toEqual({ id: one.contact_id, name: 'Sally Susa', email: sally.email, phone: sally.phone })
    expect(one).toMatchObject({
      ...solar,
      status: 'new',
      status_name: 'New',
      kind: 'open',
      priority: 3,
      assigned_to: null,
      contact_attempts: 0,
      score: 0,
      is_test: false,
      conversion_count: 0,
      conversion_value: 0,
      closed_at: null,
      problems: {},
    })
  })

  test('takes a contact by its id, and the one that is left of a merged one', async () => {
    const [one, two] = [await desk.make({ email: jane.email }), await desk.make({ email: 'jane.roe@example.com' })]
    await desk.ask('POST', `/contacts/${one.contact_id}/merge`, { other_id: two.contact_id })
    const lead = await desk.make({ email: undefined, contact_id: two.contact_id })
    expect(lead.contact_id).toBe(one.contact_id)
    // The lead that the other one had is shown with whose it is now, and where the contact is asked for its leads.
    const moved = await desk.ask<LeadShown>('GET', `/leads/${two.id}`)
    expect(moved.contact).toMatchObject({ id: one.contact_id, email: jane.email })
    const { data } = await desk.ask<{ data: LeadShown[] }>('GET', `/contacts/${one.contact_id}/leads`)
    expect(data.map(each => each.id)).toEqual([lead.id, two.id, one.id])
  })

  test('needs somebody who can be reached', async () => {
    const nobody = { email: undefined, first_name: 'Nobody' }
    expect(await desk.answer('POST', '/leads', nobody)).toMatchObject({
      status: 422,
      code: 'invalid_fields',
      fields: { email: expect.any(String) },
    })
    const wrong = { email: 'sally(at)example.com', phone: '12' }
    expect(await desk.answer('POST', '/leads', wrong)).toMatchObject({
      status: 422,
      code: 'invalid_fields',
      fields: { email: expect.any(String), phone: expect.any(String) },
    })
    expect(await desk.answer('POST', '/leads', { contact_id: 999_999 })).toMatchObject({
      status: 422,
      code: 'invalid_fields',
      fields: { contact_id: expect.any(String) },
    })
    expect(await desk.answer('POST', '/leads', { email: bob.email, assigned_to: 99_999 })).toMatchObject({
      status: 422,
      code: 'invalid_fields',
      fields: { assigned_to: 'must be a user of this workspace' },
    })
    expect(await desk.list(`q=${bob.email}`)).toEqual([])
  })

  test('begins in an open stage of a pipeline that exists', async () => {
    expect((await desk.make({ status: 'contacted' })).status).toBe('contacted')
    for (const wrong of [{ status: 'won' }, { status: 'nowhere' }, { pipeline_id: 99_999 }])
      expect((await desk.answer('POST', '/leads', { email: mei.email, ...wrong })).status).toBe(422)
  })

  test('reads the fields of its type softly: what is wrong is kept as it came, and said', async () => {
    const { id } = await desk.make({
      lead_type: 'solar',
      fields: {
        homeowner: 'Yes',
        roof_age: '12 years',
        average_bill: '$1,250.50',
        roof_shade: 'a_little',
        system_size: 'large',
        credit_score: 'dunno',
        favourite_colour: 'blue',
        account: '1234567890123456789',
      },
    })
    const lead = await desk.ask<LeadShown>('GET', `/leads/${id}`)
    expect(lead.fields).toEqual({
      homeowner: true,
      roof_age: 12,
      average_bill: 1250.5,
      roof_shade: 'A little',
      system_size: 'large',
      credit_score: 'dunno',
      favourite_colour: 'blue',
      account: '1234567890123456789',
    })
    expect(Object.keys(lead.problems)).toEqual(['system_size', 'credit_score'])
  })

  test('is done once for one Idempotency-Key', async () => {
    const post = () =>
      fresh.app.inject({
        method: 'POST',
        url: '/api/v1/leads',
        headers: { authorization: `Bearer ${fresh.secret_key}`, 'idempotency-key': 'lead-1' },
        payload: { email: 'once@example.com' },
      })
    const [first, second] = [await post(), await post()]
    expect([first.statusCode, second.statusCode, second.headers['idempotency-replayed']]).toEqual([201, 201, 'true'])
    expect(second.json().id).toBe(first.json().id)
    expect(await desk.list('q=once@example.com')).toHaveLength(1)
  })

  test('writes what happened in the same transaction', async () => {
    const lead = await desk.make({ ...solar, revenue_potential: 1000 })
    const { data } = await desk.ask<{ data: { action: string; after: object; contact_id: number }[] }>(
      'GET',
      `/leads/${lead.id}/events`,
    )
    expect(data).toMatchObject([
      {
        action: 'lead.created',
        contact_id: lead.contact_id,
        after: { id: lead.id, lead_type: 'solar', source: 'google', status: 'new', assigned_to: null, is_test: false },
      },
    ])
  })
})

describe('changing a lead', () => {
  test('changes what is given, takes away what is null, and says before and after', async () => {
    const lead = await desk.make({ ...solar, revenue_potential: 12_000, fields: { roof_age: 3, note: 'x' } })
    const edit = {
      source: 'bing',
      product: null,
      priority: 1,
      revenue_potential: 12_500.5,
      fields: { roof_age: '4', note: null },
    }
    const changed = await desk.ask<LeadShown>('PATCH', `/leads/${lead.id}`, edit)
    expect(changed).toMatchObject({ source: 'bing', product: null, priority: 1, revenue_potential: 12_500.5, state: 'CA' })
    expect(changed.fields).toEqual({ roof_age: 4 })
    const { data } = await desk.ask<{ data: object[] }>('GET', `/leads/${lead.id}/events`)
    expect(data[0]).toMatchObject({
      action: 'lead.updated',
      before: {
        source: 'google',
        product: 'panels',
        priority: 3,
        revenue_potential: 12_000,
        'fields.roof_age': 3,
        'fields.note': 'x',
      },
      after: {
        source: 'bing',
        product: null,
        priority: 1,
        revenue_potential: 12_500.5,
        'fields.roof_age': 4,
        'fields.note': null,
      },
    })
  })

  test('is nothing when nothing is different', async () => {
    const lead = await desk.make({
      ...solar,
      follow_up_at: '2026-03-01T10:00:00Z',
      revenue_potential: 10.1,
      fields: { roof_age: 3 },
    })
    const same = {
      source: 'google',
      follow_up_at: '2026-03-01T11:00:00+01:00',
      revenue_potential: 10.1,
      fields: { roof_age: '3' },
    }
    const after = await desk.ask<LeadShown>('PATCH', `/leads/${lead.id}`, same)
    expect(after.updated_at).toBe(lead.updated_at)
    expect((await desk.ask<{ data: object[] }>('GET', `/leads/${lead.id}/events`)).data).toHaveLength(1)
  })

  test('of two people who saw the same lead, the second is told', async () => {
    const { id, updated_at } = await desk.make(solar)
    const edit = (source: string) => desk.answer('PATCH', `/leads/${id}`, { source, if_updated_at: updated_at })
    const answers = await Promise.all([edit('one'), edit('two')])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  })

  test('gives it to somebody and says so', async () => {
    const lead = await desk.make(solar)
    const anna = await desk.hire('agent')
    const given = await desk.ask<LeadShown>('PATCH', `/leads/${lead.id}`, { assigned_to: anna.user_id })
    expect(given).toMatchObject({ assigned_to: anna.user_id, assigned_at: expect.any(String) })
    const { data } = await desk.ask<{ data: object[] }>('GET', `/leads/${lead.id}/events`)
    expect(data[0]).toMatchObject({
      action: 'lead.assigned',
      before: { assigned_to: null },
      after: { assigned_to: anna.user_id, reason: 'by_hand' },
    })
    expect(await desk.ask<LeadShown>('PATCH', `/leads/${lead.id}`, { assigned_to: null })).toMatchObject({
      assigned_to: null,
      assigned_at: null,
    })
  })

  test('a selection is changed as a whole or not at all', async () => {
    const anna = await desk.hire('agent')
    const leads = [await desk.make(solar), await desk.make(solar), await desk.make(solar)]
    const ids = leads.map(lead => lead.id)
    const change = { ids, assigned_to: anna.user_id, status: 'contacted', priority: 2 }
    expect(await desk.ask('POST', '/leads/selection', change)).toEqual({ leads: 3 })
    expect(await desk.ask('POST', '/leads/selection', change)).toEqual({ leads: 0 })
    for (const id of ids)
      expect(await desk.ask('GET', `/leads/${id}`)).toMatchObject({ assigned_to: anna.user_id, status: 'contacted', priority: 2 })
    expect(await desk.answer('POST', '/leads/selection', { ids: [...ids, 1_234_567_890], priority: 5 })).toMatchObject({
      status: 404,
      code: 'not_found',
    })
    expect((await desk.ask<LeadShown>('GET', `/leads/${ids[0]}`)).priority).toBe(2)
  })
})

describe('the list', () => {
  let office: Desk
  const ids: Record<string, number> = {}
  beforeAll(async () => {
    const tenant = await fresh.another('Office')
    office = deskOf(fresh, tenant)
    const anna = await office.hire('agent')
    const make = async (name: string, given: object) => {
      ids[name] = (await office.make(given)).id
    }
    await make('sally', {
      email: sally.email,
      phone: sally.phone,
      first_name: 'Sally',
      last_name: 'Susa',
      ...solar,
      priority: 1,
      score: 5,
    })
    await make('sarah', {
      email: sarah.email,
      first_name: 'Sarah',
      campaign: 'Spring',
      priority: 2,
      follow_up_at: '2020-01-01T00:00:00Z',
    })
    await make('john', {
      email: john.email,
      first_name: 'John',
      campaign_id: '77',
      lead_type: 'hvac',
      priority: 2,
      assigned_to: anna.user_id,
    })
    await make('jane', {
      email: jane.email,
      first_name: 'Jane',
      source: 'meta',
      follow_up_at: '2099-01-01T00:00:00Z',
      score: 9,
      is_test: true,
    })
    await make('mei', { email: mei.email, first_name: mei.first_name, state: 'NY', product: 'boiler', priority: 1 })
    await office.ask('POST', `/leads/${ids.mei}/status`, { status: 'lost' })
  })

  const names = async (query: string) =>
    (await office.list(query)).map(lead => Object.keys(ids).find(name => ids[name] === lead.id))

  test.each([
    ['-created_at', ['mei', 'jane', 'john', 'sarah', 'sally']],
    ['-updated_at', ['mei', 'jane', 'john', 'sarah', 'sally']],
    ['priority', ['sally', 'mei', 'sarah', 'john', 'jane']],
    ['-score', ['jane', 'sally']],
    ['follow_up_at', ['sarah', 'jane']],
  ])('is sorted by %s, page for page as at once', async (sort, first) => {
    const found = await names(`sort=${sort}`)
    expect(found.slice(0, first.length)).toEqual(first)
    expect(found).toHaveLength(5)
    const paged = await allOf(office, `/leads?sort=${sort}&`, 2)
    expect(paged.map(lead => lead.id)).toEqual((await office.list(`sort=${sort}`)).map(lead => lead.id))
  })

  test.each([
    ['status=lost', ['mei']],
    ['kind=open', ['jane', 'john', 'sarah', 'sally']],
    ['lead_type=hvac', ['john']],
    ['source=google', ['sally']],
    ['campaign=Spring', ['sarah']],
    ['campaign=77', ['john']],
    ['product=boiler', ['mei']],
    ['state=CA&source=google', ['sally']],
    ['state=CA&source=meta', []],
    ['priority=2', ['john', 'sarah']],
    ['assigned_to=0&kind=open', ['jane', 'sarah', 'sally']],
    ['follow_up=due', ['sarah']],
    ['is_test=true', ['jane']],
    ['is_test=false&priority=1', ['mei', 'sally']],
    ['since=2020-01-01T00:00:00Z&until=2021-01-01T00:00:00Z', []],
    ['since=2020-01-01T00:00:00Z&status=lost', ['mei']],
    ['q=sal', ['sally']],
    ['q=sus', ['sally']],
    ['q=example.com sarah', ['sarah']],
    ['q=2025550101', ['sally']],
    ['q=nobody', []],
    ['q=s&kind=lost', []],
    ['q=example&kind=lost', ['mei']],
  ])('is filtered by %s', async (query, expected) => {
    for (const sort of ['-created_at', '-updated_at', 'priority', '-score', 'follow_up_at'])
      expect(new Set(await names(`${query}&sort=${sort}`))).toEqual(new Set(expected))
    expect(await names(query)).toEqual(expected)
    const paged = await allOf(office, `/leads?${query}&`, 1)
    expect(paged).toHaveLength(expected.length)
  })

  test('finds a lead by its id, and those of somebody who was merged by both names', async () => {
    expect(await names(`q=${ids.john}`)).toEqual(['john'])
    const [one, two] = [await office.make({ email: 'first@example.org' }), await office.make({ email: 'second@example.org' })]
    await office.ask('POST', `/contacts/${one.contact_id}/merge`, { other_id: two.contact_id })
    for (const name of ['first', 'second'])
      expect((await office.list(`q=${name}@example.org`)).map(lead => lead.id)).toContain(two.id)
    expect((await office.list(`contact_id=${one.contact_id}`)).map(lead => lead.id)).toEqual([two.id, one.id])
  })

  test('refuses a cursor of another sort', async () => {
    const { next_cursor } = await office.ask<{ next_cursor: string }>('GET', '/leads?limit=1&sort=priority')
    expect(await office.answer('GET', `/leads?limit=1&cursor=${next_cursor}`)).toMatchObject({
      status: 400,
      code: 'invalid_cursor',
    })
  })
})

test('a test lead is kept, shown, and counts nowhere', async () => {
  const lab = deskOf(fresh, await fresh.another('Lab'))
  const lead = await lab.make({ is_test: true, revenue_potential: 500, source: 'trial' })
  const counted = () => fresh.database.system`
    select coalesce(sum(leads), 0)::int as leads from lead_days where workspace_id = ${lab.workspace_id} and dimension = 'source'`
  expect((await lab.list()).map(each => [each.id, each.is_test])).toEqual([[lead.id, true]])
  expect(await lab.column('new')).toMatchObject({ leads: 0, revenue_potential: 0, data: [] })
  expect(await counted()).toMatchObject([{ leads: 0 }])
  await lab.ask('PATCH', `/leads/${lead.id}`, { is_test: false })
  expect(await lab.column('new')).toMatchObject({ leads: 1, revenue_potential: 500, data: [{ id: lead.id }] })
  expect(await counted()).toMatchObject([{ leads: 1 }])
  await lab.ask('POST', `/leads/${lead.id}/status`, { status: 'won', conversion: { value: 10 } })
  expect(await lab.answer('PATCH', `/leads/${lead.id}`, { is_test: true })).toMatchObject({ status: 409, code: 'in_use' })
})
