import { otherName } from '../contacts/names.ts'
import { isRoleMailbox, normalizeEmail, normalizePhone } from '../contacts/normalize.ts'
import { contactNumber } from '../contacts/number.ts'
import { type Evidence, joinContact, suggest } from './join.ts'
import { type Contact, personOf, type Visitor, type World } from './world.ts'

/** What somebody said about who they are. */
export type Given = { email?: unknown; phone?: unknown; first_name?: unknown; last_name?: unknown; name?: unknown }

/**
 * A visitor gave an e-mail or a phone: finds the contact or makes one, and joins them. Keys are tried in the workspace's order
 * and the first hit wins; when two keys hit two contacts nothing merges by itself, a suggestion is kept for a person.
 */
export function claimContact(world: World, visitor: Visitor, given: Given, evidence: Evidence) {
  const email = typeof given.email === 'string' ? normalizeEmail(given.email) : undefined
  const phone = phoneOf(given, world.country)
  if (!email && !phone) return
  const email_key = email && !isRoleMailbox(email) ? email : undefined
  const by_email = email_key ? find(world, 'email', email_key) : undefined
  const by_phone = phone ? find(world, 'phone', phone) : undefined
  const own = contactOf(world, visitor)
  const claim = { email, email_key, phone, by_email, by_phone, given, evidence }
  if (own) extend(world, visitor, own, claim)
  else findOrCreate(world, visitor, claim)
}

/** E.164, from text or a number: an object is no phone. */
export function phoneOf({ phone }: Given, country: string): string | undefined {
  return typeof phone === 'string' || typeof phone === 'number' ? normalizePhone(String(phone), country) : undefined
}

type Claim = {
  email: string | undefined
  email_key: string | undefined
  phone: string | undefined
  by_email: Contact | undefined
  by_phone: Contact | undefined
  given: Given
  evidence: Evidence
}

/** The visitor's person is a contact already. */
function extend(world: World, visitor: Visitor, own: Contact, claim: Claim) {
  const { email_key, email, by_email, by_phone, phone, evidence } = claim
  const known_user = visitor.kind === 'user' || visitor.kind === 'email'
  if (email_key && by_email && by_email !== own) {
    joinContact(world, visitor, by_email, evidence) // the guard refuses: two contacts; it is logged and suggested
    suggest(world, own.id, by_email.id, 'two_keys')
  } else if (email_key && !by_email && own.email !== null && !known_user) {
    // A second person gives another address on the device of the first: a contact of their own, which the device does not join.
    joinContact(world, visitor, create(world, visitor, { ...claim, phone: by_phone ? undefined : phone }), evidence)
    return
  } else if (email && (own.email === null || known_user) && !by_email) {
    setEmail(world, own, email, email_key)
  }
  if (phone && by_phone && by_phone !== own) suggest(world, own.id, by_phone.id, 'two_keys')
  else if (phone && !by_phone) setPhone(world, own, phone)
}

function findOrCreate(world: World, visitor: Visitor, claim: Claim) {
  const { by_email, by_phone, evidence } = claim
  const other_name = by_phone !== undefined && by_email === undefined && otherName(by_phone.first_name, claim.given.first_name)
  const hits = world.match_keys.flatMap(
    key => (key === 'email' ? by_email : key === 'phone' && !other_name ? by_phone : undefined) ?? [],
  )
  const contact = hits[0] ?? create(world, visitor, { ...claim, phone: by_phone ? undefined : claim.phone })
  if (other_name) suggest(world, contact.id, by_phone!.id, 'phone_other_name')
  for (const hit of hits) if (hit !== contact) suggest(world, contact.id, hit.id, 'two_keys')
  const outcome = joinContact(world, visitor, contact, evidence)
  if (outcome !== 'linked' && outcome !== 'noop') return
  if (claim.email && contact.email === null && !by_email) setEmail(world, contact, claim.email, claim.email_key)
  if (claim.phone && !by_phone) setPhone(world, contact, claim.phone)
}

function create(world: World, visitor: Visitor, { email, email_key, phone, given, evidence }: Claim): Contact {
  const contact: Contact = {
    id: contactNumber(world.contacts_issued++, world.contact_salt),
    email: email ?? null,
    phone: phone ?? null,
    first_name: typeof given.first_name === 'string' ? given.first_name : null,
    last_name: typeof given.last_name === 'string' ? given.last_name : null,
    root: null,
    is_new: true,
    changed: true,
    created_at: evidence.occurred_at,
    before: { email: null, phone: null },
  }
  world.contacts.set(contact.id, contact)
  if (email_key) own(world, 'email', email_key, contact)
  if (phone) own(world, 'phone', phone, contact)
  world.activities.push({
    action: 'contact.created',
    contact_id: contact.id,
    visitor_id: visitor.id,
    before: null,
    after: { email: contact.email, phone: contact.phone, reason: evidence.reason },
  })
  return contact
}

function setEmail(world: World, contact: Contact, email: string, email_key: string | undefined) {
  if (contact.email === email) return
  note(world, contact, { email: contact.email }, { email })
  contact.email = email
  contact.changed = true
  if (email_key) own(world, 'email', email_key, contact)
}

function setPhone(world: World, contact: Contact, phone: string) {
  if (contact.phone === phone) return
  if (contact.phone === null) {
    note(world, contact, { phone: null }, { phone })
    contact.phone = phone
    contact.changed = true
  }
  own(world, 'phone', phone, contact)
}

function note(world: World, contact: Contact, before: Record<string, unknown>, after: Record<string, unknown>) {
  if (contact.is_new) return
  world.activities.push({ action: 'contact.updated', contact_id: contact.id, visitor_id: null, before, after })
}

function own(world: World, kind: 'email' | 'phone', value: string, contact: Contact) {
  world.keys.set(`${kind}:${value}`, contact.id)
  world.new_keys.push({ kind, value, contact_id: contact.id })
}

function find(world: World, kind: 'email' | 'phone', value: string): Contact | undefined {
  const id = world.keys.get(`${kind}:${value}`)
  return id === undefined ? undefined : world.contacts.get(id)
}

export function contactOf(world: World, visitor: Visitor): Contact | undefined {
  const id = personOf(world, visitor.root).contact_id
  return id === null ? undefined : world.contacts.get(id)
}
