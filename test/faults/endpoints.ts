import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Database } from '../../server/database/connect.ts'
import type { EndpointCreate, EndpointCreated } from '../../shared/webhooks.ts'
import { bearer } from '../people.ts'
import type { Receiver } from '../receiver.ts'

/** Makes an endpoint as a person would. */
export async function makeEndpoint(server: string, secret_key: string, given: EndpointCreate): Promise<EndpointCreated> {
  const answer = await fetch(`${server}/api/v1/endpoints`, {
    method: 'POST',
    headers: { ...bearer(secret_key), 'content-type': 'application/json' },
    body: JSON.stringify(given),
  })
  const text = await answer.text()
  expect(answer.status, text).toBe(201)
  return JSON.parse(text) as EndpointCreated
}

/** Waits until something holds, patiently: the machine may have other work, and how fast it is stands in the figures. */
export async function until(holds: () => unknown, { patience_ms = 600_000, every_ms = 20 } = {}) {
  for (const from = Date.now(); !(await holds()); await sleep(every_ms))
    if (Date.now() - from > patience_ms) expect.fail(`It did not come about within ${patience_ms / 1000} s: ${holds}`)
}

/** How many deliveries of an endpoint are in which state. */
export async function statesOf({ system }: Database, endpoint_id: number): Promise<Record<string, number>> {
  const rows = await system<{ state: string; count: number }[]>`
    select state, count(*)::int as count from deliveries where endpoint_id = ${endpoint_id} group by state`
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]))
}

/** A round on the books of deliveries: what a delivery says of its attempts is what is written of each. */
export async function auditDeliveries({ system }: Database) {
  const wrong = await system`
    select d.id, d.state, d.attempts, made.*
      from deliveries d
     cross join lateral (
           select count(*)::int as rows, count(distinct number)::int as numbers, coalesce(max(number), 0) as last,
                  count(*) filter (where ok)::int as successes
             from delivery_attempts a
            where a.workspace_id = d.workspace_id and a.delivery_id = d.id) made
     where made.rows <> d.attempts or made.numbers <> d.attempts or made.last <> d.attempts
        or made.successes <> case d.state when 'delivered' then 1 else 0 end`
  expect([...wrong]).toEqual([])
}

/** Each message has one id and one body, whatever it goes through and however often it comes. */
export function auditReceived(receivers: readonly Receiver[]) {
  const ids = new Map<number, string>()
  const bodies = new Map<string, string>()
  for (const { headers, body } of receivers.flatMap(({ received }) => received)) {
    const id = headers['webhook-id']!
    const { event_id } = (JSON.parse(body) as { data: { event_id: number } }).data
    if (id !== (ids.get(event_id) ?? id) || body !== (bodies.get(id) ?? body))
      expect.fail(`The event ${event_id} came as two messages`)
    ids.set(event_id, id)
    bodies.set(id, body)
  }
  return ids.size
}
