import type { Name } from '../../../leads/change.ts'

/** A lead of which nothing was said yet, by the columns that a row can change. */
export const BLANK: Record<Name, unknown> = {
  lead_type: 'general', pipeline_id: null, status: null, kind: 'open', status_changed_at: null, position: 0, priority: 3, assigned_to: null,
  assigned_at: null, follow_up_at: null, contact_attempts: 0, score: 0, revenue_potential: null, lost_reason: null, source: null,
  subsource: null, campaign_id: null, campaign: null, utm_source: null, utm_medium: null, utm_campaign: null, utm_term: null,
  utm_content: null, referrer: null, landing_page: null, product: null, street: null, city: null, state: null, zip_code: null,
  country: null, fields: {}, custom: {}, consent: null, consent_text: null, tcpa_text: null, trustedform_cert_url: null,
  jornaya_lead_id: null, is_test: false, closed_at: null,
} // biome-ignore format: a table
