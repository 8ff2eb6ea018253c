import { SegmentedControl, Select, Skeleton } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { LeadReport, LeadReportDimension } from '../../../shared/reports.ts'
import { leadReport } from '../../api/reports.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { Failure } from '../../ui/Failure.tsx'
import { money, whole } from '../../ui/numbers.ts'
import { Heading, Headings } from './Headings.tsx'
import { LeadsTable } from './LeadsTable.tsx'
import { Chart } from './PeriodChart.tsx'
import { type Asked, periodOf } from './period.ts'
import { Toolbar } from './Toolbar.tsx'
import { DIMENSIONS, isDimension, lasted, percent } from './words.ts'

type Search = Asked & { by?: LeadReportDimension | 'type' | 'day' | undefined }
type Props = { search: Search; ask: (change: Search) => void }

/** Leads by where they came from, who has them and what they want. */
export function LeadsReport({ search, ask }: Props) {
  const by = isDimension(search.by) ? search.by : 'source'
  const query = { ...periodOf(search), by }
  const { data, error, refetch } = useQuery({
    ...leadReport(useWorkspaceId(), query),
    placeholderData: keepPreviousData,
  })
  return (
    <>
      <Toolbar search={search} ask={ask} sheet={data && { of: 'lead_report', query }}>
        <Select
          aria-label="By"
          w={170}
          allowDeselect={false}
          data={Object.entries(DIMENSIONS).map(([value, name]) => ({ value, label: `By ${name.toLowerCase()}` }))}
          value={by}
          onChange={value => ask({ by: (value as LeadReportDimension) ?? undefined })}
        />
      </Toolbar>
      {error && !data && <Failure error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton height={300} w="auto" m="var(--edge)" />}
      {data && <Loaded report={data} />}
    </>
  )
}

const MEASURES = [
  { value: 'leads', label: 'Leads' },
  { value: 'converted', label: 'Converted' },
  { value: 'revenue', label: 'Revenue' },
] as const
type Measure = (typeof MEASURES)[number]['value']

function Loaded({ report }: { report: LeadReport }) {
  const [measure, setMeasure] = useState<Measure>('leads')
  const { totals, previous, currency } = report
  return (
    <>
      <Headings report={report}>
        <Heading label="Leads" value={whole(totals.leads)} now={totals.leads} before={previous.leads} />
        <Heading label="Converted" value={whole(totals.converted)} now={totals.converted} before={previous.converted} />
        <Heading label="Rate" value={percent(totals.rate)} now={totals.rate ?? 0} before={previous.rate ?? 0} />
        <Heading label="Revenue" value={money(totals.revenue, currency)} now={totals.revenue} before={previous.revenue} />
        <Heading
          label="Until it converts"
          value={lasted(totals.seconds_to_conversion)}
          now={totals.seconds_to_conversion ?? 0}
          before={totals.seconds_to_conversion === null ? 0 : (previous.seconds_to_conversion ?? 0)}
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
            data={[...MEASURES]}
            value={measure}
            onChange={value => setMeasure(value as Measure)}
          />
        }
      />
      <LeadsTable report={report} />
    </>
  )
}
