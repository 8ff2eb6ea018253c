import type postgres from 'postgres'
import type { EventBatch } from '../activities/told.ts'
import { interestsOf, type Listener } from './listeners.ts'
import { namesToRead } from './wants.ts'

export type WantedEvent = {
  workspace_id: number
  id: number
  event: string
  message_id: string
  occurred_at: Date
  distinct_id: string
  /** The contact that the visitor belongs to now. */
  contact_id: number | null
  properties: Record<string, unknown>
  page_url: string | null
}

/** The events of the batches that somebody wants; one statement for all workspaces. Bots' are not told. */
export async function readWantedEvents(
  sql: postgres.TransactionSql,
  batches: EventBatch[],
  listeners: Listener[],
): Promise<WantedEvent[]> {
  const names = namesOf(listeners)
  const wanted = batches.filter(({ workspace_id }) => names.has(workspace_id))
  if (wanted.length === 0) return []
  // Fenced by `offset 0`: the events of a batch lie side by side in the primary key, whichever of them are wanted.
  return sql<WantedEvent[]>`
    select e.workspace_id, e.id, e.event, e.message_id, e.occurred_at, v.distinct_id, v.contact_id, e.properties,
           e.context->'page'->>'url' as page_url
      from unnest(${wanted.map(batch => batch.workspace_id)}::int[], ${wanted.map(batch => batch.first_event)}::bigint[],
                  ${wanted.map(batch => batch.last_event)}::bigint[], ${wanted.map(batch => batch.from_time)}::text[],
                  ${wanted.map(batch => batch.to_time)}::text[],
                  ${wanted.map(batch => JSON.stringify([...names.get(batch.workspace_id)!]))}::text[])
        as b(workspace_id, first_event, last_event, from_time, to_time, names)
     cross join lateral (
           select *
             from events
            where workspace_id = b.workspace_id and id between b.first_event and b.last_event
              and occurred_at between b.from_time::timestamptz and b.to_time::timestamptz and not is_bot
           offset 0) e
      join visitors v on v.workspace_id = e.workspace_id and v.id = e.visitor_id
     where b.names::jsonb ? e.event
     order by e.id`
}

function namesOf(listeners: Listener[]): Map<number, Set<string>> {
  const names = new Map<number, Set<string>>()
  for (const { workspace_id, events } of interestsOf(listeners)) {
    const known = names.get(workspace_id) ?? new Set()
    for (const name of namesToRead(events)) known.add(name)
    if (known.size > 0) names.set(workspace_id, known)
  }
  return names
}
