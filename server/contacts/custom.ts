import type { Sql } from '../database/connect.ts'
import { indexValues } from '../fields/index-values.ts'

/**
 * Makes what contacts show of fields of one's own agree with what was said about each: what is left of a merge shows its own, and what
 * those said who are part of it where it says nothing. After an edit, a merge and an undo, for any number, in a constant number of statements.
 */
export async function settleCustom(sql: Sql, workspace_id: number, contact_ids: number[]): Promise<void> {
  const [any] = await sql`select from custom_fields where workspace_id = ${workspace_id} and noun = 'contact' limit 1`
  if (!any || contact_ids.length === 0) return
  await sql`
    update contacts c
       set custom = n.custom
      from (select w.id,
                   coalesce(jsonb_object_agg(e.key, e.value order by o.id = w.id, o.id) filter (where e.key is not null), '{}') as said
              from contacts w
             cross join lateral (
                   select id, own_custom from contacts where workspace_id = w.workspace_id and whole_id = w.id
                    union all
                   select w.id, w.own_custom where w.merged_into is not null) o
              left join lateral jsonb_each(o.own_custom) e on true
             where w.workspace_id = ${workspace_id} and w.id = any(${contact_ids}::int[])
             group by w.id) s
     cross join lateral (select jsonb_strip_nulls(s.said) as custom) n
     where c.workspace_id = ${workspace_id} and c.id = s.id and c.custom <> n.custom`
  await indexValues(sql, workspace_id, 'contact', contact_ids)
}
