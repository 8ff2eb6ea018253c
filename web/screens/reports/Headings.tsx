import type { ReactNode } from 'react'
import type { LeadReport } from '../../../shared/reports.ts'
import { Change } from './Change.tsx'
import { spanWords } from './period.ts'

type Span = Pick<LeadReport, 'from' | 'to' | 'previous_from' | 'previous_to' | 'time_zone'>

/** The sums of the period, and what they are compared with. */
export function Headings({ report, compare = true, children }: { report: Span; compare?: boolean; children: ReactNode }) {
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

type Props = { label: string; value: string; now: number; before: number; less?: boolean }

export function Heading({ label, value, ...change }: Props) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        {value} <Change {...change} />
      </dd>
    </div>
  )
}
