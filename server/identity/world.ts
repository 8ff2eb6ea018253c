/**
 * What a batch needs to know of the people in it, in memory. It is read under the workspaces' identity lock, changed by the
 * verbs beside this file one event after the other, and written back in one go: so a batch of any size decides exactly as if
 * its events had come one by one.
 */
export type World = {
  workspace_id: number
  country: string
  match_keys: string[]
  contacts_issued: number
  contact_salt: number
  analytics_denied: boolean // by anybody, ever
  visitors: Map<string, Visitor> // by distinct_id: those that the batch names
  people: Map<number, Person> // by the id of the visitor that stands for it
  contacts: Map<number, Contact>
  keys: Map<string, number> // 'email:...', 'phone:...' or, for one that may be merged, 'contact:...' -> contact
  revoked: Set<string> // pairs that a person took apart: see `pair`
  moved: Map<number, number> // a person that went into another one: old root -> new root
  known_people: Map<number, number | null> // as they were read: root -> contact
  links: Map<string, Link>
  suggestions: Map<string, Suggestion>
  new_keys: ContactKey[]
  activities: Activity[]
}

export type Kind = 'anonymous' | 'user' | 'email' | 'blocked'

export type Visitor = {
  id: number
  distinct_id: string
  kind: Kind
  root: number // at the time of reading; `personOf` follows what moved since
  stored_root: number
  stored_contact: number | null
  stored: Readonly<Partial<Visitor>> | null // as it was read; null for a new one
  is_new: boolean
  touched: boolean
  first_seen: number
  last_visit: number
  event_count: number
  visit_count: number
  country_code: string | null
  region: string | null
  city: string | null
  referring_domain: string | null
  first_touch: string // JSON text, handed through unread when nothing changes it
  last_touch: string
  traits: string
  watch_percentage: number
  registered_at: number | null
  engaged_at: number | null
  offer_viewed_at: number | null
  converted_at: number | null
  last_engaged_at: number | null // when the last event of the stage arrived
  last_offer_viewed_at: number | null
  is_bot: boolean
}

/** A cluster of visitors: at most one user, at most one contact (unless a person forced it). */
export type Person = { root: number; rank: number; size: number; user: number | null; contact_id: number | null }

export type Contact = {
  id: number
  email: string | null
  phone: string | null
  first_name: string | null
  last_name: string | null
  root: number | null // the person it belongs to; null while it has no visitor
  is_new: boolean
  changed: boolean // e-mail or phone
  created_at: number
  before: { email: string | null; phone: string | null }
}

export type Reason = 'alias' | 'identify' | 'event' | 'form' | 'email_link' | 'import' | 'manual'
export type Outcome = 'linked' | 'noop' | 'refused_two_identified' | 'refused_blocked' | 'refused_limit'

export type Link = {
  reason: Reason
  outcome: Outcome
  visitor_id: number
  other_visitor_id: number | null
  contact_id: number | null
  message_id: string
  occurred_at: number
  repeats: number
}

export type Suggestion = {
  contact_id: number
  other_contact_id: number
  reason: 'two_keys' | 'phone_other_name' | 'two_identified'
  evidence: Record<string, unknown>
}

export type ContactKey = { kind: 'email' | 'phone'; value: string; contact_id: number }

export type Activity = {
  action: string
  contact_id: number | null
  visitor_id: number | null
  before: Record<string, unknown> | null
  after: Record<string, unknown> | null
}

export type Traits = Record<string, [value: unknown, at: number]>

/** The person that a visitor belongs to now. */
export function personOf(world: World, root: number): Person {
  return world.people.get(rootNow(world, root))!
}

/** The visitor that stands for this person now. */
export function rootNow(world: World, root: number): number {
  let now = root
  for (let next = world.moved.get(now); next !== undefined; next = world.moved.get(now)) now = next
  return now
}

/** The contact that a visitor belongs to now. A batch without claims reads no people; then it is the stored one. */
export function contactIdOf(world: World, visitor: Visitor): number | null {
  return world.people.has(visitor.root) || world.moved.has(visitor.root)
    ? personOf(world, visitor.root).contact_id
    : visitor.stored_contact
}

/** Which visitor stands for a person follows from its members alone: a user before an e-mail before the others, then the oldest. */
export function rankOf(kind: Kind): number {
  return kind === 'user' ? 3 : kind === 'email' ? 2 : kind === 'anonymous' ? 1 : 0
}

/** The same two are the same pair in either order. Visitors are positive, contacts negative. */
export function pair(a: number, b: number): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`
}
