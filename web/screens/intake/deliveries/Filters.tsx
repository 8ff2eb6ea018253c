import { Select } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { IntakeDelivery } from '../../../../shared/intake.ts'
import { intakeWebhooks, providers } from '../../../api/intake.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { TimeFilter } from '../../../ui/TimeFilter.tsx'
import { STATES } from '../words.ts'
import type { Search } from './DeliveriesList.tsx'

const STATE_CHOICES = Object.entries(STATES).map(([value, { label }]) => ({ value, label }))

type Props = { search: Search; of_webhook: boolean; ask: (change: Search) => void }

export function Filters({ search, of_webhook, ask }: Props) {
  return (
    <search className="toolbar">
      <Select
        aria-label="State"
        placeholder="Any state"
        clearable
        w={150}
        data={STATE_CHOICES}
        value={search.state ?? null}
        onChange={state => ask({ state: (state as IntakeDelivery['state']) ?? undefined })}
      />
      {!of_webhook && <WebhookFilter value={search.webhook_id} onChange={webhook_id => ask({ webhook_id })} />}
      <ProviderFilter value={search.provider_id} onChange={provider_id => ask({ provider_id })} />
      <TimeFilter search={search} ask={ask} />
    </search>
  )
}

function WebhookFilter({ value, onChange }: { value: number | undefined; onChange: (id: number | undefined) => void }) {
  const { data } = useInfiniteQuery(intakeWebhooks(useWorkspaceId()))
  const choices = data?.pages.flatMap(page => page.data).map(({ id, name }) => ({ value: String(id), label: name })) ?? []
  return (
    <Select
      aria-label="Webhook"
      placeholder="Any webhook"
      clearable
      searchable
      w={180}
      data={choices}
      value={value === undefined ? null : String(value)}
      onChange={id => onChange(id === null ? undefined : Number(id))}
    />
  )
}

/** Only where there are any. */
function ProviderFilter({ value, onChange }: { value: string | undefined; onChange: (id: string | undefined) => void }) {
  const { data } = useInfiniteQuery(providers(useWorkspaceId()))
  const known = data?.pages.flatMap(page => page.data) ?? []
  if (!known.length && value === undefined) return null
  return (
    <Select
      aria-label="Provider"
      placeholder="Any provider"
      clearable
      searchable
      w={170}
      data={known.map(({ provider_id, provider_name }) => ({ value: provider_id, label: provider_name }))}
      value={value ?? null}
      onChange={id => onChange(id ?? undefined)}
    />
  )
}
