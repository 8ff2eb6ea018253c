import { Link } from '@tanstack/react-router'
import type { IntakeDelivery } from '../../../../shared/intake.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { whole } from '../../../ui/numbers.ts'
import { Pill } from '../../../ui/Pill.tsx'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import type { Column } from '../../../ui/TableHead.tsx'
import { STATES, size, whyOf } from '../words.ts'

const nothing = <span className="muted">–</span>

export const columns: Column<IntakeDelivery>[] = [
  { key: 'id', title: 'Delivery', width: '84px', cell: delivery => <DeliveryLink delivery={delivery} /> },
  { key: 'webhook', title: 'Webhook', width: 'minmax(0, 1.1fr)', cell: ({ webhook }) => webhook },
  {
    key: 'state',
    title: 'What became of it',
    width: 'minmax(0, 2.4fr)',
    cell: delivery => (
      <span className="received-state">
        <DeliveryState delivery={delivery} />
        <span className="cut muted" title={whyOf(delivery) ?? undefined}>
          {whyOf(delivery)}
        </span>
      </span>
    ),
  },
  { key: 'lead', title: 'Lead', width: '124px', cell: delivery => <LeadLink delivery={delivery} /> },
  { key: 'provider', title: 'Provider', width: 'minmax(0, 0.8fr)', cell: ({ provider_id }) => provider_id ?? nothing },
  { key: 'bytes', title: 'Size', width: '64px', align: 'right', cell: ({ bytes }) => size(bytes) },
  { key: 'at', title: 'Received', width: '92px', align: 'right', cell: ({ received_at }) => <RelativeTime at={received_at} /> },
]

/** Of one webhook: it need not be named in each row. */
export const columns_of_webhook = columns.filter(({ key }) => key !== 'webhook')

export function DeliveryState({ delivery: { state } }: { delivery: Pick<IntakeDelivery, 'state'> }) {
  const { label, tone } = STATES[state]
  return <Pill tone={tone}>{label}</Pill>
}

function DeliveryLink({ delivery: { id } }: { delivery: IntakeDelivery }) {
  const workspaceId = String(useWorkspaceId())
  return (
    <Link
      to="/w/$workspaceId/intake-deliveries/$deliveryId"
      params={{ workspaceId, deliveryId: String(id) }}
      className="table-link number"
      tabIndex={-1}
    >
      {id}
    </Link>
  )
}

export function LeadLink({ delivery: { lead_id, parts } }: { delivery: Pick<IntakeDelivery, 'lead_id' | 'parts'> }) {
  const workspaceId = String(useWorkspaceId())
  if (lead_id === null) return nothing
  return (
    <span className="received-lead number">
      <Link className="text-link" to="/w/$workspaceId/leads/$leadId" params={{ workspaceId, leadId: String(lead_id) }}>
        {lead_id}
      </Link>
      {parts > 1 && <span className="muted"> +{whole(parts - 1)}</span>}
    </span>
  )
}

export function CompactDelivery({ delivery }: { delivery: IntakeDelivery }) {
  return (
    <div className="received-compact">
      <span className="cut">
        <DeliveryLink delivery={delivery} /> <span className="muted">{delivery.webhook}</span>
      </span>
      <RelativeTime at={delivery.received_at} />
      <span className="cut muted">{whyOf(delivery) ?? delivery.provider_id ?? size(delivery.bytes)}</span>
      <DeliveryState delivery={delivery} />
    </div>
  )
}
