import type postgres from 'postgres'
import type { LeadSelectionChange, LeadUpdate } from '../../shared/leads.ts'
import type { Actor } from '../../shared/shape.ts'
import type { Sql } from '../database/connect.ts'
import { lockIdentity } from '../database/transaction.ts'
import { refuse } from '../errors.ts'
import { readGiven } from '../fields/read-given.ts'
import { type Changes, type Condition, changeLeads, type LeadRow } from './change.ts'
import { readFields } from './fields.ts'
import { requireMember } from './member.ts'
import { changesOfStatus, readStages } from './stages.ts'
import { readLeadTypes } from './types.ts'

/** Changes what is given and leaves the rest; null takes a value away, of `fields` and `custom` key by key. Throws as `changeLeads` does. */
export async function editLead(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  { if_updated_at, fields, custom, ...given }: LeadUpdate,
  actor: Actor,
  { only_of }: Condition,
): Promise<void> {
  await requireMember(sql, workspace_id, given.assigned_to)
  const types = (await readLeadTypes(sql, [workspace_id])).get(workspace_id)!
  const own = custom && (await readGiven(sql, workspace_id, 'lead', custom))
  const changesOf = (lead: LeadRow): Changes => {
    requireNoSale(lead, given.is_test)
    const type = types.get(given.lead_type ?? String(lead.lead_type))
    const said = fields && { fields: readFields(type?.fields ?? [], merged(lead.fields, fields)).fields }
    const kept = own && { custom: withValues({ ...lead.custom, ...own }) }
    return { ...cleaned(given), ...assigned(lead, given.assigned_to), ...said, ...kept }
  }
  await changeLeads(sql, workspace_id, [id], changesOf, actor, { only_of: only_of ?? null, if_updated_at })
}

/** The same for a selection. Returns how many are different now. A status is one of the pipeline that each lead is in. */
export async function editSelection(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { ids, status, lost_reason, ...given }: LeadSelectionChange,
  actor: Actor,
  condition: Condition,
): Promise<number> {
  await lockIdentity(sql, [workspace_id])
  await requireMember(sql, workspace_id, given.assigned_to)
  const stages = await stagesOf(sql, workspace_id, status)
  const changesOf = (lead: LeadRow, k: number): Changes => ({
    ...given,
    ...assigned(lead, given.assigned_to),
    ...(status === undefined ? {} : changesOfStatus(stages, lead, { status, lost_reason }, k)),
  })
  return (await changeLeads(sql, workspace_id, ids, changesOf, actor, condition)).length
}

/** A sale of a test lead counts nowhere, so the mark cannot change under one that is counted. */
function requireNoSale(lead: LeadRow, is_test: boolean | undefined) {
  if (is_test === undefined || is_test === lead.is_test || lead.conversion_count === 0) return
  throw refuse('in_use', { message: 'This lead has conversions. Void them first, then say whether it is a test.' })
}

async function stagesOf(sql: Sql, workspace_id: number, status: string | undefined) {
  return status === undefined ? [] : readStages(sql, workspace_id)
}

export function assigned(lead: Pick<LeadRow, 'assigned_to'>, assigned_to: number | null | undefined): Changes {
  if (assigned_to === undefined || assigned_to === lead.assigned_to) return {}
  return { assigned_to, assigned_at: assigned_to === null ? null : new Date() }
}

/** Texts without blanks around them; an empty one is none. */
export function cleaned<T extends Record<string, unknown>>(given: T): T {
  const entries = Object.entries(given).map(([name, value]) => [name, typeof value === 'string' ? value.trim() || null : value])
  return Object.fromEntries(entries) as T
}

/** Null takes a key away. */
function merged(before: Record<string, unknown>, given: Record<string, unknown>) {
  const fields = withValues({ ...before, ...given })
  if (Object.keys(fields).length > MOST_FIELDS)
    throw refuse('invalid_fields', { fields: { fields: `has more than ${MOST_FIELDS} keys` } })
  return fields
}

/** Without what is null: that is taken away. */
export function withValues(given: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null))
}

const MOST_FIELDS = 500
