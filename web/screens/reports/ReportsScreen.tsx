import { Tabs } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useKeys } from '../../ui/keyboard.ts'
import { PageHead } from '../../ui/PageHead.tsx'
import { AppointmentsReport } from './AppointmentsReport.tsx'
import { ConversionsReport } from './ConversionsReport.tsx'
import { LeadsReport } from './LeadsReport.tsx'
import './reports.css'

const route = getRouteApi('/w/$workspaceId/reports')

/** Where leads come from and what becomes of them; what was won; who showed up. */
export function ReportsScreen() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { tab = 'leads', days, from, to, interval } = search
  const show = (tab: string | null) =>
    navigate({
      search: { tab: tab === 'conversions' || tab === 'appointments' ? tab : undefined, days, from, to, interval },
      replace: true,
    })
  const ask = (change: Partial<typeof search>) => navigate({ search: { ...search, ...change }, replace: true })
  useKeys({ 1: () => show('leads'), 2: () => show('conversions'), 3: () => show('appointments') })
  return (
    <>
      <PageHead title="Reports" />
      <Tabs className="reports" value={tab} onChange={show} keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="leads">Leads</Tabs.Tab>
          <Tabs.Tab value="conversions">Conversions and revenue</Tabs.Tab>
          <Tabs.Tab value="appointments">Appointments</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="leads" className="reports-panel">
          <LeadsReport search={search} ask={ask} />
        </Tabs.Panel>
        <Tabs.Panel value="conversions" className="reports-panel">
          <ConversionsReport search={search} ask={ask} />
        </Tabs.Panel>
        <Tabs.Panel value="appointments" className="reports-panel">
          <AppointmentsReport search={search} ask={ask} />
        </Tabs.Panel>
      </Tabs>
    </>
  )
}
