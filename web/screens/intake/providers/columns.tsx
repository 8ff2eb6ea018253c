import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Provider } from '../../../../shared/intake.ts'
import { providerUsage } from '../../../api/intake.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Sparkline } from '../../../charts/Sparkline.tsx'
import { count, whole } from '../../../ui/numbers.ts'
import { Pill } from '../../../ui/Pill.tsx'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import type { Column } from '../../../ui/TableHead.tsx'
import { byDay } from './usage.ts'
import '../webhook/webhook.css'
import '../webhooks/webhooks.css'
import './providers.css'

const nothing = <span className="muted">–</span>

export const columns: Column<Provider>[] = [
  {
    key: 'name',
    title: 'Provider',
    width: 'minmax(0, 1.5fr)',
    cell: provider => (
      <span className="intake-lines">
        <span className="cut">
          <ProviderLink provider={provider} />
        </span>
        <span className="cut muted mono">{provider.provider_id}</span>
      </span>
    ),
  },
  { key: 'state', title: 'State', width: '76px', cell: provider => <ProviderState provider={provider} /> },
  { key: 'usage', title: 'Leads, 30 days', width: '140px', cell: provider => <Spark provider={provider} /> },
  { key: 'leads', title: 'Accepted', width: '76px', align: 'right', cell: provider => <Accepted provider={provider} /> },
  {
    key: 'webhooks',
    title: 'Webhooks',
    width: '84px',
    align: 'right',
    cell: ({ allowed_webhooks }) => (allowed_webhooks === null ? 'all' : whole(allowed_webhooks.length)),
  },
  {
    key: 'limit',
    title: 'At most an hour',
    width: '104px',
    align: 'right',
    cell: ({ rate_limit }) => (rate_limit === null ? nothing : whole(rate_limit)),
  },
  {
    key: 'used',
    title: 'Last used',
    width: '92px',
    align: 'right',
    cell: ({ last_used_at }) => <RelativeTime at={last_used_at} empty="never" />,
  },
]

export function ProviderState({ provider: { active } }: { provider: Provider }) {
  return <Pill tone={active ? 'good' : 'plain'}>{active ? 'Active' : 'Off'}</Pill>
}

function Spark({ provider: { provider_id, provider_name } }: { provider: Provider }) {
  const { data } = useQuery(providerUsage(useWorkspaceId(), provider_id))
  if (!data) return null
  const values = byDay(data).map(({ accepted, others }) => accepted + others)
  return <Sparkline values={values} label={`${provider_name} sent ${count(data.total.received, 'lead')} in 30 days`} />
}

function Accepted({ provider: { provider_id } }: { provider: Provider }) {
  const { data } = useQuery(providerUsage(useWorkspaceId(), provider_id))
  if (!data?.total.received) return nothing
  return (
    <span className="intake-lines">
      <span>{whole(data.total.accepted)}</span>
      <span className="muted">of {whole(data.total.received)}</span>
    </span>
  )
}

function ProviderLink({ provider: { provider_id, provider_name } }: { provider: Provider }) {
  const workspaceId = String(useWorkspaceId())
  return (
    <Link
      to="/w/$workspaceId/providers/$providerId"
      params={{ workspaceId, providerId: provider_id }}
      className="table-link"
      tabIndex={-1}
    >
      {provider_name}
    </Link>
  )
}

export function CompactProvider({ provider }: { provider: Provider }) {
  return (
    <div className="intake-compact">
      <span className="cut">
        <ProviderLink provider={provider} />
      </span>
      <ProviderState provider={provider} />
      <span className="cut muted mono">{provider.provider_id}</span>
      <RelativeTime at={provider.last_used_at} empty="never used" />
    </div>
  )
}
