import { modals } from '@mantine/modals'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Review } from '../../../shared/identity.ts'
import { acceptLink, dismissLink, dismissSuggestion } from '../../api/identity.ts'
import { useWorkspaceId } from '../../api/workspace.ts'

export function useDecide({ kind, id, distinct_id, other_distinct_id }: Review) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const decision = useMutation({
    mutationFn: (decision: 'accept' | 'dismiss') => {
      if (decision === 'accept') return acceptLink(workspace_id, id)
      return kind === 'link' ? dismissLink(workspace_id, id) : dismissSuggestion(workspace_id, id)
    },
    onSuccess: (_, decision) =>
      notifications.show({ message: decision === 'accept' ? 'Linked, as you decided' : 'Left as it is' }),
    onError: error => notifications.show({ color: 'red', title: 'This was not possible', message: error.message }),
    onSettled: () => queries.invalidateQueries({ queryKey: [workspace_id] }),
  })
  const accept = () =>
    modals.openConfirmModal({
      title: 'Make them one person?',
      children: (
        <p style={{ margin: 0, overflowWrap: 'anywhere' }}>
          <code>{distinct_id}</code> and <code>{other_distinct_id}</code> become one person although the guard refused it. All
          that both did is told on one timeline. You can undo it in the link log of the contact.
        </p>
      ),
      labels: { confirm: 'Link them', cancel: 'Cancel' },
      onConfirm: () => decision.mutate('accept'),
    })
  return { pending: decision.isPending ? decision.variables : undefined, accept, dismiss: () => decision.mutate('dismiss') }
}
