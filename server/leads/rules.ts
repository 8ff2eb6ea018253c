import type postgres from 'postgres'
import type { AssignmentMember, AssignmentRule, AssignmentRuleCreate, AssignmentRuleUpdate } from '../../shared/assignment.ts'
import type { Actor } from '../../shared/shape.ts'
import { recordActivities } from '../activities/record.ts'
import type { Sql } from '../database/connect.ts'
import { putInOrder } from '../database/order.ts'
import { lockIdentity } from '../database/transaction.ts'
import { refuse } from '../errors.ts'
import { requireMembers } from './member.ts'

type MemberGiven = AssignmentRuleCreate['members'][number]

/** In the order in which they are asked. */
export async function listRules(sql: Sql, workspace_id: number): Promise<{ data: AssignmentRule[] }> {
  return { data: await readRules(sql, workspace_id) }
}

/** Throws `not_found`. */
export async function findRule(sql: Sql, workspace_id: number, id: number): Promise<AssignmentRule> {
  const rule = (await readRules(sql, workspace_id)).find(one => one.id === id)
  if (!rule) throw refuse('not_found')
  return rule
}

export async function createRule(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { name, strategy, members, active = true, matches = {}, position }: AssignmentRuleCreate,
  actor: Actor,
): Promise<AssignmentRule> {
  await lockIdentity(sql, [workspace_id])
  await requirePeople(sql, workspace_id, members)
  const [made] = await sql<{ id: number }[]>`
    insert into assignment_rules (workspace_id, name, position, active, matches, strategy)
    select ${workspace_id}, ${name}, count(*) + 1, ${active}, ${JSON.stringify(matches)}::text::jsonb, ${strategy}
      from assignment_rules
     where workspace_id = ${workspace_id}
    returning id`
  await writeMembers(sql, workspace_id, made!.id, members)
  await putInOrder(sql, 'assignment_rules', workspace_id, { id: made!.id, position })
  const rule = await findRule(sql, workspace_id, made!.id)
  await recordActivities(sql, workspace_id, [
    { action: 'assignment_rule.created', actor, subject_id: rule.id, after: settingsOf(rule) },
  ])
  return rule
}

/** Members are given as a whole: who stays keeps the counts, and turns begin anew. Throws `conflict`, `not_found`, `invalid_fields`. */
export async function editRule(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  { if_updated_at, members, position, ...given }: AssignmentRuleUpdate,
  actor: Actor,
): Promise<AssignmentRule> {
  await lockIdentity(sql, [workspace_id])
  const before = await findRule(sql, workspace_id, id)
  if (if_updated_at !== undefined && Date.parse(if_updated_at) !== new Date(before.updated_at).getTime()) throw refuse('conflict')
  const { name, strategy, active, matches } = { ...before, ...given }
  if (members) {
    await requirePeople(sql, workspace_id, members)
    await writeMembers(sql, workspace_id, id, members)
  }
  await putInOrder(sql, 'assignment_rules', workspace_id, { id, position })
  await sql`
    update assignment_rules
       set name = ${name}, strategy = ${strategy}, active = ${active}, matches = ${JSON.stringify(matches)}::text::jsonb,
           updated_at = greatest(date_trunc('milliseconds', clock_timestamp()), date_trunc('milliseconds', updated_at) + interval '1 ms')
     where workspace_id = ${workspace_id} and id = ${id}`
  const after = await findRule(sql, workspace_id, id)
  await recordActivities(sql, workspace_id, [
    { action: 'assignment_rule.updated', actor, subject_id: id, before: settingsOf(before), after: settingsOf(after) },
  ])
  return after
}

/** Leads that it has given out stay with whom they are. */
export async function removeRule(sql: postgres.TransactionSql, workspace_id: number, id: number, actor: Actor): Promise<void> {
  await lockIdentity(sql, [workspace_id])
  const before = await findRule(sql, workspace_id, id)
  await sql`delete from assignment_rules where workspace_id = ${workspace_id} and id = ${id}`
  await putInOrder(sql, 'assignment_rules', workspace_id)
  await recordActivities(sql, workspace_id, [
    { action: 'assignment_rule.deleted', actor, subject_id: id, before: settingsOf(before) },
  ])
}

/** Who left the workspace is not shown, and gets nothing (assign.ts). */
function readRules(sql: Sql, workspace_id: number): Promise<AssignmentRule[]> {
  return sql<AssignmentRule[]>`
    select r.id, r.name, r.position, r.active, r.matches, r.strategy, r.created_at, r.updated_at,
           coalesce((
             select json_agg(json_build_object('user_id', m.user_id, 'weight', m.weight, 'cap_day', m.cap_day, 'assigned', m.assigned,
                             'assigned_today', case when m.day = (now() at time zone w.time_zone)::date then m.assigned_today else 0 end,
                             'last_at', to_char(m.last_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by m.user_id)
               from assignment_members m
               join memberships s on s.workspace_id = m.workspace_id and s.user_id = m.user_id
              where m.workspace_id = r.workspace_id and m.rule_id = r.id), '[]') as members
      from assignment_rules r
      join workspaces w on w.id = r.workspace_id
     where r.workspace_id = ${workspace_id}
     order by r.position, r.id`
}

async function requirePeople(sql: Sql, workspace_id: number, members: MemberGiven[]) {
  const ids = members.map(member => member.user_id)
  const twice = ids.find((id, k) => ids.indexOf(id) !== k)
  if (twice !== undefined) throw refuse('invalid_fields', { fields: { members: `${twice} is there twice` } })
  await requireMembers(sql, workspace_id, ids, 'members')
}

async function writeMembers(sql: Sql, workspace_id: number, rule_id: number, members: MemberGiven[]) {
  await sql`
    delete from assignment_members
     where workspace_id = ${workspace_id} and rule_id = ${rule_id} and user_id <> all(${members.map(member => member.user_id)}::int[])`
  await sql`
    insert into assignment_members (workspace_id, rule_id, user_id, weight, cap_day)
    select ${workspace_id}, ${rule_id}, user_id, coalesce(weight, 1), cap_day
      from jsonb_to_recordset(${JSON.stringify(members)}::text::jsonb) as m(user_id int, weight int, cap_day int)
        on conflict (workspace_id, rule_id, user_id) do update
       set weight = excluded.weight, cap_day = excluded.cap_day, turn = 0`.execute()
  await sql`update assignment_members set turn = 0 where workspace_id = ${workspace_id} and rule_id = ${rule_id}`
}

function settingsOf({ name, position, active, matches, strategy, members }: AssignmentRule) {
  const people = members.map(({ user_id, weight, cap_day }: AssignmentMember) => ({ user_id, weight, cap_day }))
  return { name, position, active, matches, strategy, members: people }
}
