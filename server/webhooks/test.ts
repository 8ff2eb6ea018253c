import { randomUUID } from 'node:crypto'
import { mapFields } from '../../shared/map-fields.ts'
import type { Attempt, EndpointTested } from '../../shared/webhooks.ts'
import type { Database, Sql } from '../database/connect.ts'
import { inWorkspace } from '../database/transaction.ts'
import type { Egress } from '../egress/egress.ts'
import { refuse } from '../errors.ts'
import { findWebhookEvent, listWebhookEvents } from './catalogue.ts'
import { findDelivery } from './delivery.ts'
import { newMessageId } from './message-id.ts'
import { type AttemptMade, notSent, send } from './send.ts'
import { isPlain } from './settings.ts'
import { settle } from './settle.ts'
import { openTarget, type TargetRow, targetColumns } from './target.ts'
import type { Place } from './turns.ts'
import { wants } from './wants.ts'

type Asked = { workspace_id: number; endpoint_id: number; event?: string | undefined }
type Body = { event: string; contact: unknown; data: Record<string, unknown>; timestamp: string }

/**
 * Sends an example to an endpoint, whether it is active or not: one attempt at once, and its answer, which is also in the log. No
 * transaction is open meanwhile, so what is written is written afterwards. Throws `not_found`, `invalid_fields`.
 */
export async function testEndpoint(
  { database, egress, key }: { database: Database; egress: Egress; key: Buffer },
  { workspace_id, endpoint_id, event }: Asked,
): Promise<EndpointTested> {
  const row = await inWorkspace(database, workspace_id, sql => readTarget(sql, workspace_id, endpoint_id))
  const { url, headers, keys, field_map, version, problem } = openTarget(key, row)
  const body = exampleOf(event ?? firstWanted(row.events))
  const message_id = newMessageId()
  const payload = JSON.stringify(body)
  const sending = { url, headers, keys: keys.map(one => one.key), message_id, payload, field_map, version }
  const made = problem === null ? await send(egress, sending) : notSent(problem)
  const written = await inWorkspace(database, workspace_id, sql =>
    write(sql, { workspace_id, endpoint_id }, { message_id, body, payload }, made),
  )
  return { ...written, message_id, body: mapFields(body, field_map) }
}

async function readTarget(sql: Sql, workspace_id: number, endpoint_id: number) {
  const [row] = await sql<(TargetRow & { events: string[] })[]>`
    select ${targetColumns(sql)}, e.events
      from endpoints e
     where e.workspace_id = ${workspace_id} and e.id = ${endpoint_id} and e.deleted_at is null`
  if (!row) throw refuse('not_found')
  return row
}

/** What the endpoint would hear of first. */
function firstWanted(events: string[]): string {
  const type = listWebhookEvents().find(entry => wants(events, entry.type))?.type
  return type ?? events[0]!
}

/** The example of the catalogue; for an event of one's own, what every event has. `data.test` tells a receiver which it is. */
function exampleOf(event: string): Body {
  if (event.includes('*') || !isPlain(event))
    throw refuse('invalid_fields', { fields: { event: 'must be the name of one event, not a group' } })
  const timestamp = new Date().toISOString()
  const known = findWebhookEvent(event)?.example as Body | undefined
  if (known) return { ...known, data: { ...known.data, test: true }, timestamp }
  const { contact, data } = findWebhookEvent('registration')!.example as Body
  const { event_id, message_id, distinct_id, stage, segment, url } = data
  return { event, contact, data: { event_id, message_id, distinct_id, stage, segment, url, test: true }, timestamp }
}

type Message = { message_id: string; body: Body; payload: string }

/** The message, its delivery and the attempt. The delivery is in no worker's sight before it has its end. */
async function write(
  sql: Sql,
  { workspace_id, endpoint_id }: Place,
  { message_id, body, payload }: Message,
  made: AttemptMade,
): Promise<{ delivery_id: number; attempt: Attempt }> {
  await sql`
    insert into webhook_messages (workspace_id, id, origin, event, payload, occurred_at)
    values (${workspace_id}, ${message_id}, ${`test ${randomUUID()}`}, ${body.event}, ${payload}, ${body.timestamp}::text::timestamptz)`
  const [delivery] = await sql<{ id: number }[]>`
    insert into deliveries (workspace_id, endpoint_id, message_id, is_test, state)
    values (${workspace_id}, ${endpoint_id}, ${message_id}, true, 'queued')
    returning id`
  const delivery_id = delivery!.id
  const state = made.ok ? 'delivered' : 'failed'
  const result = { delivery_id, token: null, number: 1, attempt: made, state, run_in_ms: null, counts: true } as const
  await settle(sql, [{ workspace_id, endpoint_id, ...result }])
  const { attempts_made } = await findDelivery(sql, workspace_id, delivery_id)
  return { delivery_id, attempt: attempts_made[0]! }
}
