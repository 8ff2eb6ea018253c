import { isIP } from 'node:net'
import type postgres from 'postgres'
import { MARKETING } from '../../shared/consents.ts'
import type { LeadKind } from '../../shared/leads.ts'
import type { Actor } from '../../shared/shape.ts'
import { type NewActivity, recordEverywhere } from '../activities/record.ts'
import { recordConsents, type SaidConsent } from '../consents/record.ts'
import { isArchived, restoreAmong } from '../contacts/archive.ts'
import { indexValues } from '../fields/index-values.ts'
import type { Assignment } from './assign.ts'
import { countLeads } from './count.ts'

/** What a lead says about itself; what is absent is not known. Texts by which leads are found are kept up to 200 characters. */
export type LeadDetails = {
  provider_id?: string | null
  delivery_id?: number | null
  /** 1 (the most urgent) to 5; anything else is 3. */
  priority?: number | null
  follow_up_at?: string | null
  contact_attempts?: number
  score?: number
  revenue_potential?: number | null
  source?: string | null
  subsource?: string | null
  campaign_id?: string | null
  campaign?: string | null
  utm_source?: string | null
  utm_medium?: string | null
  utm_campaign?: string | null
  utm_term?: string | null
  utm_content?: string | null
  referrer?: string | null
  landing_page?: string | null
  product?: string | null
  street?: string | null
  city?: string | null
  state?: string | null
  zip_code?: string | null
  country?: string | null
  fields?: Record<string, unknown>
  custom?: Record<string, unknown>
  consent?: boolean | null
  consent_text?: string | null
  tcpa_text?: string | null
  trustedform_cert_url?: string | null
  jornaya_lead_id?: string | null
  /** One that is no address is left out. */
  ip?: string | null
  user_agent?: string | null
  distinct_id?: string | null
  external_id?: string | null
  first_name?: string | null
  last_name?: string | null
  email?: string | null
  phone?: string | null
  payload?: unknown
}

export type NewLead = LeadDetails & {
  workspace_id: number
  /** Ten digits (`numberLeads`). */
  id: number
  contact_id: number
  lead_type: string
  webhook_id: number | null
  /** null: the workspace's default, also when there is no such pipeline any more. */
  pipeline_id: number | null
  /** null: the first open stage, also when the pipeline has no such open stage: leads are closed by `changeStatus`. */
  status: string | null
  is_test: boolean
  /** When they said what they say, in ms; left out: now. */
  said_at?: number
  /** Of one that was here before it came here: since when, and of a closed one until when. `status` is then any stage that fits. */
  created_at?: string | null
  closed_at?: string | null
  assignment: Assignment
  /** Who made it. */
  actor: Actor
}

export type InsertedLead = {
  workspace_id: number
  id: number
  contact_id: number
  pipeline_id: number
  status: string
  kind: LeadKind
  created_at: Date
}

/**
 * Stores leads with everything that belongs to them: the row, `lead.created` and `lead.assigned`, what is counted. Three statements for
 * any number of leads and workspaces. The caller holds the workspaces' identity lock. Returned in the order given.
 */
export async function insertLeads(sql: postgres.TransactionSql, leads: NewLead[]): Promise<InsertedLead[]> {
  if (leads.length === 0) return []
  const rows = await sql<(InsertedLead & { is_archived: boolean })[]>`
    insert into leads
    select l.*
      from jsonb_array_elements(${JSON.stringify(leads.map(rowOf))}::text::jsonb) with ordinality as g(lead, n)
     cross join lateral (
           select p.id
             from pipelines p
            where p.workspace_id = (g.lead->>'workspace_id')::int and (p.id = (g.lead->>'pipeline_id')::int or p.is_default)
            order by p.id is distinct from (g.lead->>'pipeline_id')::int
            limit 1) p
     cross join lateral (
           select s.key, s.kind
             from pipeline_stages s
            where s.workspace_id = (g.lead->>'workspace_id')::int and s.pipeline_id = p.id and (s.kind = 'open') = (g.lead->>'closed_at' is null)
            order by s.key is distinct from g.lead->>'status', s.position
            limit 1) s
     cross join lateral jsonb_populate_record(null::leads, g.lead || jsonb_build_object(
           'pipeline_id', p.id, 'status', s.key, 'kind', s.kind, 'status_changed_at', coalesce((g.lead->>'closed_at')::timestamptz, now()),
           'created_at', coalesce((g.lead->>'created_at')::timestamptz, now()), 'updated_at', now(),
           'assigned_at', case when g.lead->>'assigned_to' is not null then now() end,
           -- The newest on top, without a look at the column; those of one statement a millisecond apart, so that cards fit between them.
           'position', -(extract(epoch from coalesce((g.lead->>'created_at')::timestamptz, clock_timestamp()))::float8 + g.n / 1000.0))) l
    returning workspace_id, id, contact_id, pipeline_id, status, kind, created_at,
              ${isArchived(sql, sql`leads.workspace_id`, sql`leads.contact_id`)} as is_archived`
  const stored = new Map(rows.map(({ is_archived: _, ...row }) => [`${row.workspace_id} ${row.id}`, row]))
  const inserted = leads.map(lead => stored.get(`${lead.workspace_id} ${lead.id}`)!)
  await Promise.all([
    countLeads(sql, inserted),
    recordEverywhere(sql, activitiesOf(leads, inserted)),
    indexOwn(sql, leads),
    recordConsents(sql, leads.flatMap(consentOf)),
    restoreAmong(
      sql,
      rows.filter(({ kind }) => kind === 'open'),
    ),
  ])
  return inserted
}

/** By which lists find those that say something in fields of the workspace: hardly any that come by themselves. */
async function indexOwn(sql: postgres.TransactionSql, leads: NewLead[]) {
  const valued = leads.filter(({ custom }) => custom && Object.keys(custom).length > 0)
  for (const id of new Set(valued.map(({ workspace_id }) => workspace_id))) {
    const those = valued.filter(({ workspace_id }) => workspace_id === id)
    await indexValues(
      sql,
      id,
      'lead',
      those.map(lead => lead.id),
    )
  }
}

/** What somebody says with a lead about being written to, in the words that they were asked with. Of a test, nothing. */
function consentOf({
  workspace_id,
  contact_id,
  webhook_id,
  is_test,
  consent,
  consent_text,
  tcpa_text,
  created_at,
  said_at = Date.now(),
  actor,
}: NewLead): SaidConsent[] {
  if (is_test || typeof consent !== 'boolean') return []
  if (consent && actor.kind === 'import' && !created_at) return [] // of no known time: it must not beat a withdrawal
  const source = webhook_id !== null ? 'form' : actor.kind === 'user' ? 'person' : actor.kind === 'import' ? 'import' : 'api'
  const text = (consent_text ?? tcpa_text)?.slice(0, 10_000) ?? null
  const said = { purpose: MARKETING, granted: consent, source, text_version: null, text, said_at, actor } as const
  return [{ workspace_id, contact_id, visitor_id: null, ...said }]
}

/** Without what would stop the whole statement: of a batch, one lead must not be another one's fault. */
function rowOf({ assignment, actor: _, ...lead }: NewLead) {
  const { priority, revenue_potential: revenue, ip } = lead
  return {
    contact_attempts: 0,
    score: 0,
    fields: {},
    custom: {},
    conversion_count: 0,
    conversion_value: 0,
    ...lead,
    assigned_to: assignment.user_id,
    priority: Number.isInteger(priority) && priority! >= 1 && priority! <= 5 ? priority : 3,
    revenue_potential: Number.isFinite(revenue) && Math.abs(revenue!) <= 1e12 ? revenue : null,
    ip: ip && isIP(ip) !== 0 && !ip.includes('%') ? ip : null,
    ...Object.fromEntries(FOUND_BY.map(name => [name, cut(lead[name])])),
  }
}

/** Columns with an index, which could not hold more. */
const FOUND_BY = ['source', 'campaign', 'campaign_id', 'product', 'state', 'provider_id', 'external_id'] as const
const MOST = 200

function cut(text: string | null | undefined) {
  if (text === null || text === undefined || text === '') return null
  return text.length <= MOST ? text : [...text].slice(0, MOST).join('')
}

/** What is said in `lead.created`: what a lead is and where it came from. The rest stands in the lead. */
const SAID = [
  'lead_type',
  'webhook_id',
  'provider_id',
  'source',
  'subsource',
  'campaign',
  'campaign_id',
  'product',
  'state',
] as const

function activitiesOf(leads: NewLead[], inserted: InsertedLead[]): (NewActivity & { workspace_id: number })[] {
  return leads.flatMap((lead, k) => {
    const { workspace_id, id, contact_id, pipeline_id, status } = inserted[k]!
    const about = { workspace_id, contact_id, subject_id: id, actor: lead.actor }
    const { user_id, rule_id, reason } = lead.assignment
    const said = Object.fromEntries(SAID.flatMap(name => (lead[name] ? [[name, lead[name]]] : [])))
    const after = { id, ...said, pipeline_id, status, assigned_to: user_id, is_test: lead.is_test }
    const created = { ...about, action: 'lead.created', before: null, after }
    if (user_id === null) return [created]
    const given = { assigned_to: user_id, reason, rule_id }
    return [created, { ...about, action: 'lead.assigned', before: { assigned_to: null }, after: given }]
  })
}
