import type { ReactNode } from 'react'
import type { OverviewReport } from '../../../../shared/journeys.ts'
import { spanWords } from '../period.ts'

type Span = Pick<OverviewReport, 'from' | 'to' | 'previous_from' | 'previous_to' | 'time_zone'>

/** The sums of the period, and what they are compared with. */
export function DashboardHead({ report, compare, children }: { report: Span; compare: boolean; children: ReactNode }) {
  const { from, to, previous_from, previous_to, time_zone } = report
  return (
    <section className="reports-head" aria-label="Totals">
      <dl>{children}</dl>
      <p>
        {spanWords(from, to)}
        {compare && `, compared with ${spanWords(previous_from, previous_to)}`}. Days are those of {time_zone}.
      </p>
    </section>
  )
}
