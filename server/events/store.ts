import type postgres from 'postgres'
import type { RefusedEvent, Stored } from './record.ts'

/**
 * Every event keeps the visitor it came with, for ever. Of each workspace one row says which events came, so that they are told
 * when this commits (server/activities/relay.ts). Bots' events are stored and told to nobody.
 */
export function storeEvents(sql: postgres.TransactionSql, events: Stored[]): Promise<unknown>[] {
  if (events.length === 0) return []
  const query = sql`
    with stored as (
      insert into events (workspace_id, visitor_id, session_id, occurred_at, received_at, event, message_id, key_id, is_bot, properties, context)
      select workspace_id, visitor_id, session_id, to_timestamp(occurred_at / 1000.0), to_timestamp(received_at / 1000.0), event,
             message_id, key_id, is_bot = 1, properties, context
        from rows from (
             unnest(${events.map(event => event.workspace_id)}::int[], ${events.map(event => event.visitor_id)}::bigint[],
                    ${events.map(event => event.session_id)}::uuid[], ${events.map(event => event.occurred_at)}::float8[],
                    ${events.map(event => event.received_at)}::float8[], ${events.map(event => event.event)}::text[],
                    ${events.map(event => event.message_id)}::text[], ${events.map(event => event.key_id)}::int[],
                    ${events.map(event => (event.is_bot ? 1 : 0))}::int[]),
             jsonb_array_elements(${listOf(events.map(event => event.properties))}::text::jsonb),
             jsonb_array_elements(${listOf(events.map(event => event.context))}::text::jsonb))
          as e(workspace_id, visitor_id, session_id, occurred_at, received_at, event, message_id, key_id, is_bot, properties, context)
      returning workspace_id, id, occurred_at, is_bot
    )
    insert into event_batches (workspace_id, first_event, last_event, from_time, to_time)
    select workspace_id, min(id), max(id), min(occurred_at), max(occurred_at)
      from stored
     where not is_bot
     group by workspace_id`
  return [query.execute()]
}

/** They are JSON already. As an array of texts every quotation mark in them would have to be escaped, and read again. */
function listOf(values: string[]): string {
  return `[${values.join(',')}]`
}

/** How many of each name on each day: what the live view and set-up show without reading events. Bots are counted apart. */
export function countEvents(sql: postgres.TransactionSql, events: Stored[]): Promise<unknown>[] {
  const counts = new Map<
    string,
    { workspace_id: number; day: string; event: string; events: number; bots: number; from: number; to: number }
  >()
  for (const { workspace_id, event, occurred_at, is_bot } of events) {
    const key = `${workspace_id} ${Math.floor(occurred_at / 86_400_000)} ${event}`
    let count = counts.get(key)
    if (!count) {
      const day = new Date(occurred_at).toISOString().slice(0, 10)
      count = { workspace_id, day, event, events: 0, bots: 0, from: occurred_at, to: occurred_at }
      counts.set(key, count)
    }
    if (is_bot) count.bots++
    else count.events++
    count.from = Math.min(count.from, occurred_at)
    count.to = Math.max(count.to, occurred_at)
  }
  if (counts.size === 0) return []
  const query = sql`
    insert into event_counts as c (workspace_id, day, event, events, bots, first_at, last_at)
    select workspace_id, day, event, events, bots, to_timestamp("from" / 1000.0), to_timestamp("to" / 1000.0)
      from jsonb_to_recordset(${JSON.stringify([...counts.values()])}::text::jsonb) as r(
           workspace_id int, day date, event text, events bigint, bots bigint, "from" float8, "to" float8)
    on conflict (workspace_id, day, event) do update
       set events   = c.events + excluded.events,
           bots     = c.bots + excluded.bots,
           first_at = least(c.first_at, excluded.first_at),
           last_at  = greatest(c.last_at, excluded.last_at)`
  return [query.execute()]
}

/** Refused events are kept as they came, for the event debugger. */
export function refuseEvents(sql: postgres.TransactionSql, refused: RefusedEvent[]): Promise<unknown>[] {
  if (refused.length === 0) return []
  const query = sql`
    insert into event_refusals (workspace_id, received_at, key_id, code, message, body)
    select workspace_id, to_timestamp(received_at / 1000.0), key_id, code, message, body
      from jsonb_to_recordset(${JSON.stringify(refused)}::text::jsonb) as r(
           workspace_id int, received_at float8, key_id int, code text, message text, body text)`
  return [query.execute()]
}
