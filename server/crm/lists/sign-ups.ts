import type postgres from 'postgres'
import { batchRows, inBatch } from '../../activities/batches.ts'
import type { EventBatch } from '../../activities/told.ts'
import { normalizeEmail } from '../../contacts/normalize.ts'
import type { Joining } from './subscribe.ts'

export type ListSignUp = Joining

/** The event by which a page says that an e-mail joins mailing lists: properties `email`, and `lists` with their names. */
export const LIST_SIGN_UP = 'mailing_list_signup'

type Row = { workspace_id: number; list_id: number; email: unknown; first_name: unknown; last_name: unknown }

/**
 * Those of these batches. Without `lists` they join what who signs up joins: those of their language that ask for nothing else. Names that
 * are no list's are left out, and so is what is no e-mail.
 */
export async function readListSignUps(sql: postgres.TransactionSql, batches: EventBatch[]): Promise<ListSignUp[]> {
  if (batches.length === 0) return []
  const rows = await sql<Row[]>`
    select e.workspace_id, l.id as list_id, e.properties->'email' as email, e.properties->'first_name' as first_name,
           e.properties->'last_name' as last_name
      from ${batchRows(sql, batches)}
     cross join lateral (
           select id, workspace_id, properties, language_of(coalesce(properties->>'language', context->>'locale')) as language
             from events
            where ${inBatch(sql)} and event = ${LIST_SIGN_UP}
           offset 0) e
     cross join lateral (
           select id
             from mailing_lists
            where workspace_id = e.workspace_id
              and case when e.properties ? 'lists'
                       then jsonb_typeof(e.properties->'lists') = 'array' and lower(name) in (select lower(jsonb_array_elements_text(
                              case when jsonb_typeof(e.properties->'lists') = 'array' then e.properties->'lists' else '[]' end)))
                         or e.properties->>'lists' = name
                       else on_sign_up and property is null and (languages is null or e.language = any(languages)) end
           offset 0) l
     order by e.id`
  return rows.flatMap(({ workspace_id, list_id, email: given, first_name, last_name }) => {
    const email = typeof given === 'string' ? normalizeEmail(given) : undefined
    const names = { first_name: textOf(first_name), last_name: textOf(last_name) }
    return email === undefined ? [] : [{ workspace_id, list_id, email, ...names, source: 'event' as const }]
  })
}

function textOf(value: unknown) {
  return typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, 200) : null
}
