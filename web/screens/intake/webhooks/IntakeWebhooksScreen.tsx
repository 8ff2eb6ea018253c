import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { IntakeWebhook } from '../../../../shared/intake.ts'
import { intakeWebhooks } from '../../../api/intake.ts'
import { useMay } from '../../../api/may.ts'
import { useList } from '../../../ui/list.ts'
import { count } from '../../../ui/numbers.ts'
import { PageHead } from '../../../ui/PageHead.tsx'
import { VirtualTable } from '../../../ui/VirtualTable.tsx'
import { CompactWebhook, columns } from './columns.tsx'
import { NoIntakeWebhooks } from './NoIntakeWebhooks.tsx'

const route = getRouteApi('/w/$workspaceId/intake')

const AGAIN_MS = 15_000

/** Where leads come in. */
export function IntakeWebhooksScreen() {
  const { workspaceId } = route.useParams()
  const navigate = route.useNavigate()
  const may_add = useMay('admin')
  const list = useList(useInfiniteQuery({ ...intakeWebhooks(Number(workspaceId)), refetchInterval: AGAIN_MS }))
  const open = ({ id }: IntakeWebhook) =>
    navigate({ to: '/w/$workspaceId/intake/$webhookId', params: { webhookId: String(id) }, search: {} })
  return (
    <>
      <PageHead title="Lead intake" note={list.complete && list.rows.length ? count(list.rows.length, 'webhook') : undefined}>
        {may_add && list.rows.length > 0 && (
          <Button
            leftSection={<IconPlus size={16} />}
            renderRoot={props => <Link to="/w/$workspaceId/intake/new" params={{ workspaceId }} {...props} />}
          >
            Add webhook
          </Button>
        )}
      </PageHead>
      <VirtualTable
        label="Intake webhooks"
        list={list}
        columns={columns}
        row_key={webhook => webhook.id}
        row_height={60}
        open={open}
        compact={webhook => <CompactWebhook webhook={webhook} />}
        empty={<NoIntakeWebhooks />}
      />
    </>
  )
}
