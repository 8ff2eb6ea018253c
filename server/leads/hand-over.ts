import type postgres from 'postgres'
import type { Actor } from '../../shared/shape.ts'
import type { Sql } from '../database/connect.ts'
import { changeLeads } from './change.ts'

type Whose = { from: number; to: number | null }

/** Open ones: what is closed or done stays with who did it. */
export async function countAssigned(sql: Sql, workspace_id: number, user_id: number) {
  const [row] = await sql<{ leads: number; tasks: number }[]>`
    select (select count(*)::int from leads
             where workspace_id = ${workspace_id} and assigned_to = ${user_id} and closed_at is null) as leads,
           (select count(*)::int from tasks
             where workspace_id = ${workspace_id} and assigned_to = ${user_id} and done_at is null) as tasks`
  return row!
}

/** Open leads and tasks of somebody become somebody else's, or nobody's; and so does their place in rules that share leads out. */
export async function handOverLeads(sql: postgres.TransactionSql, workspace_id: number, { from, to }: Whose, actor: Actor) {
  const open = await sql<{ id: number }[]>`
    select id from leads where workspace_id = ${workspace_id} and assigned_to = ${from} and closed_at is null order by id`
  const leads = open.map(({ id }) => id)
  if (leads.length > 0) await changeLeads(sql, workspace_id, leads, () => ({ assigned_to: to }), actor)
  const tasks = await sql`
    with moved as (
      update tasks
         set assigned_to = ${to},
             updated_at = greatest(date_trunc('milliseconds', clock_timestamp()), date_trunc('milliseconds', updated_at) + interval '1 ms')
       where workspace_id = ${workspace_id} and assigned_to = ${from} and done_at is null
      returning id, contact_id
    )
    insert into activities (workspace_id, action, actor, contact_id, subject_id, before, after)
    select ${workspace_id}::int, 'task.updated', ${JSON.stringify(actor)}::text::jsonb, contact_id, id::text,
           jsonb_build_object('assigned_to', ${from}::int), jsonb_build_object('assigned_to', ${to}::int)
      from moved`
  if (to !== null) {
    await sql`
      update assignment_members m
         set user_id = ${to}
       where m.workspace_id = ${workspace_id} and m.user_id = ${from}
         and not exists (select from assignment_members o
                          where o.workspace_id = m.workspace_id and o.rule_id = m.rule_id and o.user_id = ${to})`
  }
  await sql`delete from assignment_members where workspace_id = ${workspace_id} and user_id = ${from}`
  return { leads: leads.length, tasks: tasks.count }
}
