import { Link } from '@tanstack/react-router'
import type { Lead } from '../../../../shared/leads.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Initials } from '../../../ui/Initials.tsx'
import { Pill } from '../../../ui/Pill.tsx'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import type { Column } from '../../../ui/TableHead.tsx'
import { Assignee, FollowUp, Priority, Status } from '../LeadParts.tsx'
import { useTypeName } from '../useStages.ts'
import { isNew, leadName, originOf } from '../words.ts'

export const columns: Column<Lead>[] = [
  { key: 'who', title: 'Lead', width: 'minmax(0, 1.9fr)', cell: lead => <Who lead={lead} /> },
  { key: 'wants', title: 'Interest', width: 'minmax(0, 1.2fr)', cell: lead => <Interest lead={lead} /> },
  { key: 'status', title: 'Status', width: '116px', cell: lead => <Status lead={lead} /> },
  {
    key: 'priority',
    title: 'Priority',
    width: '58px',
    sorts: ['priority'],
    cell: ({ priority }) => <Priority priority={priority} />,
  },
  {
    key: 'origin',
    title: 'Source',
    width: 'minmax(0, 1.2fr)',
    cell: lead => originOf(lead) ?? <span className="muted">by hand</span>,
  },
  {
    key: 'assignee',
    title: 'Assigned to',
    width: 'minmax(0, 0.9fr)',
    cell: ({ assigned_to }) => <Assignee user_id={assigned_to} />,
  },
  {
    key: 'follow_up',
    title: 'Follow-up',
    width: '84px',
    align: 'right',
    sorts: ['follow_up_at'],
    cell: lead => <FollowUp lead={lead} />,
  },
  {
    key: 'came',
    title: 'Came',
    width: '84px',
    align: 'right',
    sorts: ['-created_at'],
    cell: ({ created_at }) => <RelativeTime at={created_at} />,
  },
]

function Who({ lead }: { lead: Lead }) {
  return (
    <span className="inbox-who">
      <Initials text={leadName(lead)} />
      <LeadLink lead={lead} />
      {lead.is_test && <Pill tone="plain">test</Pill>}
    </span>
  )
}

function LeadLink({ lead }: { lead: Lead }) {
  const workspaceId = String(useWorkspaceId())
  const fresh = isNew(lead)
  return (
    <Link
      to="/w/$workspaceId/leads/$leadId"
      params={{ workspaceId, leadId: String(lead.id) }}
      className="table-link inbox-link cut"
      data-new={fresh || undefined}
      tabIndex={-1}
      preloadDelay={120}
    >
      {leadName(lead)}
      {fresh && (
        <span className="inbox-dot" title="Nobody has worked at it yet">
          <span className="unseen">, new</span>
        </span>
      )}
    </Link>
  )
}

function Interest({ lead: { lead_type, product } }: { lead: Lead }) {
  const nameOfType = useTypeName()
  return (
    <>
      {nameOfType(lead_type)}
      {product && <span className="muted"> · {product}</span>}
    </>
  )
}

/** On a narrow screen. */
export function CompactLead({ lead }: { lead: Lead }) {
  return (
    <div className="inbox-compact">
      <LeadLink lead={lead} />
      <RelativeTime at={lead.created_at} />
      <span className="cut muted">
        <Interest lead={lead} />
        {originOf(lead) && ` · ${originOf(lead)}`}
      </span>
      <Status lead={lead} />
    </div>
  )
}
