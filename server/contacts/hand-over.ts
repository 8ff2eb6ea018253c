import type postgres from 'postgres'
import type { Actor } from '../../shared/shape.ts'
import type { Sql } from '../database/connect.ts'
import { lockIdentity } from '../database/transaction.ts'
import type { Part } from '../workspaces/people/leaver.ts'

export async function countOwned(sql: Sql, workspace_id: number, user_id: number) {
  const [row] = await sql<{ contacts: number; visitors: number }[]>`
    select (select count(*)::int from contacts
             where workspace_id = ${workspace_id} and owner_id = ${user_id}) as contacts,
           (select count(*)::int from visitors where workspace_id = ${workspace_id} and owner_id = ${user_id}) as visitors`
  return row!
}

/** Each change with its activity, in one statement. Returns whom, in order; nobody at the end. */
export async function handOverContacts(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { from, to, after, most }: Part,
  actor: Actor,
): Promise<number[]> {
  await lockIdentity(sql, [workspace_id])
  const rows = await sql<{ id: number }[]>`
    with moved as (
      update contacts
         set owner_id = ${to}, updated_at = greatest(clock_timestamp(), updated_at + interval '1 millisecond')
       where workspace_id = ${workspace_id} and owner_id = ${from}
         and id = any(array(select id from contacts
                             where workspace_id = ${workspace_id} and owner_id = ${from} and id > ${after} order by id limit ${most}))
      returning id
    ), told as (
      insert into activities (workspace_id, action, actor, contact_id, before, after)
      select ${workspace_id}::int, 'contact.updated', ${JSON.stringify(actor)}::text::jsonb, id,
             jsonb_build_object('owner_id', ${from}::int), jsonb_build_object('owner_id', ${to}::int)
        from moved
    )
    select id from moved order by id`
  return rows.map(({ id }) => id)
}

/** The same of visitors. */
export async function handOverVisitors(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { from, to, after, most }: Part,
  actor: Actor,
): Promise<number[]> {
  await lockIdentity(sql, [workspace_id])
  const rows = await sql<{ id: number }[]>`
    with moved as (
      update visitors
         set owner_id = ${to}
       where workspace_id = ${workspace_id} and owner_id = ${from}
         and id = any(array(select id from visitors
                             where workspace_id = ${workspace_id} and owner_id = ${from} and id > ${after} order by id limit ${most}))
      returning id, contact_id
    ), told as (
      insert into activities (workspace_id, action, actor, contact_id, visitor_id, before, after)
      select ${workspace_id}::int, 'visitor.updated', ${JSON.stringify(actor)}::text::jsonb, contact_id, id,
             jsonb_build_object('owner_id', ${from}::int), jsonb_build_object('owner_id', ${to}::int)
        from moved
    )
    select id from moved order by id`
  return rows.map(({ id }) => id)
}
