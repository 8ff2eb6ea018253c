import { Button, Tabs } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { crmConnections } from '../../api/crm.ts'
import { useMay } from '../../api/may.ts'
import { useKeys } from '../../ui/keyboard.ts'
import { PageHead } from '../../ui/PageHead.tsx'
import { useTabInSight } from '../../ui/useTabInSight.ts'
import { ConnectionsTab } from './connections/ConnectionsTab.tsx'
import { LinksTab } from './links/LinksTab.tsx'
import { ListsTab } from './lists/ListsTab.tsx'
import { LogTab } from './log/LogTab.tsx'
import { MigrationTab } from './runs/MigrationTab.tsx'
import { SustainersTab } from './sustainers/SustainersTab.tsx'
import '../../ui/settings-page.css'
import './crm.css'

const route = getRouteApi('/w/$workspaceId/crm')

const TABS = ['connections', 'links', 'migration', 'sustainers', 'lists', 'log'] as const
const TITLES: Record<(typeof TABS)[number], string> = {
  connections: 'Connections',
  links: 'Links',
  migration: 'Migration',
  sustainers: 'Sustainers',
  lists: 'Lists',
  log: 'Log',
}

/** Which CRMs are told of whom, and everything that follows from it. */
export function CrmScreen() {
  const { tab = 'connections', ...search } = route.useSearch()
  const navigate = route.useNavigate()
  const show = (tab: string | null) =>
    navigate({ search: { tab: TABS.find(known => known === tab && known !== 'connections') as Further }, replace: true })
  const ask = (change: Partial<typeof search>) =>
    navigate({ search: { ...search, ...change, tab: tab as Further }, replace: true })
  const clear = () => void show(tab)
  const tabs = useTabInSight(tab)
  useKeys(Object.fromEntries(TABS.map((tab, index) => [index + 1, () => show(tab)])))
  const { q, connection_id, state, due, kind, operation, run_id, contact_id, who } = search
  const panels: Record<(typeof TABS)[number], ReactNode> = {
    connections: <ConnectionsTab />,
    links: <LinksTab search={{ q, connection_id, state, due }} ask={ask} clear={clear} />,
    migration: <MigrationTab />,
    sustainers: <SustainersTab search={{ who, connection_id }} ask={ask} />,
    lists: <ListsTab />,
    log: <LogTab search={{ q, connection_id, kind, operation, run_id, contact_id }} ask={ask} clear={clear} />,
  }
  return (
    <Tabs className="settings-page crm" value={tab} onChange={show} keepMounted={false}>
      <PageHead title="CRM">{tab === 'connections' && <Connect />}</PageHead>
      <Tabs.List ref={tabs} className="settings-page-tabs">
        {TABS.map(tab => (
          <Tabs.Tab key={tab} value={tab}>
            {TITLES[tab]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {TABS.map(tab => (
        <Tabs.Panel key={tab} value={tab} className={IS_PAGE.has(tab) ? 'crm-panel' : 'crm-list'}>
          {panels[tab]}
        </Tabs.Panel>
      ))}
    </Tabs>
  )
}

type Further = Exclude<(typeof TABS)[number], 'connections'>

/** They scroll as a whole; in the others a table does. */
const IS_PAGE = new Set<string>(['connections', 'lists'])

function Connect() {
  const { workspaceId } = route.useParams()
  const { data } = useQuery(crmConnections(Number(workspaceId)))
  const may_change = useMay('admin')
  if (!may_change || !data?.data.length) return null
  return (
    <Button
      leftSection={<IconPlus size={15} />}
      renderRoot={props => <Link to="/w/$workspaceId/crm/connections/new" params={{ workspaceId }} search={{}} {...props} />}
    >
      Connect a CRM
    </Button>
  )
}
