import { modals } from '@mantine/modals'
import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { replayDeliveries } from '../../../api/webhooks.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { count } from '../../../ui/numbers.ts'

/** Asks, for more than one, and sends deliveries again. */
export function useReplay() {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const run = async (ids: number[], done?: () => void) => {
    try {
      const { deliveries } = await replayDeliveries(workspace_id, ids)
      notifications.show({
        message: deliveries ? `${count(deliveries, 'delivery is', 'deliveries are')} sent again` : 'It waits to be sent already',
      })
      done?.()
    } catch (error) {
      notifications.show({ color: 'red', title: 'Nothing was sent again', message: (error as Error).message })
    }
    await queries.invalidateQueries({ queryKey: [workspace_id] })
  }
  return (ids: number[], done?: () => void) => {
    if (ids.length === 1) return void run(ids, done)
    modals.openConfirmModal({
      title: `Send ${count(ids.length, 'delivery', 'deliveries')} again?`,
      children:
        'Each is sent with the webhook-id that it had, so a receiver that remembers ids takes none of them twice. Those that wait to be sent already are left as they are.',
      labels: { confirm: 'Send again', cancel: 'Cancel' },
      onConfirm: () => void run(ids, done),
    })
  }
}
