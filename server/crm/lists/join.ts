import type postgres from 'postgres'
import { MARKETING } from '../../../shared/consents.ts'
import type { Candidate } from '../notice.ts'
import { noteSubscriptions } from './subscribe.ts'

/**
 * Who signed up joins the lists of their language and of what they told, once: who left a list stays away, and who was there before the
 * list is not put on it, nor is who denied marketing. Who is known to a CRM already joins there by e-mail; all others are added with their lists (tell.ts).
 */
export async function joinBySigningUp(sql: postgres.TransactionSql, candidates: Candidate[]): Promise<void> {
  if (candidates.length === 0) return
  const joined = await sql<{ workspace_id: number; email: string; contact_id: number }[]>`
    with joined as (
      insert into mailing_list_members (workspace_id, list_id, email, contact_id, source)
      select distinct on (c.workspace_id, l.id, c.email) c.workspace_id, l.id, c.email, c.id, 'sign_up'
        from jsonb_to_recordset(${JSON.stringify(candidates)}::text::jsonb) as a(workspace_id int, contact_id int, language text, said jsonb)
       cross join lateral (
             select workspace_id, id, email, traits, coalesce(registered_at, created_at) as since,
                    language_of(coalesce(traits->'language'->>0, traits->'locale'->>0, a.language)) as language
               from contacts
              where workspace_id = a.workspace_id and id = a.contact_id and merged_into is null and email is not null
                and not denies(a.workspace_id, a.contact_id, ${MARKETING})
                and (is_member or registered_at is not null)
             offset 0) c
       cross join lateral (
             select id
               from mailing_lists
              where workspace_id = c.workspace_id and on_sign_up and created_at <= c.since
                and (languages is null or c.language = any(languages))
                and (property is null
                     or case when value is not null then lower(coalesce(a.said->>property, c.traits->property->>0)) = lower(value)
                             else coalesce(lower(coalesce(a.said->>property, c.traits->property->>0)), 'false') not in ('false', 'no', '0', '') end)
             offset 0) l
      on conflict do nothing
      returning workspace_id, email, contact_id
    )
    select distinct workspace_id, email, contact_id from joined`
  await noteSubscriptions(sql, joined, 'known')
}
