import { Skeleton, Table } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import type { Provider, ProviderUsage } from '../../../../shared/intake.ts'
import { providerUsage } from '../../../api/intake.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { dayName } from '../../../ui/days.ts'
import { Failure } from '../../../ui/Failure.tsx'
import { Figures } from '../../../ui/Figures.tsx'
import { count, whole } from '../../../ui/numbers.ts'
import { Section } from '../../../ui/Section.tsx'
import { byDay, byWebhook } from './usage.ts'

const ColumnChart = lazy(() => import('../../../charts/ColumnChart.tsx'))

const AGAIN_MS = 10_000

/** What it sent in 30 days: by day, and to which webhook. */
export function Usage({ provider }: { provider: Provider }) {
  const { data, error, refetch } = useQuery({
    ...providerUsage(useWorkspaceId(), provider.provider_id),
    // The list may have read it a moment ago; whoever opens the page wants to see what just came.
    staleTime: 0,
    refetchInterval: AGAIN_MS,
  })
  const waiting = <Skeleton height={190} />
  return (
    <Section title="Usage in 30 days" about="In leads. Days are those of UTC.">
      {error && !data && <Failure error={error} retry={() => void refetch()} />}
      {!data && !error && waiting}
      {data && !data.total.received && !data.total.limited && <p className="muted">It has sent nothing in this time.</p>}
      {data && data.total.received + data.total.limited > 0 && (
        <>
          <Figures figures={figuresOf(data)} />
          <div className="provider-chart">
            <Suspense fallback={waiting}>
              <ColumnChart
                label={`${count(data.total.received, 'lead')} in 30 days, ${whole(data.total.accepted)} accepted`}
                rows={byDay(data).map(day => ({ ...day, name: dayName(day.day) }))}
                by="name"
                series={[
                  { name: 'accepted', label: 'Accepted', color: 'accent' },
                  { name: 'others', label: 'Not accepted', color: 'plain' },
                ]}
              />
            </Suspense>
          </div>
          <ByWebhook data={data.data} />
        </>
      )}
    </Section>
  )
}

function figuresOf({ total: { received, accepted, duplicates, refused, limited } }: ProviderUsage) {
  return [
    { label: 'Received', value: whole(received) },
    { label: 'Accepted', value: whole(accepted), unit: received ? `${Math.round((100 * accepted) / received)} %` : '' },
    { label: 'Duplicates', value: whole(duplicates) },
    { label: 'Refused', value: whole(refused) },
    { label: 'Beyond the limit', value: whole(limited) },
  ]
}

function ByWebhook({ data }: { data: ProviderUsage['data'] }) {
  const workspaceId = String(useWorkspaceId())
  return (
    <div className="provider-webhooks">
      <Table verticalSpacing={8} aria-label="By webhook">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Webhook</Table.Th>
            <Table.Th ta="right">Received</Table.Th>
            <Table.Th ta="right">Accepted</Table.Th>
            <Table.Th ta="right">Duplicates</Table.Th>
            <Table.Th ta="right">Refused</Table.Th>
            <Table.Th ta="right">Beyond the limit</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {byWebhook(data).map(({ webhook_id, webhook, received, accepted, duplicates, refused, limited }) => (
            <Table.Tr key={webhook_id}>
              <Table.Td>
                <Link
                  className="text-link"
                  to="/w/$workspaceId/intake/$webhookId"
                  params={{ workspaceId, webhookId: String(webhook_id) }}
                >
                  {webhook ?? `Webhook ${webhook_id}`}
                </Link>
              </Table.Td>
              {[received, accepted, duplicates, refused, limited].map((value, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: five columns in their order
                <Table.Td key={index} ta="right" className="number">
                  {whole(value)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  )
}
