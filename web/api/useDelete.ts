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

/** Asks, deletes, and leaves the screen of what is gone before anything is read again. */
export function useDelete({ name, about, remove, leave, queryKey }: Props) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const run = async () => {
    // As long as the screen is still there, nothing on it asks again by itself, as in a tab that nobody looks at: it would be answered 404.
    focusManager.setFocused(false)
    try {
      await queries.cancelQueries({ queryKey: [workspace_id] })
      await remove()
      notifications.show({ message: `${name} was deleted` })
      await leave()
      queries.removeQueries({ queryKey })
    } catch (error) {
      notifications.show({ color: 'red', title: 'It was not deleted', message: (error as Error).message })
    } finally {
      focusManager.setFocused(undefined)
    }
    await queries.invalidateQueries({ queryKey: [workspace_id] })
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
