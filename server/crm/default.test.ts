import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { CrmConnection, CrmConnections } from '../../shared/crm.ts'
import { type FreshApp, freshApp, type Tenant } from '../../test/app.ts'
import { basic, batch, bearer, track } from '../../test/people.ts'
import { readConfig } from '../config.ts'
import { until } from './signing-up.fixture.ts'

let fresh: FreshApp
beforeAll(async () => {
  fresh = await freshApp({ config: { crm_type: 'log' } })
  fresh.work()
})

async function signUp({ write_key }: Tenant, email: string) {
  const payload = batch(track('registration', { anonymousId: email, properties: { email } }))
  await fresh.app.inject({ method: 'POST', url: '/v1/batch', payload, headers: basic(write_key) })
}

async function connectionsOf({ secret_key }: Tenant) {
  const answer = await fresh.app.inject({ url: '/api/v1/crm/connections', headers: bearer(secret_key) })
  return answer.json<CrmConnections>()
}

const linesOf = async ({ workspace_id }: Tenant, { id }: CrmConnection) => {
  const file = join(fresh.context.config.home, 'crm', `log-${workspace_id}-${id}.jsonl`)
  const text = await readFile(file, 'utf8').catch(() => '')
  return text
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line))
}

test('a workspace that chose nothing writes to what the installation names, from its first sign-up on', async () => {
  expect(await connectionsOf(fresh)).toEqual({ data: [], default_provider: 'log' })
  await signUp(fresh, 'first@example.com')
  const connection = await until(async () => (await connectionsOf(fresh)).data[0])
  expect(connection).toMatchObject({ provider: 'log', active: true, is_complete: true })
  const [line] = await until(async () => {
    const lines = await linesOf(fresh, connection)
    return lines.length > 0 && lines
  })
  expect(line).toMatchObject({ operation: 'add_user', user: { email: 'first@example.com' } })
  expect(await until(async () => (await connectionsOf(fresh)).data.find(({ links }) => links === 1))).toMatchObject({ failed: 0 })
})

test('a CRM that nobody knows stops the start, and does not become another one (fault 8 of the original)', () => {
  expect(() => readConfig({ CRM_TYPE: 'zoho' })).toThrow(/CRM_TYPE must be one of salesforce, .*but it is "zoho"/)
})

test('a workspace that chose no CRM writes nowhere', async () => {
  const tenant = await fresh.another('Alone')
  const payload = { provider: 'none' }
  await fresh.app.inject({ method: 'POST', url: '/api/v1/crm/connections', payload, headers: bearer(tenant.secret_key) })
  await signUp(tenant, 'nowhere@example.com')
  await signUp(fresh, 'second@example.com') // told after it
  const [connection] = (await connectionsOf(fresh)).data
  await until(async () => (await linesOf(fresh, connection!)).length === 2)
  const { data } = await connectionsOf(tenant)
  expect(data).toMatchObject([{ provider: 'none', links: 0, waiting: 0 }])
})
