import { DECISION_SENTENCES, type RoutingDecision, type RoutingDecisionsQuery } from '../../../shared/routing.ts'
import type { Sql } from '../../database/connect.ts'
import { pageOf, readCursor } from '../../http/paginate.ts'

/** Why appointments are whose they are, the newest decision first. */
export async function listDecisions(
  sql: Sql,
  workspace_id: number,
  { limit = 50, cursor, appointment_id, rule_id }: RoutingDecisionsQuery,
) {
  const before = readCursor(cursor, 'integer')?.[0] ?? null
  const rows = await sql<Omit<RoutingDecision, 'sentence'>[]>`
    select d.id, d.appointment_id, d.rule_id, d.rule_version, v.settings->>'name' as rule_name, d.pool_id, d.strategy, d.step, d.reason,
           d.target, d.candidates, d.excluded, d.inputs, d.actor, d.at
      from routing_decisions d
      left join routing_rule_versions v on v.workspace_id = d.workspace_id and v.rule_id = d.rule_id and v.version = d.rule_version
     where d.workspace_id = ${workspace_id} and d.appointment_id is not null
       ${appointment_id === undefined ? sql`` : sql`and d.appointment_id = ${appointment_id}`}
       ${rule_id === undefined ? sql`` : sql`and d.rule_id = ${rule_id}`}
       ${before === null ? sql`` : sql`and d.id < ${before}`}
     order by d.id desc
     limit ${limit + 1}`
  return pageOf(rows.map(inWords), limit, last => [last.id])
}

function inWords(decision: Omit<RoutingDecision, 'sentence'>): RoutingDecision {
  return { ...decision, sentence: DECISION_SENTENCES[decision.reason] }
}
