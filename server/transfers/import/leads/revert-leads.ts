import type postgres from 'postgres'
import { removeContacts } from '../../../contacts/remove.ts'
import { type Changes, changeLeads, type LeadRow, type Name } from '../../../leads/change.ts'
import { assigned, withValues } from '../../../leads/edit.ts'
import { removeLeads } from '../../../leads/remove.ts'
import { same } from '../../../leads/same.ts'
import { changesOfStatus, readStages, type StageRow } from '../../../leads/stages.ts'
import { whoseMay } from '../../may.ts'
import type { Step } from '../../transfer.ts'
import { type ImportActor, revertRows, type Written } from '../revert-rows.ts'
import { BLANK } from './blank.ts'
import { isTheirs } from './decide-lead.ts'
import { findLeads } from './find-leads.ts'

/**
 * As of contacts (../revert.ts): a lead that it made is deleted where nothing else is known of it, and then whom it was made for; one that it
 * changed gets what it had before where it still has what the import gave it. Throws `forbidden`.
 */
export const revertLeads: Step = (run, means) => {
  const of_users = whoseMay(means.doer, 'leads', 'update')
  return revertRows(run, means, (sql, workspace_id, rows, actor) => takeBack(sql, workspace_id, rows, actor, of_users))
}

const NAMES = Object.keys(BLANK) as Name[]

async function takeBack(
  sql: postgres.TransactionSql,
  workspace_id: number,
  rows: Written[],
  actor: ImportActor,
  of_users: number[] | null,
): Promise<Map<number, string>> {
  const kept = new Map<number, string>()
  const updated = rows.filter(({ outcome }) => outcome === 'updated')
  const ids = [...new Set(updated.map(({ lead_id }) => lead_id!))]
  const found = await findLeads(sql, workspace_id, ids, [])
  const stages = await readStages(sql, workspace_id)
  const members = await sql<{ user_id: number }[]>`select user_id from memberships where workspace_id = ${workspace_id}`
  const here = new Set<unknown>([null, ...members.map(({ user_id }) => user_id)])
  const leads = new Map(found.map(({ lead }) => [lead.id, lead]))
  for (const { row, lead_id, changes } of updated) {
    const lead = leads.get(lead_id!)
    if (!lead) kept.set(row, 'is not there any more')
    else if (!isTheirs(lead, of_users)) kept.set(row, 'is not one that you may change')
    else {
      const { back, later } = giveBack(lead, changes ?? {}, stages, here)
      if (later.length > 0) kept.set(row, `${later.join(', ')} was changed since`)
      leads.set(lead.id, { ...lead, ...back } as LeadRow)
    }
  }
  const back = (id: number) => Object.fromEntries(NAMES.map(name => [name, leads.get(id)![name]])) as Changes
  await changeLeads(sql, workspace_id, [...leads.keys()], ({ id }) => back(id), actor)
  const made = rows.filter(({ outcome }) => outcome === 'created')
  const stay = await removeLeads(
    sql,
    workspace_id,
    made.map(({ lead_id }) => lead_id!),
    actor,
    of_users,
  )
  for (const { row, lead_id } of made) if (stay.has(lead_id!)) kept.set(row, stay.get(lead_id!)!)
  // Of whom it made stays who has something else by now.
  const alone = made.filter(({ lead_id, changes }) => !stay.has(lead_id!) && changes?.contact_id)
  await removeContacts(
    sql,
    workspace_id,
    alone.map(({ contact_id }) => contact_id),
    actor,
  )
  return kept
}

const MOVED = new Set(['status', 'pipeline_id', 'lost_reason', 'closed_at'])

/** `later`: what somebody gave another value since, and what is not there any more. */
function giveBack(lead: LeadRow, changes: NonNullable<Written['changes']>, stages: StageRow[], here: Set<unknown>) {
  const later: string[] = []
  const back: Changes = { ...moveBack(lead, changes, stages, later) }
  const whole = { fields: { ...lead.fields }, custom: { ...lead.custom } }
  for (const [field, [was, is]] of Object.entries(changes)) {
    if (MOVED.has(field)) continue
    const [, of, key] = /^(fields|custom)\.(.+)$/s.exec(field) ?? []
    const own = of === undefined ? undefined : whole[of as 'fields']
    if (!same(own ? (own[key!] ?? null) : lead[field as Name], is)) later.push(field)
    else if (own) {
      own[key!] = was
      back[of as 'fields'] = withValues(own)
    } else if (field !== 'assigned_to') back[field as Name] = was
    else if (here.has(was)) Object.assign(back, assigned(lead, was as number | null))
    else later.push(field)
  }
  return { back, later }
}

/** To the stage where it was, closed when it was closed. */
function moveBack(lead: LeadRow, changes: NonNullable<Written['changes']>, stages: StageRow[], later: string[]): Changes {
  const { status, pipeline_id, lost_reason, closed_at } = changes
  if (!status && !pipeline_id) {
    if (!lost_reason) return {}
    if (same(lead.lost_reason, lost_reason[1])) return { lost_reason: lost_reason[0] }
    later.push('lost_reason')
    return {}
  }
  const [pipeline, key] = [(pipeline_id?.[0] as number) ?? lead.pipeline_id, (status?.[0] as string) ?? lead.status]
  const stands = (!status || lead.status === status[1]) && (!pipeline_id || lead.pipeline_id === pipeline_id[1])
  if (!stands || !stages.some(stage => stage.pipeline_id === pipeline && stage.key === key)) {
    later.push('status')
    return {}
  }
  return {
    ...changesOfStatus(stages, lead, { status: key, pipeline_id: pipeline }),
    ...(lost_reason && { lost_reason: lost_reason[0] }),
    ...(closed_at && { closed_at: closed_at[0] }),
  }
}
