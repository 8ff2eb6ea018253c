import type { LeadKind } from '../../shared/leads.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import type { Changes, LeadRow } from './change.ts'

export type StageRow = { pipeline_id: number; key: string; name: string; kind: LeadKind }

/** Of all pipelines, in their order. */
export function readStages(sql: Sql, workspace_id: number): Promise<StageRow[]> {
  return sql<StageRow[]>`
    select pipeline_id, key, name, kind
      from pipeline_stages
     where workspace_id = ${workspace_id}
     order by pipeline_id, position`
}

/**
 * What another stage means for a lead: its kind, when it was closed, why it was lost, that nobody has to follow up; on the board it comes on top. `k` tells leads of
 * one change apart. Throws `invalid_fields`.
 */
export function changesOfStatus(
  stages: StageRow[],
  lead: LeadRow,
  {
    status,
    pipeline_id = lead.pipeline_id,
    lost_reason,
  }: { status: string; pipeline_id?: number; lost_reason?: string | null | undefined },
  k = 0,
): Changes {
  const stage = findStage(stages, pipeline_id, status)
  if (lost_reason && stage.kind !== 'lost')
    throw refuse('invalid_fields', { fields: { lost_reason: 'is for stages of the kind lost' } })
  const reason =
    stage.kind === 'lost'
      ? { ...(lost_reason === undefined ? {} : { lost_reason: lost_reason?.trim() || null }) }
      : { lost_reason: null }
  if (stage.key === lead.status && pipeline_id === lead.pipeline_id) return reason
  return {
    ...reason,
    pipeline_id,
    status,
    kind: stage.kind,
    status_changed_at: new Date(),
    position: -(Date.now() + k) / 1000,
    ...(stage.kind === lead.kind ? {} : { closed_at: stage.kind === 'open' ? null : new Date() }),
    ...(stage.kind === 'open' ? {} : { follow_up_at: null }),
  }
}

export function findStage(stages: StageRow[], pipeline_id: number, status: string): StageRow {
  const own = stages.filter(stage => stage.pipeline_id === pipeline_id)
  if (own.length === 0) throw refuse('invalid_fields', { fields: { pipeline_id: 'is no pipeline of this workspace' } })
  const stage = own.find(one => one.key === status)
  if (!stage) throw refuse('invalid_fields', { fields: { status: `must be one of ${own.map(one => one.key).join(', ')}` } })
  return stage
}
