import { Button } from '@mantine/core'
import { IconSearchOff, IconSend } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import type { DeliveriesQuery, Delivery } from '../../../../shared/webhooks.ts'
import { useMay } from '../../../api/may.ts'
import type { Asked } from '../../../api/page.ts'
import { deliveries } from '../../../api/webhooks.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Empty } from '../../../ui/Empty.tsx'
import { LogList } from '../../../ui/LogList.tsx'
import type { Selection } from '../../../ui/useSelection.ts'
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

export function DeliveriesList({ search, of_endpoint, ask, clear }: Props) {
  const workspace_id = useWorkspaceId()
  const navigate = useNavigate()
  const may_replay = useMay('update')
  const open = ({ id }: Delivery) =>
    navigate({
      to: '/w/$workspaceId/deliveries/$deliveryId',
      params: { workspaceId: String(workspace_id), deliveryId: String(id) },
    })
  return (
    <div className="deliveries">
      <LogList
        label={of_endpoint ? `Deliveries of endpoint ${of_endpoint}` : 'Deliveries'}
        query={deliveries(workspace_id, of_endpoint ? { ...search, endpoint_id: of_endpoint } : search)}
        columns={of_endpoint ? columns_of_endpoint : columns}
        row_key={({ id }) => id}
        open={open}
        compact={delivery => <CompactDelivery delivery={delivery} of_endpoint={of_endpoint !== undefined} />}
        filters={<Filters search={search} of_endpoint={of_endpoint} ask={ask} />}
        choose={may_replay ? CHOOSE : undefined}
        empty={<NoDeliveries filtered={Object.values(search).some(value => value !== undefined)} clear={clear} />}
      />
    </div>
  )
}

const CHOOSE = {
  label: ({ event, endpoint }: Delivery) => `Choose ${event} for ${endpoint}`,
  bar: (selection: Selection<Delivery>) => <SelectionBar selection={selection} />,
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
