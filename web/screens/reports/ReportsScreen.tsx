import { Tabs } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useKeys } from '../../ui/keyboard.ts'
import { PageHead } from '../../ui/PageHead.tsx'
import { useTabInSight } from '../../ui/useTabInSight.ts'
import { AppointmentsReport } from './AppointmentsReport.tsx'
import { AttributionReport } from './attribution/AttributionReport.tsx'
import { ConversionsReport } from './ConversionsReport.tsx'
import { FunnelTab } from './funnel/FunnelTab.tsx'
import { HealthTab } from './health/HealthTab.tsx'
import { useTellLoad } from './health/useTellLoad.ts'
import { EngagementReport } from './journeys/EngagementReport.tsx'
import { OverviewReport } from './journeys/OverviewReport.tsx'
import { LeadsReport } from './LeadsReport.tsx'
import { DashboardsMenu } from './saved/DashboardsMenu.tsx'
import './reports.css'

const route = getRouteApi('/w/$workspaceId/reports')

const TABS = [
  { value: 'overview', title: 'Overview', Report: OverviewReport },
  { value: 'engagement', title: 'Engagement', Report: EngagementReport },
  { value: 'funnel', title: 'Any funnel', Report: FunnelTab },
  { value: 'attribution', title: 'Attribution', Report: AttributionReport },
  { value: 'leads', title: 'Leads', Report: LeadsReport },
  { value: 'conversions', title: 'Conversions and revenue', Report: ConversionsReport },
  { value: 'appointments', title: 'Appointments', Report: AppointmentsReport },
  { value: 'health', title: 'Health', Report: HealthTab },
] as const

const FIRST = TABS[0].value

/** Where people come from, how far they go and what becomes of them, each with the time before. */
export function ReportsScreen() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { tab = FIRST } = search
  const show = (value: string | null) => {
    const known = TABS.find(one => one.value === value)?.value
    // The first one is what is there when nothing is asked for. What is looked at stays the same; how it is grouped is each report's own.
    return navigate({
      search: { ...search, tab: known === FIRST ? undefined : known, by: undefined, people: undefined },
      replace: true,
    })
  }
  useTellLoad(tab !== 'funnel')
  const tabs = useTabInSight(tab)
  const ask = (change: Partial<typeof search>) => navigate({ search: { ...search, ...change }, replace: true })
  useKeys(Object.fromEntries(TABS.map(({ value }, index) => [String(index + 1), () => void show(value)])))
  return (
    <>
      <PageHead title="Reports">
        <DashboardsMenu
          search={search}
          open={saved =>
            void navigate({ search: saved ? { ...saved.state, dashboard: saved.id } : { ...search, dashboard: undefined } })
          }
        />
      </PageHead>
      <Tabs className="reports" value={tab} onChange={show} keepMounted={false}>
        <Tabs.List ref={tabs}>
          {TABS.map(({ value, title }) => (
            <Tabs.Tab key={value} value={value}>
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {TABS.map(({ value, Report }) => (
          <Tabs.Panel key={value} value={value} className="reports-panel">
            <Report search={search} ask={ask} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  )
}
