import type { Sql } from '../../database/connect.ts'
import type { ShownContact } from '../contacts.ts'
import type { Message } from '../payload.ts'
import type { Forward } from './forward.ts'

/** What a partner is told of a lead: what the person said and agreed to, where it came from; nothing that we think of it. */
const TOLD = [
  'lead_type',
  'product',
  'first_name',
  'last_name',
  'email',
  'phone',
  'street',
  'city',
  'state',
  'zip_code',
  'country',
  'fields',
  'source',
  'subsource',
  'campaign_id',
  'campaign',
  'utm_source',
  'utm_medium',
  'utm_campaign',
  'utm_term',
  'utm_content',
  'referrer',
  'landing_page',
  'consent',
  'consent_text',
  'tcpa_text',
  'trustedform_cert_url',
  'jornaya_lead_id',
  'ip',
  'user_agent',
] as const

export type ForwardedLead = {
  workspace_id: number
  id: number
  contact_id: number
  webhook_id: number | null
  is_test: boolean
  lead_type: string
  source: string | null
  product: string | null
  state: string | null
  zip_code: string | null
  country: string | null
  created_at: Date
  said: Record<string, unknown>
}

const FORWARDED = 'forwarding.lead'

/** In the order of their ids. One that was erased meanwhile is left out. */
export async function readLeads(sql: Sql, named: { workspace_id: number; id: number }[]): Promise<ForwardedLead[]> {
  const rows = await sql<(ForwardedLead & { row: Record<string, unknown> })[]>`
    select l.workspace_id, l.id, l.contact_id, l.webhook_id, l.is_test, l.lead_type, l.source, l.product, l.state, l.zip_code, l.country,
           l.created_at, to_jsonb(l) - 'payload' as row
      from unnest(${named.map(one => one.workspace_id)}::int[], ${named.map(one => one.id)}::bigint[]) as n(workspace_id, id)
      join leads l on l.workspace_id = n.workspace_id and l.id = n.id
     order by l.workspace_id, l.id`
  return rows.map(({ row, ...lead }) => ({ ...lead, said: Object.fromEntries(TOLD.map(name => [name, row[name] ?? null])) }))
}

export function messageOf({ lead, rule, origin }: Forward, contact: ShownContact | null): Message {
  const data = { lead_id: lead.id, created_at: lead.created_at.toISOString(), ...lead.said, rule }
  const body = { event: FORWARDED, contact: shown(contact), data, timestamp: lead.created_at.toISOString() }
  return { workspace_id: lead.workspace_id, origin, funnel_id: null, body }
}

/** A partner has no business with the stage, the owner and the properties that the workspace keeps of somebody. */
function shown(contact: ShownContact | null): ShownContact | null {
  return (
    contact && {
      ...contact,
      user_id: null,
      stage: 'lead',
      segment: null,
      watch_percentage: 0,
      owner_id: null,
      referral_code: null,
      properties: {},
    }
  )
}
