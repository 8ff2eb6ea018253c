import type postgres from 'postgres'
import type { EndpointFilter } from '../../shared/webhooks.ts'
import { passes } from './filter.ts'
import type { Message } from './payload.ts'
import { wants } from './wants.ts'

/** An endpoint, as far as it decides what it hears. */
export type Listener = {
  workspace_id: number
  id: number
  events: string[]
  funnel_id: string | null
  filter: EndpointFilter | null
  purpose: string | null
}

/** Paused ones too: what they would have heard is kept for them. */
export function readListeners(sql: postgres.TransactionSql, workspace_ids: number[]): Promise<Listener[]> {
  return sql<Listener[]>`
    select workspace_id, id, events, funnel_id, filter, purpose
      from endpoints
     where workspace_id = any(${workspace_ids}::int[]) and deleted_at is null
     order by workspace_id, id`
}

/** Listeners of a workspace with one list of events: where there are thousands, a few lists are most of theirs. */
type Interest = { workspace_id: number; events: string[]; listeners: Listener[] }

export function interestsOf(listeners: Listener[]): Interest[] {
  const interests = new Map<string, Interest>()
  for (const listener of listeners) {
    const { workspace_id, events } = listener
    const key = JSON.stringify([workspace_id, ...events])
    const known = interests.get(key)
    if (known) known.listeners.push(listener)
    else interests.set(key, { workspace_id, events, listeners: [listener] })
  }
  return [...interests.values()]
}

export type Audience = {
  /** Those that want messages of a type. Asked once a type, not once a message. */
  wanting(workspace_id: number, type: string): Listener[]
  /** Those of them that this message is for. */
  of(message: Message): Listener[]
}

export function makeAudience(listeners: Listener[]): Audience {
  const interests = interestsOf(listeners)
  const by_type = new Map<string, Listener[]>()
  const wanting = (workspace_id: number, type: string) => {
    const key = `${workspace_id} ${type}`
    const known = by_type.get(key)
    if (known) return known
    const alike = interests.filter(one => one.workspace_id === workspace_id && wants(one.events, type))
    const found = alike.flatMap(one => one.listeners)
    by_type.set(key, found)
    return found
  }
  const of = ({ workspace_id, funnel_id, body }: Message) =>
    wanting(workspace_id, body.event).filter(
      listener => (listener.funnel_id === null || listener.funnel_id === funnel_id) && passes(body, listener.filter),
    )
  return { wanting, of }
}
