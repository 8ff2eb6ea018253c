import { SegmentedControl, Select, Skeleton } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { ConversionReport, ConversionSums, LeadReportDimension } from '../../../shared/reports.ts'
import { conversionReport } from '../../api/reports.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { dayWithYear } from '../../ui/days.ts'
import { Failure } from '../../ui/Failure.tsx'
import { money, whole } from '../../ui/numbers.ts'
import { typeName } from '../conversions/words.ts'
import { changing, GroupsTable } from './GroupsTable.tsx'
import { Heading, Headings } from './Headings.tsx'
import { OtherCurrencies } from './OtherCurrencies.tsx'
import { Chart } from './PeriodChart.tsx'
import { type Asked, periodOf } from './period.ts'
import { Toolbar } from './Toolbar.tsx'

type Search = Asked & { by?: LeadReportDimension | 'type' | 'day' | undefined }
type Props = { search: Search; ask: (change: Search) => void }

const CHOICES = [
  { value: 'type', label: 'By type' },
  { value: 'day', label: 'By day' },
]

/** What was won, by type or day. */
export function ConversionsReport({ search, ask }: Props) {
  const by: 'day' | 'type' = search.by === 'day' ? 'day' : 'type'
  const query = { ...periodOf(search), by }
  const { data, error, refetch } = useQuery({
    ...conversionReport(useWorkspaceId(), query),
    placeholderData: keepPreviousData,
  })
  return (
    <>
      <Toolbar search={search} ask={ask} sheet={data && { of: 'conversion_report', query }}>
        <Select
          aria-label="By"
          w={170}
          allowDeselect={false}
          data={CHOICES}
          value={by}
          onChange={value => ask({ by: value === 'day' ? 'day' : undefined })}
        />
      </Toolbar>
      {error && !data && <Failure error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton height={300} w="auto" m="var(--edge)" />}
      {data && <Loaded report={data} />}
    </>
  )
}

function Loaded({ report }: { report: ConversionReport }) {
  const [measure, setMeasure] = useState<'revenue' | 'conversions'>('revenue')
  const { totals, previous, currency } = report
  const average = ({ conversions, revenue }: ConversionSums) => (conversions ? revenue / conversions : 0)
  return (
    <>
      <Headings report={report}>
        <Heading label="Revenue" value={money(totals.revenue, currency)} now={totals.revenue} before={previous.revenue} />
        <Heading label="Conversions" value={whole(totals.conversions)} now={totals.conversions} before={previous.conversions} />
        <Heading
          label="On average"
          value={totals.conversions ? money(average(totals), currency) : '–'}
          now={average(totals)}
          before={average(previous)}
        />
        <Heading
          label="Refunded"
          value={money(totals.refunded, currency)}
          now={totals.refunded}
          before={previous.refunded}
          less
        />
      </Headings>
      <Chart
        report={report}
        measure={measure}
        {...(measure === 'revenue' && { say: (value: number) => money(value, currency) })}
        action={
          <SegmentedControl
            aria-label="What the chart shows"
            size="xs"
            data={[
              { value: 'revenue', label: 'Revenue' },
              { value: 'conversions', label: 'Conversions' },
            ]}
            value={measure}
            onChange={value => setMeasure(value === 'conversions' ? value : 'revenue')}
          />
        }
      />
      <Groups report={report} />
      <OtherCurrencies report={report} />
    </>
  )
}

function Groups({ report }: { report: ConversionReport }) {
  const { by, currency } = report
  const say = (value: number) => money(value, currency)
  type Sums = ConversionSums
  const columns = [
    { key: 'conversions', name: 'Conversions', cell: changing<Sums>(sums => sums.conversions, whole) },
    { key: 'conversions before', name: 'Before', muted: true, cell: (_: Sums, before: Sums) => whole(before.conversions) },
    { key: 'revenue', name: 'Revenue', cell: changing<Sums>(sums => sums.revenue, say) },
    { key: 'revenue before', name: 'Before', muted: true, cell: (_: Sums, before: Sums) => say(before.revenue) },
    { key: 'refunded', name: 'Refunded', cell: (now: Sums) => say(now.refunded) },
  ]
  return (
    <GroupsTable
      label={`Conversions by ${by}`}
      name={by === 'day' ? 'Day' : 'Type'}
      report={report}
      columns={columns}
      group={({ value }) => (by === 'day' ? dayWithYear(value) : <TypeLink type={value} />)}
    />
  )
}

function TypeLink({ type }: { type: string }) {
  return (
    <Link
      className="text-link"
      to="/w/$workspaceId/conversions"
      params={{ workspaceId: String(useWorkspaceId()) }}
      search={{ type }}
    >
      {typeName(type)}
    </Link>
  )
}
