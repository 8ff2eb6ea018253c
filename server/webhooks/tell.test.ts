import { Ajv } from 'ajv'
import postgres from 'postgres'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { EndpointFilter } from '../../shared/webhooks.ts'
import { type FreshApp, freshApp, type Tenant } from '../../test/app.ts'
import {
  alias,
  basic,
  batch,
  bearer,
  bob,
  identify,
  jane,
  john,
  mei,
  page,
  sally,
  sarah,
  track,
  traitsOf,
} from '../../test/people.ts'
import { relay } from '../activities/relay.ts'
import type { Told } from '../activities/told.ts'
import { findWebhookEvent } from './catalogue.ts'
import type { Body } from './payload.ts'
import { tellEndpoints } from './tell.ts'

let fresh: FreshApp
let tenant: Tenant
const shapes = new Ajv({ strict: false, validateFormats: false })
const quiet = { warn: () => {}, error: (details: object) => expect.fail(JSON.stringify(details)) }

beforeAll(async () => {
  fresh = await freshApp()
})
beforeEach(async () => {
  tenant = await fresh.another()
  await tell()
})

const send = async (...messages: unknown[]) => {
  const headers = basic(tenant.write_key)
  const answer = await fresh.app.inject({ method: 'POST', url: '/v1/batch', payload: batch(...messages), headers })
  expect(answer.json()).toEqual({ success: true })
}
const call = async (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, payload?: object) => {
  const headers = bearer(tenant.secret_key)
  const answer = await fresh.app.inject({ method, url: `/api/v1${path}`, headers, ...(payload ? { payload } : {}) })
  expect(answer.statusCode, answer.body).toBeLessThan(300)
  return answer.json()
}
const contactOf = async ({ email }: { email: string }) =>
  (await call('GET', `/contacts?email=${encodeURIComponent(email)}`)).data[0]

async function tell() {
  while (await relay(fresh.database.system, { webhooks: tellEndpoints }, quiet));
}

type Given = { events: string[]; state?: string; funnel_id?: string; filter?: EndpointFilter; workspace_id?: number }
async function endpoint({ events, state = 'active', funnel_id, filter, workspace_id = tenant.workspace_id }: Given) {
  const [row] = await fresh.database.system<{ id: number }[]>`
    with added as (
      insert into endpoints (workspace_id, name, url, events, state, funnel_id, filter)
      values (${workspace_id}, 'Receiver', 'https://receiver.example', ${events}, ${state}, ${funnel_id ?? null},
              ${filter ? JSON.stringify(filter) : null}::text::jsonb)
      returning workspace_id, id
    )
    insert into endpoint_turns (workspace_id, endpoint_id) select workspace_id, id from added returning endpoint_id as id`
  return row!.id
}

/** The bodies that wait for an endpoint, in the order in which they are sent. Each is held against the catalogue. */
async function waiting(endpoint_id: number): Promise<Body[]> {
  const rows = await fresh.database.system<{ payload: string }[]>`
    select m.payload
      from deliveries d
      join webhook_messages m on m.workspace_id = d.workspace_id and m.id = d.message_id
     where d.endpoint_id = ${endpoint_id}
     order by d.run_at, d.id`
  const bodies = rows.map(({ payload }) => JSON.parse(payload) as Body)
  for (const { event, data } of bodies) {
    const entry = findWebhookEvent(event)
    if (entry && !shapes.validate(entry.schema, data)) expect.fail(`${event}: ${shapes.errorsText()} ${JSON.stringify(data)}`)
  }
  return bodies
}
const namesFor = async (endpoint_id: number) => (await waiting(endpoint_id)).map(({ event }) => event)

describe('what an event becomes', () => {
  test('a registration says who, what they typed, and where they came from', async () => {
    const id = await endpoint({ events: ['registration'] })
    const timestamp = '2026-05-04T08:30:00.250Z'
    const url = 'https://bread.example/learn?utm_source=letter&utm_medium=email&utm_campaign=may&ref=mei'
    const properties = { ...traitsOf(sarah), email: sarah.email, funnel_id: 'f1' }
    await send(
      track('registration', { anonymousId: sarah.laptop, timestamp, messageId: 'm-1', properties, context: { page: { url } } }),
    )
    await tell()
    const contact = await contactOf(sarah)
    expect(await waiting(id)).toEqual([
      {
        event: 'registration',
        contact: {
          id: contact.id,
          email: sarah.email,
          first_name: 'Sarah',
          last_name: 'Johnson',
          phone: sarah.phone,
          user_id: null,
          name: 'Sarah Johnson',
          stage: 'lead',
          segment: 'no_show',
          watch_percentage: 0,
          owner_id: null,
          country_code: null,
          custom: {},
          utm_source: 'letter',
          utm_medium: 'email',
          utm_campaign: 'may',
          utm_term: null,
          utm_content: null,
          referral_code: 'mei',
          properties: contact.properties,
        },
        data: {
          ...properties,
          event_id: expect.any(Number),
          message_id: 'm-1',
          distinct_id: sarah.laptop,
          stage: 'lead',
          segment: 'no_show',
          url,
        },
        timestamp,
      },
    ])
    const [message] = await fresh.database.system`select * from webhook_messages where workspace_id = ${tenant.workspace_id}`
    expect(message).toMatchObject({
      id: expect.stringMatching(/^msg_/),
      contact_id: contact.id,
      funnel_id: 'f1',
      event: 'registration',
    })
  })

  test('without an identity the contact is null, and afterwards it is who they turned out to be', async () => {
    const id = await endpoint({ events: ['video_started'] })
    await send(track('video_started', { anonymousId: john.laptop }))
    await tell()
    await send(identify({ anonymousId: john.laptop, userId: john.user_id, traits: traitsOf(john) }))
    await send(track('video_started', { anonymousId: john.laptop }))
    await tell()
    const [before, after] = await waiting(id)
    expect(before).toMatchObject({ contact: null, data: { distinct_id: john.laptop, stage: null, segment: null } })
    expect(after!.contact).toMatchObject({ email: john.email, user_id: john.user_id })
  })

  test('video progress is sent at the quarters only, and as a whole number', async () => {
    const id = await endpoint({ events: ['video_progress'] })
    const shares = [10, 24.9, 25, 30, 50, '75', 75.9, 99.99, 100, null]
    await send(
      ...shares.map((watch_percentage, k) =>
        track('video_progress', {
          anonymousId: sally.laptop,
          timestamp: new Date(Date.now() - 60_000 + k).toISOString(),
          properties: { watch_percentage },
        }),
      ),
      track('video_progress', { anonymousId: sally.laptop }),
    )
    await tell()
    expect((await waiting(id)).map(({ data }) => data.watch_percentage)).toEqual([25, 50, 75, 75, 100])
  })

  test('a purchase and a booking are conversions, with what they are worth', async () => {
    const id = await endpoint({ events: ['conversion'] })
    const timestamp = (k: number) => new Date(Date.now() - 60_000 + k).toISOString()
    const buy = { amount: 249.5, currency: 'EUR', order_id: 77 }
    await send(
      track('purchase_completed', { anonymousId: bob.laptop, timestamp: timestamp(1), properties: buy }),
      track('purchase_completed', {
        anonymousId: bob.laptop,
        timestamp: timestamp(2),
        properties: { revenue: '19.90', type: 'x' },
      }),
      track('call_booked', {
        anonymousId: bob.laptop,
        timestamp: timestamp(3),
        properties: { booking_id: 'call-1', amount: 'a lot' },
      }),
      track('conversion', { anonymousId: bob.laptop, timestamp: timestamp(4) }),
    )
    await tell()
    expect((await waiting(id)).map(({ data }) => data)).toMatchObject([
      { type: 'sale', value: 249.5, amount: 249.5, currency: 'EUR', order_id: '77', booking_id: null, source: 'event' },
      { type: 'sale', value: 19.9, amount: 19.9, currency: 'USD', order_id: null, booking_id: null },
      { type: 'appointment', value: 0, amount: 0, booking_id: 'call-1', lead_id: null },
    ])
  })

  test('a conversion is told once, wherever it comes from, with when it happened', async () => {
    const id = await endpoint({ events: ['*'] })
    const ledger = await endpoint({ events: ['conversion.*'] })
    const { id: contact_id } = await call('POST', '/contacts', { email: bob.email })
    const order = { contact_id, value: 12.5, order_id: 'A-1', converted_at: '2026-01-31T09:30:00.000Z' }
    await call('POST', '/conversions', order)
    await call('POST', '/conversions', order)
    await send(track('purchase_completed', { anonymousId: bob.laptop, properties: { order_id: 'A-1', amount: 12.5 } }))
    await tell()
    const told = (await waiting(id)).filter(({ event }) => event.startsWith('conversion'))
    expect(told).toMatchObject([
      {
        event: 'conversion',
        contact: { id: contact_id, stage: 'converted' },
        data: {
          type: 'sale',
          value: 12.5,
          order_id: 'A-1',
          source: 'api',
          conversion_id: expect.any(Number),
          stage: 'converted',
        },
        timestamp: order.converted_at,
      },
    ])
    const [conversion_id] = told.map(({ data }) => data.conversion_id)
    await call('POST', `/conversions/${conversion_id}/refunds`, {})
    await tell()
    expect(await namesFor(ledger)).toEqual(['conversion.created', 'conversion.refunded'])
    expect(await namesFor(id)).toContain('conversion.refunded')
  })

  test('a conversion of a funnel is heard by the endpoint of that funnel alone', async () => {
    const id = await endpoint({ events: ['conversion'], funnel_id: 'f1' })
    for (const funnel_id of ['f1', 'f2'])
      await send(track('purchase_completed', { anonymousId: bob.laptop, properties: { funnel_id, amount: 1 } }))
    await tell()
    expect((await waiting(id)).map(({ data }) => data.funnel_id)).toEqual(['f1'])
  })

  test('what the client says of ids, stage and segment does not replace ours', async () => {
    const id = await endpoint({ events: ['enrollment_viewed'] })
    const properties = {
      event_id: 1,
      message_id: 'mine',
      distinct_id: 'x',
      stage: 'converted',
      segment: 'hot',
      url: 7,
      own: true,
    }
    await send(track('enrollment_viewed', { anonymousId: mei.laptop, messageId: 'm-2', properties }))
    await tell()
    const [body] = await waiting(id)
    expect(body!.data).toMatchObject({
      message_id: 'm-2',
      distinct_id: mei.laptop,
      stage: null,
      segment: null,
      url: '7',
      own: true,
    })
    expect(body!.data.event_id).toBeGreaterThan(1)
  })

  test("bots' events are not sent", async () => {
    const id = await endpoint({ events: ['*', 'page_viewed', 'crawled'] })
    const robot = { userAgent: 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)' }
    await send(
      track('crawled', { anonymousId: 'somebody' }),
      track('crawled', { anonymousId: 'robot', context: robot }),
      track('video_started', { anonymousId: 'robot', context: robot }),
      track('crawled', { anonymousId: 'nobody-special' }),
    )
    await tell()
    expect((await waiting(id)).map(({ data }) => data.distinct_id).sort()).toEqual(['nobody-special', 'somebody'])
  })
})

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
    await fresh.database.system`
      insert into activities (workspace_id, action, actor, subject_id, after)
      values (${tenant.workspace_id}, 'endpoint.paused', '{"kind": "system"}', '1', '{"reason": "It answered 410 Gone."}')`
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

  test('an endpoint of a funnel hears that funnel alone', async () => {
    const [one, all] = [await endpoint({ events: ['*'], funnel_id: 'f1' }), await endpoint({ events: ['funnel.*'] })]
    for (const funnel_id of ['f1', 'f2', undefined])
      await send(track('video_started', { anonymousId: mei.mobile, properties: { funnel_id } }))
    await tell()
    expect((await waiting(one)).map(({ data }) => data.funnel_id)).toEqual(['f1'])
    expect(await waiting(all)).toHaveLength(3)
  })
})

describe('what people change', () => {
  test('a merge and its undoing show the contact that stands, then both', async () => {
    const id = await endpoint({ events: ['contact.*', 'video_started'] })
    const [winner, loser] = [
      await call('POST', '/contacts', { email: sally.email }),
      await call('POST', '/contacts', { phone: sarah.phone }),
    ]
    await send(identify({ anonymousId: sarah.laptop, traits: { phone: sarah.phone } }))
    await tell()
    await call('POST', `/contacts/${winner.id}/merge`, { other_id: loser.id })
    await send(track('video_started', { anonymousId: sarah.laptop }))
    await tell()
    expect(await waiting(id)).toMatchObject([
      { event: 'contact.created', contact: { id: winner.id, email: sally.email }, data: { actor: { kind: 'key' } } },
      { event: 'contact.created', contact: { id: loser.id, phone: sarah.phone } },
      {
        event: 'contact.merged',
        contact: { id: winner.id, phone: sarah.phone },
        data: { after: { winner_id: winner.id, loser_id: loser.id } },
      },
      { event: 'video_started', contact: { id: winner.id } },
      {
        event: 'contact.stage_changed',
        contact: { id: winner.id },
        data: { before: { stage: 'lead' }, after: { stage: 'engaged' } },
      },
    ])
    const { data } = (await waiting(id)).find(({ event }) => event === 'contact.merged')!
    await call('POST', `/contacts/merges/${data.subject_id}/undo`)
    await tell()
    const undone = (await waiting(id)).filter(({ event }) => event === 'contact.unmerged')
    expect(undone.map(({ contact }) => contact!.id).sort()).toEqual([winner.id, loser.id].sort())
  })

  test('what was told late is about the contact that the merged one is part of', async () => {
    const id = await endpoint({ events: ['contact.created'] })
    const [winner, loser] = [
      await call('POST', '/contacts', { email: john.email }),
      await call('POST', '/contacts', { email: jane.email }),
    ]
    const top = await call('POST', '/contacts', { email: bob.email })
    await call('POST', `/contacts/${winner.id}/merge`, { other_id: loser.id })
    await call('POST', `/contacts/${top.id}/merge`, { other_id: winner.id })
    await tell()
    expect((await waiting(id)).map(({ contact }) => contact!.id)).toEqual([top.id, top.id, top.id])
  })

  test('links by hand and their undoing, settings, keys and members', async () => {
    const id = await endpoint({ events: ['visitor.*', 'identity.*', 'workspace.updated', 'key.*'] })
    const contact = await call('POST', '/contacts', { email: mei.email })
    await send(alias('mei-1', 'mei-2'))
    const { data: before } = await call('GET', `/contacts/${contact.id}/visitors`)
    expect(before).toEqual([])
    await call('POST', `/contacts/${contact.id}/visitors`, { distinct_id: 'mei-2' })
    const { data: visitors } = await call('GET', `/contacts/${contact.id}/visitors`)
    await call(
      'DELETE',
      `/contacts/${contact.id}/visitors/${visitors.find((one: { distinct_id: string }) => one.distinct_id === 'mei-2').id}`,
    )
    await call('PATCH', `/workspaces/${tenant.workspace_id}`, { currency: 'EUR' })
    await call('POST', '/keys', { kind: 'write', name: 'Shop' })
    await tell()
    expect([...new Set(await namesFor(id))].sort()).toEqual([
      'identity.link_undone',
      'key.created',
      'visitor.linked',
      'visitor.unlinked',
      'workspace.updated',
    ])
  })
})

describe('who is told', () => {
  test('the endpoints of the workspace, and of no other', async () => {
    const ours = await endpoint({ events: ['*', 'x'] })
    const theirs = await endpoint({ events: ['*', 'x'], workspace_id: fresh.workspace_id })
    await send(track('x', { anonymousId: sally.laptop }), identify({ anonymousId: sally.laptop, traits: traitsOf(sally) }))
    const payload = track('x', { anonymousId: bob.laptop })
    await fresh.app.inject({ method: 'POST', url: '/v1/track', payload, headers: basic(fresh.write_key) })
    await tell()
    expect((await waiting(ours)).map(({ data }) => data.distinct_id ?? 'a change')).toEqual([sally.laptop, 'a change'])
    expect((await waiting(theirs)).map(({ data }) => data.distinct_id)).toEqual([bob.laptop])
    expect(
      await fresh.database.system`
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
    expect(await fresh.database.system`select from webhook_messages where workspace_id = ${tenant.workspace_id}`).toHaveLength(1)
  })

  test('what was told already is not told again, whoever asks', async () => {
    const id = await endpoint({ events: ['contact.created'] })
    await call('POST', '/contacts', { email: jane.email })
    await tell()
    await fresh.database.system`update activities set told = false where workspace_id = ${tenant.workspace_id}`
    await tell()
    expect(await namesFor(id)).toEqual(['contact.created'])
  })

  test('a paused one finds it later, a deleted one never', async () => {
    const [active, paused, deleted] = [
      await endpoint({ events: ['*'] }),
      await endpoint({ events: ['*'], state: 'paused' }),
      await endpoint({ events: ['*'] }),
    ]
    await fresh.database.system`update endpoints set deleted_at = now() where id = ${deleted}`
    await send(track('video_started', { anonymousId: sally.laptop }))
    await tell()
    const states = await fresh.database.system`
      select endpoint_id, state, due_at is not null as is_due
        from deliveries join endpoint_turns using (workspace_id, endpoint_id) where workspace_id = ${tenant.workspace_id} order by endpoint_id`
    expect(states).toEqual([
      { endpoint_id: active, state: 'queued', is_due: true },
      { endpoint_id: paused, state: 'held', is_due: false },
    ])
  })

  test('one that is paused while it is told finds what is held, and nothing is sent', async () => {
    const id = await endpoint({ events: ['*'] })
    await send(track('video_started', { anonymousId: sally.laptop }))
    const { system } = fresh.database
    let telling: Promise<void> | undefined
    await system.begin(async sql => {
      await sql`select from endpoint_turns where endpoint_id = ${id} for update`
      telling = tell()
      await new Promise(resolve => setTimeout(resolve, 300))
      await sql`update endpoints set state = 'paused', paused_by = 'person' where id = ${id}`
    })
    await telling
    expect(await system`select state from deliveries where endpoint_id = ${id}`).toEqual([{ state: 'held' }])
  })

  test('an endpoint that is due earlier or later is due now, and whoever delivers is woken', async () => {
    const id = await endpoint({ events: ['*'] })
    const { system } = fresh.database
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
    await new Promise(resolve => setTimeout(resolve, 100))
    expect(woken).toBe(3)
    await listening.unlisten()
  })
})

test('five hundred events of several workspaces take as many statements as one', async () => {
  const tenants = [tenant, await fresh.another(), await fresh.another()]
  for (const { workspace_id } of tenants) await endpoint({ events: ['*', 'x'], workspace_id })
  const count = await countStatements()
  const tellOf = async (per_tenant: number) => {
    for (const one of tenants) {
      const events = Array.from({ length: per_tenant }, (_, k) => track('x', { anonymousId: `many-${k}` }))
      const named = Array.from({ length: per_tenant }, (_, k) =>
        identify({ anonymousId: `many-${k}`, traits: { email: `m${k}@example.com` } }),
      )
      const payload = batch(...events, ...named)
      await fresh.app.inject({ method: 'POST', url: '/v1/batch', payload, headers: basic(one.write_key) })
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
  const [queued] = await fresh.database.system<{ deliveries: number }[]>`
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
  const sql = postgres(fresh.database.url, {
    max: 1,
    connection: { role: 'throughline_system' },
    types: fresh.database.system.options.types as never,
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
    const headers = bearer(tenant.secret_key)
    const url = `/api/v1/endpoints/${id}`
    const wrong = await fresh.app.inject({ method: 'PATCH', url, headers, payload: { purpose: 'none such' } })
    expect([wrong.statusCode, wrong.json().error.fields]).toEqual([422, { purpose: expect.stringContaining('no purpose') }])
  })
})
