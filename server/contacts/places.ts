import type postgres from 'postgres'
import type { NewActivity } from '../activities/record.ts'

/** A workspace as matching needs it in memory (match.ts): whom the keys find, and what was decided since it was read. */
export type Place = {
  workspace_id: number
  match_keys: ('user_id' | 'email' | 'phone')[]
  contacts_issued: number
  contact_salt: number
  keys: Map<string, Known> // see `keyOf`
  contacts: Map<number, Known>
  new_keys: { workspace_id: number; scope: string; kind: string; value: string; contact_id: number }[]
  /** Those that a contact has no more. */
  former_keys: { workspace_id: number; kind: string; value: string; contact_id: number }[]
  suggestions: Map<string, { workspace_id: number; contact_id: number; other_contact_id: number; reason: string }>
  activities: (NewActivity & { workspace_id: number })[]
}

export type Traits = Record<string, [value: unknown, at: number]>

export type Known = {
  id: number
  email: string | null
  phone: string | null
  first_name: string | null
  owner_id: number | null
  traits: Traits
  own_traits: Traits
  /** What was said about itself since it was read. */
  told: Traits
  is_new: boolean
  changed: boolean
  /** Only the fold knows what it shows from now on. */
  must_fold: boolean
}

type Key = { workspace_id: number; scope: string; kind: string; value: string }

export function keyOf(scope: string, kind: string, value: string) {
  return `${scope}\n${kind}\n${value}`
}

/** The workspaces, and the contacts that the keys find: a merged one as the one that is left. Two statements for any number. */
export async function readPlaces(
  sql: postgres.TransactionSql,
  keys: Key[],
  workspace_ids: number[],
): Promise<Map<number, Place>> {
  const [workspaces, found] = await Promise.all([
    sql<Pick<Place, 'workspace_id' | 'match_keys' | 'contacts_issued' | 'contact_salt'>[]>`
      select id as workspace_id, match_keys, contacts_issued, contact_salt from workspaces where id = any(${workspace_ids}::int[])`,
    sql<(Key & Known)[]>`
      select w.workspace_id, w.scope, w.kind, w.value, c.id, c.email, c.phone, c.first_name, c.owner_id, c.traits, c.own_traits
        from jsonb_to_recordset(${JSON.stringify(distinct(keys))}::text::jsonb)
          as w(workspace_id int, scope text, kind text, value text)
       cross join lateral (
             select k.contact_id as id
               from contact_keys k
              where k.workspace_id = w.workspace_id and k.scope = w.scope and k.kind = w.kind and k.value = w.value
              union all
             (select v.contact_id
               from visitors v
              where w.kind = 'user_id' and v.workspace_id = w.workspace_id and v.distinct_id = w.value
                and v.kind in ('user', 'email') and v.contact_id is not null)
              union all
             select c.id
               from contacts c
              where c.workspace_id = w.workspace_id and c.id = case when w.kind = 'id' then w.value::int end
              limit 1) named
       cross join lateral (
             select coalesce(c.merged_into, c.id) as id from contacts c where c.workspace_id = w.workspace_id and c.id = named.id limit 1) given
       cross join lateral (
             select * from contacts c where c.workspace_id = w.workspace_id and c.id = given.id limit 1) c`,
  ])
  const places = new Map(workspaces.map(workspace => [workspace.workspace_id, emptyPlace(workspace)]))
  for (const { workspace_id, scope, kind, value, ...row } of found) {
    const { contacts, keys } = places.get(workspace_id)!
    const contact = contacts.get(row.id) ?? { ...row, told: {}, is_new: false, changed: false, must_fold: false }
    contacts.set(row.id, contact)
    keys.set(keyOf(scope, kind, value), contact)
  }
  return places
}

function distinct(keys: Key[]): Key[] {
  return [...new Map(keys.map(key => [`${key.workspace_id} ${keyOf(key.scope, key.kind, key.value)}`, key])).values()]
}

function emptyPlace(workspace: Pick<Place, 'workspace_id' | 'match_keys' | 'contacts_issued' | 'contact_salt'>): Place {
  return {
    ...workspace,
    keys: new Map(),
    contacts: new Map(),
    new_keys: [],
    former_keys: [],
    suggestions: new Map(),
    activities: [],
  }
}
