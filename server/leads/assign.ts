import type postgres from 'postgres'
import type { LeadMatches } from '../../shared/assignment.ts'
import { type Candidate, choose, type Member, type Rule, ruleFor } from './choose.ts'

/** A lead before it has somebody. Test leads are nobody's work. */
export type Unassigned = Candidate & { workspace_id: number; is_test: boolean; default_owner_id: number | null }

/** Who has it and why. `by_hand`: somebody said so; `nobody`: no rule chose anybody and the webhook has no owner. */
export type Assignment = {
  user_id: number | null
  rule_id: number | null
  reason: 'owner' | 'weighted' | 'least_recent' | 'default_owner' | 'by_hand' | 'nobody' | 'test'
}

/**
 * Says of each lead whom it goes to, in the order given: the first rule that matches chooses; when all of its members are at their caps,
 * or no rule matches, it is the default owner. Counts in the same transaction: one statement reads, one writes, for any number of leads
 * and workspaces. The caller holds the workspaces' identity lock, so caps are exact and nobody is chosen twice for one turn.
 */
export async function assignLeads(sql: postgres.TransactionSql, leads: Unassigned[]): Promise<Assignment[]> {
  const workspace_ids = [...new Set(leads.filter(lead => !lead.is_test).map(lead => lead.workspace_id))]
  if (workspace_ids.length === 0) return leads.map(() => ({ user_id: null, rule_id: null, reason: 'test' }))
  const desks = await readDesks(sql, workspace_ids)
  const assignments = leads.map(lead => assign(desks.get(lead.workspace_id), lead))
  await writeCounters(sql, [...desks.values()])
  return assignments
}

type Desk = { workspace_id: number; today: string; now: number; users: Set<number>; rules: Rule[] }

function assign(desk: Desk | undefined, lead: Unassigned): Assignment {
  if (lead.is_test || desk === undefined) return { user_id: null, rule_id: null, reason: lead.is_test ? 'test' : 'nobody' }
  const is_member = (user_id: number) => desk.users.has(user_id)
  const rule = ruleFor(desk.rules, lead)
  const choice = rule && choose(rule, lead, desk.now++, is_member)
  if (choice) return { ...choice, rule_id: rule.id }
  const { default_owner_id: owner } = lead
  return owner !== null && is_member(owner)
    ? { user_id: owner, rule_id: null, reason: 'default_owner' }
    : { user_id: null, rule_id: null, reason: 'nobody' }
}

type Row = {
  workspace_id: number
  today: string
  now: number
  users: number[]
  rules: { id: number; strategy: Rule['strategy']; matches: LeadMatches; members: Omit<Member, 'given'>[] | null }[] | null
}

/** The clock is read behind the lock, so the last one of who was chosen before is always earlier. Members who left are left out. */
async function readDesks(sql: postgres.TransactionSql, workspace_ids: number[]): Promise<Map<number, Desk>> {
  const rows = await sql<Row[]>`
    select w.id as workspace_id, d.today::text as today, (extract(epoch from clock_timestamp()) * 1000000)::bigint as now,
           array(select m.user_id from memberships m where m.workspace_id = w.id) as users,
           (select json_agg(json_build_object('id', r.id, 'strategy', r.strategy, 'matches', r.matches, 'members', (
                     select json_agg(json_build_object(
                              'user_id', m.user_id, 'weight', m.weight, 'cap_day', m.cap_day, 'turn', m.turn,
                              'today', case when m.day = d.today then m.assigned_today else 0 end,
                              'last', (extract(epoch from m.last_at) * 1000000)::bigint) order by m.user_id)
                       from assignment_members m
                       join memberships s on s.workspace_id = m.workspace_id and s.user_id = m.user_id
                      where m.workspace_id = r.workspace_id and m.rule_id = r.id)) order by r.position, r.id)
              from assignment_rules r
             where r.workspace_id = w.id and r.active) as rules
      from workspaces w
     cross join lateral (select (clock_timestamp() at time zone w.time_zone)::date as today) d
     where w.id = any(${workspace_ids}::int[])`
  return new Map(
    rows.map(({ users, rules, ...row }) => [
      row.workspace_id,
      { ...row, users: new Set(users), rules: (rules ?? []).map(fresh) },
    ]),
  )
}

function fresh({ members, ...rule }: NonNullable<Row['rules']>[number]): Rule {
  return { ...rule, members: (members ?? []).map(member => ({ ...member, given: 0 })) }
}

/** Turns move for everybody in a rule that chose, the rest for whom it chose. */
async function writeCounters(sql: postgres.TransactionSql, desks: Desk[]) {
  const rows = desks.flatMap(({ workspace_id, today, rules }) =>
    rules
      .filter(rule => rule.members.some(member => member.given > 0))
      .flatMap(rule => rule.members.map(member => ({ ...member, workspace_id, day: today, rule_id: rule.id }))),
  )
  if (rows.length === 0) return
  await sql`
    update assignment_members m
       set turn = g.turn, assigned = m.assigned + g.given, assigned_today = g.today, day = g.day,
           last_at = case when g.given > 0 then to_timestamp(g.last / 1000000.0) else m.last_at end
      from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
        as g(workspace_id int, rule_id int, user_id int, turn int, given int, today int, day date, last bigint)
     where m.workspace_id = g.workspace_id and m.rule_id = g.rule_id and m.user_id = g.user_id`
}
