import type postgres from 'postgres'
import type { LeadConversion, LeadStatusChange } from '../../shared/leads.ts'
import type { Actor } from '../../shared/shape.ts'
import { lockIdentity } from '../database/transaction.ts'
import { refuse } from '../errors.ts'
import { type Changes, type Condition, changeLeads, type LeadRow } from './change.ts'
import { changesOfStatus, readStages, type StageRow } from './stages.ts'

/** Records the sale with which a lead was won, in the same transaction. Given from above: what conversions are is not known here. */
export type Sell = (
  sql: postgres.TransactionSql,
  workspace_id: number,
  lead: { id: number; contact_id: number },
  conversion: LeadConversion,
  actor: Actor,
) => Promise<unknown>

/** Takes a lead to another stage, also of another pipeline; from a closed one back to an open one too. */
export async function changeStatus(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  { if_updated_at, ...given }: LeadStatusChange,
  actor: Actor,
  { only_of }: Condition,
  sell: Sell,
): Promise<void> {
  await lockIdentity(sql, [workspace_id])
  const stages = await readStages(sql, workspace_id)
  const condition = { only_of: only_of ?? null, if_updated_at }
  await close(sql, workspace_id, id, { given, stages, condition, sell }, actor, lead => changesOfStatus(stages, lead, given))
}

type Closing = {
  given: Omit<LeadStatusChange, 'if_updated_at'>
  stages: StageRow[]
  condition: Condition
  sell: Sell
}

/** A change of stage with what belongs to it: the sale, when the lead is won by it. Two clicks are one sale. */
export async function close(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  { given: { status, conversion }, condition, sell, stages }: Closing,
  actor: Actor,
  changesOf: (lead: LeadRow) => Changes,
): Promise<void> {
  let before: LeadRow | undefined
  const remember = (lead: LeadRow) => {
    before = lead
    return changesOf(lead)
  }
  await changeLeads(sql, workspace_id, [id], remember, actor, condition)
  if (conversion === undefined) return
  if (!stages.some(stage => stage.key === status && stage.kind === 'won')) {
    throw refuse('invalid_fields', { fields: { conversion: 'is for stages of the kind won' } })
  }
  if (before!.kind === 'won') {
    throw refuse('conflict', { message: 'This lead is won already. Record another sale among its conversions.' })
  }
  await sell(sql, workspace_id, { id, contact_id: before!.contact_id }, conversion, actor)
}
