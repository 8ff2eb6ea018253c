import type postgres from 'postgres'
import type { Actor } from '../../shared/shape.ts'
import type { Sql } from '../database/connect.ts'
import type { Part, Whose } from '../workspaces/people/leaver.ts'
import { changeLeads } from './change.ts'

/** Open ones: what is closed or done stays with who did it. */
export async function countAssigned(sql: Sql, workspace_id: number, user_id: number) {
  const [row] = await sql<{ leads: number; tasks: number }[]>`
    select (select count(*)::int from leads
             where workspace_id = ${workspace_id} and assigned_to = ${user_id} and closed_at is null) as leads,
           (select count(*)::int from tasks
             where workspace_id = ${workspace_id} and assigned_to = ${user_id} and done_at is null) as tasks`
  return row!
}

/** The place of somebody in rules that share leads out becomes somebody else's, or nobody's. */
export async function handOverRules(sql: postgres.TransactionSql, workspace_id: number, { from, to }: Whose) {
  if (to !== null) {
    await sql`
      update assignment_members m
         set user_id = ${to}
       where m.workspace_id = ${workspace_id} and m.user_id = ${from}
         and not exists (select from assignment_members o
                          where o.workspace_id = m.workspace_id and o.rule_id = m.rule_id and o.user_id = ${to})`
  }
  await sql`delete from assignment_members where workspace_id = ${workspace_id} and user_id = ${from}`
}

/** Open leads of somebody become somebody else's, or nobody's. Returns which, in order; none at the end. */
export async function handOverLeads(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { from, to, after, most }: Part,
  actor: Actor,
): Promise<number[]> {
  const open = await sql<{ id: number }[]>`
    select id
      from leads
     where workspace_id = ${workspace_id} and assigned_to = ${from} and closed_at is null and id > ${after}
     order by id
     limit ${most}`
  const ids = open.map(({ id }) => id)
  if (ids.length > 0) await changeLeads(sql, workspace_id, ids, () => ({ assigned_to: to }), actor)
  return ids
}

/** The same of open tasks. */
export async function handOverTasks(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { from, to, after, most }: Part,
  actor: Actor,
): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    with moved as (
      update tasks
         set assigned_to = ${to},
             updated_at = greatest(date_trunc('milliseconds', clock_timestamp()), date_trunc('milliseconds', updated_at) + interval '1 ms')
       where workspace_id = ${workspace_id} and assigned_to = ${from} and done_at is null
         and id = any(array(select id from tasks
                             where workspace_id = ${workspace_id} and assigned_to = ${from} and done_at is null and id > ${after}
                             order by id limit ${most}))
      returning id, contact_id
    ), told as (
      insert into activities (workspace_id, action, actor, contact_id, subject_id, before, after)
      select ${workspace_id}::int, 'task.updated', ${JSON.stringify(actor)}::text::jsonb, contact_id, id::text,
             jsonb_build_object('assigned_to', ${from}::int), jsonb_build_object('assigned_to', ${to}::int)
        from moved
    )
    select id from moved order by id`
  return rows.map(({ id }) => id)
}
