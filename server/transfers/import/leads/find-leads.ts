import type postgres from 'postgres'
import type { LeadRow } from '../../../leads/change.ts'
import { BLANK } from './blank.ts'

export type Found = {
  lead: LeadRow
  external_id: string | null
  /** Whose it is now, with the keys that it was told with. */
  contact: { id: number; emails: string[]; phones: string[] }
}

/** Leads by their own numbers or by those of other systems, each looked up by an index, whatever the planner believes of the table. */
export async function findLeads(
  sql: postgres.TransactionSql,
  workspace_id: number,
  ids: number[],
  external: string[],
): Promise<Found[]> {
  if (ids.length === 0 && external.length === 0) return []
  const rows = await sql<(LeadRow & { external_id: string | null; contact: Found['contact'] })[]>`
    with named as (
      select id from unnest(${ids}::bigint[]) as id
       union
      select o.id
        from unnest(${external}::text[]) as e(external_id)
       cross join lateral (
             select l.id
               from leads l
              where l.workspace_id = ${workspace_id} and l.external_id = e.external_id
              limit 2) o
    )
    select l.id, l.contact_id, l.conversion_count, l.updated_at, l.external_id, ${sql(Object.keys(BLANK).map(name => `l.${name}`))},
           json_build_object('id', c.id, 'emails', array_remove(array[c.email, l.email], null),
                             'phones', array_remove(array[c.phone, l.phone], null)) as contact
      from named n
     cross join lateral (select * from leads l where l.workspace_id = ${workspace_id} and l.id = n.id limit 1) l
     cross join lateral (select o.whole_id from contacts o where o.workspace_id = ${workspace_id} and o.id = l.contact_id limit 1) o
     cross join lateral (select c.id, c.email, c.phone from contacts c where c.workspace_id = ${workspace_id} and c.id = o.whole_id limit 1) c`
  return rows.map(({ external_id, contact, ...lead }) => ({ lead: lead as unknown as LeadRow, external_id, contact }))
}
