import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { FunnelPeople, FunnelPeopleQuery, FunnelQuery, FunnelReport } from '../../../shared/funnel-report.ts'
import { type FreshApp, freshApp, type Tenant } from '../../../test/app.ts'
import { basic, batch, bearer, identify, john, page, sally, sarah, track, traitsOf } from '../../../test/people.ts'
import { open } from '../../database/connect.ts'
import { turnstile } from '../../database/in-turn.ts'

let fresh: FreshApp
let tenant: Tenant
beforeAll(async () => {
  fresh = await freshApp()
})
beforeEach(async () => {
  tenant = await fresh.another()
})

const ask = (url: string, payload: object) =>
  fresh.app.inject({ method: 'POST', url: `/api/v1${url}`, payload, headers: bearer(tenant.secret_key) })
const funnel = async (query: FunnelQuery): Promise<FunnelReport> => {
  const answer = await ask('/reports/funnel', query)
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json()
}
const people = async (query: FunnelPeopleQuery): Promise<FunnelPeople> => {
  const answer = await ask('/reports/funnel/people', query)
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json()
}
const send = async (...messages: unknown[]) => {
  const headers = basic(tenant.write_key)
  const answer = await fresh.app.inject({ method: 'POST', url: '/v1/batch', payload: batch(...messages), headers })
  expect(answer.statusCode, answer.body).toBe(200)
}
const NOW = Date.now() // one for all: what is 40 minutes apart is not a millisecond more
const ago = (minutes: number) => new Date(NOW - minutes * 60_000).toISOString()
const did = (anonymousId: string, event: string, minutes: number, properties = {}) =>
  track(event, { anonymousId, timestamp: ago(minutes), properties })
const counts = ({ steps }: Pick<FunnelReport, 'steps'>) => steps.map(step => step.people)
const WAY = [{ event: 'look' }, { event: 'try' }, { event: 'buy' }]

describe('a funnel of any events', () => {
  test('counts each person once, in the order of the steps, with rates and times', async () => {
    await send(
      did(sally.laptop, 'look', 100),
      did(sally.laptop, 'look', 95),
      did(sally.laptop, 'try', 90),
      did(sally.laptop, 'buy', 80),
      did(john.laptop, 'try', 100),
      did(john.laptop, 'look', 90),
      did(john.laptop, 'try', 60),
      did(sarah.laptop, 'look', 50),
      did(sarah.laptop, 'buy', 40),
    )
    const { steps, ...report } = await funnel({ steps: WAY })
    expect(report).toMatchObject({ time_zone: 'UTC', window_minutes: 10_080, groups: [], others: null })
    expect(steps).toMatchObject([
      { step: 1, people: 3, rate: 1, step_rate: 1, median_seconds: null, mean_seconds: null },
      { step: 2, people: 2, rate: 0.6667, step_rate: 0.6667 },
      { step: 3, people: 1, rate: 0.3333, step_rate: 0.5 },
    ])
    expect(steps[1]!.median_seconds).toBeCloseTo(20 * 60, 0)
    expect(steps[2]!.mean_seconds).toBeCloseTo(10 * 60, 0)
  })

  test('takes what one person did on two devices as one way', async () => {
    await send(did(sally.laptop, 'look', 30), did(sally.mobile, 'try', 20))
    expect(counts(await funnel({ steps: WAY }))).toEqual([1, 0, 0])
    const form = { traits: traitsOf(sally) }
    await send(identify({ anonymousId: sally.laptop, ...form }), identify({ anonymousId: sally.mobile, ...form }))
    expect(counts(await funnel({ steps: WAY }))).toEqual([1, 1, 0])
  })

  test('ends with the window, and wants the same event to happen again for each step that it is', async () => {
    await send(did(sally.laptop, 'look', 100), did(sally.laptop, 'try', 60), did(john.laptop, 'look', 100))
    await send(did(john.laptop, 'look', 95))
    expect(counts(await funnel({ steps: WAY, window_minutes: 40 }))).toEqual([2, 1, 0])
    expect(counts(await funnel({ steps: WAY, window_minutes: 39 }))).toEqual([2, 0, 0])
    const twice = [{ event: 'look' }, { event: 'look' }]
    expect(counts(await funnel({ steps: twice }))).toEqual([2, 1])
  })

  test('lets people begin on the days of the period in its time zone, and go on after it', async () => {
    const at = (timestamp: string) => ({ anonymousId: sally.laptop, timestamp })
    await send(track('look', at('2026-03-01T22:30:00Z')), track('try', at('2026-03-02T21:00:00Z')))
    const on = (day: string, time_zone: string) => funnel({ steps: WAY, from: day, to: day, time_zone })
    expect(counts(await on('2026-03-01', 'UTC'))).toEqual([1, 1, 0])
    expect(counts(await on('2026-03-02', 'UTC'))).toEqual([0, 0, 0])
    expect(counts(await on('2026-03-02', 'Asia/Tokyo'))).toEqual([1, 1, 0])
    expect(counts(await on('2026-03-01', 'Asia/Tokyo'))).toEqual([0, 0, 0])
    await fresh.database.system`update workspaces set time_zone = 'Asia/Tokyo' where id = ${tenant.workspace_id}`
    const report = await funnel({ steps: WAY, from: '2026-03-02', to: '2026-03-02' })
    expect(report.time_zone).toBe('Asia/Tokyo')
    expect(counts(report)).toEqual([1, 1, 0])
    expect(await funnel({ steps: WAY, days: 2, to: '2026-03-02' })).toMatchObject({ from: '2026-03-01', to: '2026-03-02' })
  })

  test('asks of properties whether they are something, contain something or are there at all', async () => {
    await send(
      did(sally.laptop, 'look', 50, { plan: 'Pro yearly', seats: 10, trial: true }),
      did(john.laptop, 'look', 50, { plan: 'free', seats: 10.5, trial: null }),
    )
    const held = async (condition: NonNullable<FunnelQuery['steps'][0]['conditions']>[0]) =>
      counts(await funnel({ steps: [{ event: 'look', conditions: [condition] }] }))[0]
    expect(await held({ property: 'plan', operator: 'equals', value: 'Pro yearly' })).toBe(1)
    expect(await held({ property: 'plan', operator: 'equals', value: 'pro yearly' })).toBe(0)
    expect(await held({ property: 'plan', operator: 'contains', value: 'PRO' })).toBe(1)
    expect(await held({ property: 'seats', operator: 'equals', value: 10 })).toBe(1)
    expect(await held({ property: 'seats', operator: 'equals', value: '10' })).toBe(1)
    expect(await held({ property: 'trial', operator: 'equals', value: true })).toBe(1)
    expect(await held({ property: 'trial', operator: 'is_set' })).toBe(1)
    expect(await held({ property: 'seats', operator: 'is_set' })).toBe(2)
    expect(await held({ property: 'colour', operator: 'is_set' })).toBe(0)
  })

  test('is broken down by first touch, country, device and a property of the first step, with the rest in others', async () => {
    const phone =
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Mobile/15E148 Safari/604.1'
    const visit = (anonymousId: string, source: string, userAgent?: string) =>
      page('Home', { anonymousId, timestamp: ago(60), context: { campaign: { source }, ...(userAgent && { userAgent }) } })
    await send(visit(sally.laptop, 'google', phone), visit(john.laptop, 'google'), visit(sarah.laptop, 'meta'))
    await send(did(sally.laptop, 'try', 50), did(sarah.laptop, 'try', 50))
    const steps = [{ event: 'page_viewed' }, { event: 'try' }]
    const by = async (breakdown: NonNullable<FunnelQuery['breakdown']>, limit = 10) => {
      const { groups, others } = await funnel({ steps, breakdown, limit })
      return [groups.map(group => [group.value, ...counts(group)]), others && [others.groups, ...counts(others)]]
    }
    expect(await by({ by: 'utm_source' })).toEqual([
      [
        ['google', 2, 1],
        ['meta', 1, 1],
      ],
      null,
    ])
    expect(await by({ by: 'utm_source' }, 1)).toEqual([[['google', 2, 1]], [1, 1, 1]])
    // Who is known by now keeps where they came from.
    await send(identify({ anonymousId: sally.laptop, traits: traitsOf(sally) }))
    expect(await by({ by: 'utm_source' }, 1)).toEqual([[['google', 2, 1]], [1, 1, 1]])
    expect(await by({ by: 'device' })).toEqual([expect.arrayContaining([['mobile', 1, 1]]), null])
    expect(await by({ by: 'country' })).toEqual([[['', 3, 2]], null])
    expect(await by({ by: 'property', property: 'name' })).toEqual([[['Home', 3, 2]], null])
  })

  test('leaves bots out, and of contacts those in another stage or segment', async () => {
    const bot = { userAgent: 'Googlebot/2.1 (+http://www.google.com/bot.html)' }
    await send(track('look', { anonymousId: 'bot', context: bot }), did(sally.laptop, 'look', 60), did(john.laptop, 'look', 60))
    await send(
      identify({ anonymousId: sally.laptop, traits: traitsOf(sally) }),
      track('video_progress', { anonymousId: sally.laptop, properties: { watch_percentage: 80, video_id: 'v' } }),
    )
    const steps = [{ event: 'look' }]
    expect(counts(await funnel({ steps }))).toEqual([2])
    expect(counts(await funnel({ steps, segment: 'hot' }))).toEqual([1])
    expect(counts(await funnel({ steps, segment: 'sampler' }))).toEqual([0])
    expect(counts(await funnel({ steps, stage: 'converted' }))).toEqual([0])
  })

  test('shows who reached a step and who dropped off before it', async () => {
    await send(
      did(sally.laptop, 'look', 60),
      did(sally.laptop, 'try', 50),
      did(john.laptop, 'look', 40),
      did('nobody', 'look', 30),
    )
    await send(identify({ anonymousId: sally.laptop, traits: traitsOf(sally) }))
    await send(identify({ anonymousId: john.laptop, traits: traitsOf(john) }))
    const reached = await people({ steps: WAY, step: 1, outcome: 'reached' })
    expect(reached).toMatchObject({ contacts: 2, visitors: 1, next_cursor: null })
    expect(reached.data).toMatchObject([
      { name: 'John Doe', email: john.email, stage: 'lead', last_step: 1 },
      { name: 'Sally Susa', last_step: 2 },
    ])
    const dropped = await people({ steps: WAY, step: 2, outcome: 'dropped' })
    expect(dropped).toMatchObject({ contacts: 1, visitors: 1, data: [{ name: 'John Doe' }] })
    const first = await people({ steps: WAY, step: 1, outcome: 'reached', limit: 1 })
    expect(first.data).toMatchObject([{ name: 'John Doe' }])
    const next = await people({ steps: WAY, step: 1, outcome: 'reached', limit: 1, cursor: first.next_cursor! })
    expect(next).toMatchObject({ data: [{ name: 'Sally Susa' }], next_cursor: null, contacts: 2 })
    const breakdown = { by: 'property' as const, property: 'plan' }
    expect(await people({ steps: WAY, step: 1, outcome: 'reached', breakdown, value: 'pro' })).toMatchObject({ contacts: 0 })
    expect(await people({ steps: WAY, step: 1, outcome: 'reached', breakdown, value: '' })).toMatchObject({ contacts: 2 })
  })

  test('is empty, and not an error, where nothing happened', async () => {
    expect((await funnel({ steps: WAY, breakdown: { by: 'device' } })).steps).toMatchObject([
      { step: 1, people: 0, rate: null, step_rate: null, median_seconds: null },
      { step: 2, people: 0 },
      { step: 3, people: 0 },
    ])
    expect(await people({ steps: WAY, step: 1, outcome: 'reached' })).toEqual({
      data: [],
      next_cursor: null,
      contacts: 0,
      visitors: 0,
    })
  })
})

describe('what cannot be computed', () => {
  test.each([
    [{ steps: [] }, 'steps'],
    [{ steps: Array.from({ length: 21 }, () => ({ event: 'look' })) }, 'steps'],
    [{ steps: WAY, colour: 'red' }, 'colour'],
    [{ steps: [{ event: 'look', colour: 'red' }] }, 'steps.0.colour'],
    [{ steps: WAY, window_minutes: 129_601 }, 'window_minutes'],
    [{ steps: WAY, window_minutes: 0 }, 'window_minutes'],
    [{ steps: WAY, time_zone: 'Mars/Olympus' }, 'time_zone'],
    [{ steps: WAY, breakdown: { by: 'property' } }, 'breakdown.property'],
    [{ steps: WAY, breakdown: { by: 'colour' } }, 'breakdown.by'],
    [{ steps: [{ event: 'look', conditions: [{ property: 'a', operator: 'equals' }] }] }, 'steps.0.conditions.0.value'],
    [{ steps: WAY, from: '2026-03-02', to: '2026-03-01' }, 'from'],
    [{ steps: WAY, from: '2020-01-01', to: '2026-03-01' }, 'from'],
  ])('%j is refused with the field that is wrong', async (query, field) => {
    const answer = await ask('/reports/funnel', query)
    expect(answer.statusCode).toBeLessThan(423)
    expect(Object.keys(answer.json().error.fields)).toEqual([field])
  })

  test.each([
    [{ step: 4, outcome: 'reached' }, 'step'],
    [{ step: 1, outcome: 'dropped' }, 'step'],
    [{ step: 1, outcome: 'reached', value: 'x' }, 'value'],
    [{ step: 1, outcome: 'reached', groups: 2 }, 'groups'],
    [{ step: 1, outcome: 'reached', groups: 2, value: 'x', breakdown: { by: 'country' } }, 'groups'],
  ])('nobody is shown for %j', async (query, field) => {
    const answer = await ask('/reports/funnel/people', { steps: WAY, ...query })
    expect(answer.statusCode).toBe(422)
    expect(Object.keys(answer.json().error.fields)).toEqual([field])
  })

  test('what takes too long is given up with what to narrow, and leaves its place to the next', async () => {
    const run = turnstile(fresh.database, { at_once: 1, patience_ms: 50 })
    const long = () => run(tenant.workspace_id, sql => sql`select pg_sleep(60)`)
    for (const one of await Promise.allSettled([long(), long()]))
      expect(one).toMatchObject({ status: 'rejected', reason: { code: 'took_too_long', status: 422 } })
    expect(await run(tenant.workspace_id, sql => sql`select 1 as one`)).toMatchObject([{ one: 1 }])
  })

  test('a question is given up by the database as soon as nobody waits for its answer', async () => {
    const url = await fresh.listen()
    // Two connections: one keeps the events locked, the other looks at who waits for them.
    const owner = open(fresh.database.url, undefined, 2)
    const waiting = () => owner`select from pg_stat_activity where wait_event_type = 'Lock' and query like '%with begun as%'
                                   and datname = current_database()`
    const waited = (queries: number) => expect.poll(async () => (await waiting()).length, { timeout: 20_000 }).toBe(queries)
    await owner.begin(async sql => {
      await sql`lock table events in access exclusive mode`
      const left = new AbortController()
      const answer = fetch(`${url}/api/v1/reports/funnel`, {
        method: 'POST',
        headers: { ...bearer(tenant.secret_key), 'content-type': 'application/json' },
        body: JSON.stringify({ steps: WAY }),
        signal: left.signal,
      })
      await waited(1)
      left.abort()
      await expect(answer).rejects.toThrow('aborted')
      await waited(0)
    })
    await owner.end()
    expect(counts(await funnel({ steps: WAY }))).toEqual([0, 0, 0])
  })

  test('a question whose asker left while it waited for its turn is not begun, and leaves its place to the next', async () => {
    const run = turnstile(fresh.database, { at_once: 1 })
    const left = run(tenant.workspace_id, sql => sql`select 1 as one`, AbortSignal.abort())
    await expect(left).rejects.toMatchObject({ code: 'took_too_long' })
    expect(await run(tenant.workspace_id, sql => sql`select 1 as one`)).toMatchObject([{ one: 1 }])
  })

  test('who would wait too long for a turn is told when to come back, and takes nobody’s place', async () => {
    let release = () => {}
    const held = new Promise<void>(resolve => {
      release = resolve
    })
    const busy = { code: 'overloaded', status: 503, retry_after: 10 }
    const quick = turnstile(fresh.database, { at_once: 1, turn_ms: 1 })
    const first = quick(tenant.workspace_id, async () => held)
    await expect(quick(tenant.workspace_id, async () => 'never')).rejects.toMatchObject(busy)
    const none = turnstile(fresh.database, { at_once: 1, waiting: 0 })
    const other = none(tenant.workspace_id, async () => held)
    await expect(none(tenant.workspace_id, async () => 'never')).rejects.toMatchObject(busy)
    release()
    await Promise.all([first, other])
    expect(await quick(tenant.workspace_id, async () => 'now')).toBe('now')
  })
})
