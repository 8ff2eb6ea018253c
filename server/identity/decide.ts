import { isRoleMailbox, normalizeEmail } from '../contacts/normalize.ts'
import { claimContact, contactOf, type Given } from './claim.ts'
import { type Evidence, joinContact, joinVisitors, recognize } from './join.ts'
import type { Reason, Visitor, World } from './world.ts'

/** What one event claims about identity. The ids are those of `world.visitors`. */
export type Claims = {
  distinct_id: string // whom the event is of: the user if it names one, else the device
  user_id: string | null
  anonymous_id: string | null
  previous_id: string | null // of an alias
  contact_id: number | null // of a followed e-mail link
  given: Given | null // e-mail, phone and name, when the event is one that tells who somebody is
  reason: Reason
  message_id: string
  occurred_at: number
}

/**
 * Decides one event's claims, in the order that makes the guard right on a shared device: first who the user is (by the e-mail
 * that came along), then whether the device is theirs.
 */
export function decide(world: World, claims: Claims) {
  const visitor = world.visitors.get(claims.distinct_id)!
  const evidence: Evidence = { message_id: claims.message_id, occurred_at: claims.occurred_at, reason: claims.reason }
  const user = claims.user_id === null ? undefined : world.visitors.get(claims.user_id)
  if (user && user.kind !== 'blocked') tellUser(world, user, claims.given, evidence)
  else if (claims.given) claimContact(world, visitor, claims.given, evidence)
  if (user && claims.previous_id !== null) joinVisitors(world, user, world.visitors.get(claims.previous_id)!, evidence)
  if (user && claims.anonymous_id !== null && claims.anonymous_id !== claims.previous_id) {
    const reason = claims.reason === 'alias' ? 'event' : claims.reason
    joinVisitors(world, user, world.visitors.get(claims.anonymous_id)!, { ...evidence, reason })
  }
  if (claims.contact_id !== null) followLink(world, visitor, claims.contact_id, evidence)
}

function tellUser(world: World, user: Visitor, given: Given | null, evidence: Evidence) {
  const email = normalizeEmail(user.distinct_id)
  recognize(world, user, email ? 'email' : 'user')
  if (email && !isRoleMailbox(email) && !contactOf(world, user)) claimContact(world, user, { ...given, email }, evidence)
  if (given) claimContact(world, user, given, evidence)
}

function followLink(world: World, visitor: Visitor, contact_id: number, evidence: Evidence) {
  const contact = world.contacts.get(world.keys.get(`contact:${contact_id}`) ?? contact_id)
  if (contact) joinContact(world, visitor, contact, { ...evidence, reason: 'email_link' })
}
