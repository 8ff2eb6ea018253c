import { Ajv } from 'ajv'
import { beforeAll, beforeEach, expect } from 'vitest'
import type { EndpointFilter } from '../../shared/webhooks.ts'
import { type FreshApp, freshApp, type Tenant } from '../../test/app.ts'
import { basic, batch, bearer } from '../../test/people.ts'
import { relay } from '../activities/relay.ts'
import { findWebhookEvent } from './catalogue.ts'
import type { Body } from './payload.ts'
import { tellEndpoints } from './tell.ts'

type Given = { events: string[]; state?: string; funnel_id?: string; filter?: EndpointFilter; workspace_id?: number }

/** A server, a workspace of its own for each test, and what waits there for endpoints. */
export function openTelling() {
  const shapes = new Ajv({ strict: false, validateFormats: false })
  const quiet = { warn: () => {}, error: (details: object) => expect.fail(JSON.stringify(details)) }
  let fresh: FreshApp
  let tenant: Tenant

  beforeAll(async () => {
    fresh = await freshApp()
  })
  beforeEach(async () => {
    tenant = await fresh.another()
    await tell()
  })

  async function send(...messages: unknown[]) {
    const headers = basic(tenant.write_key)
    const answer = await fresh.app.inject({ method: 'POST', url: '/v1/batch', payload: batch(...messages), headers })
    expect(answer.json()).toEqual({ success: true })
  }

  async function call(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, payload?: object) {
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

  return {
    get fresh() {
      return fresh
    },
    get tenant() {
      return tenant
    },
    send,
    call,
    contactOf,
    tell,
    endpoint,
    waiting,
    namesFor,
  }
}
