import { expect, test, vi } from 'vitest'
import { freshApp } from '../../../test/app.ts'
import { basic, batch, page } from '../../../test/people.ts'
import { type SignedIn, signedIn } from '../../../test/session.ts'

test('what somebody had is handed over when they go, however much it is, and what is closed stays theirs', async () => {
  const fresh = await freshApp()
  fresh.work()
  const [owner, ann, ben] = await Promise.all((['owner', 'agent', 'agent'] as const).map(role => signedIn(fresh, role)))
  const ask = async (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, payload?: object, who: SignedIn = owner!) => {
    const answer = await fresh.app.inject({ method, url: `/api/v1${path}`, headers: who.headers, ...(payload && { payload }) })
    // biome-ignore lint/suspicious/noExplicitAny: answers of many routes
    return { status: answer.statusCode, body: (answer.body ? answer.json() : null) as any }
  }
  const post = async (path: string, payload: object) => {
    const { status, body } = await ask('POST', path, payload)
    expect([path, status, body.error]).toEqual([path, 201, undefined])
    return body as { id: number }
  }
  const hers = { assigned_to: ann!.user_id }
  const contact = await post('/contacts', { email: 'one@example.com', owner_id: ann!.user_id })
  const other = await post('/contacts', { email: 'two@example.com' })
  await fresh.app.inject({
    method: 'POST',
    url: '/v1/batch',
    headers: basic(fresh.write_key),
    payload: batch(page('Home', { anonymousId: 'somebody' })),
  })
  const visitor = (await ask('GET', '/visitors')).body.data[0].id
  expect((await ask('PATCH', `/visitors/${visitor}`, { owner_id: ann!.user_id })).body).toMatchObject({ owner_id: ann!.user_id })
  expect((await ask('PATCH', `/visitors/${visitor}`, { owner_id: 2_000_000_000 })).status).toBe(422)
  const lead = await post('/leads', { contact_id: contact.id, ...hers })
  const lost = await post('/leads', { contact_id: other.id, ...hers })
  await ask('POST', `/leads/${lost.id}/status`, { status: 'lost' })
  await post('/tasks', { kind: 'call', title: 'Call', lead_id: lead.id, ...hers })
  await fresh.database.system`
    insert into contacts (workspace_id, id, email, owner_id, own_traits, traits)
    select ${fresh.workspace_id}, 20000000 + n, 'hers' || n || '@example.com', ${ann!.user_id}, '{}', '{}' from generate_series(1, 1100) n`
  const at = (hour: number) => new Date(Date.UTC(2099, 0, 5, hour)).toISOString()
  const book = (email: string, hour: number, user: SignedIn) =>
    post('/appointments', { email, scheduled_at: at(hour), assigned_to: user.user_id, allow_overlap: true })
  const free = await book('one@example.com', 9, ann!)
  const taken = await book('two@example.com', 14, ann!)
  await book('three@example.com', 14, ben!)

  expect((await ask('GET', `/users/${ann!.user_id}/leavings`)).body).toEqual({
    keys: [],
    records: { contacts: 1101, visitors: 1, leads: 1, tasks: 1, appointments: 2 },
  })
  expect((await ask('GET', `/contacts?owner_id=${ann!.user_id}&email=one@example.com`)).body.data).toMatchObject([
    { id: contact.id },
  ])
  expect((await ask('GET', `/visitors?owner_id=${ann!.user_id}`)).body.data).toMatchObject([{ id: visitor }])
  // To who is no member, nothing happens at all.
  expect((await ask('DELETE', `/users/${ann!.user_id}?transfer_to=2000000000`)).status).toBe(422)
  expect((await ask('GET', '/contacts', undefined, ann!)).status).toBe(200)

  expect((await ask('DELETE', `/users/${ann!.user_id}?transfer_to=${ben!.user_id}`)).status).toBe(204)
  const handed = (await ask('GET', '/transfers?kind=hand_over')).body.data[0]
  const ended = (id: number) =>
    vi.waitFor(async () => {
      const { body } = await ask('GET', `/transfers/${id}`)
      expect([body.state, body.error]).toEqual(['done', null])
      return body
    }, 60_000)
  expect(await ended(handed.id)).toMatchObject({
    ...{ total: 1106, done: 1106 },
    counts: { contacts: 1101, visitors: 1, leads: 1, tasks: 1, appointments: 2 },
  })
  expect((await ask('GET', `/users/${ann!.user_id}/leavings`)).status).toBe(404)
  const his = { owner_id: ben!.user_id }
  expect((await ask('GET', `/contacts/${contact.id}`)).body).toMatchObject(his)
  expect((await ask('GET', `/visitors/${visitor}`)).body).toMatchObject(his)
  const whose = async (path: string) => (await ask('GET', path)).body.assigned_to
  expect(await whose(`/leads/${lead.id}`)).toBe(ben!.user_id)
  expect(await whose(`/leads/${lost.id}`)).toBe(ann!.user_id)
  expect((await ask('GET', `/tasks?assigned_to=${ben!.user_id}`)).body.data).toHaveLength(1)
  // Nobody is in two places: that one waits for somebody else.
  expect([await whose(`/appointments/${free.id}`), await whose(`/appointments/${taken.id}`)]).toEqual([ben!.user_id, null])
  expect((await ask('GET', '/activities?action=member.handed_over')).body.data[0]).toMatchObject({
    action: 'member.handed_over',
    after: { to: ben!.user_id, contacts: 1101, leads: 1, appointments: 2 },
  })
  const told = await fresh.database.system<{ action: string; times: number }[]>`
    select action, count(*)::int as times
      from activities
     where workspace_id = ${fresh.workspace_id} and before ->> 'owner_id' = ${String(ann!.user_id)}
     group by action
     order by action`
  expect(told.map(({ action, times }) => [action, times])).toEqual([
    ['contact.updated', 1101],
    ['visitor.updated', 1],
  ])
  // Later, too, and to nobody.
  const again = (await ask('POST', `/users/${ben!.user_id}/hand-over`, { to: null })).body
  expect((await ended(again.id)).counts).toMatchObject({ contacts: 1101, leads: 1 })
  expect((await ask('GET', `/contacts/${contact.id}`)).body.owner_id).toBeNull()
})
