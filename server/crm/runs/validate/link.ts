import type postgres from 'postgres'
import { storable } from '../../../database/storable.ts'
import type { CrmError } from '../../result.ts'
import { taken } from '../../write-link.ts'

/** A member whom the CRM knows. `link_contact_id`: whose link they were asked by, if by one. */
export type Found = {
  contact_id: number
  external_id: string
  /** As the CRM has it. */
  email: string | null
  link_contact_id: number | null
  at: Date
}

type Place = {
  contact_id: number
  external_id: string
  person_id: number
  holder_id: number | null
  holder_person_id: number | null
  is_free: boolean
}

/**
 * Writes by which ids the CRM knows members; who was merged into another contact gives it to that one. Two statements for a batch. Returns, by
 * contact, who cannot have their id because somebody else has it.
 */
export async function linkMembers(
  sql: postgres.TransactionSql,
  { workspace_id, connection_id }: { workspace_id: number; connection_id: number },
  found: Found[],
): Promise<Map<number, CrmError>> {
  const problems = new Map<number, CrmError>()
  if (found.length === 0) return problems
  const keyOf = (one: { contact_id: number; external_id: string }) => `${one.contact_id} ${one.external_id}`
  const places = new Map((await readPlaces(sql, workspace_id, connection_id, found)).map(place => [keyOf(place), place]))
  const owners = new Map<string, Place>()
  const links = new Map<number, object>()
  for (const { contact_id, external_id, email, link_contact_id, at } of found) {
    const place = places.get(keyOf({ contact_id, external_id }))
    if (!place) continue // deleted meanwhile
    const other = owners.get(external_id) ?? place
    if (other.person_id !== place.person_id || (place.holder_person_id ?? place.person_id) !== place.person_id) {
      const id = other.person_id === place.person_id ? place.holder_id : other.contact_id
      problems.set(contact_id, taken(external_id, id!))
      continue
    }
    if (owners.has(external_id)) continue
    owners.set(external_id, place)
    const free = place.is_free && !links.has(place.person_id) ? place.person_id : contact_id
    links.set(place.holder_id ?? link_contact_id ?? free, { external_id, email, at: at.toISOString() })
  }
  await write(sql, workspace_id, connection_id, links)
  return problems
}

/** Who each of them is a part of, who has their id, and whether the link of the whole is free to take it. One by one by index (`offset 0`), however new the links are. */
function readPlaces(sql: postgres.TransactionSql, workspace_id: number, connection_id: number, found: Found[]) {
  return sql<Place[]>`
    select c.id as contact_id, f.external_id, c.whole_id as person_id, h.contact_id as holder_id, o.whole_id as holder_person_id,
           w.external_id is null as is_free
      from unnest(${found.map(one => one.contact_id)}::int[], ${found.map(one => one.external_id)}::text[]) as f(contact_id, external_id)
      join contacts c on c.workspace_id = ${workspace_id} and c.id = f.contact_id
      left join lateral (
           select contact_id
             from crm_links
            where workspace_id = ${workspace_id} and connection_id = ${connection_id} and external_id = f.external_id
           offset 0) h on true
      left join contacts o on o.workspace_id = ${workspace_id} and o.id = h.contact_id
      left join lateral (
           select external_id
             from crm_links
            where workspace_id = ${workspace_id} and connection_id = ${connection_id} and contact_id = c.whole_id
           offset 0) w on true`
}

/** What else the CRM has to be told of them stays due. */
async function write(sql: postgres.TransactionSql, workspace_id: number, connection_id: number, links: Map<number, object>) {
  const rows = [...links].map(([contact_id, link]) => ({ contact_id, ...link }))
  await sql`
    insert into crm_links as l (workspace_id, connection_id, contact_id, external_id, state, told, due, verified_at)
    select ${workspace_id}, ${connection_id}, contact_id, external_id, 'WroteSalesforceAppUserUid',
           jsonb_strip_nulls(jsonb_build_object('email', email)), false, at
      from jsonb_to_recordset(${JSON.stringify(storable(rows))}::text::jsonb) as r(contact_id int, external_id text, email text, at timestamptz)
     order by contact_id
    on conflict (workspace_id, connection_id, contact_id) do update
       set external_id = excluded.external_id, state = excluded.state, told = l.told || excluded.told, failures = 0, let_go = false, error = null,
           verified_at = excluded.verified_at, updated_at = now()`
}
