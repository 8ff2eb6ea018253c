import { SegmentedControl, Select, Skeleton } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import {
  APPOINTMENT_REPORT_DIMENSIONS,
  type AppointmentReport,
  type AppointmentReportDimension,
  type AppointmentSums,
  type LeadReportDimension,
} from '../../../shared/reports.ts'
import { appointmentReport } from '../../api/reports.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { Failure } from '../../ui/Failure.tsx'
import { money, whole } from '../../ui/numbers.ts'
import { changing, GroupsTable } from './GroupsTable.tsx'
import { Heading, Headings } from './Headings.tsx'
import { Chart } from './PeriodChart.tsx'
import { type Asked, periodOf } from './period.ts'
import { Toolbar } from './Toolbar.tsx'
import { percent } from './words.ts'

type Search = Asked & { by?: LeadReportDimension | 'type' | 'day' | undefined }
type Props = { search: Search; ask: (change: Search) => void }

const NAMES: Record<AppointmentReportDimension, string> = {
  assignee: 'Person',
  type: 'Type',
  source: 'Source',
  product: 'Product',
  webhook: 'Webhook',
}
const CHOICES = APPOINTMENT_REPORT_DIMENSIONS.map(value => ({ value, label: `By ${NAMES[value].toLowerCase()}` }))

/** Who shows up, and what comes of it. */
export function AppointmentsReport({ search, ask }: Props) {
  const by = APPOINTMENT_REPORT_DIMENSIONS.find(one => one === search.by) ?? 'assignee'
  const query = { ...periodOf(search), by }
  const { data, error, refetch } = useQuery({
    ...appointmentReport(useWorkspaceId(), query),
    placeholderData: keepPreviousData,
  })
  return (
    <>
      <Toolbar search={search} ask={ask} sheet={data && { of: 'appointment_report', query }}>
        <Select
          aria-label="By"
          w={170}
          allowDeselect={false}
          data={CHOICES}
          value={by}
          onChange={value => ask({ by: (value as AppointmentReportDimension) ?? undefined })}
        />
      </Toolbar>
      {error && !data && <Failure error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton height={300} w="auto" m="var(--edge)" />}
      {data && <Loaded report={data} />}
    </>
  )
}

const MEASURES = [
  { value: 'booked', label: 'Booked' },
  { value: 'completed', label: 'Took place' },
  { value: 'no_show', label: 'No-shows' },
] as const
type Measure = (typeof MEASURES)[number]['value']

function Loaded({ report }: { report: AppointmentReport }) {
  const [measure, setMeasure] = useState<Measure>('booked')
  const { by, totals, previous, currency } = report
  const columns = [
    { key: 'booked', name: 'Booked', cell: changing<AppointmentSums>(sums => sums.booked, whole) },
    { key: 'completed', name: 'Took place', cell: (now: AppointmentSums) => whole(now.completed) },
    { key: 'no_show', name: 'No-shows', cell: (now: AppointmentSums) => whole(now.no_show) },
    { key: 'cancelled', name: 'Cancelled', cell: (now: AppointmentSums) => whole(now.cancelled) },
    { key: 'show_rate', name: 'Show rate', cell: (now: AppointmentSums) => percent(now.show_rate) },
    { key: 'won', name: 'Won', cell: (now: AppointmentSums) => whole(now.won) },
    { key: 'won_value', name: 'Worth', cell: (now: AppointmentSums) => money(now.won_value, currency) },
  ]
  return (
    <>
      <Headings report={report}>
        <Heading label="Booked" value={whole(totals.booked)} now={totals.booked} before={previous.booked} />
        <Heading label="Took place" value={whole(totals.completed)} now={totals.completed} before={previous.completed} />
        <Heading
          label="Show rate"
          value={percent(totals.show_rate)}
          now={totals.show_rate ?? 0}
          before={previous.show_rate ?? 0}
        />
        <Heading label="No-shows" value={whole(totals.no_show)} now={totals.no_show} before={previous.no_show} less />
        <Heading label="Won" value={whole(totals.won)} now={totals.won} before={previous.won} />
      </Headings>
      <Chart
        report={report}
        measure={measure}
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
      <GroupsTable
        label={`Appointments by ${NAMES[by].toLowerCase()}`}
        name={NAMES[by]}
        report={report}
        columns={columns}
        group={group => nameOf(by, group)}
      />
    </>
  )
}

function nameOf(by: AppointmentReportDimension, { value, label }: { value: string; label: string | null }) {
  return label ?? (value || (by === 'assignee' ? 'Nobody' : 'Not known'))
}
