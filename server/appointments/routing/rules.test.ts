import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { RoutingRule, RoutingRuleVersion } from '../../../shared/routing.ts'
import { type FreshApp, freshApp } from '../../../test/app.ts'
import { inWorkspace } from '../../database/transaction.ts'
import { hoursFromNow } from '../diary.fixture.ts'
import { routeAppointments } from './route.ts'
import { type Dispatch, dispatchOf, toPerson, toPool } from './routing.fixture.ts'

let fresh: FreshApp
let dispatch: Dispatch
let anna: number
let ben: number
beforeAll(async () => {
  fresh = await freshApp()
})
beforeEach(async () => {
  dispatch = dispatchOf(fresh, await fresh.another())
  ;[anna, ben] = [await dispatch.staff(), await dispatch.staff()]
})

const give = async (given: object = {}) => (await dispatch.book(given)).assigned_to
const order = async () => (await dispatch.ask<{ data: RoutingRule[] }>('GET', '/routing-rules')).data.map(rule => rule.name)

test('without a rule nobody has it and it says why; whom somebody names has it whatever the rules say', async () => {
  const unrouted = await dispatch.book()
  expect(unrouted.assigned_to).toBe(null)
  expect(await dispatch.why(unrouted)).toMatchObject({ reason: 'no_rule', rule_id: null })
  await dispatch.rule({ target: toPerson(anna) })
  expect(await give()).toBe(anna)
  expect(await give({ assigned_to: ben })).toBe(ben)
  expect(await give({ assigned_to: null })).toBe(null)
})

test.each([
  ['products', { products: ['Solar', 'Roof'] }, [{ product: ' solar ' }, { product: 'ROOF' }], [{ product: 'heat pump' }, {}]],
  ['sources', { sources: ['google'] }, [{ source: 'Google' }], [{ source: 'bing' }, {}]],
  [
    'languages',
    { languages: ['en', 'de-AT'] },
    [{ language: 'EN' }, { language: 'en_US' }, { language: 'de-at' }],
    [{ language: 'de' }, {}],
  ],
  ['states', { states: ['ca', 'California'] }, [{ state: 'CA' }, { state: 'california' }], [{ state: 'NV' }]],
  ['countries', { countries: ['US'] }, [{ country: 'us' }], [{ country: 'CA' }]],
  [
    'ZIP codes',
    { zips: ['94110', 'SW1A 1AA'] },
    [{ zip_code: '94110-1234' }, { zip_code: 'sw1a1aa' }],
    [{ zip_code: '94111' }, {}],
  ],
  ['beginnings', { zip_prefixes: ['941', 'SW1'] }, [{ zip_code: '94199' }, { zip_code: 'sw1a 1aa' }], [{ zip_code: '94' }, {}]],
  ['scores', { score_from: 10, score_to: 20 }, [{ score: 10 }, { score: 20 }], [{ score: 9 }, { score: 21 }, {}]],
  ['types', { types: ['consultation'] }, [{}], []],
  ['other types', { types: ['roof_visit'] }, [], [{}]],
  ['days of validity', { valid_from: '2020-01-01', valid_until: '2099-12-31' }, [{}], []],
  ['days that are over', { valid_until: '2020-01-01' }, [], [{}]],
  ['days to come', { valid_from: '2099-01-01' }, [], [{}]],
  [
    'all at once',
    { products: ['solar'], states: ['CA'], zip_prefixes: ['94'] },
    [{ product: 'solar', state: 'CA', zip_code: '94110' }],
    [
      { product: 'solar', state: 'CA' },
      { product: 'solar', state: 'NV', zip_code: '94110' },
    ],
  ],
])('a rule for %s has those appointments only', async (_, matches, theirs, others) => {
  await dispatch.rule({ matches, target: toPerson(anna) })
  for (const given of theirs) expect([given, await give(given)]).toEqual([given, anna])
  for (const given of others) expect([given, await give(given)]).toEqual([given, null])
})

test('hours are those of the appointment, by the clock of their zone; a night belongs to the day on which it begins', async () => {
  const [year, next] = [
    new Date().getUTCFullYear() + 1,
    (day: number, clock: string) => `${new Date().getUTCFullYear() + 1}-07-${String(day).padStart(2, '0')}T${clock}:00Z`,
  ]
  // The first Monday of that July.
  const monday = [1, 2, 3, 4, 5, 6, 7].find(day => new Date(Date.UTC(year, 6, day)).getUTCDay() === 1)!
  await dispatch.rule({
    name: 'Day',
    matches: { hours: { time_zone: 'America/New_York', weekdays: [1, 2, 3, 4, 5], from: '09:00', until: '17:00' } },
    target: toPerson(anna),
  })
  await dispatch.rule({
    name: 'Night',
    matches: { hours: { time_zone: 'Asia/Kathmandu', weekdays: [1], from: '22:00', until: '06:00' } },
    target: toPerson(ben),
  })
  // New York is four hours behind in July, Kathmandu five hours and three quarters ahead.
  expect(await give({ scheduled_at: next(monday, '13:00') })).toBe(anna)
  expect(await give({ scheduled_at: next(monday, '12:59') })).toBe(null)
  expect(await give({ scheduled_at: next(monday + 1, '20:59') })).toBe(anna)
  expect(await give({ scheduled_at: next(monday + 1, '21:00') })).toBe(null)
  expect(await give({ scheduled_at: next(monday + 5, '15:00') })).toBe(null)
  expect(await give({ scheduled_at: next(monday + 7, '16:15'), duration_minutes: 5 })).toBe(anna)
  await dispatch.ask(
    'PATCH',
    `/routing-rules/${(await dispatch.ask<{ data: RoutingRule[] }>('GET', '/routing-rules?q=day')).data[0]!.id}`,
    { active: false },
  )
  expect(await give({ scheduled_at: next(monday + 14, '16:15') })).toBe(ben)
  expect(await give({ scheduled_at: next(monday + 14, '16:14') })).toBe(null)
  // Tuesday before six in the morning is still Monday's night; Monday before six is Sunday's.
  expect(await give({ scheduled_at: next(monday + 15, '00:15') })).toBe(null)
  expect(await give({ scheduled_at: next(monday + 14, '23:45'), duration_minutes: 5 })).toBe(ben)
  expect(await give({ scheduled_at: next(monday + 13, '23:00'), duration_minutes: 5 })).toBe(null)
})

test('what the appointment does not say is taken from its lead, then from its contact', async () => {
  await dispatch.rule({ matches: { products: ['solar'], zips: ['94110'], score_from: 50 }, target: toPerson(anna) })
  const lead = await dispatch.make({ product: 'solar', zip_code: '94110', score: 70 })
  expect(await give({ lead_id: lead.id })).toBe(anna)
  expect(await give({ lead_id: lead.id, product: 'boiler' })).toBe(null)
  await dispatch.rule({ matches: { states: ['NY'] }, target: toPerson(ben) })
  const contact = await dispatch.ask<{ id: number }>('POST', '/contacts', {
    email: 'ny@example.com',
    address: { state: 'NY' },
  })
  expect(await give({ contact_id: contact.id })).toBe(ben)
})

test('rules that share each of their values with many others are found by two of them at once', async () => {
  const [products, states] = [
    ['solar', 'roof', 'heat pump', 'windows'],
    ['CA', 'NV', 'TX', 'NY'],
  ]
  const pairs = products.flatMap(product => states.map(state => ({ product, state })))
  for (const { product, state } of pairs)
    await dispatch.rule({
      name: `${product} ${state}`,
      matches: { products: [product], states: [state] },
      target: toPerson(anna),
    })
  const rows = await fresh.database.system<{ dimension: string }[]>`
    select distinct dimension from routing_rule_keys where workspace_id = ${dispatch.workspace_id} order by 1`
  expect(rows.map(row => row.dimension)).toEqual(['products', 'products+states', 'states'])
  for (const { product, state } of pairs) {
    const why = await dispatch.why(await dispatch.book({ product: product.toUpperCase(), state: state.toLowerCase() }))
    expect(why.rule_name).toBe(`${product} ${state}`)
  }
  expect(await give({ product: 'solar', state: 'FL' })).toBe(null)
})

describe('the order', () => {
  test('is that in which rules are asked: the first that matches decides, and others make room', async () => {
    const rest = await dispatch.rule({ name: 'The rest', target: toPerson(ben) })
    const solar = await dispatch.rule({ name: 'Solar', matches: { products: ['solar'] }, target: toPerson(anna), position: 1 })
    expect([rest.position, solar.position]).toEqual([1, 1])
    expect(await order()).toEqual(['Solar', 'The rest'])
    expect([await give({ product: 'solar' }), await give()]).toEqual([anna, ben])
    await dispatch.ask('POST', `/routing-rules/${solar.id}/move`, { position: 2 })
    expect(await order()).toEqual(['The rest', 'Solar'])
    expect(await give({ product: 'solar' })).toBe(ben)
    await dispatch.ask('PATCH', `/routing-rules/${rest.id}`, { active: false })
    expect([await give({ product: 'solar' }), await give()]).toEqual([anna, null])
    await dispatch.ask('DELETE', `/routing-rules/${solar.id}`)
    expect(await give({ product: 'solar' })).toBe(null)
  })

  test('takes any place, also many times the same one', async () => {
    const first = await dispatch.rule({ name: '0', target: toPerson(anna) })
    await dispatch.rule({ name: 'last', target: toPerson(anna) })
    for (let k = 1; k <= 12; k++) await dispatch.rule({ name: String(k), target: toPerson(anna), position: 2 })
    expect(await order()).toEqual(['0', '12', '11', '10', '9', '8', '7', '6', '5', '4', '3', '2', '1', 'last'])
    await dispatch.ask('POST', `/routing-rules/${first.id}/move`, { position: 1000 })
    expect((await order()).slice(-2)).toEqual(['last', '0'])
    const pages = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query: string = `limit=5${cursor && `&cursor=${cursor}`}`
      const page = await dispatch.ask<{ data: RoutingRule[]; next_cursor: string | null }>('GET', `/routing-rules?${query}`)
      pages.push(...page.data.map(rule => rule.position))
      cursor = page.next_cursor
    }
    expect(pages).toEqual(Array.from({ length: 14 }, (_, k) => k + 1))
  })

  test('stays as it is when there is no number left between two, and all are numbered anew', async () => {
    const last = await dispatch.rule({ name: 'last', target: toPerson(ben) })
    const first = await dispatch.rule({ name: 'first', matches: { products: ['solar'] }, target: toPerson(anna), position: 1 })
    const { system } = fresh.database
    for (const [id, rank] of [
      [last.id, 1 + Number.EPSILON],
      [first.id, 1],
    ] as const) {
      await system`update routing_rules set rank = ${rank} where id = ${id}`
      await system`update routing_rule_keys set rank = ${rank} where rule_id = ${id}`
    }
    await dispatch.rule({ name: 'between', matches: { products: ['solar'] }, target: toPerson(ben), position: 2 })
    expect(await order()).toEqual(['first', 'between', 'last'])
    expect(await give({ product: 'solar' })).toBe(anna)
    await dispatch.ask('POST', `/routing-rules/${last.id}/move`, { position: 1 })
    expect(await give({ product: 'solar' })).toBe(ben)
  })
})

describe('who has no time', () => {
  test('is passed over by a pool, with the reason; without anybody else the fallback is asked', async () => {
    const pool = await dispatch.pool([anna, ben])
    const carl = await dispatch.staff()
    await dispatch.rule({ target: toPool(pool), fallback: [toPerson(carl)] })
    const scheduled_at = hoursFromNow(72)
    await dispatch.ask('POST', `/staff/${anna}/absences`, { starts_at: hoursFromNow(70), ends_at: hoursFromNow(80) })
    await dispatch.book({ scheduled_at, assigned_to: ben })
    const appointment = await dispatch.book({ scheduled_at })
    expect(appointment.assigned_to).toBe(carl)
    expect(await dispatch.why(appointment)).toMatchObject({
      reason: 'person',
      step: 1,
      rule_name: 'Rule',
      candidates: [anna, ben, carl],
      excluded: [
        { user_id: anna, pool_id: pool.id, reason: 'absent' },
        { user_id: ben, pool_id: pool.id, reason: 'booked' },
      ],
    })
    const third = await dispatch.book({ scheduled_at })
    expect(third.assigned_to).toBe(null)
    expect((await dispatch.why(third)).excluded).toContainEqual({ user_id: carl, pool_id: null, reason: 'booked' })
  })

  test('has it all the same with needs_free: false, but is not booked twice', async () => {
    const idle = await dispatch.staff({ hours: [] })
    await dispatch.rule({ target: toPool(await dispatch.pool([idle])), needs_free: false })
    const scheduled_at = hoursFromNow(72)
    expect(await give({ scheduled_at })).toBe(idle)
    const second = await dispatch.book({ scheduled_at })
    expect(second.assigned_to).toBe(null)
    expect((await dispatch.why(second)).excluded).toMatchObject([{ user_id: idle, reason: 'booked' }])
  })

  test('of several that come at once has as many as fit into their day and their time', async () => {
    const careful = await dispatch.staff({ daily_limit: 2 })
    await dispatch.rule({ target: toPool(await dispatch.pool([careful])), fallback: [toPerson(anna)] })
    const noon = `${hoursFromNow(96).slice(0, 10)}T12:00:00.000Z`
    const later = (minutes: number) => new Date(Date.parse(noon) + minutes * 60_000).toISOString()
    const { workspace_id } = dispatch
    const coming = [0, 30, 60, 120].map(minutes => ({
      workspace_id,
      appointment_id: null,
      contact_id: null,
      lead_id: null,
      type: 'consultation',
      scheduled_at: later(minutes),
      duration_minutes: 60,
    }))
    const decisions = await inWorkspace(fresh.database, workspace_id, sql => routeAppointments(sql, coming))
    expect(decisions.map(one => [one.user_id, one.excluded.map(each => each.reason)])).toEqual([
      [careful, []],
      [anna, ['booked']],
      [careful, []],
      [anna, ['daily_limit']],
    ])
  })

  test('keeps free around it what they or the type keep free', async () => {
    const careful = await dispatch.staff({ before_minutes: 60, after_minutes: 60 })
    await dispatch.rule({ target: toPool(await dispatch.pool([careful])) })
    expect(await give({ scheduled_at: hoursFromNow(72) })).toBe(careful)
    expect(await give({ scheduled_at: hoursFromNow(74) })).toBe(null)
    expect(await give({ scheduled_at: hoursFromNow(75) })).toBe(careful)
  })
})

test('a rule that says nobody leaves it in the list of what nobody has', async () => {
  await dispatch.rule({ matches: { countries: ['CA'] }, target: { kind: 'nobody' } })
  await dispatch.rule({ target: toPerson(anna) })
  const appointment = await dispatch.book({ country: 'CA' })
  expect((await dispatch.appointments('assigned_to=0&open=true')).map(each => each.id)).toEqual([appointment.id])
  expect(await dispatch.why(appointment)).toMatchObject({
    reason: 'nobody',
    sentence: expect.stringContaining('the rule says so'),
  })
})

test('a test is nobody’s and takes nobody’s turn', async () => {
  const pool = await dispatch.pool([{ user_id: anna, cap_day: 1 }])
  await dispatch.rule({ target: toPool(pool) })
  const tried = await dispatch.book({ is_test: true })
  expect([tried.assigned_to, (await dispatch.why(tried)).reason]).toEqual([null, 'test'])
  expect(await give()).toBe(anna)
})

describe('versions', () => {
  test('each publishing is one, with who and when; an earlier one is published again; decisions name theirs', async () => {
    const manager = await dispatch.hire('manager')
    const rule = await dispatch.rule({ name: 'One', target: toPerson(anna) })
    const before = await dispatch.book()
    await dispatch.as(manager).ask('PATCH', `/routing-rules/${rule.id}`, { name: 'Two', target: toPerson(ben) })
    const after = await dispatch.book()
    expect([before.assigned_to, after.assigned_to]).toEqual([anna, ben])
    const whys = [await dispatch.why(before), await dispatch.why(after)]
    expect(whys.map(({ rule_id, rule_version, rule_name }) => [rule_id, rule_version, rule_name])).toEqual([
      [rule.id, 1, 'One'],
      [rule.id, 2, 'Two'],
    ])
    const restored = await dispatch.ask<RoutingRule>('POST', `/routing-rules/${rule.id}/versions/1/restore`)
    expect(restored).toMatchObject({ name: 'One', version: 3, target: toPerson(anna) })
    expect(await give()).toBe(anna)
    const { data } = await dispatch.ask<{ data: RoutingRuleVersion[] }>('GET', `/routing-rules/${rule.id}/versions`)
    expect(data.map(each => [each.version, each.settings.name, each.published_by.kind])).toEqual([
      [3, 'One', 'key'],
      [2, 'Two', 'user'],
      [1, 'One', 'key'],
    ])
  })

  test('saying the same again is none, and neither is another place', async () => {
    const rule = await dispatch.rule({
      matches: { states: ['CA'], hours: { time_zone: 'UTC', from: '09:00' } },
      target: toPerson(anna),
    })
    const same = await dispatch.ask<RoutingRule>('PATCH', `/routing-rules/${rule.id}`, {
      matches: { hours: { from: '09:00', time_zone: 'UTC' }, states: ['CA'] },
    })
    expect(same).toEqual(rule)
    expect((await dispatch.ask<RoutingRule>('POST', `/routing-rules/${rule.id}/move`, { position: 5 })).version).toBe(1)
  })

  test('those of a deleted rule can be read, and say what a decision meant', async () => {
    const rule = await dispatch.rule({ name: 'Gone', target: toPerson(anna) })
    const appointment = await dispatch.book()
    await dispatch.ask('DELETE', `/routing-rules/${rule.id}`)
    expect((await dispatch.why(appointment)).rule_name).toBe('Gone')
    expect((await dispatch.ask<{ data: object[] }>('GET', `/routing-rules/${rule.id}/versions`)).data).toHaveLength(1)
    expect(await dispatch.answer('GET', '/routing-rules/999999/versions')).toMatchObject({ status: 404 })
  })

  test('who was faster is not overwritten', async () => {
    const rule = await dispatch.rule({ target: toPerson(anna) })
    await dispatch.ask('PATCH', `/routing-rules/${rule.id}`, { name: 'B', if_updated_at: rule.updated_at })
    expect(
      await dispatch.answer('PATCH', `/routing-rules/${rule.id}`, { name: 'C', if_updated_at: rule.updated_at }),
    ).toMatchObject({
      status: 409,
      code: 'conflict',
    })
  })
})

test.each([
  [{ target: { kind: 'person', user_id: 2_000_000_000 } }, { target: '2000000000 is no user of this workspace' }],
  [{ target: { kind: 'pool', pool_id: 2_000_000_000 } }, { target: '2000000000 is no pool of this workspace' }],
  [
    { target: { kind: 'workspace', workspace_id: 2_000_000_000 } },
    { target: expect.stringContaining('no other workspace of this organization') },
  ],
  [{ matches: { area_lists: [2_000_000_000] } }, { 'matches.area_lists': '2000000000 is no area list of this workspace' }],
  [
    { matches: { hours: { time_zone: 'Mars/Base' } } },
    { 'matches.hours.time_zone': expect.stringContaining('must be a time zone') },
  ],
  [
    { matches: { hours: { time_zone: 'UTC', from: '09:00', until: '09:00' } } },
    { 'matches.hours': expect.stringContaining('different times') },
  ],
  [{ matches: { score_from: 5, score_to: 4 } }, { 'matches.score_to': 'must not be below score_from' }],
  [
    { matches: { valid_from: '2026-05-02', valid_until: '2026-05-01' } },
    { 'matches.valid_until': 'must not be before valid_from' },
  ],
])('%j is refused in words', async (given, fields) => {
  const refused = await dispatch.answer('POST', '/routing-rules', { name: 'Wrong', target: { kind: 'nobody' }, ...given })
  expect(refused).toMatchObject({ status: 422, code: 'invalid_fields', fields })
})

describe('routing again by hand', () => {
  test('gives to whom the rules say now, and tells it', async () => {
    const appointment = await dispatch.book()
    expect(appointment.assigned_to).toBe(null)
    await dispatch.rule({ target: toPerson(ben) })
    const decision = await dispatch.ask('POST', `/appointments/${appointment.id}/route`)
    expect(decision).toMatchObject({ reason: 'person', target: toPerson(ben), actor: { kind: 'key' } })
    expect((await dispatch.find(appointment.id)).assigned_to).toBe(ben)
    expect(await dispatch.told(appointment.id)).toEqual(['created', 'routed', 'assigned', 'routed'])
  })

  test('leaves it with whoever has it when the rules give it to nobody; its own time is not in its way', async () => {
    const appointment = await dispatch.book({ assigned_to: anna })
    await dispatch.ask('POST', `/appointments/${appointment.id}/route`)
    expect((await dispatch.find(appointment.id)).assigned_to).toBe(anna)
    await dispatch.rule({ target: toPool(await dispatch.pool([anna])) })
    expect(await dispatch.ask('POST', `/appointments/${appointment.id}/route`)).toMatchObject({ target: toPerson(anna) })
  })

  test('is refused for one that has ended, and for agents', async () => {
    const appointment = await dispatch.book({ assigned_to: anna })
    await dispatch.step(appointment.id, 'cancel')
    expect(await dispatch.answer('POST', `/appointments/${appointment.id}/route`)).toMatchObject({ code: 'appointment_ended' })
    const agent = dispatch.as(await dispatch.hire('agent'))
    expect(await agent.answer('POST', `/appointments/${appointment.id}/route`)).toMatchObject({ status: 403 })
  })
})

describe('another workspace', () => {
  const sibling = async () => {
    const response = await fresh.app.inject({
      method: 'POST',
      url: '/api/v1/workspaces',
      headers: (await dispatch.hire('owner')).headers,
      payload: { name: 'Client' },
    })
    const { id } = response.json<{ id: number }>()
    await fresh.database.system`update workspaces set accepts_from = ${[dispatch.workspace_id]} where id = ${id}`
    return id
  }

  test('of the same organization can be a target; one of others never', async () => {
    const client = await sibling()
    await dispatch.rule({ matches: { states: ['NV'] }, target: { kind: 'workspace', workspace_id: client } })
    const appointment = await dispatch.book({ state: 'NV' })
    expect(appointment).toMatchObject({ assigned_to: null, copy_workspace_id: client })
    expect(await dispatch.why(appointment)).toMatchObject({
      reason: 'workspace',
      target: { kind: 'workspace', workspace_id: client },
    })
    const others = (await fresh.another('Strangers')).workspace_id
    for (const workspace_id of [others, dispatch.workspace_id])
      expect(
        await dispatch.answer('POST', '/routing-rules', { name: 'No', target: { kind: 'workspace', workspace_id } }),
      ).toMatchObject({ status: 422 })
  })

  test('that is no part of the organization any more gets nothing', async () => {
    const client = await sibling()
    await dispatch.rule({ target: { kind: 'workspace', workspace_id: client } })
    const [row] = await fresh.database.system<{ id: number }[]>`insert into organizations (name) values ('Sold') returning id`
    await fresh.database.system`update workspaces set organization_id = ${row!.id} where id = ${client}`
    const appointment = await dispatch.book()
    expect(appointment).toMatchObject({ assigned_to: null, copy_workspace_id: null })
    expect((await dispatch.why(appointment)).reason).toBe('workspace_gone')
  })

  test('does not hand on again what was handed on to it', async () => {
    const client = await sibling()
    await dispatch.rule({ target: { kind: 'workspace', workspace_id: client }, fallback: [toPerson(anna)] })
    const { workspace_id } = dispatch
    const copy = {
      workspace_id,
      appointment_id: null,
      contact_id: null,
      lead_id: null,
      type: 'consultation',
      scheduled_at: hoursFromNow(50),
      duration_minutes: 60,
      is_copy: true,
    }
    const [decision] = await inWorkspace(fresh.database, workspace_id, sql => routeAppointments(sql, [copy]))
    expect(decision).toMatchObject({ target: toPerson(anna), reason: 'person', step: 1 })
  })

  test('is named by routing again, too; then whose it is is said over there', async () => {
    const appointment = await dispatch.book()
    const client = await sibling()
    await dispatch.rule({ target: { kind: 'workspace', workspace_id: client } })
    await dispatch.ask('POST', `/appointments/${appointment.id}/route`)
    expect(await dispatch.find(appointment.id)).toMatchObject({ copy_workspace_id: client })
    expect(await dispatch.answer('POST', `/appointments/${appointment.id}/route`)).toMatchObject({ code: 'in_use' })
  })
})
