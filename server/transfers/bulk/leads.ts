import { lockIdentity } from '../../database/transaction.ts'
import { Refusal } from '../../errors.ts'
import { type Changes, changeLeads, type LeadRow, lockLeads } from '../../leads/change.ts'
import { assigned } from '../../leads/edit.ts'
import { requireMember } from '../../leads/member.ts'
import { changesOfStatus, readStages, type StageRow } from '../../leads/stages.ts'
import { type Action, CHANGED_SINCE, NOT_YOURS, type Order, type Outcome, refused, type Target } from './action.ts'

/** Undone where they are still with whom they came to. */
export const assign: Action = {
  apply: async (order, targets) => {
    const to = order.settings.owner_id ?? null
    await requireMember(order.sql, order.workspace_id, to)
    return ofLeads(order, targets, lead => ({
      changes: assigned(lead, to),
      before: { assigned_to: lead.assigned_to },
    }))
  },
  revert: async (order, targets) => {
    const members = await order.sql<{ user_id: number }[]>`
      select user_id from memberships where workspace_id = ${order.workspace_id}`
    const here = new Set<number | null>([null, ...members.map(({ user_id }) => user_id)])
    return ofLeads(order, targets, (lead, before) => {
      const to = before!.assigned_to as number | null
      if (lead.assigned_to !== (order.settings.owner_id ?? null)) return { reason: CHANGED_SINCE }
      return here.has(to) ? { changes: assigned(lead, to) } : { reason: 'Whose it was does not work here any more.' }
    })
  },
}

/** Undone where they are still in the stage that they were taken to. */
export const status: Action = {
  apply: async (order, targets) => {
    const { status: wanted, lost_reason } = order.settings
    const stages = await readStages(order.sql, order.workspace_id)
    return ofLeads(order, targets, (lead, _, k) => ({
      ...toStage(stages, lead, { status: wanted!, lost_reason }, k),
      before: { status: lead.status, pipeline_id: lead.pipeline_id, lost_reason: lead.lost_reason },
    }))
  },
  revert: async (order, targets) => {
    const stages = await readStages(order.sql, order.workspace_id)
    return ofLeads(order, targets, (lead, before, k) => {
      const was = before as { status: string; pipeline_id: number; lost_reason: string | null }
      if (lead.status !== order.settings.status || lead.pipeline_id !== was.pipeline_id) return { reason: CHANGED_SINCE }
      return toStage(stages, lead, { status: was.status, lost_reason: was.lost_reason }, k)
    })
  },
}

type Plan = { changes: Changes; before?: Record<string, unknown> } | { reason: string }

/** A stage that the lead's pipeline does not have is said of that lead. */
function toStage(
  stages: StageRow[],
  lead: LeadRow,
  wish: { status: string; lost_reason?: string | null | undefined },
  k: number,
): Plan {
  try {
    return { changes: changesOfStatus(stages, lead, wish, k) }
  } catch (error) {
    if (error instanceof Refusal) return { reason: `The stage ${Object.values(error.fields ?? {})[0] ?? error.message}.` }
    throw error
  }
}

/** By the one way in which leads change; those that cannot be changed are left out of it, each with its reason. */
async function ofLeads(
  { sql, workspace_id, only_of, actor }: Order,
  targets: Target[],
  planOf: (lead: LeadRow, before: Target['before'], k: number) => Plan,
): Promise<Outcome[]> {
  await lockIdentity(sql, [workspace_id]) // whoever changes leads waits from here on
  const known = await sql<{ id: number }[]>`
    select id from leads where workspace_id = ${workspace_id} and id = any(${targets.map(({ id }) => id)}::bigint[])`
  const before = new Map(targets.map(target => [target.id, target.before]))
  const leads = await lockLeads(sql, workspace_id, known.map(({ id }) => id), {}) // biome-ignore format: one statement
  const plans = new Map(
    leads.map((lead, k) => {
      const is_theirs = only_of === null || (lead.assigned_to !== null && only_of.includes(lead.assigned_to))
      return [lead.id, is_theirs ? planOf(lead, before.get(lead.id) ?? null, k) : { reason: NOT_YOURS }]
    }),
  )
  const possible = [...plans].filter(([, plan]) => 'changes' in plan).map(([id]) => id)
  const changesOf = (lead: LeadRow): Changes => (plans.get(lead.id) as { changes: Changes }).changes
  const changed = new Set(await changeLeads(sql, workspace_id, possible, changesOf, actor))
  return targets.map(({ id }): Outcome => {
    const plan = plans.get(id)
    if (!plan) return refused(id, 'There is no such lead any more.')
    if ('reason' in plan) return refused(id, plan.reason)
    return changed.has(id) ? { id, state: 'done', ...(plan.before && { before: plan.before }) } : { id, state: 'unchanged' }
  })
}
