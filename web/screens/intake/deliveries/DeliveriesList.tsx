import { Button } from '@mantine/core'
import { IconInbox, IconSearchOff } from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import type { IntakeDeliveriesQuery, IntakeDelivery, IntakeWebhook } from '../../../../shared/intake.ts'
import { intakeDeliveries } from '../../../api/intake.ts'
import { useMay } from '../../../api/may.ts'
import type { Asked } from '../../../api/page.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Empty } from '../../../ui/Empty.tsx'
import { useList } from '../../../ui/list.ts'
import { useSelection } from '../../../ui/useSelection.ts'
import { VirtualTable } from '../../../ui/VirtualTable.tsx'
import { CompactDelivery, columns, columns_of_webhook } from './columns.tsx'
import { Filters } from './Filters.tsx'
import { SelectionBar } from './SelectionBar.tsx'
import './deliveries.css'

export type Search = Asked<Pick<IntakeDeliveriesQuery, 'webhook_id' | 'provider_id' | 'state' | 'since' | 'until'>>

type Props = {
  search: Search
  /** Set on the page of a webhook: what came to it alone. */
  of_webhook?: IntakeWebhook
  ask: (change: Search) => void
  clear: () => void
}

const AGAIN_MS = 5_000

export function DeliveriesList({ search, of_webhook, ask, clear }: Props) {
  const workspace_id = useWorkspaceId()
  const navigate = useNavigate()
  const may_replay = useMay('update')
  const query = intakeDeliveries(workspace_id, of_webhook ? { ...search, webhook_id: of_webhook.id } : search)
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
    label: ({ id, webhook }) => `Choose delivery ${id} to ${webhook}`,
  })
  const open = ({ id }: IntakeDelivery) =>
    navigate({
      to: '/w/$workspaceId/intake-deliveries/$deliveryId',
      params: { workspaceId: String(workspace_id), deliveryId: String(id) },
    })
  return (
    <div className="received">
      {selection.rows.length ? (
        <SelectionBar selection={selection} />
      ) : (
        <Filters search={search} of_webhook={of_webhook !== undefined} ask={ask} />
      )}
      <VirtualTable
        label={of_webhook ? `Received by ${of_webhook.name}` : 'Received'}
        list={list}
        columns={of_webhook ? columns_of_webhook : columns}
        row_key={delivery => delivery.id}
        open={open}
        compact={delivery => <CompactDelivery delivery={delivery} />}
        {...(may_replay && { selection })}
        empty={
          <NothingReceived
            filtered={Object.values(search).some(value => value !== undefined)}
            clear={clear}
            of_webhook={of_webhook}
          />
        }
      />
    </div>
  )
}

type NothingProps = { filtered: boolean; clear: () => void; of_webhook: IntakeWebhook | undefined }

function NothingReceived({ filtered, clear, of_webhook }: NothingProps) {
  const workspaceId = String(useWorkspaceId())
  if (filtered)
    return (
      <Empty
        icon={IconSearchOff}
        title="Nothing that was received fits these filters"
        actions={
          <Button variant="default" onClick={clear}>
            Show everything
          </Button>
        }
      >
        Take one of them away, or look at a longer time.
      </Empty>
    )
  return (
    <Empty
      icon={IconInbox}
      title="Nothing has come yet"
      actions={
        <Button
          renderRoot={props =>
            of_webhook ? (
              <Link
                to="/w/$workspaceId/intake/$webhookId"
                params={{ workspaceId, webhookId: String(of_webhook.id) }}
                search={{ tab: 'setup' }}
                {...props}
              />
            ) : (
              <Link to="/w/$workspaceId/intake" params={{ workspaceId }} {...props} />
            )
          }
        >
          {of_webhook ? 'See how to send to it' : 'Go to the webhooks'}
        </Button>
      }
    >
      Whatever is posted to an intake webhook appears here the moment it arrives: as it came, what was understood, and the lead
      that was made of it.
    </Empty>
  )
}
