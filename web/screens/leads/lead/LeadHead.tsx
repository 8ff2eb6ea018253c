import { CopyButton, Tooltip } from '@mantine/core'
import { IconArrowLeft, IconCheck, IconCopy } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { LeadShown } from '../../../../shared/leads.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Initials } from '../../../ui/Initials.tsx'
import { Pill } from '../../../ui/Pill.tsx'
import { leadName } from '../words.ts'
import { StageActions } from './StageActions.tsx'
import { StageLine } from './StageLine.tsx'

/** Who it is, how to reach them, where the lead stands and where it can go. */
export function LeadHead({ lead }: { lead: LeadShown }) {
  const workspaceId = String(useWorkspaceId())
  const { email, phone } = lead.contact
  return (
    <header className="contact-head">
      <nav className="contact-crumbs" aria-label="Where you are">
        <Link to="/w/$workspaceId/leads" params={{ workspaceId }} className="back-link">
          <IconArrowLeft size={15} stroke={1.7} aria-hidden /> Leads
        </Link>
        <CopyButton value={String(lead.id)}>
          {({ copied, copy }) => (
            <Tooltip label={copied ? 'Copied' : 'Copy the id'}>
              <button type="button" className="contact-id number" onClick={copy} aria-label={`Copy the id ${lead.id}`}>
                {lead.id} {copied ? <IconCheck size={13} /> : <IconCopy size={13} stroke={1.6} />}
              </button>
            </Tooltip>
          )}
        </CopyButton>
      </nav>
      <div className="contact-who lead-who">
        <Initials text={leadName(lead)} size={44} />
        <div className="contact-who-text">
          <h1 className="cut">
            <Link
              to="/w/$workspaceId/contacts/$contactId"
              params={{ workspaceId, contactId: String(lead.contact_id) }}
              className="lead-contact"
              title="Open the contact"
            >
              {leadName(lead)}
            </Link>
            {lead.is_test && (
              <Pill tone="plain" title="Counts nowhere and is not on the board">
                test
              </Pill>
            )}
          </h1>
          <p className="lead-reaches muted">
            {email && (
              <a className="lead-reach" href={`mailto:${email}`}>
                {email}
              </a>
            )}
            {phone && (
              <a className="lead-reach" href={`tel:${phone}`}>
                {phone}
              </a>
            )}
            {!email && !phone && 'No e-mail, no phone'}
          </p>
        </div>
        <StageActions lead={lead} />
      </div>
      <StageLine lead={lead} />
    </header>
  )
}
