import postgres from 'postgres'
import { describe, expect, test } from 'vitest'
import { freshApp } from '../../test/app.ts'
import { basic, batch, bearer, bob, identify, jane, mei, page, sally, track, traitsOf } from '../../test/people.ts'
import type { Told } from '../activities/told.ts'
import { openTelling } from './tell.fixture.ts'
import { tellEndpoints } from './tell.ts'

const telling = openTelling()
const { call, contactOf, endpoint, namesFor, send, tell, waiting } = telling

describe('what is wanted', () => {
  const everything = () => [
    page('Home', { anonymousId: jane.laptop }),
    track('registration', { anonymousId: jane.laptop, properties: traitsOf(jane) }),
    track('video_started', { anonymousId: jane.laptop }),
    track('video_progress', { anonymousId: jane.laptop, properties: { watch_percentage: 25 } }),
    track('enrollment_viewed', { anonymousId: jane.laptop }),
    track('purchase_completed', { anonymousId: jane.laptop, properties: { amount: 5 } }),
    track('demo_requested', { anonymousId: jane.laptop }),
    track('contact.merged', { anonymousId: jane.laptop }),
  ]

  test('everything is the catalogue, and not events of one’s own', async () => {
    const id = await endpoint({ events: ['*'] })
    await send(...everything())
    await tell()
    const funnel = ['conversion', 'enrollment_viewed', 'registration', 'video_progress', 'video_started']
    const names = await namesFor(id)
    expect(names.sort()).toEqual(['contact.created', 'contact.stage_changed', 'segment.entered', ...funnel].sort())
  })

  test('a group is its types, and an own event its exact name', async () => {
    const funnel = await endpoint({ events: ['funnel.*'] })
    const contact = await endpoint({ events: ['contact.*'] })
    const own = await endpoint({ events: ['demo_requested', 'page_viewed', 'purchase_completed', 'page_*'] })
    await send(...everything())
    await tell()
    expect((await namesFor(funnel)).sort()).toEqual([
      'conversion',
      'enrollment_viewed',
      'registration',
      'video_progress',
      'video_started',
    ])
    expect((await namesFor(contact)).sort()).toEqual(['contact.created', 'contact.stage_changed'])
    expect((await namesFor(own)).sort()).toEqual(['demo_requested', 'page_viewed', 'purchase_completed'])
  })

  test('a name with a comma is one name', async () => {
    const two = await endpoint({ events: ['cart', 'opened'] })
    const one = await endpoint({ events: ['cart,opened'] })
    await send(track('cart,opened', { anonymousId: jane.laptop }), track('cart', { anonymousId: jane.laptop }))
    await tell()
    expect(await namesFor(two)).toEqual(['cart'])
    expect(await namesFor(one)).toEqual(['cart,opened'])
  })

  test('one who wants a purchase by both of its names gets both', async () => {
    const id = await endpoint({ events: ['conversion', 'purchase_completed'] })
    await send(track('purchase_completed', { anonymousId: jane.laptop, properties: { amount: 5 } }))
    await tell()
    expect((await namesFor(id)).sort()).toEqual(['conversion', 'purchase_completed'])
  })

  test('nobody can say by an event that something was changed', async () => {
    const id = await endpoint({ events: ['contact.merged', 'contact.*', '*', 'key.created'] })
    await send(track('contact.merged', { anonymousId: 'mallory' }), track('key.created', { anonymousId: 'mallory' }))
    await tell()
    expect(await namesFor(id)).toEqual([])
  })

  test('what becomes of endpoints is told to those that ask for it, and is not part of everything', async () => {
    const all = await endpoint({ events: ['*'] })
    const some = await endpoint({ events: ['endpoint.*'] })
    await telling.fresh.database.system`
      insert into activities (workspace_id, action, actor, subject_id, after)
      values (${telling.tenant.workspace_id}, 'endpoint.paused', '{"kind": "system"}', '1', '{"reason": "It answered 410 Gone."}')`
    await tell()
    expect(await namesFor(all)).toEqual([])
    expect(await namesFor(some)).toEqual(['endpoint.paused'])
  })

  test('a filter looks at the contact and into the body', async () => {
    const known = await endpoint({ events: ['video_started'], filter: { known_contacts_only: true } })
    const hot = await endpoint({ events: ['funnel.*', 'contact.*'], filter: { segments: ['hot'] } })
    const stage = await endpoint({ events: ['funnel.*', 'contact.*'], filter: { stages: ['converted'] } })
    const large = await endpoint({
      events: ['conversion'],
      filter: { properties: [{ path: 'data.amount', operator: 'greater', value: '100' }] },
    })
    await send(track('video_started', { anonymousId: bob.mobile }))
    await tell()
    await send(
      identify({ anonymousId: bob.mobile, traits: { email: bob.email } }),
      track('video_started', { anonymousId: bob.mobile }),
    )
    await tell()
    await send(track('video_progress', { anonymousId: bob.mobile, properties: { watch_percentage: 75 } }))
    await tell()
    for (const amount of [99, 101]) await send(track('purchase_completed', { anonymousId: bob.mobile, properties: { amount } }))
    await tell()
    expect(await namesFor(known)).toEqual(['video_started'])
    expect((await namesFor(hot)).sort()).toEqual(['contact.stage_changed', 'conversion', 'conversion', 'video_progress'])
    expect((await namesFor(stage)).sort()).toEqual(['contact.stage_changed', 'conversion', 'conversion'])
    expect((await waiting(large)).map(({ data }) => data.amount)).toEqual([101])
  })

  test('a filter by segments of one’s own hears of who is in one of them', async () => {
    const { id: regulars } = await call('POST', '/segments', { name: 'Regulars', rule: { kind: 'conversion', has: true } })
    const { id: others } = await call('POST', '/segments', { name: 'Others', rule: { kind: 'conversion', has: false } })
    const either = await endpoint({ events: ['video_started'], filter: { segment_ids: [others, regulars] } })
    const one = await endpoint({ events: ['video_started'], filter: { segment_ids: [regulars] } })
    const both = await endpoint({ events: ['video_started'], filter: { segment_ids: [regulars], stages: ['engaged'] } })
    const never = await endpoint({ events: ['video_started'], filter: { segment_ids: [regulars], stages: ['converted'] } })
    const moves = await endpoint({ events: ['segment.*'], filter: { segment_ids: [regulars] } })
    const all = await endpoint({ events: ['video_started'] })
    const of = (person: typeof bob) => [
      identify({ anonymousId: person.mobile, traits: { email: person.email } }),
      track('video_started', { anonymousId: person.mobile, properties: { video_id: person.email } }),
    ]
    await send(...[bob, sally, jane].flatMap(of), track('video_started', { anonymousId: 'a stranger' }))
    const is_in = async (segment_id: number, person: typeof bob) =>
      telling.fresh.database.system`
        insert into segment_members (workspace_id, segment_id, contact_id)
        values (${telling.tenant.workspace_id}, ${segment_id}, ${(await telling.contactOf(person)).id})`
    await is_in(regulars, bob)
    await is_in(others, sally)
    for (const [action, segment_id] of [
      ['segment.left', regulars],
      ['segment.left', others],
      ['segment.entered', regulars],
    ])
      await telling.fresh.database.system`
        insert into activities (workspace_id, action, actor, contact_id, subject_id, before, after)
        select ${telling.tenant.workspace_id}, ${action!}, '{"kind": "system"}', ${(await telling.contactOf(jane)).id}, ${String(segment_id)},
               case when ${action === 'segment.left'} then said end, case when ${action === 'segment.entered'} then said end
          from (select jsonb_build_object('segment_id', ${segment_id!}::int, 'name', 'X')) x (said)`
    await tell()
    const heard = async (id: number) => (await waiting(id)).map(({ contact }) => contact?.email ?? null).sort()
    expect(await heard(either)).toEqual([bob.email, sally.email].sort())
    expect(await heard(one)).toEqual([bob.email])
    expect(await heard(both)).toEqual([bob.email])
    expect(await heard(never)).toEqual([])
    expect(await namesFor(moves)).toEqual(['segment.left', 'segment.entered'])
    expect(await heard(all)).toHaveLength(4)
  })

  test('an endpoint of a funnel hears that funnel alone', async () => {
    const [one, all] = [await endpoint({ events: ['*'], funnel_id: 'f1' }), await endpoint({ events: ['funnel.*'] })]
    for (const funnel_id of ['f1', 'f2', undefined])
      await send(track('video_started', { anonymousId: mei.mobile, properties: { funnel_id } }))
    await send(identify({ anonymousId: jane.laptop, traits: { email: jane.email, funnel_id: 'f1' } })) // a contact is in no funnel
    await tell()
    expect((await waiting(one)).map(({ data }) => data.funnel_id)).toEqual(['f1'])
    expect(await waiting(all)).toHaveLength(3)
  })
})

describe('who is told', () => {
  test('the endpoints of the workspace, and of no other', async () => {
    const ours = await endpoint({ events: ['*', 'x'] })
    const theirs = await endpoint({ events: ['*', 'x'], workspace_id: telling.fresh.workspace_id })
    await send(track('x', { anonymousId: sally.laptop }), identify({ anonymousId: sally.laptop, traits: traitsOf(sally) }))
    const payload = track('x', { anonymousId: bob.laptop })
    await telling.fresh.app.inject({ method: 'POST', url: '/v1/track', payload, headers: basic(telling.fresh.write_key) })
    await tell()
    expect((await waiting(ours)).map(({ data }) => data.distinct_id ?? 'a change')).toEqual([sally.laptop, 'a change'])
    expect((await waiting(theirs)).map(({ data }) => data.distinct_id)).toEqual([bob.laptop])
    expect(
      await telling.fresh.database.system`
      select from deliveries d
       where not exists (select from webhook_messages m where m.workspace_id = d.workspace_id and m.id = d.message_id)`,
    ).toHaveLength(0)
  })

  test('each of them once, by one message', async () => {
    const ids = [await endpoint({ events: ['video_started'] }), await endpoint({ events: ['*'] })]
    await send(track('video_started', { anonymousId: sally.laptop }))
    await tell()
    await tell()
    for (const id of ids) expect(await namesFor(id)).toEqual(['video_started'])
    expect(
      await telling.fresh.database.system`select from webhook_messages where workspace_id = ${telling.tenant.workspace_id}`,
    ).toHaveLength(1)
  })

  test('what was told already is not told again, whoever asks', async () => {
    const id = await endpoint({ events: ['contact.created'] })
    await call('POST', '/contacts', { email: jane.email })
    await tell()
    await telling.fresh.database.system`update activities set told = false where workspace_id = ${telling.tenant.workspace_id}`
    await tell()
    expect(await namesFor(id)).toEqual(['contact.created'])
  })

  test('a paused one finds it later, a deleted one never', async () => {
    const [active, paused, deleted] = [
      await endpoint({ events: ['*'] }),
      await endpoint({ events: ['*'], state: 'paused' }),
      await endpoint({ events: ['*'] }),
    ]
    await telling.fresh.database.system`update endpoints set deleted_at = now() where id = ${deleted}`
    await send(track('video_started', { anonymousId: sally.laptop }))
    await tell()
    const states = await telling.fresh.database.system`
      select endpoint_id, state, due_at is not null as is_due
        from deliveries join endpoint_turns using (workspace_id, endpoint_id) where workspace_id = ${telling.tenant.workspace_id} order by endpoint_id`
    expect(states).toEqual([
      { endpoint_id: active, state: 'queued', is_due: true },
      { endpoint_id: paused, state: 'held', is_due: false },
    ])
  })

  test('one that is paused while it is told finds what is held, and nothing is sent', async () => {
    const id = await endpoint({ events: ['*'] })
    await send(track('video_started', { anonymousId: sally.laptop }))
    const { system } = telling.fresh.database
    let being_told: Promise<void> | undefined
    await system.begin(async sql => {
      await sql`select from endpoint_turns where endpoint_id = ${id} for update`
      being_told = tell()
      await new Promise(resolve => setTimeout(resolve, 300))
      await sql`update endpoints set state = 'paused', paused_by = 'person' where id = ${id}`
    })
    await being_told
    expect(await system`select state from deliveries where endpoint_id = ${id}`).toEqual([{ state: 'held' }])
  })

  test('an endpoint that is due earlier or later is due now, and whoever delivers is woken', async () => {
    const id = await endpoint({ events: ['*'] })
    const { system } = telling.fresh.database
    let woken = 0
    const listening = await system.listen('throughline_webhooks', () => void woken++)
    const dueAfter = async (due: postgres.Fragment) => {
      await system`update endpoint_turns set due_at = ${due} where endpoint_id = ${id}`
      await send(track('video_started', { anonymousId: sally.laptop }))
      await tell()
      const [turn] = await system<{ ago: number }[]>`
        select extract(epoch from now() - due_at)::float8 as ago from endpoint_turns where endpoint_id = ${id}`
      return turn!.ago
    }
    expect(Math.abs(await dueAfter(system`null`))).toBeLessThan(30)
    expect(Math.abs(await dueAfter(system`now() + interval '1 hour'`))).toBeLessThan(30)
    expect(await dueAfter(system`now() - interval '1 hour'`)).toBeGreaterThan(3000)
    await expect.poll(() => woken).toBe(3)
    await new Promise(resolve => setTimeout(resolve, 100))
    expect(woken).toBe(3)
    await listening.unlisten()
  })
})

describe('an endpoint with a purpose', () => {
  test('hears nothing of a contact who denied it, from then on until they allow it', async () => {
    const { id } = await call('POST', '/endpoints', { url: 'https://example.com/hook', events: ['lesson'], purpose: 'marketing' })
    const all = await endpoint({ events: ['lesson'] })
    await send(identify({ anonymousId: sally.laptop, traits: traitsOf(sally) }))
    const contact = await contactOf(sally)
    const say = (marketing: boolean) => call('POST', `/contacts/${contact.id}/consents`, { purposes: { marketing } })
    const lesson = async (n: number) => {
      await send(track('lesson', { anonymousId: sally.laptop, properties: { n } }), track('lesson', { anonymousId: 'nobody' }))
      await tell()
    }
    const numbers = async (endpoint_id: number) => (await waiting(endpoint_id)).map(({ data }) => data.n ?? null)
    await lesson(1)
    await say(false)
    await lesson(2)
    await say(true)
    await lesson(3)
    expect(await numbers(id)).toEqual([1, null, null, 3, null])
    expect(await numbers(all)).toEqual([1, null, 2, null, 3, null])
    await say(false)
    await call('PATCH', `/endpoints/${id}`, { purpose: null })
    await lesson(4)
    expect((await numbers(id)).slice(-2)).toEqual([4, null])
    const headers = bearer(telling.tenant.secret_key)
    const url = `/api/v1/endpoints/${id}`
    const wrong = await telling.fresh.app.inject({ method: 'PATCH', url, headers, payload: { purpose: 'none such' } })
    expect([wrong.statusCode, wrong.json().error.fields]).toEqual([422, { purpose: expect.stringContaining('no purpose') }])
  })
})

test('five hundred events of several workspaces take as many statements as one', async () => {
  const tenants = [telling.tenant, await telling.fresh.another(), await telling.fresh.another()]
  for (const { workspace_id } of tenants) await endpoint({ events: ['*', 'x'], workspace_id })
  const count = await countStatements()
  const tellOf = async (per_tenant: number) => {
    for (const one of tenants) {
      const events = Array.from({ length: per_tenant }, (_, k) => track('x', { anonymousId: `many-${k}` }))
      const named = Array.from({ length: per_tenant }, (_, k) =>
        identify({ anonymousId: `many-${k}`, traits: { email: `m${k}@example.com` } }),
      )
      const payload = batch(...events, ...named)
      await telling.fresh.app.inject({ method: 'POST', url: '/v1/batch', payload, headers: basic(one.write_key) })
    }
    return count.during(async sql => {
      const told = await untold(sql)
      expect(told.batches.length).toBe(tenants.length)
      await tellEndpoints(sql, told)
    })
  }
  const few = await tellOf(1)
  const many = await tellOf(170)
  expect(many).toBe(few)
  const [queued] = await telling.fresh.database.system<{ deliveries: number }[]>`
    select count(*)::int as deliveries from deliveries where workspace_id = any(${tenants.map(one => one.workspace_id)}::int[])`
  expect(queued!.deliveries).toBeGreaterThanOrEqual(3 * 171 * 2)
  await count.close()
})

test('the server tells by itself what it commits', async () => {
  const server = await freshApp()
  const { system } = server.database
  await system`
    insert into endpoints (workspace_id, name, url, events, state)
    values (${server.workspace_id}, 'Receiver', 'https://receiver.example', '{*}', 'paused')`
  await system`insert into endpoint_turns (workspace_id, endpoint_id) select workspace_id, id from endpoints`
  server.work()
  const payload = track('registration', { anonymousId: jane.laptop, properties: traitsOf(jane) })
  await server.app.inject({ method: 'POST', url: '/v1/track', payload, headers: basic(server.write_key) })
  const told = async () =>
    (await system<{ event: string }[]>`select event from webhook_messages order by event`).map(({ event }) => event)
  await expect.poll(told, { timeout: 20_000 }).toEqual(expect.arrayContaining(['contact.created', 'registration']))
})

async function untold(sql: postgres.TransactionSql): Promise<Told> {
  const told: Told = { batches: [], activities: [] }
  told.batches =
    await sql`delete from event_batches returning workspace_id, first_event, last_event, from_time::text, to_time::text`
  told.activities = await sql`update activities set told = true where not told returning *`
  return told
}

/** A connection that counts what is sent on it, but for the two statements of `untold`. */
async function countStatements() {
  let statements = 0
  const sql = postgres(telling.fresh.database.url, {
    max: 1,
    connection: { role: 'throughline_system' },
    types: telling.fresh.database.system.options.types as never,
    debug: () => void statements++,
  })
  await sql`select 1`
  return {
    async during(work: (sql: postgres.TransactionSql) => Promise<void>) {
      const before = statements
      await sql.begin(work)
      return statements - before
    },
    close: () => sql.end(),
  }
}
