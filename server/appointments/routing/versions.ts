import type postgres from 'postgres'
import type { RoutingRule, RoutingRuleVersion } from '../../../shared/routing.ts'
import type { Actor } from '../../../shared/shape.ts'
import type { Sql } from '../../database/connect.ts'
import { refuse } from '../../errors.ts'
import { pageOf, readCursor } from '../../http/paginate.ts'
import { editRule } from './rules.ts'

/** The newest first. Those of a rule that was deleted can be read, too. Throws `not_found`. */
export async function listVersions(
  sql: Sql,
  workspace_id: number,
  rule_id: number,
  { limit = 50, cursor }: { limit?: number; cursor?: string },
) {
  const before = readCursor(cursor, 'integer')?.[0] ?? null
  const rows = await sql<RoutingRuleVersion[]>`
    select rule_id, version, settings, published_by, published_at
      from routing_rule_versions
     where workspace_id = ${workspace_id} and rule_id = ${rule_id} and (${before}::int is null or version < ${before}::int)
     order by version desc
     limit ${limit + 1}`
  if (rows.length === 0 && before === null) throw refuse('not_found')
  return pageOf(rows, limit, last => [last.version])
}

/** Publishes what an earlier version said as a new one. Throws `not_found`, and `invalid_fields` when it names what is gone. */
export async function restoreVersion(
  sql: postgres.TransactionSql,
  workspace_id: number,
  rule_id: number,
  version: number,
  actor: Actor,
): Promise<RoutingRule> {
  const [earlier] = await sql<Pick<RoutingRuleVersion, 'settings'>[]>`
    select settings
      from routing_rule_versions
     where workspace_id = ${workspace_id} and rule_id = ${rule_id} and version = ${version}`
  if (!earlier) throw refuse('not_found')
  return editRule(sql, workspace_id, rule_id, earlier.settings, actor)
}
