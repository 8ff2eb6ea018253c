import { Alert, Tabs } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useMay } from '../../../api/may.ts'
import { PageHead } from '../../../ui/PageHead.tsx'
import '../../../ui/settings-page.css'
import { HoursTab } from './HoursTab.tsx'
import { PoolsTab } from './PoolsTab.tsx'
import { RoutingTab } from './routing/RoutingTab.tsx'
import './settings.css'
import { TypesTab } from './TypesTab.tsx'

const route = getRouteApi('/w/$workspaceId/appointment-settings')
const TABS = ['hours', 'types', 'pools', 'routing'] as const

/** Who has time, what can be booked, and who gets it. */
export function AppointmentSettingsScreen() {
  const { tab = 'hours' } = route.useSearch()
  const navigate = route.useNavigate()
  const may_change = useMay('update')
  const tabs = useRef<HTMLDivElement>(null)
  // On a phone not all of them have room: the one that is shown is brought into view.
  useEffect(() => {
    tabs.current?.querySelector(`[id$="-tab-${tab}"]`)?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [tab])
  const show = (value: string | null) =>
    navigate({ search: { tab: TABS.find(one => one === value && one !== 'hours') }, replace: true })
  return (
    <Tabs className="settings-page" value={tab} onChange={show} keepMounted={false}>
      <PageHead title="Appointment settings" />
      <Tabs.List ref={tabs} className="settings-page-tabs">
        <Tabs.Tab value="hours">People and hours</Tabs.Tab>
        <Tabs.Tab value="types">What can be booked</Tabs.Tab>
        <Tabs.Tab value="pools">Pools</Tabs.Tab>
        <Tabs.Tab value="routing">Routing</Tabs.Tab>
      </Tabs.List>
      <div className="settings-page-body">
        {!may_change && tab !== 'hours' && (
          <Alert variant="light" mt="md">
            You may read these settings; a manager, an admin or an owner may change them.
          </Alert>
        )}
        <Tabs.Panel value="hours">
          <HoursTab />
        </Tabs.Panel>
        <Tabs.Panel value="types">
          <TypesTab may_change={may_change} />
        </Tabs.Panel>
        <Tabs.Panel value="pools">
          <PoolsTab may_change={may_change} />
        </Tabs.Panel>
        <Tabs.Panel value="routing">
          <RoutingTab may_change={may_change} />
        </Tabs.Panel>
      </div>
    </Tabs>
  )
}
