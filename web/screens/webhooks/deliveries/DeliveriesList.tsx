import { Button } from '@mantine/core'
import { IconSearchOff, IconSend } from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import type { DeliveriesQuery, Delivery } from '../../../../shared/webhooks.ts'
import { useMay } from '../../../api/may.ts'
import type { Asked } from '../../../api/page.ts'
import { deliveries } from '../../../api/webhooks.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Empty } from '../../../ui/Empty.tsx'
import { useList } from '../../../ui/list.ts'
import { useSelection } from '../../../ui/useSelection.ts'
import { VirtualTable } from '../../../ui/VirtualTable.tsx'
import { CompactDelivery, columns, columns_of_endpoint } from './columns.tsx'
import { Filters } from './Filters.tsx'
import { SelectionBar } from './SelectionBar.tsx'

export type Search = Asked<Pick<DeliveriesQuery, 'q' | 'endpoint_id' | 'state' | 'event' | 'since' | 'until'>>

type Props = {
  search: Search
  /** Set on the page of an endpoint: its own deliveries alone. */
  of_endpoint?: number
  ask: (change: Search) => void
  clear: () => void
}

const AGAIN_MS = 5_000

export function DeliveriesList({ search, of_endpoint, ask, clear }: Props) {
  const workspace_id = useWorkspaceId()
  const navigate = useNavigate()
  const may_replay = useMay('update')
  const query = deliveries(workspace_id, of_endpoint ? { ...search, endpoint_id: of_endpoint } : search)
  const list = useList(
    useInfiniteQuery({
      ...query,
      placeholderData: keepPreviousData,
      // Somebody who is far down reads, and is not waiting for what comes next.
      refetchInterval: ({ state }) => (state.data && state.data.pages.length > 1 ? false : AGAIN_MS),
    }),
  )
  const selection = useSelection({
    rows: list.rows,
    row_key: ({ id }) => id,
    label: ({ event, endpoint }) => `Choose ${event} for ${endpoint}`,
  })
  const open = ({ id }: Delivery) =>
    navigate({
      to: '/w/$workspaceId/deliveries/$deliveryId',
      params: { workspaceId: String(workspace_id), deliveryId: String(id) },
    })
  return (
    <div className="deliveries">
      {selection.rows.length ? (
        <SelectionBar selection={selection} />
      ) : (
        <Filters search={search} of_endpoint={of_endpoint} ask={ask} />
      )}
      <VirtualTable
        label={of_endpoint ? `Deliveries of endpoint ${of_endpoint}` : 'Deliveries'}
        list={list}
        columns={of_endpoint ? columns_of_endpoint : columns}
        row_key={delivery => delivery.id}
        open={open}
        compact={delivery => <CompactDelivery delivery={delivery} of_endpoint={of_endpoint !== undefined} />}
        {...(may_replay && { selection })}
        empty={<NoDeliveries filtered={Object.values(search).some(value => value !== undefined)} clear={clear} />}
      />
    </div>
  )
}

function NoDeliveries({ filtered, clear }: { filtered: boolean; clear: () => void }) {
  const params = { workspaceId: String(useWorkspaceId()) }
  if (filtered)
    return (
      <Empty
        icon={IconSearchOff}
        title="No delivery fits this search"
        actions={
          <Button variant="default" onClick={clear}>
            Show all deliveries
          </Button>
        }
      >
        Search for a webhook-id, or for the e-mail or phone of a contact, whole.
      </Empty>
    )
  return (
    <Empty
      icon={IconSend}
      title="Nothing was sent yet"
      actions={
        <Button variant="default" renderRoot={props => <Link to="/w/$workspaceId/endpoints" params={params} {...props} />}>
          Go to the endpoints
        </Button>
      }
    >
      As soon as something happens that an endpoint wants to hear, its delivery appears here, with every attempt and its answer.
    </Empty>
  )
}
