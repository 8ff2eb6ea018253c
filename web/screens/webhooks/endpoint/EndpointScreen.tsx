import { Button, Skeleton, Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import type { Endpoint } from '../../../../shared/webhooks.ts'
import { useMay } from '../../../api/may.ts'
import { endpoint as endpointQuery } from '../../../api/webhooks.ts'
import { Failure } from '../../../ui/Failure.tsx'
import { useKeys } from '../../../ui/keyboard.ts'
import { useTitle } from '../../../ui/PageHead.tsx'
import { DeliveriesList } from '../deliveries/DeliveriesList.tsx'
import { EndpointHead } from './EndpointHead.tsx'
import { HealthTab } from './HealthTab.tsx'
import { SecretsTab } from './SecretsTab.tsx'
import { SettingsTab } from './SettingsTab.tsx'
import './endpoint.css'

const route = getRouteApi('/w/$workspaceId/endpoints/$endpointId')

const AGAIN_MS = 5_000

export function EndpointScreen() {
  const params = route.useParams()
  const { data, error, refetch } = useQuery({
    ...endpointQuery(Number(params.workspaceId), Number(params.endpointId)),
    refetchInterval: AGAIN_MS,
  })
  if (data) return <Loaded key={data.id} endpoint={data} />
  if (error)
    return (
      <Failure error={error} retry={() => void refetch()} title="This endpoint could not be loaded">
        <Button renderRoot={props => <Link to="/w/$workspaceId/endpoints" params={params} {...props} />}>All endpoints</Button>
      </Failure>
    )
  return (
    <div className="endpoint" aria-busy>
      <Skeleton height={22} width={280} mx="var(--edge)" my={48} />
    </div>
  )
}

const TABS = ['health', 'deliveries', 'settings', 'secrets'] as const
type Tab = (typeof TABS)[number]

function Loaded({ endpoint }: { endpoint: Endpoint }) {
  const params = route.useParams()
  const { tab = 'health', days, ...search } = route.useSearch()
  const navigate = route.useNavigate()
  const leave = useNavigate()
  const may_change = useMay('admin')
  const show = (tab: string | null) =>
    navigate({ search: { tab: tab === 'health' ? undefined : (tab as Exclude<Tab, 'health'>) }, replace: true })
  useTitle(endpoint.name)
  const back = () => (history.length > 1 ? history.back() : void leave({ to: '/w/$workspaceId/endpoints', params }))
  useKeys({
    ...Object.fromEntries(TABS.map((tab, index) => [index + 1, () => show(tab)])),
    ...(may_change && { e: () => void leave({ to: '/w/$workspaceId/endpoints/$endpointId/edit', params }) }),
    Backspace: back,
  })
  return (
    <div className="endpoint">
      <EndpointHead endpoint={endpoint} />
      <Tabs className="endpoint-tabs" value={tab} onChange={show} keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="health">Health</Tabs.Tab>
          <Tabs.Tab value="deliveries">Deliveries</Tabs.Tab>
          <Tabs.Tab value="settings">Settings</Tabs.Tab>
          <Tabs.Tab value="secrets">Secrets</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="health" className="endpoint-panel">
          <HealthTab
            endpoint={endpoint}
            days={Number(days ?? 1)}
            setDays={days => navigate({ search: { days }, replace: true })}
          />
        </Tabs.Panel>
        <Tabs.Panel value="deliveries" className="endpoint-list">
          <DeliveriesList
            search={search}
            of_endpoint={endpoint.id}
            ask={change => navigate({ search: { ...search, ...change, tab: 'deliveries' }, replace: true })}
            clear={() => navigate({ search: { tab: 'deliveries' } })}
          />
        </Tabs.Panel>
        <Tabs.Panel value="settings" className="endpoint-panel">
          <SettingsTab endpoint={endpoint} />
        </Tabs.Panel>
        <Tabs.Panel value="secrets" className="endpoint-panel">
          <SecretsTab endpoint={endpoint} />
        </Tabs.Panel>
      </Tabs>
    </div>
  )
}
