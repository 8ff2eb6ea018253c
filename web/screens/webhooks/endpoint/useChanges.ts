import { modals } from '@mantine/modals'
import { useNavigate } from '@tanstack/react-router'
import type { Endpoint } from '../../../../shared/webhooks.ts'
import { useAct } from '../../../api/useAct.ts'
import { useDelete } from '../../../api/useDelete.ts'
import { deleteEndpoint, endpoint as endpointQuery, pauseEndpoint } from '../../../api/webhooks.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'

export function usePause({ id, name }: Endpoint) {
  const workspace_id = useWorkspaceId()
  const act = useAct()
  return () =>
    modals.openConfirmModal({
      title: `Pause ${name}?`,
      children: 'Nothing is lost: what happens meanwhile is held, and sent when you activate it again.',
      labels: { confirm: 'Pause', cancel: 'Keep sending' },
      onConfirm: () =>
        void act(() => pauseEndpoint(workspace_id, id), { done: `${name} is paused`, failed: 'It was not paused' }),
    })
}

export function useDeleteEndpoint({ id, name }: Endpoint) {
  const workspace_id = useWorkspaceId()
  const navigate = useNavigate()
  return useDelete({
    name,
    about:
      'Nothing is sent there any more: deliveries that wait are cancelled, and its secrets are forgotten. What was sent stays in the log until it is old.',
    remove: () => deleteEndpoint(workspace_id, id),
    leave: () => navigate({ to: '/w/$workspaceId/endpoints', params: { workspaceId: String(workspace_id) } }),
    queryKey: endpointQuery(workspace_id, id).queryKey,
  })
}
