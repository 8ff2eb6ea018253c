import type postgres from 'postgres'
import type { Contact } from '../../shared/contacts.ts'
import { contactColumns } from '../contacts/columns.ts'

const SHOWN = [
  'id',
  'email',
  'first_name',
  'last_name',
  'phone',
  'user_id',
  'name',
  'stage',
  'segment',
  'watch_percentage',
  'owner_id',
  'country_code',
  'utm_source',
  'utm_medium',
  'utm_campaign',
  'utm_term',
  'utm_content',
  'referral_code',
  'properties',
  'custom',
] as const

/** A contact as receivers see it. */
export type ShownContact = Pick<Contact, (typeof SHOWN)[number]>

type Named = { workspace_id: number; contact_id: number | null }

/**
 * The contacts as they are now, of any number of workspaces, in one statement. One that was merged is shown as the one that it is
 * part of; one that was erased in the meantime, as nobody.
 */
export async function readContacts(sql: postgres.TransactionSql, named: Named[]): Promise<(one: Named) => ShownContact | null> {
  const wanted = new Map(named.filter(one => one.contact_id !== null).map(one => [keyOf(one), one]))
  if (wanted.size === 0) return () => null
  const [workspaces, contacts] = [
    [...wanted.values()].map(one => one.workspace_id),
    [...wanted.values()].map(one => one.contact_id),
  ]
  const rows = await sql<(Contact & { workspace_id: number; asked: number })[]>`
    with recursive chain as (
      select c.workspace_id, c.id as asked, c.id, c.merged_into
        from unnest(${workspaces}::int[], ${contacts}::int[]) as w(workspace_id, id)
        join contacts c on c.workspace_id = w.workspace_id and c.id = w.id
       union
      select c.workspace_id, chain.asked, c.id, c.merged_into
        from chain
        join contacts c on c.workspace_id = chain.workspace_id and c.id = chain.merged_into
    )
    select chain.workspace_id, chain.asked, ${contactColumns(sql)}
      from chain
      join contacts c on c.workspace_id = chain.workspace_id and c.id = chain.id
     where chain.merged_into is null`
  const found = new Map(rows.map(row => [keyOf({ workspace_id: row.workspace_id, contact_id: row.asked }), show(row)]))
  return one => found.get(keyOf(one)) ?? null
}

function show(contact: Contact): ShownContact {
  return Object.fromEntries(SHOWN.map(name => [name, contact[name]])) as ShownContact
}

function keyOf({ workspace_id, contact_id }: Named) {
  return `${workspace_id} ${contact_id}`
}
