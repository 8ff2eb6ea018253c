import type { Sql } from '../../database/connect.ts'
import type { OpenConnection } from '../open.ts'

/** Of these lists those that the CRM was told of none of these e-mails, and that none of them left since. */
export async function wantedLists(
  sql: Sql,
  { workspace_id, id }: OpenConnection,
  emails: string[],
  lists: string[],
): Promise<string[]> {
  if (lists.length === 0) return []
  const rows = await sql<{ name: string }[]>`
    select distinct w.name
      from unnest(${lists}::text[]) as w(name)
     where not exists (
             select
               from crm_subscriptions s
              where s.workspace_id = ${workspace_id} and s.connection_id = ${id} and s.email = any(${emails}::text[])
                and w.name = any(s.told_lists))
       and not exists (
             select
               from mailing_lists m
               join mailing_list_members j on j.workspace_id = m.workspace_id and j.list_id = m.id
              where m.workspace_id = ${workspace_id} and lower(m.name) = lower(w.name) and j.email = any(${emails}::text[])
                and j.left_at is not null)
     order by w.name`
  return rows.map(({ name }) => name)
}

export async function noteTold(sql: Sql, { workspace_id, id }: OpenConnection, email: string, lists: string[]): Promise<void> {
  await sql`
    insert into crm_subscriptions as s (workspace_id, connection_id, email, told_lists, due)
    values (${workspace_id}, ${id}, ${email}, ${lists}, false)
    on conflict (workspace_id, connection_id, email) do update
       set told_lists = (select array_agg(distinct l) from unnest(s.told_lists || excluded.told_lists) as l), updated_at = now()`
}
