import { Tabs } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useMay } from '../../api/may.ts'
import { PageHead } from '../../ui/PageHead.tsx'
import { MembersTab } from './MembersTab.tsx'
import { RolesTab } from './RolesTab.tsx'
import { TeamsTab } from './TeamsTab.tsx'
import '../../ui/settings-page.css'
import './people.css'

const route = getRouteApi('/w/$workspaceId/people')

/** Who works here, beside whom, and what they may do. */
export function PeopleScreen() {
  const { tab = 'members' } = route.useSearch()
  const navigate = route.useNavigate()
  const may_change = useMay('admin')
  const show = (tab: string | null) =>
    navigate({ search: { tab: tab === 'teams' || tab === 'roles' ? tab : undefined }, replace: true })
  return (
    <Tabs className="settings-page" value={tab} onChange={show} keepMounted={false}>
      <PageHead title="People" />
      <Tabs.List className="settings-page-tabs">
        <Tabs.Tab value="members">Members</Tabs.Tab>
        <Tabs.Tab value="teams">Teams</Tabs.Tab>
        <Tabs.Tab value="roles">Roles</Tabs.Tab>
      </Tabs.List>
      <div className="settings-page-body">
        <Tabs.Panel value="members">
          <MembersTab may_change={may_change} />
        </Tabs.Panel>
        <Tabs.Panel value="teams">
          <TeamsTab may_change={may_change} />
        </Tabs.Panel>
        <Tabs.Panel value="roles">
          <RolesTab may_change={may_change} />
        </Tabs.Panel>
      </div>
    </Tabs>
  )
}
