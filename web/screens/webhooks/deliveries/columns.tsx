import { Link } from '@tanstack/react-router'
import type { Delivery } from '../../../../shared/webhooks.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { whole } from '../../../ui/numbers.ts'
import { Pill } from '../../../ui/Pill.tsx'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import type { Column } from '../../../ui/TableHead.tsx'
import { deliveryWords } from '../words.ts'
import './deliveries.css'

const nothing = <span className="muted">–</span>

export const columns: Column<Delivery>[] = [
  { key: 'event', title: 'Event', width: 'minmax(0, 1.5fr)', cell: delivery => <EventLink delivery={delivery} /> },
  { key: 'endpoint', title: 'Endpoint', width: 'minmax(0, 1fr)', cell: ({ endpoint }) => endpoint },
  { key: 'contact', title: 'Contact', width: 'minmax(0, 1fr)', cell: ({ contact }) => contact ?? nothing },
  { key: 'state', title: 'State', width: 'minmax(0, 1.9fr)', cell: delivery => <State delivery={delivery} /> },
  {
    key: 'attempts',
    title: 'Attempts',
    width: '64px',
    align: 'right',
    cell: ({ attempts }) => (attempts ? whole(attempts) : nothing),
  },
  {
    key: 'status',
    title: 'Answer',
    width: '56px',
    align: 'right',
    cell: ({ last_status, attempts }) => last_status ?? (attempts ? <span title="No answer came">none</span> : nothing),
  },
  { key: 'at', title: 'When', width: '92px', align: 'right', cell: ({ created_at }) => <RelativeTime at={created_at} /> },
]

/** Of one endpoint: it need not be named in each row. */
export const columns_of_endpoint = columns.filter(({ key }) => key !== 'endpoint')

export function DeliveryState({ delivery }: { delivery: Delivery }) {
  const { label, tone } = deliveryWords(delivery)
  return <Pill tone={tone}>{label}</Pill>
}

function State({ delivery }: { delivery: Delivery }) {
  const { detail } = deliveryWords(delivery)
  const said = detail ?? (delivery.state === 'delivered' ? undefined : delivery.last_error)
  return (
    <span className="deliveries-state">
      <DeliveryState delivery={delivery} />
      <span className="cut muted" title={said ?? undefined}>
        {said}
      </span>
    </span>
  )
}

function EventLink({ delivery }: { delivery: Delivery }) {
  const workspaceId = String(useWorkspaceId())
  return (
    <span className="deliveries-event">
      <Link
        to="/w/$workspaceId/deliveries/$deliveryId"
        params={{ workspaceId, deliveryId: String(delivery.id) }}
        className="table-link cut"
        tabIndex={-1}
      >
        {delivery.event}
      </Link>
      {delivery.is_test && <Pill tone="plain">test</Pill>}
    </span>
  )
}

export function CompactDelivery({ delivery, of_endpoint }: { delivery: Delivery; of_endpoint: boolean }) {
  return (
    <div className="deliveries-compact">
      <EventLink delivery={delivery} />
      <RelativeTime at={delivery.created_at} />
      <span className="cut muted">{[!of_endpoint && delivery.endpoint, delivery.contact].filter(Boolean).join(' · ')}</span>
      <DeliveryState delivery={delivery} />
    </div>
  )
}
