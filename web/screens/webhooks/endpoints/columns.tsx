import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Endpoint, EndpointHealth } from '../../../../shared/webhooks.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { whole } from '../../../ui/numbers.ts'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import type { Column } from '../../../ui/TableHead.tsx'
import { EndpointState } from '../EndpointState.tsx'
import { counted, endpointWords, eventsWords, hostOf, percent, took } from '../words.ts'
import './endpoints.css'

const nothing = <span className="muted">–</span>

export const columns: Column<Endpoint>[] = [
  {
    key: 'name',
    title: 'Endpoint',
    width: 'minmax(0, 1.8fr)',
    cell: endpoint => <Lines first={<EndpointLink endpoint={endpoint} />} second={hostOf(endpoint.url)} />,
  },
  {
    key: 'state',
    title: 'State',
    width: '126px',
    cell: endpoint => <EndpointState endpoint={endpoint} />,
  },
  {
    key: 'events',
    title: 'Events',
    width: 'minmax(0, 1.1fr)',
    cell: ({ events }) => <span title={events.join(', ')}>{eventsWords(events)}</span>,
  },
  {
    key: 'success',
    title: 'Success, 24 h',
    width: '96px',
    align: 'right',
    cell: ({ health }) =>
      health.success_rate === null ? (
        nothing
      ) : (
        <Lines first={percent(health.success_rate)} second={`of ${whole(health.attempts)}`} />
      ),
  },
  {
    key: 'p95',
    title: 'p95',
    width: '64px',
    align: 'right',
    cell: ({ health }) => (health.p95_ms === null ? nothing : took(health.p95_ms)),
  },
  { key: 'waiting', title: 'Waiting', width: '96px', align: 'right', cell: ({ health }) => <Waiting health={health} /> },
  {
    key: 'error',
    title: 'Last error',
    width: 'minmax(0, 1.7fr)',
    cell: endpoint => <LastError endpoint={endpoint} />,
  },
]

function Lines({ first, second }: { first: ReactNode; second: ReactNode }) {
  return (
    <span className="endpoints-lines">
      <span className="cut">{first}</span>
      <span className="cut muted">{second}</span>
    </span>
  )
}

function LastError({ endpoint }: { endpoint: Endpoint }) {
  const { last_error, last_error_at } = endpoint.health
  const { todo } = endpointWords(endpoint)
  if (!last_error && !todo) return nothing
  return (
    <Lines
      first={<span title={last_error ?? undefined}>{last_error ?? 'Paused'}</span>}
      second={todo ?? <RelativeTime at={last_error_at} />}
    />
  )
}

function Waiting({ health: { waiting, retrying, held } }: { health: EndpointHealth }) {
  if (!waiting && !held) return nothing
  const more = [retrying > 0 && `${counted(retrying)} retrying`, waiting > 0 && held > 0 && `${counted(held)} held`].filter(
    Boolean,
  )
  return <Lines first={waiting ? counted(waiting) : `${counted(held)} held`} second={more.join(', ')} />
}

function EndpointLink({ endpoint }: { endpoint: Endpoint }) {
  const workspaceId = String(useWorkspaceId())
  return (
    <Link
      to="/w/$workspaceId/endpoints/$endpointId"
      params={{ workspaceId, endpointId: String(endpoint.id) }}
      className="table-link"
      tabIndex={-1}
    >
      {endpoint.name}
    </Link>
  )
}

export function CompactEndpoint({ endpoint }: { endpoint: Endpoint }) {
  const { health, url } = endpoint
  return (
    <div className="endpoints-compact">
      <span className="cut">
        <EndpointLink endpoint={endpoint} />
      </span>
      <EndpointState endpoint={endpoint} />
      <span className="cut muted">{hostOf(url)}</span>
      <span className="muted number">
        {health.success_rate === null ? 'nothing in 24 h' : `${percent(health.success_rate)} of ${whole(health.attempts)}`}
      </span>
    </div>
  )
}
