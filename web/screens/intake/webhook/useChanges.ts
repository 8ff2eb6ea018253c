import { modals } from '@mantine/modals'
import { useNavigate } from '@tanstack/react-router'
import type { IntakeWebhook } from '../../../../shared/intake.ts'
import { deleteIntakeWebhook, intakeWebhook, updateIntakeWebhook } from '../../../api/intake.ts'
import { useAct } from '../../../api/useAct.ts'
import { useDelete } from '../../../api/useDelete.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'

/** Turns it on, or off after a question. */
export function useActivate({ id, name }: IntakeWebhook) {
  const workspace_id = useWorkspaceId()
  const act = useAct()
  const run = (active: boolean) =>
    void act(() => updateIntakeWebhook(workspace_id, id, { active }), {
      done: active ? `${name} takes leads` : `${name} is off`,
      failed: 'Nothing was changed',
    })
  return (active: boolean) => {
    if (active) return run(true)
    modals.openConfirmModal({
      title: `Turn ${name} off?`,
      children:
        'Its senders are told that it takes no leads at present. What they send meanwhile is kept, and can be replayed when it is on again.',
      labels: { confirm: 'Turn off', cancel: 'Leave it on' },
      onConfirm: () => run(false),
    })
  }
}

export function useDeleteWebhook({ id, name }: IntakeWebhook) {
  const workspace_id = useWorkspaceId()
  const navigate = useNavigate()
  return useDelete({
    name,
    about: 'Its leads stay. Who still sends to its address is told that it takes no leads, and what they send is kept.',
    remove: () => deleteIntakeWebhook(workspace_id, id),
    leave: () => navigate({ to: '/w/$workspaceId/intake', params: { workspaceId: String(workspace_id) } }),
    queryKey: intakeWebhook(workspace_id, id).queryKey,
  })
}
