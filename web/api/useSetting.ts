import { modals } from '@mantine/modals'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ApiError } from './request.ts'
import { useWorkspaceId } from './workspace.ts'

/** Saves a setting; every screen reads what it changed. `error` is for the form that asked. */
export function useSetting<T, R>(save: (workspace_id: number, value: T) => Promise<R>, said: string) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (value: T) => save(workspace_id, value),
    onSuccess: () => {
      notifications.show({ message: said })
      void queries.invalidateQueries({ queryKey: [workspace_id] })
    },
    // Somebody else was faster: what they saved is read, so that `discard` shows it.
    onError: error => {
      if (error instanceof ApiError && error.code === 'conflict') void queries.invalidateQueries({ queryKey: [workspace_id] })
    },
  })
}

/** Asks before something is deleted, and says why when it cannot be. */
export function useDeletion(remove: (workspace_id: number) => Promise<unknown>, name: string, about: string) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const { mutate } = useMutation({
    mutationFn: () => remove(workspace_id),
    onSuccess: () => notifications.show({ message: `${name} was deleted` }),
    onError: error => notifications.show({ color: 'red', title: `${name} was not deleted`, message: error.message }),
    onSettled: () => queries.invalidateQueries({ queryKey: [workspace_id] }),
  })
  return () =>
    modals.openConfirmModal({
      title: `Delete ${name}?`,
      children: about,
      labels: { confirm: 'Delete', cancel: 'Cancel' },
      confirmProps: { color: 'red' },
      onConfirm: mutate,
    })
}
