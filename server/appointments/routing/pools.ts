import type postgres from 'postgres'
import type { Pool, PoolCreate, PoolMember, PoolUpdate } from '../../../shared/pools.ts'
import type { Actor } from '../../../shared/shape.ts'
import { recordActivities } from '../../activities/record.ts'
import type { Sql } from '../../database/connect.ts'
import { refuse } from '../../errors.ts'
import { requireMembers } from '../../leads/member.ts'
import { lockRouting } from './lock.ts'

type MemberGiven = PoolCreate['members'][number]

/** By name. Who left the workspace is not shown, and gets nothing (read-pools.ts). */
export async function listPools(sql: Sql, workspace_id: number): Promise<{ data: Pool[] }> {
  return { data: await readAll(sql, workspace_id, null) }
}

/** Throws `not_found`. */
export async function findPool(sql: Sql, workspace_id: number, id: number): Promise<Pool> {
  const [pool] = await readAll(sql, workspace_id, id)
  if (!pool) throw refuse('not_found')
  return pool
}

/** Throws `invalid_fields`. */
export async function createPool(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { name, strategy, members }: PoolCreate,
  actor: Actor,
): Promise<Pool> {
  await lockRouting(sql, [workspace_id])
  await requirePeople(sql, workspace_id, members)
  const [made] = await sql<{ id: number }[]>`
    insert into pools (workspace_id, name, strategy) values (${workspace_id}, ${name}, ${strategy}) returning id`
  await writeMembers(sql, workspace_id, made!.id, members)
  const pool = await findPool(sql, workspace_id, made!.id)
  await recordActivities(sql, workspace_id, [{ action: 'pool.created', actor, subject_id: pool.id, after: settingsOf(pool) }])
  return pool
}

/** Members are given as a whole: who stays keeps the counts, and turns begin anew. Throws `conflict`, `not_found`, `invalid_fields`. */
export async function editPool(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  { if_updated_at, members, ...given }: PoolUpdate,
  actor: Actor,
): Promise<Pool> {
  await lockRouting(sql, [workspace_id])
  const before = await findPool(sql, workspace_id, id)
  if (if_updated_at !== undefined && Date.parse(if_updated_at) !== new Date(before.updated_at).getTime()) throw refuse('conflict')
  const { name, strategy } = { ...before, ...given }
  if (members) {
    await requirePeople(sql, workspace_id, members)
    await writeMembers(sql, workspace_id, id, members)
  }
  await sql`
    update pools
       set name = ${name}, strategy = ${strategy},
           updated_at = greatest(date_trunc('milliseconds', clock_timestamp()), date_trunc('milliseconds', updated_at) + interval '1 ms')
     where workspace_id = ${workspace_id} and id = ${id}`
  const after = await findPool(sql, workspace_id, id)
  await recordActivities(sql, workspace_id, [
    { action: 'pool.updated', actor, subject_id: id, before: settingsOf(before), after: settingsOf(after) },
  ])
  return after
}

/** Appointments that it has given out stay with whom they are. Throws `in_use` while a rule or an appointment type names it. */
export async function removePool(sql: postgres.TransactionSql, workspace_id: number, id: number, actor: Actor): Promise<void> {
  await lockRouting(sql, [workspace_id])
  const before = await findPool(sql, workspace_id, id)
  await requireUnused(sql, workspace_id, id)
  await sql`delete from pools where workspace_id = ${workspace_id} and id = ${id}`
  await recordActivities(sql, workspace_id, [{ action: 'pool.deleted', actor, subject_id: id, before: settingsOf(before) }])
}

async function requireUnused(sql: Sql, workspace_id: number, id: number) {
  const itself = JSON.stringify({ kind: 'pool', pool_id: id })
  const [user] = await sql<{ what: string; name: string }[]>`
    select 'The appointment type' as what, name from appointment_types where workspace_id = ${workspace_id} and pool_id = ${id}
    union all
    select 'The routing rule', name
      from routing_rules
     where workspace_id = ${workspace_id}
       and (target @> ${itself}::text::jsonb or fallback @> jsonb_build_array(${itself}::text::jsonb))
     limit 1`
  if (user) throw refuse('in_use', { message: `${user.what} “${user.name}” gives to this pool. Give it another one first.` })
}

function readAll(sql: Sql, workspace_id: number, id: number | null): Promise<Pool[]> {
  return sql<Pool[]>`
    select p.id, p.name, p.strategy, p.created_at, p.updated_at,
           coalesce((
             select json_agg(json_build_object(
                      'user_id', m.user_id, 'weight', m.weight, 'priority', m.priority, 'cap_day', m.cap_day, 'cap_week', m.cap_week,
                      'cap_open', m.cap_open, 'assigned', m.assigned,
                      'assigned_day', case when m.day = d.today then m.assigned_day else 0 end,
                      'assigned_week', case when m.week = d.monday then m.assigned_week else 0 end,
                      'last_at', to_char(m.last_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by m.user_id)
               from pool_members m
               join memberships s on s.workspace_id = m.workspace_id and s.user_id = m.user_id
              where m.workspace_id = p.workspace_id and m.pool_id = p.id), '[]') as members
      from pools p
      join workspaces w on w.id = p.workspace_id
     cross join lateral (
             select (now() at time zone w.time_zone)::date as today, date_trunc('week', now() at time zone w.time_zone)::date as monday) d
     where p.workspace_id = ${workspace_id} and (${id}::int is null or p.id = ${id})
     order by p.name, p.id`
}

async function requirePeople(sql: Sql, workspace_id: number, members: MemberGiven[]) {
  const ids = members.map(member => member.user_id)
  const twice = ids.find((id, k) => ids.indexOf(id) !== k)
  if (twice !== undefined) throw refuse('invalid_fields', { fields: { members: `${twice} is there twice` } })
  await requireMembers(sql, workspace_id, ids, 'members')
}

async function writeMembers(sql: Sql, workspace_id: number, pool_id: number, members: MemberGiven[]) {
  await sql`
    delete from pool_members
     where workspace_id = ${workspace_id} and pool_id = ${pool_id} and user_id <> all(${members.map(member => member.user_id)}::int[])`
  await sql`
    insert into pool_members (workspace_id, pool_id, user_id, weight, priority, cap_day, cap_week, cap_open)
    select ${workspace_id}, ${pool_id}, user_id, coalesce(weight, 1), coalesce(priority, 3), cap_day, cap_week, cap_open
      from jsonb_to_recordset(${JSON.stringify(members)}::text::jsonb)
        as m(user_id int, weight int, priority int, cap_day int, cap_week int, cap_open int)
        on conflict (workspace_id, pool_id, user_id) do update
       set weight = excluded.weight, priority = excluded.priority, cap_day = excluded.cap_day, cap_week = excluded.cap_week,
           cap_open = excluded.cap_open`.execute()
  await sql`update pool_members set turn = 0 where workspace_id = ${workspace_id} and pool_id = ${pool_id}`
}

function settingsOf({ name, strategy, members }: Pool) {
  const people = members.map(({ user_id, weight, priority, cap_day, cap_week, cap_open }: PoolMember) => ({
    user_id,
    weight,
    priority,
    cap_day,
    cap_week,
    cap_open,
  }))
  return { name, strategy, members: people }
}
