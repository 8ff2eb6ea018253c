import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { EngagementReport as Report } from '../../../../shared/journeys.ts'
import { engagementReport } from '../../../api/journeys.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Headings } from '../Headings.tsx'
import { Dashboard } from './Dashboard.tsx'
import { EngagementFigures } from './EngagementFigures.tsx'
import { Histogram } from './Histogram.tsx'
import { NobodyRegistered } from './NobodyRegistered.tsx'
import { SegmentsPanel } from './SegmentsPanel.tsx'
import { type DashboardProps, useAsked } from './scope.ts'
import { TimeToConversion } from './TimeToConversion.tsx'

/** How much those who registered watch, and how soon they convert. */
export function EngagementReport(props: DashboardProps) {
  const scope = useAsked(props.search)
  const report = useQuery({
    ...engagementReport(useWorkspaceId(), scope.asked),
    enabled: scope.ready,
    placeholderData: keepPreviousData,
  })
  return (
    <Dashboard {...props} scope={scope} report={report}>
      {report => <Loaded report={report} compare={props.search.compare ?? true} />}
    </Dashboard>
  )
}

function Loaded({ report, compare }: { report: Report; compare: boolean }) {
  if (!report.totals.registered && !report.previous.registered) return <NobodyRegistered />
  return (
    <>
      <Headings report={report} compare={compare}>
        <EngagementFigures report={report} compare={compare} />
      </Headings>
      <div className="dashboard-pair">
        <SegmentsPanel report={report} compare={compare} />
        <TimeToConversion report={report} />
      </div>
      <Histogram report={report} />
    </>
  )
}
