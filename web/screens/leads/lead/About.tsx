import { Link } from '@tanstack/react-router'
import type { LeadShown } from '../../../../shared/leads.ts'
import { updateLead } from '../../../api/leads.ts'
import { useMay } from '../../../api/may.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { type Fact, Facts } from '../../../ui/Facts.tsx'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { Section } from '../../../ui/Section.tsx'
import { OwnFields } from '../../fields/OwnFields.tsx'
import { Appointments } from './Appointments.tsx'
import { Forwards } from './Forwards.tsx'
import { Handling } from './Handling.tsx'
import { Wants } from './Wants.tsx'

/** What is known about a lead: who has it, what the person wants, where it came from, and what they agreed to. */
export function About({ lead }: { lead: LeadShown }) {
  const workspaceId = String(useWorkspaceId())
  const may_change = useMay('work')
  const consent = consentOf(lead)
  return (
    <>
      <Handling lead={lead} />
      <Appointments lead={lead} />
      <Wants lead={lead} />
      <OwnFields
        noun="lead"
        custom={lead.custom}
        may_change={may_change}
        save={(workspace_id, custom) => updateLead(workspace_id, lead.id, { custom })}
      />
      <Section title="Where from">
        <Facts facts={originOf(lead)} />
        {lead.delivery_id !== null && (
          <p className="lead-delivery">
            <Link
              to="/w/$workspaceId/intake-deliveries/$deliveryId"
              params={{ workspaceId, deliveryId: String(lead.delivery_id) }}
              className="text-link"
            >
              The delivery it came by
            </Link>
          </p>
        )}
      </Section>
      {consent.some(([, value]) => value !== null) && (
        <Section title="Consent">
          <Facts facts={consent} />
        </Section>
      )}
      <Forwards lead={lead} />
    </>
  )
}

function originOf(lead: LeadShown): Fact[] {
  const { source, subsource, campaign, campaign_id } = lead
  return [
    ['Came', <RelativeTime key="came" at={lead.created_at} />],
    ['Source', [source, subsource].filter(Boolean).join(' / ') || (lead.webhook_id === null ? 'by hand' : null)],
    ['Campaign', [campaign, campaign_id && `(${campaign_id})`].filter(Boolean).join(' ')],
    ['Medium', lead.utm_medium],
    ['UTM source', lead.utm_source === source ? null : lead.utm_source],
    ['UTM campaign', lead.utm_campaign === campaign ? null : lead.utm_campaign],
    ['Search term', lead.utm_term],
    ['Content', lead.utm_content],
    ['Landing page', web(lead.landing_page)],
    ['Referrer', web(lead.referrer)],
    ['Webhook', lead.webhook],
    ['Provider', lead.provider_id],
    ['Their id', lead.external_id && <span className="mono">{lead.external_id}</span>],
    ['Visitor', lead.distinct_id && <span className="mono">{lead.distinct_id}</span>],
    ['Address', [lead.street, lead.city, lead.state, lead.zip_code, lead.country].filter(Boolean).join(', ')],
    ['IP', lead.ip && <span className="mono">{lead.ip}</span>],
  ]
}

function consentOf(lead: LeadShown): Fact[] {
  return [
    ['Agreed', lead.consent === null ? null : lead.consent ? 'yes' : 'no'],
    ['To', lead.consent_text],
    ['TCPA', lead.tcpa_text],
    ['TrustedForm', web(lead.trustedform_cert_url)],
    ['Jornaya', lead.jornaya_lead_id && <span className="mono">{lead.jornaya_lead_id}</span>],
  ]
}

/** What somebody else sent is a link only when it leads to the web, and never tells them where it was clicked. */
function web(address: string | null) {
  if (!address || !/^https?:\/\//i.test(address)) return address
  return (
    <a className="text-link" href={address} target="_blank" rel="noreferrer noopener nofollow">
      {address.replace(/^https?:\/\/(www\.)?/i, '')}
    </a>
  )
}
