import type postgres from 'postgres'
import type { Actor } from '../../shared/shape.ts'
import type { Sql } from '../database/connect.ts'
import type { Part, Whose } from '../workspaces/people/leaver.ts'
import { changeAppointments } from './change.ts'

const OPEN = ['pending', 'scheduled', 'confirmed', 'rescheduled']

export async function countBooked(sql: Sql, workspace_id: number, user_id: number) {
  const [row] = await sql<{ appointments: number }[]>`
    select count(*)::int as appointments
      from appointments
     where workspace_id = ${workspace_id} and assigned_to = ${user_id} and status = any(${OPEN})`
  return row!
}

/** The place of somebody in pools becomes somebody else's, or nobody's. */
export async function handOverPools(sql: postgres.TransactionSql, workspace_id: number, { from, to }: Whose) {
  if (to !== null) {
    await sql`
      update pool_members m
         set user_id = ${to}
       where m.workspace_id = ${workspace_id} and m.user_id = ${from}
         and not exists (select from pool_members o
                          where o.workspace_id = m.workspace_id and o.pool_id = m.pool_id and o.user_id = ${to})`
  }
  await sql`delete from pool_members where workspace_id = ${workspace_id} and user_id = ${from}`
}

/** Open appointments of somebody become somebody else's; of nobody where they have another one at that time. Returns which, in order; none at the end. */
export async function handOverAppointments(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { from, to, after, most }: Part,
  actor: Actor,
): Promise<number[]> {
  const open = await sql<{ id: number; is_taken: boolean }[]>`
    select a.id, exists(select from appointments o
                         where o.workspace_id = a.workspace_id and o.assigned_to = ${to} and o.during && a.during
                           and o.blocks and o.status = any(${[...OPEN, 'held']})) as is_taken
      from appointments a
     where a.workspace_id = ${workspace_id} and a.assigned_to = ${from} and a.status = any(${OPEN}) and a.id > ${after}
     order by a.id
     limit ${most}`
  const ids = open.map(({ id }) => id)
  const toWhom = (_: unknown, k: number) => ({ assigned_to: open[k]!.is_taken ? null : to })
  if (ids.length > 0) await changeAppointments(sql, workspace_id, ids, toWhom, actor)
  return ids
}
