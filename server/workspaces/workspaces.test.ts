import { beforeAll, expect, test } from 'vitest'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { bearer } from '../../test/people.ts'
import { signedIn } from '../../test/session.ts'

let fresh: FreshApp
beforeAll(async () => {
  fresh = await freshApp()
})

type Made = { id: number; organization: string; organization_id: number; write_key: string; secret_key: string }

const read = async () =>
  (await fresh.app.inject({ url: `/api/v1/workspaces/${fresh.workspace_id}`, headers: bearer(fresh.secret_key) })).json()
const patch = (payload: object, id = fresh.workspace_id) =>
  fresh.app.inject({ method: 'PATCH', url: `/api/v1/workspaces/${id}`, payload, headers: bearer(fresh.secret_key) })
const found = (payload: object, headers: Record<string, string>) =>
  fresh.app.inject({ method: 'POST', url: '/api/v1/workspaces', payload, headers })

test('a change keeps what was not given and is an activity with before and after', async () => {
  const response = await patch({ time_zone: 'Europe/Berlin', currency: 'EUR', country: 'DE' })
  expect(response.statusCode).toBe(200)
  expect(response.json()).toMatchObject({ name: 'Acme', time_zone: 'Europe/Berlin', currency: 'EUR', country: 'DE' })
  const { data } = (await fresh.app.inject({ url: '/api/v1/activities?limit=1', headers: bearer(fresh.secret_key) })).json()
  expect(data[0]).toMatchObject({
    action: 'workspace.updated',
    before: { time_zone: 'UTC', currency: 'USD', country: 'US' },
    after: { time_zone: 'Europe/Berlin', currency: 'EUR', country: 'DE' },
  })
})

test('how long the log of webhooks is kept is between a day and 400', async () => {
  expect((await read()).webhook_log_days).toBe(30)
  expect((await patch({ webhook_log_days: 90 })).json()).toMatchObject({ webhook_log_days: 90 })
  for (const webhook_log_days of [0, 401, 1.5, null]) {
    const { error } = (await patch({ webhook_log_days })).json()
    expect(Object.keys(error.fields)).toEqual(['webhook_log_days'])
  }
  expect((await read()).webhook_log_days).toBe(90)
})

test('two who edit at once: the second is told', async () => {
  const seen = (await read()).updated_at
  expect((await patch({ name: 'First', if_updated_at: seen })).statusCode).toBe(200)
  const late = await patch({ name: 'Second', if_updated_at: seen })
  expect([late.statusCode, late.json().error.code]).toEqual([409, 'conflict'])
  expect((await read()).name).toBe('First')
})

test('a zone, currency or country that does not exist is refused by name', async () => {
  const { error } = (await patch({ time_zone: 'Mars/Base', currency: 'ZZZ', country: 'QQ' })).json()
  expect(error.code).toBe('invalid_fields')
  expect(Object.keys(error.fields)).toEqual(['time_zone', 'currency', 'country'])
})

test('a person founds a workspace in their organization, owns it and gets its keys once', async () => {
  const { headers } = await signedIn(fresh, 'admin')
  const { 'x-workspace-id': _, ...nameless } = headers as Record<string, string>
  const made = await found({ name: 'Client' }, nameless)
  expect(made.statusCode).toBe(201)
  const { id, organization, secret_key } = made.json<Made>()
  expect(organization).toBe('Acme')
  expect((await fresh.app.inject({ url: '/api/v1/workspaces', headers: bearer(secret_key) })).json().data).toMatchObject([{ id }])
  const mine = (await fresh.app.inject({ url: '/api/v1/workspaces', headers: nameless })).json()
  expect(mine.data).toMatchObject([{ name: 'Client', role: 'owner' }, { role: 'admin' }])
})

test('nobody gets into another organization by guessing its name', async () => {
  await fresh.another('Rival')
  const { organization_id } = (await found({ name: 'Spy', organization: 'Rival' }, bearer(fresh.secret_key))).json<Made>()
  const rivals = await fresh.database.system<{ count: number }[]>`
    select count(*) from organizations where name = 'Rival' and id <> ${organization_id}`
  expect(rivals[0]!.count).toBe(1)
})

test('what a key founds is owned by the owners of its workspace', async () => {
  const owner = await signedIn(fresh, 'owner')
  await signedIn(fresh, 'agent')
  const { id } = (await found({ name: 'By program' }, bearer(fresh.secret_key))).json<Made>()
  const members = await fresh.database.system<{ user_id: number; role: string }[]>`
    select user_id, role from memberships where workspace_id = ${id}`
  expect(members).toContainEqual({ user_id: owner.user_id, role: 'owner' })
  expect(members.every(member => member.role === 'owner')).toBe(true)
})
