import { modals } from '@mantine/modals'
import { useNavigate } from '@tanstack/react-router'
import type { Provider } from '../../../../shared/intake.ts'
import { deleteProvider, provider, updateProvider } from '../../../api/intake.ts'
import { useAct } from '../../../api/useAct.ts'
import { useDelete } from '../../../api/useDelete.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'

/** Turns it on, or off after a question. */
export function useActivateProvider({ provider_id, provider_name }: Provider) {
  const workspace_id = useWorkspaceId()
  const act = useAct()
  const run = (active: boolean) =>
    void act(() => updateProvider(workspace_id, provider_id, { active }), {
      done: active ? `${provider_name} may send again` : `${provider_name} is off`,
      failed: 'Nothing was changed',
    })
  return (active: boolean) => {
    if (active) return run(true)
    modals.openConfirmModal({
      title: `Turn ${provider_name} off?`,
      children: 'What it sends is refused with 403 and not kept, until you turn it on again. Its key stays the same.',
      labels: { confirm: 'Turn off', cancel: 'Leave it on' },
      onConfirm: () => run(false),
    })
  }
}

export function useDeleteProvider({ provider_id, provider_name }: Provider) {
  const workspace_id = useWorkspaceId()
  const navigate = useNavigate()
  return useDelete({
    name: provider_name,
    about: 'Its key ends at once. Its leads and what it has sent so far stay.',
    remove: () => deleteProvider(workspace_id, provider_id),
    leave: () => navigate({ to: '/w/$workspaceId/providers', params: { workspaceId: String(workspace_id) } }),
    queryKey: provider(workspace_id, provider_id).queryKey,
  })
}
