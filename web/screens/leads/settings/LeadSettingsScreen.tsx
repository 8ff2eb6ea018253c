import { Alert, Tabs } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useMay } from '../../../api/may.ts'
import { PageHead } from '../../../ui/PageHead.tsx'
import { PipelinesTab } from './PipelinesTab.tsx'
import { RulesTab } from './RulesTab.tsx'
import { TypesTab } from './TypesTab.tsx'
import '../../../ui/settings-page.css'
import './settings.css'

const route = getRouteApi('/w/$workspaceId/lead-settings')

/** The way of a lead, what is asked of it, and who gets it. */
export function LeadSettingsScreen() {
  const { tab = 'pipelines' } = route.useSearch()
  const navigate = route.useNavigate()
  const may_change = useMay('admin')
  const show = (tab: string | null) =>
    navigate({ search: { tab: tab === 'types' || tab === 'rules' ? tab : undefined }, replace: true })
  return (
    <Tabs className="settings-page" value={tab} onChange={show} keepMounted={false}>
      <PageHead title="Lead settings" />
      <Tabs.List className="settings-page-tabs">
        <Tabs.Tab value="pipelines">Pipelines</Tabs.Tab>
        <Tabs.Tab value="types">Lead types</Tabs.Tab>
        <Tabs.Tab value="rules">Assignment</Tabs.Tab>
      </Tabs.List>
      <div className="settings-page-body">
        {!may_change && (
          <Alert variant="light" mt="md">
            You may read these settings; an owner or admin of the workspace may change them.
          </Alert>
        )}
        <Tabs.Panel value="pipelines">
          <PipelinesTab may_change={may_change} />
        </Tabs.Panel>
        <Tabs.Panel value="types">
          <TypesTab may_change={may_change} />
        </Tabs.Panel>
        <Tabs.Panel value="rules">
          <RulesTab may_change={may_change} />
        </Tabs.Panel>
      </div>
    </Tabs>
  )
}
