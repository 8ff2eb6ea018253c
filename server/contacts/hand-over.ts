import type postgres from 'postgres'
import type { Actor } from '../../shared/shape.ts'
import type { Sql } from '../database/connect.ts'

type Whose = { from: number; to: number | null }

export async function countOwned(sql: Sql, workspace_id: number, user_id: number) {
  const [row] = await sql<{ contacts: number; visitors: number }[]>`
    select (select count(*)::int from contacts
             where workspace_id = ${workspace_id} and owner_id = ${user_id} and merged_into is null) as contacts,
           (select count(*)::int from visitors where workspace_id = ${workspace_id} and owner_id = ${user_id}) as visitors`
  return row!
}

/** Contacts and visitors of somebody become somebody else's, or nobody's: two statements for any number, each change with its activity. */
export async function handOverContacts(sql: postgres.TransactionSql, workspace_id: number, { from, to }: Whose, actor: Actor) {
  const told = JSON.stringify(actor)
  const contacts = await sql`
    with moved as (
      update contacts
         set owner_id = ${to}, updated_at = greatest(clock_timestamp(), updated_at + interval '1 millisecond')
       where workspace_id = ${workspace_id} and owner_id = ${from}
      returning id
    )
    insert into activities (workspace_id, action, actor, contact_id, before, after)
    select ${workspace_id}::int, 'contact.updated', ${told}::text::jsonb, id,
           jsonb_build_object('owner_id', ${from}::int), jsonb_build_object('owner_id', ${to}::int)
      from moved`
  const visitors = await sql`
    with moved as (
      update visitors set owner_id = ${to} where workspace_id = ${workspace_id} and owner_id = ${from} returning id, contact_id
    )
    insert into activities (workspace_id, action, actor, contact_id, visitor_id, before, after)
    select ${workspace_id}::int, 'visitor.updated', ${told}::text::jsonb, contact_id, id,
           jsonb_build_object('owner_id', ${from}::int), jsonb_build_object('owner_id', ${to}::int)
      from moved`
  return { contacts: contacts.count, visitors: visitors.count }
}
