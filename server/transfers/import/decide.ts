import type { IMPORT_OUTCOMES } from '../../../shared/imports.ts'
import type { Matcher, Person } from '../../contacts/match.ts'
import { isRoleMailbox } from '../../contacts/normalize.ts'
import { type Changes, isSame } from '../../contacts/overwrite.ts'
import type { Known } from '../../contacts/places.ts'
import type { How, Said } from './read-cells.ts'
import type { RowSays } from './read-row.ts'

export type Result = {
  row: number
  outcome: (typeof IMPORT_OUTCOMES)[number]
  contact_id: number | null
  /** Where rows become leads. */
  lead_id?: number | null
  reason: string | null
  /** Whom a row would make: a key of theirs. */
  person: string | null
  changes: Changes | null
}

/** What is known in a batch, and what of it is different since it was read. */
export type Desk = {
  workspace_id: number
  matcher: Matcher
  actor: { kind: string; id: number; name: string }
  /** By name, e-mail and id. */
  members: Map<string, number>
  /** Keys of people who were erased after the file was sent. */
  erased: Set<string>
  custom: Map<number, Record<string, unknown>>
  tags: Map<number, Set<string>>
  now: number
  /** What has to be stored besides what the matcher stores. */
  owners: Map<number, number | null>
  new_custom: Map<number, Record<string, unknown>>
  new_tags: { contact_id: number; name: string }[]
  claims: { distinct_id: string; contact_id: number; row: number }[]
}

/** Who a row is, by the one matcher, and what it changes: in memory, one row after the other, so a row finds whom an earlier one made. */
export function decide(says: RowSays, person: Person, how: How, desk: Desk): Result {
  const result = (outcome: Result['outcome'], reason: string | null, contact_id: number | null = null): Result => ({
    row: says.row, outcome, contact_id, reason, person: null, changes: null,
  }) // biome-ignore format: short
  if (says.problem !== null) return result('failed', says.problem)
  const owner = ownerOf(says, desk)
  if (owner === undefined) return result('failed', `owner: ${says.owner} is not a user of this workspace`)
  if (desk.erased.size > 0 && keysOf(person).some(value => desk.erased.has(value)))
    return result('skipped', 'was erased after this file was sent')
  const found = whoIs(person, says, how, desk)
  if ('wrong' in found) return result(found.outcome, found.wrong)
  const { contact } = found
  if (contact && how.mode === 'create') return result('skipped', `is contact ${contact.id} already`, contact.id)
  if (contact) {
    const changes = change(contact, says, owner, desk)
    return { ...result(Object.keys(changes).length > 0 ? 'updated' : 'unchanged', null, contact.id), changes }
  }
  if (how.mode === 'update') return result('skipped', 'is nobody who is here')
  if (says.missing.length > 0) return result('failed', `${says.missing.join(', ')} is required of somebody new`)
  const unreachable = whyUnreachable(person)
  if (unreachable !== undefined) return result('failed', unreachable)
  return { ...result('created', null, make(person, says, owner, desk)), person: keysOf(person)[0]! }
}

/** Null for nobody, undefined for somebody who is not known. */
function ownerOf({ owner }: RowSays, { members }: Desk): number | null | undefined {
  return owner === undefined || owner === null ? null : members.get(owner)
}

export function personOf(says: RowSays, how: How, { workspace_id, now }: Pick<Desk, 'workspace_id' | 'now'>): Person {
  const traits: Record<string, unknown> = {}
  for (const [key, { value }] of Object.entries(says.traits)) if (value !== null) traits[key] = value
  if (says.address) traits.address = Object.fromEntries(Object.entries(says.address).map(([part, { value }]) => [part, value]))
  const { email = null, phone = null, user_id } = says
  // The number of another workspace's contact is somebody else here: it counts where it was chosen.
  const id = how.by === 'id' ? says.id : null
  return { workspace_id, scope: '', email, phone, user_id, id, traits, at: now }
}

function keysOf({ email, phone, user_id }: Person): string[] {
  return [email, phone, user_id].filter(key => key !== null)
}

type Found = { contact: Known | undefined } | { outcome: 'failed' | 'ambiguous'; wrong: string }

const NAMES = { email: 'e-mail', phone: 'phone', user_id: 'user id', id: 'contact id' } as const

/** By the key that was chosen. Where another key of the row is somebody else's, a person has to look: nothing is written. */
function whoIs(person: Person, says: RowSays, how: How, { matcher }: Desk): Found {
  const by = how.by as 'any' | keyof typeof NAMES // leads have others
  const named = matcher.look(person)
  const others = Object.entries(named) as [keyof typeof NAMES, Known][]
  const contact = by === 'any' ? others.find(([, one]) => one.id === matcher.find(person))?.[1] : named[by]
  if (by !== 'any' && person[by] == null) return { outcome: 'failed', wrong: `has no ${NAMES[by]}, by which contacts are found` }
  if (new Set(others.map(([, { id }]) => id)).size > 1 || (!contact && others.length > 0)) {
    const sentence = others.map(([kind, { id }]) => `its ${NAMES[kind]} is of contact ${id}`).join(', ')
    return { outcome: 'ambiguous', wrong: contact || by === 'any' ? sentence : `${sentence}, and nobody has its ${NAMES[by]}` }
  }
  if (by === 'id' && contact && others.length === 1 && !isAlike(contact, says))
    return { outcome: 'ambiguous', wrong: `contact ${contact.id} has another e-mail, phone and name` }
  return { contact }
}

/** Numbers of contacts are of one workspace: a file of another one must not change somebody who has the same by chance. */
function isAlike({ email, phone, traits }: Known, says: RowSays) {
  const same = (key: string) => says.traits[key] !== undefined && isSame(traits[key]?.[0], says.traits[key].value)
  const is_bare = says.email === undefined && says.phone === undefined
  return (
    is_bare ||
    (email !== null && email === says.email) ||
    (phone !== null && phone === says.phone) ||
    (same('first_name') && same('last_name'))
  )
}

function whyUnreachable({ email, phone, user_id }: Person): string | undefined {
  if (email === null && phone === null) return 'has neither an e-mail nor a phone, and one of them makes a contact'
  if (phone === null && user_id === null && isRoleMailbox(email!))
    return `${email} is read by many people and finds nobody again: give a phone or a user id too`
  return undefined
}

function make(person: Person, says: RowSays, owner: number | null, desk: Desk): number {
  const { contact_id } = desk.matcher.take(person, desk.actor, 'import')
  if (owner !== null) desk.owners.set(contact_id, owner)
  desk.custom.set(contact_id, {})
  desk.tags.set(contact_id, new Set())
  tellCustom(contact_id, says, desk)
  putTags(contact_id, says, desk)
  claim(contact_id, says, desk)
  return contact_id
}

function change(contact: Known, says: RowSays, owner: number | null, desk: Desk): Changes {
  const traits = Object.fromEntries(
    Object.entries(says.traits).map(([key, said]) => [key, asKnown(said, contact.traits[key]?.[0])]),
  )
  if (says.address !== undefined) traits.address = addressOf(says.address, contact.traits.address?.[0])
  const { email, phone } = keptKeys(contact, says)
  const changes = desk.matcher.overwrite(desk.workspace_id, contact, {
    ...(email === undefined ? {} : { email }),
    ...(phone === undefined ? {} : { phone }),
    traits,
    at: desk.now,
  })
  const owned = desk.owners.has(contact.id) ? desk.owners.get(contact.id)! : contact.owner_id
  if (says.owner !== undefined && owner !== owned) {
    changes.owner_id = [owned, owner]
    desk.owners.set(contact.id, owner)
  }
  const added = putTags(contact.id, says, desk)
  if (added.length > 0) changes.tags = [[], added]
  claim(contact.id, says, desk)
  return { ...changes, ...tellCustom(contact.id, says, desk) }
}

/** An e-mail or a phone must stay. */
function keptKeys(contact: Known, { email, phone }: RowSays) {
  const left = { email: email === undefined ? contact.email : email, phone: phone === undefined ? contact.phone : phone }
  return left.email === null && left.phone === null ? {} : { email, phone }
}

/** A text that writes what is there is no change, and a number stays one. */
function asKnown({ raw, value }: Said, known: unknown): unknown {
  if (raw === known) return known
  if (typeof value !== 'string' || known === null || known === undefined || typeof known === 'string') return value
  try {
    const read: unknown = JSON.parse(value)
    return typeof read === typeof known ? read : value
  } catch {
    return value
  }
}

function addressOf(parts: Record<string, Said> | null, known: unknown): unknown {
  if (parts === null) return null
  const was = typeof known === 'object' && known !== null ? (known as Record<string, unknown>) : {}
  const address = Object.fromEntries(Object.entries(parts).map(([part, said]) => [part, asKnown(said, was[part])]))
  return isSame(withoutNulls(was), withoutNulls(address)) ? known : address
}

function withoutNulls(object: Record<string, unknown>) {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null))
}

function tellCustom(contact_id: number, { custom }: RowSays, desk: Desk): Changes {
  const known = desk.custom.get(contact_id) ?? {}
  const changed = Object.entries(custom).filter(([key, value]) => !isSame(known[key], value))
  if (changed.length === 0) return {}
  const told = Object.fromEntries(changed)
  desk.custom.set(contact_id, { ...known, ...told })
  desk.new_custom.set(contact_id, { ...desk.new_custom.get(contact_id), ...told })
  return Object.fromEntries(changed.map(([key, value]) => [`custom.${key}`, [known[key] ?? null, value]]))
}

/** Returns the names that the contact did not have. */
function putTags(contact_id: number, { tags, tag_text }: RowSays, desk: Desk): string[] {
  const known = desk.tags.get(contact_id) ?? new Set()
  // A name may have a separator in it: as one, and as an export writes them all.
  const text = tag_text?.toLowerCase()
  if (text !== undefined && (known.has(text) || [...known].sort().join('; ') === text)) return []
  const added = [...new Map(tags.map(name => [name.toLowerCase(), name]))].filter(([lower]) => !known.has(lower))
  for (const [lower] of added) known.add(lower)
  desk.tags.set(contact_id, known)
  for (const [, name] of added) desk.new_tags.push({ contact_id, name })
  return added.map(([, name]) => name)
}

function claim(contact_id: number, { user_id, row }: RowSays, desk: Desk) {
  if (user_id !== null && !desk.matcher.look({ ...NOBODY, workspace_id: desk.workspace_id, user_id }).user_id)
    desk.claims.push({ distinct_id: user_id, contact_id, row })
}

const NOBODY = { scope: '', email: null, phone: null, traits: {}, at: 0 }
