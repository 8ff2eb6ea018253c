import { Link } from '@tanstack/react-router'
import type { Visitor } from '../../../shared/visitors.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { count, whole } from '../../ui/numbers.ts'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { place } from '../../ui/regions.ts'
import type { Column } from '../../ui/TableHead.tsx'
import { VisitorKind } from './VisitorKind.tsx'
import './visitors.css'

const nothing = <span className="muted">–</span>

export const columns: Column<Visitor>[] = [
  { key: 'who', title: 'Visitor', width: 'minmax(0, 2.6fr)', cell: visitor => <Who visitor={visitor} /> },
  { key: 'kind', title: 'Known by', width: '92px', cell: ({ kind }) => <VisitorKind kind={kind} /> },
  { key: 'from', title: 'From', width: 'minmax(0, 1.3fr)', cell: visitor => from(visitor) ?? nothing },
  { key: 'place', title: 'Place', width: 'minmax(0, 1.5fr)', cell: visitor => place(visitor) || nothing },
  { key: 'visits', title: 'Visits', width: '56px', align: 'right', cell: ({ visit_count }) => whole(visit_count) },
  { key: 'events', title: 'Events', width: '64px', align: 'right', cell: ({ event_count }) => whole(event_count) },
  {
    key: 'last_visit',
    title: 'Last visit',
    width: '100px',
    align: 'right',
    cell: ({ last_visit }) => <RelativeTime at={last_visit} />,
  },
]

function Who({ visitor }: { visitor: Visitor }) {
  return (
    <span className="visitors-who">
      <VisitorLink visitor={visitor} />
      {visitor.name && <span className="cut mono muted">{visitor.distinct_id}</span>}
      {visitor.is_bot && <span className="visitors-bot">bot</span>}
    </span>
  )
}

function VisitorLink({ visitor }: { visitor: Visitor }) {
  const workspaceId = String(useWorkspaceId())
  return (
    <Link
      to="/w/$workspaceId/visitors/$visitorId"
      params={{ workspaceId, visitorId: String(visitor.id) }}
      className={visitor.name ? 'table-link cut' : 'table-link visitors-id cut mono'}
      tabIndex={-1}
      title={visitor.distinct_id}
    >
      {visitor.name ?? visitor.distinct_id}
    </Link>
  )
}

export function CompactVisitor({ visitor }: { visitor: Visitor }) {
  return (
    <div className="visitors-compact">
      <VisitorLink visitor={visitor} />
      <RelativeTime at={visitor.last_visit} />
      <span className="cut muted">{[from(visitor), place(visitor)].filter(Boolean).join(' · ') || 'direct'}</span>
      <span className="muted number">{count(visitor.event_count, 'event')}</span>
    </div>
  )
}

function from({ utm_source, referring_domain }: Visitor) {
  return utm_source ?? referring_domain?.replace(/^www\./, '')
}
