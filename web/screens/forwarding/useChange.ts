import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useWorkspaceId } from '../../api/workspace.ts'

/** Changes something of the forwarding; what is shown is read again, also when it was refused. */
export function useChange<T>(change: (workspace_id: number, given: T) => Promise<unknown>) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (given: T) => change(workspace_id, given),
    onError: error => notifications.show({ color: 'red', title: 'Nothing was changed', message: error.message }),
    onSettled: () => queries.invalidateQueries({ queryKey: [workspace_id, '/forwarding'] }),
  })
}
