import type postgres from 'postgres'
import type {
  Forwarding,
  ForwardingRule,
  ForwardingRuleCreate,
  ForwardingRuleUpdate,
  LeadForward,
} from '../../../shared/forwarding.ts'
import type { Actor } from '../../../shared/shape.ts'
import { recordActivities } from '../../activities/record.ts'
import type { Sql } from '../../database/connect.ts'
import { putInOrder } from '../../database/order.ts'
import { refuse } from '../../errors.ts'

/** The switch and the rules, each with its figures: one statement, that reads at most 10,000 forwards of a rule. */
export async function readForwarding(sql: Sql, workspace_id: number): Promise<Forwarding> {
  const [row] = await sql<{ active: boolean }[]>`select forwarding as active from workspaces where id = ${workspace_id}`
  return { active: row!.active, rules: await readRules(sql, workspace_id) }
}

export async function switchForwarding(sql: Sql, workspace_id: number, active: boolean, actor: Actor): Promise<Forwarding> {
  const { count } = await sql`update workspaces set forwarding = ${active} where id = ${workspace_id} and forwarding <> ${active}`
  if (count > 0) {
    const change = { before: { active: !active }, after: { active } }
    await recordActivities(sql, workspace_id, [{ action: 'forwarding.switched', actor, ...change }])
  }
  return readForwarding(sql, workspace_id)
}

/** Throws `not_found`. */
export async function findRule(sql: Sql, workspace_id: number, id: number): Promise<ForwardingRule> {
  const [rule] = await readRules(sql, workspace_id, id)
  if (!rule) throw refuse('not_found')
  return rule
}

/** Throws `invalid_fields` when an endpoint is not there. */
export async function createRule(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { name, endpoint_ids, active = true, matches = {}, stop = false, position }: ForwardingRuleCreate,
  actor: Actor,
): Promise<ForwardingRule> {
  await lockRules(sql, workspace_id)
  await requireEndpoints(sql, workspace_id, endpoint_ids)
  const [made] = await sql<{ id: number }[]>`
    insert into forwarding_rules (workspace_id, name, position, active, matches, endpoint_ids, stop)
    select ${workspace_id}, ${name}, count(*) + 1, ${active}, ${JSON.stringify(matches)}::text::jsonb, ${endpoint_ids}::int[], ${stop}
      from forwarding_rules
     where workspace_id = ${workspace_id}
    returning id`
  await putInOrder(sql, 'forwarding_rules', workspace_id, { id: made!.id, position })
  const rule = await findRule(sql, workspace_id, made!.id)
  await recordActivities(sql, workspace_id, [
    { action: 'forwarding_rule.created', actor, subject_id: rule.id, after: settingsOf(rule) },
  ])
  return rule
}

/** Throws `not_found`, `conflict`, `invalid_fields`. */
export async function editRule(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  { if_updated_at, position, ...given }: ForwardingRuleUpdate,
  actor: Actor,
): Promise<ForwardingRule> {
  await lockRules(sql, workspace_id)
  const before = await findRule(sql, workspace_id, id)
  if (if_updated_at !== undefined && Date.parse(if_updated_at) !== new Date(before.updated_at).getTime()) throw refuse('conflict')
  if (given.endpoint_ids) await requireEndpoints(sql, workspace_id, given.endpoint_ids)
  const { name, active, matches, endpoint_ids, stop } = { ...before, ...given }
  await putInOrder(sql, 'forwarding_rules', workspace_id, { id, position })
  await sql`
    update forwarding_rules
       set name = ${name}, active = ${active}, matches = ${JSON.stringify(matches)}::text::jsonb, endpoint_ids = ${endpoint_ids}::int[],
           stop = ${stop},
           updated_at = greatest(date_trunc('milliseconds', clock_timestamp()), date_trunc('milliseconds', updated_at) + interval '1 ms')
     where workspace_id = ${workspace_id} and id = ${id}`
  const after = await findRule(sql, workspace_id, id)
  await recordActivities(sql, workspace_id, [
    { action: 'forwarding_rule.updated', actor, subject_id: id, before: settingsOf(before), after: settingsOf(after) },
  ])
  return after
}

/** What it sent on stays in the log. */
export async function removeRule(sql: postgres.TransactionSql, workspace_id: number, id: number, actor: Actor): Promise<void> {
  await lockRules(sql, workspace_id)
  const before = await findRule(sql, workspace_id, id)
  await sql`delete from forwarding_rules where workspace_id = ${workspace_id} and id = ${id}`
  await putInOrder(sql, 'forwarding_rules', workspace_id)
  await recordActivities(sql, workspace_id, [
    { action: 'forwarding_rule.deleted', actor, subject_id: id, before: settingsOf(before) },
  ])
}

/** The newest first; a lead goes to few. */
export async function listForwards(sql: Sql, workspace_id: number, lead_id: number): Promise<{ data: LeadForward[] }> {
  const [lead] = await sql`select from leads where workspace_id = ${workspace_id} and id = ${lead_id}`
  if (!lead) throw refuse('not_found')
  const data = await sql<LeadForward[]>`
    select f.id, f.rule_id, r.name as rule, f.endpoint_id, e.name as endpoint, f.message_id, d.id as delivery_id, d.state, f.at
      from lead_forwards f
      join endpoints e on e.workspace_id = f.workspace_id and e.id = f.endpoint_id
      left join forwarding_rules r on r.workspace_id = f.workspace_id and r.id = f.rule_id
      left join deliveries d on d.workspace_id = f.workspace_id and d.endpoint_id = f.endpoint_id and d.message_id = f.message_id
     where f.workspace_id = ${workspace_id} and f.lead_id = ${lead_id}
     order by f.id desc
     limit 200`
  return { data }
}

/** Throws `invalid_fields`; whether another workspace has such an endpoint is not told. */
export async function requireEndpoints(sql: Sql, workspace_id: number, ids: number[], field = 'endpoint_ids') {
  const known = await sql`
    select from endpoints where workspace_id = ${workspace_id} and id = any(${ids}::int[]) and deleted_at is null`
  if (known.length < ids.length) throw refuse('invalid_fields', { fields: { [field]: 'must name endpoints of this workspace' } })
}

function readRules(sql: Sql, workspace_id: number, id: number | null = null): Promise<ForwardingRule[]> {
  return sql<ForwardingRule[]>`
    select r.id, r.name, r.position, r.active, r.matches, r.endpoint_ids, r.stop, r.created_at, r.updated_at,
           json_build_object(
             'leads', f.leads, 'delivered', f.delivered, 'waiting', f.waiting, 'failed', f.failed,
             'last_at', to_char(f.last_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) as figures
      from forwarding_rules r
     cross join lateral (
           select count(distinct s.lead_id)::int                                     as leads,
                  count(*) filter (where d.state = 'delivered')::int           as delivered,
                  count(*) filter (where d.state in ('queued', 'held'))::int   as waiting,
                  count(*) filter (where d.state = 'failed')::int              as failed,
                  max(s.at)                                                    as last_at
             from (select *
                     from lead_forwards
                    where workspace_id = r.workspace_id and rule_id = r.id and at > now() - interval '30 days'
                    order by id desc
                    limit 10000) s
             left join deliveries d
               on d.workspace_id = s.workspace_id and d.endpoint_id = s.endpoint_id and d.message_id = s.message_id) f
     where r.workspace_id = ${workspace_id} and r.id = coalesce(${id}::int, r.id)
     order by r.position, r.id`
}

/** Two who change the order at once wait for each other. */
async function lockRules(sql: Sql, workspace_id: number) {
  await sql`select from workspaces where id = ${workspace_id} for no key update`
}

function settingsOf({ name, position, active, matches, endpoint_ids, stop }: ForwardingRule) {
  return { name, position, active, matches, endpoint_ids, stop }
}
