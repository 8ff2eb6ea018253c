import type postgres from 'postgres'
import type {
  RoutingRule,
  RoutingRuleCreate,
  RoutingRulesQuery,
  RoutingRuleUpdate,
  RoutingSettings,
} from '../../../shared/routing.ts'
import type { Actor } from '../../../shared/shape.ts'
import { recordActivities } from '../../activities/record.ts'
import type { Sql } from '../../database/connect.ts'
import { refuse } from '../../errors.ts'
import { pageOf, readCursor } from '../../http/paginate.ts'
import { checkRules } from './check.ts'
import { lockRouting } from './lock.ts'
import { type Publishing, publishRules } from './publish.ts'
import { ranksAt } from './ranks.ts'

/** In the order in which they are asked. */
export async function listRules(sql: Sql, workspace_id: number, { limit = 50, cursor, q }: RoutingRulesQuery) {
  const after = readCursor(cursor, 'integer')?.[0] ?? 0
  const part = q?.trim() ? `%${q.trim().replace(/[\\%_]/g, '\\$&')}%` : null
  const rows = await sql<RoutingRule[]>`
    select ${columns(sql)}
      from (select *, row_number() over (order by rank)::int as position from routing_rules where workspace_id = ${workspace_id}) r
     where r.position > ${after} and (${part}::text is null or r.name ilike ${part})
     order by r.position
     limit ${limit + 1}`
  return pageOf(rows, limit, last => [last.position])
}

/** Throws `not_found`. */
export async function findRule(sql: Sql, workspace_id: number, id: number): Promise<RoutingRule> {
  const [rule] = await sql<RoutingRule[]>`
    select ${columns(sql)}
      from (select *, (select count(*)::int from routing_rules o where o.workspace_id = ${workspace_id} and o.rank <= r.rank) as position
              from routing_rules r
             where workspace_id = ${workspace_id} and id = ${id}) r`
  if (!rule) throw refuse('not_found')
  return rule
}

/** Throws `invalid_fields`. */
export async function createRule(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { position, ...given }: RoutingRuleCreate,
  actor: Actor,
): Promise<RoutingRule> {
  await lockRouting(sql, [workspace_id])
  const settings = settingsFrom(given)
  await requireRight(sql, workspace_id, settings)
  const [rank] = await ranksAt(sql, workspace_id, { position })
  const [id] = await addRules(sql, workspace_id, [{ rank: rank!, settings }])
  await publishRules(sql, workspace_id, [{ id: id!, version: 1, rank: rank!, settings }], actor)
  await recordActivities(sql, workspace_id, [{ action: 'routing_rule.created', actor, subject_id: id!, after: settings }])
  return findRule(sql, workspace_id, id!)
}

/** Publishes what is different as a new version. Throws `conflict`, `not_found`, `invalid_fields`. */
export async function editRule(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  { if_updated_at, ...given }: RoutingRuleUpdate,
  actor: Actor,
): Promise<RoutingRule> {
  const before = await lockRule(sql, workspace_id, id)
  if (if_updated_at !== undefined && Date.parse(if_updated_at) !== new Date(before.updated_at).getTime()) throw refuse('conflict')
  const [was, is] = [settingsOf(before), { ...settingsOf(before), ...given }]
  if (isSame(was, is)) return before
  await requireRight(sql, workspace_id, is)
  await publishRules(sql, workspace_id, [{ id, version: before.version + 1, rank: before.rank, settings: is }], actor)
  await recordActivities(sql, workspace_id, [{ action: 'routing_rule.updated', actor, subject_id: id, before: was, after: is }])
  return findRule(sql, workspace_id, id)
}

/** Lets another rule be asked before or after it; no new version. */
export async function moveRule(sql: postgres.TransactionSql, workspace_id: number, id: number, position: number, actor: Actor) {
  const before = await lockRule(sql, workspace_id, id)
  const [rank] = await ranksAt(sql, workspace_id, { position, without: id })
  await sql`
    update routing_rules
       set rank = ${rank!},
           updated_at = greatest(date_trunc('milliseconds', clock_timestamp()), date_trunc('milliseconds', updated_at) + interval '1 ms')
     where workspace_id = ${workspace_id} and id = ${id}`
  await sql`update routing_rule_keys set rank = ${rank!} where workspace_id = ${workspace_id} and rule_id = ${id}`
  const after = await findRule(sql, workspace_id, id)
  if (after.position === before.position) return after
  const [was, is] = [{ position: before.position }, { position: after.position }]
  await recordActivities(sql, workspace_id, [{ action: 'routing_rule.moved', actor, subject_id: id, before: was, after: is }])
  return after
}

/** Its versions stay, because decisions name them; so does whom it gave what to. */
export async function removeRule(sql: postgres.TransactionSql, workspace_id: number, id: number, actor: Actor): Promise<void> {
  const before = await lockRule(sql, workspace_id, id)
  await sql`delete from routing_rules where workspace_id = ${workspace_id} and id = ${id}`
  await recordActivities(sql, workspace_id, [
    { action: 'routing_rule.deleted', actor, subject_id: id, before: settingsOf(before) },
  ])
}

/** Rows that count nowhere until they are published. Their ids, in order. */
export async function addRules(sql: postgres.TransactionSql, workspace_id: number, rules: Omit<Publishing, 'id' | 'version'>[]) {
  const rows = rules.map(({ rank, settings }) => ({ rank, name: settings.name, target: settings.target }))
  const made = await sql<{ id: number }[]>`
    insert into routing_rules (workspace_id, rank, name, target)
    select ${workspace_id}, rank, name, target
      from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as r(rank float8, name text, target jsonb)
     order by rank
    returning id`
  return made.map(row => row.id)
}

/** With what is left out as it comes ready: only who is free, when a pool may choose. */
export function settingsFrom(given: Omit<RoutingRuleCreate, 'position'>): RoutingSettings {
  const { name, target, active = true, matches = {}, fallback = [], needs_free = target.kind === 'pool' } = given
  return { name, active, matches, target, fallback, needs_free }
}

export function settingsOf({ name, active, matches, target, fallback, needs_free }: RoutingSettings): RoutingSettings {
  return { name, active, matches, target, fallback, needs_free }
}

/** Whether two say the same, in whatever order their fields stand. */
export function isSame(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return one === other
  const [a, b] = [Object.entries(one).filter(([, value]) => value !== undefined), other as Record<string, unknown>]
  const known = Object.values(b).filter(value => value !== undefined).length
  return Array.isArray(one) === Array.isArray(other) && a.length === known && a.every(([key, value]) => isSame(value, b[key]))
}

async function requireRight(sql: postgres.TransactionSql, workspace_id: number, settings: RoutingSettings) {
  const [fields] = await checkRules(sql, workspace_id, [settings])
  if (Object.keys(fields!).length > 0) throw refuse('invalid_fields', { fields: fields! })
}

async function lockRule(sql: postgres.TransactionSql, workspace_id: number, id: number): Promise<RoutingRule & { rank: number }> {
  await lockRouting(sql, [workspace_id])
  const rule = await findRule(sql, workspace_id, id)
  const [row] = await sql<{ rank: number }[]>`
    select rank from routing_rules where workspace_id = ${workspace_id} and id = ${id}`
  return { ...rule, rank: row!.rank }
}

function columns(sql: Sql) {
  return sql`
           r.id, r.position, r.version, r.name, r.active, r.matches, r.target, r.fallback, r.needs_free, r.created_at, r.updated_at`
}
