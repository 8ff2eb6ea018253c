import { Select } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { Delivery } from '../../../../shared/webhooks.ts'
import { endpoints, webhookEvents } from '../../../api/webhooks.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { SearchField } from '../../../ui/SearchField.tsx'
import { TextFilter } from '../../../ui/TextFilter.tsx'
import { TimeFilter } from '../../../ui/TimeFilter.tsx'
import { ownOf } from '../form/chooseEvents.ts'
import { STATES } from '../words.ts'
import type { Search } from './DeliveriesList.tsx'

const STATE_CHOICES = Object.entries(STATES).map(([value, { label }]) => ({ value, label }))

type Props = { search: Search; of_endpoint: number | undefined; ask: (change: Search) => void }

export function Filters({ search, of_endpoint, ask }: Props) {
  return (
    <search className="toolbar deliveries-toolbar">
      <SearchField label="Search webhook-id, e-mail, phone" value={search.q} onChange={q => ask({ q })} />
      {of_endpoint === undefined && <EndpointFilter value={search.endpoint_id} onChange={endpoint_id => ask({ endpoint_id })} />}
      <Select
        aria-label="State"
        placeholder="Any state"
        clearable
        w={136}
        data={STATE_CHOICES}
        value={search.state ?? null}
        onChange={state => ask({ state: (state as Delivery['state']) ?? undefined })}
      />
      <EventFilter value={search.event} onChange={event => ask({ event })} />
      <TimeFilter search={search} ask={ask} />
    </search>
  )
}

function EndpointFilter({ value, onChange }: { value: number | undefined; onChange: (id: number | undefined) => void }) {
  const { data } = useInfiniteQuery(endpoints(useWorkspaceId()))
  const choices = data?.pages.flatMap(page => page.data).map(({ id, name }) => ({ value: String(id), label: name })) ?? []
  return (
    <Select
      aria-label="Endpoint"
      placeholder="Any endpoint"
      clearable
      searchable
      w={160}
      data={choices}
      value={value === undefined ? null : String(value)}
      onChange={id => onChange(id === null ? undefined : Number(id))}
    />
  )
}

/** Of the catalogue, of one's own that an endpoint hears, or any other. */
function EventFilter({ value, onChange }: { value: string | undefined; onChange: (event: string | undefined) => void }) {
  const workspace_id = useWorkspaceId()
  const { data } = useQuery(webhookEvents(workspace_id))
  const { data: listed } = useInfiniteQuery(endpoints(workspace_id))
  const catalogue = data?.data ?? []
  const heard = listed?.pages.flatMap(page => page.data.flatMap(({ events }) => events)) ?? []
  const own = data ? [...new Set(ownOf(heard, catalogue))] : []
  return (
    <TextFilter
      aria-label="Event"
      placeholder="Any event"
      maxLength={200}
      w={170}
      comboboxProps={{ width: 260, position: 'bottom-start' }}
      data={[...own, ...catalogue.map(({ type }) => type)]}
      value={value}
      onChange={onChange}
    />
  )
}
