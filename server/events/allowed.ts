import type postgres from 'postgres'
import { ANALYTICS } from '../../shared/consents.ts'
import { readDenied } from '../consents/analytics.ts'
import { recordConsents } from '../consents/record.ts'
import { contactIdOf, type World } from '../identity/world.ts'
import { type Incoming, refuseEvent } from './incoming.ts'
import type { RefusedEvent, Stored } from './record.ts'

/** Events that are not taken, each with the reason that its sender is told. */
export type Denied = Map<Incoming, RefusedEvent>

/**
 * Leaves out what visitors do who deny analytics. Consents themselves are always taken, and hold from their place in the batch on; a form that
 * somebody sends is not watching them. Reads nothing where nobody ever denied.
 */
export async function keepAllowed(
  sql: postgres.TransactionSql,
  worlds: Map<number, World>,
  batch: Incoming[],
): Promise<{ allowed: Incoming[]; denied: Denied }> {
  const denied: Denied = new Map()
  const says_so = batch.some(({ consent }) => consent?.purposes[ANALYTICS] === false)
  if (!says_so && ![...worlds.values()].some(({ analytics_denied }) => analytics_denied)) return { allowed: batch, denied }
  const deniers = await readDeniers(sql, worlds)
  const allowed = batch.filter(event => {
    const keys = idsOf(event)
    const says = event.consent?.purposes[ANALYTICS]
    if (says === false) for (const key of keys) deniers.add(key)
    if (says === true) for (const key of keys) deniers.delete(key)
    if (event.consent || event.is_asked || !keys.some(key => deniers.has(key))) return true
    const { workspace_id, key_id, received_at } = event
    // What they did is not kept by way of its refusal either.
    denied.set(event, { ...refuseEvent('consent_denied', { event: event.event }), workspace_id, key_id, received_at })
    return false
  })
  return { allowed, denied }
}

/** Those that the batch names and that were seen before, as in `idsOf`. */
async function readDeniers(sql: postgres.TransactionSql, worlds: Map<number, World>): Promise<Set<string>> {
  const known = [...worlds.values()]
    .filter(({ analytics_denied }) => analytics_denied)
    .flatMap(({ workspace_id, visitors }) =>
      [...visitors.values()].map(({ id, root, stored_contact, distinct_id }) => ({
        workspace_id,
        id,
        root,
        contact_id: stored_contact,
        distinct_id,
      })),
    )
  const ids = await readDenied(sql, known)
  return new Set(known.filter(({ id }) => ids.has(id)).map(({ workspace_id, distinct_id }) => `${workspace_id} ${distinct_id}`))
}

function idsOf({ workspace_id, distinct_id, anonymous_id, user_id }: Incoming): string[] {
  return [distinct_id, anonymous_id, user_id].filter(id => id !== null).map(id => `${workspace_id} ${id}`)
}

/** Behind the events on the wire. Nothing where nobody said anything. */
export async function storeConsents(sql: postgres.TransactionSql, worlds: Map<number, World>, stored: Stored[]) {
  const saying = stored.filter(({ consent }) => consent !== null)
  await recordConsents(
    sql,
    saying.flatMap(({ workspace_id, consent, visitor_id, distinct_id, occurred_at, event }) => {
      const world = worlds.get(workspace_id)!
      const contact_id = contactIdOf(world, world.visitors.get(distinct_id)!)
      return Object.entries(consent?.purposes ?? {}).map(([purpose, granted]) => ({
        workspace_id,
        contact_id,
        visitor_id,
        purpose,
        granted,
        source: 'tracker' as const,
        text_version: consent!.text_version,
        said_at: occurred_at,
        actor: { kind: 'event' as const, id: null, name: event },
      }))
    }),
  )
}
