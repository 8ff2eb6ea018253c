import type postgres from 'postgres'
import type { Actor } from '../../shared/shape.ts'
import { type NewActivity, recordEverywhere } from '../activities/record.ts'
import { followTraits } from './custom.ts'
import { foldContacts } from './fold.ts'
import { bareName, otherName } from './names.ts'
import { isRoleMailbox } from './normalize.ts'
import { contactNumber } from './number.ts'
import { type Changes, forgetKeys, overwrite, type Said } from './overwrite.ts'
import { type Known, keyOf, type Place, readPlaces } from './places.ts'

/** What somebody says about who they are. E-mail and phone are normalised (`normalize.ts`). */
export type Person = {
  workspace_id: number
  /** Whom they are compared with: '' is everybody in the workspace, 'webhook 3' only those who came there. */
  scope: string
  email: string | null
  phone: string | null
  /** In the customer's own application. It finds a contact and makes none. */
  user_id: string | null
  /** Of the contact itself, where somebody knows it. It finds one and makes none. */
  id?: number | null
  /** first_name, last_name, address, ...: what the contact shows where nothing newer is known. Without empty ones. */
  traits: Record<string, unknown>
  /** When it was said, in ms. */
  at: number
}

export type Matched = { contact_id: number; is_new: boolean; owner_id: number | null }

/** In memory between reading and writing; the caller holds the identity lock of the workspaces, so what it says stays true. */
export type Matcher = {
  /** The contact that this person is, or undefined. Changes nothing. */
  find(person: Person): number | undefined
  /** Whom each of their keys names, `id` too. Changes nothing. */
  look(person: Person): Partial<Record<Key['kind'], Known>>
  /** Finds or makes the contact, and lets it know what is new. A person needs an e-mail or a phone to become one. */
  take(person: Person, actor: Actor, reason?: string): Matched
  /** Lets a contact show this from now on, whatever it showed, as an edit by hand does (`overwrite.ts`). Returns what is different. */
  overwrite(workspace_id: number, contact: Known, said: Said): Changes
  /** Stores what was said. Returns the contacts that have to be folded (`foldContacts`): those that were there before and were taken. */
  write(): Promise<{ workspace_id: number; contact_id: number }[]>
}

/** Finds or makes the contact of each, one after the other, and stores it: seven statements for any number of people. */
export async function matchContacts(sql: postgres.TransactionSql, people: Person[], actor: Actor): Promise<Matched[]> {
  const matcher = await readMatches(sql, people)
  const matched = people.map(person => matcher.take(person, actor))
  await foldContacts(sql, await matcher.write(), actor)
  return matched
}

/**
 * Reads what is known of these people, for deciding in memory. The keys are tried in the workspace's order and the first hit wins;
 * when another key hits another contact, that is a suggestion for a person and never a merge.
 */
export async function readMatches(sql: postgres.TransactionSql, people: Person[]): Promise<Matcher> {
  const places = await readPlaces(sql, people.flatMap(keysOf), [...new Set(people.map(person => person.workspace_id))])
  const found = (person: Person) => search(places.get(person.workspace_id)!, person)
  return {
    find: person => found(person).hits[0]?.id,
    look: person => look(places.get(person.workspace_id)!, person),
    take: (person, actor, reason = 'lead') => take(places.get(person.workspace_id)!, person, found(person), actor, reason),
    overwrite: (workspace_id, contact, said) => overwrite(places.get(workspace_id)!, contact, said),
    write: () => write(sql, [...places.values()]),
  }
}

type Key = { workspace_id: number; scope: string; kind: 'id' | 'user_id' | 'email' | 'phone'; value: string }

/** All by which somebody can be found. Who shares a phone with another name owns it in the scope of that name. */
function keysOf(person: Person): Key[] {
  const { workspace_id, scope, email, phone, user_id, id = null } = person
  const name = bareName(person.traits.first_name)
  return [
    ...(id === null ? [] : [{ workspace_id, scope, kind: 'id' as const, value: String(id) }]),
    ...(user_id !== null && scope === '' ? [{ workspace_id, scope, kind: 'user_id' as const, value: user_id }] : []),
    ...(isKey(email) ? [{ workspace_id, scope, kind: 'email' as const, value: email }] : []),
    ...(phone === null ? [] : [{ workspace_id, scope, kind: 'phone' as const, value: phone }]),
    ...(phone === null || name === ''
      ? []
      : [{ workspace_id, scope: ofName(scope, name), kind: 'phone' as const, value: phone }]),
  ]
}

function look(place: Place, person: Person): Partial<Record<Key['kind'], Known>> {
  const { scope, email, user_id, id = null } = person
  const at = (kind: Key['kind'], value: string | null) => (value === null ? undefined : place.keys.get(keyOf(scope, kind, value)))
  const named = {
    id: at('id', id === null ? null : String(id)),
    user_id: at('user_id', user_id),
    email: isKey(email) ? at('email', email) : undefined,
    phone: search(place, person).phone,
  }
  return Object.fromEntries(Object.entries(named).filter(([, contact]) => contact !== undefined))
}

type Found = { hits: Known[]; phone: Known | undefined; by_email: Known | undefined; by_phone: Known | undefined; other: boolean }

function search(place: Place, { scope, email, phone, user_id, traits }: Person): Found {
  const at = (kind: Key['kind'], value: string | null, within = scope) =>
    value === null ? undefined : place.keys.get(keyOf(within, kind, value))
  const by_email = isKey(email) ? at('email', email) : undefined
  const by_phone = at('phone', phone)
  const name = bareName(traits.first_name)
  const by_name = name === '' ? undefined : at('phone', phone, ofName(scope, name))
  const other = by_phone !== undefined && otherName(by_phone.first_name, traits.first_name)
  const by = {
    user_id: scope === '' ? at('user_id', user_id) : undefined,
    email: by_email,
    phone: by_name ?? (other ? undefined : by_phone),
  }
  const hits = place.match_keys.flatMap(key => by[key] ?? [])
  return { hits: [...new Set(hits)], phone: by.phone, by_email, by_phone, other: other && by_name === undefined }
}

function take(place: Place, person: Person, { hits, by_email, by_phone, other }: Found, actor: Actor, reason: string): Matched {
  const is_new = hits.length === 0
  const contact = hits[0] ?? add(place)
  contact.must_fold ||= !contact.is_new
  const { email, phone, scope } = person
  const before = { email: contact.email, phone: contact.phone }
  for (const hit of hits) suggest(place, contact, hit, 'two_keys')
  if (by_phone && other) suggest(place, contact, by_phone, is_new ? 'phone_other_name' : 'two_keys')
  if (email !== null && by_email === undefined) {
    contact.email ??= email
    if (isKey(email)) own(place, contact, scope, 'email', email)
  }
  if (phone !== null && (by_phone === undefined || other)) {
    contact.phone ??= phone
    own(place, contact, other ? ofName(scope, bareName(person.traits.first_name)) : scope, 'phone', phone)
  }
  const traits = tell(contact, person)
  note(place, contact, before, traits, actor, reason)
  return { contact_id: contact.id, is_new, owner_id: contact.owner_id }
}

/** Many people read info@: it is shown and finds nobody. */
function isKey(email: string | null): email is string {
  return email !== null && !isRoleMailbox(email)
}

function ofName(scope: string, name: string) {
  return `${scope} name ${name}`.trim()
}

function add(place: Place): Known {
  const contact: Known = {
    id: contactNumber(place.contacts_issued++, place.contact_salt),
    email: null,
    phone: null,
    first_name: null,
    owner_id: null,
    traits: {},
    own_traits: {},
    told: {},
    is_new: true,
    changed: true,
    must_fold: false,
  }
  place.contacts.set(contact.id, contact)
  return contact
}

function own(place: Place, contact: Known, scope: string, kind: 'email' | 'phone', value: string) {
  place.keys.set(keyOf(scope, kind, value), contact)
  place.new_keys.push({ workspace_id: place.workspace_id, scope, kind, value, contact_id: contact.id })
  contact.changed = true
}

function suggest(place: Place, one: Known, other: Known, reason: string) {
  if (one === other) return
  const [a, b] = one.id < other.id ? [one.id, other.id] : [other.id, one.id]
  const row = { workspace_id: place.workspace_id, contact_id: a, other_contact_id: b, reason }
  if (!place.suggestions.has(`${a} ${b}`)) place.suggestions.set(`${a} ${b}`, row)
}

/** Fills what the contact does not show, and makes newer what was said about itself before. Returns what it shows now, and did. */
function tell(contact: Known, { traits, at }: Person) {
  const changes = { before: {} as Record<string, unknown>, after: {} as Record<string, unknown> }
  for (const [key, value] of Object.entries(traits)) {
    const [shown, own] = [contact.traits[key], contact.own_traits[key]]
    const is_free = shown === undefined || shown[0] === null
    if (own === undefined ? !is_free : own[1] >= at) continue
    if (JSON.stringify(shown?.[0]) !== JSON.stringify(value)) {
      changes.before[key] = shown?.[0] ?? null
      changes.after[key] = value
    }
    contact.told[key] = contact.own_traits[key] = [value, at]
    // What a visitor said later is shown still: the fold decides, and here it only must not be asked twice in a batch.
    if (is_free || shown[1] <= at) contact.traits[key] = [value, at]
    if (key === 'first_name' && typeof value === 'string') contact.first_name = value
    contact.changed = true
  }
  return changes
}

function note(
  place: Place,
  contact: Known,
  was: { email: string | null; phone: string | null },
  traits: { before: Record<string, unknown>; after: Record<string, unknown> },
  actor: Actor,
  reason: string,
) {
  const { workspace_id } = place
  const { email, phone } = contact
  if (contact.is_new && was.email === null && was.phone === null) {
    const after = { ...traits.after, email, phone, reason }
    place.activities.push({ workspace_id, action: 'contact.created', actor, contact_id: contact.id, after })
    return
  }
  const before = {
    ...traits.before,
    ...(email === was.email ? {} : { email: was.email }),
    ...(phone === was.phone ? {} : { phone: was.phone }),
  }
  const after = { ...traits.after, ...(email === was.email ? {} : { email }), ...(phone === was.phone ? {} : { phone }) }
  if (Object.keys(after).length === 0) return
  place.activities.push({ workspace_id, action: 'contact.updated', actor, contact_id: contact.id, before, after })
}

async function write(sql: postgres.TransactionSql, places: Place[]) {
  const contacts = places.flatMap(({ workspace_id, contacts }) =>
    [...contacts.values()].flatMap(({ id, email, phone, told, is_new, changed, must_fold }) =>
      changed ? [{ workspace_id, id, email, phone, told, is_new, must_fold }] : [],
    ),
  )
  if (contacts.length === 0 && places.every(place => place.suggestions.size === 0)) return []
  const fresh = contacts.filter(({ is_new }) => is_new)
  const known = contacts.filter(({ is_new }) => !is_new)
  const issued = places.map(({ workspace_id, contacts_issued }) => ({ workspace_id, contacts_issued }))
  const keys = places.flatMap(place => place.new_keys)
  const former = places.flatMap(place => place.former_keys)
  const suggestions = places.flatMap(place => [...place.suggestions.values()])
  const activities: (NewActivity & { workspace_id: number })[] = places.flatMap(place => place.activities)
  // Sent together: they run one after the other.
  await Promise.all([
    ...(former.length > 0 ? [forgetKeys(sql, former).execute()] : []),
    ...(fresh.length > 0 ? [insertContacts(sql, fresh).execute()] : []),
    ...(known.length > 0 ? [updateContacts(sql, known).execute()] : []),
    sql`
      insert into contact_keys (workspace_id, scope, kind, value, contact_id)
      select workspace_id, scope, kind, value, contact_id
        from jsonb_to_recordset(${JSON.stringify(keys)}::text::jsonb)
          as k(workspace_id int, scope text, kind text, value text, contact_id int)
      on conflict do nothing`.execute(),
    sql`
      update workspaces w
         set contacts_issued = i.contacts_issued
        from jsonb_to_recordset(${JSON.stringify(issued)}::text::jsonb) as i(workspace_id int, contacts_issued bigint)
       where w.id = i.workspace_id and w.contacts_issued <> i.contacts_issued`.execute(),
    sql`
      insert into merge_suggestions (workspace_id, contact_id, other_contact_id, reason)
      select workspace_id, contact_id, other_contact_id, reason
        from jsonb_to_recordset(${JSON.stringify(suggestions)}::text::jsonb)
          as s(workspace_id int, contact_id int, other_contact_id int, reason text)
      on conflict (workspace_id, contact_id, other_contact_id) do nothing`.execute(),
    recordEverywhere(sql, activities),
  ])
  const numbers = (rows: Row[]) => rows.map(({ workspace_id, id }) => ({ workspace_id, contact_id: id }))
  const shown = contacts.filter(({ must_fold }) => !must_fold)
  if (shown.length > 0) await followTraits(sql, numbers(shown))
  return numbers(contacts.filter(({ must_fold }) => must_fold))
}

type Row = Pick<Known, 'id' | 'email' | 'phone' | 'told' | 'must_fold'> & { workspace_id: number }

/** As the fold would leave them, with the words of the search: of somebody new there is nothing yet to sum up but what they said. */
function insertContacts(sql: postgres.TransactionSql, contacts: Row[]) {
  return sql`
    with made as (
      insert into contacts (workspace_id, id, email, phone, own_traits, traits)
      select workspace_id, id, email, phone, told, told
        from jsonb_to_recordset(${JSON.stringify(contacts)}::text::jsonb)
          as r(workspace_id int, id int, email text, phone text, told jsonb)
      returning workspace_id, id, name, email, phone
    )
    insert into contact_search (workspace_id, contact_id, words)
    select workspace_id, id, lower(concat_ws(' ', name, email, phone)) from made`
}

/** Where it is sure what they show, as the fold would leave them, too: it costs as much as all the rest. */
function updateContacts(sql: postgres.TransactionSql, contacts: Row[]) {
  return sql`
    with changed as (
      update contacts c
         set email = r.email, phone = r.phone, own_traits = c.own_traits || r.told,
             traits = case when r.must_fold then c.traits else c.traits || r.told end,
             updated_at = case when c.email is distinct from r.email or c.phone is distinct from r.phone or not r.must_fold and r.told <> '{}'
                               then now() else c.updated_at end
        from jsonb_to_recordset(${JSON.stringify(contacts)}::text::jsonb)
          as r(workspace_id int, id int, email text, phone text, told jsonb, must_fold boolean)
       where c.workspace_id = r.workspace_id and c.id = r.id
      returning c.workspace_id, c.id, c.name, c.email, c.phone, c.user_id, r.must_fold
    )
    insert into contact_search (workspace_id, contact_id, words)
    select workspace_id, id, lower(concat_ws(' ', name, email, phone, nullif(user_id, email)))
      from changed
     where not must_fold
    on conflict (workspace_id, contact_id) do update set words = excluded.words where contact_search.words <> excluded.words`
}
