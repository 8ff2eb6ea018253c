import { Tabs } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useKeys } from '../../ui/keyboard.ts'
import { PageHead } from '../../ui/PageHead.tsx'
import { useTabInSight } from '../../ui/useTabInSight.ts'
import { ConsentTab } from './ConsentTab.tsx'
import { KeptTab } from './KeptTab.tsx'
import { RequestsTab } from './RequestsTab.tsx'
import { RetentionTab } from './RetentionTab.tsx'
import '../../ui/settings-page.css'
import './privacy.css'

const route = getRouteApi('/w/$workspaceId/privacy')

/** What people ask for about what is known of them, and what that is. */
export function PrivacyScreen() {
  const { tab = 'requests' } = route.useSearch()
  const navigate = route.useNavigate()
  const show = (tab: string | null) =>
    navigate({ search: tab === 'consent' || tab === 'kept' || tab === 'retention' ? { tab } : {}, replace: true })
  const tabs = useTabInSight(tab)
  useKeys({ 1: () => show('requests'), 2: () => show('consent'), 3: () => show('retention'), 4: () => show('kept') })
  return (
    <Tabs className="settings-page" value={tab} onChange={show} keepMounted={false}>
      <PageHead title="Privacy" />
      <Tabs.List ref={tabs} className="settings-page-tabs">
        <Tabs.Tab value="requests">Requests</Tabs.Tab>
        <Tabs.Tab value="consent">Consent</Tabs.Tab>
        <Tabs.Tab value="retention">Retention</Tabs.Tab>
        <Tabs.Tab value="kept">What is kept</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="requests" className="settings-page-body">
        <RequestsTab />
      </Tabs.Panel>
      <Tabs.Panel value="consent" className="settings-page-body">
        <ConsentTab />
      </Tabs.Panel>
      <Tabs.Panel value="retention" className="settings-page-body">
        <RetentionTab />
      </Tabs.Panel>
      <Tabs.Panel value="kept" className="settings-page-body">
        <KeptTab />
      </Tabs.Panel>
    </Tabs>
  )
}
