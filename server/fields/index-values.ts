import type { FieldNoun } from '../../shared/custom-fields.ts'
import type { Sql } from '../database/connect.ts'

/** Makes the rows by which lists are filtered and sorted agree with `custom` of these contacts or leads. Two statements for any number. */
export async function indexValues(sql: Sql, workspace_id: number, noun: FieldNoun, ids: number[]): Promise<void> {
  if (ids.length === 0) return
  const [values, records, id] = [sql(`${noun}_values`), sql(`${noun}s`), sql(`${noun}_id`)]
  const whole = noun === 'contact' ? sql`and r.merged_into is null` : sql``
  await sql`delete from ${values} where workspace_id = ${workspace_id} and ${id} = any(${ids}::bigint[])`
  await sql`
    insert into ${values} (workspace_id, field_id, ${id}, n, word, number)
    select r.workspace_id, f.id, r.id, v.n,
           case jsonb_typeof(v.said) when 'string' then left(lower(v.said #>> '{}'), 500)
                                     when 'object' then lower(v.said ->> 'currency') end,
           case jsonb_typeof(v.said) when 'number' then v.said::float8
                                     when 'boolean' then v.said::boolean::int
                                     when 'object' then (v.said -> 'amount')::float8 end
      from ${records} r
     cross join lateral jsonb_each(r.custom) e
      join custom_fields f on f.workspace_id = r.workspace_id and f.noun = ${noun} and f.key = e.key
     cross join lateral jsonb_array_elements(case jsonb_typeof(e.value) when 'array' then e.value else jsonb_build_array(e.value) end)
           with ordinality as v(said, n)
     where r.workspace_id = ${workspace_id} and r.id = any(${ids}::bigint[]) ${whole}`
}
