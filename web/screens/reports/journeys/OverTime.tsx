import { SegmentedControl, Skeleton } from '@mantine/core'
import { lazy, Suspense } from 'react'
import type { Happened, OverviewReport } from '../../../../shared/journeys.ts'
import { money, whole } from '../../../ui/numbers.ts'
import { pointName, spanWords } from '../period.ts'
import { COMPARED, Panel } from './Panel.tsx'
import { type DashboardProps, useSheetOf } from './scope.ts'
import { MEASURES } from './words.ts'

const TimeChart = lazy(() => import('../../../charts/TimeChart.tsx'))

const COLUMNS: [keyof Happened, string][] = [
  ['registration_views', 'Registration page'],
  ['registrations', 'Registrations'],
  ['confirmations', 'Confirmed'],
  ['views', 'Views'],
  ['offer_views', 'Offer views'],
  ['conversions', 'Conversions'],
  ['revenue', 'Revenue'],
]

/** One measure day by day, with the period before as a thin line. */
export function OverTime({ search, ask, report, compare }: DashboardProps & { report: OverviewReport; compare: boolean }) {
  const sheet = useSheetOf('overview_report')
  const { interval, series, previous_series, totals, previous, currency, from, to } = report
  const measure = search.measure ?? 'registrations'
  const chosen = MEASURES.find(({ value }) => value === measure) ?? MEASURES[0]
  const say = measure === 'revenue' ? (value: number) => money(value, currency) : whole
  const rows = series.map((point, index) => ({
    name: pointName(point.day, interval),
    now: point[measure],
    ...(compare && { before: previous_series[index]?.[measure] ?? 0 }),
  }))
  const said = `${chosen.label}: ${say(totals[measure])} in this period${compare ? `, ${say(previous[measure])} in the one before` : ''}`
  return (
    <Panel
      title={`${chosen.label} over time`}
      file={`${measure}-${from}-${to}`}
      sheet={sheet('interval')}
      span={spanWords(from, to)}
      legend={compare ? COMPARED : undefined}
      columns={[
        { name: interval === 'day' ? 'Day' : interval === 'week' ? 'Week from' : 'Month from' },
        ...COLUMNS.map(([key, name]) => ({ name, ...(key === 'revenue' && { say: (value: number) => money(value, currency) }) })),
        ...(compare ? [{ name: `${chosen.label} before`, say }] : []),
      ]}
      rows={series.map((point, index) => [
        point.day,
        ...COLUMNS.map(([key]) => point[key]),
        ...(compare ? [previous_series[index]?.[measure] ?? 0] : []),
      ])}
      action={
        <SegmentedControl
          aria-label="What the chart shows"
          size="xs"
          data={MEASURES.map(({ value, label }) => ({ value, label }))}
          value={measure}
          onChange={value =>
            ask({ measure: value === 'registrations' ? undefined : MEASURES.find(one => one.value === value)?.value })
          }
        />
      }
    >
      {rows.some(row => row.now || row.before) ? (
        <Suspense fallback={<Skeleton height={240} />}>
          <TimeChart label={said} rows={rows} compared={compare} say={measure === 'revenue' ? say : undefined} />
        </Suspense>
      ) : (
        <p className="reports-quiet">Nothing in this period{compare && ', and nothing in the one before'}.</p>
      )}
    </Panel>
  )
}
