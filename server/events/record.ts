import { hash } from 'node:crypto'
import type postgres from 'postgres'
import { addConversionsOf } from '../conversions/from-events.ts'
import { inWorkspaces, lockIdentity, sendAsMade } from '../database/transaction.ts'
import { decide } from '../identity/decide.ts'
import { addVisitor, readPeople, readWorlds } from '../identity/read.ts'
import { rootNow, type Visitor, type World } from '../identity/world.ts'
import { writeWorlds } from '../identity/write.ts'
import type { VisitorNumbers } from '../visitors/number.ts'
import { type Denied, keepAllowed, storeConsents } from './allowed.ts'
import type { Incoming, Refused } from './incoming.ts'
import { appear, observe } from './observe.ts'
import { countEvents, refuseEvents, storeEvents } from './store.ts'
import { readVisits, type Visits, visitOf, writeVisits } from './visits.ts'

export type RefusedEvent = Refused & { workspace_id: number; key_id: number | null; received_at: number }

/** An event that is stored, with the visitor it came with and the visit it fell into. */
export type Stored = Incoming & { visitor_id: number; session_id: string | null }

/**
 * Stores a batch, and answers what it was not allowed to store: one transaction, a constant number of statements, whatever its size and however many workspaces it is of.
 * Under the workspaces' lock everything is read once, decided in memory event by event, and written once.
 */
export async function record(
  writer: postgres.Sql,
  numbers: VisitorNumbers,
  batch: Incoming[],
  refused: RefusedEvent[],
  plan_again = false,
): Promise<Denied> {
  const workspace_ids = [...new Set([...batch, ...refused].map(event => event.workspace_id))]
  return inWorkspaces(writer, workspace_ids, async sql => {
    if (plan_again) await sql.unsafe('discard plans')
    if (batch.length === 0) {
      await sendAsMade(write(sql, workspace_ids, new Map(), new Map(), [], refused))
      return new Map()
    }
    // Sent together: they run one after the other, so what is read is read under the lock.
    const locked = Promise.all([sql.unsafe(PLAN_ONCE).execute(), lockIdentity(sql, workspace_ids), keepFresh(sql, batch)])
    await null // they are on their way while the look-ups are written down
    const [[, , fresh], worlds, visits] = await Promise.all([
      locked,
      readWorlds(sql, nameVisitors(batch), workspace_ids),
      readVisits(sql, windows(batch)),
    ])
    const { allowed, denied } = await keepAllowed(sql, worlds, fresh)
    await addNewVisitors(sql, numbers, worlds, allowed)
    await decideIdentity(sql, worlds, allowed)
    const stored = allowed.map(event => place(worlds.get(event.workspace_id)!, visits, event))
    await sendAsMade(write(sql, workspace_ids, worlds, visits, stored, [...refused, ...denied.values()]))
    return denied
  })
}

function* write(
  sql: postgres.TransactionSql,
  workspace_ids: number[],
  worlds: Map<number, World>,
  visits: Visits,
  events: Stored[],
  refused: RefusedEvent[],
): Iterable<Promise<unknown>> {
  yield* writeWorlds(sql, [...worlds.values()])
  yield* writeVisits(sql, visits)
  yield* storeEvents(sql, events)
  yield addConversionsOf(sql, events) // behind the events and their visitors on the wire
  yield* countEvents(sql, events)
  yield storeConsents(sql, worlds, events)
  yield* refuseEvents(sql, refused)
  yield sql`select pg_notify('events_recorded', id::text) from unnest(${workspace_ids}::int[]) as id`.execute()
}

/**
 * Of a few rows the planner believes that a plan of their own is cheaper, and makes one each time: a third of what a fold cost with one event a
 * request. `plan_again` keeps those that are used again from growing old.
 */
const PLAN_ONCE = 'set local plan_cache_mode = force_generic_plan'

/** The same message id counts once within 30 days, across batches, processes and restarts. */
async function keepFresh(sql: postgres.TransactionSql, batch: Incoming[]): Promise<Incoming[]> {
  const keys = batch.map(event => messageKey(event.message_id))
  const rows = await sql<{ workspace_id: number; message: string }[]>`
    insert into message_ids (workspace_id, message)
    select workspace_id, message
      from unnest(${batch.map(event => event.workspace_id)}::int[], ${keys}::uuid[]) as m(workspace_id, message)
    on conflict do nothing
    returning workspace_id, message`
  if (rows.length === batch.length) return batch
  // Of the same id twice in one batch the first counts.
  const fresh = new Set(rows.map(row => `${row.workspace_id} ${row.message.replaceAll('-', '')}`))
  return batch.filter((event, k) => fresh.delete(`${event.workspace_id} ${keys[k]}`))
}

/** The first 16 bytes of SHA-256 in hexadecimal digits, which is a uuid without its hyphens. */
function messageKey(message_id: string): string {
  return hash('sha256', message_id).slice(0, 32)
}

function idsOf(event: Incoming): string[] {
  return [event.distinct_id, event.user_id, event.anonymous_id, event.previous_id].filter(id => id !== null)
}

function nameVisitors(batch: Incoming[]) {
  const named = new Map<string, { workspace_id: number; distinct_id: string }>()
  for (const event of batch) {
    const { workspace_id } = event
    for (const distinct_id of idsOf(event)) named.set(`${workspace_id} ${distinct_id}`, { workspace_id, distinct_id })
  }
  return [...named.values()]
}

function windows(batch: Incoming[]) {
  const windows = new Map<string, { workspace_id: number; distinct_id: string; from: number; to: number }>()
  for (const event of batch) {
    if (!event.is_visit || event.is_bot) continue
    const { workspace_id, occurred_at: at } = event
    for (const distinct_id of new Set([event.distinct_id, event.anonymous_id ?? event.distinct_id])) {
      const key = `${workspace_id} ${distinct_id}`
      const window = windows.get(key)
      if (!window) windows.set(key, { workspace_id, distinct_id, from: at, to: at })
      else {
        window.from = Math.min(window.from, at)
        window.to = Math.max(window.to, at)
      }
    }
  }
  return [...windows.values()]
}

async function addNewVisitors(
  sql: postgres.TransactionSql,
  numbers: VisitorNumbers,
  worlds: Map<number, World>,
  batch: Incoming[],
) {
  const missing = new Map<World, Map<string, number>>()
  let count = 0
  for (const event of batch) {
    const world = worlds.get(event.workspace_id)!
    for (const distinct_id of idsOf(event)) {
      if (world.visitors.has(distinct_id)) continue
      const ids = missing.get(world) ?? new Map<string, number>()
      missing.set(world, ids)
      if (!ids.has(distinct_id)) count++
      ids.set(distinct_id, Math.min(ids.get(distinct_id) ?? event.occurred_at, event.occurred_at))
    }
  }
  if (count === 0) return
  const next = await numbers.take(sql, count)
  for (const [world, ids] of missing) for (const [distinct_id, at] of ids) addVisitor(world, next(), distinct_id, at)
}

/** Most batches claim nothing new, and read nothing more. */
async function decideIdentity(sql: postgres.TransactionSql, worlds: Map<number, World>, batch: Incoming[]) {
  const claims = batch.filter(event => claimsSomething(worlds.get(event.workspace_id)!, event))
  if (claims.length === 0) return
  await readPeople(sql, worlds, claims)
  for (const event of claims) decide(worlds.get(event.workspace_id)!, event)
}

function claimsSomething(world: World, event: Incoming): boolean {
  if (event.given !== null || event.contact_id !== null || event.reason === 'alias') return true
  if (event.user_id === null) return false
  const user = world.visitors.get(event.user_id)!
  const device = event.anonymous_id === null ? user : world.visitors.get(event.anonymous_id)!
  const nameless = user.kind === 'email' && user.stored_contact === null // an undo took its contact away
  return nameless || user.kind === 'anonymous' || user.root !== device.root || (event.reason === 'identify' && user !== device)
}

/**
 * Finds the visit and lets the visitor show what the event says: counts, place, touches, stage, traits. What it adds is put on the event itself: a
 * copy of thousands a second is garbage.
 */
function place(world: World, visits: Visits, event: Incoming): Stored {
  const visitor = world.visitors.get(event.distinct_id)!
  if (event.is_bot) return Object.assign(event, { visitor_id: markBot(visitor), session_id: null })
  const owner = ownerOfVisit(world, visitor, event)
  appear(visitor, event.occurred_at)
  if (owner !== visitor) appear(owner, event.occurred_at)
  const visit = event.is_visit ? visitOf(visits, owner.id, event) : undefined
  if (visit?.is_new) owner.visit_count++
  observe(visitor, event)
  return Object.assign(event, { visitor_id: visitor.id, session_id: visit?.visit.id ?? null })
}

/** A visit belongs to the device, also across a log-in; on somebody else's device to the person. */
function ownerOfVisit(world: World, visitor: Visitor, event: Incoming): Visitor {
  const device = event.anonymous_id === null ? visitor : world.visitors.get(event.anonymous_id)!
  return rootNow(world, device.root) === rootNow(world, visitor.root) ? device : visitor
}

function markBot(visitor: Visitor): number {
  if (visitor.event_count === 0 && !visitor.is_bot) {
    visitor.is_bot = true
    visitor.touched = true
  }
  return visitor.id
}
