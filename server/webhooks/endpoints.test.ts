import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Activity } from '../../shared/events.ts'
import type { Endpoint, EndpointCreated } from '../../shared/webhooks.ts'
import { type FreshApp, freshApp, type Tenant } from '../../test/app.ts'
import { bearer } from '../../test/people.ts'
import { signedIn } from '../../test/session.ts'
import { inWorkspace } from '../database/transaction.ts'
import { secretFor } from '../secrets.ts'
import { createEndpoint } from './create.ts'
import { unsealHeaders } from './headers.ts'
import { isSecret, newSecret } from './sign.ts'

let fresh: FreshApp
let other: Tenant
beforeAll(async () => {
  fresh = await freshApp({ config: { webhook_allowed_cidrs: ['127.0.0.0/8'] } })
  other = await fresh.another()
})

type Asking = { method?: string; payload?: object; headers?: Record<string, string> }
const ask = (url: string, { method = 'GET', payload, headers = bearer(fresh.secret_key) }: Asking = {}) =>
  fresh.app.inject({ method: method as 'GET', url: `/api/v1${url}`, headers, ...(payload && { payload }) })
const post = (url: string, payload: object = {}) => ask(url, { method: 'POST', payload })
const patch = (url: string, payload: object) => ask(url, { method: 'PATCH', payload })

const BREAD = { url: 'https://bread.example/hook', events: ['contact.*'] }
const make = async (given: object = {}) => (await post('/endpoints', { ...BREAD, ...given })).json<EndpointCreated>()
const fieldsOf = async (given: object) => {
  const response = await post('/endpoints', { ...BREAD, ...given })
  expect([response.statusCode, response.json().error?.code]).toEqual([422, 'invalid_fields'])
  return response.json<{ error: { fields: Record<string, string> } }>().error.fields
}
const lastActivity = async () => (await ask('/activities?limit=1')).json<{ data: Activity[] }>().data[0]!

describe('making one', () => {
  test('shows the secret once, and everything else from then on', async () => {
    const response = await post('/endpoints', BREAD)
    expect(response.statusCode).toBe(201)
    const { secret, ...endpoint } = response.json<EndpointCreated>()
    expect(isSecret(secret)).toBe(true)
    expect(endpoint).toMatchObject({
      name: 'bread.example',
      ...BREAD,
      state: 'active',
      paused_by: null,
      headers: [],
      rate_limit: null,
      attempt_schedule: 'default',
      attempt_delays: [5, 25],
      secrets: [{ expires_at: null }],
      health: { attempts: 0, success_rate: null, p50_ms: null, waiting: 0, retrying: 0, held: 0, failed: 0, failing_since: null },
    })
    expect((await ask(`/endpoints/${endpoint.id}`)).json()).toEqual(endpoint)
    expect((await ask('/endpoints')).json().data[0]).toEqual(endpoint)
  })

  test('takes every setting, and says of the schedule what it means', async () => {
    const given = {
      name: 'Bread',
      events: ['*', 'funnel.*', 'contact.merged', 'demo_requested', 'an event: of my own'],
      funnel_id: 'bread-school',
      filter: { known_contacts_only: true, stages: ['engaged'], segments: ['hot'], properties: [{ path: 'data.amount', operator: 'greater', value: 100 }] },
      field_map: { 'person.mail': 'contact.email', source: { constant: 'throughline' } },
      headers: [{ name: 'X-Api-Key', value: 'hunter2' }],
      rate_limit: 600,
      attempt_schedule: 'long',
    } // biome-ignore format: a setting a line
    const endpoint = await make(given)
    expect(endpoint).toMatchObject({
      ...given,
      headers: [{ name: 'X-Api-Key' }],
      attempt_delays: [5, 300, 1800, 7200, 14_400, 21_600, 39_600],
    })
    expect(await make({ attempt_schedule: 'custom', attempt_delays: [1, 2] })).toMatchObject({ attempt_delays: [1, 2] })
    expect(await make({ active: false })).toMatchObject({ state: 'paused', paused_by: 'person' })
  })

  test('takes a secret that a receiver has already', async () => {
    const secret = newSecret()
    expect((await make({ secret })).secret).toBe(secret)
    expect(await fieldsOf({ secret: 'whsec_this is no base64, whoever wrote it' })).toEqual({
      secret: expect.stringContaining('whsec_'),
    })
  })

  test('happens once for an Idempotency-Key, and the same secret is told again', async () => {
    const again = () =>
      ask('/endpoints', { method: 'POST', payload: BREAD, headers: { ...bearer(fresh.secret_key), 'idempotency-key': key } })
    const key = randomUUID()
    const [first, second] = [await again(), await again()]
    expect(second.json()).toEqual(first.json())
    expect(second.headers['idempotency-replayed']).toBe('true')
  })
})

describe('what is wrong with a setting is said at its field', () => {
  test.each<[string, object, Record<string, RegExp>]>([
    ['an address of the inside', { url: 'http://10.0.0.1/' }, { url: /WEBHOOK_ALLOWED_CIDRS/ }],
    ['an address that is none', { url: 'bread.example' }, { url: /https:/ }],
    ['a password in the address', { url: 'https://me:secret@bread.example/' }, { url: /password/ }],
    ['a group that there is not', { events: ['contact.*', 'bread.*'] }, { 'events.1': /contact\.\*/ }],
    ['a star within a name', { events: ['con*', '*.*', 'contact.m*', '.*'] }, { 'events.0': /whole name/, 'events.1': /group/, 'events.2': /whole name/, 'events.3': /group/ }],
    ['a name with a space at its end', { events: ['bought '] }, { 'events.0': /space/ }],
    ['a schedule of one\'s own without delays', { attempt_schedule: 'custom' }, { attempt_delays: /required/ }],
    ['delays without a schedule of one\'s own', { attempt_delays: [1] }, { attempt_delays: /custom/ }],
    ['headers that are ours', { headers: ['Host', 'content-type', 'Webhook-Id', 'connection', 'transfer-encoding', 'User-Agent'].map(name => ({ name, value: 'x' })) },
      Object.fromEntries([0, 1, 2, 3, 4, 5].map(k => [`headers.${k}.name`, /itself/]))],
    ['a header that is none', { headers: [{ name: 'a b', value: 'x' }, { name: 'x-a', value: 'line\r\nx-b: 1' }] }, { 'headers.0.name': /letters/, 'headers.1.value': /plain/ }],
    ['a header that is there twice', { headers: [{ name: 'X-A', value: '1' }, { name: 'x-a', value: '2' }] }, { 'headers.1.name': /twice/ }],
    ['a header without a value', { headers: [{ name: 'x-a' }] }, { 'headers.0.value': /required/ }],
    ['a stage that there is not', { filter: { stages: ['lead', 'customer'] } }, { 'filter.stages.1': /lead/ }],
    ['lists of nothing', { filter: { stages: [], segments: [], segment_ids: [] } }, { 'filter.stages': /at least one/, 'filter.segments': /at least one/, 'filter.segment_ids': /at least one/ }],
    ['a size that is none', { filter: { properties: [{ path: 'data.a', operator: 'greater', value: 'big' }, { path: 'data.a', operator: 'less', value: '2026-01-31' }, { path: 'data.a', operator: 'less', value: true }] } }, { 'filter.properties.0.value': /number/, 'filter.properties.2.value': /number/ }],
    ['a path to nowhere', { filter: { properties: [{ path: 'amount', operator: 'exists' }] } }, { 'filter.properties.0.path': /data\.amount/ }],
    ['an operator without a value', { filter: { properties: [{ path: 'data.a', operator: 'is' }] } }, { 'filter.properties.0.value': /required/ }],
    ['an operator with one too many', { filter: { properties: [{ path: 'data.a', operator: 'exists', value: 1 }] } }, { 'filter.properties.0.value': /left out/ }],
    ['a source that is no place in the body', { field_map: { mail: 'email', ok: 'contact.email' } }, { 'field_map.mail': /contact\.email/ }],
    ['a name with nothing between its dots', { field_map: { 'person..mail': 'contact.email' } }, { 'field_map.person..mail': /dots/ }],
    ['a field inside of another', { field_map: { person: 'contact', 'person.mail': 'contact.email' } }, { 'field_map.person.mail': /inside/ }],
  ])('%s', async (_, given, expected) => {
    const fields = await fieldsOf(given)
    expect(fields).toEqual(Object.fromEntries(Object.entries(expected).map(([name, words]) => [name, expect.stringMatching(words)])))
  }) // biome-ignore format: a case a line
})

describe('changing one', () => {
  test('changes what is given, leaves the rest and says what was before', async () => {
    const { id } = await make({ name: 'Bread', rate_limit: 60, filter: { known_contacts_only: true } })
    const response = await patch(`/endpoints/${id}`, { name: 'Rye', rate_limit: null, filter: null })
    expect(response.json()).toMatchObject({ name: 'Rye', rate_limit: null, filter: null, ...BREAD })
    expect(await lastActivity()).toMatchObject({
      action: 'endpoint.updated',
      subject_id: String(id),
      before: { name: 'Bread', rate_limit: 60, filter: { known_contacts_only: true } },
      after: { name: 'Rye', rate_limit: null, filter: null },
    })
  })

  test('is refused when somebody was faster', async () => {
    const { id, updated_at } = await make()
    expect((await patch(`/endpoints/${id}`, { name: 'one', if_updated_at: updated_at })).statusCode).toBe(200)
    const late = await patch(`/endpoints/${id}`, { name: 'two', if_updated_at: updated_at })
    expect([late.statusCode, late.json().error.code]).toEqual([409, 'conflict'])
    expect((await ask(`/endpoints/${id}`)).json().name).toBe('one')
  })

  test('is no activity when everything is as it was', async () => {
    const endpoint = await make({ headers: [{ name: 'x-a', value: '1' }] })
    await patch(`/endpoints/${endpoint.id}`, { name: endpoint.name, events: endpoint.events, headers: [{ name: 'x-a' }] })
    expect((await lastActivity()).action).toBe('endpoint.created')
  })

  test('keeps the value of a header that is given without one, and forgets those that are not given', async () => {
    const { id } = await make({
      headers: [
        { name: 'X-Kept', value: 'kept' },
        { name: 'x-gone', value: 'gone' },
      ],
    })
    const key = secretFor(fresh.context.config, 'webhooks')
    const stored = async () => {
      const [row] = await fresh.database.system<{ headers: string | null }[]>`
        select headers from endpoints where workspace_id = ${fresh.workspace_id} and id = ${id}`
      return unsealHeaders(key, { workspace_id: fresh.workspace_id, id }, row!.headers)
    }
    const changed = await patch(`/endpoints/${id}`, { headers: [{ name: 'x-kept' }, { name: 'x-new', value: 'new' }] })
    expect(changed.json().headers).toEqual([{ name: 'x-kept' }, { name: 'x-new' }])
    expect(await stored()).toEqual([
      { name: 'x-kept', value: 'kept' },
      { name: 'x-new', value: 'new' },
    ])
    expect((await lastActivity()).after).toEqual({ headers: ['x-kept', 'x-new'], new_header_values: ['x-new'] })
    await patch(`/endpoints/${id}`, { headers: [] })
    expect(await stored()).toEqual([])
  })

  test("a schedule of one's own needs its delays, and takes them along when it goes", async () => {
    const { id } = await make({ attempt_schedule: 'custom', attempt_delays: [1, 2] })
    expect((await patch(`/endpoints/${id}`, { attempt_delays: [3] })).json().attempt_delays).toEqual([3])
    expect((await patch(`/endpoints/${id}`, { attempt_schedule: 'default' })).json().attempt_delays).toEqual([5, 25])
    expect((await patch(`/endpoints/${id}`, { attempt_schedule: 'custom' })).json().error.fields).toHaveProperty('attempt_delays')
    expect((await patch(`/endpoints/${id}`, { attempt_delays: [3] })).json().error.fields).toHaveProperty('attempt_delays')
  })

  test('finds fault with what is given only: an address that was allowed once does not stop a new name', async () => {
    const { id } = await make({ url: 'http://127.0.0.1:9000/' })
    fresh.context.config.webhook_allowed_cidrs.length = 0
    expect((await patch(`/endpoints/${id}`, { name: 'renamed' })).statusCode).toBe(200)
    expect((await patch(`/endpoints/${id}`, { url: 'http://127.0.0.1:9001/' })).json().error.fields).toHaveProperty('url')
    fresh.context.config.webhook_allowed_cidrs.push('127.0.0.0/8')
  })
})

test('those of one funnel are listed by its id', async () => {
  const [one] = [await make({ funnel_id: 'quiz' }), await make({ funnel_id: 'webinar' }), await make()]
  await ask('/endpoints', {
    method: 'POST',
    payload: { ...BREAD, funnel_id: 'quiz' },
    headers: bearer((await fresh.another()).secret_key),
  })
  const { data } = (await ask('/endpoints?funnel_id=quiz')).json<{ data: Endpoint[] }>()
  expect(data.map(({ id }) => id)).toEqual([one!.id])
})

describe('a filter by segments of one’s own', () => {
  const segment = async (name: string, headers = bearer(fresh.secret_key)) => {
    const rule = { kind: 'conversion', has: true }
    return (await ask('/segments', { method: 'POST', payload: { name, rule }, headers })).json<{ id: number }>().id
  }

  test('names those of the workspace, and says which one there is not', async () => {
    const [ours, theirs] = [await segment('Ours'), await segment('Theirs', bearer(other.secret_key))]
    const { filter } = await make({ filter: { segment_ids: [ours] } })
    expect(filter).toEqual({ segment_ids: [ours] })
    expect(await fieldsOf({ filter: { segment_ids: [ours, theirs, 999_999] } })).toEqual({
      'filter.segment_ids.1': expect.stringMatching(/no segment of your own/),
      'filter.segment_ids.2': expect.stringMatching(/no segment of your own/),
    })
  })

  test('keeps a segment from being deleted, until the filter or the endpoint is gone', async () => {
    const id = await segment('Regulars')
    const remove = async () => {
      const answer = await ask(`/segments/${id}`, { method: 'DELETE' })
      return [answer.statusCode, answer.body && answer.json().error]
    }
    const refusal = { code: 'in_use', message: expect.stringMatching(/endpoint Bread asks for it/) }
    const [first, second] = [await make({ name: 'Bread' }), await make({ name: 'Bread', filter: { segment_ids: [id] } })]
    expect((await patch(`/endpoints/${first.id}`, { filter: { segment_ids: [id, 999_999] } })).statusCode).toBe(422)
    await patch(`/endpoints/${first.id}`, { filter: { segment_ids: [id] } })
    expect(await remove()).toEqual([409, expect.objectContaining(refusal)])
    await patch(`/endpoints/${first.id}`, { filter: null })
    expect(await remove()).toEqual([409, expect.objectContaining(refusal)])
    await ask(`/endpoints/${second.id}`, { method: 'DELETE' })
    expect(await remove()).toEqual([204, ''])
  })

  test('is not lost to who deletes the segment at the same moment', async () => {
    const id = await segment('Contested')
    const remove = () => ask(`/segments/${id}`, { method: 'DELETE' })
    let removing: ReturnType<typeof remove> | undefined
    await inWorkspace(fresh.database, fresh.workspace_id, async sql => {
      const means = { key: secretFor(fresh.context.config, 'webhooks'), allowed_cidrs: [] }
      const given = { ...BREAD, name: 'Quick', filter: { segment_ids: [id] } }
      await createEndpoint(sql, fresh.workspace_id, given, { kind: 'system', id: null, name: null }, means)
      removing = remove()
      await Promise.race([removing, new Promise(resolve => setTimeout(resolve, 300))])
    })
    expect((await removing!).json().error.message).toMatch(/endpoint Quick asks for it/)
  })
})

describe('pausing, activating, deleting', () => {
  const states = async (endpoint_id: number) => {
    const rows = await fresh.database.system<{ state: string }[]>`
      select state from deliveries where workspace_id = ${fresh.workspace_id} and endpoint_id = ${endpoint_id} order by id`
    return rows.map(row => row.state)
  }
  const wait = async (endpoint_id: number, id = `msg_${randomUUID()}`) => {
    const { system } = fresh.database
    await system`
      insert into webhook_messages (workspace_id, id, origin, event, payload, occurred_at)
      values (${fresh.workspace_id}, ${id}, ${id}, 'x', '{}', now())`
    await system`
      insert into deliveries (workspace_id, endpoint_id, message_id, state)
      values (${fresh.workspace_id}, ${endpoint_id}, ${id}, 'queued')`
  }

  test('a pause holds what waits; activating sends it, or drops it when that is asked for', async () => {
    const { id } = await make()
    await wait(id)
    const paused = await ask(`/endpoints/${id}/activation`, { method: 'DELETE' })
    expect(paused.json()).toMatchObject({ state: 'paused', paused_by: 'person', health: { waiting: 0, held: 1 } })
    expect(paused.json().paused_reason).toContain('Paused by')
    expect((await post(`/endpoints/${id}/activation`)).json()).toMatchObject({
      state: 'active',
      paused_by: null,
      health: { waiting: 1 },
    })
    expect((await lastActivity()).action).toBe('endpoint.activated')
    await ask(`/endpoints/${id}/activation`, { method: 'DELETE' })
    await post(`/endpoints/${id}/activation`, { held: 'cancel' })
    expect(await states(id)).toEqual(['cancelled'])
  })

  test('doing either twice changes nothing', async () => {
    const { id } = await make()
    expect((await post(`/endpoints/${id}/activation`)).statusCode).toBe(200)
    expect((await lastActivity()).action).toBe('endpoint.created')
    await ask(`/endpoints/${id}/activation`, { method: 'DELETE' })
    const first = await lastActivity()
    expect((await ask(`/endpoints/${id}/activation`, { method: 'DELETE' })).statusCode).toBe(200)
    expect((await lastActivity()).id).toBe(first.id)
  })

  test('one that was deleted is not found, its waiting deliveries are cancelled and its secrets forgotten', async () => {
    const { id } = await make({ headers: [{ name: 'x-a', value: '1' }] })
    await wait(id)
    expect((await ask(`/endpoints/${id}`, { method: 'DELETE' })).statusCode).toBe(204)
    expect(await states(id)).toEqual(['cancelled'])
    const [left] = await fresh.database.system`
      select headers, (select count(*)::int from endpoint_secrets s where s.workspace_id = e.workspace_id and endpoint_id = e.id) as secrets
        from endpoints e
       where workspace_id = ${fresh.workspace_id} and id = ${id}`
    expect(left).toEqual({ headers: null, secrets: 0 })
    const requests: [string, string, object?][] = [
      ['GET', ''], ['PATCH', '', { name: 'x' }], ['DELETE', ''], ['POST', '/activation', {}], ['DELETE', '/activation'], ['GET', '/hours'],
      ['POST', '/secrets', {}], ['POST', '/tests', {}], ['POST', '/replays', { since: '2026-01-01T00:00:00Z' }],
    ] // biome-ignore format: a request a word
    for (const [method, path, payload] of requests) {
      const response = await ask(`/endpoints/${id}${path}`, { method, ...(payload && { payload }) })
      expect([method, path, response.statusCode]).toEqual([method, path, 404])
    }
    expect((await ask('/endpoints?limit=200')).json<{ data: Endpoint[] }>().data.map(one => one.id)).not.toContain(id)
    const log = await ask(`/deliveries?endpoint_id=${id}`)
    expect(log.json().data).toMatchObject([{ endpoint: 'bread.example', state: 'cancelled' }])
  })
})

test('the list has pages, the newest first, and nothing of another workspace', async () => {
  const made = [await make(), await make(), await make()].map(one => one.id)
  const page = async (cursor = '') => (await ask(`/endpoints?limit=2${cursor}`)).json<{ data: Endpoint[]; next_cursor: string }>()
  const first = await page()
  const second = await page(`&cursor=${first.next_cursor}`)
  expect([...first.data, ...second.data].slice(0, 3).map(one => one.id)).toEqual(made.toReversed())
  expect((await ask('/endpoints', { headers: bearer(other.secret_key) })).json()).toEqual({ data: [], next_cursor: null })
})

test('whoever may read sees endpoints; only admins change them', async () => {
  const { id } = await make()
  for (const [role, statuses] of [['agent', [200, 403, 403, 403, 403, 403]], ['manager', [200, 403, 403, 403, 403, 200]], ['admin', [200, 201, 200, 200, 201, 200]]] as const) {
    const { headers } = await signedIn(fresh, role)
    const answers = [
      await ask('/endpoints', { headers }),
      await ask('/endpoints', { method: 'POST', payload: BREAD, headers }),
      await ask(`/endpoints/${id}`, { method: 'PATCH', payload: { name: role }, headers }),
      await ask(`/endpoints/${id}/activation`, { method: 'POST', payload: {}, headers }),
      await ask(`/endpoints/${id}/secrets`, { method: 'POST', payload: {}, headers }),
      await ask(`/endpoints/${id}/replays`, { method: 'POST', payload: { since: '2026-01-01T00:00:00Z' }, headers }),
    ]
    expect([role, answers.map(answer => answer.statusCode)]).toEqual([role, statuses])
  } // biome-ignore format: a role a line
})

test('hours are told with those in which nothing happened', async () => {
  const { id } = await make()
  const now = new Date()
  await fresh.database.system`
    insert into endpoint_hours (workspace_id, endpoint_id, hour, attempts, successes, given_up)
    values (${fresh.workspace_id}, ${id}, date_trunc('hour', now(), 'UTC') - interval '2 hours', 5, 3, 1),
           (${fresh.workspace_id}, ${id}, date_trunc('hour', now(), 'UTC') - interval '2 days', 7, 7, 0)`
  const { data } = (await ask(`/endpoints/${id}/hours?days=1`)).json<{ data: { hour: string; attempts: number }[] }>()
  expect(data).toHaveLength(24)
  const hour = new Date(Math.floor(now.getTime() / 3_600_000) * 3_600_000)
  expect(data.at(-1)).toEqual({ hour: hour.toISOString(), attempts: 0, successes: 0, given_up: 0 })
  expect(data.at(-3)).toMatchObject({ attempts: 5, successes: 3, given_up: 1 })
  expect((await ask(`/endpoints/${id}/hours`)).json().data).toHaveLength(7 * 24)
  expect((await ask(`/endpoints/${id}`)).json().health).toMatchObject({ attempts: 5, success_rate: 0.6 })
})

test('what can be told is listed with an example of each', async () => {
  const { data } = (await ask('/webhook-events')).json()
  expect(data.length).toBeGreaterThan(10)
  expect(data.find((one: { type: string }) => one.type === 'conversion')).toMatchObject({
    group: 'funnel',
    schema: { type: 'object' },
    example: { event: 'conversion', contact: { email: 'sarah@example.com' }, data: { currency: 'EUR' } },
  })
})
