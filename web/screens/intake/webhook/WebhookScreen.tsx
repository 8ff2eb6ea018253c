import { Button, Skeleton, Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import type { IntakeWebhook } from '../../../../shared/intake.ts'
import { intakeWebhook } from '../../../api/intake.ts'
import { Failure } from '../../../ui/Failure.tsx'
import { useKeys } from '../../../ui/keyboard.ts'
import { useTitle } from '../../../ui/PageHead.tsx'
import { DeliveriesList } from '../deliveries/DeliveriesList.tsx'
import { MappingTab } from '../mapping/MappingTab.tsx'
import { SettingsTab } from './SettingsTab.tsx'
import { SetupTab } from './SetupTab.tsx'
import { WebhookHead } from './WebhookHead.tsx'
import './webhook.css'

const route = getRouteApi('/w/$workspaceId/intake/$webhookId')

const AGAIN_MS = 5_000

export function WebhookScreen() {
  const params = route.useParams()
  const { data, error, refetch } = useQuery({
    ...intakeWebhook(Number(params.workspaceId), Number(params.webhookId)),
    refetchInterval: AGAIN_MS,
  })
  if (data) return <Loaded key={data.id} webhook={data} />
  if (error)
    return (
      <Failure error={error} retry={() => void refetch()} title="This webhook could not be loaded">
        <Button renderRoot={props => <Link to="/w/$workspaceId/intake" params={params} {...props} />}>All webhooks</Button>
      </Failure>
    )
  return (
    <div className="intake" aria-busy>
      <Skeleton height={22} width={280} mx="var(--edge)" my={48} />
    </div>
  )
}

const TABS = ['received', 'mapping', 'settings', 'setup'] as const
type Tab = (typeof TABS)[number]

function Loaded({ webhook }: { webhook: IntakeWebhook }) {
  const params = route.useParams()
  const { tab = 'received', ...search } = route.useSearch()
  const navigate = route.useNavigate()
  const leave = useNavigate()
  const show = (tab: string | null) =>
    navigate({ search: { tab: tab === 'received' ? undefined : (tab as Exclude<Tab, 'received'>) }, replace: true })
  useTitle(webhook.name)
  const back = () => (history.length > 1 ? history.back() : void leave({ to: '/w/$workspaceId/intake', params }))
  useKeys({
    ...Object.fromEntries(TABS.map((tab, index) => [index + 1, () => show(tab)])),
    Backspace: back,
  })
  return (
    <div className="intake">
      <WebhookHead webhook={webhook} />
      <Tabs className="intake-tabs" value={tab} onChange={show} keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="received">Received</Tabs.Tab>
          <Tabs.Tab value="mapping">Mapping</Tabs.Tab>
          <Tabs.Tab value="settings">Settings</Tabs.Tab>
          <Tabs.Tab value="setup">Set-up</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="received" className="intake-list">
          <DeliveriesList
            search={search}
            of_webhook={webhook}
            ask={change => navigate({ search: { ...search, ...change }, replace: true })}
            clear={() => navigate({ search: {} })}
          />
        </Tabs.Panel>
        <Tabs.Panel value="mapping" className="intake-panel">
          <MappingTab webhook={webhook} />
        </Tabs.Panel>
        <Tabs.Panel value="settings" className="intake-panel">
          <SettingsTab webhook={webhook} />
        </Tabs.Panel>
        <Tabs.Panel value="setup" className="intake-panel">
          <SetupTab webhook={webhook} />
        </Tabs.Panel>
      </Tabs>
    </div>
  )
}
