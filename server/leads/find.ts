import type { LeadShown, LeadStay } from '../../shared/leads.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { readFields as readOwnFields } from '../fields/fields.ts'
import { misfitsIn } from '../fields/read-custom.ts'
import { leadColumns, leadJoins } from './columns.ts'
import { readFields } from './fields.ts'
import { readStages, type StageRow } from './stages.ts'
import { readLeadTypes } from './types.ts'

/** Everything about one lead. Throws `not_found`. */
export async function findLead(sql: Sql, workspace_id: number, id: number): Promise<LeadShown> {
  const [[lead], changes, stages, types, own] = await Promise.all([
    sql<Omit<LeadShown, 'stays' | 'problems'>[]>`
      select ${leadColumns(sql)}, l.first_name, l.last_name, l.email, l.phone, l.street, l.utm_source, l.utm_medium, l.utm_campaign,
             l.utm_term, l.utm_content, l.referrer, l.landing_page, l.fields, l.consent, l.consent_text, l.tcpa_text,
             l.trustedform_cert_url, l.jornaya_lead_id, host(l.ip) as ip, l.user_agent, l.distinct_id, l.external_id, l.delivery_id,
             l.payload
        from leads l
        ${leadJoins(sql)}
       where l.workspace_id = ${workspace_id} and l.id = ${id}`,
    readChanges(sql, workspace_id, id),
    readStages(sql, workspace_id),
    readLeadTypes(sql, [workspace_id]),
    readOwnFields(sql, workspace_id, 'lead'),
  ])
  if (!lead) throw refuse('not_found')
  const of_type = types.get(workspace_id)!.get(lead.lead_type)?.fields ?? []
  const problems = { ...misfitsIn(own, lead.fields), ...readFields(of_type, lead.fields).problems }
  return { ...lead, problems, stays: staysOf(lead, changes, stages, Date.now()) }
}

type Change = { at: Date; from: string; to: string }

/** Each change of the stage, the oldest first, out of the spine. */
function readChanges(sql: Sql, workspace_id: number, id: number): Promise<Change[]> {
  return sql<Change[]>`
    select at, before->>'status' as from, after->>'status' as to
      from activities
     where workspace_id = ${workspace_id} and subject_id = ${String(id)} and action = 'lead.status_changed'
     order by at, id`
}

type Standing = Pick<LeadShown, 'pipeline_id' | 'status' | 'created_at'>

/** A stage that is no more keeps its key as its name. */
function staysOf({ pipeline_id, status, created_at }: Standing, changes: Change[], stages: StageRow[], now: number): LeadStay[] {
  const begun = [
    { status: changes[0]?.from ?? status, since: new Date(created_at) },
    ...changes.map(({ to, at }) => ({ status: to, since: at })),
  ]
  return begun.map(({ status, since }, k) => {
    const until = begun[k + 1]?.since ?? null
    const named = stages.filter(stage => stage.key === status)
    const stage = named.find(one => one.pipeline_id === pipeline_id) ?? named[0]
    const seconds = Math.max(0, Math.round(((until?.getTime() ?? now) - since.getTime()) / 1000))
    return {
      status,
      name: stage?.name ?? status,
      kind: stage?.kind ?? null,
      since: since.toISOString(),
      until: until?.toISOString() ?? null,
      seconds,
    }
  })
}
