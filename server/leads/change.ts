import type postgres from 'postgres'
import type { LeadKind } from '../../shared/leads.ts'
import type { Actor } from '../../shared/shape.ts'
import { recordActivities } from '../activities/record.ts'
import { restoreContacts } from '../contacts/archive.ts'
import { lockIdentity } from '../database/transaction.ts'
import { refuse } from '../errors.ts'
import { indexValues } from '../fields/index-values.ts'
import { recountLeads } from './count.ts'
import { same } from './same.ts'
import { activitiesOf } from './tell.ts'

/** What can be different about a lead once it is there, by column. */
const CHANGEABLE = [
  'lead_type', 'pipeline_id', 'status', 'kind', 'status_changed_at', 'position', 'priority', 'assigned_to', 'assigned_at',
  'follow_up_at', 'contact_attempts', 'score', 'revenue_potential', 'lost_reason', 'source', 'subsource', 'campaign_id', 'campaign',
  'utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content', 'referrer', 'landing_page', 'product', 'street', 'city',
  'state', 'zip_code', 'country', 'fields', 'custom', 'consent', 'consent_text', 'tcpa_text', 'trustedform_cert_url', 'jornaya_lead_id',
  'is_test', 'closed_at',
] as const // biome-ignore format: one word after the other

export type Name = (typeof CHANGEABLE)[number]
export type Changes = Partial<Record<Name, unknown>>

/** A lead as it was before. Money is text, as the database has it. */
export type LeadRow = Record<Name, unknown> & {
  id: number
  contact_id: number
  pipeline_id: number
  status: string
  kind: LeadKind
  assigned_to: number | null
  contact_attempts: number
  is_test: boolean
  conversion_count: number
  fields: Record<string, unknown>
  custom: Record<string, unknown>
  updated_at: Date
}

/** Who may: with `only_of`, leads of this user alone. `if_updated_at`: what the caller saw. `because`: what a new stage follows from. */
export type Condition = { only_of?: number | null; if_updated_at?: string | undefined; because?: Record<string, unknown> }

/**
 * The one way in which leads change: locked, compared, written, counted again and told, in a constant number of statements for any
 * number of leads. `changesOf` says what a lead gets; what is the same already is no change. Returns those that are different now.
 * Throws `not_found`, `forbidden`, `conflict`. Takes the workspace's identity lock, as whoever counts leads does.
 */
export async function changeLeads(
  sql: postgres.TransactionSql,
  workspace_id: number,
  ids: number[],
  changesOf: (lead: LeadRow, k: number) => Changes,
  actor: Actor,
  condition: Condition = {},
): Promise<number[]> {
  const leads = await lockLeads(sql, workspace_id, ids, condition)
  const changed = leads
    .map((lead, k) => ({ lead, after: different(lead, changesOf(lead, k)) }))
    .filter(({ after }) => Object.keys(after).length > 0)
  if (changed.length === 0) return []
  const counted = changed.filter(({ after }) => COUNTED.some(name => after[name] !== undefined))
  const keys = counted.map(({ lead }) => ({ workspace_id, id: lead.id }))
  await recountLeads(sql, keys, () => write(sql, workspace_id, changed))
  const valued = changed.filter(({ after }) => after.custom !== undefined)
  await indexValues(
    sql,
    workspace_id,
    'lead',
    valued.map(({ lead }) => lead.id),
  )
  await recordActivities(
    sql,
    workspace_id,
    changed.flatMap(({ lead, after }) => activitiesOf(lead, after, actor, condition.because)),
  )
  // Whoever has an open lead is being worked with again.
  const opened = changed.filter(({ after }) => after.kind === 'open').map(({ lead }) => lead.contact_id)
  if (opened.length > 0) await restoreContacts(sql, workspace_id, opened, actor)
  return changed.map(({ lead }) => lead.id)
}

/** What `lead_days` and `stage_counts` look at. Most changes are of something else, and cost no counting. */
const COUNTED: readonly Name[] = [
  'lead_type', 'pipeline_id', 'status', 'assigned_to', 'revenue_potential', 'source', 'campaign_id', 'campaign', 'product', 'state', 'is_test',
] // biome-ignore format: one word after the other

/** In the order asked for, and as they stay until the transaction ends. */
export async function lockLeads(
  sql: postgres.TransactionSql,
  workspace_id: number,
  ids: number[],
  { only_of = null, if_updated_at }: Condition,
): Promise<LeadRow[]> {
  await lockIdentity(sql, [workspace_id])
  const rows = await sql<LeadRow[]>`
    select id, contact_id, conversion_count, updated_at, ${sql([...CHANGEABLE])}
      from leads
     where workspace_id = ${workspace_id} and id = any(${ids}::bigint[])
       for update`
  const found = new Map(rows.map(row => [row.id, row]))
  return ids.map(id => {
    const lead = found.get(id)
    if (!lead) throw refuse('not_found', ids.length > 1 ? { message: `There is no lead ${id} in this workspace.` } : {})
    if (only_of !== null && lead.assigned_to !== only_of) {
      throw refuse('forbidden', { message: 'Your role changes the leads that are assigned to you. Ask a manager for this one.' })
    }
    if (if_updated_at !== undefined && lead.updated_at.getTime() !== Date.parse(if_updated_at)) throw refuse('conflict')
    return lead
  })
}

/**
 * Each row is found by its id and nothing is joined: of a table that is new the planner believes that a workspace has one row, and a join
 * takes every lead for each that changes. JSON carries milliseconds, so two changes never share one: else the second would not see that
 * it is late.
 */
async function write(sql: postgres.TransactionSql, workspace_id: number, changed: { lead: LeadRow; after: Changes }[]) {
  const names = [...new Set(changed.flatMap(({ after }) => Object.keys(after)))]
  const changes = Object.fromEntries(changed.map(({ lead, after }) => [lead.id, after]))
  await sql`
    update leads l
       set (${sql(names)}) = (
             select ${sql(names.map(name => `n.${name}`))}
               from jsonb_populate_record(l, ${JSON.stringify(changes)}::text::jsonb -> l.id::text) n),
           updated_at = greatest(date_trunc('milliseconds', clock_timestamp()), date_trunc('milliseconds', l.updated_at) + interval '1 ms')
     where l.workspace_id = ${workspace_id} and l.id = any(${changed.map(({ lead }) => lead.id)}::bigint[])`.execute()
}

function different(lead: LeadRow, changes: Changes): Changes {
  const names = CHANGEABLE.filter(name => changes[name] !== undefined && !same(lead[name], changes[name]))
  return Object.fromEntries(names.map(name => [name, changes[name]]))
}
