import type { Sql } from '../database/connect.ts'
import { type Asked, isRare, readWho, type Who } from './who.ts'

/** In so many rows of others an id may stand and still be only theirs. */
const FEW = 10

/** As `readWho`, and without ids that others say: nobody reads or empties what is about others by calling themselves as they call something. */
export async function readBoundedWho(sql: Sql, workspace_id: number, asked: Asked): Promise<Who> {
  const who = await readWho(sql, workspace_id, asked)
  return withoutCommon(who, await readCommon(sql, who))
}

/** Of their ids those that stand in more than a few rows of others, as a campaign or a product does. Reads what others said as a whole, once. */
export async function readCommon(sql: Sql, { workspace_id, values, contacts, visitors }: Who): Promise<string[]> {
  // A phone has two spellings.
  const ids = values.filter(value => isRare(value) && !values.includes(`+${value}`))
  if (ids.length === 0) return []
  const rows = await sql<{ id: string }[]>`
    with said as (
      select properties::text || context::text as text
        from events
       where workspace_id = ${workspace_id} and visitor_id <> all(${visitors}::bigint[])
       union all
      select coalesce(before::text, '') || coalesce(after::text, '')
        from activities
       where workspace_id = ${workspace_id} and (contact_id is null or contact_id <> all(${contacts}::int[]))
         and (visitor_id is null or visitor_id <> all(${visitors}::bigint[]))
       union all
      select fields::text || coalesce(payload::text, '')
        from leads
       where workspace_id = ${workspace_id} and contact_id <> all(${contacts}::int[])
       union all
      select cells::text from import_rows where workspace_id = ${workspace_id}
    )
    select s.id
      from (select lower(text) as text from said offset 0) t
      join unnest(${ids}::text[]) as s(id) on strpos(t.text, s.id) > 0
     group by s.id
    having count(*) > ${FEW}`
  return rows.map(({ id }) => id)
}

export function withoutCommon(who: Who, common: string[]): Who {
  return { ...who, values: who.values.filter(value => !common.includes(value)) }
}
