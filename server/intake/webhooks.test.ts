import { beforeAll, describe, expect, test } from 'vitest'
import type { IntakeWebhook } from '../../shared/intake.ts'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { signedIn } from '../../test/session.ts'
import { type Answered, deskOf, somebody } from './desk.fixture.ts'

let fresh: FreshApp
let desk: ReturnType<typeof deskOf>
beforeAll(async () => {
  fresh = await freshApp()
  desk = deskOf(fresh)
})

const refused = async (given: object) => {
  const answer = await desk.ask('POST', '/intake-webhooks', { name: 'Wrong', lead_type: 'solar', ...given })
  return [answer.statusCode, Object.keys(answer.json().error?.fields ?? {})]
}

describe('a webhook', () => {
  test('is made of a name and a lead type, listed, changed and deleted, each with its activity', async () => {
    const made = await desk.make({ name: 'Roofs of Reno' })
    const list = (await desk.ask('GET', '/intake-webhooks?q=roofs OF')).json<{ data: IntakeWebhook[] }>().data
    expect(list.map(one => one.id)).toEqual([made.id])
    const changed = await desk.change(made, { name: 'Roofs of Nevada', cap_day: 10, mapping: { source: { const: 'x' } } })
    expect(changed).toMatchObject({ name: 'Roofs of Nevada', cap_day: 10, mapping: { source: { const: 'x' } }, filters: [] })
    expect(changed.updated_at > made.updated_at).toBe(true)
    const late = await desk.ask('PATCH', `/intake-webhooks/${made.id}`, { name: 'Late', if_updated_at: made.updated_at })
    expect([late.statusCode, late.json().error.code]).toEqual([409, 'conflict'])
    expect((await desk.ask('DELETE', `/intake-webhooks/${made.id}`)).statusCode).toBe(204)
    expect((await desk.ask('GET', '/intake-webhooks?q=roofs')).json().data).toEqual([])
    const rows = await fresh.database.system<{ action: string; before: object; after: object }[]>`
      select action, before, after
        from activities
       where workspace_id = ${desk.workspace_id} and subject_id = ${String(made.id)} and action like 'intake_webhook.%'
       order by id`
    expect(rows).toMatchObject([
      { action: 'intake_webhook.created', after: { name: 'Roofs of Reno' } },
      {
        action: 'intake_webhook.updated',
        before: { name: 'Roofs of Reno', cap_day: null },
        after: { name: 'Roofs of Nevada', cap_day: 10 },
      },
      { action: 'intake_webhook.deleted', before: { name: 'Roofs of Nevada' } },
    ])
  })

  test('says of a setting that cannot be what is wrong with it', async () => {
    expect(await refused({ lead_type: 'nonsense' })).toEqual([422, ['lead_type']])
    expect(await refused({ allowed_ips: ['203.0.113.0/24', 'home'] })).toEqual([422, ['allowed_ips']])
    expect(await refused({ redirect_url: 'javascript:alert(1)' })).toEqual([422, ['redirect_url']])
    expect(await refused({ pipeline_id: 999_999 })).toEqual([422, ['pipeline_id']])
    expect(await refused({ default_owner_id: 999_999 })).toEqual([422, ['default_owner_id']])
    expect(await refused({ secrets: { nonsense: 'x' } })).toEqual([422, ['secrets.nonsense']])
    expect((await refused({ format: 'nonsense' }))[0]).toBe(422)
  })

  test('never shows its secrets, and keeps them sealed', async () => {
    const made = await desk.make({ format: 'google_ads', secrets: { google_key: 'top-secret-1' } })
    expect(made.secrets).toEqual([{ name: 'google_key' }])
    const renamed = await desk.change(made, { name: 'Renamed' })
    expect(renamed.secrets).toEqual([{ name: 'google_key' }])
    const [row] = await fresh.database.system<{ secrets: string }[]>`
      select secrets from intake_webhooks where workspace_id = ${desk.workspace_id} and id = ${made.id}`
    expect(row!.secrets).toMatch(/^v2:[0-9a-f]{8}:/)
    const activities = (await desk.ask('GET', '/activities?limit=200')).body
    expect(JSON.stringify(made) + activities).not.toContain('top-secret')
    expect((await desk.change(made, { secrets: { google_key: null } })).secrets).toEqual([])
  })

  test('is changed by those who administer the workspace, and read by all', async () => {
    const made = await desk.make()
    const agent = await signedIn(fresh, 'agent')
    const ask = (method: 'GET' | 'PATCH', payload?: object) =>
      fresh.app.inject({
        method,
        url: `/api/v1/intake-webhooks/${made.id}`,
        headers: agent.headers,
        ...(payload ? { payload } : {}),
      })
    expect((await ask('GET')).statusCode).toBe(200)
    expect((await ask('PATCH', { name: 'Mine' })).statusCode).toBe(403)
  })

  test('gives its leads to its pipeline, its owner and its source, where they name none', async () => {
    const owner = await signedIn(fresh, 'manager')
    const pipeline = (await desk.ask('POST', '/pipelines', { name: 'Roofs' })).json<{ id: number }>()
    const to = await desk.make({ default_owner_id: owner.user_id, pipeline_id: pipeline.id, source: 'Bought' })
    const { lead_id } = (await desk.send(to, somebody())).json<Answered>()
    expect(await desk.lead(lead_id)).toMatchObject({ assigned_to: owner.user_id, pipeline_id: pipeline.id, source: 'Bought' })
    const named = (await desk.send(to, { ...somebody(), lead_source: 'Fair' })).json<Answered>()
    expect(await desk.lead(named.lead_id)).toMatchObject({ source: 'Fair' })
  })
})

test('deliveries are listed by webhook, state, provider, lead and time, the newest first, in pages', async () => {
  const to = await desk.make({ cap_day: 3 })
  const answers: Answered[] = []
  for (let k = 0; k < 5; k++) answers.push((await desk.send(to, somebody())).json<Answered>())
  const list = async (query: string) =>
    (await desk.ask('GET', `/intake-deliveries?webhook_id=${to.id}&${query}`)).json<{
      data: { id: number }[]
      next_cursor: string
    }>()
  const ids = answers.map(answer => answer.delivery_id).reverse()
  expect((await list('')).data.map(one => one.id)).toEqual(ids)
  const first = await list('limit=2')
  expect([...first.data, ...(await list(`limit=3&cursor=${first.next_cursor}`)).data].map(one => one.id)).toEqual(ids)
  expect((await list('state=refused')).data.map(one => one.id)).toEqual(ids.slice(0, 2))
  expect((await list(`lead_id=${answers[0]!.lead_id}`)).data.map(one => one.id)).toEqual([answers[0]!.delivery_id])
  expect((await list('until=2020-01-01T00:00:00Z')).data).toEqual([])
  expect((await list('provider_id=nobody')).data).toEqual([])
})

test('the formats are listed with what to do over there', async () => {
  const { data } = (await desk.ask('GET', '/intake-formats')).json<{ data: { name: string; instructions: string }[] }>()
  expect(data.map(format => format.name)).toContain('generic')
  for (const format of data) expect(format.instructions.length, format.name).toBeGreaterThan(40)
})
