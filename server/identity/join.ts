import { judge } from './guard.ts'
import {
  type Contact,
  type Link,
  type Outcome,
  type Person,
  personOf,
  type Reason,
  rankOf,
  type Visitor,
  type World,
} from './world.ts'

export type Evidence = { message_id: string; occurred_at: number; reason: Reason }

/** Claims that two visitors are one person. Whatever comes of it is logged; the events of both stay where they are. */
export function joinVisitors(world: World, visitor: Visitor, other: Visitor, evidence: Evidence): Outcome {
  if (visitor === other) return 'noop'
  const one = personOf(world, visitor.root)
  const two = personOf(world, other.root)
  const blocked = visitor.kind === 'blocked' || other.kind === 'blocked'
  const outcome = judge(world, one, two, { blocked, nodes: [visitor.id, other.id] })
  log(world, outcome, visitor, { other_visitor_id: other.id, contact_id: null }, evidence)
  if (outcome === 'refused_two_identified') suggest(world, one.contact_id, two.contact_id)
  if (outcome === 'linked') unite(world, one, two)
  return outcome
}

/** Claims that a visitor is a known contact. */
export function joinContact(world: World, visitor: Visitor, contact: Contact, evidence: Evidence): Outcome {
  const person = personOf(world, visitor.root)
  const other: Person =
    contact.root === null ? { root: 0, rank: 0, size: 0, user: null, contact_id: contact.id } : personOf(world, contact.root)
  const same = person.contact_id === contact.id
  const outcome = same
    ? 'noop'
    : judge(world, person, other, { blocked: visitor.kind === 'blocked', nodes: [visitor.id, -contact.id] })
  log(world, outcome, visitor, { other_visitor_id: null, contact_id: contact.id }, evidence)
  if (outcome === 'refused_two_identified') suggest(world, person.contact_id, contact.id)
  if (outcome === 'linked') {
    if (contact.root !== null) unite(world, person, other)
    else person.contact_id = contact.id
    contact.root = personOf(world, visitor.root).root
  }
  return outcome
}

/** A visitor turned out to be a user of the customer's application, or an e-mail address. */
export function recognize(world: World, visitor: Visitor, kind: 'user' | 'email') {
  if (visitor.kind !== 'anonymous') return
  const person = personOf(world, visitor.root)
  if (kind === 'user' && person.user !== null) return // an earlier alias made it a second name of that user
  visitor.kind = kind
  visitor.touched = true
  if (kind === 'user') person.user = visitor.id
  if (precedes(rankOf(kind), visitor.id, person)) stand(world, person, visitor.id, rankOf(kind))
}

export function suggest(
  world: World,
  a: number | null,
  b: number | null,
  reason: 'two_identified' | 'two_keys' | 'phone_other_name' = 'two_identified',
) {
  if (a === null || b === null || a === b) return
  const [contact_id, other_contact_id] = a < b ? [a, b] : [b, a]
  world.suggestions.set(`${contact_id} ${other_contact_id}`, { contact_id, other_contact_id, reason, evidence: {} })
}

function unite(world: World, one: Person, two: Person) {
  const [winner, loser] = precedes(two.rank, two.root, one) ? [two, one] : [one, two]
  world.moved.set(loser.root, winner.root)
  winner.size += loser.size
  winner.user ??= loser.user
  winner.contact_id ??= loser.contact_id
}

/** Another visitor stands for the person from now on. */
function stand(world: World, person: Person, root: number, rank: number) {
  if (person.root === root) {
    person.rank = rank
    return
  }
  world.moved.set(person.root, root)
  world.moved.delete(root)
  person.root = root
  person.rank = rank
  world.people.set(root, person)
}

function precedes(rank: number, root: number, person: Person) {
  return rank > person.rank || (rank === person.rank && root < person.root)
}

function log(
  world: World,
  outcome: Outcome,
  visitor: Visitor,
  target: { other_visitor_id: number | null; contact_id: number | null },
  { reason, message_id, occurred_at }: Evidence,
) {
  // Events that carry two ids come by the thousand; only the first, and those that are refused, say anything new.
  if (reason === 'event' && outcome === 'noop') return
  const key = `${visitor.id} ${target.other_visitor_id} ${target.contact_id} ${reason} ${outcome}`
  const known = world.links.get(key)
  if (known) known.repeats++
  else
    world.links.set(key, {
      reason,
      outcome,
      visitor_id: visitor.id,
      ...target,
      message_id,
      occurred_at,
      repeats: 0,
    } satisfies Link)
}
