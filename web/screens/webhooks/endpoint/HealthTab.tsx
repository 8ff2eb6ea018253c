import { SegmentedControl, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import type { Endpoint } from '../../../../shared/webhooks.ts'
import { hours } from '../../../api/webhooks.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Failure } from '../../../ui/Failure.tsx'
import { type Figure, Figures } from '../../../ui/Figures.tsx'
import { count, whole } from '../../../ui/numbers.ts'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { Section } from '../../../ui/Section.tsx'
import { counted, percent, took } from '../words.ts'
import { type Bucket, bucketHours, HOURS_EACH } from './bucketHours.ts'

const ColumnChart = lazy(() => import('../../../charts/ColumnChart.tsx'))

type Props = { endpoint: Endpoint; days: number; setDays: (days: '7' | '30' | undefined) => void }

export function HealthTab({ endpoint, days, setDays }: Props) {
  const { last_error, last_error_at } = endpoint.health
  return (
    <>
      <Section title="How it fares">
        <Figures figures={figuresOf(endpoint)} />
        {last_error && (
          <p className="endpoint-error">
            <b>Last error</b> {last_error}{' '}
            <span className="muted">
              <RelativeTime at={last_error_at} />
            </span>
          </p>
        )}
      </Section>
      <Section
        title="Attempts"
        action={
          <SegmentedControl
            aria-label="How far back"
            size="xs"
            data={[
              { value: '1', label: '1 day' },
              { value: '7', label: '7 days' },
              { value: '30', label: '30 days' },
            ]}
            value={String(days)}
            onChange={value => setDays(value === '7' || value === '30' ? value : undefined)}
          />
        }
      >
        <Chart endpoint={endpoint} days={days} />
      </Section>
    </>
  )
}

function figuresOf({ id, health }: Endpoint): Figure[] {
  const { attempts, success_rate, p50_ms, p95_ms, waiting, retrying, held, failed, last_success_at } = health
  const listed = (state: 'queued' | 'held' | 'failed', value: number) =>
    value ? <StateLink endpoint_id={id} state={state} value={value} /> : '0'
  return [
    {
      label: 'Success, 24 h',
      value: success_rate === null ? '–' : percent(success_rate),
      unit: attempts ? `of ${whole(attempts)}` : '',
    },
    { label: 'Usually takes', value: p50_ms === null ? '–' : took(p50_ms) },
    { label: '95 % take at most', value: p95_ms === null ? '–' : took(p95_ms) },
    { label: 'Waiting', value: listed('queued', waiting), unit: retrying ? `${whole(retrying)} retrying` : '' },
    { label: 'Held', value: listed('held', held) },
    { label: 'Given up', value: listed('failed', failed) },
    { label: 'Last success', value: <RelativeTime at={last_success_at} empty="never" /> },
  ]
}

function StateLink({ endpoint_id, state, value }: { endpoint_id: number; state: 'queued' | 'held' | 'failed'; value: number }) {
  const workspaceId = String(useWorkspaceId())
  return (
    <Link
      className="text-link"
      to="/w/$workspaceId/endpoints/$endpointId"
      params={{ workspaceId, endpointId: String(endpoint_id) }}
      search={{ tab: 'deliveries', state }}
    >
      {counted(value)}
    </Link>
  )
}

function Chart({ endpoint, days }: { endpoint: Endpoint; days: number }) {
  const { data, error, refetch, dataUpdatedAt } = useQuery({
    ...hours(useWorkspaceId(), endpoint.id, days),
    refetchInterval: 60_000,
  })
  const waiting = <Skeleton height={190} />
  if (error && !data) return <Failure error={error} retry={() => void refetch()} />
  if (!data) return waiting
  const buckets = bucketHours(data.data, days, dataUpdatedAt)
  const delivered = buckets.reduce((sum, bucket) => sum + bucket.delivered, 0)
  const failed = buckets.reduce((sum, bucket) => sum + bucket.failed, 0)
  if (!delivered && !failed) return <p className="endpoint-quiet">No attempts in this time.</p>
  return (
    <Suspense fallback={waiting}>
      <ColumnChart
        label={`${count(delivered, 'attempt')} delivered and ${whole(failed)} failed in ${count(days, 'day')}`}
        rows={buckets.map(bucket => ({ ...bucket, name: nameOf(bucket, days) }))}
        by="name"
        series={[
          { name: 'delivered', label: 'Delivered', color: 'accent' },
          { name: 'failed', label: 'Failed', color: 'bad' },
        ]}
      />
    </Suspense>
  )
}

const clock_format = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const hour_format = new Intl.DateTimeFormat(undefined, { weekday: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' })
const day_format = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })

function nameOf({ at }: Bucket, days: number) {
  const format = HOURS_EACH[days] === 1 ? clock_format : HOURS_EACH[days] === 6 ? hour_format : day_format
  return format.format(new Date(at))
}
