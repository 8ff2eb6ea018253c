import { isDeepStrictEqual } from 'node:util'
import type { CustomField } from '../../shared/custom-fields.ts'
import type { Sql } from '../database/connect.ts'
import { readFields, readFieldsOf } from '../fields/fields.ts'
import { indexValues } from '../fields/index-values.ts'
import { type Custom, readValue } from '../fields/read-custom.ts'

/**
 * Makes what contacts show of fields of one's own agree with what was said: what is left of a merge shows its own, then what those said
 * who are part of it, then what events and senders said under the name of a field, where it fits. After an edit, a merge and an undo, for
 * any number, in a constant number of statements.
 */
export async function settleCustom(sql: Sql, workspace_id: number, contact_ids: number[]): Promise<void> {
  if (contact_ids.length === 0) return
  const fields = await readFields(sql, workspace_id, 'contact')
  if (fields.length === 0) return
  const keys = fields.map(({ key }) => key)
  const told = await sql<{ id: number; traits: Traits }[]>`
    select id, traits
      from contacts
     where workspace_id = ${workspace_id} and id = any(${contact_ids}::int[]) and traits ?| ${keys}::text[]`
  const filled = told.map(({ id, traits }) => ({ id, custom: filledBy(fields, traits) }))
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
      left join jsonb_to_recordset(${JSON.stringify(filled)}::text::jsonb) as t(id int, custom jsonb) on t.id = s.id
     cross join lateral (select jsonb_strip_nulls(coalesce(t.custom, '{}') || s.said) as custom) n
     where c.workspace_id = ${workspace_id} and c.id = s.id and c.custom <> n.custom`
  await indexValues(sql, workspace_id, 'contact', contact_ids)
}

/** Of contacts whose traits may be others now: where these fill a field with something else. One statement when they fill none. */
export async function followTraits(sql: Sql, contacts: { workspace_id: number; contact_id: number }[]): Promise<void> {
  const told = await sql<{ workspace_id: number; id: number; traits: Traits; custom: Custom; own_custom: Custom }[]>`
      with fields as materialized (
        select workspace_id, array_agg(key) as keys
          from custom_fields
         where workspace_id = any(${contacts.map(one => one.workspace_id)}::int[]) and noun = 'contact'
         group by workspace_id
      )
      select c.workspace_id, c.id, c.traits, c.custom, c.own_custom
        from fields f
        join jsonb_to_recordset(${JSON.stringify(contacts)}::text::jsonb) as w(workspace_id int, contact_id int) using (workspace_id)
       cross join lateral (
             select *
               from contacts c
              where c.workspace_id = w.workspace_id and c.id = w.contact_id
              limit 1) c
       where c.traits ?| f.keys`
  if (told.length === 0) return
  const fields = await readFieldsOf(sql, [...new Set(told.map(one => one.workspace_id))], 'contact')
  const due = told.filter(({ workspace_id, traits, custom, own_custom }) => {
    const ours = fields.get(workspace_id)!
    const filled = filledBy(ours, traits)
    return ours.some(({ key }) => key in traits && !(key in own_custom) && !isDeepStrictEqual(custom[key], filled[key]))
  })
  for (const workspace_id of new Set(due.map(one => one.workspace_id))) {
    const ids = due.flatMap(one => (one.workspace_id === workspace_id ? one.id : []))
    await settleCustom(sql, workspace_id, [...new Set(ids)])
  }
}

/** What was said by itself, each with when, in ms. */
export type Traits = Record<string, [value: unknown, at: number]>

/** What does not fit stays a property, and is told as a problem (find.ts). An archived field keeps what it shows. */
export function filledBy(fields: CustomField[], traits: Traits): Custom {
  return Object.fromEntries(
    fields.flatMap(field => {
      const value = readValue(field, traits[field.key]?.[0] ?? null)
      return value === null || value === undefined ? [] : [[field.key, value]]
    }),
  )
}
