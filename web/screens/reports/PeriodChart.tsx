import { Skeleton } from '@mantine/core'
import { lazy, type ReactNode, Suspense } from 'react'
import type { ReportInterval } from '../../../shared/reports.ts'
import { whole } from '../../ui/numbers.ts'
import { pointName } from './period.ts'

const ColumnChart = lazy(() => import('../../charts/ColumnChart.tsx'))

type Point = { day: string }
type Props<P extends Point, M extends keyof P> = {
  report: { interval: ReportInterval; series: P[]; previous_series: P[] }
  measure: M
  /** How a value is said. */
  say?: (value: number) => string
  action?: ReactNode
}

/** The period in columns, each beside the one as far into the period before. */
export function Chart<P extends Point, M extends keyof P>({ report, measure, say = whole, action }: Props<P, M>) {
  const { interval, series, previous_series } = report
  const rows = series.map((point, index) => ({
    name: pointName(point.day, interval),
    now: Number(point[measure]),
    before: Number(previous_series[index]?.[measure] ?? 0),
  }))
  const sum = rows.reduce((sum, { now }) => sum + now, 0)
  const sum_before = rows.reduce((sum, { before }) => sum + before, 0)
  return (
    <section className="reports-chart" aria-label="Over time">
      {action && <div className="reports-measure">{action}</div>}
      {sum || sum_before ? (
        <Suspense fallback={<Skeleton height={220} />}>
          <ColumnChart
            label={`${say(sum)} in this period, ${say(sum_before)} in the one before`}
            rows={rows}
            by="name"
            height={220}
            grouped
            say={say}
            series={[
              { name: 'now', label: 'This period', color: 'accent' },
              { name: 'before', label: 'The one before', color: 'plain' },
            ]}
          />
        </Suspense>
      ) : (
        <p className="reports-quiet">Nothing in this period, and nothing in the one before.</p>
      )}
    </section>
  )
}
