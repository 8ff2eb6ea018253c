import { setImmediate } from 'node:timers/promises'
import type postgres from 'postgres'
import type { RoutingSettings } from '../../../shared/routing.ts'
import type { Actor } from '../../../shared/shape.ts'
import { chooseKeys, type Key, nameOf, possibleKeys } from './keys.ts'

/** A rule as it will be from now on. `rank`: where it stands among the others. */
export type Publishing = { id: number; version: number; rank: number; settings: RoutingSettings }

/**
 * Makes versions of rules that are stored already count: what they say, the row of each version, and where they are found. A constant number of
 * statements for any number of rules. The caller holds the lock of routing and has checked them.
 */
export async function publishRules(
  sql: postgres.TransactionSql,
  workspace_id: number,
  rules: Publishing[],
  actor: Actor,
): Promise<void> {
  if (rules.length === 0) return
  await sql`
    insert into routing_rule_versions (workspace_id, rule_id, version, settings, published_by)
    select ${workspace_id}, r.id, r.version, r.settings, ${JSON.stringify(actor)}::text::jsonb
      from jsonb_to_recordset(${JSON.stringify(rules)}::text::jsonb) as r(id int, version int, settings jsonb)`
  await sql`
    update routing_rules r
       set version = n.version, name = s.name, active = s.active, matches = s.matches, target = s.target, fallback = s.fallback,
           needs_free = s.needs_free,
           updated_at = greatest(date_trunc('milliseconds', clock_timestamp()), date_trunc('milliseconds', r.updated_at) + interval '1 ms')
      from jsonb_to_recordset(${JSON.stringify(rules)}::text::jsonb) as n(id int, version int, settings jsonb)
     cross join lateral jsonb_to_record(n.settings)
        as s(name text, active boolean, matches jsonb, target jsonb, fallback jsonb, needs_free boolean)
     where r.workspace_id = ${workspace_id} and r.id = n.id`
  await writeKeys(sql, workspace_id, rules)
}

/** Where rules are found. Those that are not active are found nowhere. */
export async function writeKeys(sql: postgres.TransactionSql, workspace_id: number, rules: Publishing[]): Promise<void> {
  await sql`
    delete from routing_rule_keys where workspace_id = ${workspace_id} and rule_id = any(${rules.map(rule => rule.id)}::int[])`
  const active = rules.filter(rule => rule.settings.active)
  const crowd = await readCrowd(sql, workspace_id, active)
  const keys: (Key & { rank: number; rule_id: number })[] = []
  for (const [k, { id, rank, settings }] of active.entries()) {
    // Ten thousand take a second, in which the server has others to answer.
    if (k % 500 === 499) await setImmediate()
    for (const key of chooseKeys(settings.matches, crowd)) keys.push({ ...key, rank, rule_id: id })
  }
  for (let k = 0; k < keys.length; k += 50_000) {
    await sql`
      insert into routing_rule_keys (workspace_id, dimension, value, rank, rule_id)
      select ${workspace_id}, dimension, value, rank, rule_id
        from jsonb_to_recordset(${JSON.stringify(keys.slice(k, k + 50_000))}::text::jsonb)
          as k(dimension text, value text, rank float8, rule_id int)`
  }
}

/** How many rules are found by each key that these could be found by. Of a rule with one condition there is nothing to choose. */
async function readCrowd(sql: postgres.TransactionSql, workspace_id: number, rules: Publishing[]): Promise<Map<string, number>> {
  if (rules.length > MANY) return named(await countAll(sql, workspace_id))
  const possible = rules.map(rule => possibleKeys(rule.settings.matches))
  const choosing = possible.filter(keys => new Set(keys.map(key => key.dimension)).size > 1)
  return choosing.length === 0 ? new Map() : named(await countAt(sql, workspace_id, choosing.flat()))
}

/** From so many rules on it is less work to count all. */
const MANY = 50

type Counted = Key & { count: number }

function named(rows: Counted[]): Map<string, number> {
  return new Map(rows.map(({ count, ...key }) => [nameOf(key), count]))
}

function countAll(sql: postgres.TransactionSql, workspace_id: number): Promise<Counted[]> {
  return sql<Counted[]>`
    select dimension, value, count(*)::int as count from routing_rule_keys where workspace_id = ${workspace_id} group by dimension, value`
}

function countAt(sql: postgres.TransactionSql, workspace_id: number, keys: Key[]): Promise<Counted[]> {
  return sql<Counted[]>`
    select k.dimension, k.value, c.count
      from (select distinct dimension, value
              from unnest(${keys.map(key => key.dimension)}::text[], ${keys.map(key => key.value)}::text[]) as k(dimension, value)) k
     cross join lateral (
             select count(*)::int as count
               from (select
                       from routing_rule_keys
                      where workspace_id = ${workspace_id} and dimension = k.dimension and value = k.value
                      limit 1000) found) c
     where c.count > 0`
}
