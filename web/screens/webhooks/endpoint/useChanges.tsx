import { modals } from '@mantine/modals'
import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { Endpoint } from '../../../../shared/webhooks.ts'
import { deleteEndpoint, pauseEndpoint } from '../../../api/webhooks.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'

export function usePause(endpoint: Endpoint) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const run = async () => {
    try {
      await pauseEndpoint(workspace_id, endpoint.id)
      notifications.show({ message: `${endpoint.name} is paused` })
    } catch (error) {
      notifications.show({ color: 'red', title: 'It was not paused', message: (error as Error).message })
    }
    await queries.invalidateQueries({ queryKey: [workspace_id] })
  }
  return () =>
    modals.openConfirmModal({
      title: `Pause ${endpoint.name}?`,
      children: 'Nothing is lost: what happens meanwhile is held, and sent when you activate it again.',
      labels: { confirm: 'Pause', cancel: 'Keep sending' },
      onConfirm: () => void run(),
    })
}

export function useDeleteEndpoint(endpoint: Endpoint) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const run = async () => {
    try {
      await deleteEndpoint(workspace_id, endpoint.id)
    } catch (error) {
      notifications.show({ color: 'red', title: 'It was not deleted', message: (error as Error).message })
      return
    }
    notifications.show({ message: `${endpoint.name} was deleted` })
    await navigate({ to: '/w/$workspaceId/endpoints', params: { workspaceId: String(workspace_id) } })
    queries.removeQueries({ queryKey: [workspace_id, '/endpoint', endpoint.id] })
    await queries.invalidateQueries({ queryKey: [workspace_id] })
  }
  return () =>
    modals.openConfirmModal({
      title: `Delete ${endpoint.name}?`,
      children:
        'Nothing is sent there any more: deliveries that wait are cancelled, and its secrets are forgotten. What was sent stays in the log until it is old. This cannot be taken back.',
      labels: { confirm: 'Delete', cancel: 'Keep it' },
      confirmProps: { color: 'red.8' },
      onConfirm: () => void run(),
    })
}
