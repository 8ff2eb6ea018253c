import { newMessageId } from '../server/webhooks/message-id.ts'
import type { Delivery } from '../shared/webhooks.ts'
import type { FreshApp, Tenant } from './app.ts'

export type Logged = {
  endpoint_id: number
  state: Delivery['state']
  event?: string
  contact_id?: number | null
  /** Minutes ago: when it was told, and ended where it did. */
  ago?: number
  is_test?: boolean
}

/** Deliveries as the worker would have left them, in the order given. Returns their ids. */
export async function log({ database: { system } }: FreshApp, { workspace_id }: Tenant, all: Logged[]): Promise<number[]> {
  const rows = all.map(({ event = 'registration', contact_id = null, ago = 0, is_test = false, ...rest }, k) => {
    const at = Date.now() - ago * 60_000
    const message_id = newMessageId(at)
    const ended_at = ['queued', 'held'].includes(rest.state) ? null : new Date(at)
    const origin = `${is_test ? 'test' : 'event'} ${message_id}`
    return { k, message_id, at: new Date(at), ended_at, origin, event, contact_id, is_test, ...rest }
  })
  await system`
    insert into webhook_messages (workspace_id, id, origin, event, contact_id, payload, occurred_at, created_at)
    select ${workspace_id}, message_id, origin, event, contact_id, jsonb_build_object('event', event, 'data', '{}'::jsonb), at, at
      from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
        as r (message_id text, origin text, event text, contact_id int, at timestamptz)`
  const ids = await system<{ id: number }[]>`
    insert into deliveries (workspace_id, endpoint_id, message_id, state, is_test, attempt, attempts, created_at, finished_at)
    select ${workspace_id}, endpoint_id, message_id, state, is_test, 3, 3, at, ended_at
      from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
        as r (k int, endpoint_id int, message_id text, state text, is_test boolean, at timestamptz, ended_at timestamptz)
     order by k
    returning id`
  return ids.map(({ id }) => id)
}
