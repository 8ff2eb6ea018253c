import { modals } from '@mantine/modals'
import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { IntakeWebhook } from '../../../../shared/intake.ts'
import { deleteIntakeWebhook, updateIntakeWebhook } from '../../../api/intake.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'

/** Turns it on, or off after a question. */
export function useActivate({ id, name }: IntakeWebhook) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const run = async (active: boolean) => {
    try {
      await updateIntakeWebhook(workspace_id, id, { active })
      notifications.show({ message: active ? `${name} takes leads` : `${name} is off` })
    } catch (error) {
      notifications.show({ color: 'red', title: 'Nothing was changed', message: (error as Error).message })
    }
    await queries.invalidateQueries({ queryKey: [workspace_id] })
  }
  return (active: boolean) => {
    if (active) return void run(true)
    modals.openConfirmModal({
      title: `Turn ${name} off?`,
      children:
        'Its senders are told that it takes no leads at present. What they send meanwhile is kept, and can be replayed when it is on again.',
      labels: { confirm: 'Turn off', cancel: 'Leave it on' },
      onConfirm: () => void run(false),
    })
  }
}

export function useDeleteWebhook({ id, name }: IntakeWebhook) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const run = async () => {
    try {
      await deleteIntakeWebhook(workspace_id, id)
    } catch (error) {
      notifications.show({ color: 'red', title: 'It was not deleted', message: (error as Error).message })
      return
    }
    notifications.show({ message: `${name} was deleted` })
    await navigate({ to: '/w/$workspaceId/intake', params: { workspaceId: String(workspace_id) } })
    queries.removeQueries({ queryKey: [workspace_id, '/intake-webhook', id] })
    await queries.invalidateQueries({ queryKey: [workspace_id] })
  }
  return () =>
    modals.openConfirmModal({
      title: `Delete ${name}?`,
      children:
        'Its leads stay. Who still sends to its address is told that it takes no leads, and what they send is kept. This cannot be taken back.',
      labels: { confirm: 'Delete', cancel: 'Keep it' },
      confirmProps: { color: 'red.8' },
      onConfirm: () => void run(),
    })
}
