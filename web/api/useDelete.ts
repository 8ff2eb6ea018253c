import { modals } from '@mantine/modals'
import { notifications } from '@mantine/notifications'
import { focusManager, type QueryKey, useQueryClient } from '@tanstack/react-query'
import { useWorkspaceId } from './workspace.ts'

type Props = {
  name: string
  /** What goes with it, and what stays. */
  about: string
  remove: () => Promise<unknown>
  /** Leads away from its screen. */
  leave: () => Promise<unknown>
  /** The question that has no answer any more. */
  queryKey: QueryKey
}

/**
 * Deletions that have not left their screens yet. Meanwhile nothing there asks again by itself, as in a tab that nobody looks at: of what is
 * gone it would be told 404.
 */
let under_way = 0

/** Asks, deletes, and leaves the screen of what is gone before anything is read again. */
export function useDelete({ name, about, remove, leave, queryKey }: Props) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const run = async () => {
    try {
      if (under_way++ === 0) focusManager.setFocused(false)
      await queries.cancelQueries({ queryKey: [workspace_id] })
      const failure = await remove().then(
        () => null,
        (error: Error) => error,
      )
      if (failure) return notifications.show({ color: 'red', title: 'It was not deleted', message: failure.message })
      notifications.show({ message: `${name} was deleted` })
      await leave()
      queries.removeQueries({ queryKey })
    } finally {
      if (--under_way === 0) focusManager.setFocused(undefined)
      await queries.invalidateQueries({ queryKey: [workspace_id] })
    }
  }
  return () =>
    modals.openConfirmModal({
      title: `Delete ${name}?`,
      children: `${about} This cannot be taken back.`,
      labels: { confirm: 'Delete', cancel: 'Keep it' },
      confirmProps: { color: 'red.8' },
      onConfirm: () => void run(),
    })
}
