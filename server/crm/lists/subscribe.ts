import type { Sql } from '../../database/connect.ts'
import { tellLater } from '../tell-later.ts'

export type Joining = {
  workspace_id: number
  list_id: number
  /** As it is compared (server/contacts/normalize.ts). */
  email: string
  first_name: string | null
  last_name: string | null
  source: 'event' | 'api' | 'person'
}

/** An e-mail joins a list, for which nobody has to be known here. Who left and joins again is on it again. The CRMs are told in the background. */
export async function joinByEmail(sql: Sql, joining: Joining[]): Promise<void> {
  if (joining.length === 0) return
  const joined = await sql<{ workspace_id: number; email: string }[]>`
    insert into mailing_list_members as m (workspace_id, list_id, email, contact_id, source)
    select distinct on (j.workspace_id, j.list_id, j.email) j.workspace_id, j.list_id, j.email, c.id, j.source
      from jsonb_to_recordset(${JSON.stringify(joining)}::text::jsonb)
        as j(workspace_id int, list_id int, email text, source text)
      left join lateral (
             select id
               from contacts
              where workspace_id = j.workspace_id and email = j.email and merged_into is null
              limit 1) c on true
    on conflict (workspace_id, list_id, email) do update
       set left_at = null, joined_at = now(), source = excluded.source, contact_id = coalesce(excluded.contact_id, m.contact_id)
     where m.left_at is not null
    returning workspace_id, email`
  const is_new = new Set(joined.map(({ workspace_id, email }) => `${workspace_id} ${email}`))
  const subscribed = new Map(joining.map(one => [`${one.workspace_id} ${one.email}`, one]))
  await noteSubscriptions(
    sql,
    [...subscribed].flatMap(([place, one]) => (is_new.has(place) ? [one] : [])),
    'all',
  )
}

type Subscribed = {
  workspace_id: number
  email: string
  contact_id?: number
  first_name?: string | null
  last_name?: string | null
}

/** Asks for the CRMs to be told; of 'known' only those that know the contact. */
export async function noteSubscriptions(sql: Sql, subscribed: Subscribed[], which: 'all' | 'known'): Promise<void> {
  if (subscribed.length === 0) return
  const due = await sql<{ workspace_id: number; connection_id: number; email: string; version: number }[]>`
    insert into crm_subscriptions as s (workspace_id, connection_id, email, first_name, last_name)
    select j.workspace_id, k.id, j.email, j.first_name, j.last_name
      from jsonb_to_recordset(${JSON.stringify(subscribed)}::text::jsonb)
        as j(workspace_id int, email text, contact_id int, first_name text, last_name text)
     cross join lateral (
           select id
             from crm_connections
            where workspace_id = j.workspace_id and provider <> 'none'
              and (${which === 'all'}
                   or exists (select
                                from crm_links l
                               where l.workspace_id = j.workspace_id and l.connection_id = crm_connections.id
                                 and l.contact_id = j.contact_id and l.external_id is not null))
           offset 0) k
    on conflict (workspace_id, connection_id, email) do update
       set due = true, version = s.version + 1, failures = 0, error = null, updated_at = now(),
           first_name = coalesce(excluded.first_name, s.first_name), last_name = coalesce(excluded.last_name, s.last_name)
    returning workspace_id, connection_id, email, version`
  await tellLater(sql, due)
}
