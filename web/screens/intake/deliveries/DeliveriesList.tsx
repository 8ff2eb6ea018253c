import { Button } from '@mantine/core'
import { IconInbox, IconSearchOff } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import type { IntakeDeliveriesQuery, IntakeDelivery, IntakeWebhook } from '../../../../shared/intake.ts'
import { intakeDeliveries } from '../../../api/intake.ts'
import { useMay } from '../../../api/may.ts'
import type { Asked } from '../../../api/page.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Empty } from '../../../ui/Empty.tsx'
import { LogList } from '../../../ui/LogList.tsx'
import type { Selection } from '../../../ui/useSelection.ts'
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

export function DeliveriesList({ search, of_webhook, ask, clear }: Props) {
  const workspace_id = useWorkspaceId()
  const navigate = useNavigate()
  const may_replay = useMay('update')
  const open = ({ id }: IntakeDelivery) =>
    navigate({
      to: '/w/$workspaceId/intake-deliveries/$deliveryId',
      params: { workspaceId: String(workspace_id), deliveryId: String(id) },
    })
  return (
    <div className="received">
      <LogList
        label={of_webhook ? `Received by ${of_webhook.name}` : 'Received'}
        query={intakeDeliveries(workspace_id, of_webhook ? { ...search, webhook_id: of_webhook.id } : search)}
        columns={of_webhook ? columns_of_webhook : columns}
        row_key={({ id }) => id}
        open={open}
        compact={delivery => <CompactDelivery delivery={delivery} />}
        filters={<Filters search={search} of_webhook={of_webhook !== undefined} ask={ask} />}
        choose={may_replay ? CHOOSE : undefined}
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

const CHOOSE = {
  label: ({ id, webhook }: IntakeDelivery) => `Choose delivery ${id} to ${webhook}`,
  bar: (selection: Selection<IntakeDelivery>) => <SelectionBar selection={selection} />,
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
