import type postgres from 'postgres'
import { isRoleMailbox } from './normalize.ts'
import { type Known, keyOf, type Place } from './places.ts'

/** What a contact shows from now on: absent stays as it is, null takes away. E-mail and phone are normalised. */
export type Said = {
  email?: string | null
  phone?: string | null
  traits: Record<string, unknown>
  /** In ms: the newest, or it would not be shown. */
  at: number
}

/** `{field: [before, after]}`, only what is different. */
export type Changes = Record<string, [before: unknown, after: unknown]>

/** In memory, for a batch that holds the identity lock; the caller has asked that no other contact has the keys (`look`). */
export function overwrite(place: Place, contact: Known, said: Said): Changes {
  const changes: Changes = {}
  for (const kind of ['email', 'phone'] as const) {
    const [was, is] = [contact[kind], said[kind]]
    if (is === undefined || is === was) continue
    changes[kind] = [was, is]
    contact[kind] = is
    if (was !== null) letGo(place, contact, kind, was)
    if (is !== null) own(place, contact, kind, is)
  }
  for (const [key, value] of Object.entries(said.traits)) {
    const was = contact.traits[key]?.[0] ?? null
    if (isSame(was, value)) continue
    changes[key] = [was, value]
    // A visitor with a clock that is ahead said something later: what is shown then is the fold's to say.
    const [shown, own] = [contact.traits[key], contact.own_traits[key]]
    contact.must_fold ||= shown !== undefined && shown[1] >= said.at && own?.[1] !== shown[1]
    contact.told[key] = contact.own_traits[key] = contact.traits[key] = [value, said.at]
    if (key === 'first_name') contact.first_name = typeof value === 'string' ? value : null
  }
  contact.changed ||= Object.keys(changes).length > 0
  return changes
}

/** Whatever the order of their keys. */
export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other))
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value ?? null
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
}

function letGo(place: Place, contact: Known, kind: 'email' | 'phone', value: string) {
  const key = keyOf('', kind, value)
  const owner = place.keys.get(key)
  if (owner !== undefined && owner !== contact) return
  place.keys.delete(key)
  place.former_keys.push({ workspace_id: place.workspace_id, kind, value, contact_id: contact.id })
  place.new_keys = place.new_keys.filter(one => one.kind !== kind || one.value !== value || one.scope !== '')
}

/** Many people read info@: it is shown and finds nobody. */
function own(place: Place, contact: Known, kind: 'email' | 'phone', value: string) {
  const key = keyOf('', kind, value)
  if ((kind === 'email' && isRoleMailbox(value)) || place.keys.has(key)) return
  place.keys.set(key, contact)
  place.former_keys = place.former_keys.filter(one => one.kind !== kind || one.value !== value)
  place.new_keys.push({ workspace_id: place.workspace_id, scope: '', kind, value, contact_id: contact.id })
}

/** Before the new ones are stored: what one gave away may be another's now. */
export function forgetKeys(sql: postgres.TransactionSql, former: Place['former_keys']) {
  return sql`
    delete from contact_keys k
     using jsonb_to_recordset(${JSON.stringify(former)}::text::jsonb) as f(workspace_id int, kind text, value text, contact_id int)
     where k.workspace_id = f.workspace_id and k.scope = '' and k.kind = f.kind and k.value = f.value and k.contact_id = f.contact_id`
}
