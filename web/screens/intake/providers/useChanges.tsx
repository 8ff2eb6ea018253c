import { modals } from '@mantine/modals'
import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { Provider } from '../../../../shared/intake.ts'
import { deleteProvider, updateProvider } from '../../../api/intake.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'

/** Turns it on, or off after a question. */
export function useActivateProvider({ provider_id, provider_name }: Provider) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const run = async (active: boolean) => {
    try {
      await updateProvider(workspace_id, provider_id, { active })
      notifications.show({ message: active ? `${provider_name} may send again` : `${provider_name} is off` })
    } catch (error) {
      notifications.show({ color: 'red', title: 'Nothing was changed', message: (error as Error).message })
    }
    await queries.invalidateQueries({ queryKey: [workspace_id] })
  }
  return (active: boolean) => {
    if (active) return void run(true)
    modals.openConfirmModal({
      title: `Turn ${provider_name} off?`,
      children: 'What it sends is refused with 403 and not kept, until you turn it on again. Its key stays the same.',
      labels: { confirm: 'Turn off', cancel: 'Leave it on' },
      onConfirm: () => void run(false),
    })
  }
}

export function useDeleteProvider({ provider_id, provider_name }: Provider) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const run = async () => {
    try {
      await deleteProvider(workspace_id, provider_id)
    } catch (error) {
      notifications.show({ color: 'red', title: 'It was not deleted', message: (error as Error).message })
      return
    }
    notifications.show({ message: `${provider_name} was deleted` })
    await navigate({ to: '/w/$workspaceId/providers', params: { workspaceId: String(workspace_id) } })
    queries.removeQueries({ queryKey: [workspace_id, '/provider', provider_id] })
    await queries.invalidateQueries({ queryKey: [workspace_id] })
  }
  return () =>
    modals.openConfirmModal({
      title: `Delete ${provider_name}?`,
      children: 'Its key ends at once. Its leads and what it has sent so far stay. This cannot be taken back.',
      labels: { confirm: 'Delete', cancel: 'Keep it' },
      confirmProps: { color: 'red.8' },
      onConfirm: () => void run(),
    })
}
