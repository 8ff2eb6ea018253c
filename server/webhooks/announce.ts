import type postgres from 'postgres'
import type { Listener } from './listeners.ts'
import { newMessageId } from './message-id.ts'
import type { Message } from './payload.ts'
import { CHANNEL, lockTurns } from './turns.ts'
import { writeBody } from './write-body.ts'

export type Announcement = { message: Message; listeners: Listener[] }

/**
 * Stores messages and a delivery of each to each of its listeners, and says that it is their turn. A message that was stored
 * already is left alone; the ids of the others are returned. Three statements for any number.
 *
 * The turns are locked before anything is inserted (turns.ts), so an endpoint that was paused or deleted meanwhile is seen as that
 * by the statement that inserts, and whoever decides so later finds what was inserted.
 */
export async function announce(sql: postgres.TransactionSql, announcements: Announcement[]): Promise<Map<Message, string>> {
  const named = announcements.map(one => ({ ...one, id: newMessageId() }))
  if (named.length === 0) return new Map()
  await lockTurns(
    sql,
    named.flatMap(({ listeners }) => listeners.map(({ workspace_id, id }) => ({ workspace_id, endpoint_id: id }))),
  )
  const stored = new Set(await storeMessages(sql, named))
  const fresh = named.filter(({ id }) => stored.has(id))
  await queueDeliveries(sql, fresh)
  return new Map(fresh.map(({ message, id }) => [message, id]))
}

type Named = Announcement & { id: string }

async function storeMessages(sql: postgres.TransactionSql, named: Named[]): Promise<string[]> {
  const messages = named.map(({ message }) => message)
  const rows = await sql<{ id: string }[]>`
    insert into webhook_messages (workspace_id, id, origin, event, contact_id, funnel_id, payload, occurred_at)
    select workspace_id, id, origin, event, contact_id, funnel_id, payload, occurred_at::timestamptz
      from unnest(${messages.map(message => message.workspace_id)}::int[], ${named.map(({ id }) => id)}::text[],
                  ${messages.map(message => message.origin)}::text[], ${messages.map(message => message.body.event)}::text[],
                  ${messages.map(message => message.body.contact?.id ?? null)}::int[],
                  ${messages.map(message => message.funnel_id)}::text[], ${messages.map(message => writeBody(message.body))}::text[],
                  ${messages.map(message => message.body.timestamp)}::text[])
        as m(workspace_id, id, origin, event, contact_id, funnel_id, payload, occurred_at)
    on conflict (workspace_id, origin, event) do nothing
    returning id`
  return rows.map(row => row.id)
}

async function queueDeliveries(sql: postgres.TransactionSql, named: Named[]) {
  const pairs = named.flatMap(({ id, listeners }) => listeners.map(listener => ({ id, listener })))
  await sql`
    with added as (
      insert into deliveries (workspace_id, endpoint_id, message_id, state)
      select d.workspace_id, d.endpoint_id, d.message_id, case e.state when 'active' then 'queued' else 'held' end
        from unnest(${pairs.map(({ listener }) => listener.workspace_id)}::int[], ${pairs.map(({ listener }) => listener.id)}::int[],
                    ${pairs.map(({ id }) => id)}::text[])
             with ordinality as d(workspace_id, endpoint_id, message_id, position)
        join endpoints e on e.workspace_id = d.workspace_id and e.id = d.endpoint_id and e.deleted_at is null
       order by d.position
      returning workspace_id, endpoint_id, state
    ), due as (
      update endpoint_turns t
         set due_at = now()
        from (select distinct workspace_id, endpoint_id from added where state = 'queued') as a
       where t.workspace_id = a.workspace_id and t.endpoint_id = a.endpoint_id and (t.due_at is null or t.due_at > now())
    )
    select pg_notify(${CHANNEL}, '') where exists (select from added where state = 'queued')`
}
