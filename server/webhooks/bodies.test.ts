import { describe, expect, test } from 'vitest'
import { alias, bob, identify, jane, john, mei, sally, sarah, track, traitsOf } from '../../test/people.ts'
import { openTelling } from './tell.fixture.ts'

const telling = openTelling()
const { call, contactOf, endpoint, namesFor, send, tell, waiting } = telling

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
    const [message] = await telling.fresh.database
      .system`select * from webhook_messages where workspace_id = ${telling.tenant.workspace_id}`
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
    await call('PATCH', `/workspaces/${telling.tenant.workspace_id}`, { currency: 'EUR' })
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
