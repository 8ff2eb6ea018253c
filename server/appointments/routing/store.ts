import type postgres from 'postgres'
import type { PoolStrategy } from '../../../shared/pools.ts'
import type { DecisionReason, DecisionTarget } from '../../../shared/routing.ts'
import type { Actor } from '../../../shared/shape.ts'
import { recordActivities } from '../../activities/record.ts'
import type { Exclusion } from './choose.ts'

/** Whose an appointment becomes, and why. */
export type Decided = {
  target: DecisionTarget
  reason: DecisionReason
  rule_id: number | null
  rule_version: number | null
  pool_id: number | null
  strategy: PoolStrategy | null
  /** 0: the target of the rule; 1: its first fallback. */
  step: number
  /** Whether who has it is free then by their calendar: else whoever books it allows what lies beside hours and absences. */
  needs_free: boolean
  candidates: number[]
  excluded: (Exclusion & { pool_id: number | null })[]
  /** What was asked about, as it was then. */
  inputs: Record<string, unknown>
}

/** The same as a row: `decision_id` is for `appointments.decision_id`. */
export type Decision = Decided & { decision_id: number; user_id: number | null }

type NewDecision = Decided & { appointment_id: number | null }

/** One row for each, in their order. */
export async function storeDecisions(
  sql: postgres.TransactionSql,
  workspace_id: number,
  decisions: NewDecision[],
  actor: Actor,
): Promise<Decision[]> {
  if (decisions.length === 0) return []
  const rows = await sql<{ id: number }[]>`
    insert into routing_decisions
           (workspace_id, appointment_id, rule_id, rule_version, pool_id, strategy, step, reason, target, candidates, excluded, inputs, actor)
    select ${workspace_id}, d.appointment_id, d.rule_id, d.rule_version, d.pool_id, d.strategy, d.step, d.reason, d.target, d.candidates,
           d.excluded, d.inputs, ${JSON.stringify(actor)}::text::jsonb
      from jsonb_array_elements(${JSON.stringify(decisions)}::text::jsonb) with ordinality as e(decision, k)
     cross join lateral jsonb_to_record(e.decision)
        as d(appointment_id bigint, rule_id int, rule_version int, pool_id int, strategy text, step int, reason text, target jsonb,
             candidates int[], excluded jsonb, inputs jsonb)
     order by e.k
    returning id`
  return decisions.map(({ appointment_id, ...decided }, k) => ({
    ...decided,
    decision_id: rows[k]!.id,
    user_id: decided.target.kind === 'person' ? decided.target.user_id : null,
  }))
}

export type Routed = { decision: Decision; appointment_id: number; contact_id: number | null }

/** Says of which appointments decisions are, and tells: for appointments that are booked after somebody was chosen. */
export async function tellRouted(
  sql: postgres.TransactionSql,
  workspace_id: number,
  routed: Routed[],
  actor: Actor,
): Promise<void> {
  if (routed.length === 0) return
  const rows = routed.map(({ decision, appointment_id }) => ({ id: decision.decision_id, appointment_id }))
  await sql`
    update routing_decisions d
       set appointment_id = r.appointment_id
      from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as r(id bigint, appointment_id bigint)
     where d.workspace_id = ${workspace_id} and d.id = r.id and d.appointment_id is distinct from r.appointment_id`
  await recordActivities(
    sql,
    workspace_id,
    routed.map(({ decision, appointment_id, contact_id }) => ({
      action: 'appointment.routed',
      actor,
      contact_id,
      subject_id: appointment_id,
      after: toldOf(decision),
    })),
  )
}

function toldOf({ decision_id, target, reason, rule_id, rule_version, pool_id, strategy, excluded }: Decision) {
  return { decision_id, target, reason, rule_id, rule_version, pool_id, strategy, excluded }
}
