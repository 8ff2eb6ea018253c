import type postgres from 'postgres'
import type { Sql } from '../database/connect.ts'
import type { Candidate } from './notice.ts'

/**
 * Of those who are to be known in a CRM and are not: not they, nor anybody who was merged into them. `who` says which contacts `c` are added to
 * which connections `k`. Returns those that were added, who are then told (tell-later.ts).
 */
export async function insertLinks(sql: Sql, candidates: Candidate[], who: postgres.PendingQuery<postgres.Row[]>) {
  if (candidates.length === 0) return []
  return sql<{ workspace_id: number; connection_id: number; contact_id: number; version: number }[]>`
    insert into crm_links (workspace_id, connection_id, contact_id, language, said)
    select distinct on (c.workspace_id, k.id, c.id)
           c.workspace_id, k.id, c.id, language_of(coalesce(c.traits->'language'->>0, c.traits->'locale'->>0, a.language)),
           coalesce(a.said, '{}')
      from jsonb_to_recordset(${JSON.stringify(candidates)}::text::jsonb)
        as a(workspace_id int, contact_id int, language text, said jsonb)
     cross join lateral (
           select workspace_id, id, traits, registered_at, created_at, is_member
             from contacts
            where workspace_id = a.workspace_id and id = a.contact_id and merged_into is null and email is not null
           offset 0) c
     cross join lateral (
           select id, adds, created_at
             from crm_connections
            where workspace_id = c.workspace_id and provider <> 'none'
           offset 0) k
     where ${who}
       and not exists (select
                         from contacts m
                         join crm_links l on l.workspace_id = m.workspace_id and l.connection_id = k.id and l.contact_id = m.id
                        where m.workspace_id = c.workspace_id and m.whole_id = c.id)
     order by c.workspace_id, k.id, c.id, a.said nulls last, a.language nulls last
    on conflict do nothing
    returning workspace_id, connection_id, contact_id, version`
}
