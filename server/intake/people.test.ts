import { beforeAll, describe, expect, test } from 'vitest'
import type { IntakeWebhook } from '../../shared/intake.ts'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { basic, batch, identify, page } from '../../test/people.ts'
import { type Answered, deskOf, somebody } from './desk.fixture.ts'

let fresh: FreshApp
let desk: ReturnType<typeof deskOf>
let to: IntakeWebhook
beforeAll(async () => {
  fresh = await freshApp()
  desk = deskOf(fresh)
  to = await desk.make()
})

const lead = async (payload: object, at = to) => (await desk.send(at, payload)).json<Answered>()
const suggestions = async (...ids: number[]) => {
  const rows = await fresh.database.system<{ reason: string }[]>`
    select reason
      from merge_suggestions
     where workspace_id = ${desk.workspace_id} and contact_id = ${Math.min(...ids)} and other_contact_id = ${Math.max(...ids)}`
  return rows.map(row => row.reason)
}

describe('one person is one contact with many leads', () => {
  test('found by the e-mail, or by the phone, however it is written', async () => {
    const { email, phone, first_name } = somebody()
    const first = await lead({ email, phone, first_name })
    const again = await lead({ Email: ` ${email.toUpperCase()} `, first_name })
    const by_phone = await lead({ mobile: phone.replace(/^\+1(\d{3})(\d{3})/, '($1) $2-'), first_name })
    expect([again, by_phone].map(one => [one.contact_id, one.contact_status])).toEqual(
      Array(2).fill([first.contact_id, 'existing']),
    )
    expect(new Set([first, again, by_phone].map(one => one.lead_id)).size).toBe(3)
  })

  test('what a lead adds finds them from then on', async () => {
    const { email, phone, first_name } = somebody()
    const { contact_id } = await lead({ email, first_name })
    expect((await lead({ email, phone, first_name })).contact_id).toBe(contact_id)
    expect((await lead({ phone, first_name })).contact_id).toBe(contact_id)
    expect(await desk.contact(contact_id)).toMatchObject({ email, phone })
    const second = somebody()
    expect((await lead({ phone, first_name, email: second.email })).contact_id).toBe(contact_id)
    expect((await lead({ email: second.email })).contact_id).toBe(contact_id)
    expect(await desk.contact(contact_id)).toMatchObject({ email })
  })

  test('two leads at the same instant for one phone are one contact and two leads', async () => {
    for (let round = 0; round < 5; round++) {
      const { phone, first_name } = somebody()
      const two = await desk.make({ name: 'Another source' })
      const [one, other] = await Promise.all([lead({ phone, first_name }), lead({ phone, first_name }, two)])
      expect(one.contact_id).toBe(other.contact_id)
      expect(one.lead_id).not.toBe(other.lead_id)
      expect([one.contact_status, other.contact_status].sort()).toEqual(['existing', 'new'])
    }
  })

  test('fifty at once for ten people are ten contacts, with events of the tracker in between', async () => {
    const people = Array.from({ length: 10 }, somebody)
    const event = (one: (typeof people)[number]) =>
      fresh.app.inject({
        method: 'POST',
        url: '/v1/batch',
        headers: basic(fresh.write_key),
        payload: batch(
          identify({
            anonymousId: `device ${one.email}`,
            traits: { email: one.email, phone: one.phone, firstName: one.first_name },
          }),
        ),
      })
    const answers = await Promise.all(
      people.flatMap(one => [lead(one), lead({ email: one.email }), event(one), lead({ phone: one.phone }), lead(one)]),
    )
    expect(answers).toHaveLength(50)
    const rows = await fresh.database.system<{ contacts: number; leads: number }[]>`
      select count(distinct c.id)::int as contacts, count(l.id)::int as leads
        from contacts c
        join leads l on l.workspace_id = c.workspace_id and l.contact_id = c.id
       where c.workspace_id = ${desk.workspace_id} and c.email = any(${people.map(one => one.email)}::text[])`
    expect(rows[0]).toEqual({ contacts: 10, leads: 40 })
  })

  test('is found by the id of the own application, too', async () => {
    const { email } = somebody()
    await fresh.app.inject({
      method: 'POST',
      url: '/v1/identify',
      headers: basic(fresh.write_key),
      payload: identify({ userId: 'customer-77', traits: { email } }),
    })
    const known = await lead({ email })
    expect((await lead({ ...somebody(), user_id: 'customer-77' })).contact_id).toBe(known.contact_id)
  })

  test('of a contact that was merged is the one that is left', async () => {
    const [one, other] = [somebody(), somebody()]
    const [winner, loser] = [await lead(one), await lead(other)]
    await desk.ask('POST', `/contacts/${winner.contact_id}/merge`, { other_id: loser.contact_id })
    expect((await lead(other)).contact_id).toBe(winner.contact_id)
  })
})

describe('two keys that say different things', () => {
  test('the first of the order wins, and the other contact is suggested', async () => {
    const [one, other] = [somebody(), somebody()]
    const [by_email, by_phone] = [await lead({ email: one.email }), await lead({ phone: other.phone })]
    const both = await lead({ email: one.email, phone: other.phone })
    expect(both.contact_id).toBe(by_email.contact_id)
    expect(await suggestions(by_email.contact_id, by_phone.contact_id)).toEqual(['two_keys'])
    expect((await lead({ phone: other.phone })).contact_id).toBe(by_phone.contact_id)
  })

  test('the order is the one of the workspace', async () => {
    const tenant = await fresh.another('Phones first')
    const theirs = deskOf(fresh, tenant)
    await theirs.ask('PATCH', `/workspaces/${tenant.workspace_id}`, { match_keys: ['phone', 'email'] })
    const at = await theirs.make()
    const [one, other] = [somebody(), somebody()]
    await lead({ email: one.email }, at)
    const by_phone = await lead({ phone: other.phone }, at)
    expect((await lead({ email: one.email, phone: other.phone }, at)).contact_id).toBe(by_phone.contact_id)
  })

  test('a phone with a clearly different name is somebody else, who is found by it and the name', async () => {
    const { phone } = somebody()
    const sue = await lead({ phone, first_name: 'Sue' })
    const tom = await lead({ phone, first_name: 'Tom' })
    expect([tom.contact_id !== sue.contact_id, tom.contact_status]).toEqual([true, 'new'])
    expect(await suggestions(sue.contact_id, tom.contact_id)).toEqual(['phone_other_name'])
    expect((await desk.contact(tom.contact_id)).phone).toBe(phone)
    expect((await lead({ phone, first_name: 'TOM' })).contact_id).toBe(tom.contact_id)
    expect((await lead({ phone, first_name: 'Susan' })).contact_id).not.toBe(tom.contact_id)
    expect((await lead({ phone, first_name: 'Sué' })).contact_id).toBe(sue.contact_id)
    expect((await lead({ phone })).contact_id).toBe(sue.contact_id)
    expect(
      (await desk.ask('GET', `/contacts?phone=${encodeURIComponent(phone)}`)).json().data.map((one: { id: number }) => one.id),
    ).toEqual([sue.contact_id])
  })

  test('a mailbox that many people read finds nobody', async () => {
    const [one, other] = [
      await lead({ email: 'info@example.com', first_name: 'Ann' }),
      await lead({ email: 'info@example.com', first_name: 'Ann' }),
    ]
    expect([one, other].map(answer => answer.contact_status)).toEqual(['new', 'new'])
    expect(one.contact_id).not.toBe(other.contact_id)
    const { phone } = somebody()
    const first = await lead({ email: 'info@example.com', phone })
    expect((await lead({ email: 'info@example.com', phone })).contact_id).toBe(first.contact_id)
  })
})

describe('a webhook whose people are apart', () => {
  test('has a contact of its own for the same phone, and finds that one again', async () => {
    const person = somebody()
    const apart = await desk.make({ dedupe_scope: 'source' })
    const shared = await lead(person)
    const [first, again] = [await lead(person, apart), await lead(person, apart)]
    expect(first.contact_status).toBe('new')
    expect(first.contact_id).not.toBe(shared.contact_id)
    expect(again.contact_id).toBe(first.contact_id)
    const another = await desk.make({ dedupe_scope: 'source' })
    expect((await lead(person, another)).contact_id).not.toBe(first.contact_id)
    expect((await lead(person)).contact_id).toBe(shared.contact_id)
  })

  test('is another one in another workspace, of course', async () => {
    const person = somebody()
    const theirs = deskOf(fresh, await fresh.another())
    const at = await theirs.make()
    const [ours, other] = await Promise.all([lead(person), lead(person, at)])
    expect([ours.contact_status, other.contact_status]).toEqual(['new', 'new'])
    expect((await desk.ask('GET', `/contacts/${ours.contact_id}`)).statusCode).toBe(200)
    expect((await theirs.ask('GET', `/intake-deliveries/${ours.delivery_id}`)).statusCode).toBe(404)
  })
})

describe('what a lead says about a person', () => {
  test('fills what is not known, makes newer what leads said, and leaves what the person said elsewhere', async () => {
    const { email } = somebody()
    const { contact_id } = await lead({ email, first_name: 'Sally', city: 'Berlin', zip: '10115' })
    expect(await desk.contact(contact_id)).toMatchObject({ first_name: 'Sally', address: { city: 'Berlin', zip_code: '10115' } })
    await lead({ email, name: 'Sally Ann Susa', age: 34 })
    expect(await desk.contact(contact_id)).toMatchObject({
      first_name: 'Sally',
      last_name: 'Ann Susa',
      age: 34,
      address: { city: 'Berlin' },
    })
    const visitor = somebody()
    await fresh.app.inject({
      method: 'POST',
      url: '/v1/identify',
      headers: basic(fresh.write_key),
      payload: identify({ anonymousId: 'their laptop', traits: { email: visitor.email, firstName: 'Roberta' } }),
    })
    const known = await lead({ email: visitor.email, first_name: 'Bobby', last_name: 'Baker' })
    expect(await desk.contact(known.contact_id)).toMatchObject({ first_name: 'Roberta', last_name: 'Baker' })
  })

  test('is an activity, with what was before', async () => {
    const { email, phone } = somebody()
    const { contact_id } = await lead({ email, first_name: 'Sally' })
    await lead({ email, phone, first_name: 'Sal' })
    const rows = (await desk.ask('GET', `/activities?contact_id=${contact_id}&action=contact.updated`)).json<{ data: object[] }>()
      .data
    expect(rows).toMatchObject([{ before: { first_name: 'Sally', phone: null }, after: { first_name: 'Sal', phone } }])
  })
})

describe('a lead that carries the distinct_id of the tracker', () => {
  const visit = (anonymousId: string) =>
    fresh.app.inject({
      method: 'POST',
      url: '/v1/batch',
      headers: basic(fresh.write_key),
      payload: batch(page('Offer', { anonymousId })),
    })
  const timeline = async (contact_id: number) =>
    (await desk.ask('GET', `/contacts/${contact_id}/timeline`)).json<{ data: { name: string; distinct_id: string | null }[] }>()
      .data

  test('joins the history of that visitor', async () => {
    await visit('device-of-a-lead')
    const { contact_id } = await lead({ ...somebody(), distinct_id: 'device-of-a-lead' })
    const events = (await timeline(contact_id)).filter(entry => entry.distinct_id !== null)
    expect(events.map(entry => [entry.name, entry.distinct_id])).toEqual([['page_viewed', 'device-of-a-lead']])
  })

  test('that nobody has seen yet is known when the events come', async () => {
    const { contact_id } = await lead({ ...somebody(), hidden: { distinct_id: 'device-to-come' } })
    await visit('device-to-come')
    expect((await timeline(contact_id)).some(entry => entry.distinct_id === 'device-to-come')).toBe(true)
  })

  test('of somebody else does not take that person over', async () => {
    const [one, other] = [somebody(), somebody()]
    const first = await lead({ ...one, distinct_id: 'shared-device' })
    const second = await lead({ ...other, distinct_id: 'shared-device' })
    expect(second.contact_id).not.toBe(first.contact_id)
    expect(await suggestions(first.contact_id, second.contact_id)).toEqual(['two_identified'])
    const visitors = (await desk.ask('GET', `/contacts/${first.contact_id}/visitors`)).json<{ data: { distinct_id: string }[] }>()
      .data
    expect(visitors.map(visitor => visitor.distinct_id)).toEqual(['shared-device'])
  })

  test('that means nobody joins nobody', async () => {
    const { contact_id } = await lead({ ...somebody(), distinct_id: 'undefined' })
    const visitors = (await desk.ask('GET', `/contacts/${contact_id}/visitors`)).json<{ data: object[] }>().data
    expect(visitors).toEqual([])
  })
})

test('a name that is too long for an index is cut, and the lead is made', async () => {
  const to = await desk.make()
  const name = 'Ä'.repeat(9000)
  const { contact_id } = (await desk.send(to, { email: somebody().email, first_name: name, last_name: name })).json<Answered>()
  expect(String((await desk.contact(contact_id)).first_name)).toBe('Ä'.repeat(200))
})
