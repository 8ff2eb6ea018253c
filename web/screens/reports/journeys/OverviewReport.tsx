import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { OverviewReport as Report } from '../../../../shared/journeys.ts'
import { overviewReport } from '../../../api/journeys.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { money, whole } from '../../../ui/numbers.ts'
import { Heading, Headings } from '../Headings.tsx'
import { Aims } from './Aims.tsx'
import { Dashboard } from './Dashboard.tsx'
import { HowFar } from './HowFar.tsx'
import { NobodyRegistered } from './NobodyRegistered.tsx'
import { OverTime } from './OverTime.tsx'
import { type DashboardProps, useAsked } from './scope.ts'

/** How many came, how far they came, and what it brought. */
export function OverviewReport(props: DashboardProps) {
  const scope = useAsked(props.search)
  const report = useQuery({
    ...overviewReport(useWorkspaceId(), scope.asked),
    enabled: scope.ready,
    placeholderData: keepPreviousData,
  })
  return (
    <Dashboard {...props} scope={scope} report={report} over_time>
      {report => <Loaded {...props} report={report} />}
    </Dashboard>
  )
}

function Loaded({ search, ask, report }: DashboardProps & { report: Report }) {
  const { totals, previous, currency, steps } = report
  const registered = steps[0]
  const compare = search.compare ?? true
  const before = compare ? previous : totals
  return (
    <>
      <Headings report={report} compare={compare}>
        <Heading
          label="Registrations"
          value={whole(totals.registrations)}
          now={totals.registrations}
          before={before.registrations}
        />
        <Heading label="Views" value={whole(totals.views)} now={totals.views} before={before.views} />
        <Heading label="Offer views" value={whole(totals.offer_views)} now={totals.offer_views} before={before.offer_views} />
        <Heading label="Conversions" value={whole(totals.conversions)} now={totals.conversions} before={before.conversions} />
        <Heading label="Revenue" value={money(totals.revenue, currency)} now={totals.revenue} before={before.revenue} />
      </Headings>
      <OverTime search={search} ask={ask} report={report} compare={compare} />
      {registered?.people || registered?.previous.people ? (
        <div className="dashboard-pair">
          <HowFar report={report} compare={compare} />
          <Aims report={report} compare={compare} />
        </div>
      ) : (
        <NobodyRegistered />
      )}
    </>
  )
}
