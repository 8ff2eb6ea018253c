import { beforeAll, describe, expect, test } from 'vitest'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { alias, basic, batch, bearer, bob, identify, jane, john, page, sally, sarah, track, traitsOf } from '../../test/people.ts'

let fresh: FreshApp
beforeAll(async () => {
  fresh = await freshApp()
})

const send = async (...messages: unknown[]) => {
  const answer = await fresh.app.inject({
    method: 'POST',
    url: '/v1/batch',
    payload: batch(...messages),
    headers: basic(fresh.write_key),
  })
  expect(answer.json()).toEqual({ success: true })
}
const call = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, payload?: object) =>
  fresh.app.inject({ method, url: `/api/v1${path}`, headers: bearer(fresh.secret_key), ...(payload ? { payload } : {}) })
const get = async (path: string) => (await call('GET', path)).json()
const contactOf = async (email: string) => (await get(`/contacts?email=${encodeURIComponent(email)}`)).data[0]
const namesOf = async (id: number) =>
  (await get(`/contacts/${id}/visitors`)).data.map((visitor: { distinct_id: string }) => visitor.distinct_id).sort()

describe('the order of claims', () => {
  test('alias before identify and identify before alias end with the same person', async () => {
    await send(
      alias('o1-a', 'order-1'),
      identify({ anonymousId: 'o1-b', userId: 'order-1', traits: { email: 'o1@example.com' } }),
    )
    await send(
      identify({ anonymousId: 'o2-b', userId: 'order-2', traits: { email: 'o2@example.com' } }),
      alias('o2-a', 'order-2'),
    )
    expect(await namesOf((await contactOf('o1@example.com')).id)).toEqual(['o1-a', 'o1-b', 'order-1'])
    expect(await namesOf((await contactOf('o2@example.com')).id)).toEqual(['o2-a', 'o2-b', 'order-2'])
  })

  test('a late anonymous event is found under the contact that its device belongs to', async () => {
    await send(identify({ anonymousId: 'late-device', userId: 'late-user', traits: { email: 'late@example.com' } }))
    await send(page('Before', { anonymousId: 'late-device', timestamp: new Date(Date.now() - 3_600_000).toISOString() }))
    const contact = await contactOf('late@example.com')
    const timeline = await get(`/contacts/${contact.id}/timeline?kind=event`)
    expect(timeline.data.at(-1)).toMatchObject({ name: 'page_viewed', distinct_id: 'late-device' })
  })

  test('chains, cycles and self-links end with one person of depth one', async () => {
    await send(
      alias('c1', 'c2'),
      alias('c2', 'c3'),
      alias('c3', 'c1'),
      alias('c1', 'c1'),
      track('x', { userId: 'c1', anonymousId: 'c2' }),
    )
    const rows = await fresh.database.system<{ id: number; person_id: number | null }[]>`
      select id, person_id from visitors where distinct_id in ('c1', 'c2', 'c3') and workspace_id = ${fresh.workspace_id}`
    const roots = new Set(rows.map(row => row.person_id ?? row.id))
    // Two of them are users of their own, so they are two people; none points to one that points on.
    for (const root of roots) expect(rows.find(row => row.id === root)!.person_id).toBeNull()
  })
})

describe('undo', () => {
  test('restores the timeline, the properties and the counts of both sides exactly, and moves no event', async () => {
    await send(page('One', { anonymousId: sally.laptop }), page('Two', { anonymousId: sally.laptop }))
    await send(identify({ userId: sally.user_id, traits: { ...traitsOf(sally), plan: 'gold' } }))
    const before = await contactOf(sally.email)
    const places = () =>
      fresh.database.system`select id, visitor_id, xmin::text from events where workspace_id = ${fresh.workspace_id} order by id`
    const rows = await places()

    await send(identify({ anonymousId: sally.laptop, userId: sally.user_id, traits: { plan: 'silver' }, messageId: 'the-claim' }))
    const during = await contactOf(sally.email)
    expect(during.event_count).toBe(before.event_count + 3)
    expect(during.properties.plan).toBe('silver')
    const identity = await get(`/contacts/${before.id}/identity`)
    const link = identity.links.find(
      (one: { distinct_id: string; other_distinct_id: string }) => one.other_distinct_id === sally.laptop,
    )
    expect(link).toMatchObject({ outcome: 'linked', reason: 'identify' })

    expect((await call('POST', `/identity/links/${link.id}/undo`)).statusCode).toBe(200)
    const after = await contactOf(sally.email)
    expect(after.event_count).toBe(before.event_count + 1) // the identify itself is the user's own
    expect(await namesOf(before.id)).toEqual([sally.user_id])
    expect((await places()).slice(0, rows.length)).toEqual(rows)
    expect((await call('POST', `/identity/links/${link.id}/undo`)).json().error.code).toBe('already_undone')
    const timeline = await get(`/contacts/${before.id}/timeline`)
    expect(timeline.data.map((entry: { name: string }) => entry.name)).toContain('visitor.unlinked')
  })

  test('what a person took apart stays apart, however often the device claims it again', async () => {
    await send(
      track('again', { anonymousId: sally.laptop, userId: sally.user_id }),
      identify({ anonymousId: sally.laptop, userId: sally.user_id }),
    )
    const contact = await contactOf(sally.email)
    expect(await namesOf(contact.id)).toEqual([sally.user_id])
    const { links } = await get(`/contacts/${contact.id}/identity`)
    expect(links.map((link: { outcome: string }) => link.outcome)).toContain('refused_blocked')
  })

  test('a person may link by hand what was taken apart', async () => {
    const contact = await contactOf(sally.email)
    const answer = await call('POST', `/contacts/${contact.id}/visitors`, { distinct_id: sally.laptop })
    expect(answer.statusCode).toBe(201)
    expect(await namesOf(contact.id)).toEqual([sally.laptop, sally.user_id].sort())
    expect(
      (
        await call(
          'DELETE',
          `/contacts/${contact.id}/visitors/${answer.json().visitors.find((v: { distinct_id: string }) => v.distinct_id === sally.laptop).id}`,
        )
      ).statusCode,
    ).toBe(200)
    expect(await namesOf(contact.id)).toEqual([sally.user_id])
  })

  test('one of two claims that hold a visitor taken back leaves it where it is', async () => {
    await send(track('registration', { anonymousId: 'held', properties: { email: 'held@example.com' } }))
    await send(alias('held', 'held@example.com'))
    const contact = await contactOf('held@example.com')
    const { links } = await get(`/contacts/${contact.id}/identity`)
    const form = links.find((link: { reason: string }) => link.reason === 'form')
    await call('POST', `/identity/links/${form.id}/undo`)
    expect(await namesOf(contact.id)).toEqual(['held', 'held@example.com'])
  })
})

describe('review', () => {
  test('a refused claim waits for a person, who accepts it or lets it be', async () => {
    await send(identify({ anonymousId: 'tablet', userId: sarah.user_id, traits: traitsOf(sarah) }))
    await send(
      identify({ anonymousId: 'tablet', userId: bob.user_id, traits: traitsOf(bob) }),
      track('x', { anonymousId: 'tablet', userId: bob.user_id }),
    )
    const { data } = await get('/identity/reviews')
    const claim = data.find(
      (one: { kind: string; distinct_id: string }) => one.kind === 'link' && one.distinct_id === bob.user_id,
    )
    expect(claim).toMatchObject({
      outcome: 'refused_two_identified',
      other_distinct_id: 'tablet',
      contact: { email: bob.email },
      other_contact: { email: sarah.email },
    })
    const suggestion = data.find((one: { kind: string; contact: { email: string } }) => one.kind === 'suggestion')
    expect(suggestion).toMatchObject({ reason: 'two_identified' })

    expect((await call('POST', `/identity/links/${claim.id}/dismissal`)).statusCode).toBe(200)
    expect((await call('POST', `/identity/suggestions/${suggestion.id}/dismissal`)).statusCode).toBe(200)
    const left = (await get('/identity/reviews')).data
    expect(left.map((one: { id: number; kind: string }) => `${one.kind} ${one.id}`)).not.toContain(`link ${claim.id}`)
    expect(left.map((one: { id: number; kind: string }) => `${one.kind} ${one.id}`)).not.toContain(`suggestion ${suggestion.id}`)
  })

  test('an accepted claim makes one of two people by force, in the name of who accepted it', async () => {
    await send(identify({ anonymousId: 'desk', userId: 'first-user', traits: { email: 'first@example.com' } }))
    await send(identify({ anonymousId: 'desk', userId: 'second-user', traits: { email: 'second@example.com' } }))
    const { data } = await get('/identity/reviews')
    const claim = data.find(
      (one: { kind: string; distinct_id: string }) => one.kind === 'link' && one.distinct_id === 'second-user',
    )
    expect((await call('POST', `/identity/links/${claim.id}/acceptance`)).statusCode).toBe(200)
    const contact = await contactOf('first@example.com')
    expect(await namesOf(contact.id)).toEqual(['desk', 'first-user', 'second-user'])
    const { links } = await get(`/contacts/${contact.id}/identity`)
    expect(links.find((link: { forced: boolean }) => link.forced)).toMatchObject({
      reason: 'manual',
      outcome: 'linked',
      actor: { kind: 'key' },
    })
  })

  test('a phone with a clearly different name is a suggestion and never a merge', async () => {
    await send(
      track('registration', {
        anonymousId: 'p1',
        properties: { first_name: 'Anna', email: 'anna@example.com', phone: '+12025550177' },
      }),
    )
    await send(track('registration', { anonymousId: 'p2', properties: { first_name: 'Peter', phone: '+12025550177' } }))
    const anna = await contactOf('anna@example.com')
    expect(await namesOf(anna.id)).toEqual(['p1'])
    const { data } = await get('/identity/reviews')
    expect(data.find((one: { reason: string }) => one.reason === 'phone_other_name')).toBeDefined()
    await send(track('registration', { anonymousId: 'p3', properties: { first_name: 'anna', phone: '(202) 555-0177' } }))
    expect(await namesOf(anna.id)).toEqual(['p1', 'p3'])
  })
})

describe('merging two contacts', () => {
  test('is previewed, done, shown in one timeline, found by both e-mails, and taken back exactly', async () => {
    await send(
      page('His', { anonymousId: john.laptop }),
      track('registration', { anonymousId: john.laptop, properties: { email: john.email, first_name: 'John' } }),
    )
    await send(
      page('Hers', { anonymousId: jane.laptop }),
      identify({ anonymousId: jane.laptop, traits: { ...traitsOf(jane), hobby: 'chess' } }),
    )
    const winner = await contactOf(john.email)
    const loser = await contactOf(jane.email)

    const preview = await get(`/contacts/${winner.id}/merge?other_id=${loser.id}`)
    expect(preview).toMatchObject({ needs_force: false, visitors: 1, events: loser.event_count })
    expect(preview.fields.map((field: { field: string }) => field.field).filter((name: string) => name === 'email')).toHaveLength(
      1,
    )
    expect(await contactOf(jane.email)).toEqual(loser)

    const merge = (await call('POST', `/contacts/${winner.id}/merge`, { other_id: loser.id })).json()
    const one = await get(`/contacts/${winner.id}`)
    expect(one).toMatchObject({ email: john.email, phone: jane.phone, event_count: winner.event_count + loser.event_count })
    expect(one.properties.hobby).toBe('chess')
    expect((await get(`/contacts/${loser.id}`)).merged_into).toBe(winner.id)
    expect((await contactOf(jane.email)).id).toBe(winner.id)
    expect((await call('POST', `/contacts/${winner.id}/merge`, { other_id: loser.id })).json().error.code).toBe('already_merged')

    expect((await call('POST', `/contacts/merges/${merge.id}/undo`)).statusCode).toBe(200)
    const stable = ({ updated_at, ...contact }: { updated_at: string }) => contact
    expect(stable(await contactOf(john.email))).toEqual(stable(winner))
    expect(stable(await contactOf(jane.email))).toEqual(stable(loser))
    expect((await call('POST', `/merges/${merge.id}/undo`)).json().error.code).toBe('already_undone')
  })

  test('is taken back also when a visitor gave the e-mail of the other while both were one', async () => {
    const give = (device: string, email: string) => send(track('registration', { anonymousId: device, properties: { email } }))
    await give('u-one', 'one@example.com')
    await give('u-two', 'two@example.com')
    const [one, two] = [await contactOf('one@example.com'), await contactOf('two@example.com')]
    const merge = (await call('POST', `/contacts/${one.id}/merge`, { other_id: two.id })).json()
    await give('u-two', 'one@example.com')
    await call('POST', `/contacts/merges/${merge.id}/undo`)
    expect(await namesOf(one.id)).toEqual(['u-one'])
    expect(await namesOf(two.id)).toEqual(['u-two'])
  })

  test('of two who are identified needs force', async () => {
    await send(
      identify({ userId: 'm-1', traits: { email: 'm1@example.com' } }),
      identify({ userId: 'm-2', traits: { email: 'm2@example.com' } }),
    )
    const [one, two] = [await contactOf('m1@example.com'), await contactOf('m2@example.com')]
    const refused = await call('POST', `/contacts/${one.id}/merge`, { other_id: two.id })
    expect(refused.json().error.code).toBe('two_identified')
    expect((await call('POST', `/contacts/${one.id}/merge`, { other_id: two.id, force: true })).statusCode).toBe(201)
    expect(await namesOf(one.id)).toEqual(['m-1', 'm-2'])
  })
})
